mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{AccountInvoice, Currency, Sale, SaleLine};
use tryton_sdk::{Date, Draft, Id};

#[derive(Draft)]
#[tryton(model = Sale)]
struct Order<'a> {
    referense: &'a str,
    #[tryton(path = "descr")]
    description: Option<String>,
    party: Id<Sale>,
    comment: Option<Date>,
    invoice_method: String,
    number: Option<String>,
    lines: Vec<Id<SaleLine>>,
    #[tryton(link)]
    invoices: Vec<Id<AccountInvoice>>,
    #[tryton(path = "lines", add)]
    rows: Vec<Row>,
    #[tryton(clear)]
    currency: Option<Id<Currency>>,
    #[tryton(path = "invoice_party", add)]
    payer: Vec<Row>,
}

struct Row {}

fn main() {}

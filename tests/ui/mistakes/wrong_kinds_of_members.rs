mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "party.party", "ir.attachment"] }
}

use erp::{IrAttachment, Sale};
use tryton_sdk::{Projection, Timestamp};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    #[tryton(label)]
    number: Option<String>,
    #[tryton(path = "state", label)]
    state: i64,
    #[tryton(path = "reference", size)]
    length: i64,
    #[tryton(since = "7.2")]
    invoice_method: String,
    #[tryton(timestamp)]
    changed: String,
}

#[derive(Projection)]
#[tryton(model = IrAttachment)]
struct File {
    #[tryton(path = "data", size)]
    bytes: Option<String>,
    #[tryton(timestamp)]
    changed: Timestamp,
}

fn main() {}

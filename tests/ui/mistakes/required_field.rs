mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Party, Sale};
use tryton_sdk::{Draft, Id};

fn main() {
    let _ = Draft::new().clear(Sale::F.currency);
    let customer: Option<Id<Party>> = None;
    let _ = Draft::new().set(Sale::F.party, customer).set(Sale::F.reference, None::<String>);
    let _ = Draft::new().set(Sale::F.invoice_method, None);
}

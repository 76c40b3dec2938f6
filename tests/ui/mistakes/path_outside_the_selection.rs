mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Party;
use tryton_sdk::Projection;

#[derive(Projection)]
#[tryton(model = Party)]
struct Customer {
    #[tryton(path = "lang.code")]
    language: Option<String>,
}

fn main() {}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;
use tryton_sdk::Projection;

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    number: String,
    #[tryton(path = "shipment_party.name")]
    name: String,
}

fn main() {}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;
use tryton_sdk::Projection;

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    #[tryton(path = "lines.quantity")]
    quantity: Option<f64>,
}

fn main() {}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;
use tryton_sdk::Projection;

#[derive(Projection)]
struct Modelless {
    #[tryton(rename = "number")]
    no: Option<String>,
    #[tryton(path = "party..name")]
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = Sale)]
struct Tuple(Option<String>);

#[derive(Projection)]
#[tryton(model = Sale)]
enum Either {}

fn main() {}

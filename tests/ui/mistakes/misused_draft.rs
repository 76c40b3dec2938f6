mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale"] }
}

use erp::Sale;
use tryton_sdk::Draft;

#[derive(Draft)]
struct Modelless {
    #[tryton(rename = "number")]
    no: Option<String>,
    #[tryton(path = "party.name")]
    name: Option<String>,
}

#[derive(Draft)]
#[tryton(model = Sale, model = Sale)]
struct Twice {
    #[tryton(path = "number", path = "reference")]
    number: Option<String>,
    #[tryton(add, link)]
    lines: Vec<String>,
    #[tryton(skip, path = "party")]
    customer: String,
    #[tryton(clear)]
    reference: String,
    #[tryton(add)]
    invoices: Option<Vec<String>>,
    self_: Option<String>,
}

#[derive(Draft)]
#[tryton(model = Sale)]
struct Silent {
    #[tryton(skip)]
    number: String,
}

#[derive(Draft)]
#[tryton(model = Sale)]
struct Tuple(Option<String>);

#[derive(Draft)]
#[tryton(model = Sale)]
enum Either {}

fn main() {}

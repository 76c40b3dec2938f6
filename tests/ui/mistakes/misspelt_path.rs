mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::Sale;
use tryton_sdk::{Draft, Projection};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Typo {
    #[tryton(path = "party.nmae")]
    customer: Option<String>,
}

#[derive(Projection)]
#[tryton(model = Sale)]
struct WithoutQuotes {
    #[tryton(path = name)]
    customer: Option<String>,
}

#[derive(Draft)]
#[tryton(model = Sale)]
struct Row {
    #[tryton(path = reference)]
    order: String,
}

fn main() {}

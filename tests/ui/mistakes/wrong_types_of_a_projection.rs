mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Party, Sale, SaleLine};
use tryton_sdk::{Id, Projection};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    number: Option<i64>,
    party: Id<SaleLine>,
    lines: Line,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Line {
    active: String,
}

fn main() {}

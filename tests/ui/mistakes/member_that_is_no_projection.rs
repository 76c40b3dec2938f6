mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line"] }
}

use std::path::PathBuf;

use erp::Sale;
use tryton_sdk::Projection;

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    lines: Vec<Line>,
    reference: Option<PathBuf>,
}

struct Line {
    #[allow(dead_code)]
    quantity: f64,
}

fn main() {}

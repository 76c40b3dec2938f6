mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["stock.move", "sale.line", "party.party"] }
}

use erp::{Party, SaleLine, StockMove};
use tryton_sdk::{Projection, Reference, Referenced};

#[derive(Projection)]
#[tryton(model = StockMove)]
struct Move {
    #[tryton(path = "origin.product")]
    product: Option<i64>,
    #[tryton(path = "origin.id")]
    record: i64,
    #[tryton(path = "origin.rec_name")]
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Sold {
    quantity: Option<f64>,
}

#[derive(Referenced)]
enum Twice {
    Sold(Sold),
    Again(Sold),
    Other(Reference),
}

#[derive(Referenced)]
enum NoOther {
    Sold(Sold),
}

#[derive(Referenced)]
enum NoProjection {
    Line(SaleLine),
    Other(Reference),
}

fn main() {
    StockMove::F.origin.like("%gmbh%");
    StockMove::F.product.is_a::<SaleLine>();
    StockMove::F.product.whose(Party::F.name.is("x"));
    StockMove::F.quantity.whose(Party::F.name.is("x"));
}

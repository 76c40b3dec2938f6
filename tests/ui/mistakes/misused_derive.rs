mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product", "ir.attachment"] }
}

use erp::{IrAttachment, Sale};
use tryton_sdk::{Binary, Projection, Timestamp};

#[derive(Projection)]
struct Modelless {
    #[tryton(rename = "number")]
    no: Option<String>,
    #[tryton(path = "party..name")]
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = Sale, model = Sale)]
struct Twice {
    #[tryton(path = "number", path = "reference")]
    number: Option<String>,
    #[tryton(expect)]
    #[tryton(expect)]
    reference: String,
    #[tryton(label, size)]
    state: String,
    #[tryton(path = "party", timestamp)]
    changed: Timestamp,
    #[tryton(expect, since = "7.2")]
    description: String,
    #[tryton(since = "seven")]
    comment: Option<String>,
    self_: Option<String>,
}

#[derive(Projection)]
#[tryton(model = IrAttachment)]
struct Both {
    data: Option<Binary>,
    #[tryton(path = "data", size)]
    bytes: Option<i64>,
}

#[derive(Projection)]
#[tryton(model = Sale)]
struct Tuple(Option<String>);

#[derive(Projection)]
#[tryton(model = Sale)]
enum Either {}

fn main() {}

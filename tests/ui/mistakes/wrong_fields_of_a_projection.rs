mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Party, Sale};
use tryton_sdk::{Id, Projection};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    id: Id<Sale>,
    numbr: Option<String>,
    partyy: Id<Party>,
    #[tryton(path = "party.nam")]
    name: Option<String>,
}

fn main() {}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["party.party", "party.category"] }
}

use erp::{Party, PartyCategory};
use tryton_sdk::Id;

fn main() {
    let category: Id<PartyCategory> = Id::new(3);
    Party::F.categories.has_any([category]);
    Party::F.categories.has_none([category]);
}

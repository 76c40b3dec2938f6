mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::{Party, Sale};
use tryton_sdk::Id;

fn main() {
    Sale::F.number.is(None);
    Sale::F.number.is_not(None);
    let number: Option<&str> = None;
    Sale::F.number.is(number);
    let parties: Vec<Option<Id<Party>>> = Vec::new();
    Sale::F.party.is_in(parties);
    Sale::F.sale_date.gt(None);
}

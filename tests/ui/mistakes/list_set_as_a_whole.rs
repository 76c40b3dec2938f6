mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::{Sale, SaleLine};
use tryton_sdk::{Client, Draft, Id, Records};

#[derive(Draft)]
#[tryton(model = Sale)]
struct Row {
    lines: Vec<Id<SaleLine>>,
}

async fn run(tryton: &Client, line: Id<SaleLine>) -> tryton_sdk::Result<()> {
    let _ = Draft::new().set(Sale::F.lines, vec![line]);
    let _ = Draft::new().set(Sale::F.lines, [8]);
    let mut sale = Sale::search().limit(1).records(tryton).await?.remove(0);
    sale.set(Sale::F.lines, vec![line]);
    Sale::form(tryton).await?.set(Sale::F.lines, vec![line]).await
}

fn main() {}

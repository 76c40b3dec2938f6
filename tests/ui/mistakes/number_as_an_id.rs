mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::{Party, Sale};
use tryton_sdk::{Client, Draft, Records};

#[derive(Draft)]
#[tryton(model = Sale)]
struct Row {
    party: i64,
}

async fn run(tryton: &Client) -> tryton_sdk::Result<()> {
    let _ = Draft::new().set(Sale::F.party, 5);
    let contact: Option<i64> = Some(6);
    let _ = Draft::new().set(Sale::F.invoice_party, contact);
    let _ = Sale::search().filter(Sale::F.party.is(5)).ids(tryton).await?;
    let _ = Sale::search().filter(Sale::F.party.is_in([5, 6])).ids(tryton).await?;
    Sale::form(tryton).await?.set(Sale::F.party, 5).await?;
    let _ = Party::write(tryton, &[5], Draft::new()).await?;
    Ok(())
}

fn main() {}

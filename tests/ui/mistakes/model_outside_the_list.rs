mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::{IrLang, Product};
use tryton_sdk::Client;

async fn run(tryton: &Client) -> tryton_sdk::Result<()> {
    let _ = IrLang::search().count(tryton).await?;
    let _ = Product::search().limit(1).ids(tryton).await?;
    Ok(())
}

fn main() {}

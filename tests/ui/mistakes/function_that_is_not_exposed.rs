mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.line-account.tax", "sale.line"] }
}

use erp::{SaleLineAccountTax, Product};
use tryton_sdk::{Client, Draft};

async fn run(tryton: &Client) {
    let _ = SaleLineAccountTax::create(tryton, Draft::new()).await;
    let _ = Product::create(tryton, Draft::new()).await;
    let _ = erp::SaleLine::quote(tryton, &[]).await;
}

fn main() {}

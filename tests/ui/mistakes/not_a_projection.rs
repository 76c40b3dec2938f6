mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;

struct Order;

async fn fetch(tryton: &tryton_sdk::Client) {
    let _ = Sale::search().fetch::<Order>(tryton).await;
}

fn main() {}

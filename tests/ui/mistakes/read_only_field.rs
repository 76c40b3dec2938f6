mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;
use tryton_sdk::Draft;

fn main() {
    let _ = Draft::new().set(Sale::F.number, "SO-2026-1");
    let _ = Draft::new().clear(Sale::F.total_amount);
}

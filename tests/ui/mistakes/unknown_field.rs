mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;

fn main() {
    Sale::F.partyy.is_null();
}

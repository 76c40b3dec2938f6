mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::Sale;

fn main() {
    Sale::F.total_amount.is_null();
    Sale::F.total_amount.desc();
}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Sale, SaleLine};

fn main() {
    SaleLine::F.unit_price.gt("12.50");
    Sale::F.state.is("draft");
    Sale::F.number.gt("7");
}

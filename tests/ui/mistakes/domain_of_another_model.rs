mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Party, Sale, SaleLine};

fn main() {
    Sale::search().filter(Party::F.name.ilike("%gmbh%"));
    Sale::F.lines.any(Party::F.name.is_null());
    Sale::F.number.is_null().and(SaleLine::F.quantity.gt(1));
}

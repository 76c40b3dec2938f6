mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Product, Sale, SaleLine};
use tryton_sdk::{Draft, Id};

fn main() {
    let _ = Draft::new().set(SaleLine::F.unit_price, "12.50");
    let product: Id<Product> = Id::new(7);
    let _ = Draft::new().set(Sale::F.party, product);
    let line: Id<SaleLine> = Id::new(8);
    let _ = Draft::new().set(Sale::F.lines, vec![line]);
}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Product, Sale};
use tryton_sdk::Id;

fn main() {
    let product: Id<Product> = Id::new(7);
    Sale::F.party.is(product);
}

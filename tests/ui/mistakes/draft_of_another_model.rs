mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Product, Sale, SaleLine};
use tryton_sdk::{Draft, Id};

fn main() {
    let product: Id<Product> = Id::new(7);
    let _ = Draft::new().link(Sale::F.lines, [product]);
    let _ = Draft::new().add(Sale::F.lines, [Draft::new().set(Sale::F.reference, "PO 7")]);
    let _ = Draft::new().set(Sale::F.reference, "PO 7").set(SaleLine::F.description, "Bolt");
    let _ = Draft::new().link(Sale::F.party, [Id::new(7)]);
}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["product.category"] }
}

use erp::ProductCategory;
use tryton_sdk::Projection;

#[derive(Projection)]
#[tryton(model = ProductCategory)]
struct Category {
    name: Option<String>,
    childs: Vec<Category>,
}

fn main() {}

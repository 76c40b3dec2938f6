//! The products that can be ordered.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use tryton_sdk::{Client, Decimal, Id, Projection};

use crate::Failure;
use crate::erp::Product;

/// How many products a page has.
const SIZE: u64 = 20;

/// What is looked for: `?text=bolt&page=2`.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    text: String,
    /// The first is 0.
    #[serde(default)]
    page: u64,
}

/// A product, read from Tryton and sent to the browser.
#[derive(Projection, Serialize)]
#[tryton(model = Product)]
pub(crate) struct Item {
    id: Id<Product>,
    code: Option<String>,
    name: String,
    #[tryton(path = "list_price_used")]
    #[serde(with = "tryton_sdk::plain")]
    price: Option<Decimal>,
}

#[derive(Serialize)]
pub(crate) struct Found {
    products: Vec<Item>,
    page: u64,
    pages: u64,
    total: u64,
}

pub(crate) async fn search(
    State(tryton): State<Client>,
    Query(Wanted { text, page }): Query<Wanted>,
) -> Result<Json<Found>, Failure> {
    let mut search = Product::search().filter(Product::F.salable.is(true)).order(Product::F.code.asc().nulls_last());
    if !text.is_empty() {
        search = search.filter(Product::F.name.icontains(&text).or(Product::F.code.icontains(&text)));
    }
    let found = search.page::<Item>(&tryton, page, SIZE).await?;
    let (pages, total) = (found.pages(), found.total);
    Ok(Json(Found { products: found.rows, page, pages, total }))
}

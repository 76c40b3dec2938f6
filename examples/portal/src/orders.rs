//! Orders are entered, and come back as documents.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use tryton_sdk::{Client, Decimal, Draft, Id, Records};

use crate::Failure;
use crate::erp::{Party, Product, Sale, SaleLine, report};

/// What a browser sends. As a draft it holds what a clerk would enter; the form adds the rest.
#[derive(Deserialize, Draft)]
#[tryton(model = Sale)]
pub(crate) struct Order {
    #[tryton(path = "party")]
    customer: Id<Party>,
    /// The customer's own number.
    reference: Option<String>,
    #[tryton(add)]
    lines: Vec<Line>,
}

#[derive(Deserialize, Draft)]
#[tryton(model = SaleLine)]
struct Line {
    product: Id<Product>,
    quantity: f64,
}

#[derive(Serialize)]
pub(crate) struct Entered {
    id: Id<Sale>,
    #[serde(with = "tryton_sdk::plain")]
    total_amount: Option<Decimal>,
}

/// Enters a sale as a clerk does: units, prices, taxes and addresses follow from what is ordered.
pub(crate) async fn enter(
    State(tryton): State<Client>,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Entered>), Failure> {
    let mut sale = Sale::form(&tryton).await?;
    sale.fill(Draft::from(&order)).await?;
    let total_amount = sale.get(Sale::F.total_amount).await?;
    let id = sale.save().await?;
    Ok((StatusCode::CREATED, Json(Entered { id, total_amount })))
}

/// The document that the company has for a sale: an offer, an order confirmation.
pub(crate) async fn document(
    State(tryton): State<Client>,
    Path(id): Path<Id<Sale>>,
) -> Result<impl IntoResponse, Failure> {
    let document = report::SALE.execute(&tryton, &[id]).await?;
    // The server's template decides about the format: a PDF if it has LibreOffice, and the template says so.
    let headers = [
        (header::CONTENT_TYPE, document.mime_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"order-{id}.{}\"", document.extension)),
    ];
    Ok((headers, document.content.to_vec()))
}

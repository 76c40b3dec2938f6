//! A small web service for the customers of a company that runs Tryton, as an example of an application: products with
//! pages, a customer with the last sales, orders, and the order as a document.
//!
//! | route | | requests to Tryton |
//! |---|---|---|
//! | `GET /products?text=bolt&page=0` | products by a part of their name or code | 1, and 1 to count where there are more pages |
//! | `GET /customers/7` | a customer with the last sales | 2, at the same time |
//! | `POST /orders` | enters an order | 17, later 13: the server computes units, prices, taxes and addresses |
//! | `GET /orders/7/document` | the order as a document | 1 |
//! | `GET /health` | whether Tryton answers | 2 |
//!
//! It answers in JSON. Who may ask for what is not its subject: put it behind something that knows.

mod customers;
mod failure;
mod orders;
mod products;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use tryton_sdk::{Client, Result};

/// The models that the portal knows.
pub mod erp {
    // The enums of selections are part of answers.
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["sale.sale", "sale.line", "party.party", "product.product", "currency.currency"],
        serde = true,
    }
}

pub use failure::Failure;

/// The routes, all of which use one client: its session, its connections and its cache.
///
/// # Errors
///
/// Where the context of the client's user cannot be read. Without the user's company nobody sells.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = tryton_sdk_portal::app(tryton_sdk::Client::from_env()?).await?;
/// axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, portal).await?;
/// # Ok(())
/// # }
/// ```
pub async fn app(tryton: Client) -> Result<Router> {
    let context = tryton.user_context().await?;
    let portal = Router::new()
        .route("/health", get(health))
        .route("/products", get(products::search))
        .route("/customers/{id}", get(customers::show))
        .route("/orders", post(orders::enter))
        .route("/orders/{id}/document", get(orders::document));
    Ok(portal.with_state(tryton.with(context)))
}

/// Whether the server answers, and lets the user in.
async fn health(State(tryton): State<Client>) -> Result<String, Failure> {
    Ok(format!("Tryton {}\n", tryton.ping().await?.series))
}

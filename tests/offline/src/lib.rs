//! A library that depends on `tryton-sdk-core` alone, as one of an application may do whose program has the client.

use tryton_sdk::{Connection, Id, Projection, Result};

/// The models of the library.
pub mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "party.party"] }
}
use erp::{Party, Sale, SaleState};

/// A sale that nobody has quoted yet.
#[derive(Debug, PartialEq, Projection)]
#[tryton(model = Sale)]
pub struct Draft {
    /// The id.
    pub id: Id<Sale>,
    /// The number.
    pub number: Option<String>,
    /// Who buys.
    #[tryton(path = "party.name")]
    pub customer: Option<String>,
}

/// Quotes all sales of a customer that are drafts, and gives them as they were.
///
/// # Errors
///
/// Those of the connection.
pub async fn quote_all(tryton: &dyn Connection, customer: Id<Party>) -> Result<Vec<Draft>> {
    let is_draft = Sale::F.state.is(SaleState::Draft).and(Sale::F.party.is(customer));
    let drafts: Vec<Draft> = Sale::search().filter(is_draft).fetch(tryton).await?;
    let ids: Vec<_> = drafts.iter().map(|draft| draft.id).collect();
    if !ids.is_empty() {
        Sale::quote(tryton, &ids).await?;
    }
    Ok(drafts)
}

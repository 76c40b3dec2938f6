//! A customer, and what was sold last.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use tryton_sdk::{Client, Date, Decimal, Id, Projection};

use crate::Failure;
use crate::erp::{Party, Sale, SaleState};

/// How many sales are shown.
const LAST: u64 = 5;

#[derive(Projection, Serialize)]
#[tryton(model = Party)]
struct Customer {
    id: Id<Party>,
    code: String,
    name: Option<String>,
}

#[derive(Projection, Serialize)]
#[tryton(model = Sale)]
struct LastSale {
    id: Id<Sale>,
    number: Option<String>,
    state: SaleState,
    #[serde(with = "tryton_sdk::plain")]
    sale_date: Option<Date>,
    #[serde(with = "tryton_sdk::plain")]
    total_amount: Option<Decimal>,
    #[tryton(path = "currency.code", expect)]
    currency: String,
}

#[derive(Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    customer: Customer,
    last_sales: Vec<LastSale>,
}

pub(crate) async fn show(State(tryton): State<Client>, Path(id): Path<Id<Party>>) -> Result<Json<Shown>, Failure> {
    let customer = Party::search().filter(Party::F.id.is(id));
    // Those without a date are not even quoted. Of the same day the one that was entered last comes first.
    let last_sales = Sale::search().filter(Sale::F.party.is(id)).order(Sale::F.sale_date.desc().nulls_first());
    let last_sales = last_sales.order(Sale::F.id.desc()).limit(LAST);
    // Two requests at the same time.
    let (customer, last_sales) = tokio::try_join!(customer.one(&tryton), last_sales.fetch(&tryton))?;
    Ok(Json(Shown { customer, last_sales }))
}

//! An application for Tryton 7.0. What 8.2 takes from it stands on lines of its own.

use tryton_sdk::{Client, Id, Projection, Result};

mod erp {
    tryton_sdk::models! {
        schema = "SCHEMA",
        models = ["sale.sale", "sale.line", "party.party", "party.address", "stock.shipment.out", "res.user"],
    }
}
use erp::{Party, PartyAddress, ResUser, Sale, SaleInvoiceMethod, SaleLine, SaleState, StockShipmentOut};

#[derive(Projection)]
#[tryton(model = Sale)]
pub struct Order {
    pub number: Option<String>,
    pub state: SaleState,
    pub lines: Vec<Line>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
pub struct Line {
    pub quantity: Option<f64>,
    pub draft_unit_price: Option<tryton_sdk::Decimal>,
}

#[derive(Projection)]
#[tryton(model = ResUser)]
pub struct User {
    pub login: String,
    pub menu: Id<erp::IrAction>,
}

pub async fn run(tryton: &Client, shipment: Id<StockShipmentOut>) -> Result<Vec<Order>> {
    let named = Party::F.name.ilike("%gmbh%");
    let method = Sale::F.invoice_method.is(
        SaleInvoiceMethod::Shipment,
    );
    let at = PartyAddress::search().filter(
        PartyAddress::F.name.is_not_null(),
    );
    at.count(tryton).await?;
    let by_street = PartyAddress::search().order(
        PartyAddress::F.street.asc(),
    );
    by_street.count(tryton).await?;
    StockShipmentOut::done(tryton, &[shipment]).await?;
    Sale::search().filter(method.and(Sale::F.party.whose(named))).fetch(tryton).await
}

//! Reads sales.

use tryton_sandbox::Endpoint;
use tryton_sdk::{Decimal, Projection};

use crate::erp::{Party, Sale, SaleLine};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    party: Customer,
    lines: Vec<Line>,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Customer {
    #[tryton(expect)]
    name: String,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    #[tryton(expect)]
    quantity: f64,
    #[tryton(expect)]
    unit_price: Decimal,
}

/// Reads the sales, and returns five numbers about them.
pub(crate) async fn with_sdk(at: &Endpoint, limit: u64) -> tryton_sdk::Result<String> {
    let tryton = at.client().build()?;
    let orders: Vec<Order> = Sale::search().order(Sale::F.id.asc()).limit(limit).fetch(&tryton).await?;
    let lines = || orders.iter().flat_map(|order| &order.lines);
    let quantity: f64 = lines().map(|line| line.quantity).sum();
    let names = orders.iter().map(|order| order.party.name.chars().count()).sum::<usize>();
    let prices: Decimal = lines().map(|line| &line.unit_price).sum();
    Ok(format!("{} {} {names} {quantity} {prices}", orders.len(), lines().count()))
}

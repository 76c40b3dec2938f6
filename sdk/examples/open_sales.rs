//! Prints the open sales of the Tryton server that the environment names.

use tryton_sdk::{Client, Decimal, Projection, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.party", "product.product"] }
}
use erp::{Party, Sale, SaleLine, SaleState};

#[derive(Projection)]
#[tryton(model = Sale)]
struct OpenSale {
    number: Option<String>,
    state: SaleState,
    total_amount: Option<Decimal>,
    #[tryton(path = "party.name")]
    customer: Option<String>,
    lines: Vec<Line>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    quantity: Option<f64>,
    #[tryton(path = "product.code")]
    product: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let tryton = Client::from_env()?;
    let open = Sale::F.state.is_in([SaleState::Quotation, SaleState::Confirmed]);
    let large = Sale::F.lines.any(SaleLine::F.quantity.gt(2));
    let known = Sale::F.party.whose(Party::F.name.ilike("%gmbh%"));
    let search = Sale::search().filter(open.and(large.or(known))).order(Sale::F.sale_date.desc());
    for sale in search.limit(20).fetch::<OpenSale>(&tryton).await? {
        println!("{:?} {} {:?} {:?}", sale.number, sale.state, sale.customer, sale.total_amount);
        sale.lines.iter().for_each(|line| println!("    {:?} × {:?}", line.quantity, line.product));
    }
    Ok(())
}

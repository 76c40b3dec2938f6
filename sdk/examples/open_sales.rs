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
    #[tryton(path = "party.name", expect)]
    customer: String,
    total_amount: Option<Decimal>,
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
    let wanted = Sale::F.party.whose(Party::F.name.ilike("%gmbh%")).or(Sale::F.lines.any(SaleLine::F.quantity.ge(10)));
    let sales = Sale::search().filter(open.and(wanted)).order(Sale::F.sale_date.desc()).limit(20);
    for OpenSale { number, state, customer, total_amount, lines } in sales.fetch(&tryton).await? {
        println!("{number:?} {state} {customer} {total_amount:?}");
        lines.iter().for_each(|line| println!("    {:?} × {:?}", line.quantity, line.product));
    }
    Ok(())
}

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party", "product.product"] }
}

use erp::{Party, Sale, SaleLine, SaleState};
use tryton_sdk::types::Date;
use tryton_sdk::{Client, Decimal, Id, Projection, Result};

#[derive(Projection)]
#[tryton(model = Sale)]
struct OpenSale {
    id: Id<Sale>,
    number: Option<String>,
    state: SaleState,
    total_amount: Option<Decimal>,
    party: Customer,
    lines: Vec<Line>,
    sale_date: Option<Date>,
    #[tryton(path = "party.name", expect)]
    name: String,
    invoice_party: Option<Customer>,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Customer {
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    r#type: erp::SaleLineType,
    quantity: Option<f64>,
}

fn spawnable<T: Send>(future: impl Future<Output = T> + Send) -> impl Future<Output = T> + Send {
    future
}

async fn everything(tryton: &Client) -> Result<()> {
    let open: Vec<OpenSale> = spawnable(
        Sale::search()
            .filter(
                Sale::F
                    .state
                    .is_in([SaleState::Quotation, SaleState::Confirmed])
                    .and(Sale::F.party.whose(Party::F.name.ilike("%gmbh%")))
                    .and(Sale::F.lines.any(SaleLine::F.quantity.gt(10.0))),
            )
            .order(Sale::F.sale_date.desc())
            .limit(100)
            .fetch(tryton),
    )
    .await?;
    let names: Vec<(Option<String>, Id<Party>)> =
        spawnable(Sale::search().select((Sale::F.number, Sale::F.party)).fetch(tryton)).await?;
    let count = spawnable(Sale::search().count(tryton)).await?;
    for record in spawnable(Sale::search().limit(3).records(tryton)).await? {
        let number: Option<String> = record.get(Sale::F.number)?;
        drop(number);
    }
    let ids: Vec<Id<Sale>> = open.iter().map(|sale| sale.id).collect();
    let again: Vec<OpenSale> = spawnable(Sale::read(tryton, &ids)).await?;
    let one: OpenSale = spawnable(Sale::search().filter(Sale::F.id.is(ids[0])).one(tryton)).await?;
    match one.state {
        SaleState::Draft => {}
        SaleState::Other(_) => {}
        other => assert_eq!(other.as_str(), again[0].state.as_str()),
    }
    drop((names, count));
    Ok(())
}

fn main() {
    let _ = |tryton: Client| async move { everything(&tryton).await };
}

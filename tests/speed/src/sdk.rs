//! The work as users of the SDK write it.

use std::error::Error;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tryton_sdk::{Binary, Client, Date, Decimal, Draft, Id, Projection, Series};

use crate::{FILE, Order, Read, TTL, Task};

mod erp {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["ir.attachment", "party.party", "sale.line", "sale.sale"],
    }
}
use erp::{IrAttachment, Party, Sale, SaleLine, SaleState};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Bought {
    number: Option<String>,
    state: SaleState,
    sale_date: Option<Date>,
    party: Customer,
    lines: Vec<Line>,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Customer {
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    description: Option<String>,
    quantity: Option<f64>,
    unit_price: Option<Decimal>,
}

#[derive(Projection)]
#[tryton(model = IrAttachment)]
struct File {
    data: Option<Binary>,
}

/// A record as programs read it that have no types for it.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Under valgrind Redis is slow.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn work(order: &Order) -> Result<(), Box<dyn Error>> {
    let client = Client::builder(&order.server, "speed").credentials("admin", "secret").series(Series::new(8, 2));
    let client =
        if order.task == Task::HitRedis { client.redis(order.redis.as_str()).redis_timeout(PATIENCE) } else { client };
    let tryton = client.build()?;
    for _ in 0..order.times {
        match order.task {
            Task::Fetch => read(sales(&tryton, 10_000).await?).check()?,
            Task::FetchGzip => read(sales(&tryton, 10_001).await?).check()?,
            Task::Call => {
                let parties: Vec<Customer> = Party::read(&tryton, &[Id::new(7)]).await?;
                is_right(parties[0].name.as_deref())?;
            }
            Task::Hit | Task::HitRedis => {
                let party: (Named,) = tryton.cached_call("model.party.party.read", ([7], ["name"]), TTL).await?;
                is_right(Some(&party.0.name))?;
            }
            Task::HitLarge => {
                let params = (json!([]), 0, 10_000, (), ["number"]);
                let sales: Vec<crate::hand::Sale> =
                    tryton.cached_call("model.sale.sale.search_read", params, TTL).await?;
                crate::hand::read(&sales).check()?;
            }
            Task::Download => {
                let files: Vec<File> = IrAttachment::read(&tryton, &[Id::new(7)]).await?;
                let length = files[0].data.as_ref().map_or(0, |data| data.len());
                if length != FILE {
                    return Err(format!("{length} bytes were read").into());
                }
            }
            Task::Upload => {
                let content = Draft::new().set(IrAttachment::F.data, Binary::from(vec![b'7'; FILE]));
                IrAttachment::write(&tryton, &[Id::new(7)], content).await?;
            }
        }
    }
    Ok(())
}

async fn sales(tryton: &Client, limit: u64) -> tryton_sdk::Result<Vec<Bought>> {
    Sale::search().limit(limit).fetch(tryton).await
}

fn read(sales: Vec<Bought>) -> Read {
    let mut read = Read { records: 0, lines: 0, letters: 0 };
    for sale in &sales {
        let is_whole = sale.number.is_some() && sale.state == SaleState::Processing && sale.sale_date.is_some();
        read.records += usize::from(is_whole);
        read.letters += sale.party.name.as_deref().map_or(0, str::len);
        let is_whole =
            |line: &&Line| line.description.is_some() && line.quantity.is_some() && line.unit_price.is_some();
        read.lines += sale.lines.iter().filter(is_whole).count();
    }
    read
}

fn is_right(name: Option<&str>) -> Result<(), Box<dyn Error>> {
    if name == Some("Bolt & Co") { Ok(()) } else { Err(format!("the name is {name:?}").into()) }
}

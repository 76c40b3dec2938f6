//! The work as users of the SDK write it.

use std::error::Error;
use std::time::Duration;

use futures_util::stream::{Stream, StreamExt as _};
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;
use tryton_sdk::{Binary, Client, Date, Decimal, Draft, Id, Projection, Search, Series, read_ahead};

use crate::{FILE, Order, PAGE, PARTIES, Read, TASKS, TTL, Task, WORK};

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
#[tryton(model = Party)]
struct Numbered {
    id: Id<Party>,
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
            Task::Stream => work_on_pages(pages().stream(&tryton), WORK).await?,
            Task::StreamAhead => work_on_pages(read_ahead(pages().stream(&tryton), PAGE), WORK).await?,
            Task::StreamFour => work_on_pages(pages().concurrency(4).stream(&tryton), Duration::ZERO).await?,
            Task::Batch => {
                let (tryton, mut tasks) = (tryton.batching(), JoinSet::new());
                for id in 1..=TASKS {
                    let tryton = tryton.clone();
                    tasks.spawn(async move { Party::read::<Numbered>(&tryton, &[Id::new(id)]).await });
                }
                for read in tasks.join_all().await {
                    is_named(&read?[0])?;
                }
            }
        }
    }
    Ok(())
}

fn pages() -> Search<Party> {
    Party::search().page_size(PAGE as u64)
}

/// Reads all parties, and works on each page for that long.
async fn work_on_pages(
    mut parties: impl Stream<Item = tryton_sdk::Result<Numbered>> + Unpin,
    work: Duration,
) -> Result<(), Box<dyn Error>> {
    let mut count = 0;
    while let Some(party) = parties.next().await {
        is_named(&party?)?;
        count += 1;
        if count % PAGE == 0 && !work.is_zero() {
            tokio::time::sleep(work).await;
        }
    }
    if count == PARTIES { Ok(()) } else { Err(format!("{count} parties were read").into()) }
}

fn is_named(party: &Numbered) -> Result<(), Box<dyn Error>> {
    let name = format!("Customer {:06}", party.id.get());
    if party.name.as_ref() == Some(&name) { Ok(()) } else { Err(format!("{:?} is not {name}", party.name).into()) }
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

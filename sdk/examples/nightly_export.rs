//! Writes the sales that were changed since the last run to a new CSV file: `nightly_export FOLDER`. The first run writes
//! all of them. Sales that were changed shortly before a run are in the next file as well.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tryton_sdk::{Change, Client, Date, Decimal, Id, Mark, Projection, read_ahead, utc};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "party.party"] }
}
use erp::{Sale, SaleState};

const PAGE: usize = 500;

#[derive(Projection)]
#[tryton(model = Sale)]
struct Exported {
    id: Id<Sale>,
    number: Option<String>,
    state: SaleState,
    #[tryton(path = "party.rec_name", expect)]
    customer: String,
    sale_date: Option<Date>,
    total_amount: Option<Decimal>,
}

impl Exported {
    const TITLES: &str = "id,number,state,customer,date,total";

    fn line(&self) -> String {
        fn cell(value: Option<impl ToString>) -> String {
            let text = value.map(|value| value.to_string()).unwrap_or_default();
            let is_plain = !text.contains(['"', ',', '\n', '\r']);
            if is_plain { text } else { format!("\"{}\"", text.replace('"', "\"\"")) }
        }
        let Self { id, number, state, customer, sale_date, total_amount } = self;
        let [number, customer] = [cell(number.as_ref()), cell(Some(customer))];
        let [date, total] = [cell(sale_date.as_ref()), cell(total_amount.as_ref())];
        format!("{},{number},{state},{customer},{date},{total}", id.get())
    }
}

/// Writes what was changed, and gives the number of lines and the mark for the next time.
async fn export(tryton: &Client, since: Mark, to: &mut impl Write) -> Result<(usize, Mark), Box<dyn Error>> {
    let sales = Sale::search().page_size(PAGE as u64).changed_since::<Exported>(tryton, since);
    let mut sales = read_ahead(sales, PAGE);
    let (mut lines, mut mark) = (0, since);
    writeln!(to, "{}", Exported::TITLES)?;
    while let Some(change) = sales.next().await {
        let Change { record, mark: behind, .. } = change?;
        writeln!(to, "{}", record.line())?;
        (lines, mark) = (lines + 1, behind);
    }
    Ok((lines, mark))
}

/// Puts a file in the place of another, so that it is there as a whole or not at all.
fn replace(path: &Path, part: &Path, file: File) -> std::io::Result<()> {
    file.sync_all()?;
    fs::rename(part, path)
}

/// Exports to a file of its own, and keeps the mark only when that is done: a run that fails is made up for by the next.
async fn run(tryton: &Client, folder: &Path) -> Result<(usize, PathBuf), Box<dyn Error>> {
    let mark_file = folder.join("mark");
    let since = match fs::read_to_string(&mark_file) {
        Ok(text) => text.trim().parse()?,
        Err(e) if e.kind() == ErrorKind::NotFound => Mark::default(),
        Err(e) => return Err(e.into()),
    };
    let part = folder.join("part");
    let mut csv = BufWriter::new(File::create(&part)?);
    let (lines, mark) = export(tryton, since, &mut csv).await?;
    let path = folder.join(format!("sales-{}.csv", utc::now().strftime("%Y%m%dT%H%M%S%6f")));
    replace(&path, &part, csv.into_inner()?)?;
    let mut file = File::create(&part)?;
    writeln!(file, "{mark}")?;
    replace(&mark_file, &part, file)?;
    Ok((lines, path))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: nightly_export FOLDER")?;
    let (lines, path) = run(&Client::from_env()?, Path::new(&folder)).await?;
    println!("{lines} sales in {}", path.display());
    Ok(())
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use erp::Party;
    use tryton_sdk::testing::{Any, Row, Server, ServerExt};
    use tryton_sdk::{DateTime, Series};

    use super::*;

    fn sale(id: i64, customer: &str) -> Row<Sale> {
        let customer = Row::new(Id::new(1)).set(Party::F.rec_name, customer);
        let sale = Row::new(Id::new(id)).clear(Sale::F.number).clear(Sale::F.sale_date);
        sale.set(Sale::F.state, SaleState::Draft)
            .set(Sale::F.total_amount, Decimal::from(7))
            .one(Sale::F.party, customer)
    }

    #[tokio::test]
    async fn changes_are_written_in_their_order_and_the_mark_is_kept() {
        let [first, second] = [1, 2].map(|day| DateTime::constant(2026, 2, day, 12, 0, 0, 0));
        let server = Server::new(Series::new(8, 2));
        let created = sale(7, "Bolt, \"Nut\" & Co").set(Sale::F.create_date, second).clear(Sale::F.write_date);
        let written = sale(8, "Anna").set(Sale::F.create_date, first).set(Sale::F.write_date, first);
        server.on_search::<Sale>(Any).returns([created]).returns([written]);

        let folder = std::env::temp_dir().join(format!("nightly-export-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let (lines, path) = run(&server.client(), &folder).await.expect("exported");
        let text = fs::read_to_string(path).expect("a file");
        let mark: Mark = fs::read_to_string(folder.join("mark")).expect("a mark").trim().parse().expect("a mark");
        fs::remove_dir_all(&folder).expect("a folder");
        let rows = "8,,draft,Anna,,7\n7,,draft,\"Bolt, \"\"Nut\"\" & Co\",,7\n";
        assert_eq!((lines, text), (2, format!("{}\n{rows}", Exported::TITLES)));
        assert!(mark > first.into() && mark < second.into(), "{mark}: the newest comes again");
    }
}

//! `cargo demo`: from nothing to typed queries against a real Tryton server.

use std::process::ExitCode;
use std::time::Instant;

use tryton_sandbox::{Endpoint, Sandbox};
use tryton_sdk::{Decimal, Id, Projection};
use tryton_sdk_tests::build::{cargo, workspace};
use tryton_sdk_tests::proxy::Proxy;

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.party", "product.product"] }
}
use erp::{Party, Product, Sale, SaleLine, SaleState};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The models whose metadata the demo pulls.
const MODELS: &str = "sale.*,party.party,product.product";

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    id: Id<Sale>,
    number: Option<String>,
    state: SaleState,
    total_amount: Option<Decimal>,
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
    product: Option<Article>,
}

#[derive(Projection)]
#[tryton(model = Product)]
struct Article {
    code: Option<String>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    println!("1. A real Tryton 8.2 with demo data (kept under target/sandbox, so the next time is quick)");
    let server = Sandbox::default().start()?;
    let at = server.endpoint();
    println!("   it answers at {}, database {}, user {}\n", at.url, at.database, at.user);

    println!("2. Its metadata, pulled into snapshot files");
    pull(at)?;

    println!("\n3. Typed queries, checked by the compiler when this program was built");
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(query(at))
}

/// Runs the same command as a user would.
fn pull(at: &Endpoint) -> Outcome {
    let arguments = ["tryton", "pull", "--models", MODELS, "--out", "target/demo/schema"];
    println!("   $ cargo {}", arguments.join(" "));
    let done = cargo().args(arguments).current_dir(workspace()).envs(at.variables()).status()?;
    if done.success() { Ok(()) } else { Err("`cargo tryton pull` failed".into()) }
}

async fn query(at: &Endpoint) -> Outcome {
    let proxy = Proxy::start(&at.url).await;
    let tryton = at.client_by(proxy.url()).build()?;
    println!("   {}", tryton.ping().await?);
    let before = proxy.requests();
    let started = Instant::now();

    let open = Sale::F.state.is_in([SaleState::Quotation, SaleState::Confirmed, SaleState::Processing]);
    let large = Sale::F.lines.any(SaleLine::F.quantity.ge(10).and(SaleLine::F.unit_price.ge(5)));
    let search = Sale::search().filter(open.and(large)).order(Sale::F.id.asc());
    let count = search.count(&tryton).await?;
    let orders: Vec<Order> = search.limit(12).fetch(&tryton).await?;

    print_table(&orders);
    println!(
        "\n   {} of {count} sales, each with its party, lines and products: {} requests in {} ms, the count included",
        orders.len(),
        proxy.requests() - before,
        started.elapsed().as_millis(),
    );
    Ok(())
}

fn print_table(orders: &[Order]) {
    println!("\n   {:>6}  {:<26} {:<11} {:>10}  lines", "number", "party", "state", "total");
    for Order { id, number, state, total_amount, party, lines } in orders {
        let number = number.clone().unwrap_or_else(|| format!("({id})"));
        let total = total_amount.as_ref().map(Decimal::to_string).unwrap_or_default();
        let lines: Vec<_> = lines.iter().map(Line::to_string).collect();
        println!("   {number:>6}  {:<26} {state:<11} {total:>10}  {}", party.name, lines.join(", "));
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code = self.product.as_ref().and_then(|product| product.code.as_deref());
        write!(f, "{} × {}", self.quantity, code.unwrap_or("?"))
    }
}

//! `cargo compare`: the same sales read by the SDK and by Tryton's own client library, side by side.
//!
//! Both read the name of each sale's party, and the quantity and the price of each line, from the same server through
//! the same proxy, which counts. Both begin with logging in.

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use tryton_sdk::{Decimal, Projection};
use tryton_sdk_tests::proxy::Proxy;
use tryton_sdk_tests::sandbox::{Endpoint, Seed, Server, Spec};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}
use erp::{Party, Sale, SaleLine};

/// Read sales with the SDK and with proteus, Tryton's own client library, and compare requests and time.
#[derive(Parser)]
#[command(name = "cargo compare", bin_name = "cargo compare")]
struct Options {
    /// How many of the 1,000 sales of the large seed to read; proteus takes minutes for all
    #[arg(long, default_value_t = 1_000)]
    sales: u64,
}

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

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Options { sales } = Options::parse();
    let server = Server::start(&Spec::default().seed(Seed::Large))?;
    let proxy = Proxy::start(&server.endpoint().url).await;
    let at = Endpoint { url: proxy.url().to_owned(), ..server.endpoint().clone() };

    let started = Instant::now();
    let read_by_sdk = with_sdk(&at, sales).await?;
    let (sdk, sdk_requests) = (started.elapsed().as_secs_f64(), proxy.requests());
    println!("sales, lines, letters of names, sums of quantities and prices: {read_by_sdk}");
    println!("tryton-sdk  {sdk_requests:>5} requests  {sdk:>7.2} s");

    let started = Instant::now();
    let read_by_proteus = with_proteus(&server, &at, sales).await?;
    let (proteus, proteus_requests) = (started.elapsed().as_secs_f64(), proxy.requests() - sdk_requests);
    println!("proteus     {proteus_requests:>5} requests  {proteus:>7.2} s");

    if read_by_sdk != read_by_proteus {
        return Err(format!("they have not read the same: proteus has {read_by_proteus}").into());
    }
    let requests = proteus_requests as f64 / sdk_requests as f64;
    println!("proteus makes {requests:.0} times the requests and takes {:.0} times as long", proteus / sdk);
    Ok(())
}

/// Reads the sales, and tells what was read in five numbers.
async fn with_sdk(at: &Endpoint, limit: u64) -> tryton_sdk::Result<String> {
    let tryton = at.client().build()?;
    let orders: Vec<Order> = Sale::search().order(Sale::F.id.asc()).limit(limit).fetch(&tryton).await?;
    let lines = || orders.iter().flat_map(|order| &order.lines);
    let quantity: f64 = lines().map(|line| line.quantity).sum();
    let names = orders.iter().map(|order| order.party.name.chars().count()).sum::<usize>();
    let prices: Decimal = lines().map(|line| &line.unit_price).sum();
    Ok(format!("{} {} {names} {quantity} {prices}", orders.len(), lines().count()))
}

/// Runs the few lines of Python that a user of proteus writes for the same.
async fn with_proteus(server: &Server, at: &Endpoint, limit: u64) -> Result<String, Box<dyn Error>> {
    let url = format!("{}/{}/rpc/", at.url, at.database);
    let mut python = Command::new(server.python());
    python.args(["-c", include_str!("sales.py"), &url, &at.user, &limit.to_string()]);
    python.env("TRYTON_PASSWORD", &at.password);
    // Meanwhile the proxy works on.
    let output = tokio::task::spawn_blocking(move || python.output()).await??;
    if !output.status.success() {
        return Err(format!("proteus failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

//! `cargo compare`: compares the SDK with Tryton's own client library for the same work.
//!
//! Both read the name of each sale's party, and the quantity and price of each line. Both enter the same sale, whose
//! values the server computes, except the customer, products and quantities. Both export sale lines and import products.
//! They connect to the same server through the same proxy, which counts requests. Both begin with a login.

mod enter;
mod read;
mod transfer;

use std::error::Error;
use std::time::Instant;

use clap::Parser;
use enter::{How, Wanted};
use tryton_sandbox::{Endpoint, Sandbox, Seed, Server};
use tryton_sdk_tests::proteus::{self, ENTER_SALE, EXPORT_LINES, IMPORT_PRODUCTS, READ_SALES};
use tryton_sdk_tests::proxy::Proxy;

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = [
        "sale.sale", "sale.line", "party.party", "product.product", "product.template", "product.uom",
    ] }
}

/// Read and enter sales, export and import with the SDK and with proteus, Tryton's own client library, and compare requests and time.
#[derive(Parser)]
#[command(name = "cargo compare", bin_name = "cargo compare")]
struct Options {
    /// How many of the 1,000 sales of the large seed to read, none with 0; proteus takes minutes for all
    #[arg(long, default_value_t = 1_000)]
    sales: u64,
    /// How many lines the sale has that is entered, at most 100; none is entered with 0
    #[arg(long, default_value_t = 10)]
    lines: u64,
    /// How many of the 5,000 lines of sales to export, none with 0; proteus takes minutes for all
    #[arg(long, default_value_t = 5_000)]
    export: u64,
    /// How many products to import, none with 0
    #[arg(long, default_value_t = 500)]
    import: u64,
}

/// The result of one of the two.
struct Done {
    said: String,
    seconds: f64,
    requests: usize,
    /// The requests with which a form computes and saves: defaults, `on_change`, `on_change_with`, `create`.
    of_form: usize,
}

struct Bench {
    server: Server,
    proxy: Proxy,
    /// The endpoint of the proxy.
    at: Endpoint,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Options { sales, lines, export, import } = Options::parse();
    let server = Sandbox::default().seed(Seed::Large).start()?;
    let proxy = Proxy::start(&server.endpoint().url).await;
    let at = Endpoint { url: proxy.url().to_owned(), ..server.endpoint().clone() };
    let bench = Bench { server, proxy, at };
    if sales > 0 {
        println!("{sales} sales are read");
        let sdk = bench.measure(read::with_sdk(&bench.at, sales)).await?;
        let proteus = bench.measure(bench.proteus(READ_SALES, vec![sales.to_string()])).await?;
        print("tryton-sdk", &sdk);
        print("proteus", &proteus);
        compare(&sdk, &proteus)?;
    }
    if lines > 0 {
        println!("a sale with {lines} lines is entered");
        let wanted = Wanted::of(bench.server.endpoint(), lines).await?;
        let set = bench.measure(enter::with_sdk(&bench.at, &wanted, How::SetBySet)).await?;
        let fill = bench.measure(enter::with_sdk(&bench.at, &wanted, How::Fill)).await?;
        let mut proteus = bench.measure(bench.proteus(ENTER_SALE, wanted.arguments())).await?;
        // The output includes the id of the sale.
        proteus.said = proteus.said.split_whitespace().last().unwrap_or_default().to_owned();
        print("tryton-sdk, set by set", &set);
        print("tryton-sdk, fill", &fill);
        print("proteus", &proteus);
        compare(&set, &proteus)?;
        compare(&fill, &proteus)?;
    }
    if export > 0 {
        println!("{export} lines of sales are exported");
        let sdk = bench.measure(transfer::export(&bench.at, export)).await?;
        let proteus = bench.measure(bench.proteus(EXPORT_LINES, vec![export.to_string()])).await?;
        print("tryton-sdk", &sdk);
        print("proteus", &proteus);
        compare(&sdk, &proteus)?;
    }
    if import > 0 {
        println!("{import} products are imported");
        let [ours, theirs] = ["SDK-", "PROTEUS-"];
        let sdk = bench.measure(transfer::import(&bench.at, ours, import)).await?;
        let arguments = vec![theirs.to_owned(), import.to_string()];
        let proteus = bench.measure(bench.proteus(IMPORT_PRODUCTS, arguments)).await?;
        // There is no form: `create` is an ordinary request.
        let [sdk, proteus] = [sdk, proteus].map(|done| Done { of_form: 0, ..done });
        for prefix in [ours, theirs] {
            assert_eq!(transfer::imported(bench.server.endpoint(), prefix).await?, import, "{prefix}");
        }
        print("tryton-sdk", &sdk);
        print("proteus", &proteus);
        compare(&sdk, &proteus)?;
    }
    Ok(())
}

impl Bench {
    async fn measure<E: Into<Box<dyn Error>>>(
        &self,
        work: impl Future<Output = Result<String, E>>,
    ) -> Result<Done, Box<dyn Error>> {
        let (requests, of_form, started) = (self.proxy.requests(), self.proxy.requests_of_forms(), Instant::now());
        let said = work.await.map_err(Into::into)?;
        let seconds = started.elapsed().as_secs_f64();
        let (requests, of_form) = (self.proxy.requests() - requests, self.proxy.requests_of_forms() - of_form);
        Ok(Done { said, seconds, requests, of_form })
    }

    /// Runs the few lines of Python that a user of proteus writes for the same work.
    async fn proteus(&self, program: &'static str, args: Vec<String>) -> Result<String, Box<dyn Error>> {
        let (python, at) = (self.server.python().to_owned(), self.at.clone());
        // The proxy must keep running meanwhile.
        Ok(tokio::task::spawn_blocking(move || proteus::run(&python, &at, program, &args)).await??)
    }
}

fn print(who: &str, Done { seconds, requests, of_form, .. }: &Done) {
    let of_form = if *of_form > 0 { format!(", {of_form} of them by the form") } else { String::new() };
    println!("{who:<22}  {requests:>5} requests  {seconds:>7.2} s{of_form}");
}

fn compare(sdk: &Done, proteus: &Done) -> Result<(), Box<dyn Error>> {
    if sdk.said != proteus.said {
        return Err(format!("they have not done the same: {} and, by proteus, {}", sdk.said, proteus.said).into());
    }
    let requests = proteus.requests as f64 / sdk.requests as f64;
    let time = proteus.seconds / sdk.seconds;
    println!("proteus makes {requests:.1} times the requests and takes {time:.1} times as long");
    Ok(())
}

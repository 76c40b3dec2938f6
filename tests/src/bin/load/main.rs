//! `cargo load`: many tasks read from one server for a while, with the SDK and with only reqwest, in turns.
//!
//! It fails if a call fails, if the SDK logs in twice, if connections are not reused, or if memory leaks. The comparison
//! of the SDK with bare reqwest needs human judgement: its numbers depend on the machine and the build.

mod bare;
mod kept;

use std::collections::BTreeSet;
use std::error::Error;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use peak_alloc::PeakAlloc;
use tokio::task::JoinSet;
use tryton_sandbox::{Backend, Sandbox, Seed, Server};
use tryton_sdk::{Client, Id, Projection};
use tryton_sdk_tests::process;

use bare::Bare;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.2", models = ["test.char"] }
}
use models::TestChar;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The number of records that each call reads.
const RECORDS: u64 = 100;

/// The allowed growth of the heap from the first third of the run to the last, in bytes.
const GROWTH: usize = 1 << 20;

/// Read from a server under gunicorn and PostgreSQL with many tasks at once, and compare the SDK with bare reqwest.
#[derive(Parser)]
#[command(name = "cargo load", bin_name = "cargo load")]
struct Options {
    /// For how long, both together
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(4..))]
    seconds: u64,
    /// How many at once
    #[arg(long, default_value_t = 64)]
    tasks: usize,
}

#[derive(Projection)]
#[tryton(model = TestChar)]
struct Text {
    id: Id<TestChar>,
    char: Option<String>,
}

/// The code that makes the calls.
#[derive(Clone)]
enum Caller {
    Sdk(Client),
    Bare(Arc<Bare>),
}

/// The totals of one caller's rounds.
#[derive(Default)]
struct Sum {
    calls: usize,
    errors: Vec<String>,
    seconds: f64,
    cpu: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Options { seconds, tasks } = Options::parse();
    let sandbox = Sandbox::default().modules(["tests"]).seed(Seed::Records).backend(Backend::Postgresql).gunicorn(75);
    let server = sandbox.start()?;
    // Shorter than the server's keep-alive time, longer than the SDK's pause while the other caller calls.
    let tryton = server.endpoint().client().pool_idle_timeout(Duration::from_secs(60)).build()?;
    // No login beforehand: the tasks must share one.
    let sdk = Caller::Sdk(tryton.clone());
    let mut warm_up = Sum::default();
    round(&sdk, tasks, &mut warm_up).await;
    let bare = Caller::Bare(Arc::new(Bare::new(server.endpoint(), &tryton.login().await?)?));
    round(&bare, tasks, &mut warm_up).await;

    let (mut by_sdk, mut by_bare, mut heap, mut ports) = (Sum::default(), Sum::default(), Vec::new(), BTreeSet::new());
    // In the order A B B A, so that a machine that gets slower or faster favours neither.
    for turn in 0..seconds {
        match turn % 4 {
            0 | 3 => round(&sdk, tasks, &mut by_sdk).await,
            _ => round(&bare, tasks, &mut by_bare).await,
        }
        heap.push(HEAP.current_usage());
        ports.extend(process::connections(&server.endpoint().url)?);
    }
    let errors: Vec<_> = [&warm_up, &by_sdk, &by_bare].iter().flat_map(|sum| &sum.errors).collect();
    let logins = logins(&server).await?;
    let (first, last) = (mean(&heap[..heap.len() / 3]), mean(&heap[heap.len() - heap.len() / 3..]));

    println!("{} calls by the SDK, {} by bare reqwest, {tasks} at once", by_sdk.calls, by_bare.calls);
    println!("{} errors, {logins} login, {} connections for both", errors.len(), ports.len());
    println!("heap: {first} bytes in the first third, {last} in the last");
    by_sdk.compare(&by_bare, "bare reqwest, a call of the SDK takes");
    kept::compare(server.endpoint()).await?;

    if let Some(error) = errors.first() {
        return Err(format!("calls failed: {error}").into());
    }
    if logins != 1 {
        return Err(format!("there were {logins} logins, and one would have done").into());
    }
    // A few more than tasks, because one may be opened while another becomes free.
    if ports.len() > 2 * (tasks + 8) {
        return Err("connections are opened over and over".into());
    }
    if last > first + GROWTH { Err("memory is lost".into()) } else { Ok(()) }
}

/// Runs all tasks for a second.
async fn round(caller: &Caller, tasks: usize, sum: &mut Sum) {
    let (started, cpu) = (Instant::now(), process::cpu_seconds());
    let (mut running, mut all) = (JoinSet::new(), 0);
    for _ in 0..tasks {
        let caller = caller.clone();
        running.spawn(async move {
            let (mut calls, mut errors) = (0, Vec::new());
            while started.elapsed() < Duration::from_secs(1) {
                calls += 1;
                errors.extend(caller.call().await.err());
            }
            (calls, errors)
        });
    }
    while let Some(task) = running.join_next().await {
        let (calls, errors) = task.unwrap_or_else(|e| (0, vec![e.to_string()]));
        all += calls;
        sum.errors.extend(errors);
    }
    sum.add(all, started, cpu);
}

impl Caller {
    async fn call(&self) -> Result<(), String> {
        let read = match self {
            Self::Sdk(tryton) => {
                let search = TestChar::search().order(TestChar::F.id.asc()).limit(RECORDS);
                let texts: Vec<Text> = search.fetch(tryton).await.map_err(|e| e.to_string())?;
                texts.iter().filter(|text| text.id.get() > 0 && text.char.is_some()).count()
            }
            Self::Bare(bare) => bare.read().await.map_err(|e| e.to_string())?,
        };
        if read as u64 == RECORDS { Ok(()) } else { Err(format!("{read} records instead of {RECORDS}")) }
    }
}

impl Sum {
    /// Adds calls with the wall-clock and CPU time since the given values.
    fn add(&mut self, calls: usize, since: Instant, cpu: f64) {
        self.calls += calls;
        self.seconds += since.elapsed().as_secs_f64();
        self.cpu += process::cpu_seconds() - cpu;
    }

    /// Prints how much more time one takes per call than the other.
    fn compare(&self, other: &Self, what: &str) {
        let of = |value: fn(&Self) -> f64| (value(self) / self.calls as f64) / (value(other) / other.calls as f64);
        let (wall, cpu) = (of(|sum| sum.seconds), of(|sum| sum.cpu));
        println!("beside {what} {wall:.2} times the time and {cpu:.2} times the client's CPU");
    }
}

fn mean(values: &[usize]) -> usize {
    values.iter().sum::<usize>() / values.len().max(1)
}

/// Returns the number of sessions in the server's database, which had none at first.
async fn logins(server: &Server) -> Result<usize, Box<dyn Error>> {
    const COUNT: &str = "import sys, psycopg
with psycopg.connect(sys.argv[1]) as database:
    print(database.execute('SELECT count(*) FROM ir_session').fetchone()[0])";
    let mut python = Command::new(server.python());
    python.args(["-c", COUNT, &format!("{}{}", server.database_uri(), server.endpoint().database)]);
    let output = tokio::task::spawn_blocking(move || python.output()).await??;
    if !output.status.success() {
        return Err(format!("sessions cannot be counted: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

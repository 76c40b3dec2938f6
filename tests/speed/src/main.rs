//! One work of `cargo speed`, so many times, in a process of its own.

mod hand;
mod sdk;

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// What is done.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Task {
    /// 10,000 sales, with their parties and three lines each, into structs.
    Fetch,
    /// The same, compressed.
    FetchGzip,
    /// The name of one party.
    Call,
    /// A small answer out of memory.
    Hit,
    /// The answer with all sales out of memory, decoded into structs.
    HitLarge,
    /// A small answer out of Redis.
    HitRedis,
    /// A file of 50 MB is read.
    Download,
    /// A file of 50 MB is written.
    Upload,
    /// All parties, page by page, with work on each page. By hand, all pages and all work side by side.
    Stream,
    /// The same, with the next page asked for meanwhile.
    StreamAhead,
    /// The same without work, of a server of four workers. By hand, of one.
    StreamFour,
    /// A hundred tasks that read a party each.
    Batch,
}

/// Who does it.
#[derive(Clone, Copy, ValueEnum)]
enum Side {
    Hand,
    Sdk,
}

/// Do a work so many times; print the seconds of CPU that it took, the peak of the heap in bytes, the seconds that passed,
/// and the bytes that the process grew by.
#[derive(Parser)]
struct Order {
    task: Task,
    side: Side,
    times: usize,
    /// The URL of the server
    server: String,
    /// The URL of a Redis
    redis: String,
}

/// The bytes of the file.
const FILE: usize = 50_000_000;

/// The parties that there are.
const PARTIES: usize = 100_000;

/// The parties of a page.
const PAGE: usize = 1_000;

/// How long the program works on a page.
const WORK: Duration = Duration::from_millis(20);

/// The tasks that read at the same time.
const TASKS: i64 = 100;

/// For how long the cache may give an answer again.
const TTL: Duration = Duration::from_secs(3_600);

fn main() -> Result<(), Box<dyn Error>> {
    let order = Order::parse();
    // One thread, so that nothing depends on how two share the work.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (base, began) = (memory("VmRSS:")?, Instant::now());
    runtime.block_on(async {
        match order.side {
            Side::Hand => hand::work(&order).await,
            Side::Sdk => sdk::work(&order).await,
        }
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let grown = memory("VmHWM:")?.saturating_sub(base);
    // Nanoseconds come first.
    let schedule = fs::read_to_string("/proc/self/schedstat")?;
    let cpu: f64 = schedule.split(' ').next().unwrap_or_default().parse()?;
    println!("{} {} {seconds} {grown}", cpu / 1e9, HEAP.peak_usage());
    Ok(())
}

/// How many bytes of memory the process has, or has had at most.
fn memory(which: &str) -> Result<usize, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(which)).ok_or("the kernel does not tell the memory")?;
    let kibibytes: usize = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes << 10)
}

/// What was read, so that no compiler leaves reading out; both sides have to come to the same.
#[derive(Debug, PartialEq)]
struct Read {
    records: usize,
    lines: usize,
    letters: usize,
}

impl Read {
    fn check(&self) -> Result<(), Box<dyn Error>> {
        let all = Self { records: 10_000, lines: 30_000, letters: 200_000 };
        if *self == all { Ok(()) } else { Err(format!("{self:?} was read").into()) }
    }
}

//! How much memory a stream of 100,000 records takes, and 2,000 users' clients, counted at the heap. One test runs at a
//! time, so that nothing else is counted.

use std::time::Instant;

use futures_util::StreamExt as _;
use peak_alloc::PeakAlloc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tryton_sandbox::{Sandbox, Seed, Series};
use tryton_sdk::{Client, Id, Projection, Result, read_ahead};
use tryton_sdk_tests::proxy::Proxy;
use tryton_sdk_tests::tls::{Authority, Terminator};

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.2", models = ["test.char"] }
}
use models::TestChar;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

#[derive(Projection)]
#[tryton(model = TestChar)]
struct Text {
    id: Id<TestChar>,
    char: Option<String>,
}

/// How the records are read.
#[derive(Clone, Copy)]
enum How {
    PageByPage,
    Ahead,
    SeveralPages,
}

/// Reads so many records, and tells the most that was on the heap meanwhile, in bytes, beside what was there before.
async fn peak(tryton: &Client, records: u64, how: How) -> Result<usize> {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let search = TestChar::search().limit(records);
    let mut stream = match how {
        How::PageByPage => search.stream::<Text>(tryton).boxed(),
        How::Ahead => read_ahead(search.stream::<Text>(tryton), 500).boxed(),
        How::SeveralPages => search.concurrency(4).stream::<Text>(tryton).boxed(),
    };
    let mut read = 0;
    let mut last = None;
    while let Some(text) = stream.next().await {
        let text = text?;
        assert!(last < Some(text.id) && text.char.is_some(), "no record comes twice");
        last = Some(text.id);
        read += 1;
    }
    assert_eq!(read, records);
    Ok(HEAP.peak_usage() - before)
}

#[tokio::test]
async fn a_stream_takes_the_memory_of_a_page() -> Result<()> {
    let _alone = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::new(Series::V8_2).modules(["tests"]).seed(Seed::Records);
    let server = sandbox.start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let tryton = at.client().build()?;
    assert_eq!(TestChar::search().count(&tryton).await?, 100_000);
    // The connection and the first pages are there for all.
    peak(&tryton, 1_000, How::PageByPage).await?;
    let few = peak(&tryton, 1_000, How::PageByPage).await?;
    let all = peak(&tryton, 100_000, How::PageByPage).await?;
    println!("most on the heap while 1,000 records were read: {few} bytes; while 100,000 were: {all} bytes");
    assert!(all < 2 * few, "1,000 records: {few} bytes, 100,000 records: {all} bytes");
    let ahead = peak(&tryton, 100_000, How::Ahead).await?;
    println!("while 100,000 were read ahead: {ahead} bytes");
    assert!(ahead < 3 * few, "{few} bytes, ahead: {ahead} bytes");
    let several = peak(&tryton, 100_000, How::SeveralPages).await?;
    println!("while 100,000 were read by four pages at once: {several} bytes, the ids among them");
    // The list of ids as text, as numbers, and in the queue.
    assert!(several < 5 * few + 100_000 * 32, "{few} bytes, four pages at once: {several} bytes");
    Ok(())
}

/// Of an https server, to which each client that is built by itself has its own trusted authorities and connections.
#[tokio::test]
async fn two_thousand_users_take_the_connections_of_one() -> Result<()> {
    const USERS: usize = 2_000;
    const AT_ONCE: usize = 8;
    let _alone = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::new(Series::V8_2).modules(["tests"]).seed(Seed::None).gunicorn(2);
    let server = sandbox.start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let proxy = Proxy::start(&at.url).await;
    let authority = Authority::new(&std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("memory"));
    let tls = Terminator::start(proxy.url(), &authority.issue("localhost"), None).await;
    let builder = at.client_by(&format!("https://localhost:{}", tls.port())).ca_file(authority.file());
    let tryton = builder.build()?;
    let session = tryton.login().await?;

    let (before, began) = (HEAP.current_usage(), Instant::now());
    let clients: Vec<_> = (0..USERS).map(|n| tryton.as_user(&format!("user-{n}"), "secret")).collect::<Result<_>>()?;
    let (took, each) = (began.elapsed(), (HEAP.current_usage() - before) / USERS);
    println!("{USERS} clients: {took:?}, {each} bytes each");
    assert!(each < 8 << 10, "{each} bytes each");
    drop(clients);

    // All at once, each with a session that it has already.
    let (connections, began) = (proxy.connections(), Instant::now());
    let mut tasks = JoinSet::new();
    for n in 0..AT_ONCE {
        let clients: Vec<_> = (n..USERS).step_by(AT_ONCE).map(|_| tryton.with_session(session.clone())).collect();
        tasks.spawn(async move {
            for client in clients {
                client.call::<u64>("model.test.char.search_count", [serde_json::json!([])]).await.expect("a count");
            }
        });
    }
    tasks.join_all().await;
    let opened = proxy.connections() - connections;
    println!("{USERS} calls by as many clients, {AT_ONCE} at once: {:?}, {opened} more connections", began.elapsed());
    assert!(opened <= 2 * AT_ONCE, "{opened} connections");
    Ok(())
}

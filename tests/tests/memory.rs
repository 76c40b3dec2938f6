//! How much memory a stream of 100,000 records takes, counted at the heap. The test is alone in its program, so that nothing
//! else is counted.

use peak_alloc::PeakAlloc;
use tryton_sdk::{Client, Id, Projection, Result};
use tryton_sdk_tests::sandbox::{Seed, Series, Server, Spec};

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.2", models = ["test.char"] }
}
use models::TestChar;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

#[derive(Projection)]
#[tryton(model = TestChar)]
struct Text {
    id: Id<TestChar>,
    char: Option<String>,
}

/// Reads so many records, and tells the most that was on the heap meanwhile, in bytes, beside what was there before.
async fn peak(tryton: &Client, records: u64) -> Result<usize> {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let mut stream = TestChar::search().limit(records).stream::<Text>(tryton);
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
    let spec = Spec::default().series(Series::V8_2).modules(["tests"]).seed(Seed::Records);
    let server = Server::start(&spec).unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let tryton = at.client().build()?;
    assert_eq!(TestChar::search().count(&tryton).await?, 100_000);
    // The connection and the first pages are there for both.
    peak(&tryton, 1_000).await?;
    let (few, all) = (peak(&tryton, 1_000).await?, peak(&tryton, 100_000).await?);
    println!("most on the heap while 1,000 records were read: {few} bytes; while 100,000 were: {all} bytes");
    assert!(all < 2 * few, "1,000 records: {few} bytes, 100,000 records: {all} bytes");
    Ok(())
}

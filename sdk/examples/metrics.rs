//! Makes a few calls of the Tryton server that the environment names, and prints what the metrics say of them.

use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tryton_sdk::{Client, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["party.party"] }
}
use erp::Party;

#[tokio::main]
async fn main() -> Result<()> {
    let recorder = DebuggingRecorder::new();
    let metrics = recorder.snapshotter();
    recorder.install().expect("no other recorder is installed");

    let tryton = Client::from_env()?;
    for _ in 0..3 {
        let minute = Duration::from_secs(60);
        let _: u64 = tryton.cached_call("model.party.party.search_count", [[(); 0]], minute).await?;
    }
    Party::search().limit(5).select(Party::F.name).fetch(&tryton).await?;
    let error = tryton.call::<()>("model.party.party.no_such_method", ()).await.expect_err("the server has none");
    println!("{error}\n");

    for (key, _, _, value) in metrics.snapshot().into_vec() {
        let labels: Vec<_> = key.key().labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(value) => value.to_string(),
            DebugValue::Histogram(values) => {
                let sum: f64 = values.iter().map(|value| value.into_inner()).sum();
                format!("{} values, {sum:.3} in all", values.len())
            }
        };
        println!("{}{{{}}} {value}", key.key().name(), labels.join(","));
    }
    Ok(())
}

//! A response cached in Redis: the SDK's cache hit compared with a bare GET.

use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tryton_sandbox::{Endpoint, Redis};
use tryton_sdk::Client;
use tryton_sdk_tests::process;

use super::{RECORDS, Sum};

const ROUNDS: usize = 20;
const HITS: usize = 500;

/// Repeatedly reads one response from Redis, with the SDK and with a GET of as many bytes, one at a time and in turns.
pub(crate) async fn compare(at: &Endpoint) -> Result<(), Box<dyn Error>> {
    let redis = Redis::start_own(&[])?;
    let tryton = at.client().redis(redis.url()).redis_timeout(Duration::from_secs(5)).build()?;
    let mut bare = Get::new(redis.url(), hit(&tryton).await?).await?;
    let (mut by_sdk, mut by_bare) = (Sum::default(), Sum::default());
    for _ in 0..ROUNDS {
        let (started, cpu) = (Instant::now(), process::cpu_seconds());
        for _ in 0..HITS {
            hit(&tryton).await?;
        }
        by_sdk.add(HITS, started, cpu);
        let (started, cpu) = (Instant::now(), process::cpu_seconds());
        for _ in 0..HITS {
            bare.get().await?;
        }
        by_bare.add(HITS, started, cpu);
    }
    by_sdk.compare(&by_bare, "a bare GET of Redis, a hit of the cache takes");
    Ok(())
}

/// Reads cached records, and returns their size in bytes.
async fn hit(tryton: &Client) -> Result<usize, Box<dyn Error>> {
    let params = (json!([]), 0, RECORDS, [["id", "ASC"]], ["id", "char"]);
    let records: Vec<Value> =
        tryton.cached_call("model.test.char.search_read", params, Duration::from_secs(3_600)).await?;
    Ok(records.iter().map(|record| record.to_string().len()).sum())
}

/// A minimal connection that requests one key.
struct Get {
    redis: TcpStream,
    reply: Vec<u8>,
}

impl Get {
    /// Connects. `length` is the length of the key's value.
    async fn new(url: &str, length: usize) -> Result<Self, Box<dyn Error>> {
        let mut redis = TcpStream::connect(url.trim_start_matches("redis://").trim_end_matches('/')).await?;
        redis.set_nodelay(true)?;
        redis.write_all(format!("SET bare {}\r\n", "7".repeat(length)).as_bytes()).await?;
        redis.read_exact(&mut [0; "+OK\r\n".len()]).await?;
        Ok(Self { redis, reply: vec![0; format!("${length}\r\n\r\n").len() + length] })
    }

    async fn get(&mut self) -> Result<(), Box<dyn Error>> {
        self.redis.write_all(b"GET bare\r\n").await?;
        self.redis.read_exact(&mut self.reply).await?;
        if self.reply.starts_with(b"$") { Ok(()) } else { Err("Redis has lost the key".into()) }
    }
}

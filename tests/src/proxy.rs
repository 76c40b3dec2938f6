//! A proxy between a client and a real server that counts what passes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream, tcp};

/// A running proxy. It stops when the runtime of the test does.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicUsize,
    logins: AtomicUsize,
}

impl Proxy {
    /// A proxy on a free port in front of the server at `upstream`.
    ///
    /// # Panics
    ///
    /// Where no port can be listened on.
    pub async fn start(upstream: &str) -> Self {
        let upstream = upstream.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound address"));
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, upstream.clone(), Arc::clone(&counted)));
            }
        });
        Self { url, counts }
    }

    /// Where a client reaches the server by way of the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many requests have passed, those to log in and to find the server included.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// How many requests to log in have passed.
    pub fn logins(&self) -> usize {
        self.counts.logins.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, upstream: String, counts: Arc<Counts>) -> io::Result<()> {
    let server = TcpStream::connect(upstream).await?;
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let there = tokio::spawn(count(from_client, to_server, counts));
    // The server closes each connection behind its answer; that ends the other direction as well.
    let back = copy(&mut from_server, &mut to_client).await;
    there.abort();
    back.map(drop)
}

async fn count(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, counts: Arc<Counts>) -> io::Result<()> {
    let mut seen = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        let before = seen.len();
        seen.extend_from_slice(&chunk[..read]);
        counts.requests.fetch_add(new_in(&seen, before, b"POST /"), Ordering::SeqCst);
        counts.logins.fetch_add(new_in(&seen, before, b"\"common.db.login\""), Ordering::SeqCst);
        to.write_all(&chunk[..read]).await?;
    }
}

/// How often `word` ends in the part of `seen` that is new.
fn new_in(seen: &[u8], before: usize, word: &[u8]) -> usize {
    let from = before.saturating_sub(word.len() - 1);
    seen[from..].windows(word.len()).filter(|window| *window == word).count()
}

//! A server with responses that a real server cannot be made to send.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The fake's reaction to one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// An HTTP status with a body, and further header lines.
    Http(u16, Vec<u8>, &'static str),
    /// No response: the connection is closed as soon as the request has arrived.
    Hangup,
    /// No response: the connection is closed after this time.
    Silence(Duration),
}

impl Answer {
    /// Returns a call's result, given as JSON.
    pub fn result(json: &str) -> Self {
        Self::Http(200, format!(r#"{{"id":"1","result":{json}}}"#).into_bytes(), "")
    }

    /// Returns a call's error, given as JSON.
    pub fn error(json: &str) -> Self {
        Self::Http(200, format!(r#"{{"id":"1","error":{json}}}"#).into_bytes(), "")
    }

    /// Returns only a status with an HTML page, like those of a proxy or trytond itself.
    pub fn status(status: u16) -> Self {
        Self::Http(status, b"<!doctype html><title>No</title>".to_vec(), "Content-Type: text/html\r\n")
    }
}

/// A running fake. It sends its answers one after the other, and repeats the last one.
#[derive(Debug)]
pub struct Fake {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Starts a fake on a free port.
    ///
    /// # Panics
    ///
    /// Panics if it cannot listen on a port.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), answers)
    }

    /// Starts a fake with an existing listener.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    pub fn on(listener: TcpListener, answers: impl IntoIterator<Item = Answer>) -> Self {
        let url = format!("http://{}", listener.local_addr().expect("a bound address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&requests);
        let answers = Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>()));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, Arc::clone(&answers), Arc::clone(&heard)));
            }
        });
        Self { url, requests }
    }

    /// Returns the fake's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the requests so far, heads and bodies.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(
    mut client: TcpStream,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    heard: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let request = read_request(&mut client).await?;
    heard.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let answer = {
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
    };
    match answer {
        Some(Answer::Http(status, body, headers)) => {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} Said\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
            client.write_all(head.as_bytes()).await?;
            client.write_all(&body).await?;
            client.shutdown().await
        }
        Some(Answer::Silence(time)) => {
            tokio::time::sleep(time).await;
            Ok(())
        }
        Some(Answer::Hangup) | None => Ok(()),
    }
}

/// Reads a request to the end given by its `Content-Length`.
async fn read_request(client: &mut TcpStream) -> io::Result<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = client.read(&mut chunk).await?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= content_length(head));
        if read == 0 || whole {
            return Ok(text);
        }
    }
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(str::to_owned));
    line.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}

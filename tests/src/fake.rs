//! A server that answers what a real one cannot be made to answer.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the fake does with one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// An HTTP status with a body, and further header lines.
    Http(u16, Vec<u8>, &'static str),
    /// No answer: the connection is closed as soon as the request has come.
    Hangup,
    /// No answer for so long, then none at all.
    Silence(Duration),
}

impl Answer {
    /// The result of a call, as JSON.
    pub fn result(json: &str) -> Self {
        Self::Http(200, format!(r#"{{"id":"1","result":{json}}}"#).into_bytes(), "")
    }

    /// The error of a call, as JSON.
    pub fn error(json: &str) -> Self {
        Self::Http(200, format!(r#"{{"id":"1","error":{json}}}"#).into_bytes(), "")
    }

    /// Only a status, as a proxy or trytond itself answers with a page of HTML.
    pub fn status(status: u16) -> Self {
        Self::Http(status, b"<!doctype html><title>No</title>".to_vec(), "Content-Type: text/html\r\n")
    }
}

/// A running fake. It answers with what it was given, one after the other; the last answer over and over.
#[derive(Debug)]
pub struct Fake {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// A fake on a free port.
    ///
    /// # Panics
    ///
    /// Where no port can be listened on.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), answers)
    }

    /// A fake on a port that is listened on already.
    ///
    /// # Panics
    ///
    /// Outside of a runtime.
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

    /// Where the fake is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests that have come, heads and bodies.
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

/// Reads a request to the end that its `Content-Length` tells.
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

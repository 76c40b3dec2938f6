//! A minimal HTTP server for a known client.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A whole response, head and body.
pub(crate) type Response = Arc<[u8]>;

/// Passes each request's body to `answer`, until the process ends, and returns the URL. Connections are kept open.
pub(crate) fn serve(answer: impl Fn(&[u8]) -> Response + Send + Sync + 'static) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || converse(client, &*answer));
        }
    });
    Ok(url)
}

pub(crate) fn response(body: &[u8]) -> Response {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat().into()
}

/// Answers each request of a connection.
fn converse(client: TcpStream, answer: &impl Fn(&[u8]) -> Response) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut requests = BufReader::new(client.try_clone()?);
    let mut client = client;
    loop {
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            if requests.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let header = line.trim_end().to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        requests.read_exact(&mut body)?;
        client.write_all(&answer(&body))?;
    }
}

//! A whole HTTP/1 request or response.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(super) struct Message {
    /// Everything before the empty line, without its end.
    head: String,
    /// As on the wire, in chunks if the head says so.
    body: Vec<u8>,
}

impl Message {
    /// Reads the next message. Returns `None` if the connection has ended.
    pub(super) async fn read(from: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head).await? == 0 {
                return Ok(None);
            }
        }
        head.truncate(head.len() - 4);
        let mut message = Self { head, body: Vec::new() };
        if message.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            message.read_chunks(from).await?;
        } else if let Some(length) = message.length() {
            message.body.resize(length, 0);
            from.read_exact(&mut message.body).await?;
        } else if message.head.starts_with("HTTP/") {
            from.read_to_end(&mut message.body).await?;
        }
        Ok(Some(message))
    }

    async fn read_chunks(&mut self, from: &mut BufReader<TcpStream>) -> io::Result<()> {
        loop {
            let mut size = String::new();
            from.read_line(&mut size).await?;
            let length = usize::from_str_radix(size.trim_end(), 16).map_err(io::Error::other)?;
            self.body.extend_from_slice(size.as_bytes());
            // The chunk and the line break after it.
            let start = self.body.len();
            self.body.resize(start + length + 2, 0);
            from.read_exact(&mut self.body[start..]).await?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// Returns an HTML page, like those of proxies.
    pub(super) fn page(status: &str, header: &str) -> Self {
        let body = b"<!doctype html><title>A proxy says so</title>".to_vec();
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}", body.len());
        let page = Self { head, body };
        if header.is_empty() { page } else { page.with_header(header) }
    }

    pub(super) fn with_header(mut self, line: &str) -> Self {
        self.head.push_str("\r\n");
        self.head.push_str(line);
        self
    }

    /// Changes the stated length of the body.
    pub(super) fn with_length(mut self, length: usize) -> Self {
        let others: Vec<_> = self.head.lines().filter(|line| !is_of(line, "content-length")).collect();
        self.head = others.join("\r\n");
        self.with_header(&format!("Content-Length: {length}"))
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n\r\n", &self.body].concat()
    }

    /// Returns the message up to the middle of its body.
    pub(super) fn half(&self) -> Vec<u8> {
        let mut bytes = self.bytes();
        bytes.truncate(bytes.len() - self.body.len().div_ceil(2));
        bytes
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        word.is_empty() || self.body.windows(word.len()).any(|window| window == word.as_bytes())
    }

    /// Returns the method that a request calls, with JSON-RPC or XML-RPC.
    pub(super) fn method(&self) -> Option<String> {
        let body = String::from_utf8_lossy(&self.body);
        let marks = [("\"method\":\"", '"'), ("\"method\": \"", '"'), ("<methodName>", '<')];
        marks.into_iter().find_map(|(begin, end)| {
            let (_, rest) = body.split_once(begin)?;
            Some(rest.split(end).next()?.to_owned())
        })
    }

    /// Returns whether the connection may carry another message after this response.
    pub(super) fn lets_connection_go_on(&self) -> bool {
        let says_close = self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let has_end = self.length().is_some() || self.header("transfer-encoding").is_some();
        self.head.starts_with("HTTP/1.1") && has_end && !says_close
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| is_of(line, name))?;
        Some(line.split_once(':')?.1.trim())
    }
}

fn is_of(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
}

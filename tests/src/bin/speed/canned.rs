//! A server that gives the same bytes for each method, so that counts can be repeated.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The bytes of the file.
const FILE: usize = 50_000_000;

const PARTY: &str = r#"{"id": "1", "result": [{"id": 7, "name": "Bolt & Co"}]}"#;

/// The whole answers, heads and bodies.
struct Answers {
    login: Vec<u8>,
    party: Vec<u8>,
    sales: Vec<u8>,
    sales_gzip: Vec<u8>,
    file: Vec<u8>,
    written: Vec<u8>,
}

/// Serves until the process ends; returns the URL.
pub(crate) fn start() -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let answers = Arc::new(Answers::new()?);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            thread::spawn(move || serve(client, &answers));
        }
    });
    Ok(url)
}

impl Answers {
    fn new() -> Result<Self, Box<dyn Error>> {
        let sales = sales();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(sales.as_bytes())?;
        let file = BASE64.encode(&vec![b'7'; FILE]);
        let file =
            format!(r#"{{"id": "1", "result": [{{"id": 7, "data": {{"__class__": "bytes", "base64": "{file}"}}}}]}}"#);
        Ok(Self {
            login: answer(br#"{"id": "1", "result": [1, "0123456789abcdef0123456789abcdef"]}"#),
            party: answer(PARTY.as_bytes()),
            sales: answer(sales.as_bytes()),
            sales_gzip: answer(&gzip.finish()?),
            file: answer(file.as_bytes()),
            written: answer(br#"{"id": "1", "result": null}"#),
        })
    }

    /// By the method and, for sales, by the limit.
    fn to(&self, request: &[u8]) -> &[u8] {
        let begin = &request[..request.len().min(400)];
        let has = |text: &str| begin.windows(text.len()).any(|window| window == text.as_bytes());
        match () {
            () if has("common.db.login") => &self.login,
            () if has("ir.attachment.write") => &self.written,
            () if has("ir.attachment.") => &self.file,
            () if has("sale.sale.") && has("10001") => &self.sales_gzip,
            () if has("sale.sale.") => &self.sales,
            () => &self.party,
        }
    }
}

fn answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// 10,000 sales as trytond writes them.
fn sales() -> String {
    let mut json = r#"{"id": "1", "result": ["#.to_owned();
    for id in 1..=10_000 {
        let comma = if id > 1 { ", " } else { "" };
        let _ = write!(
            json,
            r#"{comma}{{"id": {id}, "number": "S{id:05}", "state": "processing", "sale_date": {{"__class__": "date", "year": 2026, "month": {}, "day": {}}}, "party.": {{"id": {}, "name": "Customer {:011}"}}, "lines.": ["#,
            id % 12 + 1,
            id % 28 + 1,
            id % 500 + 1,
            id % 500 + 1,
        );
        for line in 1..=3 {
            let comma = if line > 1 { ", " } else { "" };
            let _ = write!(
                json,
                r#"{comma}{{"id": {}, "description": "Screws M{line}", "quantity": {}.0, "unit_price": {{"__class__": "Decimal", "decimal": "{}.{:04}"}}}}"#,
                id * 3 + line,
                id % 9 + 1,
                id % 100,
                id % 9_999,
            );
        }
        json.push_str("]}");
    }
    json.push_str("]}");
    json
}

/// Answers each request of a connection.
fn serve(client: TcpStream, answers: &Answers) -> std::io::Result<()> {
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
        client.write_all(answers.to(&body))?;
    }
}

//! A server that always returns the same bytes for each method, for repeatable counts.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::http::{self, Response, response};

/// The size of the file in bytes.
const FILE: usize = 50_000_000;

pub(crate) const LOGIN: &str = r#"{"id": "1", "result": [1, "0123456789abcdef0123456789abcdef"]}"#;

const PARTY: &str = r#"{"id": "1", "result": [{"id": 7, "name": "Bolt & Co"}]}"#;

/// The whole responses, heads and bodies.
struct Answers {
    login: Response,
    party: Response,
    sales: Response,
    sales_gzip: Response,
    file: Response,
    written: Response,
}

/// Serves until the process ends; returns the URL.
pub(crate) fn start() -> Result<String, Box<dyn Error>> {
    let answers = Answers::new()?;
    http::serve(move |request| Arc::clone(answers.to(request)))
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
            login: response(LOGIN.as_bytes()),
            party: response(PARTY.as_bytes()),
            sales: response(sales.as_bytes()),
            sales_gzip: response(&gzip.finish()?),
            file: response(file.as_bytes()),
            written: response(br#"{"id": "1", "result": null}"#),
        })
    }

    /// Selects the response by the method and, for sales, by the limit.
    fn to(&self, request: &[u8]) -> &Response {
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

/// Returns 10,000 sales as trytond writes them.
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

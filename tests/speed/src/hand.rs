//! The same work by reqwest and serde, as somebody writes it who needs nothing else.

use std::collections::HashMap;
use std::error::Error;
use std::io::Read as _;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use flate2::read::GzDecoder;
use futures_util::future::try_join_all;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{FILE, Order, PAGE, PARTIES, Read, TASKS, Task, WORK};

/// What Redis keeps.
const PARTY: &str = r#"{"id": "1", "result": [{"id": 7, "name": "Bolt & Co"}]}"#;

#[derive(Deserialize)]
struct Answer<T> {
    result: T,
}

#[derive(Deserialize)]
pub(super) struct Sale {
    number: Option<String>,
    state: State,
    sale_date: Option<Date>,
    #[serde(rename = "party.")]
    party: Party,
    #[serde(rename = "lines.")]
    lines: Vec<Line>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum State {
    Draft,
    Quotation,
    Confirmed,
    Processing,
    Cancelled,
    Done,
}

#[derive(Deserialize)]
struct Date {
    year: i16,
    month: i8,
    day: i8,
}

#[derive(Deserialize)]
struct Party {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Numbered {
    id: i64,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    description: Option<String>,
    quantity: Option<f64>,
    #[serde(deserialize_with = "decimal")]
    unit_price: Option<Decimal>,
}

fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    #[derive(Deserialize)]
    struct Tagged<'a> {
        decimal: &'a str,
    }

    let tagged = Option::<Tagged<'_>>::deserialize(from)?;
    tagged.map(|tagged| Decimal::from_str_exact(tagged.decimal).map_err(serde::de::Error::custom)).transpose()
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    base64: &'a str,
}

/// A client for one database.
struct Tryton {
    client: reqwest::Client,
    url: String,
    authorization: String,
}

pub(super) async fn work(order: &Order) -> Result<(), Box<dyn Error>> {
    let tryton = Tryton {
        client: reqwest::Client::new(),
        url: format!("{}/speed/rpc/", order.server),
        authorization: format!("Session {}", BASE64.encode(b"admin:1:0123456789abcdef0123456789abcdef")),
    };
    let cache = Mutex::new(HashMap::new());
    let mut redis = if order.task == Task::HitRedis { Some(Redis::with_party(&order.redis).await?) } else { None };
    for _ in 0..order.times {
        match order.task {
            Task::Fetch => read(&tryton.sales(10_000).await?).check()?,
            Task::FetchGzip => read(&tryton.sales(10_001).await?).check()?,
            Task::Call => {
                is_right(&tryton.call("model.party.party.read", &json!([[7], ["id", "name"], {}])).await?)?;
            }
            Task::Hit => {
                let params = json!([[7], ["name"], {}]);
                is_right(&tryton.cached_call(&cache, "model.party.party.read", &params).await?)?;
            }
            Task::HitLarge => {
                let params = json!([[], 0, 10_000, null, ["number"], {}]);
                let body = tryton.cached_call(&cache, "model.sale.sale.search_read", &params).await?;
                read(&serde_json::from_slice::<Answer<Vec<Sale>>>(&body)?.result).check()?;
            }
            Task::HitRedis => is_right(redis.as_mut().ok_or("there is no Redis")?.get().await?)?,
            Task::Download => {
                let body = tryton.call("model.ir.attachment.read", &json!([[7], ["data"], {}])).await?;
                let answer: Answer<[File<'_>; 1]> = serde_json::from_slice(&body)?;
                if BASE64.decode(answer.result[0].data.base64.as_bytes())?.len() != FILE {
                    return Err("the file is too short".into());
                }
            }
            Task::Upload => {
                let data = json!({"__class__": "bytes", "base64": BASE64.encode(&vec![b'7'; FILE])});
                tryton.call("model.ir.attachment.write", &json!([[7], {"data": data}, {}])).await?;
            }
            Task::Stream | Task::StreamAhead => {
                // The longer of both: whoever waits for one of them takes no less.
                let work = async {
                    for _ in 0..PARTIES / PAGE {
                        tokio::time::sleep(WORK).await;
                    }
                };
                tokio::join!(tryton.all_parties(), work).0?;
            }
            Task::StreamFour => tryton.all_parties().await?,
            Task::Batch => {
                try_join_all((1..=TASKS).map(|id| tryton.party(id))).await?;
            }
        }
    }
    Ok(())
}

impl Tryton {
    async fn call(&self, method: &str, params: &Value) -> Result<Vec<u8>, Box<dyn Error>> {
        let body = serde_json::to_vec(&json!({"id": "1", "method": method, "params": params}))?;
        let request = self.client.post(&self.url).header(AUTHORIZATION, &self.authorization);
        let request = request.header(CONTENT_TYPE, "application/json").header("Accept-Encoding", "gzip");
        let body = request.body(body).send().await?.error_for_status()?.bytes().await?;
        if !body.starts_with(&[0x1f, 0x8b]) {
            return Ok(body.into());
        }
        let mut plain = Vec::new();
        GzDecoder::new(&*body).read_to_end(&mut plain)?;
        Ok(plain)
    }

    async fn sales(&self, limit: u64) -> Result<Vec<Sale>, Box<dyn Error>> {
        let fields =
            ["number", "state", "sale_date", "party.name", "lines.description", "lines.quantity", "lines.unit_price"];
        let body = self.call("model.sale.sale.search_read", &json!([[], 0, limit, null, fields, {}])).await?;
        Ok(serde_json::from_slice::<Answer<_>>(&body)?.result)
    }

    /// Reads all parties, page by page.
    async fn all_parties(&self) -> Result<(), Box<dyn Error>> {
        let (mut last, mut count) = (0, 0);
        loop {
            let params = json!([[["id", ">", last]], 0, PAGE, [["id", "ASC"]], ["name"], {}]);
            let body = self.call("model.party.party.search_read", &params).await?;
            let page = serde_json::from_slice::<Answer<Vec<Numbered>>>(&body)?.result;
            count += page.iter().filter(|party| party.name.is_some()).count();
            match page.last() {
                Some(party) => last = party.id,
                None if count == PARTIES => return Ok(()),
                None => return Err(format!("{count} parties were read").into()),
            }
        }
    }

    async fn party(&self, id: i64) -> Result<(), Box<dyn Error>> {
        let body = self.call("model.party.party.read", &json!([[id], ["name"], {}])).await?;
        let [party]: [Numbered; 1] = serde_json::from_slice::<Answer<_>>(&body)?.result;
        if party.id == id { Ok(()) } else { Err(format!("{} was read for {id}", party.id).into()) }
    }

    /// The answer that is kept for the call.
    async fn cached_call(
        &self,
        cache: &Mutex<HashMap<String, Arc<[u8]>>>,
        method: &str,
        params: &Value,
    ) -> Result<Arc<[u8]>, Box<dyn Error>> {
        let key = format!("{method}{params}");
        if let Some(body) = cache.lock().map_err(|e| e.to_string())?.get(&key) {
            return Ok(body.clone());
        }
        let body = Arc::<[u8]>::from(self.call(method, params).await?);
        cache.lock().map_err(|e| e.to_string())?.insert(key, body.clone());
        Ok(body)
    }
}

/// A connection that asks for one key, as simply as can be.
struct Redis {
    connection: TcpStream,
    reply: Vec<u8>,
}

impl Redis {
    async fn with_party(url: &str) -> Result<Self, Box<dyn Error>> {
        let mut connection = TcpStream::connect(url.trim_start_matches("redis://").trim_end_matches('/')).await?;
        connection.set_nodelay(true)?;
        let set = format!("*3\r\n$3\r\nSET\r\n$4\r\nhand\r\n${}\r\n{PARTY}\r\n", PARTY.len());
        connection.write_all(set.as_bytes()).await?;
        connection.read_exact(&mut [0; "+OK\r\n".len()]).await?;
        let reply = vec![0; format!("${}\r\n\r\n", PARTY.len()).len() + PARTY.len()];
        Ok(Self { connection, reply })
    }

    async fn get(&mut self) -> Result<&[u8], Box<dyn Error>> {
        self.connection.write_all(b"GET hand\r\n").await?;
        self.connection.read_exact(&mut self.reply).await?;
        let end = self.reply.len() - 2;
        Ok(&self.reply[end - PARTY.len()..end])
    }
}

pub(super) fn read(sales: &[Sale]) -> Read {
    let mut read = Read { records: 0, lines: 0, letters: 0 };
    for sale in sales {
        let is_dated = |date: &Date| date.year == 2026 && date.month > 0 && date.day > 0;
        let is_whole = sale.number.is_some() && sale.state == State::Processing;
        read.records += usize::from(is_whole && sale.sale_date.as_ref().is_some_and(is_dated));
        read.letters += sale.party.name.as_deref().map_or(0, str::len);
        let is_whole =
            |line: &&Line| line.description.is_some() && line.quantity.is_some() && line.unit_price.is_some();
        read.lines += sale.lines.iter().filter(is_whole).count();
    }
    read
}

fn is_right(body: &[u8]) -> Result<(), Box<dyn Error>> {
    let answer: Answer<[Party; 1]> = serde_json::from_slice(body)?;
    let name = answer.result[0].name.as_deref();
    if name == Some("Bolt & Co") { Ok(()) } else { Err(format!("the name is {name:?}").into()) }
}

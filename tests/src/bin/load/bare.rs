//! The same calls with only reqwest, flate2 and serde_json.

use std::error::Error;
use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::json;
use tryton_sandbox::Endpoint;
use tryton_sdk::Session;

use super::RECORDS;

pub(crate) struct Bare {
    client: reqwest::Client,
    url: String,
    authorization: String,
}

#[derive(Deserialize)]
struct Answer {
    result: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    id: i64,
    char: Option<String>,
}

impl Bare {
    pub(crate) fn new(at: &Endpoint, session: &Session) -> Result<Self, Box<dyn Error>> {
        let who = format!("{}:{}:{}", session.login(), session.user_id(), session.token());
        Ok(Self {
            client: reqwest::Client::builder().build()?,
            url: format!("{}/{}/rpc/", at.url, at.database),
            authorization: format!("Session {}", data_encoding::BASE64.encode(who.as_bytes())),
        })
    }

    /// Reads the records, and returns their number.
    pub(crate) async fn read(&self) -> Result<usize, Box<dyn Error + Send + Sync>> {
        let body = json!({
            "id": "1",
            "method": "model.test.char.search_read",
            "params": [[], 0, RECORDS, [["id", "ASC"]], ["id", "char"], {}],
        });
        let request = self.client.post(&self.url).header(AUTHORIZATION, &self.authorization);
        let request = request.header(CONTENT_TYPE, "application/json").header("Accept-Encoding", "gzip");
        let response = request.body(body.to_string()).send().await?.error_for_status()?;
        let (body, mut json) = (response.bytes().await?, Vec::new());
        GzDecoder::new(&*body).read_to_end(&mut json)?;
        let Answer { result } = serde_json::from_slice(&json)?;
        Ok(result.iter().filter(|text| text.id > 0 && text.char.is_some()).count())
    }
}

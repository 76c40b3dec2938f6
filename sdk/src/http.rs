//! The bytes: one POST, its headers, and an answer of bounded size.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use futures_util::future::BoxFuture;
use reqwest::header::{self, HeaderMap, HeaderValue};

use crate::error::{Error, Result};

/// An answer of more bytes than this, before or after it is inflated, is refused.
pub(crate) const BODY_LIMIT: usize = 1 << 30;

/// What carries a request to the server and its answer back: the network, or in tests what stands in its place.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Reply>>;
}

/// The network.
#[derive(Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
}

/// What the server answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long the server lets a client keep the answer (`X-Tryton-Cache`).
    pub(crate) keep: Option<Duration>,
}

impl Http {
    pub(crate) fn new(url: &reqwest::Url, connect: Duration, whole: Option<Duration>) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tryton-sdk/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers())
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(connect)
            // A server may be silent for as long as it works; a host that is gone is noticed all the same.
            .tcp_keepalive(Duration::from_secs(30))
            // Shorter than the keep-alive of the usual servers, which close at 60 s or more.
            .pool_idle_timeout(Duration::from_secs(45));
        if let Some(whole) = whole {
            builder = builder.timeout(whole);
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        if url.scheme() == "http" {
            // Without this a machine that has no CA certificates could not even speak plain HTTP.
            builder = builder.tls_certs_only([]);
        }
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        if url.scheme() == "https" {
            let why = "the server's URL begins with https://, and tryton-sdk was built without one of its TLS features";
            return Err(Error::configuration(why));
        }
        let client = builder
            .build()
            .map_err(|e| Error::configuration(format!("no HTTP client can be made on this machine: {e}")))?;
        Ok(Self { client })
    }

    async fn exchange(&self, url: reqwest::Url, authorization: Option<HeaderValue>, body: Vec<u8>) -> Result<Reply> {
        let shown = url.to_string();
        let failed = |e| Error::network(&shown, e);
        let mut request = self.client.post(url).body(body);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let keep = keep(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(too_long(&shown));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, body: inflate(body, &shown)?, keep })
    }
}

impl Transport for Http {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Reply>> {
        Box::pin(self.exchange(url, authorization, body))
    }
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // Without it trytond 8 sends each JSON token as an HTTP chunk of its own.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers
}

fn keep(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("X-Tryton-Cache")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|keep| !keep.is_zero())
}

/// Only the first two bytes tell: trytond 8 announces gzip for plain bodies, too.
fn inflate(body: Vec<u8>, url: &str) -> Result<Vec<u8>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(&*body)
        .take(BODY_LIMIT as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|e| Error::not_tryton(url, format!("its compressed answer is broken: {e}")))?;
    if plain.len() > BODY_LIMIT { Err(too_long(url)) } else { Ok(plain) }
}

fn too_long(url: &str) -> Error {
    Error::not_tryton(url, format!("its answer is longer than {BODY_LIMIT} bytes; ask for fewer records at a time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    #[test]
    fn only_what_begins_like_gzip_is_inflated() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"{}").expect("writing to memory");
        let compressed = encoder.finish().expect("writing to memory");
        assert_eq!(inflate(compressed.clone(), "").expect("whole"), b"{}");
        assert_eq!(inflate(b"{}".to_vec(), "").expect("plain"), b"{}");
        assert!(inflate(compressed[..compressed.len() - 9].to_vec(), "").is_err());
    }
}

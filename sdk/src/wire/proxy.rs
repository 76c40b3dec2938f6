//! The proxy for a server.

use std::net::IpAddr;

use hyper_util::client::proxy::matcher::Matcher;
use tryton_sdk_core::{Error, Result};

/// Returns the proxy that the environment or the system sets for the server.
pub(super) fn proxy_for(url: &reqwest::Url) -> Result<Option<String>> {
    let wrong =
        |why: &str| Error::configuration(format!("the server's URL is none that a proxy can be found for: {why}"));
    let uri: http::Uri = url.as_str().parse().map_err(|e: http::uri::InvalidUri| wrong(&e.to_string()))?;
    let Some(proxy) = Matcher::from_system().intercept(&uri) else { return Ok(None) };
    let proxy = proxy.uri();
    let shown = format!("{}://{}", proxy.scheme_str().unwrap_or("http"), host_and_port(proxy));
    match proxy.scheme_str() {
        Some("http" | "https") | None => Ok(Some(shown)),
        Some("socks4" | "socks4a" | "socks5" | "socks5h") if cfg!(feature = "socks") => Ok(Some(shown)),
        Some(_) => Err(Error::configuration(format!(
            "the environment or the system names the proxy {shown} for the server, and only proxies with http://, https:// \
             and, with the feature `socks` of tryton-sdk, socks4:// and socks5:// can be used: name such a one \
             (HTTPS_PROXY), or none (NO_PROXY, TRYTON_PROXY=false)"
        ))),
    }
}

fn host_and_port(uri: &http::Uri) -> String {
    let host = uri.host().unwrap_or_default();
    uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

pub(super) fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_machine_has_several_names() {
        let is_loopback = |url| super::is_loopback(&reqwest::Url::parse(url).expect("a URL"));
        for url in ["http://localhost:8000", "http://erp.localhost", "http://127.1.2.3", "http://[::1]:8000"] {
            assert!(is_loopback(url), "{url}");
        }
        for url in ["http://localhost.example.com", "http://10.0.0.1", "http://[::2]", "http://notlocalhost"] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}

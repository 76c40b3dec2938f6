//! The times in the headers of a response.

use std::time::{Duration, SystemTime};

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{self, HeaderMap};

/// The maximum time for an idle connection, regardless of the server.
const POOL_IDLE_AT_MOST: Duration = Duration::from_secs(60);

/// The maximum lifetime, because a header may contain more than a clock can represent.
const KEPT_AT_MOST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

pub(super) fn keep(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("X-Tryton-Cache")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(KEPT_AT_MOST)).filter(|keep| !keep.is_zero())
}

/// Returns how long a connection may be idle: three quarters of the server's time (`Keep-Alive: timeout=5, max=100`), so
/// that it is not used while the server closes it.
pub(super) fn keep_alive(headers: &HeaderMap) -> Option<Duration> {
    let parameters = headers.get("Keep-Alive")?.to_str().ok()?.split(',');
    let seconds = parameters.filter_map(|parameter| parameter.trim().strip_prefix("timeout=")).next()?;
    let told = Duration::from_secs(seconds.trim().parse::<u32>().ok()?.into());
    Some((told * 3 / 4).min(POOL_IDLE_AT_MOST))
}

/// Returns the pause from a number of seconds or a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(SystemTime::from(then).duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_a_year_at_most() {
        let kept = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("X-Tryton-Cache", text.parse().expect("a header"));
            keep(&headers)
        };
        assert_eq!(kept("86400"), Some(Duration::from_secs(86_400)));
        assert_eq!(kept(&u64::MAX.to_string()), Some(KEPT_AT_MOST));
        assert_eq!([kept("0"), kept("-1"), kept("for ever")], [None; 3]);
    }

    #[test]
    fn seconds_and_dates_tell_how_long_to_wait() {
        let after = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().expect("a header"));
            retry_after(&headers)
        };
        assert_eq!(after("120"), Some(Duration::from_secs(120)));
        assert_eq!(after("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        assert!(after("Wed, 31 Dec 2200 23:59:59 GMT") > Some(Duration::from_secs(86_400)));
        assert_eq!([after("soon"), after("-1"), after("")], [None; 3]);
    }

    #[test]
    fn a_connection_rests_for_less_than_the_server_says() {
        let rests = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("Keep-Alive", text.parse().expect("a header"));
            keep_alive(&headers)
        };
        for text in ["timeout=5", "timeout=5, max=100", "max=100,timeout=5"] {
            assert_eq!(rests(text), Some(Duration::from_millis(3_750)), "{text}");
        }
        assert_eq!(rests("timeout=4294967295"), Some(POOL_IDLE_AT_MOST));
        assert_eq!([rests("max=100"), rests("timeout=soon"), rests("timeout=-1"), rests("")], [None; 4]);
    }
}

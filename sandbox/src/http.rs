use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use crate::sandbox::{SandboxError, Series};

/// Returns a port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, SandboxError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    Ok(address.map_err(SandboxError::io("listen on", Path::new("127.0.0.1")))?.port())
}

/// Returns whether nothing listens on the port.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Returns whether a Tryton of the series answers on the port.
pub(crate) fn is_tryton(port: u16, series: Series) -> bool {
    version(port, series).is_ok_and(|answer| is_version(&answer, series))
}

/// Asks a server for its version and returns the whole response.
fn version(port: u16, series: Series) -> io::Result<String> {
    const BODY: &str = r#"{"id":0,"method":"common.server.version","params":[]}"#;
    let mut stream = connect(port)?;
    write!(
        stream,
        "POST {} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        series.root_path(),
        BODY.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn is_version(answer: &str, series: Series) -> bool {
    let Some((_, body)) = answer.split_once("\r\n\r\n") else { return false };
    let Ok(body) = serde_json::from_str::<serde_json::Value>(body) else { return false };
    let version = body["result"].as_str().unwrap_or_default();
    // Up to 7.0 the version includes the bug-fix release.
    version == series.as_str() || version.strip_prefix(series.as_str()).is_some_and(|rest| rest.starts_with('.'))
}

/// Returns whether a Redis answers on the port.
pub(crate) fn is_redis(port: u16) -> bool {
    let ping = || -> io::Result<bool> {
        let mut stream = connect(port)?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        // A Redis that requires a password is running as well.
        Ok([b"+PONG", b"-NOAU"].contains(&&answer))
    };
    ping().unwrap_or(false)
}

/// Sends these lines to a Redis and returns its whole response.
pub(crate) fn tell_redis(port: u16, lines: &str) -> io::Result<String> {
    let mut stream = connect(port)?;
    stream.write_all(format!("{lines}\r\n").as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn connect(port: u16) -> io::Result<TcpStream> {
    const PATIENCE: Duration = Duration::from_secs(5);
    let stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(version: &str, series: Series) -> bool {
        is_version(&format!("HTTP/1.0 200 OK\r\n\r\n{{\"id\": 0, \"result\": \"{version}\"}}"), series)
    }

    #[test]
    fn a_version_is_of_its_series_only() {
        assert!(answers("8.2", Series::V8_2));
        assert!(answers("7.0.59", Series::V7_0));
        assert!(!answers("7.01", Series::V7_0));
        assert!(!answers("8.0", Series::V8_2));
        assert!(!is_version("HTTP/1.0 200 OK\r\n\r\n<html>", Series::V8_2));
    }
}

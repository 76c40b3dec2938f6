use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::endpoint::{DATABASE, Endpoint, PASSWORD};
use crate::http;
use crate::own_modules;
use crate::sandbox::{Sandbox, SandboxError};
use crate::step;
use crate::venv::Venv;

/// A script that adds trytond's test module `tests` to its list of modules.
pub(crate) const WITH_TESTS: &str = include_str!("scripts/with_tests.py");

/// The sections of a configuration file, each with its entries.
type Config = BTreeMap<String, BTreeMap<String, String>>;

/// Writes trytond's configuration for a database whose files are in the folder, and returns the configuration's path.
///
/// Without a port, the server uses a free one.
pub(crate) fn write_config(
    folder: &Path,
    uri: &str,
    port: Option<u16>,
    extra: &Config,
) -> Result<PathBuf, SandboxError> {
    let path = folder.join("trytond.conf");
    fs::write(&path, config(folder, uri, port.unwrap_or(0), extra)).map_err(SandboxError::io("write", &path))?;
    Ok(path)
}

fn config(folder: &Path, uri: &str, port: u16, extra: &Config) -> String {
    let mut config = Config::new();
    let mut set = |section: &str, key: &str, value: String| {
        config.entry(section.to_owned()).or_default().insert(key.to_owned(), value);
    };
    set("database", "uri", uri.to_owned());
    set("database", "path", folder.display().to_string());
    set("web", "listen", format!("127.0.0.1:{port}"));
    for (section, entries) in extra {
        for (key, value) in entries {
            set(section, key, value.clone());
        }
    }
    let mut text = String::new();
    for (section, entries) in &config {
        let _ = writeln!(text, "[{section}]");
        for (key, value) in entries {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    text
}

/// Returns the command that serves a database whose files are in the folder.
pub(crate) fn command(venv: &Venv, folder: &Path, uri: &str, sandbox: &Sandbox) -> Result<Command, SandboxError> {
    let config = write_config(folder, uri, sandbox.port, &sandbox.config)?;
    if let Some(keep_alive) = sandbox.gunicorn {
        let mut command = script(venv, folder, &venv.script("gunicorn"), &config, sandbox)?;
        command.args(["-k", "gthread", "-w", "1", "--threads", "4", "--graceful-timeout", "1", "--no-control-socket"]);
        command.args(["--keep-alive", &keep_alive.to_string()]);
        command.args(["-b", &format!("127.0.0.1:{}", sandbox.port.unwrap_or(0)), "trytond.application:app"]);
        command.env("TRYTOND_CONFIG", config).env("TRYTOND_DATABASE_NAMES", DATABASE);
        return Ok(command);
    }
    let mut command = script(venv, folder, &venv.script("trytond"), &config, sandbox)?;
    command.arg("-c").arg(config).args(["-d", DATABASE]);
    Ok(command)
}

/// Returns a command that runs a script with the modules of the sandbox. The caller adds the script's arguments.
pub(crate) fn script(
    venv: &Venv,
    folder: &Path,
    script: &Path,
    config: &Path,
    sandbox: &Sandbox,
) -> Result<Command, SandboxError> {
    let mut command = venv.command();
    if !sandbox.own.is_empty() {
        command.env("PYTHONPATH", own_modules::install(sandbox, folder)?);
    }
    if sandbox.has_tests() {
        let path = folder.join("with_tests.py");
        fs::write(&path, WITH_TESTS).map_err(SandboxError::io("write", &path))?;
        command.arg(path).arg(config);
    }
    command.arg(script);
    Ok(command)
}

/// Returns the endpoint of a server on this machine.
pub(crate) fn endpoint(port: u16) -> Endpoint {
    Endpoint {
        url: format!("http://127.0.0.1:{port}"),
        database: DATABASE.to_owned(),
        user: "admin".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

/// Checks that the sandbox's port is free, if it has one.
pub(crate) fn check_port(sandbox: &Sandbox) -> Result<(), SandboxError> {
    match sandbox.port {
        Some(port) if !http::is_free(port) => Err(SandboxError::PortInUse(port)),
        _ => Ok(()),
    }
}

/// Waits until the server that writes this log answers, and returns its port.
pub(crate) fn wait(sandbox: &Sandbox, log: &Path, has_ended: impl FnMut() -> bool) -> Result<u16, SandboxError> {
    let mut port = 0;
    let answers = || {
        port = listening(&fs::read_to_string(log).unwrap_or_default()).unwrap_or_default();
        port != 0 && http::is_tryton(port, sandbox.series)
    };
    wait_for(&format!("Tryton {}", sandbox.series), log, answers, has_ended)?;
    Ok(port)
}

/// Returns the port that trytond or gunicorn reports in its log.
fn listening(log: &str) -> Option<u16> {
    let (_, rest) =
        ["Running on", "Listening at:"].iter().find_map(|at| log.split_once(&format!("{at} http://127.0.0.1:")))?;
    // Without a following character, the number may be incomplete.
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}

/// Waits until a server answers.
///
/// # Errors
///
/// Fails if the server ends before it answers, or does not answer within two minutes.
pub(crate) fn wait_for(
    what: &str,
    log: &Path,
    mut answers: impl FnMut() -> bool,
    mut has_ended: impl FnMut() -> bool,
) -> Result<(), SandboxError> {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !answers() {
        if has_ended() {
            return Err(SandboxError::Died { what: what.to_owned(), tail: step::tail(log) });
        }
        if Instant::now() > deadline {
            return Err(SandboxError::Silent { what: what.to_owned(), tail: step::tail(log) });
        }
        thread::sleep(Duration::from_millis(30));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_once_it_is_whole() {
        assert_eq!(listening(" * Running on http://127.0.0.1:4076"), None);
        assert_eq!(listening("…\n * Running on http://127.0.0.1:40765\n…"), Some(40765));
        assert_eq!(listening("[INFO] Listening at: http://127.0.0.1:40765 (7)\n"), Some(40765));
    }

    #[test]
    fn entries_of_a_sandbox_go_into_their_sections_and_over_the_usual_ones() {
        let sandbox = Sandbox::default().config("database", "list", "false").config("web", "listen", "[::1]:1");
        assert_eq!(
            config(Path::new("/data"), "sqlite://", 8000, &sandbox.config),
            "[database]\nlist = false\npath = /data\nuri = sqlite://\n[web]\nlisten = [::1]:1\n"
        );
    }
}

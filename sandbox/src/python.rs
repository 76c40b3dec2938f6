use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::sandbox::{OLDEST_PYTHON, SandboxError};

/// Prints the version, then fails if venvs cannot be made.
const PROBE: &str = "import sys; print(*sys.version_info[:2], flush=True); import venv, ensurepip";

/// The commands to try, best first.
const COMMANDS: [&str; 6] = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/// The result of probing a command.
enum Probe {
    Nothing,
    TooOld((u32, u32)),
    WithoutVenv,
    Fit,
}

/// Finds a Python that is new enough and can create venvs: the one in `TRYTON_PYTHON`, else the first suitable command.
pub(crate) fn find() -> Result<PathBuf, SandboxError> {
    let named = env::var_os("TRYTON_PYTHON").map(PathBuf::from);
    let candidates = match &named {
        Some(named) => vec![named.clone()],
        None => COMMANDS.map(PathBuf::from).to_vec(),
    };
    let mut refused = SandboxError::PythonMissing { named };
    for python in candidates {
        match probe(&python) {
            Probe::Fit => return Ok(python),
            Probe::Nothing => (),
            // Users expect the first Python to be used, so the message is about that one.
            _ if !matches!(refused, SandboxError::PythonMissing { .. }) => (),
            Probe::TooOld(found) => refused = SandboxError::PythonTooOld { found },
            Probe::WithoutVenv => refused = SandboxError::PythonWithoutVenv(python),
        }
    }
    Err(refused)
}

fn probe(python: &Path) -> Probe {
    let output = Command::new(python).args(["-c", PROBE]).stdin(Stdio::null()).output();
    let Ok(output) = output else { return Probe::Nothing };
    match version(&String::from_utf8_lossy(&output.stdout)) {
        None => Probe::Nothing,
        Some(found) if found < OLDEST_PYTHON => Probe::TooOld(found),
        Some(_) if output.status.success() => Probe::Fit,
        Some(_) => Probe::WithoutVenv,
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(version("3 11\n"), Some((3, 11)));
        assert_eq!(version("Python was not found\n"), None);
    }
}

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Python's result for a case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The value, in the JSON of the wire.
    Value(Value),
    /// The name of the exception.
    Failed(String),
}

/// An expression and the environment to evaluate it in.
#[derive(Clone, Debug)]
pub struct Case {
    /// PYSON as a text.
    pub expression: String,
    /// Values in the JSON of the wire.
    pub environment: Map<String, Value>,
}

/// A case of trytond's own tests, and its value there.
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    /// PYSON as a text.
    pub expression: String,
    /// Values in the JSON of the wire.
    pub environment: Map<String, Value>,
    /// The time at which it was evaluated, in the JSON of the wire.
    pub now: Value,
    /// In the JSON of the wire.
    pub value: Value,
}

const ORACLE: &str = include_str!("oracle.py");
const VECTORS: &str = include_str!("vectors.py");

/// Tryton's own PYSON decoder, in a Python process.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts the decoder of `package`, which is `proteus` or `trytond`, with a Python that has this package.
    ///
    /// # Errors
    ///
    /// Fails if Python cannot be started.
    pub fn start(python: &Path, package: &str) -> io::Result<Self> {
        let mut command = Command::new(python);
        // Python treats a datetime without a time zone as local; here it is in UTC.
        command.args(["-c", ORACLE, package]).env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let from = child.stdout.take().ok_or_else(|| io::Error::other("the process has no output"))?;
        Ok(Self { to: child.stdin.take(), from: BufReader::new(from), child })
    }

    /// Evaluates cases at a time, which is the JSON of a datetime.
    ///
    /// # Errors
    ///
    /// Fails if the process has ended or its answer is malformed.
    pub fn ask(&mut self, now: &Value, cases: &[Case]) -> io::Result<Vec<Verdict>> {
        let cases: Vec<Value> =
            cases.iter().map(|case| json!({"expression": case.expression, "environment": case.environment})).collect();
        let to = self.to.as_mut().ok_or_else(|| io::Error::other("the process has no input"))?;
        writeln!(to, "{}", json!({"now": now, "cases": cases}))?;
        to.flush()?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer)?)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // The process ends with its input.
        self.to = None;
        let _ = self.child.wait();
    }
}

/// Returns the cases that trytond's own tests evaluate, recorded while they run. `folder` is for a file that they need.
///
/// # Errors
///
/// Fails if Python cannot be run or the tests fail.
pub fn vectors(python: &Path, folder: &Path) -> io::Result<Vec<Vector>> {
    let oracle: PathBuf = folder.join("oracle.py");
    fs::write(&oracle, ORACLE)?;
    let output = Command::new(python).args(["-c", VECTORS]).arg(&oracle).env("TZ", "UTC").output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| Ok(serde_json::from_slice(line)?))
        .collect()
}

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::progress::Progress;
use crate::sandbox::SandboxError;

/// Lines of output that an error shows.
const TAIL: usize = 12;

/// Runs a command to its end. Its output goes to `log`; what it says on standard output shows as progress.
pub(crate) fn run(command: &mut Command, what: &str, log: &Path, progress: &Progress) -> Result<(), SandboxError> {
    let step = progress.step(what);
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(SandboxError::io("create", folder))?;
    }
    let start = || File::options().create(true).append(true).open(log);
    File::create(log).map_err(SandboxError::io("write", log))?;
    let mut copy = start().map_err(SandboxError::io("write", log))?;
    let program = Path::new(command.get_program()).to_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(start().map_err(SandboxError::io("write", log))?)
        .spawn()
        .map_err(SandboxError::io("run", &program))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            step.detail(&line);
            // A log that cannot be written shows in how the command ends.
            let _ = writeln!(copy, "{line}");
        }
    }
    let status = child.wait().map_err(SandboxError::io("run", &program))?;
    if !status.success() {
        drop(step);
        if is_full(log) {
            return Err(SandboxError::DiskFull(log.to_owned()));
        }
        return Err(SandboxError::step(what, log, tail(log)));
    }
    step.done();
    Ok(())
}

/// Whether there is no room left beside a file.
///
/// Many programs do not say that this is why they failed, and a log on a full disk could not tell.
fn is_full(file: &Path) -> bool {
    const ROOM: usize = 16;
    let path = file.with_extension("room");
    let fill = || {
        let mut room = File::create(&path)?;
        let megabyte = vec![0; 1 << 20];
        (0..ROOM).try_for_each(|_| room.write_all(&megabyte))
    };
    let filled: io::Result<()> = fill();
    // It may not have come into being.
    let _ = fs::remove_file(&path);
    filled.is_err_and(|error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
}

/// The last lines of a file; empty where there is none.
pub(crate) fn tail(file: &Path) -> String {
    let text = fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::progress::Progress;
use crate::sandbox::SandboxError;

/// The number of output lines that an error shows.
const TAIL: usize = 12;

/// Runs a command and waits for it. Its output goes to `log`; its standard output is also shown as progress.
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
            // If the log cannot be written, the result of the command shows it.
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

/// Returns whether the disk of a file is full.
///
/// Many programs do not report this as the cause of their failure, and a log on a full disk could not contain it.
fn is_full(file: &Path) -> bool {
    const ROOM: usize = 16;
    let path = file.with_extension("room");
    let fill = || {
        let mut room = File::create(&path)?;
        let megabyte = vec![0; 1 << 20];
        (0..ROOM).try_for_each(|_| room.write_all(&megabyte))
    };
    let filled: io::Result<()> = fill();
    // The file may not have been created.
    let _ = fs::remove_file(&path);
    filled.is_err_and(|error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
}

/// Returns the last lines of a file, or an empty text if it does not exist.
pub(crate) fn tail(file: &Path) -> String {
    let text = fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}

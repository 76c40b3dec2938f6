use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lock;
use crate::project::project;
use crate::sandbox::SandboxError;

/// Which servers a command may stop.
///
/// ```no_run
/// use tryton_sandbox::Series;
/// use tryton_sandbox::background::{Whose, down};
///
/// // Whoever started it.
/// down(Series::V8_2, Whose::Anybodys)?;
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those that this project started.
    Ours,
    /// All.
    Anybodys,
}

/// A server that goes on by itself, and whether it was there before.
///
/// ```
/// use tryton_sandbox::background::Up;
///
/// let up = Up::Started("redis://127.0.0.1:6379".to_owned());
/// assert_eq!(up.server(), "redis://127.0.0.1:6379");
/// ```
#[derive(Clone, Debug)]
pub enum Up<T> {
    /// It was started.
    Started(T),
    /// It runs already, and the project in this folder started it, if that is known.
    Found(T, Option<PathBuf>),
}

impl<T> Up<T> {
    /// The server.
    ///
    /// ```
    /// use tryton_sandbox::background::Up;
    ///
    /// assert_eq!(*Up::Found(8000, None).server(), 8000);
    /// ```
    pub fn server(&self) -> &T {
        match self {
            Up::Started(server) | Up::Found(server, _) => server,
        }
    }
}

/// What has become of a server that was to be stopped.
///
/// ```no_run
/// use tryton_sandbox::background::{Down, Whose, redis_down};
///
/// assert_ne!(redis_down(Whose::Anybodys)?, Down::Left(None));
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down {
    /// It is stopped.
    Stopped,
    /// None runs.
    NoneRuns,
    /// It goes on: the project in this folder started it, if that is known, and not this one.
    Left(Option<PathBuf>),
}

/// The folder of a server that goes on after the command that started it.
///
/// The server holds a lock for as long as it lives, so that the number of its process is never taken for another's.
#[derive(Debug)]
pub(crate) struct Detached {
    folder: PathBuf,
}

impl Detached {
    /// The server that has this folder, whether or not it runs.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Detached { folder }
    }

    /// The server's files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The server's output.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Where the lock is taken by commands that start and stop the server.
    pub(crate) fn gate(&self) -> PathBuf {
        let mut path = self.folder.clone().into_os_string();
        path.push(".lock");
        path.into()
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    fn record(&self) -> PathBuf {
        self.folder.join("server.json")
    }

    fn starter_file(&self) -> PathBuf {
        self.folder.join("project")
    }

    /// The project that started the server, if that is known.
    pub(crate) fn starter(&self) -> Option<PathBuf> {
        fs::read_to_string(self.starter_file()).ok().map(PathBuf::from)
    }

    /// Whether whoever may stop these servers may stop this one.
    pub(crate) fn is(&self, whose: Whose) -> bool {
        whose == Whose::Anybodys || self.starter() == Some(project())
    }

    /// Whether the server lives.
    pub(crate) fn is_running(&self) -> Result<bool, SandboxError> {
        lock::is_held(&self.lock())
    }

    /// Empties the folder for a new server of this project.
    pub(crate) fn clear(&self) -> Result<(), SandboxError> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(SandboxError::io("remove", &self.folder))?;
        }
        fs::create_dir_all(&self.folder).map_err(SandboxError::io("create", &self.folder))?;
        let starter = self.starter_file();
        fs::write(&starter, project().to_string_lossy().as_bytes()).map_err(SandboxError::io("write", &starter))
    }

    /// Starts the server.
    pub(crate) fn spawn(&self, mut command: Command) -> Result<Child, SandboxError> {
        let path = self.lock();
        let lock = lock::open(&path)?;
        lock.lock().map_err(SandboxError::io("lock", &path))?;
        let path = self.log();
        let log = fs::File::create(&path).map_err(SandboxError::io("write", &path))?;
        let errors = log.try_clone().map_err(SandboxError::io("write", &path))?;
        let program = PathBuf::from(command.get_program());
        command
            // The server reads nothing there: that is how it holds the lock.
            .stdin(lock)
            .stdout(log)
            .stderr(errors)
            // Ctrl-C in the terminal is not meant for it.
            .process_group(0)
            .spawn()
            .map_err(SandboxError::io("run", &program))
    }

    /// Writes down what runs.
    pub(crate) fn write<T: Serialize>(&self, record: &T) -> Result<(), SandboxError> {
        let path = self.record();
        let fresh = path.with_extension("fresh");
        let write = || {
            fs::write(&fresh, serde_json::to_vec_pretty(record)?)?;
            // Whoever reads finds the old record or the new one, never a part of it.
            fs::rename(&fresh, &path)
        };
        write().map_err(SandboxError::io("write", &path))
    }

    /// Reads what runs.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, SandboxError> {
        let record = fs::read(self.record()).ok();
        record
            .and_then(|record| serde_json::from_slice(&record).ok())
            .ok_or_else(|| SandboxError::Unrecorded(self.lock()))
    }

    /// Ends the server, whose process has this number, and removes its files.
    pub(crate) fn stop(&self, pid: u32) -> Result<(), SandboxError> {
        for (signal, patience) in [("-TERM", Duration::from_secs(5)), ("-KILL", Duration::from_secs(5))] {
            let kill = Command::new("kill").args([signal, &pid.to_string()]).stderr(Stdio::null()).status();
            kill.map_err(SandboxError::io("run", Path::new("kill")))?;
            let deadline = Instant::now() + patience;
            while self.is_running()? && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(20));
            }
        }
        fs::remove_dir_all(&self.folder).map_err(SandboxError::io("remove", &self.folder))
    }
}

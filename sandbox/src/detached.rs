use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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
    /// Servers that this project started.
    Ours,
    /// All servers.
    Anybodys,
}

/// A background server, and whether it was already running.
///
/// ```
/// use tryton_sandbox::background::Up;
///
/// let up = Up::Started("redis://127.0.0.1:6379".to_owned());
/// assert_eq!(up.server(), "redis://127.0.0.1:6379");
/// ```
#[derive(Clone, Debug)]
pub enum Up<T> {
    /// The server was started.
    Started(T),
    /// The server was already running. Contains the folder of the project that started it, if known.
    Found(T, Option<PathBuf>),
}

impl<T> Up<T> {
    /// Returns the server.
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

/// The result of stopping a server.
///
/// ```no_run
/// use tryton_sandbox::background::{Down, Whose, redis_down};
///
/// assert_ne!(redis_down(Whose::Anybodys)?, Down::Left(None));
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down {
    /// The server was stopped.
    Stopped,
    /// No server was running.
    NoneRuns,
    /// The server keeps running, because another project started it. Contains that project's folder, if known.
    Left(Option<PathBuf>),
}

/// The folder of a server that outlives the command that started it.
///
/// The server holds a lock for as long as it runs, so its process ID is never mistaken for another process's.
#[derive(Debug)]
pub(crate) struct Detached {
    folder: PathBuf,
}

impl Detached {
    /// Returns the server of this folder, whether or not it is running.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Detached { folder }
    }

    /// Returns the folder of the server's files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the path of the server's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Returns the lock file for commands that start or stop the server.
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

    /// Returns the project that started the server, if known.
    pub(crate) fn starter(&self) -> Option<PathBuf> {
        fs::read_to_string(self.starter_file()).ok().map(PathBuf::from)
    }

    /// Returns whether `whose` includes this server.
    pub(crate) fn is(&self, whose: Whose) -> bool {
        whose == Whose::Anybodys || self.starter() == Some(project())
    }

    /// Returns whether the server is running.
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
            // The server never reads from it; the open file holds the lock.
            .stdin(lock)
            .stdout(log)
            .stderr(errors)
            // Ctrl-C in the terminal must not stop the server.
            .process_group(0)
            .spawn()
            .map_err(SandboxError::io("run", &program))
    }

    /// Writes the server's record.
    pub(crate) fn write<T: Serialize>(&self, record: &T) -> Result<(), SandboxError> {
        let path = self.record();
        let fresh = path.with_extension("fresh");
        let write = || {
            fs::write(&fresh, serde_json::to_vec_pretty(record)?)?;
            // Readers find either the old or the new record, never a partial one.
            fs::rename(&fresh, &path)
        };
        write().map_err(SandboxError::io("write", &path))
    }

    /// Reads the server's record.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, SandboxError> {
        let record = fs::read(self.record()).ok();
        record
            .and_then(|record| serde_json::from_slice(&record).ok())
            .ok_or_else(|| SandboxError::Unrecorded(self.lock()))
    }

    /// Stops the server if it is running and `whose` includes it.
    pub(crate) fn down(&self, whose: Whose) -> Result<Down, SandboxError> {
        /// The entry that all records have.
        #[derive(Deserialize)]
        struct Process {
            pid: u32,
        }

        if !self.is_running()? {
            return Ok(Down::NoneRuns);
        }
        if !self.is(whose) {
            return Ok(Down::Left(self.starter()));
        }
        self.stop(self.read::<Process>()?.pid)?;
        Ok(Down::Stopped)
    }

    /// Stops the server with this process ID and removes its files.
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

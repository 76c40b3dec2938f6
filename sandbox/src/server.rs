use std::path::{Path, PathBuf};

use crate::database::{Database, Databases};
use crate::endpoint::Endpoint;
use crate::layout::Layout;
use crate::owned::Owned;
use crate::progress::Progress;
use crate::run;
use crate::sandbox::{Sandbox, SandboxError};
use crate::trytond;
use crate::venv::Venv;

/// A Tryton server that belongs to this process, with its own copy of the seeded database.
///
/// [`Sandbox::start`] starts it. It stops when it is dropped or when the process ends, however it ends, so it can be kept
/// in a `static`.
///
/// ```no_run
/// use std::sync::LazyLock;
///
/// use tryton_sandbox::{Sandbox, Server};
///
/// static SERVER: LazyLock<Server> =
///     LazyLock::new(|| Sandbox::default().start().unwrap_or_else(|error| panic!("{error}")));
/// ```
#[derive(Debug)]
pub struct Server {
    owned: Owned,
    /// Declared after the server, so that it is dropped after it.
    database: Database,
    endpoint: Endpoint,
    python: PathBuf,
    config: PathBuf,
}

impl Sandbox {
    /// Starts the server, and first installs and fills whatever is missing.
    ///
    /// It blocks: a minute or two the first time, then about two seconds. It reports its progress on standard error.
    ///
    /// ```no_run
    /// use tryton_sandbox::{Sandbox, Series};
    ///
    /// let server = Sandbox::new(Series::V8_2).start()?;
    /// let tryton = server.endpoint().client().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn start(&self) -> Result<Server, SandboxError> {
        self.check()?;
        let layout = Layout::from_env();
        let progress = Progress::stderr();
        let venv = Venv::keep(self, &layout, &progress)?;
        let databases = Databases::new(self, &venv, &layout, &progress)?;
        let kept = databases.kept()?;
        trytond::check_port(self)?;
        let (folder, lock) = run::claim(&layout.runs())?;
        let database = databases.copy(&kept, &folder)?;
        let command = trytond::command(&venv, &folder, &database.uri(), self)?;
        let config = folder.join("trytond.conf");
        let mut owned = Owned::start(&venv.python(), (folder, lock), None, &command)?;
        let port = trytond::wait(self, &owned.log(), || owned.has_ended())?;
        Ok(Server { owned, database, endpoint: trytond::endpoint(port), python: venv.python(), config })
    }
}

impl Server {
    /// Returns the server's address and login.
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// println!("{}", server.endpoint().url);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns the Python interpreter with trytond, the modules and proteus of the server's series.
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// let proteus = std::process::Command::new(server.python()).args(["-c", "import proteus"]).status()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// Returns the path of the server's configuration file.
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// print!("{}", std::fs::read_to_string(server.config())?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Returns the path of the server's log file.
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// print!("{}", std::fs::read_to_string(server.log())?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.owned.log()
    }

    /// Returns the path of the server's own copy of the database: SQLite's file, or PostgreSQL's data folder.
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// std::fs::copy(server.database(), "before.sqlite")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.database.path()
    }

    /// Returns the database URI of trytond's configuration. With PostgreSQL, other programs can open the database by this
    /// URI followed by the name in [`Endpoint::database`].
    ///
    /// ```no_run
    /// # let server = tryton_sandbox::Sandbox::default().start()?;
    /// let uri = format!("{}{}", server.database_uri(), server.endpoint().database);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn database_uri(&self) -> String {
        self.database.uri()
    }
}

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

/// A Tryton server that belongs to this process, with a copy of the seeded database for itself.
///
/// [`Sandbox::start`] starts it. It ends when it is dropped, and with the process in whatever way that ends, so a `static` is a
/// good place for it.
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
    /// After the server in this order, as it is to end after it too.
    database: Database,
    endpoint: Endpoint,
    python: PathBuf,
    config: PathBuf,
}

impl Sandbox {
    /// Starts the server, after installing and filling whatever of it is not kept yet.
    ///
    /// It blocks: a minute or two the first time, then about two seconds. Standard error says what it is doing.
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
    /// Every [`SandboxError`] says what to do.
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
    /// Where the server is and how to log in.
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

    /// The Python that has trytond, the modules and proteus of the server's series.
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

    /// The server's configuration file.
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

    /// What the server has written so far.
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

    /// The server's own copy of the database: SQLite's file, or the folder of PostgreSQL's files.
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

    /// Where the database is, as trytond's configuration says it: for PostgreSQL a URI that lacks only the name
    /// [`Endpoint::database`], which programs beside the server can open it with.
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

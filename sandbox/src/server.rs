use std::path::{Path, PathBuf};

use super::database::{Database, Databases};
use super::endpoint::Endpoint;
use super::error::SandboxError;
use super::layout::Layout;
use super::owned::Owned;
use super::progress::Progress;
use super::run;
use super::spec::Spec;
use super::trytond;
use super::venv::Venv;

/// A Tryton server that belongs to this process, with a copy of the seeded database for itself.
///
/// It ends when it is dropped, and with the process in whatever way that ends, so a `static` is a good place for it.
#[derive(Debug)]
pub struct Server {
    owned: Owned,
    /// After the server in this order, as it is to end after it too.
    database: Database,
    endpoint: Endpoint,
    python: PathBuf,
    config: PathBuf,
}

impl Server {
    /// Starts a server, after providing whatever of it is not kept yet.
    ///
    /// # Errors
    ///
    /// Every [`SandboxError`] says what to do.
    pub fn start(spec: &Spec) -> Result<Self, SandboxError> {
        spec.check()?;
        let layout = Layout::from_env();
        let progress = Progress::stderr();
        let venv = Venv::keep(spec, &layout, &progress)?;
        let databases = Databases::new(spec, &venv, &layout, &progress)?;
        let kept = databases.kept()?;
        trytond::check_port(spec)?;
        let (folder, lock) = run::claim(&layout.runs())?;
        let database = databases.copy(&kept, &folder)?;
        let command = trytond::command(&venv, &folder, &database.uri(), spec)?;
        let config = folder.join("trytond.conf");
        let mut owned = Owned::start(&venv.python(), (folder, lock), None, &command)?;
        let port = trytond::wait(spec, &owned.log(), || owned.has_ended())?;
        Ok(Server { owned, database, endpoint: trytond::endpoint(port), python: venv.python(), config })
    }

    /// Where the server is and how to log in.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The Python that has trytond, the modules and proteus of the server's series.
    #[must_use]
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// The server's configuration file.
    #[must_use]
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// What the server has written so far.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.owned.log()
    }

    /// The server's own copy of the database: SQLite's file, or the folder of PostgreSQL's files.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.database.path()
    }

    /// Where the database is, as trytond's configuration says it: for PostgreSQL a URI that lacks only the name
    /// [`Endpoint::database`], which programs beside the server can open it with.
    #[must_use]
    pub fn database_uri(&self) -> String {
        self.database.uri()
    }
}

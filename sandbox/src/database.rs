use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::endpoint::{DATABASE, PASSWORD};
use crate::fingerprint::fingerprint;
use crate::keep::{always, keep};
use crate::layout::Layout;
use crate::own_modules;
use crate::postgresql::{Postgresql, Programs};
use crate::progress::Progress;
use crate::sandbox::{Backend, Sandbox, SandboxError, Seed};
use crate::step;
use crate::trytond;
use crate::venv::Venv;

/// The URI of every SQLite database: trytond finds the file by its name and folder.
pub(crate) const SQLITE: &str = "sqlite://";

const INITIALISE: &str = include_str!("scripts/initialise.py");
const SETTLE: &str = include_str!("scripts/settle.py");
const SEED: &str = include_str!("scripts/seed.py");
const NAMES: &str = include_str!("scripts/names.py");
const RECORDS: &str = include_str!("scripts/records.py");

/// Returns the file of the SQLite database in a folder.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(format!("{DATABASE}.sqlite"))
}

/// A database that is ready for use, with its server if it needs one.
#[derive(Debug)]
pub(crate) enum Database {
    /// The file is in this folder.
    Sqlite(PathBuf),
    /// The server ends with this process.
    Postgresql(Postgresql),
}

impl Database {
    /// Returns its URI for trytond's configuration.
    pub(crate) fn uri(&self) -> String {
        match self {
            Database::Sqlite(_) => SQLITE.to_owned(),
            Database::Postgresql(server) => server.uri(),
        }
    }

    /// Returns the file of SQLite, or PostgreSQL's data folder.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Database::Sqlite(folder) => file(folder),
            Database::Postgresql(server) => server.data(),
        }
    }
}

/// Creates and keeps the databases of a sandbox.
pub(crate) struct Databases<'a> {
    sandbox: &'a Sandbox,
    venv: &'a Venv,
    layout: &'a Layout,
    progress: &'a Progress,
    /// The programs of PostgreSQL, if the sandbox uses it.
    programs: Option<Programs>,
    /// The fingerprint of the modules that come from folders.
    own: Option<String>,
}

impl<'a> Databases<'a> {
    pub(crate) fn new(
        sandbox: &'a Sandbox,
        venv: &'a Venv,
        layout: &'a Layout,
        progress: &'a Progress,
    ) -> Result<Self, SandboxError> {
        let programs = match sandbox.backend {
            Backend::Sqlite => None,
            Backend::Postgresql => Some(Programs::find(layout, progress)?),
        };
        Ok(Databases { sandbox, venv, layout, progress, programs, own: own_modules::mark(sandbox)? })
    }

    /// Returns the programs of PostgreSQL, if the sandbox uses it.
    pub(crate) fn programs(&self) -> Option<&Programs> {
        self.programs.as_ref()
    }

    /// Returns the folder of the sandbox's kept database, and initialises and seeds it first if necessary.
    ///
    /// No server has its files open.
    pub(crate) fn kept(&self) -> Result<PathBuf, SandboxError> {
        match self.sandbox.seed {
            Seed::None => self.initialised(),
            Seed::Small | Seed::Large => self.seeded(SEED, &[NAMES], &[PASSWORD, self.sandbox.seed.as_str()]),
            Seed::Records => self.seeded(RECORDS, &[], &[]),
        }
    }

    /// Copies a kept database: into `folder` for SQLite.
    pub(crate) fn copy(&self, kept: &Path, folder: &Path) -> Result<Database, SandboxError> {
        match &self.programs {
            Some(programs) => Ok(Database::Postgresql(Postgresql::copy_of(kept, programs)?)),
            None => {
                copy_file(kept, folder)?;
                Ok(Database::Sqlite(folder.to_owned()))
            }
        }
    }

    fn initialised(&self) -> Result<PathBuf, SandboxError> {
        let key = self.sandbox.key();
        let what = format!("Tryton {}: initialising the database", self.sandbox.series);
        let place = self.layout.databases().join(format!("{key}-{:08x}", self.mark(&[])));
        keep(&place, &what, self.progress, always, |folder| {
            let log = self.layout.log(&format!("initialise-{key}"));
            let database = self.empty(folder, &log)?;
            let mut script = self.script(&database, folder, "initialise.py", INITIALISE)?;
            let script = script.args(&self.sandbox.modules).args(self.sandbox.own.keys());
            let script = script.env("TRYTONPASSFILE", password_file(folder)?);
            step::run(script, &what, &log, self.progress)?;
            self.settle(database, folder, &log)
        })
    }

    /// Returns the database as filled by a script with these arguments. The script may import `names`.
    fn seeded(&self, text: &str, names: &[&str], arguments: &[&str]) -> Result<PathBuf, SandboxError> {
        let (key, seed) = (self.sandbox.key(), self.sandbox.seed.as_str());
        let what = format!("Tryton {}: seeding the database ({seed})", self.sandbox.series);
        let mark = self.mark(&[&[text], names].concat());
        let place = self.layout.databases().join(format!("{key}-{seed}-{mark:08x}"));
        keep(&place, &what, self.progress, always, |folder| {
            let database = self.copy(&self.initialised()?, folder)?;
            for names in names {
                write(&folder.join("names.py"), names)?;
            }
            let log = self.layout.log(&format!("seed-{key}-{seed}"));
            let mut script = self.script(&database, folder, "seed.py", text)?;
            step::run(script.args(arguments), &what, &log, self.progress)?;
            self.settle(database, folder, &log)
        })
    }

    /// Returns a fingerprint of everything that determines a kept database, including these scripts, except the sandbox's
    /// key.
    fn mark(&self, scripts: &[&str]) -> u32 {
        let mut texts = vec![INITIALISE, SETTLE];
        texts.extend(self.sandbox.has_tests().then_some(trytond::WITH_TESTS));
        texts.extend(self.programs().map(Programs::version));
        texts.extend(self.own.as_deref());
        texts.extend(scripts);
        fingerprint(&texts) as u32
    }

    fn empty(&self, folder: &Path, log: &Path) -> Result<Database, SandboxError> {
        match &self.programs {
            Some(programs) => Ok(Database::Postgresql(Postgresql::empty(programs, log)?)),
            None => {
                // trytond does not create a database file itself.
                write(&file(folder), "")?;
                Ok(Database::Sqlite(folder.to_owned()))
            }
        }
    }

    /// Returns the command for a script that works on a database. Its files are in the folder.
    fn script(&self, database: &Database, folder: &Path, name: &str, text: &str) -> Result<Command, SandboxError> {
        let path = folder.join(name);
        write(&path, text)?;
        let config = trytond::write_config(folder, &database.uri(), None, &Default::default())?;
        let mut command = trytond::script(self.venv, folder, &path, &config, self.sandbox)?;
        command.arg(config).arg(DATABASE);
        // Keeps the order of sets, and of the records created from them, the same in every run.
        command.env("PYTHONHASHSEED", "0").env("PYTHONWARNINGS", "ignore").env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }

    /// Closes a database and leaves its files in the folder.
    fn settle(&self, database: Database, folder: &Path, log: &Path) -> Result<(), SandboxError> {
        match database {
            Database::Sqlite(_) => {
                let mut command = self.venv.command();
                let settle = command.args(["-c", SETTLE]).arg(file(folder));
                step::run(settle, "closing the database", log, &Progress::silent())
            }
            Database::Postgresql(server) => server.keep(folder, log),
        }
    }
}

/// Copies a kept SQLite database into another folder.
pub(crate) fn copy_file(kept: &Path, folder: &Path) -> Result<(), SandboxError> {
    let copy = file(folder);
    fs::copy(file(kept), &copy).map_err(SandboxError::io("write", &copy)).map(drop)
}

fn password_file(folder: &Path) -> Result<PathBuf, SandboxError> {
    let path = folder.join("password");
    write(&path, PASSWORD)?;
    Ok(path)
}

fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    fs::write(path, text).map_err(SandboxError::io("write", path))
}

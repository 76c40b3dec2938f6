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

/// The URI of every database in SQLite: trytond finds the file by its name and the folder.
pub(crate) const SQLITE: &str = "sqlite://";

const INITIALISE: &str = include_str!("scripts/initialise.py");
const SETTLE: &str = include_str!("scripts/settle.py");
const SEED: &str = include_str!("scripts/seed.py");
const NAMES: &str = include_str!("scripts/names.py");
const RECORDS: &str = include_str!("scripts/records.py");

/// The file of a database of SQLite in a folder.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(format!("{DATABASE}.sqlite"))
}

/// A database that may be worked on, with its server if it needs one.
#[derive(Debug)]
pub(crate) enum Database {
    /// A file in this folder.
    Sqlite(PathBuf),
    /// Ends with this process.
    Postgresql(Postgresql),
}

impl Database {
    /// Where it is, as trytond's configuration says it.
    pub(crate) fn uri(&self) -> String {
        match self {
            Database::Sqlite(_) => SQLITE.to_owned(),
            Database::Postgresql(server) => server.uri(),
        }
    }

    /// The file, or the folder of PostgreSQL's files.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Database::Sqlite(folder) => file(folder),
            Database::Postgresql(server) => server.data(),
        }
    }
}

/// Where databases of a sandbox are made and kept.
pub(crate) struct Databases<'a> {
    sandbox: &'a Sandbox,
    venv: &'a Venv,
    layout: &'a Layout,
    progress: &'a Progress,
    /// Of PostgreSQL, for a sandbox that wants it.
    programs: Option<Programs>,
    /// Of modules that no package holds.
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

    /// The programs of PostgreSQL, if the sandbox wants it.
    pub(crate) fn programs(&self) -> Option<&Programs> {
        self.programs.as_ref()
    }

    /// The folder of the database that is kept for the sandbox, initialised and seeded now if need be.
    ///
    /// It holds files that no server has open.
    pub(crate) fn kept(&self) -> Result<PathBuf, SandboxError> {
        match self.sandbox.seed {
            Seed::None => self.initialised(),
            Seed::Small | Seed::Large => self.seeded(SEED, &[NAMES], &[PASSWORD, self.sandbox.seed.as_str()]),
            Seed::Records => self.seeded(RECORDS, &[], &[]),
        }
    }

    /// A copy of a kept database. One in SQLite is in `folder`.
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

    /// The database after a script that has these arguments, and may import what else there is in `names`.
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

    /// A mark of everything that a kept database comes from, beside the key of its sandbox and these scripts.
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
                // trytond makes no database file by itself.
                write(&file(folder), "")?;
                Ok(Database::Sqlite(folder.to_owned()))
            }
        }
    }

    /// A script that works on a database, with its files in the folder.
    fn script(&self, database: &Database, folder: &Path, name: &str, text: &str) -> Result<Command, SandboxError> {
        let path = folder.join(name);
        write(&path, text)?;
        let config = trytond::write_config(folder, &database.uri(), None, &Default::default())?;
        let mut command = trytond::script(self.venv, folder, &path, &config, self.sandbox)?;
        command.arg(config).arg(DATABASE);
        // Sets come in the same order every time, and so do the records made from them.
        command.env("PYTHONHASHSEED", "0").env("PYTHONWARNINGS", "ignore").env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }

    /// Leaves a database in the folder as files that nobody has open.
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

/// Copies a kept database of SQLite into another folder.
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

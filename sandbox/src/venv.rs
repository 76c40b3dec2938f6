use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fingerprint::fingerprint;
use crate::keep::keep;
use crate::layout::Layout;
use crate::progress::Progress;
use crate::python;
use crate::sandbox::{Sandbox, SandboxError, TESTS};
use crate::step;

/// The virtual environment with trytond of a series and its modules.
#[derive(Clone, Debug)]
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Returns the kept venv of the series and modules, and creates it if it is missing.
    pub(crate) fn keep(sandbox: &Sandbox, layout: &Layout, progress: &Progress) -> Result<Self, SandboxError> {
        let what = format!("Tryton {}", sandbox.series);
        let key = key(sandbox);
        let place = layout.venvs().join(&key);
        let folder = keep(&place, &what, progress, is_usable, |folder| {
            let python = python::find()?;
            create(&python, folder, &what, &layout.log(&format!("venv-{key}")), progress)?;
            let log = layout.log(&format!("pip-{key}"));
            let what = format!("{what}: installing from the package index");
            let mut pip = pip_install(folder);
            step::run(pip.args(requirements(sandbox)), &what, &log, progress)
        })?;
        Ok(Venv { folder })
    }

    /// Returns its folder, which is a new one each time the venv is created.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the path of the Python interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        python_of(&self.folder)
    }

    /// Returns a command that runs the interpreter, without the environment variables for other trytond installations.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.python());
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TRYTOND_") || text == "PYTHONPATH" || text == "PYTHONHOME" {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Returns the path of an installed script, such as `trytond`.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// Finds trytond without importing it, which would delay each start of a server.
const FIND: &str = "import importlib.util, sys; sys.exit(importlib.util.find_spec('trytond') is None)";

/// Returns whether the Python behind a venv still exists and finds trytond.
fn is_usable(folder: &Path) -> bool {
    let found = Command::new(python_of(folder)).args(["-I", "-c", FIND]).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// Creates an empty venv.
pub(crate) fn create(
    python: &Path,
    folder: &Path,
    what: &str,
    log: &Path,
    progress: &Progress,
) -> Result<(), SandboxError> {
    let what = format!("{what}: creating a venv");
    step::run(Command::new(python).args(["-m", "venv"]).arg(folder), &what, log, progress)
}

/// Returns a command that installs packages into a venv; the packages must be added.
pub(crate) fn pip_install(folder: &Path) -> Command {
    let mut pip = Command::new(python_of(folder));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]);
    pip
}

fn python_of(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

/// Returns the name under which the sandbox's venv is kept. It differs for other packages.
fn key(sandbox: &Sandbox) -> String {
    let packages = requirements(sandbox).join(" ");
    format!("{}-{:08x}", sandbox.clone().modules(modules(sandbox)).key(), fingerprint(&[&packages]) as u32)
}

/// Returns the modules to install for a sandbox. They include the default modules, so that most sandboxes share a venv.
fn modules(sandbox: &Sandbox) -> BTreeSet<String> {
    let mut modules = &sandbox.modules | &Sandbox::default().modules;
    // It is part of trytond.
    modules.remove(TESTS);
    modules
}

/// Returns the packages of a sandbox. All of Tryton's packages are of the same series.
fn requirements(sandbox: &Sandbox) -> Vec<String> {
    let series = sandbox.series;
    let modules = modules(sandbox).into_iter().map(|module| format!("trytond-{}", module.replace('_', "-")));
    ["trytond".to_owned(), "proteus".to_owned()]
        .into_iter()
        .chain(modules)
        .map(|package| format!("{package}=={series}.*"))
        .chain([series.extra_packages(), sandbox.backend.packages(series)].concat().into_iter().map(str::to_owned))
        .chain(["gunicorn>=25.1".to_owned()])
        .chain(sandbox.packages.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Backend, Series};

    #[test]
    fn every_package_of_tryton_is_of_the_series() {
        let sandbox = Sandbox::new(Series::V6_0).modules(["sale", "account_invoice"]);
        assert_eq!(
            requirements(&sandbox),
            [
                "trytond==6.0.*",
                "proteus==6.0.*",
                "trytond-account-invoice==6.0.*",
                "trytond-purchase==6.0.*",
                "trytond-sale==6.0.*",
                "setuptools<81",
                "gunicorn>=25.1",
            ]
        );
    }

    #[test]
    fn what_needs_no_package_of_its_own_shares_a_venv() {
        let sandbox = Sandbox::default();
        let tests = Sandbox::default().modules(["tests"]).gunicorn(75);
        assert_eq!((key(&tests), requirements(&tests)), (key(&sandbox), requirements(&sandbox)));
        assert!(key(&sandbox).starts_with(&sandbox.key()), "{}", key(&sandbox));
        assert_ne!(key(&sandbox), key(&sandbox.clone().modules(["stock"])));
        assert_ne!(key(&sandbox), key(&sandbox.clone().packages(["phonenumbers"])));
    }

    #[test]
    fn the_driver_of_postgresql_is_that_of_the_series() {
        let sandbox = Sandbox::default().backend(Backend::Postgresql);
        assert!(requirements(&sandbox).contains(&"psycopg[binary,pool]".to_owned()));
        assert!(
            requirements(&Sandbox::new(Series::V7_0).backend(Backend::Postgresql))
                .contains(&"psycopg2-binary".to_owned())
        );
        assert_ne!(key(&sandbox), key(&Sandbox::default()));
    }
}

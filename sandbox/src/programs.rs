use std::path::PathBuf;
use std::process::Command;

use crate::layout::Layout;
use crate::progress::Progress;
use crate::sandbox::{Sandbox, SandboxError};
use crate::venv::Venv;

/// A Python installation with trytond, its modules and proteus of a series, without a server.
///
/// ```no_run
/// use tryton_sandbox::{Programs, Progress, Sandbox};
///
/// let programs = Programs::provide(&Sandbox::default(), &Progress::stderr())?;
/// let status = programs.python().args(["-c", "import trytond; print(trytond.__version__)"]).status();
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Programs {
    venv: Venv,
    layout: Layout,
}

impl Programs {
    /// Provides the programs that run a server of the sandbox. Installs them from PyPI unless they are already kept.
    ///
    /// ```no_run
    /// use tryton_sandbox::{Programs, Progress, Sandbox, Series};
    ///
    /// let programs = Programs::provide(&Sandbox::new(Series::V7_0), &Progress::silent())?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn provide(sandbox: &Sandbox, progress: &Progress) -> Result<Self, SandboxError> {
        sandbox.check()?;
        let layout = Layout::from_env();
        Ok(Programs { venv: Venv::keep(sandbox, &layout, progress)?, layout })
    }

    /// Returns a command that runs Python, without the environment variables for other trytond installations.
    ///
    /// ```no_run
    /// # let programs = tryton_sandbox::Programs::provide(&Default::default(), &tryton_sandbox::Progress::silent())?;
    /// let mut proteus = programs.python();
    /// proteus.args(["-c", "import proteus"]);
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn python(&self) -> Command {
        self.venv.command()
    }

    /// Returns a folder for files that were created with these programs and are kept. Other programs get another folder.
    /// It may not exist yet.
    ///
    /// ```no_run
    /// # let programs = tryton_sandbox::Programs::provide(&Default::default(), &tryton_sandbox::Progress::silent())?;
    /// let databases = programs.kept("databases");
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn kept(&self, what: &str) -> PathBuf {
        let venv = self.venv.folder().file_name().unwrap_or_default();
        self.layout.root().join(what).join(venv)
    }
}

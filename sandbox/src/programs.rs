use std::path::PathBuf;
use std::process::Command;

use crate::layout::Layout;
use crate::progress::Progress;
use crate::sandbox::{Sandbox, SandboxError};
use crate::venv::Venv;

/// The Python with trytond, its modules and proteus of a series, without a server.
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
    /// Provides the programs that a server of the sandbox would be run with, from PyPI unless they are kept already.
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
    /// Every [`SandboxError`] says what to do.
    pub fn provide(sandbox: &Sandbox, progress: &Progress) -> Result<Self, SandboxError> {
        sandbox.check()?;
        let layout = Layout::from_env();
        Ok(Programs { venv: Venv::keep(sandbox, &layout, progress)?, layout })
    }

    /// A command that runs Python, whatever the environment says to other installations of trytond.
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

    /// A folder for what is made with these programs and kept: with others, it is another one. It may not exist yet.
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

use std::path::PathBuf;
use std::process::Command;

use crate::layout::Layout;
use crate::progress::Progress;
use crate::sandbox::{Sandbox, SandboxError};
use crate::venv::Venv;

/// The Python with trytond, its modules and proteus of a series, without a server.
#[derive(Clone, Debug)]
pub struct Programs {
    venv: Venv,
    layout: Layout,
}

impl Programs {
    /// Provides the programs that a server of the sandbox would be run with, from PyPI unless they are kept already.
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
    #[must_use]
    pub fn python(&self) -> Command {
        self.venv.command()
    }

    /// A folder for what is made with these programs and kept: with others, it is another one. It may not exist yet.
    #[must_use]
    pub fn kept(&self, what: &str) -> PathBuf {
        let venv = self.venv.folder().file_name().unwrap_or_default();
        self.layout.root().join(what).join(venv)
    }
}

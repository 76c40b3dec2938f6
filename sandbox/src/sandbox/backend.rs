use serde::{Deserialize, Serialize};

use crate::sandbox::Series;

/// The database backend of a sandbox.
///
/// ```
/// use tryton_sandbox::Backend;
///
/// assert_eq!("postgresql".parse::<Backend>()?, Backend::Postgresql);
/// assert_eq!(Backend::default(), Backend::Sqlite);
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// SQLite, in one file.
    #[default]
    Sqlite,
    /// PostgreSQL, with its own database server for every trytond.
    Postgresql,
}

impl Backend {
    /// All backends, the default first.
    pub const ALL: [Backend; 2] = [Backend::Sqlite, Backend::Postgresql];

    /// Returns the backend's name, such as `sqlite`.
    ///
    /// ```
    /// assert_eq!(tryton_sandbox::Backend::Sqlite.as_str(), "sqlite");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Backend::Sqlite => "sqlite",
            Backend::Postgresql => "postgresql",
        }
    }

    /// Returns the Python packages that trytond of this series needs for the backend.
    pub(crate) fn packages(self, series: Series) -> &'static [&'static str] {
        match (self, series) {
            (Backend::Sqlite, _) => &[],
            (Backend::Postgresql, Series::V6_0 | Series::V7_0) => &["psycopg2-binary"],
            (Backend::Postgresql, Series::V8_0 | Series::V8_2) => &["psycopg[binary,pool]"],
        }
    }
}

by_name!(Backend, UnknownBackend);

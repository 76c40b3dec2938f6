use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Writes and reads a choice by its name in commands: its `as_str` among `ALL`.
macro_rules! by_name {
    ($choice:ident, $unknown:ident) => {
        impl std::fmt::Display for $choice {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $choice {
            type Err = crate::sandbox::SandboxError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.into_iter().find(|choice| choice.as_str() == text);
                found.ok_or_else(|| crate::sandbox::SandboxError::$unknown(text.to_owned()))
            }
        }
    };
}

mod backend;
mod error;
mod seed;
mod series;

pub use backend::Backend;
pub use error::SandboxError;
pub use seed::Seed;
pub use series::Series;

pub(crate) use error::OLDEST_PYTHON;

use crate::fingerprint::fingerprint;

/// trytond's built-in test module.
pub(crate) const TESTS: &str = "tests";

/// The description of a server to start: its series, modules, demo data, backend and settings.
///
/// ```
/// use tryton_sandbox::{Sandbox, Seed, Series};
///
/// let sandbox = Sandbox::new(Series::V7_0).modules(["sale"]).seed(Seed::None).config("database", "list", "false");
/// assert_eq!(sandbox.to_string(), "Tryton 7.0 with sale");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    pub(crate) series: Series,
    pub(crate) modules: BTreeSet<String>,
    /// Modules that come from a folder instead of a package, by name.
    #[serde(default)]
    pub(crate) own: BTreeMap<String, PathBuf>,
    /// Optional Python packages for the modules.
    #[serde(default)]
    pub(crate) packages: BTreeSet<String>,
    pub(crate) seed: Seed,
    #[serde(default)]
    pub(crate) backend: Backend,
    pub(crate) port: Option<u16>,
    /// How long gunicorn keeps idle connections open, in seconds. `None`: trytond's own server is used.
    #[serde(default)]
    pub(crate) gunicorn: Option<u32>,
    pub(crate) config: BTreeMap<String, BTreeMap<String, String>>,
}

/// The newest series, with the default modules and demo data.
impl Default for Sandbox {
    fn default() -> Self {
        Self::new(Series::default())
    }
}

impl Sandbox {
    /// Creates a sandbox of a series with the modules `sale` and `purchase` and the small seed, on SQLite.
    ///
    /// ```
    /// use tryton_sandbox::{Sandbox, Series};
    ///
    /// let sandbox = Sandbox::new(Series::V8_0);
    /// assert_eq!(sandbox.to_string(), "Tryton 8.0 with purchase, sale and the small seed");
    /// ```
    #[must_use]
    pub fn new(series: Series) -> Self {
        Sandbox {
            series,
            modules: ["sale", "purchase"].map(str::to_owned).into(),
            own: BTreeMap::new(),
            packages: BTreeSet::new(),
            seed: Seed::default(),
            backend: Backend::default(),
            port: None,
            gunicorn: None,
            config: BTreeMap::new(),
        }
    }

    /// Sets the modules, by their technical names (`account_invoice`); modules they depend on are added.
    ///
    /// `tests` is trytond's built-in test module. It has models for every field type, named `test.…`.
    ///
    /// ```
    /// let sandbox = tryton_sandbox::Sandbox::default().modules(["account_invoice", "sale"]);
    /// assert_eq!(sandbox.to_string(), "Tryton 8.2 with account_invoice, sale and the small seed");
    /// ```
    #[must_use]
    pub fn modules<M: Into<String>>(mut self, modules: impl IntoIterator<Item = M>) -> Self {
        self.modules = modules.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a module of your own from a folder. The folder's name is the module's name.
    ///
    /// The module is activated along with the others. [`modules`](Self::modules) must include the modules it depends on,
    /// except `ir` and `res`. The module must register its classes in a function `register`, which all series support.
    ///
    /// ```
    /// let sandbox = tryton_sandbox::Sandbox::default().modules(["sale"]).module_at("modules/webshop");
    /// assert_eq!(sandbox.to_string(), "Tryton 8.2 with sale, webshop and the small seed");
    /// ```
    #[must_use]
    pub fn module_at(mut self, folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.own.insert(name, folder.to_owned());
        self
    }

    /// Sets additional Python packages to install, such as `phonenumbers`, which modules use if available.
    ///
    /// ```
    /// let sandbox = tryton_sandbox::Sandbox::default().modules(["party"]).packages(["phonenumbers"]);
    /// ```
    #[must_use]
    pub fn packages<P: Into<String>>(mut self, packages: impl IntoIterator<Item = P>) -> Self {
        self.packages = packages.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the demo data.
    ///
    /// ```
    /// use tryton_sandbox::{Sandbox, Seed};
    ///
    /// let empty = Sandbox::default().seed(Seed::None);
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the database backend.
    ///
    /// ```
    /// use tryton_sandbox::{Backend, Sandbox};
    ///
    /// let sandbox = Sandbox::default().backend(Backend::Postgresql);
    /// assert_eq!(sandbox.to_string(), "Tryton 8.2 with purchase, sale on PostgreSQL and the small seed");
    /// ```
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// Sets the port. By default the server uses a free port.
    ///
    /// ```
    /// let sandbox = tryton_sandbox::Sandbox::default().port(8000);
    /// ```
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Serves with gunicorn, in one process with four threads. Idle connections stay open for `keep_alive` seconds.
    ///
    /// trytond's own server closes each connection after the response.
    ///
    /// ```
    /// let sandbox = tryton_sandbox::Sandbox::default().gunicorn(75);
    /// ```
    #[must_use]
    pub fn gunicorn(mut self, keep_alive: u32) -> Self {
        self.gunicorn = Some(keep_alive);
        self
    }

    /// Sets an entry in trytond's configuration file.
    ///
    /// ```
    /// // Sessions that end after a minute without a call.
    /// let sandbox = tryton_sandbox::Sandbox::default().config("session", "timeout", "60");
    /// ```
    #[must_use]
    pub fn config(mut self, section: &str, key: &str, value: &str) -> Self {
        self.config.entry(section.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
        self
    }

    /// Whether trytond's test module is among the modules.
    pub(crate) fn has_tests(&self) -> bool {
        self.modules.contains(TESTS)
    }

    /// Checks that the module names are valid, because they become file names and pip arguments, that the folders contain
    /// modules, and that the module required by the seed is included.
    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if let Some(folder) = self.own.values().find(|folder| !folder.join("tryton.cfg").is_file()) {
            return Err(SandboxError::NoModule(folder.clone()));
        }
        match self.modules.iter().chain(self.own.keys()).find(|name| !is_name(name)) {
            Some(name) => Err(SandboxError::ModuleName(name.clone())),
            None if self.seed == Seed::Records && !self.has_tests() => {
                Err(SandboxError::SeedWithoutModule { seed: self.seed.as_str(), module: TESTS })
            }
            None => Ok(()),
        }
    }

    /// Returns a file name for this series, backend and set of packaged modules.
    pub(crate) fn key(&self) -> String {
        const LONGEST: usize = 60;
        let modules = self.modules.iter().map(String::as_str).collect::<Vec<_>>().join("+");
        let mut key = format!("{}-{modules}", self.series);
        if key.len() > LONGEST {
            key.truncate(LONGEST);
            let _ = write!(key, "…{:016x}", fingerprint(&[&modules]));
        }
        if self.backend != Backend::Sqlite {
            let _ = write!(key, "-{}", self.backend);
        }
        key
    }

    /// Whether a server started for `other` meets this sandbox's requirements.
    pub(crate) fn is_met_by(&self, other: &Sandbox) -> bool {
        let port_fits = self.port.is_none() || self.port == other.port;
        port_fits && Sandbox { port: other.port, ..self.clone() } == *other
    }
}

impl std::fmt::Display for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let modules = self.modules.iter().chain(self.own.keys()).map(String::as_str).collect::<Vec<_>>().join(", ");
        write!(f, "Tryton {} with {modules}", self.series)?;
        if self.backend == Backend::Postgresql {
            write!(f, " on PostgreSQL")?;
        }
        if self.gunicorn.is_some() {
            write!(f, " under gunicorn")?;
        }
        match self.seed {
            Seed::None => Ok(()),
            seed => write!(f, " and the {} seed", seed.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_does_not_depend_on_the_order_of_the_modules() {
        let one = Sandbox::default().modules(["sale", "purchase"]);
        let other = Sandbox::default().modules(["purchase", "sale"]);
        assert_eq!(one.key(), "8.2-purchase+sale");
        assert_eq!(one.key(), other.key());
        assert_eq!(one.backend(Backend::Postgresql).key(), "8.2-purchase+sale-postgresql");
    }

    #[test]
    fn records_are_refused_without_their_module() {
        let sandbox = Sandbox::default().seed(Seed::Records);
        let error = sandbox.check().expect_err("there is no `tests`").to_string();
        assert_eq!(error, "the seed `records` needs the module `tests`: name it among the modules");
        assert!(sandbox.modules(["tests"]).check().is_ok());
    }

    #[test]
    fn long_lists_of_modules_have_short_and_different_keys() {
        let names: Vec<String> = (0..100).map(|n| format!("module_{n}")).collect();
        let all = Sandbox::default().modules(names.iter());
        let most = Sandbox::default().modules(names.iter().take(99));
        assert!(all.key().len() < 100, "{}", all.key());
        assert_ne!(all.key(), most.key());
    }

    #[test]
    fn a_module_name_that_is_none_is_refused() {
        for name in ["", "../sale", "--index-url", "Sale", "sale==1"] {
            let error = Sandbox::default().modules([name]).check().expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
        assert!(Sandbox::default().modules(["account_invoice"]).check().is_ok());
    }

    #[test]
    fn a_folder_without_a_module_is_refused() {
        let error = Sandbox::default().module_at("/nowhere/shop").check().expect_err("there is no module").to_string();
        assert_eq!(error, "there is no Tryton module in /nowhere/shop: its folder holds a file `tryton.cfg`");
    }

    #[test]
    fn any_port_will_do_unless_one_is_named() {
        let running = Sandbox::default().port(8000);
        assert!(Sandbox::default().is_met_by(&running));
        assert!(Sandbox::default().port(8000).is_met_by(&running));
        assert!(!Sandbox::default().port(8001).is_met_by(&running));
        assert!(!Sandbox::default().seed(Seed::Large).is_met_by(&running));
        assert!(!Sandbox::default().backend(Backend::Postgresql).is_met_by(&running));
    }
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::backend::Backend;
use super::error::SandboxError;
use super::series::Series;

/// The module that trytond itself is tested with, and comes with.
pub(crate) const TESTS: &str = "tests";

/// The demo data of a sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seed {
    /// None: the database as its initialisation leaves it.
    None,
    /// A company, 20 parties, 12 products and 50 sales.
    #[default]
    Small,
    /// A company, 1,000 parties, 100 products and 1,000 sales of 5 lines each.
    Large,
    /// 100,000 records of `test.char`, of the module `tests`: enough to read page by page.
    ///
    /// They are inserted by SQL and look as if the user `admin` had created them: `char` counts from `record 000001` to
    /// `record 100000`, in the order of the ids.
    Records,
}

impl Seed {
    /// The seed as it is written: `small`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Seed::None => "none",
            Seed::Small => "small",
            Seed::Large => "large",
            Seed::Records => "records",
        }
    }
}

impl FromStr for Seed {
    type Err = SandboxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Seed::None, Seed::Small, Seed::Large, Seed::Records]
            .into_iter()
            .find(|seed| seed.as_str() == text)
            .ok_or_else(|| SandboxError::UnknownSeed(text.to_owned()))
    }
}

/// Which server a sandbox is to provide.
///
/// ```
/// use tryton_sandbox::{Seed, Series, Spec};
///
/// let spec = Spec::default().series(Series::V7_0).seed(Seed::None).config("database", "list", "false");
/// # assert_eq!(spec.to_string(), "Tryton 7.0 with purchase, sale");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub(crate) series: Series,
    pub(crate) modules: BTreeSet<String>,
    /// Modules that no package holds, by their names.
    #[serde(default)]
    pub(crate) own: BTreeMap<String, PathBuf>,
    /// Packages of Python that the modules can use and do not ask for.
    #[serde(default)]
    pub(crate) packages: BTreeSet<String>,
    pub(crate) seed: Seed,
    #[serde(default)]
    pub(crate) backend: Backend,
    pub(crate) port: Option<u16>,
    /// The seconds for which gunicorn keeps an idle connection. None: trytond serves by itself.
    #[serde(default)]
    pub(crate) gunicorn: Option<u32>,
    pub(crate) config: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Spec {
    fn default() -> Self {
        Spec {
            series: Series::default(),
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
}

impl Spec {
    /// The same with another series.
    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series = series;
        self
    }

    /// The same with other modules, named as Tryton names them (`account_invoice`). Those they depend on come along.
    ///
    /// `tests` is the module that trytond itself is tested with: models for every type of field, named `test.…`.
    #[must_use]
    pub fn modules<M: Into<String>>(mut self, modules: impl IntoIterator<Item = M>) -> Self {
        self.modules = modules.into_iter().map(Into::into).collect();
        self
    }

    /// The same with one more module, which is in this folder and has its name: one of your own, of no package.
    ///
    /// It is activated beside the others. What it depends on, apart from `ir` and `res`, has to be among
    /// [`modules`](Self::modules). It registers its classes by a function `register`, as all series let a module do.
    #[must_use]
    pub fn module_at(mut self, folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.own.insert(name, folder.to_owned());
        self
    }

    /// The same with packages of Python beside the modules, which use them where they are installed: `phonenumbers`.
    #[must_use]
    pub fn packages<P: Into<String>>(mut self, packages: impl IntoIterator<Item = P>) -> Self {
        self.packages = packages.into_iter().map(Into::into).collect();
        self
    }

    /// The same with other demo data.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// The same with the database in another backend.
    #[must_use]
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// The same at a given port instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The same served by gunicorn, one process of four threads, which keeps an idle connection for so many seconds.
    ///
    /// The server that comes with trytond closes each connection behind its answer.
    #[must_use]
    pub fn gunicorn(mut self, keep_alive: u32) -> Self {
        self.gunicorn = Some(keep_alive);
        self
    }

    /// The same with one more entry in trytond's configuration file.
    #[must_use]
    pub fn config(mut self, section: &str, key: &str, value: &str) -> Self {
        self.config.entry(section.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
        self
    }

    /// Whether trytond's own module is among the modules.
    pub(crate) fn has_tests(&self) -> bool {
        self.modules.contains(TESTS)
    }

    /// Checks that the modules' names are names, since they become file names and arguments of pip, and that the seed
    /// has its module.
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

    /// The file name under which what belongs to this series, these modules of packages and this backend is kept.
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

    /// Whether a server made for `other` serves for this one too.
    pub(crate) fn is_met_by(&self, other: &Spec) -> bool {
        let port_fits = self.port.is_none() || self.port == other.port;
        port_fits && Spec { port: other.port, ..self.clone() } == *other
    }
}

impl std::fmt::Display for Spec {
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

/// A short mark of texts (FNV-1a), the same in every run and on every machine.
pub(crate) fn fingerprint(texts: &[&str]) -> u64 {
    texts
        .iter()
        .flat_map(|text| text.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_does_not_depend_on_the_order_of_the_modules() {
        let one = Spec::default().modules(["sale", "purchase"]);
        let other = Spec::default().modules(["purchase", "sale"]);
        assert_eq!(one.key(), "8.2-purchase+sale");
        assert_eq!(one.key(), other.key());
        assert_eq!(one.backend(Backend::Postgresql).key(), "8.2-purchase+sale-postgresql");
    }

    #[test]
    fn records_are_refused_without_their_module() {
        let spec = Spec::default().seed(Seed::Records);
        let error = spec.check().expect_err("there is no `tests`").to_string();
        assert_eq!(error, "the seed `records` needs the module `tests`: name it among the modules");
        assert!(spec.modules(["tests"]).check().is_ok());
    }

    #[test]
    fn long_lists_of_modules_have_short_and_different_keys() {
        let names: Vec<String> = (0..100).map(|n| format!("module_{n}")).collect();
        let all = Spec::default().modules(names.iter());
        let most = Spec::default().modules(names.iter().take(99));
        assert!(all.key().len() < 100, "{}", all.key());
        assert_ne!(all.key(), most.key());
    }

    #[test]
    fn a_module_name_that_is_none_is_refused() {
        for name in ["", "../sale", "--index-url", "Sale", "sale==1"] {
            let error = Spec::default().modules([name]).check().expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
        assert!(Spec::default().modules(["account_invoice"]).check().is_ok());
    }

    #[test]
    fn a_folder_without_a_module_is_refused() {
        let error = Spec::default().module_at("/nowhere/shop").check().expect_err("there is no module").to_string();
        assert_eq!(error, "there is no Tryton module in /nowhere/shop: its folder holds a file `tryton.cfg`");
    }

    #[test]
    fn any_port_will_do_unless_one_is_named() {
        let running = Spec::default().port(8000);
        assert!(Spec::default().is_met_by(&running));
        assert!(Spec::default().port(8000).is_met_by(&running));
        assert!(!Spec::default().port(8001).is_met_by(&running));
        assert!(!Spec::default().seed(Seed::Large).is_met_by(&running));
        assert!(!Spec::default().backend(Backend::Postgresql).is_met_by(&running));
    }

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(&["foo", "bar"]), 0x8594_4171_f739_67e8);
    }
}

use serde::{Deserialize, Serialize};

/// The demo data of a sandbox. It is the same on every run and for every series.
///
/// ```
/// use tryton_sandbox::Seed;
///
/// assert_eq!("large".parse::<Seed>()?, Seed::Large);
/// assert_eq!(Seed::default(), Seed::Small);
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seed {
    /// No demo data: the database as initialised.
    None,
    /// A company, 20 parties, 12 products and 50 sales, as far as the activated modules have models for them.
    #[default]
    Small,
    /// A company, 1,000 parties, 100 products and 1,000 sales of 5 lines each.
    Large,
    /// 100,000 records of `test.char`, from the module `tests`: enough for paging.
    ///
    /// They are inserted with SQL, with the user `admin` as their creator. `char` runs from `record 000001` to `record
    /// 100000` in the order of the ids.
    Records,
}

impl Seed {
    /// All seeds, from smallest to largest.
    pub const ALL: [Seed; 4] = [Seed::None, Seed::Small, Seed::Large, Seed::Records];

    /// Returns the seed's name, such as `small`.
    ///
    /// ```
    /// assert_eq!(tryton_sandbox::Seed::Small.as_str(), "small");
    /// ```
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

by_name!(Seed, UnknownSeed);

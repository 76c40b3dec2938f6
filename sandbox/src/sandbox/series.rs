use serde::{Deserialize, Serialize};

use crate::sandbox::SandboxError;

/// A series of Tryton that the sandbox can provide.
///
/// ```
/// use tryton_sandbox::Series;
///
/// assert_eq!("8.0".parse::<Series>()?, Series::V8_0);
/// assert_eq!(Series::default(), Series::V8_2);
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Series {
    /// 6.0, long-term support.
    V6_0,
    /// 7.0, long-term support.
    V7_0,
    /// 8.0, long-term support.
    V8_0,
    /// 8.2.
    #[default]
    V8_2,
}

impl Series {
    /// All series, oldest first.
    pub const ALL: [Series; 4] = [Series::V6_0, Series::V7_0, Series::V8_0, Series::V8_2];

    /// Returns the series as text, such as `8.2`.
    ///
    /// ```
    /// assert_eq!(tryton_sandbox::Series::V8_2.as_str(), "8.2");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Series::V6_0 => "6.0",
            Series::V7_0 => "7.0",
            Series::V8_0 => "8.0",
            Series::V8_2 => "8.2",
        }
    }

    /// Returns the path for calls that need no database.
    pub(crate) fn root_path(self) -> &'static str {
        match self {
            Series::V6_0 | Series::V7_0 => "/",
            Series::V8_0 | Series::V8_2 => "/rpc/",
        }
    }

    /// Returns packages that this series needs but does not declare.
    pub(crate) fn extra_packages(self) -> &'static [&'static str] {
        match self {
            // It finds its modules through `pkg_resources`, which newer versions of setuptools removed.
            Series::V6_0 => &["setuptools<81"],
            Series::V7_0 | Series::V8_0 | Series::V8_2 => &[],
        }
    }
}

by_name!(Series, UnknownSeries);

impl From<Series> for String {
    fn from(series: Series) -> Self {
        series.as_str().to_owned()
    }
}

impl TryFrom<String> for Series {
    type Error = SandboxError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_reads_back_as_it_is_written() {
        for series in Series::ALL {
            assert_eq!(series.to_string().parse::<Series>().ok(), Some(series));
        }
    }

    #[test]
    fn an_unknown_series_is_answered_with_the_known_ones() {
        let error = "9.9".parse::<Series>().expect_err("there is no 9.9");
        assert_eq!(error.to_string(), "there is no sandbox for Tryton 9.9: choose 6.0, 7.0, 8.0 or 8.2");
    }
}

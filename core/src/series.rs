use std::fmt;
use std::str::FromStr;

/// A series of Tryton: what is the same in all of a release's versions, like `8.2`.
///
/// ```
/// use tryton_sdk::Series;
///
/// assert!(Series::new(8, 2) > Series::new(7, 0));
/// assert_eq!(Series::new(6, 0).to_string(), "6.0");
/// assert_eq!("7.0.32".parse(), Ok(Series::new(7, 0)));
/// # Ok::<(), tryton_sdk::error::ParseSeriesError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    major: u16,
    minor: u16,
}

impl Series {
    /// The series `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The number before the point.
    pub const fn major(self) -> u16 {
        self.major
    }

    /// The number after the point.
    pub const fn minor(self) -> u16 {
        self.minor
    }
}

/// Reads the text of a series, or of a version of it: `8.2`, `6.0.76`.
impl FromStr for Series {
    type Err = ParseSeriesError;

    fn from_str(text: &str) -> Result<Self, ParseSeriesError> {
        let parse = || {
            let mut parts = text.split('.');
            Some(Self::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        };
        parse().ok_or_else(|| ParseSeriesError { text: text.chars().take(40).collect() })
    }
}

/// A text that is no series of Tryton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseSeriesError {
    text: String,
}

impl fmt::Display for ParseSeriesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid value: {:?}, expected a series of Tryton such as `8.2`", self.text)
    }
}

impl std::error::Error for ParseSeriesError {}

/// What a client does differently from series to series. The layout of the URLs is told by the server's answers.
impl Series {
    /// `state:string` is answered with the label of the field's value. To 6.0 it is no field.
    pub(crate) fn sends_labels(self) -> bool {
        self > Self::new(6, 0)
    }

    /// Of the past, a search leaves out what was deleted or replaced by then only after SQL has counted offset and limit:
    /// a page may be short or empty and not be the last. Since 8.0 it is part of the query.
    pub(crate) fn filters_history_after_limit(self) -> bool {
        self < Self::new(8, 0)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

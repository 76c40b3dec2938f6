use std::fmt;

/// A series of Tryton: what is the same in all of a release's versions, like `8.2`.
///
/// ```
/// use tryton_sdk::Series;
///
/// assert!(Series::new(8, 2) > Series::new(7, 0));
/// assert_eq!(Series::new(6, 0).to_string(), "6.0");
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

    /// Reads it from a server's version, which is `"8.2"` of some series and `"6.0.76"` of others.
    pub fn of_version(version: &str) -> Option<Self> {
        let mut parts = version.split('.');
        Some(Self::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

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

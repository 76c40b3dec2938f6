//! Places in the order of changes.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::value::DateTime;

/// A position in the order of changes, where [`Search::changed_since`](crate::Search::changed_since) starts.
///
/// Each [`Change`](crate::Change) has the mark for continuing after it. Store it as text, in a file or a database:
/// `2026-02-28T12:00:00.25/7` is after the record 7, `2026-02-28T12:00:00` before all records of that time. Serde uses
/// the same text. A [`DateTime`] is a mark as well. The default is the start of all changes.
///
/// ```
/// use tryton_sdk::{DateTime, Mark};
///
/// let mark: Mark = "2026-02-28T12:00:00.25/7".parse()?;
/// assert_eq!(mark.to_string(), "2026-02-28T12:00:00.25/7");
/// assert!(mark > Mark::from(DateTime::constant(2026, 2, 28, 12, 0, 0, 0)));
/// assert!(Mark::default() < mark);
/// # Ok::<(), tryton_sdk::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    at: DateTime,
    /// Behind which of the records of that time; before them all without it.
    id: Option<i64>,
}

/// The first time that Python knows.
const BEGINNING: DateTime = DateTime::constant(1, 1, 1, 0, 0, 0, 0);

impl Mark {
    pub(super) fn behind(at: DateTime, id: i64) -> Self {
        Self { at, id: Some(id) }
    }

    pub(super) fn at(&self) -> DateTime {
        self.at
    }

    pub(super) fn id(&self) -> Option<i64> {
        self.id
    }
}

impl Default for Mark {
    fn default() -> Self {
        BEGINNING.into()
    }
}

/// Creates the mark before all changes of that time, by the server's clock.
impl From<DateTime> for Mark {
    fn from(at: DateTime) -> Self {
        Self { at, id: None }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.at)?;
        self.id.map_or(Ok(()), |id| write!(f, "/{id}"))
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mark({self})")
    }
}

impl FromStr for Mark {
    type Err = Error;

    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if the text is not a mark.
    fn from_str(text: &str) -> Result<Self> {
        let (at, id) = match text.split_once('/') {
            Some((at, id)) => (at, Some(id.parse().map_err(|e| no_mark(text).caused_by(e))?)),
            None => (text, None),
        };
        Ok(Self { at: at.parse().map_err(|e| no_mark(text).caused_by(e))?, id })
    }
}

fn no_mark(text: &str) -> Error {
    Error::invalid_request(format!("`{text}` is no mark: expected a time, or a time, `/` and an id"))
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_from_text_and_json() {
        let at = DateTime::constant(2026, 2, 28, 23, 59, 59, 1_000);
        for mark in [Mark::default(), at.into(), Mark::behind(at, 0), Mark::behind(at, i64::MAX)] {
            let text = mark.to_string();
            assert_eq!(text.parse::<Mark>().expect("a mark"), mark);
            let json = serde_json::to_string(&mark).expect("JSON");
            assert_eq!((json.as_str(), serde_json::from_str(&json).ok()), (&*format!("\"{text}\""), Some(mark)));
        }
    }

    #[test]
    fn marks_are_in_the_order_of_time_and_id() {
        let [first, second] = [1, 2].map(|second| DateTime::constant(2026, 2, 28, 12, 0, second, 0));
        let ordered =
            [Mark::default(), first.into(), Mark::behind(first, 2), Mark::behind(first, 10), Mark::from(second)];
        assert!(ordered.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn other_texts_are_errors_that_show_them() {
        for text in ["", "yesterday", "2026-02-28T12:00:00/", "2026-02-28T12:00:00/x", "2026-02-30T12:00:00"] {
            let error = text.parse::<Mark>().expect_err("no mark");
            assert!(
                error.is_invalid_request() && error.to_string().contains(&format!("`{text}` is no mark")),
                "{error}"
            );
        }
    }
}

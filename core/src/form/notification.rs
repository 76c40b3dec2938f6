//! Notifications of the server about a form.

use serde_json::Value;

use crate::error::{Error, Result};

/// A remark of the server about the current values of a record, from [`Form::notifications`](crate::Form::notifications).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// How serious it is.
    pub level: Level,
    /// The remark, in the language of the client's context.
    pub message: String,
}

/// How serious a [`Notification`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Information.
    Info,
    /// A warning. Unknown levels count as this one.
    Warning,
    /// An error.
    Error,
}

/// Reads the response of `on_change_notify`: pairs of a level and a message.
pub(super) fn read(answer: &Value) -> Result<Vec<Notification>> {
    let pairs = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let notification = |pair: &Value| {
        let (level, message) = pair.get(0).and_then(Value::as_str).zip(pair.get(1).and_then(Value::as_str))?;
        let level = match level {
            "info" => Level::Info,
            "error" => Level::Error,
            _ => Level::Warning,
        };
        Some(Notification { level, message: message.to_owned() })
    };
    pairs.iter().map(notification).collect::<Option<_>>().ok_or_else(|| {
        let reason = "expected a pair of a level and a message for a notification".to_owned();
        Error::decode(None, "on_change_notify".to_owned(), reason, false)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn levels_that_are_not_known_are_to_be_looked_at() {
        let read = |level: &str| read(&json!([[level, "Look."]])).expect("a notification")[0].level;
        assert_eq!(
            ["info", "warning", "error", "danger"].map(read),
            [Level::Info, Level::Warning, Level::Error, Level::Warning]
        );
        assert!(super::read(&json!(["info"])).expect_err("no pair").is_decode());
    }
}

//! How a field is used, as far as the tokens around it show.

use proc_macro2::{Delimiter, TokenTree};

use super::tokens::{is, is_group};

/// The methods of a field that create a condition.
const CONDITIONS: [&str; 30] = [
    "is",
    "is_not",
    "is_in",
    "not_in",
    "is_null",
    "is_not_null",
    "has_any",
    "has_none",
    "lt",
    "le",
    "gt",
    "ge",
    "like",
    "not_like",
    "ilike",
    "not_ilike",
    "contains",
    "icontains",
    "starts_with",
    "istarts_with",
    "ends_with",
    "iends_with",
    "whose",
    "is_a",
    "any",
    "none",
    "child_of",
    "not_child_of",
    "parent_of",
    "not_parent_of",
];

/// The methods whose argument is a field to change.
const CHANGES: [&str; 10] = ["set", "clear", "add", "link", "unlink", "remove", "delete", "update", "copy", "replace"];

/// The methods whose argument is a field to read.
const READS: [&str; 11] =
    ["select", "get", "peek", "size", "row", "row_by_id", "len", "rows", "states", "choices", "autocomplete"];

/// What a program does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Read,
    Filter,
    Order,
    Write,
    /// The tokens do not show it: it may be anything.
    Unclear,
}

impl How {
    pub(super) fn may_order(self) -> bool {
        matches!(self, Self::Order | Self::Unclear)
    }

    pub(super) fn may_filter(self) -> bool {
        matches!(self, Self::Filter | Self::Unclear)
    }

    pub(super) fn may_write(self) -> bool {
        matches!(self, Self::Write | Self::Unclear)
    }

    /// Determines the use from the tokens after the field, or else from the method that has it as an argument.
    pub(super) fn of(behind: &[TokenTree], method: Option<&str>) -> Self {
        let called = match behind {
            // The value of a dictionary's key is used like a field.
            [dot, TokenTree::Ident(key), arguments, rest @ ..]
                if is(dot, '.') && key == "key" && is_group(arguments, Delimiter::Parenthesis) =>
            {
                return Self::of(rest, method);
            }
            [dot, TokenTree::Ident(called), ..] if is(dot, '.') => Some(called.to_string()),
            _ => None,
        };
        match (called.as_deref(), method) {
            (Some("asc" | "desc" | "then"), _) => Self::Order,
            (Some(condition), _) if CONDITIONS.contains(&condition) => Self::Filter,
            (Some("choices" | "choices_for"), _) => Self::Read,
            (None, Some(method)) if CHANGES.contains(&method) => Self::Write,
            (None, Some(method)) if READS.contains(&method) => Self::Read,
            _ => Self::Unclear,
        }
    }
}

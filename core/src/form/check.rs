//! Violations of a form's rules, found before the server is asked.

use std::fmt;

use serde_json::Value;

/// The violations found by [`Form::check`](crate::Form::check); empty if there are none.
///
/// Its `Display` has one line for each violation.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "violations are not an error by themselves: check `is_empty`"]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(super) fn new(violations: Vec<Violation>) -> Self {
        Self(violations)
    }

    /// Whether there are no violations.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of violations.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the violations; those of the record come before those of its rows.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, violation) in self.iter().enumerate() {
            let line_break = if number > 0 { "\n" } else { "" };
            write!(f, "{line_break}{violation}")?;
        }
        Ok(())
    }
}

/// A field of a form whose value violates one of its rules.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.*"] } }
/// use erp::Sale;
/// use tryton_sdk::form::Rule;
/// use tryton_sdk::{Form, Result};
///
/// /// The required fields that are still empty.
/// async fn missing(sale: &mut Form<Sale>) -> Result<Vec<String>> {
///     let violations = sale.check().await?;
///     Ok(violations.into_iter().filter(|found| found.rule == Rule::Required).map(|found| found.path).collect())
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// The path of the value from the record at the top of the form: `lines[1].product`. The first row is 0.
    pub path: String,
    /// The model of the record, such as `sale.line`.
    pub model: String,
    /// The id of the record: negative for a new one.
    pub id: i64,
    /// The name of the field.
    pub field: String,
    /// The label of the field, in the language of the client's context.
    pub label: String,
    /// The violated rule.
    pub rule: Rule,
}

/// `lines[1].product` (Product) needs a value
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.path)?;
        if !self.label.is_empty() {
            write!(f, " ({})", self.label)?;
        }
        write!(f, " {}", self.rule)
    }
}

/// A rule for the values of a field.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// The field needs a value.
    Required,
    /// A text or a list is too long.
    #[non_exhaustive]
    Size {
        /// The number of characters or records.
        is: usize,
        /// The greatest number allowed.
        most: usize,
    },
    /// A number has too many digits.
    #[non_exhaustive]
    Digits {
        /// How many digits are allowed before the decimal point; `None` for any number.
        before: Option<u32>,
        /// How many digits are allowed after the decimal point; `None` for any number.
        after: Option<u32>,
    },
    /// The value does not satisfy this domain, which is evaluated for the record. For a relation, it is a domain of the
    /// related record.
    InDomain(Value),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("needs a value"),
            Self::Size { is, most } => write!(f, "has a length of {is}, but the limit is {most}"),
            Self::Digits { before: Some(before), after: Some(after) } => {
                write!(f, "has too many digits: {before} are allowed before the point, {after} after it")
            }
            Self::Digits { before: Some(before), after: None } => {
                write!(f, "has too many digits before the point: {before} are allowed")
            }
            Self::Digits { before: None, after } => {
                write!(f, "has too many digits after the point: {} are allowed", after.unwrap_or_default())
            }
            Self::InDomain(domain) => write!(f, "has a value that is not allowed: it must satisfy {domain}"),
        }
    }
}

use std::borrow::Cow;
use std::fmt;

use super::value::Val;

/// The reason why an expression has no value.
///
/// It names the operator, the plain name that the operator looked up, and the value that it received; for texts and
/// binary data, which may be secret, only the type. The code that evaluates the expression knows the model, the field
/// and the attribute, and adds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    operator: Option<&'static str>,
    name: Option<Box<str>>,
    why: Cow<'static, str>,
}

impl Fault {
    pub(super) fn new(why: impl Into<Cow<'static, str>>) -> Self {
        Self { operator: None, name: None, why: why.into() }
    }

    /// Creates a fault for a value of the wrong type.
    pub(super) fn came(expected: &str, value: &Val<'_>) -> Self {
        let shown = value.shown().map(|shown| format!(": {shown}")).unwrap_or_default();
        Self::new(format!("needs {expected}, but got {}{shown}", value.kind()))
    }

    /// Adds the operator in which it arose. The innermost one counts.
    pub(super) fn within(mut self, operator: &'static str, name: Option<&str>) -> Self {
        if self.operator.is_none() {
            self.operator = Some(operator);
            self.name = name.map(Into::into);
        }
        self
    }

    /// Returns the operator that failed, by its PYSON name: `Get`. `None` if the text is not an expression at all.
    pub fn operator(&self) -> Option<&str> {
        self.operator
    }
}

/// `Get` of `company`: needs an object, but got a text
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operator) = self.operator {
            write!(f, "`{operator}`")?;
            if let Some(name) = &self.name {
                write!(f, " of `{name}`")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for Fault {}

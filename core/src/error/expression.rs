use std::fmt;

use super::{Error, ErrorKind, Kind};

/// An expression of a field that cannot be evaluated for a record.
pub(super) struct Expression {
    model: String,
    field: String,
    attribute: String,
    why: String,
}

impl Error {
    /// Creates the error for an attribute of a field, such as its `domain`, that cannot be evaluated.
    pub(crate) fn expression(model: &str, field: &str, attribute: &str, why: &dyn fmt::Display) -> Self {
        let (model, field, attribute) = (model.to_owned(), field.to_owned(), attribute.to_owned());
        Self::new(Kind::Expression(Expression { model, field, attribute, why: why.to_string() }))
    }

    /// Whether an expression of the server, such as the `states` or the `domain` of a field, cannot be evaluated for a
    /// record of a [form](crate::form). The message names model, field, attribute, operator, and the operand: its value,
    /// or only its type for texts and binary data, which may be secret. Either a module of the server has a bug, or its
    /// expression depends on something that only a client with a user interface knows.
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// fn is_to_be_shown(error: &Error) -> bool {
    ///     // The user cannot do anything about it.
    ///     !error.is_expression()
    /// }
    /// ```
    pub fn is_expression(&self) -> bool {
        self.kind() == ErrorKind::Expression
    }
}

/// the `domain` of `sale.sale.party` cannot be evaluated: `Get` of `company`: needs an object, but got an integer: 5
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, field, attribute, why } = self;
        write!(f, "the `{attribute}` of `{model}.{field}` cannot be evaluated: {why}")
    }
}

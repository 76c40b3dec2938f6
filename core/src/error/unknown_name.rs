use std::fmt;

use super::exception::Exception;
use super::{Error, ErrorKind, Kind};

/// The call names a field or model that the server does not have.
pub(super) struct UnknownName {
    /// The path of the field; `None` for a model.
    pub(super) field: Option<String>,
    model: String,
    /// The server's own words.
    pub(super) exception: Exception,
}

impl UnknownName {
    pub(super) fn kind(&self) -> ErrorKind {
        if self.field.is_some() { ErrorKind::UnknownField } else { ErrorKind::UnknownModel }
    }
}

impl Error {
    /// Turns the server's bare exception into this error. Other errors stay as they are.
    pub(crate) fn lacking(self, model: &str, field: Option<String>) -> Self {
        let Kind::Exception(exception) = &self.0.kind else { return self };
        let (model, exception) = (model.to_owned(), exception.clone());
        Self::new(Kind::UnknownName(UnknownName { field, model, exception }))
    }

    /// Whether the call reads, sets, filters or sorts by a field that the server does not have. [`field`](Self::field)
    /// returns its path.
    ///
    /// Servers send nothing but the name. It is taken for a field's if the call has a field of that name.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> Option<String> {
    ///     let field = error.field().filter(|_| error.is_unknown_field())?;
    ///     Some(format!("a module that adds `{field}` is missing; run `cargo tryton check --used`"))
    /// }
    /// ```
    pub fn is_unknown_field(&self) -> bool {
        self.kind() == ErrorKind::UnknownField
    }

    /// Whether the server has no such model, wizard or report. A missing method is [`is_forbidden`](Self::is_forbidden)
    /// or [`is_unknown_method`](Self::is_unknown_method).
    ///
    /// ```
    /// fn is_module_missing(error: &tryton_sdk::Error) -> bool {
    ///     error.is_unknown_model()
    /// }
    /// ```
    pub fn is_unknown_model(&self) -> bool {
        self.kind() == ErrorKind::UnknownModel
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, model, .. } = self;
        match field {
            Some(field) => write!(f, "the server has no field `{field}` of `{model}`")?,
            None => write!(f, "the server has no `{model}`")?,
        }
        f.write_str(
            ": the snapshot is of another server or series, or a module is missing there; `cargo tryton check --used` \
             lists all such uses",
        )
    }
}

//! The fields that a request must ask for, so that its answer can be read into columns and projections.

use crate::error::{Error, Result};
use crate::series::Series;

/// The names of the fields to ask for, and of those whose size is enough.
#[derive(Default)]
pub struct Wanted {
    names: Vec<Name>,
    /// Keys of the context, `model.field`, for binary fields whose size is requested instead of their content.
    sizes: Vec<String>,
    /// The series since which servers have the fields that are being added.
    since: Option<Series>,
}

struct Name {
    path: String,
    since: Option<Series>,
}

impl Wanted {
    /// Asks for the field at `path`, once however often it is wanted.
    pub fn field(&mut self, path: String) {
        let since = self.since;
        match self.names.iter_mut().find(|name| name.path == path) {
            Some(name) => name.since = name.since.min(since),
            None => self.names.push(Name { path, since }),
        }
    }

    /// Asks for the fields that `collect` adds only if the server is of this series or a later one.
    pub(crate) fn since(&mut self, series: Option<Series>, collect: impl FnOnce(&mut Self)) {
        let outer = self.since;
        self.since = outer.max(series);
        collect(self);
        self.since = outer;
    }

    /// Asks for the fields of the records at the end of `path`, which `collect` adds with the prefix that it receives.
    pub(crate) fn related(&mut self, path: &str, collect: fn(&str, &mut Self)) {
        let before = self.names.len();
        collect(&format!("{path}."), self);
        // If no field of a record is requested, the server does not even mention the record.
        if self.names[before..].iter().all(|name| name.since > self.since) {
            self.field(format!("{path}.id"));
        }
    }

    /// Asks for the size of this model's binary field instead of its content.
    pub(crate) fn size(&mut self, model: &str, field: &str) {
        self.sizes.push(format!("{model}.{field}"));
    }

    /// Whether the fields to ask for depend on the series of the server.
    pub(crate) fn depends_on_series(&self) -> bool {
        self.names.iter().any(|name| name.since.is_some() || name.is_label())
    }

    /// Removes the fields that servers of the series do not have.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) for labels from a server that has none.
    pub(crate) fn for_series(mut self, series: Series) -> Result<Self> {
        self.names.retain(|name| name.since <= Some(series));
        if let Some(name) = self.names.iter().find(|name| name.is_label() && !series.sends_labels()) {
            let why = format!(
                "servers of the series {series} send no labels (`{}`): ask for them with `choices`, \
                 or mark the member with `since = \"7.0\"`",
                name.path
            );
            return Err(Error::invalid_request(why));
        }
        Ok(self)
    }

    /// Returns the names of the fields, and the keys of the context that request sizes.
    pub(crate) fn into_parts(self) -> (Vec<String>, Vec<String>) {
        (self.names.into_iter().map(|name| name.path).collect(), self.sizes)
    }
}

impl Name {
    fn is_label(&self) -> bool {
        self.path.ends_with(":string")
    }
}

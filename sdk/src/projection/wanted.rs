//! What a request has to ask for, so that columns and projections can be read from its answer.

use crate::client::Client;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::query::Columns;
use crate::series::Series;

/// The names of fields that are to be asked for, and what the context has to say about them.
#[derive(Default)]
pub struct Wanted {
    names: Vec<Name>,
    context: Context,
    /// What is added now is only there since this series.
    since: Option<Series>,
}

struct Name {
    path: String,
    since: Option<Series>,
}

/// What the columns want, as one client asks its server for it.
pub(crate) struct Settled {
    pub(crate) names: Vec<String>,
    pub(crate) context: Context,
}

impl Wanted {
    pub(crate) fn of<M, C: Columns<M>>(columns: &C) -> Self {
        let mut wanted = Self::default();
        columns.wants(&mut wanted);
        wanted
    }

    /// Asks for the field at `path`, once however often it is wanted.
    pub fn field(&mut self, path: String) {
        let since = self.since;
        match self.names.iter_mut().find(|name| name.path == path) {
            Some(name) => name.since = name.since.min(since),
            None => self.names.push(Name { path, since }),
        }
    }

    /// Asks for what `collect` adds only where the server is of this series or a later one.
    pub(super) fn since(&mut self, series: Option<Series>, collect: impl FnOnce(&mut Self)) {
        let outer = self.since;
        self.since = outer.max(series);
        collect(self);
        self.since = outer;
    }

    /// Asks for the fields of the records at the end of `path`, which `collect` adds below the prefix it is given.
    pub(super) fn related(&mut self, path: &str, collect: fn(&str, &mut Self)) {
        let before = self.names.len();
        collect(&format!("{path}."), self);
        // Of a record of which no field is asked for, the server would not even say that it is there.
        if self.names[before..].iter().all(|name| name.since > self.since) {
            self.field(format!("{path}.id"));
        }
    }

    /// Has the server send the size of this model's binary field instead of its content.
    pub(crate) fn size(&mut self, model: &str, field: &str) {
        let context = std::mem::take(&mut self.context);
        self.context = context.set(&format!("{model}.{field}"), "size");
    }

    /// The names that this client's server has, and the context with which they are asked for.
    ///
    /// Only where something depends on it, the server is asked for its series, which the client keeps.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) for labels from a server that has none.
    pub(crate) async fn settle(self, client: &Client) -> Result<Settled> {
        let Self { mut names, context, .. } = self;
        if names.iter().any(|name| name.since.is_some() || name.is_label()) {
            let series = client.series().await?;
            names.retain(|name| name.since <= Some(series));
            if let Some(name) = names.iter().find(|name| name.is_label() && !series.sends_labels()) {
                let why = format!(
                    "servers of the series {series} send no labels (`{}`): ask for them by `choices`, \
                     or mark the member by `since = \"7.0\"`",
                    name.path
                );
                return Err(Error::invalid_request(why));
            }
        }
        let names = names.into_iter().map(|name| name.path).collect();
        Ok(Settled { names, context: client.context().clone().merge(context) })
    }
}

impl Name {
    fn is_label(&self) -> bool {
        self.path.ends_with(":string")
    }
}

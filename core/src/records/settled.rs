//! The fields to ask one server for.

use serde_json::{Map, Value};

use super::Columns;
use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::wanted::Wanted;

/// What columns want, as it is asked of the server behind one connection.
pub(super) struct Settled {
    pub(super) names: Vec<String>,
    pub(super) context: Context,
}

impl Settled {
    /// Asks the server for its series only where something depends on it.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) for labels from a server that has none.
    pub(super) async fn of<M, C: Columns<M>>(columns: &C, connection: &dyn Connection) -> Result<Self> {
        let mut wanted = Wanted::default();
        columns.wants(&mut wanted);
        if wanted.depends_on_series() {
            wanted = wanted.for_series(connection.series().await?)?;
        }
        let (names, sizes) = wanted.into_parts();
        let sizes: Map<_, _> = sizes.into_iter().map(|field| (field, Value::from("size"))).collect();
        Ok(Self { names, context: connection.context().clone().merge(sizes.into()) })
    }
}

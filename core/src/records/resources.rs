use std::marker::PhantomData;

use serde::Deserialize;

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;
use crate::model::Model;
use crate::value::{Encode, Id};

/// What people have pinned to a record, as [`Records::resources`](crate::Records::resources) counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Resources {
    /// Files.
    pub attachment_count: u64,
    /// Notes.
    pub note_count: u64,
    /// Notes that the user has not read.
    pub note_unread: u64,
}

pub(crate) async fn resources<M: Model>(connection: &dyn Connection, id: Id<M>) -> Result<Resources> {
    let call = Call::of::<M>("resources", vec![id.encode()?], connection.context());
    fetch(connection, call, PhantomData).await
}

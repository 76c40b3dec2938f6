//! Tables of values: what spreadsheets are filled with and filled from.

use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;
use crate::model::Model;
use crate::value::Id;

pub(crate) async fn export_data<M: Model>(
    connection: &dyn Connection,
    ids: &[Id<M>],
    fields: &[&str],
) -> Result<Vec<Vec<Value>>> {
    let call = Call::of::<M>("export_data", vec![json!(ids), json!(fields)], connection.context());
    fetch(connection, call, PhantomData).await
}

pub(crate) async fn import_data<M: Model>(
    connection: &dyn Connection,
    fields: &[&str],
    rows: &[Vec<Value>],
) -> Result<u64> {
    let call = Call::of::<M>("import_data", vec![json!(fields), json!(rows)], connection.context());
    fetch(connection, call, PhantomData).await
}

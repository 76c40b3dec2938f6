//! Tables of values: what spreadsheets are filled with and filled from.

use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::client::Client;
use crate::error::Result;
use crate::model::Model;
use crate::rpc::Call;
use crate::value::Id;

pub(crate) async fn export_data<M: Model>(client: &Client, ids: &[Id<M>], fields: &[&str]) -> Result<Vec<Vec<Value>>> {
    let call = Call::on_model(M::NAME, "export_data", vec![json!(ids), json!(fields)], client.context());
    client.fetch(call, PhantomData).await
}

pub(crate) async fn import_data<M: Model>(client: &Client, fields: &[&str], rows: &[Vec<Value>]) -> Result<u64> {
    let call = Call::on_model(M::NAME, "import_data", vec![json!(fields), json!(rows)], client.context());
    client.fetch(call, PhantomData).await
}

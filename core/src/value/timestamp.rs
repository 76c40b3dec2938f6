use std::fmt;

use serde::de::Deserializer;
use serde_json::Value;

use super::{Decode, Encode};

/// The time of a record's last change, as an opaque text to send back to the server.
///
/// A record that has not been stored, such as the configuration of a module, has no timestamp and is not checked.
///
/// [`Model::TIMESTAMP`](crate::Model::TIMESTAMP) and `#[tryton(timestamp)]` read it,
/// [`Context::unchanged_since`](crate::Context::unchanged_since) sends it back. As JSON it is a string, so an application
/// can pass it to a browser and receive it back with the form.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::{Context, Model};
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let columns = (Party::F.id, Party::TIMESTAMP);
/// if let Some((id, read_at)) = Party::search().select(columns).first(&tryton).await? {
///     let careful = tryton.with(Context::new().unchanged_since(id, &read_at));
///     // Whatever `careful` writes to that record fails if somebody else has changed it meanwhile.
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Option<String>);

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Decode for Timestamp {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::decode(from).map(Self)
    }
}

impl Encode for Timestamp {
    fn encode(&self) -> crate::Result<Value> {
        self.0.encode()
    }
}

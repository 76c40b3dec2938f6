use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::json;

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;
use crate::model::Model;
use crate::value::{DateTime, Id, plain::Seed};

/// A change of a record, as [`Records::history_revisions`](crate::Records::history_revisions) lists them.
#[non_exhaustive]
pub struct Revision<M> {
    /// When it was made, in UTC. [`Context::at`](crate::Context::at) of this time reads the record as it was then.
    pub at: DateTime,
    /// The record.
    pub id: Id<M>,
    /// The name of who made it, where that user is known.
    pub user: Option<String>,
}

pub(crate) async fn history_revisions<M: Model>(
    connection: &dyn Connection,
    ids: &[Id<M>],
) -> Result<Vec<Revision<M>>> {
    let call = Call::of::<M>("history_revisions", vec![json!(ids)], connection.context());
    fetch(connection, call, PhantomData).await
}

// A derive would ask the same of `M`, which is only a name.
impl<M> Clone for Revision<M> {
    fn clone(&self) -> Self {
        Self { at: self.at, id: self.id, user: self.user.clone() }
    }
}

impl<M> fmt::Debug for Revision<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Revision({} at {})", self.id.get(), self.at)
    }
}

impl<'de, M> Deserialize<'de> for Revision<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Row<M>(PhantomData<fn() -> M>);

        impl<'de, M> Visitor<'de> for Row<M> {
            type Value = Revision<M>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time, an id and the name of a user")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<Revision<M>, A::Error> {
                let short = |n| A::Error::invalid_length(n, &"a time, an id and the name of a user");
                Ok(Revision {
                    at: row.next_element_seed(Seed::new())?.ok_or_else(|| short(0))?,
                    id: row.next_element_seed(Seed::new())?.ok_or_else(|| short(1))?,
                    user: row.next_element_seed(Seed::new())?.ok_or_else(|| short(2))?,
                })
            }
        }

        from.deserialize_seq(Row(PhantomData))
    }
}

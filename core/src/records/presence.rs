//! Which records there are, of those that have these ids.

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;

use serde::de::IgnoredAny;
use serde_json::json;

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::value::Id;

/// Whether a record exists and may be read, from [`Records::presence`](crate::Records::presence).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// The user may read it.
    Readable,
    /// An access rule hides it from the user.
    Denied,
    /// There is no record with this id.
    Missing,
}

/// The language in which every server has its own words.
const LANGUAGE: &str = "en";

pub(crate) async fn presence<M: Model>(connection: &dyn Connection, ids: &[Id<M>]) -> Result<Vec<Presence>> {
    let context = connection.context().clone().active_test(false).language(LANGUAGE);
    let once: HashSet<Id<M>> = ids.iter().copied().collect();
    let mut known = HashMap::with_capacity(once.len());
    if !once.is_empty() {
        let domain = json!([["id", "in", once.iter().collect::<Vec<_>>()]]);
        let call = Call::of::<M>("search", vec![domain, json!(0), json!(null), json!(null)], &context);
        let found: Vec<i64> = fetch(connection, call, PhantomData).await?;
        known.extend(found.into_iter().map(|id| (Id::new(id), Presence::Readable)));
    }
    let mut presences = Vec::with_capacity(ids.len());
    for id in ids {
        let presence = match known.get(id) {
            Some(presence) => *presence,
            None => why_not(connection, &context, *id).await?,
        };
        known.insert(*id, presence);
        presences.push(presence);
    }
    Ok(presences)
}

/// Why a search does not find the record: only the words of a refusal tell.
async fn why_not<M: Model>(connection: &dyn Connection, context: &Context, id: Id<M>) -> Result<Presence> {
    let call = Call::of::<M>("read", vec![json!([id]), json!(["id"])], context);
    match fetch(connection, call, PhantomData::<IgnoredAny>).await {
        // Created meanwhile.
        Ok(_) => Ok(Presence::Readable),
        Err(error) => of(&error).ok_or(error),
    }
}

fn of(error: &Error) -> Option<Presence> {
    let text = error.user_message().filter(|_| error.is_user_error())?;
    if text.contains("don't exist") {
        Some(Presence::Missing)
    } else if text.contains("not allowed to read") {
        Some(Presence::Denied)
    } else {
        None
    }
}

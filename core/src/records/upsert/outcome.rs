//! The outcomes of an upsert.

use std::fmt;

use crate::error::Error;
use crate::records::write::write_rest;
use crate::value::{Id, ModelName};

/// What [`Records::upsert`](crate::Records::upsert) did with a draft.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::Upserted;
///
/// fn line(row: usize, outcome: &Upserted<Party>) -> String {
///     match outcome {
///         Upserted::Created(id) => format!("{row}: party {id} is new"),
///         Upserted::Changed(id) => format!("{row}: party {id} is changed"),
///         Upserted::Unchanged(id) => format!("{row}: party {id} is as it should be"),
///         Upserted::Refused(error) => format!("{row}: {error}"),
///     }
/// }
/// ```
pub enum Upserted<M> {
    /// No record had the key. This one was created.
    Created(Id<M>),
    /// The record with the key had other values, which were overwritten.
    Changed(Id<M>),
    /// The record with the key already has all values of the draft. Nothing was written.
    Unchanged(Id<M>),
    /// The server, or the key, does not permit it. Nothing was written.
    Refused(Error),
}

impl<M> Upserted<M> {
    /// Returns the record with the key; `None` if the draft was refused.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Id, Upserted};
    ///
    /// let outcome: Upserted<Party> = Upserted::Unchanged(Id::new(7));
    /// assert_eq!(outcome.id(), Some(Id::new(7)));
    /// ```
    pub fn id(&self) -> Option<Id<M>> {
        match self {
            Self::Created(id) | Self::Changed(id) | Self::Unchanged(id) => Some(*id),
            Self::Refused(_) => None,
        }
    }
}

// A derive would ask the same of `M`, which is only a name.
impl<M> Clone for Upserted<M> {
    fn clone(&self) -> Self {
        match self {
            Self::Created(id) => Self::Created(*id),
            Self::Changed(id) => Self::Changed(*id),
            Self::Unchanged(id) => Self::Unchanged(*id),
            Self::Refused(error) => Self::Refused(error.clone()),
        }
    }
}

impl<M: ModelName> fmt::Debug for Upserted<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(id) => write!(f, "Created({id:?})"),
            Self::Changed(id) => write!(f, "Changed({id:?})"),
            Self::Unchanged(id) => write!(f, "Unchanged({id:?})"),
            Self::Refused(error) => write!(f, "Refused({error:?})"),
        }
    }
}

/// The progress of [`Records::upsert`](crate::Records::upsert) before it stopped. Each draft is in one of its lists, by
/// its index.
///
/// Running the same drafts again does the rest: it reads first, and so finds the created records.
#[non_exhaustive]
pub struct UnfinishedUpsert<M> {
    /// The finished drafts with their outcomes.
    pub done: Vec<(usize, Upserted<M>)>,
    /// The drafts of the request whose outcome is unknown.
    pub unsure: Vec<usize>,
    /// The drafts for which nothing was written.
    pub left: Vec<usize>,
    /// The reason why it stopped.
    pub error: Error,
}

impl<M> fmt::Display for UnfinishedUpsert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done, unsure, left, error } = self;
        write!(f, "{} drafts are done, ", done.len())?;
        write_rest(f, unsure.len(), left.len(), error)
    }
}

impl<M> fmt::Debug for UnfinishedUpsert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl<M> std::error::Error for UnfinishedUpsert<M> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::{Decode, Encode, ModelName};

/// The id of a record of the model `M`. Ids of different models are different types.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::Id;
///
/// let id: Id<Party> = Id::new(7);
/// assert_eq!(id.get(), 7);
/// assert_eq!(format!("{id:?}"), "party.party,7");
/// ```
///
/// In JSON of a program's own, by serde, it is the number:
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::Id;
///
/// let ids: Vec<Id<Party>> = serde_json::from_str("[7,8]")?;
/// assert_eq!(serde_json::to_string(&ids)?, "[7,8]");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Id<M> {
    id: i64,
    model: PhantomData<fn() -> M>,
}

impl<M> Id<M> {
    /// An id that is known to belong to a record of `M`.
    pub const fn new(id: i64) -> Self {
        Self { id, model: PhantomData }
    }

    /// The number itself.
    pub const fn get(self) -> i64 {
        self.id
    }

    /// The same id, of a type that another call of [`models!`](crate::models) has made of the same model. For a type of another
    /// model it does not compile.
    ///
    /// If it is needed often, let the crates of a workspace share one crate that calls `models!`.
    ///
    /// ```
    /// # mod shop { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// # mod ledger { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use tryton_sdk::Id;
    ///
    /// let customer: Id<shop::Party> = Id::new(7);
    /// let party: Id<ledger::Party> = customer.cast();
    /// assert_eq!(party.get(), 7);
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
    /// use tryton_sdk::Id;
    ///
    /// let customer: Id<erp::Party> = Id::new(7);
    /// let sale: Id<erp::Sale> = customer.cast();
    /// ```
    pub const fn cast<N: ModelName>(self) -> Id<N>
    where
        M: ModelName,
    {
        const { assert!(is_same(M::NAME, N::NAME), "`Id::cast` leads to a type of the same model") };
        Id::new(self.id)
    }
}

/// Whether two texts are equal, for the compiler.
pub(crate) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Reads the number, as it is in the path of a URL.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use tryton_sdk::Id;
///
/// let customer: Id<erp::Party> = "7".parse()?;
/// assert_eq!(customer, Id::new(7));
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
impl<M> FromStr for Id<M> {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self::new)
    }
}

impl<M> From<Id<M>> for i64 {
    fn from(id: Id<M>) -> Self {
        id.get()
    }
}

// Derives would ask the same of `M`, which is only a name.
impl<M> Clone for Id<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Id<M> {}

impl<M> PartialEq for Id<M> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<M> Eq for Id<M> {}

impl<M> PartialOrd for Id<M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<M> Ord for Id<M> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl<M> Hash for Id<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// Tryton's own way to write a record: `party.party,7`.
impl<M: ModelName> fmt::Debug for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", M::NAME, self.id)
    }
}

/// The number alone.
impl<M> fmt::Display for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl<M> Serialize for Id<M> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.id)
    }
}

/// From the number alone, as it is serialized.
impl<'de, M> Deserialize<'de> for Id<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i64::deserialize(from).map(Self::new)
    }
}

impl<M> Decode for Id<M> {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i64::decode(from).map(Self::new)
    }
}

impl<M> Encode for Id<M> {
    fn encode(&self) -> crate::Result<Value> {
        Ok(self.id.into())
    }
}

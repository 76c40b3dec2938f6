use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::field_seed::FieldSeed;
use super::field_type::{DictValue, FieldType, Queryable, ReadOnly};
use crate::value::{Dict, ModelName};

/// A field of the model `M` whose value is a `T`.
///
/// `T` is the type that the field is read into: `Option<…>` if it may be null, [`Id`](crate::Id) for a many2one,
/// `Vec<Id<…>>` for a one2many or many2many. `Q` states whether the server can filter and order by the field, and
/// whether clients can set it.
///
/// Its methods create the [`Domain`](crate::Domain)s and [`Order`](crate::Order)s of a search; a
/// [`Draft`](struct@crate::Draft) sets it. Both accept only values that the field can hold:
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
///
/// let gmbhs = Party::F.name.ilike("%gmbh%").and(Party::F.code.like("A%"));
/// assert_eq!(gmbhs.to_json().to_string(), r#"[["name","ilike","%gmbh%"],["code","like","A%"]]"#);
/// ```
pub struct Field<M, T, Q = Queryable> {
    name: &'static str,
    /// For a value in a dictionary, its key.
    key: Option<&'static str>,
    /// For a one2many, the field of its records that leads back.
    back: Option<&'static str>,
    types: Types<M, T, Q>,
}

/// A field holds none of them, so it is always `Send` and `Sync`.
type Types<M, T, Q> = PhantomData<fn() -> (M, T, Q)>;

/// Creates a field of this name. It is not an associated function, because the compiler takes longer over those.
#[doc(hidden)]
pub const fn field<M, T, Q>(name: &'static str) -> Field<M, T, Q> {
    Field { name, key: None, back: None, types: PhantomData }
}

impl<M, T, Q> Field<M, T, Q> {
    #[doc(hidden)]
    pub const fn leading_back_by(self, back: &'static str) -> Self {
        Self { back: Some(back), ..self }
    }

    /// Returns the field's technical name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the name that domains use.
    pub(crate) fn path(&self) -> Cow<'static, str> {
        match self.key {
            Some(key) => format!("{}.{key}", self.name).into(),
            None => self.name.into(),
        }
    }

    /// Returns the dictionary, if the field is one of its values.
    pub(crate) fn dictionary(&self) -> Option<&'static str> {
        self.key.map(|_| self.name)
    }

    /// Returns the key, if the field is a value in a dictionary.
    #[doc(hidden)]
    pub fn dictionary_key(&self) -> Option<&'static str> {
        self.key
    }

    /// Returns the field of the list's records that leads back.
    pub(crate) fn back(&self) -> Option<&'static str> {
        self.back
    }

    /// Returns the seed that reads the field's value.
    pub(crate) fn seed(&self) -> FieldSeed<T> {
        FieldSeed::new(self.key)
    }
}

impl<M, T, Q> Clone for Field<M, T, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, Q> Copy for Field<M, T, Q> {}

/// `sale.sale.party`.
impl<M: ModelName, T, Q> fmt::Debug for Field<M, T, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::NAME, self.path())
    }
}

impl<M, T: FieldType<Base = Dict>, Q> Field<M, T, Q> {
    /// Returns the field for one value of a dictionary, to filter and order by and to read. Only the server knows the
    /// keys and the types of their values; a record without the key has null for it.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["product.product"] } }
    /// use erp::Product;
    ///
    /// let domain = Product::F.attributes.key::<i64>("length").gt(20);
    /// assert_eq!(domain.to_json().to_string(), r#"[["attributes.length",">",20]]"#);
    /// ```
    pub const fn key<V: DictValue>(self, key: &'static str) -> Field<M, Option<V>, ReadOnly<Q>> {
        Field { name: self.name, key: Some(key), back: None, types: PhantomData }
    }
}

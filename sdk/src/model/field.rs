use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::ModelName;
use super::field_seed::FieldSeed;
use super::field_type::{
    Comparable, DictValue, FieldType, Filterable, Multiple, NeverNull, Nullability, Orderable, Queryable, ReadOnly,
    Relation, Scalar, Textual, ToMany, ToOne,
};
use crate::query::{Direction, Domain, Operand, Operator, Order};
use crate::value::{Dict, Encode, Id};
use serde_json::Value;

/// A field of the model `M` whose value is a `T`.
///
/// `T` is the type that the field is read into: `Option<…>` where it may be null, [`Id`] for a many2one,
/// `Vec<Id<…>>` for a one2many or many2many. `Q` says whether the server can filter and order by it, and whether it can
/// be set.
///
/// Its methods make the [`Domain`]s and [`Order`]s of a search; a [`Draft`](crate::Draft) sets it. Both take only values
/// that the field can hold:
///
/// ```
/// # tryton_sdk::model! {
/// #     /// A party.
/// #     pub Party(PartyFields) = "party.party" [search];
/// #     settable { name: "name", code: "code" }
/// #     read_only {}
/// # }
/// # /// The fields of [`Party`].
/// # pub struct PartyFields {
/// #     /// Name.
/// #     pub name: tryton_sdk::Field<Party, Option<String>>,
/// #     /// Code.
/// #     pub code: tryton_sdk::Field<Party, Option<String>>,
/// # }
/// let gmbhs = Party::F.name.ilike("%gmbh%").and(Party::F.code.is_not_null());
/// assert_eq!(gmbhs.to_json().to_string(), r#"[["name","ilike","%gmbh%"],["code","!=",null]]"#);
/// ```
pub struct Field<M, T, Q = Queryable> {
    name: &'static str,
    /// Of a dictionary, the one value that is meant.
    key: Option<&'static str>,
    /// The field by which the records of a one2many lead back.
    back: Option<&'static str>,
    types: Types<M, T, Q>,
}

/// None of them is held, so a field is `Send` and `Sync` whatever they are.
type Types<M, T, Q> = PhantomData<fn() -> (M, T, Q)>;

/// A field of this name. It is not a function of the type: the compiler takes longer over those.
#[doc(hidden)]
pub const fn field<M, T, Q>(name: &'static str) -> Field<M, T, Q> {
    Field { name, key: None, back: None, types: PhantomData }
}

impl<M, T, Q> Field<M, T, Q> {
    #[doc(hidden)]
    pub const fn leading_back_by(self, back: &'static str) -> Self {
        Self { back: Some(back), ..self }
    }

    /// The field's technical name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// As a domain names it.
    fn path(&self) -> Cow<'static, str> {
        match self.key {
            Some(key) => format!("{}.{key}", self.name).into(),
            None => self.name.into(),
        }
    }

    /// The dictionary whose value it is.
    fn dictionary(&self) -> Option<&'static str> {
        self.key.map(|_| self.name)
    }

    /// Of a value in a dictionary, its key.
    #[cfg(feature = "testing")]
    pub(crate) fn dictionary_key(&self) -> Option<&'static str> {
        self.key
    }

    /// Reads the field's value.
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

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// The field has this value (`=`).
    pub fn is(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        self.clause(Operator::Equal, value.into_json())
    }

    /// The field has another value or none (`!=`).
    pub fn is_not(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        !self.is(value)
    }

    /// The field has one of these values (`in`). No values, no records.
    ///
    /// A list of 10,000 values is nothing unusual to a server. How many there may be is its database's: SQLite takes as
    /// many values in one request as it was built for, 32,766 unless told otherwise, 250,000 on Debian. Of more, the server
    /// says `too many SQL variables`. Ask for them in several searches then; [`Model::read_many`](crate::Model::read_many)
    /// does so by itself.
    pub fn is_in<V: Operand<T::Base, Null = NeverNull>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        self.clause(Operator::In, values.into_iter().map(Operand::into_json).collect())
    }

    /// The field has none of these values (`not in`). Null is none of them, too.
    pub fn not_in<V: Operand<T::Base, Null = NeverNull>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        !self.is_in(values)
    }

    /// The field has no value (`= null`); a list of records is empty. Of a selection, the empty string is no value, too,
    /// and of a multi-selection the empty list.
    pub fn is_null(self) -> Domain<M>
    where
        Q: Filterable,
    {
        let mut is_null = self.clause(Operator::Equal, Value::Null);
        if self.key.is_some() {
            // PostgreSQL knows of no key of a dictionary that is null itself.
            is_null = is_null.or(Domain::clause(self.name, Operator::Equal, Value::Null, true));
        }
        if T::EMPTY_IS_NULL {
            is_null = is_null.or(Domain::clause(&self.path(), Operator::Equal, "".into(), false));
        }
        if T::EMPTY_LIST_IS_NULL {
            is_null = is_null.or(Domain::clause(&self.path(), Operator::Equal, Value::Array(Vec::new()), false));
        }
        is_null
    }

    /// The field has a value (`!= null`); a list of records has some.
    pub fn is_not_null(self) -> Domain<M>
    where
        Q: Filterable,
    {
        !self.is_null()
    }

    fn clause(self, operator: Operator, value: Value) -> Domain<M> {
        Domain::clause(&self.path(), operator, value, T::Null::NULLABLE).within(self.dictionary())
    }
}

/// A multi-selection is asked for its values, not for the whole of them.
impl<M, V, Q> Field<M, Vec<V>, Q> {
    /// At least one of these values is chosen (`in`).
    pub fn has_any<O: Operand<V, Null = NeverNull>>(self, values: impl IntoIterator<Item = O>) -> Domain<M>
    where
        V: Multiple,
        Q: Filterable,
    {
        Domain::clause(&self.path(), Operator::In, values.into_iter().map(Operand::into_json).collect(), true)
    }

    /// None of these values is chosen (`not in`).
    pub fn has_none<O: Operand<V, Null = NeverNull>>(self, values: impl IntoIterator<Item = O>) -> Domain<M>
    where
        V: Multiple,
        Q: Filterable,
    {
        !self.has_any(values)
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// The value is less than this one (`<`).
    pub fn lt(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::Less, value.into_json())
    }

    /// The value is this one or less (`<=`).
    pub fn le(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::LessOrEqual, value.into_json())
    }

    /// The value is greater than this one (`>`).
    pub fn gt(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::Greater, value.into_json())
    }

    /// The value is this one or greater (`>=`).
    pub fn ge(self, value: impl Operand<T::Base, Null = NeverNull>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::GreaterOrEqual, value.into_json())
    }
}

/// In a pattern `%` stands for any text, `_` for any one character, and `\` takes their meaning away.
///
/// A relation to one record is matched by that record's name.
impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// The text matches the pattern (`like`).
    pub fn like(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.matches(Operator::Like, pattern)
    }

    /// The text does not match the pattern, or there is none (`not like`).
    pub fn not_like(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        !self.like(pattern)
    }

    /// The text matches the pattern, upper and lower case alike (`ilike`).
    pub fn ilike(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.matches(Operator::Ilike, pattern)
    }

    /// The text does not match the pattern, upper and lower case alike, or there is none (`not ilike`).
    pub fn not_ilike(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        !self.ilike(pattern)
    }

    fn matches(self, operator: Operator, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
    {
        if T::Base::BY_NAME {
            return Domain::name_of(self.name, operator, pattern, T::Null::NULLABLE);
        }
        self.clause(operator, pattern.into())
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// The record that the field leads to satisfies the domain (`where`). It need not be active, in a server of any series.
    pub fn whose(self, domain: Domain<<T::Base as Relation>::Target>) -> Domain<M>
    where
        T::Base: ToOne,
        Q: Filterable,
    {
        self.clause(Operator::Where, domain.to_json())
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// At least one of the records satisfies the domain, all of it (`where`).
    ///
    /// Records of the list that are not active count only where the domain names `active`, or in a search
    /// [`with_inactive`](crate::Search::with_inactive).
    pub fn any(self, domain: Domain<<T::Base as Relation>::Target>) -> Domain<M>
    where
        T::Base: ToMany,
        Q: Filterable,
    {
        Domain::of_list(self.name, domain.to_json(), self.back)
    }

    /// None of the records satisfies the domain (`not where`). Those that are not active are as in [`any`](Self::any).
    pub fn none(self, domain: Domain<<T::Base as Relation>::Target>) -> Domain<M>
    where
        T::Base: ToMany,
        Q: Filterable,
    {
        !self.any(domain)
    }
}

/// The operators of hierarchies. `parent` is the field of the target model that leads to a record's parent.
impl<M: ModelName, T: FieldType<Base: Relation<Target: ModelName>>, Q> Field<M, T, Q> {
    /// It leads to one of these records or to a record below one of them (`child_of`).
    pub fn child_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        self.hierarchy(Operator::ChildOf, ids, parent)
    }

    /// It leads to none of these records and to no record below one of them (`not child_of`).
    pub fn not_child_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        !self.child_of(ids, parent)
    }

    /// It leads to one of these records or to a record above one of them (`parent_of`).
    pub fn parent_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        self.hierarchy(Operator::ParentOf, ids, parent)
    }

    /// It leads to none of these records and to no record above one of them (`not parent_of`).
    pub fn not_parent_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        !self.parent_of(ids, parent)
    }

    fn hierarchy<P>(
        self,
        operator: Operator,
        ids: impl IntoIterator<Item = Id<Target<T>>>,
        parent: Parent<T, P>,
    ) -> Domain<M> {
        let ids = ids.into_iter().map(|id| id.encode()).collect();
        let nullable = T::Null::NULLABLE;
        if M::NAME != Target::<T>::NAME {
            Domain::hierarchy(self.name, operator, ids, Some(parent.name), nullable)
        } else if self.name == parent.name {
            Domain::hierarchy(self.name, operator, ids, None, nullable)
        } else {
            // Of a field that leads to its own model, the server would take the field itself for the parent.
            let inner = Domain::<M>::hierarchy(parent.name, operator, ids, None, nullable);
            Domain::clause(self.name, Operator::Where, inner.to_json(), nullable)
        }
    }
}

impl<M, T: FieldType<Base = Dict>, Q> Field<M, T, Q> {
    /// One value of a dictionary, to filter and order by and to read. Which keys there are, and the types of their
    /// values, only the server knows: a record without the key has null for it.
    ///
    /// ```
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// A product.
    /// #     pub Product(ProductFields) = "product.product" [search];
    /// #     settable { attributes: "attributes" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Product`].
    /// # pub struct ProductFields {
    /// #     /// Attributes.
    /// #     pub attributes: tryton_sdk::Field<Product, Option<Dict>>,
    /// # }
    /// let domain = Product::F.attributes.key::<i64>("length").gt(20);
    /// assert_eq!(domain.to_json().to_string(), r#"[["attributes.length",">",20]]"#);
    /// ```
    pub const fn key<V: DictValue>(self, key: &'static str) -> Field<M, Option<V>, ReadOnly<Q>> {
        Field { name: self.name, key: Some(key), back: None, types: PhantomData }
    }
}

/// The model that a field of the type `T` leads to.
type Target<T> = <<T as FieldType>::Base as Relation>::Target;
/// The field by which a record of that model leads to its parent.
type Parent<T, P> = Field<Target<T>, Option<Id<Target<T>>>, P>;

impl<M, T, Q> Field<M, T, Q> {
    /// The smallest first; a relation by the order of the records it leads to.
    pub fn asc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.name, self.key, Direction::Asc)
    }

    /// The greatest first.
    pub fn desc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.name, self.key, Direction::Desc)
    }
}

//! The methods of fields that create conditions.

use serde_json::Value;

use super::{Domain, Operand, Operator};
use crate::error::Result;
use crate::model::{
    Comparable, Field, FieldType, Filterable, LeadsTo, Multiple, Nullability, Present, Relation, Scalar, Target, ToMany,
};
use crate::unsendable::Unsendable;
use crate::value::{Id, ModelName, Reference};

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// Matches records whose field equals `value` (`=`).
    pub fn is(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        self.clause(Operator::Equal, value.into_json())
    }

    /// Matches records whose field has another value or none (`!=`).
    pub fn is_not(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        !self.is(value)
    }

    /// Matches records whose field has one of these values (`in`). Without values, no record matches.
    ///
    /// Servers accept lists of 10,000 values and more. The limit is that of the database: SQLite takes 32,766 values in
    /// one request by default, and 250,000 on Debian; beyond it, the server fails with `too many SQL variables`. Split
    /// such a list over several searches; [`Records::read_many`](crate::Records::read_many) does so by itself.
    pub fn is_in<V: Operand<T::Base, Null: Present>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        self.clause(Operator::In, values.into_iter().map(Operand::into_json).collect())
    }

    /// Matches records whose field has none of these values (`not in`), or is null.
    pub fn not_in<V: Operand<T::Base, Null: Present>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
    where
        T::Base: Scalar,
        Q: Filterable,
    {
        !self.is_in(values)
    }

    /// Matches records whose field is null (`= null`), or whose list of records is empty. The empty string of a
    /// selection and the empty list of a multi-selection count as null.
    pub fn is_null(self) -> Domain<M>
    where
        Q: Filterable,
    {
        let mut is_null = self.clause(Operator::Equal, Ok(Value::Null));
        if self.dictionary_key().is_some() {
            // In PostgreSQL, a dictionary that is null has no keys to compare.
            is_null = is_null.or(Domain::clause(self.name(), Operator::Equal, Value::Null, true));
        }
        if T::EMPTY_IS_NULL {
            is_null = is_null.or(Domain::clause(&self.path(), Operator::Equal, "".into(), false));
        }
        if T::EMPTY_LIST_IS_NULL {
            is_null = is_null.or(Domain::clause(&self.path(), Operator::Equal, Value::Array(Vec::new()), false));
        }
        is_null
    }

    /// Matches records whose field is not null (`!= null`), or whose list of records is not empty.
    pub fn is_not_null(self) -> Domain<M>
    where
        Q: Filterable,
    {
        !self.is_null()
    }

    /// Keeps a value that cannot be sent, for the call to report.
    pub(super) fn clause(self, operator: Operator, value: Result<Value>) -> Domain<M> {
        let mut unsendable = Unsendable::default();
        let value = unsendable.take(&self.path(), value);
        Domain::clause(&self.path(), operator, value, T::Null::NULLABLE).within(self.dictionary()).noting(unsendable)
    }
}

/// A multi-selection is compared by its values, never as a whole.
impl<M, V, Q> Field<M, Vec<V>, Q> {
    /// Matches records for which at least one of these values is chosen (`in`).
    pub fn has_any<O: Operand<V, Null: Present>>(self, values: impl IntoIterator<Item = O>) -> Domain<M>
    where
        V: Multiple,
        Q: Filterable,
    {
        let mut unsendable = Unsendable::default();
        let values = unsendable.take(&self.path(), values.into_iter().map(Operand::into_json).collect());
        Domain::clause(&self.path(), Operator::In, values, true).noting(unsendable)
    }

    /// Matches records for which none of these values is chosen (`not in`).
    pub fn has_none<O: Operand<V, Null: Present>>(self, values: impl IntoIterator<Item = O>) -> Domain<M>
    where
        V: Multiple,
        Q: Filterable,
    {
        !self.has_any(values)
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// Matches records whose field is less than `value` (`<`).
    pub fn lt(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::Less, value.into_json())
    }

    /// Matches records whose field is less than or equal to `value` (`<=`).
    pub fn le(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::LessOrEqual, value.into_json())
    }

    /// Matches records whose field is greater than `value` (`>`).
    pub fn gt(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::Greater, value.into_json())
    }

    /// Matches records whose field is greater than or equal to `value` (`>=`).
    pub fn ge(self, value: impl Operand<T::Base, Null: Present>) -> Domain<M>
    where
        T::Base: Comparable,
        Q: Filterable,
    {
        self.clause(Operator::GreaterOrEqual, value.into_json())
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// Matches records whose related record satisfies the domain (`where`). The related record may be inactive, in
    /// every series.
    ///
    /// For a reference, the related record must be of the model `N`; `whose::<SaleLine>(Domain::all())` requires
    /// nothing else. `!` finds all other records, including those whose reference is null or leads to a record of
    /// another model. A reference to a deleted record satisfies neither: the server keeps it, and sends null in its
    /// place.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "sale.sale", "stock.move"] } }
    /// use erp::{Sale, SaleLine, StockMove};
    ///
    /// let sold = StockMove::F.origin.whose(SaleLine::F.sale.whose(Sale::F.number.like("S%")));
    /// assert_eq!(
    ///     sold.to_json().to_string(),
    ///     r#"[["origin.sale","where",[["number","like","S%"]],"sale.line"]]"#,
    /// );
    /// ```
    pub fn whose<N>(self, domain: Domain<N>) -> Domain<M>
    where
        T::Base: LeadsTo<N>,
        Q: Filterable,
    {
        match T::Base::MODEL {
            Some(model) => Domain::through(self.name(), model, domain),
            None => self.clause(Operator::Where, Ok(domain.to_json())).about(self.name(), domain),
        }
    }
}

/// A reference leads to a record of one of several models.
impl<M, T: FieldType<Base = Reference>, Q> Field<M, T, Q> {
    /// Matches records whose reference leads to a record of `N` (`like`).
    ///
    /// This includes references that name the model and no record yet ([`Reference::record_id`]), and those to a
    /// deleted record, which the server sends as null. [`whose`](Self::whose) requires a record that exists.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "stock.move"] } }
    /// use erp::{SaleLine, StockMove};
    ///
    /// let sold = StockMove::F.origin.is_a::<SaleLine>();
    /// assert_eq!(sold.to_json().to_string(), r#"[["origin","like","sale.line,%"]]"#);
    /// ```
    pub fn is_a<N: ModelName>(self) -> Domain<M>
    where
        Q: Filterable,
    {
        self.clause(Operator::Like, Ok(format!("{},%", N::NAME).into()))
    }
}

impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// Matches records with at least one record in the list that satisfies the whole domain (`where`).
    ///
    /// Inactive records of the list count only if the domain names `active`, or in a search
    /// [`with_inactive`](crate::Search::with_inactive).
    pub fn any(self, domain: Domain<Target<T>>) -> Domain<M>
    where
        T::Base: ToMany,
        Q: Filterable,
    {
        Domain::of_list(self.name(), domain.to_json(), self.back()).about(self.name(), domain)
    }

    /// Matches records without a record in the list that satisfies the domain (`not where`). Inactive records count as
    /// in [`any`](Self::any).
    pub fn none(self, domain: Domain<Target<T>>) -> Domain<M>
    where
        T::Base: ToMany,
        Q: Filterable,
    {
        !self.any(domain)
    }
}

/// The operators of hierarchies. `parent` is the field of the target model that leads to a record's parent.
impl<M: ModelName, T: FieldType<Base: Relation<Target: ModelName>>, Q> Field<M, T, Q> {
    /// Matches records whose field leads to one of these records or to a record below one of them (`child_of`).
    pub fn child_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        self.hierarchy(Operator::ChildOf, ids, parent)
    }

    /// Matches records whose field leads to none of these records and to no record below one of them (`not child_of`).
    pub fn not_child_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        !self.child_of(ids, parent)
    }

    /// Matches records whose field leads to one of these records or to a record above one of them (`parent_of`).
    pub fn parent_of<P>(self, ids: impl IntoIterator<Item = Id<Target<T>>>, parent: Parent<T, P>) -> Domain<M>
    where
        Q: Filterable,
    {
        self.hierarchy(Operator::ParentOf, ids, parent)
    }

    /// Matches records whose field leads to none of these records and to no record above one of them (`not parent_of`).
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
        let ids = ids.into_iter().map(|id| Value::from(id.get())).collect();
        let nullable = T::Null::NULLABLE;
        if M::NAME != Target::<T>::NAME {
            Domain::hierarchy(self.name(), operator, ids, Some(parent.name()), nullable)
        } else if self.name() == parent.name() {
            Domain::hierarchy(self.name(), operator, ids, None, nullable)
        } else {
            // If the field leads to its own model, the server would take the field itself for the parent.
            let inner = Domain::<M>::hierarchy(parent.name(), operator, ids, None, nullable);
            Domain::clause(self.name(), Operator::Where, inner.to_json(), nullable)
        }
    }
}

/// The field by which a record of that model leads to its parent.
type Parent<T, P> = Field<Target<T>, Option<Id<Target<T>>>, P>;

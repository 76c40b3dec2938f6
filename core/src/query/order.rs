use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::model::{Field, FieldType, Orderable, Target, ToOne};
use crate::value::ModelName;

/// An order of the records of `M`: a field and a direction.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "sale.sale"] } }
/// use erp::{Sale, SaleLine};
///
/// let newest = Sale::search().order(Sale::F.sale_date.desc().nulls_last());
/// let by_sale = SaleLine::search().order(SaleLine::F.sale.then(Sale::F.sale_date).asc());
/// ```
pub struct Order<M> {
    /// A field, or fields of related records separated by dots.
    path: Cow<'static, str>,
    /// In the server's form: `ASC`, `DESC NULLS LAST`.
    direction: Cow<'static, str>,
    model: PhantomData<fn() -> M>,
}

impl<M> Order<M> {
    fn new(path: Cow<'static, str>, direction: &'static str) -> Self {
        Self { path, direction: direction.into(), model: PhantomData }
    }

    /// Sorts by id, ascending.
    pub(crate) fn rising_id() -> Self {
        Self::new("id".into(), "ASC")
    }

    /// Creates an order that the types cannot express: the path of a field, and the direction as sent to the server.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line"] } }
    /// use erp::SaleLine;
    /// use tryton_sdk::Order;
    ///
    /// let by_code = SaleLine::search().order(Order::raw("product.template.code", "DESC NULLS LAST"));
    /// ```
    pub fn raw(path: impl Into<String>, direction: impl Into<String>) -> Self {
        Self { path: path.into().into(), direction: direction.into().into(), model: PhantomData }
    }

    /// Puts records without a value first. By default, SQLite puts them first in ascending order, and PostgreSQL in
    /// descending order.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.nulls("FIRST")
    }

    /// Puts records without a value last.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.nulls("LAST")
    }

    fn nulls(self, place: &str) -> Self {
        let direction = self.direction.split(' ').next().unwrap_or_default();
        Self { direction: format!("{direction} NULLS {place}").into(), ..self }
    }

    /// Whether it sorts by ascending id and nothing else.
    pub(crate) fn is_by_rising_id(&self) -> bool {
        self.is_by_id() && self.direction.starts_with("ASC")
    }

    /// Whether it sorts by the id, which is unique.
    pub(crate) fn is_by_id(&self) -> bool {
        self.path == "id"
    }

    pub(crate) fn to_json(&self) -> Value {
        json!([self.path, self.direction])
    }
}

impl<M, T, Q> Field<M, T, Q> {
    /// Sorts ascending; a relation by the order of its records.
    pub fn asc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.path(), "ASC")
    }

    /// Sorts descending.
    pub fn desc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.path(), "DESC")
    }

    /// Sorts by a field of the related record: [`Order`] has an example.
    ///
    /// A computed field cannot lead to another field in an order, even if the computed field itself can be sorted by:
    /// the server fails.
    pub fn then<U, R>(self, field: Field<Target<T>, U, R>) -> OrderPath<M, U, R>
    where
        T: FieldType<Base: ToOne>,
        Q: Orderable,
    {
        OrderPath { path: format!("{}.{}", self.path(), field.path()), types: PhantomData }
    }
}

/// A field of a related record to sort by, created by [`Field::then`].
#[must_use = "a path is for an order"]
pub struct OrderPath<M, T, Q> {
    path: String,
    types: Types<M, T, Q>,
}

/// A path holds none of them, so it is always `Send` and `Sync`.
type Types<M, T, Q> = PhantomData<fn() -> (M, T, Q)>;

impl<M, T, Q> OrderPath<M, T, Q> {
    /// Sorts ascending; a relation by the order of its records.
    pub fn asc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.path.into(), "ASC")
    }

    /// Sorts descending.
    pub fn desc(self) -> Order<M>
    where
        Q: Orderable,
    {
        Order::new(self.path.into(), "DESC")
    }

    /// Continues to a field of the related record.
    pub fn then<U, R>(self, field: Field<Target<T>, U, R>) -> OrderPath<M, U, R>
    where
        T: FieldType<Base: ToOne>,
        Q: Orderable,
    {
        OrderPath { path: format!("{}.{}", self.path, field.path()), types: PhantomData }
    }
}

impl<M, T, Q> fmt::Debug for OrderPath<M, T, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrderPath").field(&self.path).finish()
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), direction: self.direction.clone(), model: PhantomData }
    }
}

/// `sale.sale.sale_date DESC`.
impl<M: ModelName> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {}", M::NAME, self.path, self.direction)
    }
}

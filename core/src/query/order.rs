use std::fmt;
use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::value::ModelName;

/// A field to order the records of `M` by, ascending or descending.
pub struct Order<M> {
    field: &'static str,
    /// Of a dictionary, the value that is meant.
    key: Option<&'static str>,
    direction: Direction,
    model: PhantomData<fn() -> M>,
}

#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Asc,
    Desc,
}

impl<M> Order<M> {
    pub(crate) fn new(field: &'static str, key: Option<&'static str>, direction: Direction) -> Self {
        Self { field, key, direction, model: PhantomData }
    }

    /// Whether it is by the id and nothing else, the smallest first.
    pub(crate) fn is_by_rising_id(self) -> bool {
        self.is_by_id() && matches!(self.direction, Direction::Asc)
    }

    /// Whether it is by the id, which no two records share.
    pub(crate) fn is_by_id(self) -> bool {
        self.field == "id"
    }

    pub(crate) fn to_json(self) -> Value {
        json!([self.path(), self.direction.as_str()])
    }

    fn path(self) -> String {
        match self.key {
            Some(key) => format!("{}.{key}", self.field),
            None => self.field.to_owned(),
        }
    }
}

impl Direction {
    fn as_str(self) -> &'static str {
        match self {
            Direction::Asc => "ASC",
            Direction::Desc => "DESC",
        }
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Order<M> {}

/// `sale.sale.sale_date DESC`.
impl<M: ModelName> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {}", M::NAME, self.path(), self.direction.as_str())
    }
}

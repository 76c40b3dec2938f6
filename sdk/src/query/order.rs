use std::marker::PhantomData;

use serde_json::{Value, json};

/// A field to order the records of `M` by, ascending or descending.
pub struct Order<M> {
    field: &'static str,
    direction: Direction,
    model: PhantomData<fn() -> M>,
}

#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Asc,
    Desc,
}

impl<M> Order<M> {
    pub(crate) fn new(field: &'static str, direction: Direction) -> Self {
        Self { field, direction, model: PhantomData }
    }

    pub(crate) fn to_json(self) -> Value {
        let direction = match self.direction {
            Direction::Asc => "ASC",
            Direction::Desc => "DESC",
        };
        json!([self.field, direction])
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Order<M> {}

use std::borrow::Cow;

use serde_json::Value;

use crate::error::Result;
use crate::model::{NeverNull, Nullable, Selection};
use crate::value::ModelName;
use crate::value::{Binary, Choice, Date, DateTime, Decimal, Dict, Encode, Id, Reference, Time, TimeDelta};

/// A value that a field of the type `T` can be compared with or set to.
///
/// An `Option` fits only for setting a nullable field.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` value does not fit a `{T}` field",
    label = "this field holds `{T}`"
)]
pub trait Operand<T> {
    /// [`Nullable`] or [`NeverNull`]: whether the value may be null.
    type Null;

    #[doc(hidden)]
    fn into_json(self) -> Result<Value>;
}

impl<T, V: Operand<T, Null = NeverNull>> Operand<T> for Option<V> {
    type Null = Nullable;

    fn into_json(self) -> Result<Value> {
        self.map_or(Ok(Value::Null), V::into_json)
    }
}

macro_rules! operands {
    ($($value:ty => $field:ty),+ $(,)?) => { $(
        impl Operand<$field> for $value {
            type Null = NeverNull;

            fn into_json(self) -> Result<Value> {
                <$field>::from(self).encode()
            }
        }
    )+ };
}

operands! {
    i32 => i64, u32 => i64,
    f32 => f64, i32 => f64, u32 => f64,
    i32 => Decimal, i64 => Decimal, u32 => Decimal, u64 => Decimal,
    &str => String, Cow<'_, str> => String,
    &str => Choice, String => Choice,
    Vec<u8> => Binary,
}

/// Values of a field's own type, and references to them.
macro_rules! operands_as_they_are {
    ($($type:ty),+ $(,)?) => { $(
        impl Operand<$type> for $type {
            type Null = NeverNull;

            fn into_json(self) -> Result<Value> {
                self.encode()
            }
        }

        impl Operand<$type> for &$type {
            type Null = NeverNull;

            fn into_json(self) -> Result<Value> {
                self.encode()
            }
        }
    )+ };
}

operands_as_they_are! {
    bool, i64, f64, Decimal, String, Choice, Date, DateTime, Time, TimeDelta, Reference, Binary, Dict, Value,
}

impl Operand<String> for &&str {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        Ok((*self).into())
    }
}

impl Operand<Binary> for &[u8] {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        Binary::from(self.to_vec()).encode()
    }
}

impl<M> Operand<Id<M>> for Id<M> {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.encode()
    }
}

impl<M> Operand<Id<M>> for &Id<M> {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.encode()
    }
}

impl<M: ModelName> Operand<Reference> for Id<M> {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        Reference::from(self).encode()
    }
}

/// No model implements it: the compiler uses it to explain why a number is refused.
#[diagnostic::on_unimplemented(
    message = "a number is not the id of a `{Self}`",
    label = "expected an `Id<{Self}>`",
    note = "`Id::new(5)` creates an id from the number 5"
)]
pub trait TakesNumbers {
    #[doc(hidden)]
    fn into_json(number: i64) -> Result<Value>;
}

#[doc(hidden)]
impl<M: TakesNumbers> Operand<Id<M>> for i64 {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        M::into_json(self)
    }
}

impl<S: Selection> Operand<S> for &S {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.encode()
    }
}

/// All values of a multi-selection. A list of records has no such operand: it is changed record by record.
impl<S: Selection> Operand<Vec<S>> for Vec<S> {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.iter().map(Encode::encode).collect()
    }
}

impl<S: Selection, const N: usize> Operand<Vec<S>> for [S; N] {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.iter().map(Encode::encode).collect()
    }
}

impl<C: Into<Choice>> Operand<Vec<Choice>> for Vec<C> {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.into_iter().map(|value| value.into().encode()).collect()
    }
}

impl<C: Into<Choice>, const N: usize> Operand<Vec<Choice>> for [C; N] {
    type Null = NeverNull;

    fn into_json(self) -> Result<Value> {
        self.into_iter().map(|value| value.into().encode()).collect()
    }
}

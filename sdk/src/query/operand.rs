use serde_json::Value;

use crate::model::{ModelName, NeverNull, Nullable, Selection};
use crate::value::{Binary, Choice, Date, DateTime, Decimal, Dict, Encode, Id, Reference, Time, TimeDelta};

/// A value that fits a field of the type `T`: one to compare it with, or to set it to.
///
/// An `Option` fits where a field is set that may be null.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` value does not fit a `{T}` field",
    label = "this field holds `{T}`",
    note = "a list of records is never compared or set as a whole: a domain asks with `any` and `none` for records of \
            it, a draft changes it with `add`, `link`, `unlink` and the like"
)]
pub trait Operand<T> {
    /// [`Nullable`] or [`NeverNull`]: whether the value may be null.
    type Null;

    #[doc(hidden)]
    fn into_json(self) -> Value;
}

impl<T, V: Operand<T, Null = NeverNull>> Operand<T> for Option<V> {
    type Null = Nullable;

    fn into_json(self) -> Value {
        self.map_or(Value::Null, V::into_json)
    }
}

macro_rules! operand {
    ($($value:ty => $field:ty),+ $(,)?) => { $(
        impl Operand<$field> for $value {
            type Null = NeverNull;

            fn into_json(self) -> Value {
                <$field>::from(self).encode()
            }
        }
    )+ };
}

operand! {
    bool => bool,
    i64 => i64, i32 => i64, u32 => i64,
    f64 => f64, i32 => f64, u32 => f64,
    Decimal => Decimal, i32 => Decimal, i64 => Decimal, u32 => Decimal,
    String => String, &str => String, &String => String,
    Choice => Choice, &str => Choice, String => Choice,
    Date => Date, DateTime => DateTime, Time => Time, TimeDelta => TimeDelta,
    Reference => Reference,
    Binary => Binary, Vec<u8> => Binary,
    Dict => Dict,
    Value => Value,
}

impl Operand<Decimal> for &Decimal {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<S: Selection> Operand<S> for S {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<S: Selection> Operand<S> for &S {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<M> Operand<Id<M>> for Id<M> {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<M: ModelName> Operand<Reference> for Id<M> {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        Reference::from(self).encode()
    }
}

/// All values of a multi-selection. A list of records is no such value: it is changed record by record.
impl<S: Selection> Operand<Vec<S>> for Vec<S> {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.iter().map(Encode::encode).collect()
    }
}

impl<S: Selection, const N: usize> Operand<Vec<S>> for [S; N] {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.iter().map(Encode::encode).collect()
    }
}

impl<C: Into<Choice>> Operand<Vec<Choice>> for Vec<C> {
    type Null = NeverNull;

    fn into_json(self) -> Value {
        self.into_iter().map(|value| value.into().encode()).collect()
    }
}

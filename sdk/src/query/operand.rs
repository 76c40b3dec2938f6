use serde_json::Value;

use crate::model::{ModelName, Selection};
use crate::value::{Choice, Date, DateTime, Decimal, Encode, Id, Reference, Time, TimeDelta};

/// A value that a field of the type `T` can be compared with.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` value cannot be compared with a `{T}` field",
    label = "this field holds `{T}`"
)]
pub trait Operand<T> {
    #[doc(hidden)]
    fn into_json(self) -> Value;
}

macro_rules! operand {
    ($($value:ty => $field:ty),+ $(,)?) => { $(
        impl Operand<$field> for $value {
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
}

impl Operand<Decimal> for &Decimal {
    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<S: Selection> Operand<S> for S {
    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<S: Selection> Operand<S> for &S {
    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<M> Operand<Id<M>> for Id<M> {
    fn into_json(self) -> Value {
        self.encode()
    }
}

impl<M: ModelName> Operand<Reference> for Id<M> {
    fn into_json(self) -> Value {
        Reference::from(self).encode()
    }
}

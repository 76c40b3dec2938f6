//! Dates and times of other crates, in the place of those of `jiff`: read into, set, and compared with.

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "time")]
mod time;

/// Makes a type stand for one of a field, by way of functions from and to the field's type.
macro_rules! stands_for {
    ($type:ty, $field:ty, $from:expr, $to:expr) => {
        impl Decode for $type {
            fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let convert: fn($field) -> Option<$type> = $from;
                let value = <$field>::decode(from)?;
                convert(value).ok_or_else(|| D::Error::custom(format_args!("{value} is out of range")))
            }
        }

        impl Encode for $type {
            fn encode(&self) -> crate::Result<Value> {
                let convert: fn(&$type) -> Option<$field> = $to;
                let out_of_range = || crate::Error::invalid_request(format!("Tryton cannot hold {self}"));
                convert(self).ok_or_else(out_of_range)?.encode()
            }
        }

        impl Reads<$field> for $type {}

        impl Operand<$field> for $type {
            type Null = NeverNull;

            fn into_json(self) -> crate::Result<Value> {
                self.encode()
            }
        }

        impl Operand<$field> for &$type {
            type Null = NeverNull;

            fn into_json(self) -> crate::Result<Value> {
                self.encode()
            }
        }
    };
}
use stands_for;

//! The values of Tryton's fields as Rust types, and their encoding.
//!
//! Each type decodes itself directly from a response ([`Decode`]) and encodes itself for a request ([`Encode`]).

mod binary;
mod choice;
mod date;
mod decimal;
mod dict;
mod id;
mod labelled;
mod model_name;
mod number;
pub(crate) mod plain;
mod reference;
mod tagged;
mod timestamp;

use serde::Deserializer;
use serde_json::Value;

use crate::error::Result;
use crate::wanted::Wanted;
pub use binary::Binary;
pub use choice::Choice;
pub(crate) use choice::chosen;
pub(crate) use date::total_seconds;
pub use date::{Date, DateTime, Time, TimeDelta};
pub use decimal::{Decimal, ParseDecimalError, Rounding};
pub use dict::Dict;
pub use id::Id;
pub(crate) use id::is_same;
pub use labelled::Labelled;
pub use model_name::ModelName;
pub use reference::{ParseReferenceError, Reference};
pub use timestamp::Timestamp;

/// A value that can be decoded from a server's response.
///
/// It is implemented for every type that Tryton's fields map to, for `Option` and `Vec` of these types, and for every
/// [`Projection`](crate::Projection). Implement it, together with [`Reads`](crate::Reads), to read a field into a type of
/// your own:
///
/// ```
/// use serde::Deserializer;
/// use tryton_sdk::field::Reads;
/// use tryton_sdk::Decode;
///
/// struct Email(String);
///
/// impl Decode for Email {
///     fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
///         String::decode(from).map(Email)
///     }
/// }
/// // Any char or text field can be read into an `Email`.
/// impl Reads<String> for Email {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a server's answer",
    label = "not a type of a field",
    note = "for related records, write `#[derive(Projection)]` and `#[tryton(model = …)]` on the struct that each is \
            read into"
)]
pub trait Decode: Sized {
    /// The number of relations followed to the related fields that the value is read from; 0 for the field itself.
    #[doc(hidden)]
    const DEPTH: usize = 0;

    /// Adds the fields to request from the server for the field at `path`.
    #[doc(hidden)]
    fn wants(path: &str, wanted: &mut Wanted) {
        wanted.field(path.to_owned());
    }

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// Returns the deserializer's error if the value is of another type.
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;

    /// Reads the value where it may be null.
    #[doc(hidden)]
    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        plain::nullable(from)
    }
}

/// A value that can be sent to a server.
///
/// Times are truncated to microseconds, Tryton's finest unit. A value that Tryton cannot represent is an error: a date
/// before the year 1, or a timedelta of more than 999,999,999 days. If such a value is in a [`Domain`](crate::Domain), a
/// [`Draft`](struct@crate::Draft), a [`Dict`] or a [`Context`](crate::Context), the call that sends it fails with an
/// error that names the field.
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::{Decimal, Encode};
///
/// let price: Decimal = "12.50".parse()?;
/// assert_eq!(price.encode()?, json!({"__class__": "Decimal", "decimal": "12.50"}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Encode {
    /// Returns the value in Tryton's JSON.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if Tryton cannot represent the value.
    fn encode(&self) -> Result<Value>;
}

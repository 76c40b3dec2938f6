//! The language of the [Tryton](https://www.tryton.org) ERP without a network.
//!
//! Applications use the crate `tryton-sdk`, which has all of this and the client. Use this crate on its own in code that
//! only names types, or that sends calls in its own way: see [`Connection`]. The macros' output names the crate
//! `tryton_sdk`, so depend on it as `tryton-sdk = { package = "tryton-sdk-core", … }`.
//!
//! # Types of other crates
//!
//! Types of these crates are part of the public interface, here and in `tryton-sdk`. A new major version of one of them
//! means a new major version of this crate.
//!
//! | crate | types | why |
//! |---|---|---|
//! | `serde` | `Serialize`, `Deserialize`, `Deserializer` | any type that serde reads or writes can be sent and received |
//! | `serde_json` | `Value`, `Map` | JSON that the types cannot express: [`Domain::raw`], [`Draft::raw`] |
//! | `jiff` | [`Date`], [`Time`], [`DateTime`], [`TimeDelta`] | one more calendar would be one more to convert from and to |
//! | `rust_decimal` | `Decimal`, in conversions only | programs that calculate use it already; [`Decimal`] is this crate's own |
//! | `bytes` | [`Bytes`](connection::Bytes) | a [`Connection`] passes on an answer without copying it |
//! | `futures-util`, `futures-core` | [`BoxFuture`](connection::BoxFuture), `Stream` | a [`Connection`] can be a trait object; [`RecordStream`] works with every combinator |
//! | `zeroize` | `Zeroizing`, as [`Body`] | the body of a login is overwritten after it was sent |
//! | `secrecy` | `SecretString`, `ExposeSecret`, in `tryton-sdk` only | a password cannot be printed by mistake |

#![warn(missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod action;
pub mod answer;
mod any_draft;
mod button;
mod call;
pub mod connection;
mod context;
#[cfg(any(feature = "chrono", feature = "time"))]
mod dates;
pub mod document;
mod draft;
#[expect(missing_debug_implementations, reason = "its type is for the code that macros write")]
mod drafted;
mod error;
pub mod form;
mod model;
pub mod plain;
#[expect(missing_debug_implementations, reason = "its types are for the code that macros write")]
mod projection;
#[cfg(test)]
mod properties;
mod pyson;
mod python_json;
mod query;
mod records;
mod reply;
mod secrets;
mod selected;
mod series;
mod subject;
#[cfg(feature = "testing")]
pub mod testing;
pub mod types;
mod unsendable;
pub mod utc;
mod value;
#[expect(missing_debug_implementations, reason = "its type is for the code that macros write")]
mod wanted;
mod warnings;

pub use action::{Button, NextStep, Offer, Report, ReportOf, Several, Wizard, WizardOf, WizardStep, WizardView};
pub use call::{Body, Call};
pub use connection::Connection;
pub use context::Context;
pub use draft::Draft;
pub use error::{Error, ErrorCategory, ErrorKind, LoginChallenge, Result, Trouble, Warning};
pub use form::{Form, Row};
pub use model::{
    Comparable, Computed, DictValue, Field, FieldNames, FieldType, Filterable, LeadsTo, Model, Multiple, NeverNull,
    NoFilter, NoOrder, Nullability, Nullable, Orderable, OtherValue, Present, Queryable, ReadOnly, Relation, Scalar,
    Selectable, Selection, Settable, Takes, Textual, ToMany, ToOne, User, Writable,
};
pub use projection::{Accepts, Projection, Reads};
pub use query::{Domain, Operand, Order, OrderPath};
pub use records::{
    Change, Changes, Columns, Mark, Page, Presence, Record, RecordStream, Records, Referenced, Replaced, Resources,
    Revision, Search, Select, Unfinished, UnfinishedUpsert, Upserted,
};
pub use reply::Reply;
pub use secrets::remove_secrets;
pub use series::{ParseSeriesError, Series};
pub use subject::Subject;
pub use tryton_sdk_macros::{Draft, Projection, Referenced};
pub use value::{
    Binary, Choice, Date, DateTime, Decimal, Decode, Dict, Encode, Id, Labelled, ModelName, ParseDecimalError,
    ParseReferenceError, Reference, Rounding, Time, TimeDelta, Timestamp,
};
pub use warnings::AcceptWarnings;

/// Support for the output of the macros; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::__model_functions as model_functions;
    pub use crate::button::{method_of, press};
    pub use crate::model::{Is, field};
    pub use crate::projection::{Member, Slot, Visit, absent, check, expect, hop, record, related, tree, way};
    pub use crate::python_json::{from_python, to_python};
    pub use crate::query::is_operator;
    pub use crate::records::{Known, each_model_once, model_of};
    pub use crate::wanted::Wanted;
    pub use crate::{Decode, Draft, Id, Model, Projection, Reads, Reference, Referenced};
    pub use serde::de::{Deserialize, Deserializer};
    pub use serde::ser::{Serialize, Serializer};
    pub use std::prelude::v1::derive;
    pub use tryton_sdk_macros::models;

    pub mod drafts {
        pub use crate::drafted::{list, set, set_or_clear, set_some};
    }

    /// For applications that have a crate named `core`, or no prelude. Not all of `core`: the compiler would leave types
    /// that it finds here out of its suggestions.
    pub mod core {
        pub use ::core::{clone, cmp, concat, convert, fmt, hash, include_bytes, result};
    }
}

/// The expressions of `fields_get`, for the test that compares them with Tryton's own decoder.
#[doc(hidden)]
pub mod __pyson {
    pub use crate::pyson::{Env, Expression, Fault, Found, holds};
}

/// The path of an answer and of a request without a server between them, for tests and the fuzzer.
#[doc(hidden)]
pub mod __fuzz {
    use crate::python_json::to_python;
    use crate::value::plain::Seed;
    use crate::{Call, Context, Decode, Result, answer};
    use serde_json::{Value, json};

    /// Reads the body of an answer.
    pub fn read<T: Decode>(body: &[u8]) -> Result<T> {
        let call = Call::on_model("any.model", "read", Vec::new(), &Context::new());
        answer::read(body, Seed::new(), call.subject())
    }

    /// The body of an answer that holds `value` as it would be sent.
    pub fn echo(value: &Value) -> Vec<u8> {
        to_python(json!({"result": value}).to_string())
    }
}

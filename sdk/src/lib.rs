//! Typed access to the [Tryton](https://www.tryton.org) ERP over its JSON-RPC, for the series 6.0 to 8.2.
//!
//! ```no_run
//! use tryton_sdk::{Client, Decimal, Id, Projection};
//!
//! # #[cfg(any())]
//! mod erp {
//!     tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.party"] }
//! }
//! # mod erp {
//! #     use tryton_sdk::types::*;
//! #     tryton_sdk::model! {
//! #         /// Sale
//! #         pub Sale(SaleFields) = "sale.sale" [search];
//! #         settable { id: "id", party: "party", state: "state", total_amount: "total_amount" }
//! #         read_only {}
//! #     }
//! #     /// The fields of [`Sale`].
//! #     pub struct SaleFields {
//! #         /// ID
//! #         pub id: tryton_sdk::Field<Sale, Id<Sale>>,
//! #         /// Party
//! #         pub party: tryton_sdk::Field<Sale, Id<Party>>,
//! #         /// State
//! #         pub state: tryton_sdk::Field<Sale, SaleState>,
//! #         /// Total
//! #         pub total_amount: tryton_sdk::Field<Sale, Option<Decimal>, Computed>,
//! #     }
//! #     tryton_sdk::selection! {
//! #         /// State
//! #         pub SaleState {
//! #             /// Draft
//! #             Draft = "draft",
//! #         }
//! #     }
//! #     tryton_sdk::model! {
//! #         /// Party
//! #         pub Party(PartyFields) = "party.party" [search];
//! #         settable { name: "name" }
//! #         read_only {}
//! #     }
//! #     /// The fields of [`Party`].
//! #     pub struct PartyFields {
//! #         /// Name
//! #         pub name: tryton_sdk::Field<Party, Option<String>>,
//! #     }
//! # }
//! use erp::{Party, Sale, SaleState};
//!
//! #[derive(Projection)]
//! #[tryton(model = Sale)]
//! struct DraftSale {
//!     id: Id<Sale>,
//!     total_amount: Option<Decimal>,
//!     party: Customer,
//! }
//!
//! #[derive(Projection)]
//! #[tryton(model = Party)]
//! struct Customer {
//!     name: Option<String>,
//! }
//!
//! # async fn run() -> tryton_sdk::Result<()> {
//! let tryton = Client::from_env()?;
//! let drafts: Vec<DraftSale> =
//!     Sale::search().filter(Sale::F.state.is(SaleState::Draft)).limit(10).fetch(&tryton).await?;
//! # Ok(())
//! # }
//! ```
//!
//! * [`Client`] speaks with the server: [`call`](Client::call) for any method, [`ping`](Client::ping), sessions, caching.
//! * [`Context`] is what calls say besides their arguments: language, company, a time in the past.
//! * [`models!`] makes types of the metadata snapshots that `cargo tryton pull` writes.
//! * [`Search`] and [`derive(Projection)`](macro@Projection) read typed records through them, in one request.
//! * [`Model`] has the functions of each model: `Sale::search()`, `Sale::create(…)`, `Sale::write(…)` and others.
//!   Buttons are functions, too.
//! * [`Draft`] holds the values of a record to create or to change. [`Record`] is read, changed and saved.
//! * [`Client::accept`] and [`AcceptWarnings`] answer what the server asks before it goes on.
//! * [`Wizard`] leads a dialogue, a [`ReportOf`] some model makes a document.
//! * [`Error`] tells everything that can go wrong apart.
//!
//! | feature | | |
//! |---|---|---|
//! | `rustls` | default | TLS by rustls |
//! | `native-tls` | | TLS by the operating system's library |
//! | `redis` | default | a cache and sessions that processes share |
//! | `metrics` | | counters and histograms of all calls, by the crate `metrics` |
//! | `testing` | | a server that is not there, for the tests of applications |

#![warn(missing_debug_implementations)]

mod action;
mod answer;
mod any_draft;
mod cache;
mod client;
mod context;
mod draft;
mod error;
pub mod form;
mod gzip;
mod http;
mod model;
#[expect(missing_debug_implementations, reason = "its types are for the code that macros write")]
mod projection;
mod python_json;
mod query;
mod record;
mod reply;
mod report;
mod rpc;
mod series;
mod tls;
mod value;
mod warnings;
mod wizard;
mod write;

#[cfg(feature = "testing")]
pub mod testing;
pub mod types;

pub use action::Several;
pub use cache::{Cache, CacheFuture, MemoryCache};
pub use client::{Client, ClientBuilder, LogoutOnDrop, Pong, Session};
pub use context::Context;
pub use draft::Draft;
pub use error::{Error, LoginChallenge, Result, Warning};
pub use form::{Form, Row};
pub use model::{
    Comparable, Computed, DictValue, Field, FieldNames, FieldType, Filterable, Model, ModelName, NeverNull, NoFilter,
    NoOrder, Nullability, Nullable, Orderable, OtherValue, Queryable, ReadOnly, Relation, Scalar, Selectable,
    Selection, Takes, Textual, ToMany, ToOne, Writable,
};
pub use projection::{Accepts, Projection, Reads};
pub use query::{Columns, Domain, Labelled, Operand, Order, RecordStream, Resources, Revision, Search, Select};
pub use record::Record;
pub use reply::Reply;
pub use report::{Report, ReportOf};
pub use secrecy::{ExposeSecret, SecretString};
pub use series::Series;
pub use tryton_sdk_macros::{Projection, models};
pub use value::{
    Binary, Choice, Date, DateTime, Decimal, Decode, Dict, Encode, Id, ParseDecimalError, ParseReferenceError,
    Reference, Time, TimeDelta, Timestamp,
};
pub use warnings::AcceptWarnings;
pub use wizard::{Wizard, WizardOf, WizardStep, WizardView};
pub use write::{NextStep, Unfinished};

/// The README, whose program is a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub enum Readme {}

/// What the macros write; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::__model_functions as model_functions;
    pub use crate::model::field;
    pub use crate::projection::{Member, Places, Slot, Wanted, absent, check, expect, hop, record, related};
    pub use crate::write::press;
    pub use crate::{Decode, Id, Model, Projection, Reads};
    pub use serde::de::Deserializer;
}

/// The way of an answer and of a request without a server between them, for tests and the fuzzer.
#[doc(hidden)]
pub mod __fuzz {
    use crate::python_json::to_python;
    use crate::rpc::Call;
    use crate::value::plain::Seed;
    use crate::{Context, Decode, Result};
    use serde_json::{Value, json};

    /// Reads the body of an answer.
    pub fn read<T: Decode>(body: &[u8]) -> Result<T> {
        let call = Call::on_model("any.model", "read", Vec::new(), &Context::new());
        crate::answer::read(body, Seed::new(), call.subject(), "http://localhost")
    }

    /// The body of an answer that holds what would be sent for `value`.
    pub fn echo(value: &Value) -> Result<Vec<u8>> {
        to_python(json!({"result": value}).to_string())
    }
}

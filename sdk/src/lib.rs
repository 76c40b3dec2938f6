//! Typed access to the [Tryton](https://www.tryton.org) ERP over its JSON-RPC, for the series 6.0 to 8.2.
//!
//! ```no_run
//! use tryton_sdk::{Client, Decimal, Id, Projection};
//!
//! # #[cfg(any())]
//! mod erp {
//!     tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.party"] }
//! }
//! # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
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
//! * [`Client`] talks to the server: [`call`](Client::call) for any method, [`ping`](Client::ping), sessions, caching.
//! * [`Context`] holds what a call sends besides its arguments: language, company, a time in the past.
//! * [`models!`] generates types from the metadata snapshots that `cargo tryton pull` writes.
//! * [`Search`] and [`derive(Projection)`](macro@Projection) read typed records through them, in one request.
//! * [`Records`] holds the functions of each model: `Sale::search()`, `Sale::create(…)`, `Sale::write(…)` and others.
//!   Buttons are functions, too.
//! * [`Draft`](struct@Draft) holds the values of a record to create or to change; [`derive(Draft)`](macro@Draft) makes
//!   one from a struct of your own. A [`Record`] is read, changed and saved.
//! * [`Client::accept`] and [`AcceptWarnings`] answer the server's warnings.
//! * A [`Wizard`] is a dialogue in steps; a [`ReportOf`](action::ReportOf) renders a document.
//! * [`Error`] distinguishes every kind of failure.
//!
//! | feature | | |
//! |---|---|---|
//! | `rustls` | default | TLS by rustls |
//! | `native-tls` | | TLS by the operating system's library |
//! | `redis` | default | a cache and sessions shared by processes, in one Redis server |
//! | `redis-cluster` | | the same in a cluster: `redis+cluster://…` |
//! | `redis-sentinel` | | the same in the primary found by Sentinels: `redis+sentinel://…` |
//! | `metrics` | | counters and histograms of all calls, through the crate `metrics` |
//! | `chrono`, `time` | | conversions from and to the dates and times of these crates |
//! | `testing` | | an in-process mock server for your tests |

#![warn(missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod batching;
pub mod cache;
pub mod client;
mod clock;
pub mod connection;
pub mod error;
pub mod field;
mod flight;
mod read_ahead;
mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use batching::Batching;
pub use client::{Client, ClientBuilder, Session};
pub use read_ahead::{ReadAhead, read_ahead};
pub use secrecy::{ExposeSecret, SecretString};
pub use tryton_sdk_core::{__fuzz, __private, __pyson};
pub use tryton_sdk_core::{
    AcceptWarnings, Binary, Change, Changes, Choice, Connection, Context, Date, DateTime, Decimal, Decode, Dict,
    Domain, Draft, Encode, Error, ErrorCategory, ErrorKind, Field, Form, Id, LoginChallenge, Mark, Model, ModelName,
    NextStep, Order, Page, Presence, Projection, Record, RecordStream, Records, Reference, Referenced, Replaced, Reply,
    Report, Result, Rounding, Search, Selection, Series, Time, TimeDelta, Timestamp, Upserted, Warning, Wizard, action,
    answer, document, form, plain, types, utc,
};
pub use tryton_sdk_core::{buttons, generated_form, marker, model, models, selection, selections_by_serde};

/// The README, whose program is a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub enum Readme {}

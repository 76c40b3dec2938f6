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
//! | `redis` | default | a cache and sessions that processes share, in one Redis server |
//! | `redis-cluster` | | the same in a cluster: `redis+cluster://…` |
//! | `redis-sentinel` | | the same in the primary that Sentinels know: `redis+sentinel://…` |
//! | `metrics` | | counters and histograms of all calls, by the crate `metrics` |
//! | `testing` | | a server that is not there, for the tests of applications |

#![warn(missing_debug_implementations)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod cache;
mod client;
mod clock;
mod flight;
mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod wire;

pub use cache::{Cache, CacheFuture, MemoryCache};
pub use client::{Client, ClientBuilder, LogoutOnDrop, Pong, Session};
pub use secrecy::{ExposeSecret, SecretString};
pub use tryton_sdk_core::*;

/// The README, whose program is a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub enum Readme {}

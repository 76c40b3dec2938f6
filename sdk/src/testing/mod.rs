//! For the tests of applications: an in-process mock server, and recordings of a real one.
//!
//! A [`Server`] responds to the calls that a test expects, written in the types of the models. Any other call is an error
//! that shows the difference. It is a [`Connection`](crate::Connection), and it can replace the network below a real
//! [`Client`](crate::Client): [`ServerExt::client`] builds one. Everything above the network is then the real code:
//! sessions, retries, the cache, and decoding.
//!
//! ```
//! # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
//! use erp::{Party, Sale};
//! use tryton_sdk::testing::{Row, Server, ServerExt};
//! use tryton_sdk::{Client, Id, NextStep, Projection, Result, Series};
//!
//! #[derive(Projection)]
//! #[tryton(model = Sale)]
//! struct Open {
//!     id: Id<Sale>,
//!     #[tryton(path = "party.name")]
//!     customer: Option<String>,
//! }
//!
//! /// The code under test: quotes the sale, and returns its customer.
//! async fn quote(tryton: &Client, number: &str) -> Result<Option<String>> {
//!     let sale: Open = Sale::search().filter(Sale::F.number.is(number)).one(tryton).await?;
//!     Sale::quote(tryton, &[sale.id]).await?;
//!     Ok(sale.customer)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let server = Server::new(Series::new(8, 2));
//! let sale: Id<Sale> = Id::new(7);
//! let customer = Row::new(Id::new(3)).set(Party::F.name, "Muster GmbH");
//! let found = Row::new(sale).set(Sale::F.number, "S1").one(Sale::F.party, customer);
//! server.on_search(Sale::search().filter(Sale::F.number.is("S1"))).returns([found]);
//! server.on_button(Sale::quote, &[sale]).returns(NextStep::Nothing);
//!
//! let customer = quote(&server.client(), "S1").await.unwrap();
//! assert_eq!(customer.as_deref(), Some("Muster GmbH"));
//! server.verify(); // both calls have been made, and no other
//! # }
//! ```
//!
//! A [`Recorder`] records the responses of a real server without secrets; [`Server::replay`] replays them.

mod client;
mod recorder;

pub use client::ServerExt;
pub use recorder::Recorder;
pub use tryton_sdk_core::testing::*;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the models of the tests are as applications have them")]
mod tests;

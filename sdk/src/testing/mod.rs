//! For the tests of applications: a server that is not there, and recordings of one that was.
//!
//! A [`Server`] answers the calls that a test expects, which are written in the types of the models; any other call is an
//! error that says how it differs. It is a [`Connection`](crate::Connection), and it can take the place of the network
//! below a real [`Client`](crate::Client): [`ServerExt::client`] makes one. Everything above is the real thing then:
//! sessions, retries, the cache, and the reading of answers.
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
//! /// What is to be tested: quotes the sale, and tells whose it is.
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
//! A [`Recorder`] writes down what a real server answers, without secrets; [`Server::replay`] answers the same again.

mod client;
mod recorder;

pub use client::ServerExt;
pub use recorder::Recorder;
pub use tryton_sdk_core::testing::*;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the models of the tests are as applications have them")]
mod tests;

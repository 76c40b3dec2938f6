//! For the tests of applications: an in-process mock server.
//!
//! A [`Server`] is a [`Connection`](crate::Connection), which every operation takes. A test declares the calls that it
//! expects and their results, in the types of the models. Any other call is an error that shows the difference. No
//! network and no async runtime is involved.
//!
//! ```
//! # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
//! use erp::{Party, Sale};
//! use tryton_sdk::testing::{Row, Server};
//! use tryton_sdk::{Connection, Id, NextStep, Projection, Result, Series};
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
//! async fn quote(tryton: &dyn Connection, number: &str) -> Result<Option<String>> {
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
//! let customer = quote(&server, "S1").await.unwrap();
//! assert_eq!(customer.as_deref(), Some("Muster GmbH"));
//! server.verify(); // both calls have been made, and no other
//! # }
//! ```
//!
//! [`Server::on_form`] fills in forms: it declares the values that follow from each field.
//!
//! [`Server::replay`] replays the recording of a real server.

mod argument;
mod call;
mod direct;
mod expectation;
mod expected;
mod filled;
mod on_form;
mod recording;
mod row;
mod server;
mod state;
mod tape;
mod values;

pub use argument::{Any, Argument};
pub use expected::{Expected, Failure};
pub use on_form::OnForm;
pub use row::Row;
pub use server::Server;
pub use values::Values;
#[doc(hidden)]
pub use {state::Answered, tape::Tape};

#[cfg(test)]
#[expect(unreachable_pub, reason = "the models of the tests are as applications have them")]
mod tests;

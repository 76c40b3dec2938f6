//! Forms: records filled in as in Tryton's own clients.
//!
//! A [`Draft`](struct@crate::Draft) sends exactly the values that the program sets: an order created by it has no prices
//! other than those. In a form, as in Tryton's own clients, the server computes the values that follow from each field:
//! the address and the payment term from the customer, the unit, the price and the taxes from the product, the totals
//! from the lines. [`Form`] has the types of a program's models, [`AnyForm`] takes names at run time, and [`Tree`] is the
//! engine below both, without I/O: it returns its questions instead of sending them.
//!
//! # The algorithm
//!
//! `fields_get` lists, for each field, the fields that its `on_change` reads and those from which its `on_change_with` is
//! computed. These lists are complete: a client never follows a chain from one field to the next.
//!
//! 1. **A new record** starts with `default_get`. Then the server computes the values that follow from all defaults
//!    together, as after setting a field. A record in a list gets its parent together with its defaults.
//! 2. **A field is set.** If it already has the value, nothing happens. Otherwise the value is stored, and
//!    * `on_change` is called with the fields that it reads, if the field has one, and its result is applied;
//!    * `on_change_with` is called for all fields computed from this one, in up to two rounds: the second has the fields
//!      that read a result of the first. Results trigger nothing further.
//! 3. **The parent is notified**: its list counts as set, with all consequences, and so on upwards.
//! 4. **A change** in a response is applied to single values first and then to lists: records are deleted, removed, added
//!    and updated, new ones without defaults of their own. Every field that it names counts as changed.
//! 5. **Saving** is one request for the whole tree. A new record is sent with all its values except those of read-only
//!    fields, a saved one with its changes. The server refuses the request if a record has changed since it was read.
//!
//! An argument `_parent_sale.party` is read from the parent record, if `sale` is the inverse field. A one2many is sent as
//! the values of its records. The inverse field is sent as the values of the parent, without the list itself. The id of
//! an unsaved record is negative.
//!
//! # Left to the server
//!
//! Tryton's own clients set a field to the only value that its domain allows, and lock it. A form does not. Expressions
//! such as domains use the current day in UTC. Null and the empty text are the same value: setting one instead of the
//! other is no change.
//!
//! # Fewer requests
//!
//! Each of these leaves the values the same:
//!
//! * The parent is notified when it is read, set, or saved, and not each time one of its rows changes.
//! * Equal questions within one operation are asked once: the new rows of a `fill` have the same questions until they
//!   differ.
//! * If the arguments contain single values of the parent, the server uses only these, and the whole parent is not sent.
//! * In a [`fill`](Form::fill), independent fields share a question, and the rows of a list ask at the same time.
//!
//! # Failures
//!
//! An operation works on a copy-on-write copy of the records, which replaces them when the operation is done. An
//! operation that fails or is dropped has changed nothing in the form. Changes on the server remain: a saved record stays
//! saved even if pressing the button afterwards fails.

mod any;
mod args;
mod ask;
mod change;
mod check;
mod context;
mod drive;
mod memo;
mod model;
mod notification;
mod ops;
mod records;
mod save;
mod save_all;
mod settle;
#[cfg(test)]
mod tests;
mod tree;
mod typed;

pub use crate::any_draft::AnyDraft;
pub use any::{AnyForm, AnyRow, Desk};
pub use ask::Question;
pub use check::{Rule, Violation, Violations};
pub use context::States;
pub use notification::{Level, Notification};
pub use ops::{Op, Outcome};
pub use records::NodeId;
#[doc(hidden)]
pub use tree::Options;
pub use tree::{Step, Tree};
pub use typed::{Form, Row};

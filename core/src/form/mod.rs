//! Forms: records that are filled in as a user of Tryton's own clients fills them in.
//!
//! A [`Draft`](struct@crate::Draft) sends what it was told, and nothing follows from it: an order created by it has no prices but
//! those that it names. In a form, as in Tryton's own clients, the server computes what follows from each field that is
//! set: the address and the payment term from the customer, the unit, the price and the taxes from the product, the totals
//! from the lines. [`Form`] has the types of a program's models, [`AnyForm`] takes names at run time, and [`Tree`] is the
//! engine below both, which asks questions instead of sending them.
//!
//! # The algorithm
//!
//! `fields_get` says of each field what its `on_change` reads, and which fields its `on_change_with` is computed from. The
//! server has closed these lists: a client never follows one field to the next.
//!
//! 1. **A new record** begins with `default_get`. What follows from all defaults together is computed as for a field that
//!    is set. A record in a list hears of its parent together with its defaults.
//! 2. **A field is set.** Nothing happens where it has the value already. Else the value is stored, and
//!    * `on_change` is asked, with what it reads as arguments, if the field has one; its answer is applied;
//!    * `on_change_with` is asked for all fields that are computed from the one that was set, in up to two rounds: in the
//!      second are those that read a result of the first. Results trigger nothing further.
//! 3. **The parent is told**: its list counts as set, with all that follows, and so on upwards.
//! 4. **A change** that the server answers with is applied to single values first and to lists after them: records are
//!    deleted, removed, added and updated, new ones without defaults of their own. All that it names counts as changed.
//! 5. **Saving** is one request for the whole tree. A new record is sent with every value that it has but those of read-only
//!    fields, a saved one with what changed. The server refuses it where a record that is written is no longer as it was
//!    read.
//!
//! An argument `_parent_sale.party` is read of the record whose list the record is in, if `sale` is the field that leads
//! back. A one2many is sent as the values of its records. The field that leads back is sent as the values of the parent,
//! without the list itself. The id of a record that is not saved is negative.
//!
//! # What is left to the server
//!
//! Tryton's own clients set a field to the only value that its domain leaves, and lock it. A form does not. The day on
//! which expressions such as domains depend is that in UTC. Null and the empty text are one value: to set one where the
//! other is changes nothing.
//!
//! # Fewer requests
//!
//! Each of these leaves the values the same:
//!
//! * The parent is told when it is looked at, set, or saved, and not each time one of its rows changes.
//! * Equal questions of one operation are asked once: the new rows of a `fill` ask the same until they differ.
//! * Where the arguments hold values of the parent one by one, the server takes no others, and they are not sent twice.
//! * In a [`fill`](Form::fill), fields that do not concern each other share a question, and the rows of a list ask at the
//!   same time.
//!
//! # Failures
//!
//! An operation works on a copy of the records, which shares with them all that it does not change, and which takes their
//! place when it is done. One that fails, or is given up, has changed nothing here. Only what the server has done stays
//! done: a record that is saved is saved, even where the button that was to be pressed afterwards fails.

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

//! Lints that cannot be allowed again, and all that clippy has.
#![forbid(future_incompatible, missing_docs, nonstandard_style, unreachable_pub, unused, unused_qualifications)]
#![forbid(dead_code, non_snake_case, unused_imports)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
#![allow(clippy::blanket_clippy_restriction_lints, clippy::pub_with_shorthand, reason = "the application's own ways")]
#![allow(clippy::same_name_method, reason = "the functions of `Model` are also on the types of the models")]
#![allow(
    clippy::arbitrary_source_item_ordering,
    clippy::exhaustive_structs,
    clippy::exhaustive_enums,
    reason = "the application's own ways"
)]

/// The models, few of which are used.
pub(crate) mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

use erp::{Party, Sale, SaleLine, SaleState};
use tryton_sdk::{Draft, Id, Projection, Reference, Referenced};

/// A sale.
#[derive(Projection)]
#[tryton(model = Sale)]
pub struct Order {
    /// The id.
    pub id: Id<Sale>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The party.
    pub party: Customer,
    /// The state.
    pub state: SaleState,
    /// Whether it may be changed.
    #[tryton(may_write)]
    pub is_open: bool,
}

/// A line of a sale.
#[derive(Projection)]
#[tryton(model = SaleLine)]
pub struct Line {
    /// How much.
    #[tryton(expect)]
    pub quantity: f64,
}

/// What something comes from.
#[derive(Referenced)]
pub enum Origin {
    /// A line of a sale.
    Line(Line),
    /// A record of another model.
    Other(Reference),
}

/// A party.
#[derive(Projection)]
#[tryton(model = Party)]
pub struct Customer {
    /// The language.
    #[tryton(path = "lang", since = "7.0")]
    pub language: Option<Id<erp::IrLang>>,
    /// The name.
    pub name: Option<String>,
}

/// A sale to be entered.
#[derive(Draft)]
#[tryton(model = Sale)]
pub struct Wanted {
    /// The lines.
    #[tryton(path = "lines", add)]
    pub items: Vec<Item>,
    /// The party.
    pub party: Id<Party>,
    /// What the customer calls it.
    #[tryton(clear)]
    pub reference: Option<String>,
}

/// A line to be entered.
#[derive(Draft)]
#[tryton(model = SaleLine)]
pub struct Item {
    /// What is said of it.
    pub description: Option<String>,
    /// How much.
    pub quantity: f64,
}

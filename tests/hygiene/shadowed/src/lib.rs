//! Names of the application's own for all that the expansions need, the crates `core`, `std` and `alloc` included, and no
//! prelude.
#![no_implicit_prelude]

/// The models, beside types and macros of the application that are called like those of the prelude.
pub mod erp {
    /// No optional value.
    pub enum Option {}
    /// No text.
    pub enum String {}
    /// No list.
    pub enum Vec {}
    /// No box.
    pub enum Box {}
    /// No result.
    pub enum Result {}
    /// No date.
    pub enum Date {}
    /// No id.
    pub enum Id {}
    /// No value.
    pub const fn some() {}
    pub use some as Some;
    pub use some as Ok;
    pub use some as None;

    ::tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

/// A sale, in a module where the names of the prelude mean other things.
pub mod order {
    use super::erp::{Option, Result, Some, String, Vec};
    use ::tryton_sdk::Projection;

    /// What the module does not use but has.
    pub type Names = (Option, Result, String, Vec);

    /// Not the one of an `Option`.
    pub const SOME: fn() = Some;

    /// The state of a sale.
    #[derive(Projection)]
    #[tryton(model = super::erp::Sale)]
    pub struct Order {
        /// The state.
        pub state: super::erp::SaleState,
        /// When it was ordered.
        #[tryton(path = "party.active")]
        pub is_active: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::erp::{Sale, SaleState};
    use super::order::Order;

    #[::core::prelude::v1::test]
    fn the_types_are_those_of_the_sdk() {}
}

//! Names of the application's own for what expansions need: the crate `core`, and types and functions of the prelude; and a
//! module without any prelude.

/// Types that are called like those of the prelude and of the SDK.
pub mod own {
    /// No optional value.
    #[derive(Debug)]
    pub struct Option;
    /// No text.
    #[derive(Debug)]
    pub struct String;
    /// No list.
    #[derive(Debug)]
    pub struct Vec;
    /// No box.
    #[derive(Debug)]
    pub struct Box;
    /// No result.
    #[derive(Debug)]
    pub struct Result;
    /// No date.
    #[derive(Debug)]
    pub struct Date;
    /// No id.
    #[derive(Debug)]
    pub struct Id;
    /// No field.
    #[derive(Debug)]
    pub struct Field;
    /// Not the values of an `Option` or a `Result`.
    #[derive(Debug)]
    pub enum Value {
        /// Not a value.
        Some,
        /// Not the lack of one.
        None,
        /// Not a result.
        Ok,
        /// Not an error.
        Err,
    }
    pub use Value::{Err, None, Ok, Some};
}

/// The models beside such types.
pub mod erp {
    pub use super::own::{Box, Date, Err, Field, Id, None, Ok, Option, Result, Some, String, Value, Vec};

    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"], serde = true }
}

/// A projection beside such types.
pub mod projection {
    use super::erp::{Err, None, Ok, Option, Result, Sale, SaleState, Some, String, Vec};

    /// What the module has and does not use.
    pub const OWN: (Option, Result, String, Vec) = (Option, Result, String, Vec);

    /// The same of values.
    pub const VALUES: [super::own::Value; 4] = [Some, None, Ok, Err];

    /// A sale.
    #[derive(tryton_sdk::Projection)]
    #[tryton(model = Sale)]
    pub struct Order {
        /// Its state.
        pub state: SaleState,
        /// Whether its party is active.
        #[tryton(path = "party.active")]
        pub is_active: bool,
        /// What else is known of it.
        #[tryton(since = "8.0")]
        pub quotation_date: std::option::Option<tryton_sdk::Date>,
    }

    /// A sale to be entered.
    #[derive(tryton_sdk::Draft)]
    #[tryton(model = Sale)]
    pub struct Wanted<'a> {
        /// What the customer calls it.
        pub reference: std::option::Option<&'a str>,
        /// What is said of it.
        #[tryton(path = "description", clear)]
        pub said: std::option::Option<std::string::String>,
    }
}

/// Models and a projection where nothing is in scope.
pub mod bare {
    #![no_implicit_prelude]

    /// The models.
    pub mod erp {
        ::tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"], serde = true }
    }

    /// A sale.
    #[::std::prelude::v1::derive(::tryton_sdk::Projection)]
    #[tryton(model = erp::Sale)]
    pub struct Order {
        /// Its state.
        pub state: erp::SaleState,
        /// Its party.
        pub party: Customer,
    }

    /// What something comes from.
    #[::std::prelude::v1::derive(::tryton_sdk::Referenced)]
    pub enum Origin {
        /// A sale.
        Sale(Order),
        /// A record of another model.
        Other(::tryton_sdk::Reference),
    }

    /// Its party.
    #[::std::prelude::v1::derive(::tryton_sdk::Projection)]
    #[tryton(model = erp::Party)]
    pub struct Customer {
        /// The name.
        pub name: ::std::option::Option<::std::string::String>,
    }

    /// A party to be entered, and what else is known of it.
    #[::std::prelude::v1::derive(::tryton_sdk::Draft)]
    #[tryton(model = erp::Party)]
    pub struct Wanted<T> {
        /// The name.
        pub name: ::std::string::String,
        /// What else is known.
        #[tryton(skip)]
        pub rest: T,
    }
}

#[cfg(test)]
mod tests {
    use tryton_sdk::{ModelName, Projection};

    fn model<P: Projection>() -> &'static str {
        P::Model::NAME
    }

    #[test]
    fn the_types_of_the_sdk_are_meant_and_no_others() {
        assert_eq!(
            [model::<super::projection::Order>(), model::<super::bare::Customer>()],
            ["sale.sale", "party.party"]
        );
        let domain = super::erp::Sale::F.number.is("1");
        assert_eq!(domain.to_json().to_string(), r#"[["number","=","1"]]"#);
        let draft = super::bare::erp::Sale::F.state.is(super::bare::erp::SaleState::Draft);
        assert_eq!(draft.to_json().to_string(), r#"[["state","=","draft"]]"#);
        let draft = tryton_sdk::Draft::from(&super::projection::Wanted { reference: None, said: None });
        assert_eq!(draft.to_json().to_string(), r#"{"description":null}"#);
        let draft = tryton_sdk::Draft::from(&super::bare::Wanted { name: "Bolt".to_owned(), rest: () });
        assert_eq!(draft.to_json().to_string(), r#"{"name":"Bolt"}"#);
    }
}

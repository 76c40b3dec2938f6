//! The SDK by another name: the macros find it without being told.

/// The models.
pub mod erp {
    sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

#[cfg(test)]
mod tests {
    use super::erp::{Party, Sale, SaleState, report};
    use sdk::{Id, Projection};

    #[derive(Projection)]
    #[tryton(model = Sale)]
    struct Order {
        id: Id<Sale>,
        state: SaleState,
        #[tryton(path = "party.name")]
        customer: Option<String>,
    }

    #[derive(sdk::Draft)]
    #[tryton(model = Sale)]
    struct Wanted {
        reference: String,
    }

    #[test]
    fn the_models_and_projections_are_those_of_the_sdk() {
        fn model<P: Projection<Model = Sale>>(order: impl FnOnce() -> P) -> P {
            order()
        }
        let order = model(|| Order { id: Id::new(1), state: SaleState::Draft, customer: None });
        assert_eq!((order.id.get(), order.state.as_str(), order.customer), (1, "draft", None));
        let draft = sdk::Draft::from(&Wanted { reference: "A".to_owned() });
        assert_eq!(draft.to_json().to_string(), r#"{"reference":"A"}"#);
        let german = Sale::F.party.whose(Party::F.name.ilike("%gmbh%"));
        assert_eq!(german.to_json().to_string(), r#"[["party","where",[["name","ilike","%gmbh%"]]]]"#);
        assert_eq!(report::SALE.name(), "sale.sale");
    }
}

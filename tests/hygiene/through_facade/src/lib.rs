//! The SDK from another crate: `models!` finds it by itself, and the derive is told where it is.

/// The models.
pub mod erp {
    facade::tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

/// Models by a macro of the other crate.
pub mod languages {
    facade::erp!("ir.lang");
}

/// Models whose code is told where the SDK is.
pub mod countries {
    facade::tryton_sdk::models! {
        crate = facade::tryton_sdk,
        schema = "schemas/8.2",
        models = ["country.country"],
    }
}

#[cfg(test)]
mod tests {
    use super::countries::Country;
    use super::erp::{Sale, SaleLine, wizard};
    use super::languages::IrLang;
    use facade::tryton_sdk::{Id, ModelName, Projection};

    #[derive(Projection)]
    #[tryton(model = Sale, crate = "facade::tryton_sdk")]
    struct Order {
        id: Id<Sale>,
        lines: Vec<Line>,
    }

    #[derive(Projection)]
    #[tryton(crate = facade::tryton_sdk)]
    #[tryton(model = SaleLine)]
    struct Line {
        quantity: Option<f64>,
    }

    #[test]
    fn the_models_and_projections_are_those_of_the_sdk() {
        let order = Order { id: Id::new(1), lines: vec![Line { quantity: Some(2.0) }] };
        assert_eq!((order.id.get(), order.lines[0].quantity), (1, Some(2.0)));
        assert_eq!([IrLang::NAME, Country::NAME], ["ir.lang", "country.country"]);
        assert_eq!(
            Sale::F.lines.any(SaleLine::F.quantity.gt(1)).to_json().to_string(),
            r#"[["lines","where",[["quantity",">",1.0]]]]"#
        );
        assert_eq!(wizard::SALE_RETURN_SALE.name(), "sale.return_sale");
    }
}

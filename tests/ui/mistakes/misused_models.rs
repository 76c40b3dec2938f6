mod not_pulled {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["ir.session"] }
}

mod keys {
    tryton_sdk::models! { schemas = "schemas/8.2", modles = ["sale.sale"], colour = { "a" = "b" } }
}

mod twice {
    tryton_sdk::models! { schema = "schemas/8.2", schema = "schemas/7.0", models = ["ir.lang"] }
}

mod renamed_twice {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["ir.lang"], rename = { "ir.lang" = "A", "ir.lang" = "B" } }
}

mod nothing {
    tryton_sdk::models! { schema = "schemas/8.2", models = [] }
}

mod renames {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["sale.*"],
        rename = { "sale.sal" = "Order", "sale.line" = "fn", "party.party" = "SaleFields" },
    }
}

mod collision {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["party.party", "sale.*"],
        rename = { "sale.line" = "Party" },
    }
}

mod overrides {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["sale.sale"],
        override = { "sale.sale,state" = { add = ["draft"] }, "sale.sale,numbr" = { required = true } },
    }
}

mod override_keys {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["sale.sale"],
        override = { "sale.sale,state" = { ad = ["x"], requird = true, required = true, required = false } },
    }
}

fn main() {}

mod erp {
    tryton_sdk::models! {
        schema = "schemas/8.2",
        models = ["sale.sal", "party.party", "purchse.*"],
        rename = { "sale.line" = "Line" },
    }
}

fn main() {}

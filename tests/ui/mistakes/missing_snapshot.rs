mod erp {
    tryton_sdk::models! { schema = "/schemas/nowhere", models = ["sale.sale", "party.*"] }
}

fn main() {}

mod erp {
    ::tryton_sdk::generated_form!(2);
}

fn main() {}

//! Lints that cannot be allowed again, and all that clippy has.
#![forbid(
    dead_code,
    future_incompatible,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    nonstandard_style,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_imports,
    unused_qualifications,
    warnings
)]
#![forbid(clippy::pedantic, clippy::restriction, clippy::nursery)]

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.sale", "sale.line", "party.party"] }
}

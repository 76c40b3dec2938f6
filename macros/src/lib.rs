#![doc = include_str!("../README.md")]

use std::path::Path;

use proc_macro::TokenStream;

/// Types for the models of a Tryton server, from a snapshot of its metadata.
///
/// ```text
/// mod erp {
///     tryton_sdk::models! {
///         schema = "schemas/8.2",
///         models = ["sale.*", "party.party"],
///         rename = { "sale.sale" = "Order", "report:sale.sale" = "ORDER" },
///         override = { "sale.sale,number" = { required = true } },
///     }
/// }
/// ```
///
/// * `schema` is the folder of a snapshot, which `cargo tryton pull` makes. It is looked up in the
///   folder of the crate, then in each folder above it, so that a workspace can share one. A folder without the
///   snapshot's `server.json` is passed over.
/// * `models` selects models by name or pattern; `*` stands for any text, dots included.
///   A relation to a model that is not selected is typed by a bare marker.
/// * `rename` (optional) gives other names than the rules: to models (`"sale.sale"`), to the enums of selection fields
///   (`"sale.sale,state"`), and to the constants of reports and wizards (`"report:sale.sale"`, `"wizard:sale.return_sale"`).
/// * `override` (optional) corrects what the metadata says of a field: `required = true` or `false`, another `type`, or
///   values to `add` to a selection, such as `{ add = ["on_hold"] }`.
///
/// A rename or an override that changes nothing is an error.
///
/// Each model becomes a type with a constant `F` that holds a typed field for each of its fields; each selection with
/// fixed values becomes an enum. The modules `report` and `wizard` hold a constant for each report and wizard. Cargo
/// rebuilds when the snapshot changes.
#[proc_macro]
pub fn models(input: TokenStream) -> TokenStream {
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    tryton_sdk_codegen::models_macro::expand(input.into(), Path::new(&crate_dir)).into()
}

/// Reads the records of a model into a struct; `tryton_sdk::Projection` says how.
#[proc_macro_derive(Projection, attributes(tryton))]
pub fn projection(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::projection::expand(input.into()).into()
}

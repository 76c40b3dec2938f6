#![doc = include_str!("../README.md")]

use std::path::PathBuf;

use proc_macro::TokenStream;

/// What `tryton_sdk::models!` becomes, which says what it takes and sends the path of the SDK before it.
#[proc_macro]
pub fn models(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::models_macro::expand(input.into(), &crate_dir()).into()
}

/// Reads the records of a model into a struct; `tryton_sdk::Projection` says how.
#[proc_macro_derive(Projection, attributes(tryton))]
pub fn projection(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::projection::expand(input.into(), &crate_dir()).into()
}

/// Makes a struct of a program's own a draft; `tryton_sdk::Draft` says how.
#[proc_macro_derive(Draft, attributes(tryton))]
pub fn draft(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::draft::expand(input.into(), &crate_dir()).into()
}

/// Reads records of several models into an enum; `tryton_sdk::Referenced` says how.
#[proc_macro_derive(Referenced, attributes(tryton))]
pub fn referenced(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::referenced::expand(input.into(), &crate_dir()).into()
}

/// The folder of the crate that the macro is expanded in.
fn crate_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default().into()
}

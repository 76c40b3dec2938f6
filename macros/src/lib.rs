#![doc = include_str!("../README.md")]

use std::path::PathBuf;

use proc_macro::TokenStream;

/// The implementation of `tryton_sdk::models!`, which documents it and passes the path of the SDK first.
#[proc_macro]
pub fn models(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::models_macro::expand(input.into(), &crate_dir()).into()
}

/// Reads the records of a model into a struct: see `tryton_sdk::Projection`.
#[proc_macro_derive(Projection, attributes(tryton))]
pub fn projection(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::projection::expand(input.into(), &crate_dir()).into()
}

/// Converts your own struct to a draft: see `tryton_sdk::Draft`.
#[proc_macro_derive(Draft, attributes(tryton))]
pub fn draft(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::draft::expand(input.into(), &crate_dir()).into()
}

/// Reads records of several models into an enum: see `tryton_sdk::Referenced`.
#[proc_macro_derive(Referenced, attributes(tryton))]
pub fn referenced(input: TokenStream) -> TokenStream {
    tryton_sdk_codegen::referenced::expand(input.into(), &crate_dir()).into()
}

/// Returns the folder of the crate that the macro is expanded in.
fn crate_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default().into()
}

//! `#[derive(Draft)]`: creates a draft from a struct.
//!
//! It reads no snapshot, like `derive(Projection)`: it names the constants that `models!` generated, and the compiler
//! finds wrong names and types.

mod member;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Generics, Ident, Path, Result};

use crate::derive::{self, Container, Errors};
use crate::sdk;
use member::Member;

/// Expands `#[derive(Draft)]` in the crate whose folder is `crate_dir`. Every attribute and field that it does not
/// understand becomes a compile error.
pub fn expand(input: TokenStream, crate_dir: &std::path::Path) -> TokenStream {
    match syn::parse2(input).and_then(Said::parse) {
        Ok(said) => {
            let implementation = said.implementation();
            let sdk = said.sdk.unwrap_or_else(|| sdk::of_crate(crate_dir));
            quote! {
                const _: () = {
                    use #sdk::__private as __tryton;
                    #implementation
                };
            }
        }
        Err(error) => error.into_compile_error(),
    }
}

/// The struct, as the derive understands it.
struct Said {
    name: Ident,
    generics: Generics,
    /// The path of the SDK, if the struct states it.
    sdk: Option<Path>,
    model: Path,
    /// The members that are fields of the draft.
    members: Vec<Member>,
}

impl Said {
    fn parse(input: DeriveInput) -> Result<Self> {
        let mut errors = Errors::default();
        let Container { sdk, model } = errors.take(Container::parse(&input)).unwrap_or_default();
        if model.is_none() && errors.is_empty() {
            let question = "the model of the draft is missing: add `#[tryton(model = …)]`";
            errors.push(Error::new(input.ident.span(), question));
        }
        let members: Vec<_> = derive::members(&input, "a draft", &mut errors, Member::parse);
        let members: Vec<Member> = members.into_iter().flatten().collect();
        if members.is_empty() && errors.is_empty() {
            errors.push(Error::new(input.ident.span(), "the draft would be empty: add a member that is a field"));
        }
        let whole = model.map(|model| Self { name: input.ident, generics: input.generics, sdk, model, members });
        errors.or(whole)
    }

    fn implementation(&self) -> TokenStream {
        let Self { name, generics, model, members, .. } = self;
        let (parameters, arguments, bounds) = generics.split_for_impl();
        let steps = members.iter().map(Member::step);
        quote! {
            #[automatically_derived]
            impl #parameters __tryton::core::convert::From<&#name #arguments> for __tryton::Draft<#model> #bounds {
                fn from(row: &#name #arguments) -> Self {
                    // One constant for all, because the compiler takes longer over each.
                    let fields = #model::F;
                    let draft = __tryton::Draft::new();
                    #(#steps)*
                    draft
                }
            }
        }
    }
}

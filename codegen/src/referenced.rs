//! `#[derive(Referenced)]`: reads the records of several models into an enum, through the references that lead to them.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::sdk;

/// Expands `#[derive(Referenced)]` in the crate whose folder is `crate_dir`. Whatever it does not understand becomes a
/// compile error.
pub fn expand(input: TokenStream, crate_dir: &Path) -> TokenStream {
    syn::parse2(input).and_then(|input| implementation(&input, crate_dir)).unwrap_or_else(Error::into_compile_error)
}

fn implementation(input: &DeriveInput, crate_dir: &Path) -> Result<TokenStream> {
    let sdk = sdk_of(input)?.unwrap_or_else(|| sdk::of_crate(crate_dir));
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "`Referenced` needs an enum with a variant for each model"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new(
            input.generics.span(),
            "the enum cannot have parameters: its variants determine the models",
        ));
    }
    let variants =
        data.variants.iter().map(|variant| Ok((&variant.ident, held(variant)?))).collect::<Result<Vec<_>>>()?;
    let (others, known): (Vec<_>, Vec<_>) = variants.into_iter().partition(|(_, held)| is_reference(held));
    let other = match others[..] {
        [(other, _)] => other,
        [] => {
            let why = "a reference may lead to a record of another model: add a variant that keeps the reference, \
                       `Other(Reference)`";
            return Err(Error::new(input.ident.span(), why));
        }
        [_, (more, _), ..] => {
            return Err(Error::new(more.span(), "two variants keep other references: remove one of them"));
        }
    };
    let models =
        known.iter().map(|(_, projection)| quote_spanned! { projection.span() => __tryton::model_of::<#projection>() });
    let models: Vec<_> = models.collect();
    let (idents, projections): (Vec<&Ident>, Vec<&Type>) = known.into_iter().unzip();
    let name = &input.ident;
    Ok(quote! {
        const _: () = {
            use #sdk::__private as __tryton;

            const _: () = __tryton::each_model_once(&[#(#models),*]);

            #[automatically_derived]
            impl __tryton::Referenced for #name {
                fn known(known: &mut __tryton::Known<'_, Self>) {
                    #(known.model::<#projections>(Self::#idents);)*
                }

                fn other(reference: __tryton::Reference) -> Self {
                    Self::#other(reference)
                }
            }
        };
    })
}

/// Returns the type of a variant's one field.
fn held(variant: &Variant) -> Result<&Type> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&fields.unnamed[0].ty),
        _ => Err(Error::new(variant.span(), "a variant must hold the projection of one model, or a `Reference`")),
    }
}

fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Reference"))
}

/// Returns the path of the SDK, if the enum states it.
fn sdk_of(input: &DeriveInput) -> Result<Option<syn::Path>> {
    let mut path = None;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("expected `crate = \"…\"`: the models are those of the variants' projections"));
            }
            path = Some(sdk::parse(meta.value()?)?);
            Ok(())
        })?;
    }
    Ok(path)
}

//! `#[derive(Projection)]`: reads a record into a struct.
//!
//! It reads no snapshot. Its code relies on the constants that `models!` generated, so that the compiler itself finds
//! wrong names and types, all of them at once, each in its place in the struct.

mod attributes;
mod member;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{DeriveInput, Error, GenericArgument, Generics, Ident, Path, PathArguments, Result, Type};

use crate::derive::{self, Container, Errors};
use crate::sdk;
use member::{Member, Owner};

/// Expands `#[derive(Projection)]` in the crate whose folder is `crate_dir`. Every attribute and field that it does not
/// understand becomes a compile error.
pub fn expand(input: TokenStream, crate_dir: &std::path::Path) -> TokenStream {
    match syn::parse2(input).and_then(Projection::parse) {
        Ok(projection) => {
            let check = projection.check();
            let implementation = projection.implementation();
            let sdk = projection.sdk.unwrap_or_else(|| sdk::of_crate(crate_dir));
            quote! {
                const _: () = {
                    use #sdk::__private as __tryton;
                    #check
                    #implementation
                };
            }
        }
        Err(error) => error.into_compile_error(),
    }
}

/// The struct, as the derive understands it.
struct Projection {
    name: Ident,
    generics: Generics,
    /// The path of the SDK, if the struct states it.
    sdk: Option<Path>,
    model: Path,
    /// Whose fields the members are.
    owner: Owner,
    members: Vec<Member>,
}

impl Projection {
    fn parse(input: DeriveInput) -> Result<Self> {
        let mut errors = Errors::default();
        for lifetime in input.generics.lifetimes() {
            errors.push(Error::new(lifetime.span(), "a projection cannot have lifetimes: it owns its values"));
        }
        let Container { sdk, model } = errors.take(Container::parse(&input)).unwrap_or_default();
        if model.is_none() && errors.is_empty() {
            let question = "the model of the projection is missing: add `#[tryton(model = …)]`";
            errors.push(Error::new(input.ident.span(), question));
        }
        let members = derive::members(&input, "a projection", &mut errors, Member::parse);
        for member in members.iter().filter(|member| holds(&member.ty, &input.ident)) {
            let why = "a projection that contains itself would ask for related records without end: \
                       define a projection for each level to read";
            errors.push(Error::new(member.ty.span(), why));
        }
        for member in members.iter().filter(|member| member.measures_what_is_read(&members)) {
            let why = "the same request cannot read both the size and the content: remove one of the members";
            errors.push(Error::new(member.ident.span(), why));
        }
        let owner = Owner::of(model.as_ref(), &input.generics);
        for member in &members {
            errors.take(member.belongs_to(&owner));
        }
        let whole = model.map(|model| Self { name: input.ident, generics: input.generics, sdk, model, owner, members });
        errors.or(whole)
    }

    /// Returns code that is compiled and never run: each line checks one fact about one field.
    fn check(&self) -> TokenStream {
        let Self { name, generics, model, owner, members, .. } = self;
        let facts = members.iter().map(|member| member.facts(model, owner));
        let (parameters, _, bounds) = generics.split_for_impl();
        // A projection that holds itself would ask for fields without end. If it has parameters, only the code that
        // reads it can check that.
        let depth = generics.params.is_empty().then(|| quote! { const _: usize = <#name as __tryton::Decode>::DEPTH; });
        quote! {
            // The fields are a parameter, because the compiler would evaluate a constant for each of them.
            fn check #parameters (fields: <#model as __tryton::Model>::Fields) #bounds {
                #(#facts)*
            }
            #depth
        }
    }

    fn implementation(&self) -> TokenStream {
        let Self { name, generics, model, members, .. } = self;
        let (parameters, arguments, bounds) = generics.split_for_impl();
        let idents: Vec<_> = members.iter().map(|member| &member.ident).collect();
        let slots: Vec<_> = members.iter().map(Member::slot).collect();
        let slots = tree(&slots);
        let values = tree(&idents);
        let members = members.iter().map(|member| member.source(model, self.is_shared(member)));
        quote! {
            #[automatically_derived]
            impl #parameters __tryton::Decode for #name #arguments #bounds {
                const DEPTH: usize = __tryton::tree::<#slots>().depth();

                fn wants(path: &str, wanted: &mut __tryton::Wanted) {
                    __tryton::related::<Self>(path, wanted);
                }

                fn decode<'de, __D: __tryton::Deserializer<'de>>(
                    from: __D,
                ) -> __tryton::core::result::Result<Self, __D::Error> {
                    __tryton::record(from)
                }
            }

            #[automatically_derived]
            impl #parameters __tryton::Reads<__tryton::Id<#model>> for #name #arguments #bounds {}

            #[automatically_derived]
            impl #parameters __tryton::Projection for #name #arguments #bounds {
                type Model = #model;

                const MEMBERS: &'static [__tryton::Member] = &[#(#members),*];

                fn slots<__V: __tryton::Visit<Self>>(visit: __V) -> __V::Output {
                    visit.visit(__tryton::tree::<#slots>(), |#values| Self { #(#idents),* })
                }
            }
        }
    }

    /// Whether another member is read from the same key.
    fn is_shared(&self, member: &Member) -> bool {
        self.members.iter().filter(|other| other.wire_path()[0] == member.wire_path()[0]).count() > 1
    }
}

/// Builds pairs of pairs, so that the nesting stays shallow however many members there are.
fn tree(leaves: &[impl ToTokens]) -> TokenStream {
    match leaves {
        [] => quote! { () },
        [leaf] => leaf.to_token_stream(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().div_ceil(2));
            let (left, right) = (tree(left), tree(right));
            quote! { (#left, #right) }
        }
    }
}

/// Whether the type is the struct of this name, alone or in an `Option`, a `Vec` or a `Box`.
fn holds(ty: &Type, name: &Ident) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        PathArguments::AngleBracketed(inner) if ["Option", "Vec", "Box"].iter().any(|outer| last.ident == outer) => {
            inner.args.iter().any(|argument| matches!(argument, GenericArgument::Type(ty) if holds(ty, name)))
        }
        _ => path.path.segments.len() == 1 && last.ident == *name,
    }
}

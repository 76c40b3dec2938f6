//! `#[derive(Projection)]`: the struct that a record is read into.
//!
//! It reads no snapshot. What it writes leans on the constants that `models!` made, so that the compiler itself
//! finds wrong names and types, all of them at once, each at its own place in the struct.

mod attributes;
mod member;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, GenericArgument, Ident, Path, PathArguments, Result, Type};

use member::Member;

/// Expands `#[derive(Projection)]`. Every attribute and every field that it can make nothing of becomes a compile error.
pub fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2(input).and_then(Projection::parse) {
        Ok(projection) => {
            let check = projection.check();
            let implementation = projection.implementation();
            quote! {
                const _: () = {
                    use ::tryton_sdk::__private as __tryton;
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
    model: Path,
    members: Vec<Member>,
}

impl Projection {
    fn parse(input: DeriveInput) -> Result<Self> {
        let mut errors = Errors::default();
        if !input.generics.params.is_empty() {
            errors.push(Error::new(input.generics.span(), "a projection has no generic parameters"));
        }
        let model = errors.take(struct_model(&input));
        let members = match input.data {
            Data::Struct(data) => match data.fields {
                Fields::Named(fields) => {
                    fields.named.iter().filter_map(|field| errors.take(Member::parse(field))).collect()
                }
                other => {
                    let what = "a projection is a struct with named fields";
                    errors.push(Error::new(if other.is_empty() { input.ident.span() } else { other.span() }, what));
                    Vec::new()
                }
            },
            _ => {
                errors.push(Error::new(input.ident.span(), "a projection is a struct"));
                Vec::new()
            }
        };
        for member in members.iter().filter(|member| holds(&member.ty, &input.ident)) {
            let why = "a projection that holds itself would ask for related records without end: \
                       make a projection of its own for each level that is to be read";
            errors.push(Error::new(member.ty.span(), why));
        }
        for member in members.iter().filter(|member| member.measures_what_is_read(&members)) {
            let why = "the server sends either the size or the content in one request, not both";
            errors.push(Error::new(member.ident.span(), why));
        }
        match (model, errors.0) {
            (Some(model), None) => Ok(Self { name: input.ident, model, members }),
            (_, Some(error)) => Err(error),
            (None, None) => unreachable!("without a model there is an error"),
        }
    }

    /// Code that is compiled and never run: each line is one fact about one field.
    fn check(&self) -> TokenStream {
        let Self { name, model, members } = self;
        let facts = members.iter().map(|member| member.facts(model));
        quote! {
            // The fields are a parameter, because the compiler would evaluate a constant for each of them.
            #[allow(dead_code, clippy::needless_borrow)]
            fn check(fields: <#model as __tryton::Model>::Fields) {
                #(#facts)*
            }
            // One that holds itself would ask for fields without end.
            const _: usize = <#name as __tryton::Decode>::DEPTH;
        }
    }

    fn implementation(&self) -> TokenStream {
        let Self { name, model, members } = self;
        let idents: Vec<_> = members.iter().map(|member| &member.ident).collect();
        let slots: Vec<_> = members.iter().map(Member::slot).collect();
        let slots = tree(&slots);
        let values = tree(&idents);
        let members = members.iter().map(|member| member.source(model, self.is_shared(member)));
        quote! {
            #[automatically_derived]
            impl __tryton::Decode for #name {
                const DEPTH: usize = <Self as __tryton::Projection>::RECORDS;

                fn wants(path: &str, wanted: &mut __tryton::Wanted) {
                    __tryton::related::<Self>(path, wanted);
                }

                fn decode<'de, __D: __tryton::Deserializer<'de>>(
                    from: __D,
                ) -> ::core::result::Result<Self, __D::Error> {
                    __tryton::record(from)
                }
            }

            #[automatically_derived]
            impl __tryton::Reads<__tryton::Id<#model>> for #name {}

            #[automatically_derived]
            impl __tryton::Projection for #name {
                type Model = #model;
                type Slots = #slots;

                const MEMBERS: &'static [__tryton::Member] = &[#(#members),*];

                fn of(#values: <Self::Slots as __tryton::Places>::Values) -> Self {
                    Self { #(#idents),* }
                }
            }
        }
    }

    /// Whether another member is read from the same key.
    fn is_shared(&self, member: &Member) -> bool {
        self.members.iter().filter(|other| other.wire_path()[0] == member.wire_path()[0]).count() > 1
    }
}

/// Pairs of pairs, so that the compiler has few levels to go down however many members there are.
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
        _ => path.path.is_ident(name),
    }
}

/// The model that the struct names.
fn struct_model(input: &DeriveInput) -> Result<Path> {
    let mut model = None;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("model") {
                return Err(meta.error("expected `model = …`"));
            }
            attributes::once(&mut model, &meta, meta.value()?.parse()?)
        })?;
    }
    model.ok_or_else(|| Error::new(input.ident.span(), "which model is it read from? Add `#[tryton(model = …)]`"))
}

/// Errors that are reported together.
#[derive(Default)]
struct Errors(Option<Error>);

impl Errors {
    fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }
}

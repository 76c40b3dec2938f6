//! `#[derive(Projection)]`: the struct that a record is read into.
//!
//! It reads no snapshot. What it writes leans on the constants that `models!` made, so that the compiler itself
//! finds wrong names and types, all of them at once, each at its own place in the struct.

mod attributes;
mod member;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, GenericArgument, Ident, Path, PathArguments, Result, Type};

use member::Member;

/// Expands `#[derive(Projection)]`. Every attribute and every field that it can make nothing of becomes a compile error.
pub fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2(input).and_then(Projection::parse) {
        Ok(projection) => {
            let check = projection.check();
            let implementation = projection.implementation();
            quote! { #check #implementation }
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
        let name = &self.name;
        let facts = self.members.iter().map(|member| member.facts(&self.model));
        quote! {
            const _: () = {
                #[allow(dead_code, clippy::needless_borrow)]
                fn check() {
                    #(#facts)*
                    // One that holds itself would ask for fields without end.
                    const _: usize = <#name as ::tryton_sdk::Decode>::DEPTH;
                }
            };
        }
    }

    fn implementation(&self) -> TokenStream {
        let Self { name, model, members } = self;
        let slots: Vec<_> = (0..members.len()).map(|index| format_ident!("slot_{index}")).collect();
        let idents = members.iter().map(|member| &member.ident);
        let types = members.iter().map(|member| &member.ty);
        let wants = members.iter().map(|member| member.wants(model));
        let new_slots = members.iter().zip(&slots).map(|(member, slot)| member.slot(slot));
        let arms = self.arms(&slots);
        let ids = members.iter().zip(&slots).filter(|(member, _)| member.is_id()).map(|(_, slot)| slot);
        quote! {
            #[automatically_derived]
            impl ::tryton_sdk::Decode for #name {
                const DEPTH: usize = 1 + ::tryton_sdk::__private::deepest(&[#(<#types as ::tryton_sdk::Decode>::DEPTH),*]);

                fn wants(path: &str, wanted: &mut ::tryton_sdk::__private::Wanted) {
                    wanted.related(path, <Self as ::tryton_sdk::Projection>::columns);
                }

                fn decode<'de, __D: ::tryton_sdk::__private::Deserializer<'de>>(
                    from: __D,
                ) -> ::core::result::Result<Self, __D::Error> {
                    ::tryton_sdk::__private::record(from)
                }
            }

            #[automatically_derived]
            impl ::tryton_sdk::Reads<::tryton_sdk::Id<#model>> for #name {}

            #[automatically_derived]
            impl ::tryton_sdk::Projection for #name {
                type Model = #model;

                fn columns(prefix: &str, wanted: &mut ::tryton_sdk::__private::Wanted) {
                    #(#wants)*
                }

                fn record<'de, __A: ::tryton_sdk::__private::MapAccess<'de>>(
                    mut map: __A,
                ) -> ::core::result::Result<::tryton_sdk::__private::Row<Self>, __A::Error> {
                    let mut id = ::core::option::Option::None;
                    #(#new_slots)*
                    while let ::core::option::Option::Some(key) = map.next_key::<::tryton_sdk::__private::Key>()? {
                        match key.name() {
                            "id" => {
                                let value: i64 = map.next_value()?;
                                id = ::core::option::Option::Some(value);
                                #(#ids.read_id(value)?;)*
                            }
                            #(#arms)*
                            _ => ::tryton_sdk::__private::skip(&mut map)?,
                        }
                    }
                    ::core::result::Result::Ok(::tryton_sdk::__private::Row {
                        id,
                        value: Self { #(#idents: #slots.finish()?),* },
                    })
                }
            }
        }
    }

    /// One arm for each key. Where several members read the same one, its value is kept until all have read it.
    fn arms(&self, slots: &[Ident]) -> Vec<TokenStream> {
        let mut keys: Vec<(String, Vec<&Ident>)> = Vec::new();
        for (member, slot) in self.members.iter().zip(slots).filter(|(member, _)| !member.is_id()) {
            let key = member.wire_path().swap_remove(0);
            match keys.iter_mut().find(|(known, _)| *known == key) {
                Some((_, readers)) => readers.push(slot),
                None => keys.push((key, vec![slot])),
            }
        }
        keys.into_iter()
            .map(|(key, readers)| match readers[..] {
                [slot] => quote! { #key => #slot.read(&key, &mut map)?, },
                _ => quote! {
                    #key => {
                        let value: ::tryton_sdk::__private::Buffered = map.next_value()?;
                        #(#readers.read_buffered(&key, &value)?;)*
                    }
                },
            })
            .collect()
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

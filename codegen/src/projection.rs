//! `#[derive(Projection)]`: the struct that a record is read into.
//!
//! It reads no snapshot. What it writes leans on the constants that `models!` made, so that the compiler itself
//! finds wrong names and types, all of them at once, each at its own place in the struct.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, GenericArgument, Ident, LitStr, Path, PathArguments, Result, Type};

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

/// One field of the struct.
struct Member {
    ident: Ident,
    ty: Type,
    /// The fields of Tryton on the way to the value; all but the last are relations.
    path: Vec<Ident>,
    expect: bool,
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
        let names = members.iter().map(Member::names);
        let new_slots = members.iter().zip(&slots).map(|(member, slot)| {
            let (ty, path) = (&member.ty, member.wire_path());
            quote! { let mut #slot = ::tryton_sdk::__private::Slot::<#ty>::new(&[#(#path),*]); }
        });
        let arms = self.arms(&slots);
        let ids = members.iter().zip(&slots).filter(|(member, _)| member.is_id()).map(|(_, slot)| slot);
        quote! {
            #[automatically_derived]
            impl ::tryton_sdk::Decode for #name {
                const DEPTH: usize = 1 + ::tryton_sdk::__private::deepest(&[#(<#types as ::tryton_sdk::Decode>::DEPTH),*]);

                fn names(path: &str, names: &mut ::std::vec::Vec<::std::string::String>) {
                    <Self as ::tryton_sdk::Projection>::columns(&::std::format!("{path}."), names);
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

                fn columns(prefix: &str, names: &mut ::std::vec::Vec<::std::string::String>) {
                    #(#names)*
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
            let key = wire(&member.path[0]);
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

impl Member {
    fn parse(field: &syn::Field) -> Result<Self> {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
        let mut path = None;
        let mut expect = false;
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("path") {
                    path = Some(parse_path(&meta.value()?.parse()?)?);
                } else if meta.path.is_ident("expect") {
                    expect = true;
                } else {
                    return Err(meta.error("expected `path = \"…\"` or `expect`"));
                }
                Ok(())
            })?;
        }
        let path = path.unwrap_or_else(|| vec![ident.clone()]);
        Ok(Self { ident, ty: field.ty.clone(), path, expect })
    }

    fn is_id(&self) -> bool {
        matches!(&self.path[..], [field] if field == "id")
    }

    fn wire_path(&self) -> Vec<String> {
        self.path.iter().map(wire).collect()
    }

    fn names(&self) -> TokenStream {
        let (ty, path) = (&self.ty, self.wire_path().join("."));
        quote! { ::tryton_sdk::__private::names::<#ty>(prefix, #path, names); }
    }

    /// The field exists, its type fits, and null has a place where it may come.
    fn facts(&self, model: &Path) -> TokenStream {
        let ty = &self.ty;
        let mut fields = Vec::new();
        let mut owner = quote! { <#model as ::tryton_sdk::Model>::F };
        for field in &self.path {
            let place = quote_spanned! { field.span() => #owner.#field };
            owner = quote_spanned! { field.span() => ::tryton_sdk::__private::hop(&#place) };
            fields.push(place);
        }
        let value = fields.last();
        let reads = quote_spanned! { ty.span() => ::tryton_sdk::__private::check(&#value).reads::<#ty>(); };
        if self.expect {
            return reads;
        }
        let accepts = fields.iter().map(|field| {
            quote_spanned! { ty.span() => ::tryton_sdk::__private::check(&#field).accepts::<#ty>(); }
        });
        quote! { #reads #(#accepts)* }
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
            if meta.path.is_ident("model") {
                model = Some(meta.value()?.parse()?);
                Ok(())
            } else {
                Err(meta.error("expected `model = …`"))
            }
        })?;
    }
    model.ok_or_else(|| Error::new(input.ident.span(), "which model is it read from? Add `#[tryton(model = …)]`"))
}

/// `party.lang.code`, each part with the place of the whole text.
fn parse_path(text: &LitStr) -> Result<Vec<Ident>> {
    text.value().split('.').map(|part| field_ident(part, text.span())).collect()
}

/// The identifier by which the field of this name is found in generated code: a keyword is a raw one.
fn field_ident(name: &str, span: Span) -> Result<Ident> {
    let parsed = syn::parse_str::<Ident>(name).or_else(|_| syn::parse_str(&format!("r#{name}")));
    let mut ident = parsed.map_err(|_| Error::new(span, format!("`{name}` is not the name of a field")))?;
    ident.set_span(span);
    Ok(ident)
}

/// An identifier as Tryton writes it.
fn wire(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
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

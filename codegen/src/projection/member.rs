//! One member of the struct: what is asked for it, and what has to be true of it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Ident, Path, Result, Type};

use super::attributes::{Attributes, What};

/// One field of the struct.
pub(super) struct Member {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    /// The fields of Tryton on the way to the value; all but the last are relations.
    path: Vec<Ident>,
    what: What,
    expect: bool,
    since: Option<(u16, u16)>,
}

impl Member {
    pub(super) fn parse(field: &syn::Field) -> Result<Self> {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
        let Attributes { path, what, expect, since } = Attributes::parse(field)?;
        let path = path.unwrap_or_else(|| vec![ident.clone()]);
        let what = what.unwrap_or(What::Value);
        Ok(Self { ident, ty: field.ty.clone(), path, what, expect: expect.is_some(), since })
    }

    pub(super) fn is_id(&self) -> bool {
        self.what == What::Value && matches!(&self.path[..], [field] if field == "id")
    }

    /// Whether it is the size of a field whose content another member reads.
    pub(super) fn measures_what_is_read(&self, members: &[Self]) -> bool {
        let is_read = |other: &Self| other.what == What::Value && other.path == self.path;
        self.what == What::Size && members.iter().any(is_read)
    }

    /// The keys on the way to the value.
    pub(super) fn wire_path(&self) -> Vec<String> {
        let mut path: Vec<_> = self.path.iter().map(wire).collect();
        match (self.what, path.last_mut()) {
            (What::Pseudo(name, _), _) => return vec![name.to_owned()],
            (What::Label, Some(last)) => last.push_str(":string"),
            _ => {}
        }
        path
    }

    /// Adds what has to be asked for.
    pub(super) fn wants(&self, model: &Path) -> TokenStream {
        let (ty, path) = (&self.ty, self.wire_path().join("."));
        let mut wants = quote! { ::tryton_sdk::__private::want::<#ty>(prefix, #path, wanted); };
        if self.what == What::Size {
            let field = self.places(model).pop();
            wants.extend(quote! { wanted.size(&#field); });
        }
        match self.since {
            Some((major, minor)) => quote! { wanted.since(#major, #minor, |wanted| { #wants }); },
            None => wants,
        }
    }

    /// The place of the value while the record is read.
    pub(super) fn slot(&self, slot: &Ident) -> TokenStream {
        let (ty, path) = (&self.ty, self.wire_path());
        let or_null = self.since.map(|_| quote! { .or_null() });
        quote! { let mut #slot = ::tryton_sdk::__private::Slot::<#ty>::new(&[#(#path),*])#or_null; }
    }

    /// The fields on the way to the value, as constants of the models.
    fn places(&self, model: &Path) -> Vec<TokenStream> {
        if let What::Pseudo(_, constant) = self.what {
            let constant = format_ident!("{constant}");
            return vec![quote! { <#model as ::tryton_sdk::Model>::#constant }];
        }
        let mut places = Vec::new();
        let mut owner = quote! { <#model as ::tryton_sdk::Model>::F };
        for field in &self.path {
            let place = quote_spanned! { field.span() => #owner.#field };
            owner = quote_spanned! { field.span() => ::tryton_sdk::__private::hop(&#place) };
            places.push(place);
        }
        places
    }

    /// The field exists, its type fits, and null has a place where it may come.
    pub(super) fn facts(&self, model: &Path) -> TokenStream {
        let ty = &self.ty;
        // At the place of the type, or the error would be shown at the derive.
        let reads = |name| Ident::new(name, ty.span());
        let reads = reads(match self.what {
            What::Value | What::Pseudo(..) => "reads",
            What::Label => "labels",
            What::Size => "measures",
        });
        let places = self.places(model);
        let value = places.last();
        let mut facts = quote_spanned! { ty.span() => ::tryton_sdk::__private::check(&#value).#reads::<#ty>(); };
        if self.since.is_some() {
            facts.extend(quote_spanned! { ty.span() => ::tryton_sdk::__private::absent::<#ty>(); });
        } else if !self.expect {
            facts.extend(places.iter().map(|field| {
                quote_spanned! { ty.span() => ::tryton_sdk::__private::check(&#field).accepts::<#ty>(); }
            }));
        }
        facts
    }
}

/// An identifier as Tryton writes it.
fn wire(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

//! One member of the struct: what it asks for, and what must hold for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Generics, Ident, Path, Result, Type};

use super::attributes::{Attributes, What};
use crate::derive::Step;

/// The constants of every model for the fields that all models have, by the names of these fields.
const CONSTANTS: [(&str, &str); 6] = [
    ("id", "ID"),
    ("rec_name", "REC_NAME"),
    ("create_date", "CREATE_DATE"),
    ("create_uid", "CREATE_UID"),
    ("write_date", "WRITE_DATE"),
    ("write_uid", "WRITE_UID"),
];

/// Whose fields the members are read from.
pub(super) enum Owner {
    /// A model that is known.
    Model,
    /// The model that a parameter of the struct stands for.
    Parameter(Ident),
}

impl Owner {
    pub(super) fn of(model: Option<&Path>, generics: &Generics) -> Self {
        let name = model.and_then(Path::get_ident);
        match name.filter(|name| generics.type_params().any(|parameter| parameter.ident == **name)) {
            Some(parameter) => Self::Parameter(parameter.clone()),
            None => Self::Model,
        }
    }
}

/// One field of the struct.
pub(super) struct Member {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    /// The Tryton fields on the path to the value; all but the last are relations.
    path: Vec<Step>,
    what: What,
    expect: bool,
    since: Option<(u16, u16)>,
}

impl Member {
    pub(super) fn parse(field: &syn::Field) -> Result<Self> {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
        let Attributes { path, what, expect, since } = Attributes::parse(field)?;
        let what = what.unwrap_or(What::Value);
        let path = match (path, what) {
            (Some(path), _) => path,
            (None, What::Pseudo(..)) => Vec::new(),
            (None, _) => vec![Step::of_member(&ident)?],
        };
        Ok(Self { ident, ty: field.ty.clone(), path, what, expect: expect.is_some(), since })
    }

    /// Whether it is the size of a field whose content another member reads.
    pub(super) fn measures_what_is_read(&self, members: &[Self]) -> bool {
        let is_read = |other: &Self| other.what == What::Value && other.path == self.path;
        self.what == What::Size && members.iter().any(is_read)
    }

    /// Checks that the field is one of every model, unless the model is known.
    pub(super) fn belongs_to(&self, owner: &Owner) -> Result<()> {
        let (Owner::Parameter(model), Some(step)) = (owner, self.path.first()) else {
            return Ok(());
        };
        if constant(step).is_some() {
            return Ok(());
        }
        let names = CONSTANTS.map(|(name, _)| format!("`{name}`")).join(", ");
        let why =
            format!("`{model}` may be any model, and not every model has a field `{}`: use one of {names}", step.wire);
        Err(Error::new(step.ident.span(), why))
    }

    /// Returns the keys on the path to the value.
    pub(super) fn wire_path(&self) -> Vec<String> {
        let mut path: Vec<_> = self.path.iter().map(|step| step.wire.clone()).collect();
        match (self.what, path.last_mut()) {
            (What::Pseudo(name, _), _) => return vec![name.to_owned()],
            (What::Label, Some(last)) => last.push_str(":string"),
            _ => {}
        }
        path
    }

    /// Returns the slot of the value while the record is read.
    pub(super) fn slot(&self) -> TokenStream {
        let ty = &self.ty;
        quote! { __tryton::Slot<#ty> }
    }

    /// Returns the source of the value.
    pub(super) fn source(&self, model: &Path, is_shared: bool) -> TokenStream {
        let path = self.wire_path();
        let since = self.since.map(|(major, minor)| quote! { .since(#major, #minor) });
        let shared = is_shared.then(|| quote! { .shared() });
        let size = (self.what == What::Size).then(|| {
            let field = self.places(model, &Owner::Model).pop();
            quote! { .size(|fields: &<#model as __tryton::Model>::Fields| &#field) }
        });
        quote! { __tryton::Member::new(&[#(#path),*]) #since #size #shared }
    }

    /// Returns the fields on the path to the value. The first is one of `fields` or a constant of the model.
    fn places(&self, model: &Path, owner: &Owner) -> Vec<TokenStream> {
        let mut places = Vec::new();
        let mut fields = quote! { fields };
        for step in &self.path {
            let field = &step.ident;
            let place = match (owner, constant(step)) {
                (Owner::Parameter(_), Some(constant)) if places.is_empty() => {
                    quote_spanned! { field.span() => <#model as __tryton::Model>::#constant }
                }
                _ => quote_spanned! { field.span() => #fields.#field },
            };
            fields = quote_spanned! { field.span() => __tryton::hop(&#place) };
            places.push(place);
        }
        places
    }

    /// Returns the checks that the field exists among `fields`, that its type fits, and that null is accepted if it may
    /// occur.
    pub(super) fn facts(&self, model: &Path, owner: &Owner) -> TokenStream {
        let ty = &self.ty;
        // With the span of the type; otherwise the error would appear at the derive.
        let reads = |name| Ident::new(name, ty.span());
        let reads = reads(match self.what {
            What::Value | What::Pseudo(..) => "reads",
            What::Label => "labels",
            What::Size => "measures",
        });
        let places = match self.what {
            What::Pseudo(_, constant) => {
                let constant = format_ident!("{constant}");
                vec![quote! { <#model as __tryton::Model>::#constant }]
            }
            _ => self.places(model, owner),
        };
        let Some((value, way)) = places.split_last() else {
            return TokenStream::new();
        };
        let null_is_checked = !self.expect && self.since.is_none();
        let check = format_ident!("{}", if null_is_checked { "check" } else { "expect" });
        let mut facts = quote_spanned! { ty.span() => __tryton::#check(&#value).#reads::<#ty>(); };
        if self.since.is_some() {
            facts.extend(quote_spanned! { ty.span() => __tryton::absent::<#ty>(); });
        }
        if null_is_checked {
            facts.extend(way.iter().map(|field| {
                quote_spanned! { ty.span() => __tryton::way(&#field).accepts::<#ty>(); }
            }));
        }
        facts
    }
}

/// Returns the constant of every model for this field, if there is one.
fn constant(step: &Step) -> Option<Ident> {
    let (_, constant) = CONSTANTS.iter().find(|(name, _)| *name == step.wire)?;
    Some(Ident::new(constant, step.ident.span()))
}

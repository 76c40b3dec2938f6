//! One member of the struct: what the draft says because of it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Error, GenericArgument, Ident, PathArguments, Result, Type};

use crate::derive::{Step, once, parse_path, text_of_path};

/// A member that is a field of the draft.
pub(super) struct Member {
    ident: Ident,
    ty: Type,
    field: Step,
    how: How,
}

/// What the member's value does to the field.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// The field is set to it.
    Set,
    /// The same, or cleared where there is none.
    Clear,
    /// Records are created from it and added to the list.
    Add,
    /// It is the ids of records that are added to the list.
    Link,
}

const EXPECTED: &str = "expected `path = \"…\"`, `clear`, `add`, `link` or `skip`";

/// The attributes of one member. Each may be given once.
#[derive(Default)]
struct Attributes {
    field: Option<Step>,
    how: Option<How>,
    skip: Option<()>,
}

impl Attributes {
    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match name.as_str() {
            "path" => once(&mut self.field, meta, field(meta)?),
            "skip" => once(&mut self.skip, meta, ()),
            "clear" => self.does(meta, How::Clear),
            "add" => self.does(meta, How::Add),
            "link" => self.does(meta, How::Link),
            _ => Err(meta.error(EXPECTED)),
        }
    }

    fn does(&mut self, meta: &ParseNestedMeta<'_>, how: How) -> Result<()> {
        match self.how {
            Some(other) if other != how => Err(meta.error("a member does one thing to its field")),
            _ => once(&mut self.how, meta, how),
        }
    }
}

/// The one field of a `path`.
fn field(meta: &ParseNestedMeta<'_>) -> Result<Step> {
    let text = text_of_path(meta)?;
    let mut steps = parse_path(&text)?;
    match (steps.pop(), steps.is_empty()) {
        (Some(field), true) => Ok(field),
        _ => {
            let why = "a draft sets the record's own fields: those of a related record are in a draft of their own";
            Err(Error::new(text.span(), why))
        }
    }
}

impl Member {
    /// None for a member that the draft does not have.
    pub(super) fn parse(field: &syn::Field) -> Result<Option<Self>> {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
        let mut attributes = Attributes::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            attribute.parse_nested_meta(|meta| attributes.take(&meta))?;
        }
        let Attributes { field: named, how, skip } = attributes;
        if skip.is_some() {
            let is_alone = named.is_none() && how.is_none();
            let error = || Error::new(ident.span(), "a member that is skipped has no field: leave out the rest");
            return if is_alone { Ok(None) } else { Err(error()) };
        }
        let how = how.unwrap_or(How::Set);
        if how == How::Clear && inner(&field.ty).is_none() {
            let why = "without a value the field is cleared: the member is to be an `Option`";
            return Err(Error::new(field.ty.span(), why));
        }
        if matches!(how, How::Add | How::Link) && inner(&field.ty).is_some() {
            return Err(Error::new(field.ty.span(), "an empty list says nothing already: leave out the `Option`"));
        }
        let step = match named {
            Some(step) => step,
            None => Step::of_member(&ident)?,
        };
        Ok(Some(Self { ident, ty: field.ty.clone(), field: step, how }))
    }

    /// Adds to the variable `draft` what `row` says of one of `fields`.
    pub(super) fn step(&self) -> TokenStream {
        let Self { ident, ty, field, how } = self;
        // At the place of the type, or the error would be shown at the derive.
        let at = |name: &str| Ident::new(name, ty.span());
        let mut value = ident.clone();
        value.set_span(ty.span());
        // Not at the place of the type: to lints, it would stand in the program and shadow the one before.
        let draft = Ident::new("draft", Span::call_site());
        let place = &field.ident;
        let place = quote_spanned! { place.span() => &fields.#place };
        let set = match (how, inner(ty)) {
            (How::Add | How::Link, _) => {
                let function = at(if *how == How::Add { "add" } else { "link" });
                return quote_spanned! { ty.span() =>
                    let #draft = __tryton::drafts::list(#place).#function(#draft, &row.#value);
                };
            }
            (How::Clear, _) => at("set_or_clear"),
            (How::Set, Some(_)) => at("set_some"),
            (How::Set, None) => at("set"),
        };
        quote_spanned! { ty.span() => let #draft = __tryton::drafts::#set(#draft, #place, &row.#value); }
    }
}

/// The type in an `Option`.
fn inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

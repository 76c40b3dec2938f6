//! One member of the struct: what it adds to the draft.

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

/// How the member's value changes the field.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// Sets the field.
    Set,
    /// Sets the field, or clears it if there is no value.
    Clear,
    /// Creates records from the value and adds them to the list.
    Add,
    /// Links the records with these ids.
    Link,
}

const EXPECTED: &str = "expected `path = \"…\"`, `clear`, `add`, `link` or `skip`";

/// The attributes of one member. Each may occur once.
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
            Some(other) if other != how => Err(meta.error("only one of `clear`, `add` and `link` is allowed")),
            _ => once(&mut self.how, meta, how),
        }
    }
}

/// Parses the one field of a `path`.
fn field(meta: &ParseNestedMeta<'_>) -> Result<Step> {
    let text = text_of_path(meta)?;
    let mut steps = parse_path(&text)?;
    match (steps.pop(), steps.is_empty()) {
        (Some(field), true) => Ok(field),
        _ => {
            let why =
                "a draft sets only the record's own fields: set those of a related record with a draft of its own";
            Err(Error::new(text.span(), why))
        }
    }
}

impl Member {
    /// Returns `None` for a member that the draft skips.
    pub(super) fn parse(field: &syn::Field) -> Result<Option<Self>> {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
        let mut attributes = Attributes::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            attribute.parse_nested_meta(|meta| attributes.take(&meta))?;
        }
        let Attributes { field: named, how, skip } = attributes;
        if skip.is_some() {
            let is_alone = named.is_none() && how.is_none();
            let error =
                || Error::new(ident.span(), "`skip` excludes all other attributes: remove them, or remove `skip`");
            return if is_alone { Ok(None) } else { Err(error()) };
        }
        let how = how.unwrap_or(How::Set);
        if how == How::Clear && inner(&field.ty).is_none() {
            let why = "`clear` needs a member that may be `None`: make it an `Option`";
            return Err(Error::new(field.ty.span(), why));
        }
        if matches!(how, How::Add | How::Link) && inner(&field.ty).is_some() {
            return Err(Error::new(
                field.ty.span(),
                "a list cannot be an `Option`: use an empty list to leave the field out",
            ));
        }
        let step = match named {
            Some(step) => step,
            None => Step::of_member(&ident)?,
        };
        Ok(Some(Self { ident, ty: field.ty.clone(), field: step, how }))
    }

    /// Adds the value that `row` has for one of `fields` to the variable `draft`.
    pub(super) fn step(&self) -> TokenStream {
        let Self { ident, ty, field, how } = self;
        // With the span of the type; otherwise the error would appear at the derive.
        let at = |name: &str| Ident::new(name, ty.span());
        let mut value = ident.clone();
        value.set_span(ty.span());
        // Not with the span of the type: to lints, it would stand in the program and shadow the one before.
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

/// Returns the type in an `Option`.
fn inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

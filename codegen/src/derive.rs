//! The common parts of the derives: the attributes of a struct, its members, and the names of fields.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Path, Result};

use crate::{naming, sdk};

/// Errors that are reported together.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the whole, unless there are errors.
    pub(crate) fn or<T>(self, whole: Option<T>) -> Result<T> {
        match (self.0, whole) {
            (None, Some(whole)) => Ok(whole),
            (Some(errors), _) => Err(errors),
            (None, None) => Err(Error::new(Span::call_site(), "the struct cannot be read")),
        }
    }
}

/// The attributes of a struct, in `#[tryton(…)]`.
#[derive(Default)]
pub(crate) struct Container {
    /// The path of the SDK.
    pub(crate) sdk: Option<Path>,
    /// The model whose fields its members are.
    pub(crate) model: Option<Path>,
}

impl Container {
    pub(crate) fn parse(input: &DeriveInput) -> Result<Self> {
        let Self { mut sdk, mut model } = Self::default();
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            attribute.parse_nested_meta(|meta| match () {
                () if meta.path.is_ident("model") => once(&mut model, &meta, meta.value()?.parse()?),
                () if meta.path.is_ident("crate") => once(&mut sdk, &meta, sdk::parse(meta.value()?)?),
                () => Err(meta.error("expected `model = …`, or `crate = \"…\"` if the SDK has another path")),
            })?;
        }
        Ok(Self { sdk, model })
    }
}

/// Parses the members of the struct. `what` is the result of the derive, with its article.
pub(crate) fn members<T>(
    input: &DeriveInput,
    what: &str,
    errors: &mut Errors,
    parse: impl Fn(&syn::Field) -> Result<T>,
) -> Vec<T> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields.named.iter().filter_map(|field| errors.take(parse(field))).collect(),
            other => {
                let span = if other.is_empty() { input.ident.span() } else { other.span() };
                errors.push(Error::new(span, format!("{what} must be a struct with named fields")));
                Vec::new()
            }
        },
        _ => {
            errors.push(Error::new(input.ident.span(), format!("{what} must be a struct")));
            Vec::new()
        }
    }
}

/// Stores the value of an attribute that may occur once.
pub(crate) fn once<T>(place: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(meta.error("this attribute is given twice")),
    }
}

/// A field, by its names in code and in Tryton.
#[derive(PartialEq)]
pub(crate) struct Step {
    /// Its name in generated code.
    pub(crate) ident: Ident,
    /// Its name in Tryton.
    pub(crate) wire: String,
}

impl Step {
    /// Returns the field that a member is named after.
    pub(crate) fn of_member(ident: &Ident) -> Result<Self> {
        let name = ident.to_string();
        let wire = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        let plain = wire.strip_suffix('_').unwrap_or(&wire);
        if naming::field_name(plain) == wire && plain != wire {
            let why = format!("ambiguous field, `{plain}` or `{wire}`: name it with `#[tryton(path = \"{plain}\")]`");
            return Err(Error::new(ident.span(), why));
        }
        Ok(Self { ident: ident.clone(), wire })
    }

    /// Returns the field with this technical name.
    fn of_name(name: &str, span: Span) -> Result<Self> {
        let parsed = syn::parse_str::<Ident>(&naming::field_name(name));
        let mut ident = parsed.map_err(|_| Error::new(span, format!("`{name}` is not the name of a field")))?;
        ident.set_span(span);
        Ok(Self { ident, wire: name.to_owned() })
    }
}

/// Parses the text of `path = "party.lang.code"`. Rust's own suggestion for a misspelt path has no quotes.
pub(crate) fn text_of_path(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let value = meta.value()?;
    value.parse().map_err(|_| value.error("a path must be text: quote the whole path, as in `path = \"party.name\"`"))
}

/// Parses `party.lang.code`; each part has the span of the whole text.
pub(crate) fn parse_path(text: &LitStr) -> Result<Vec<Step>> {
    text.value().split('.').map(|part| Step::of_name(part, text.span())).collect()
}

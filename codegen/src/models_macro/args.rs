//! The arguments of `models!` after the path of the SDK:
//! `$crate; schema = "…", models = ["…"], rename = { "…" = "…" }, override = { "…" = { … } }, serde = true`.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Token, braced, bracketed};

use crate::plan::{FieldOverride, Overrides};
use crate::{glob, sdk, suggest};

use super::file::{self, Found};

/// The keys of `models!`.
const KEYS: [&str; 6] = ["schema", "models", "rename", "override", "serde", "crate"];

/// Examples for missing keys.
const SCHEMA: &str = "schema = \"schemas/8.2\"";
const MODELS: &str = "models = [\"sale.*\", \"party.party\"]";

/// The keys of an override.
const OVERRIDE_KEYS: [&str; 4] = ["required", "type", "add", "enum"];

/// A string literal and its place.
pub(super) struct Text {
    pub(super) value: String,
    pub(super) span: Span,
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let literal: LitStr = input.parse()?;
        Ok(Self { value: literal.value(), span: literal.span() })
    }
}

/// The arguments of the macro, or the settings of `tryton.toml` instead.
pub(super) struct Args {
    /// The path of the SDK.
    pub(super) sdk: syn::Path,
    pub(super) schema: Text,
    pub(super) models: Vec<Text>,
    pub(super) rename: Vec<(Text, Text)>,
    pub(super) overrides: Vec<(Text, FieldOverride)>,
    /// Whether the enums of selections implement the traits of serde.
    pub(super) serde: bool,
    /// The `tryton.toml` that was read.
    pub(super) file: Option<PathBuf>,
}

impl Args {
    /// Reads the arguments, or `tryton.toml` if there are none or only the SDK's path.
    pub(super) fn read(input: TokenStream, crate_dir: &Path) -> syn::Result<Self> {
        match syn::parse2(input)? {
            Given::Here(args) => Ok(args),
            Given::InFile(sdk) => Self::of_file(sdk, crate_dir),
        }
    }

    fn of_file(sdk: syn::Path, crate_dir: &Path) -> syn::Result<Self> {
        let span = Span::call_site();
        let text = |value: String| Text { value, span };
        let Found { file, folder, stated } = file::find(crate_dir).map_err(|why| syn::Error::new(span, why))?;
        let needed = |key: &str, example: &str| {
            let why = format!("`{key}` is missing in {}: add it, for example `{example}`", file.display());
            syn::Error::new(span, why)
        };
        let schema = stated.schema.ok_or_else(|| needed("schema", SCHEMA))?;
        if stated.models.is_empty() {
            return Err(needed("models", MODELS));
        }
        Ok(Self {
            sdk,
            schema: text(folder.join(schema).to_string_lossy().into_owned()),
            models: stated.models.into_iter().map(text).collect(),
            rename: stated.overrides.names.into_iter().map(|(key, name)| (text(key), text(name))).collect(),
            overrides: stated.overrides.fields.into_iter().map(|(key, change)| (text(key), change)).collect(),
            serde: stated.serde,
            file: Some(file),
        })
    }

    /// Whether the patterns select a name.
    pub(super) fn selects(&self, name: &str) -> bool {
        glob::selects(self.models.iter().map(|pattern| pattern.value.as_str()), name)
    }

    pub(super) fn overrides(&self) -> Overrides {
        let names = self.rename.iter().map(|(key, name)| (key.value.clone(), name.value.clone()));
        let fields = self.overrides.iter().map(|(key, change)| (key.value.clone(), change.clone()));
        Overrides { names: names.collect(), fields: fields.collect() }
    }
}

/// Where the arguments are.
enum Given {
    Here(Args),
    /// In `tryton.toml`; only the path of the SDK is here.
    InFile(syn::Path),
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let here = sdk::parse(input)?;
        input.parse::<Token![;]>()?;
        let mut path = None;
        let mut schema = None;
        let mut models = None;
        let mut rename = None;
        let mut overrides = None;
        let mut serde = None;
        let mut errors = Vec::new();
        while !input.is_empty() {
            let key = Ident::parse_any(input)?;
            input.parse::<Token![=]>()?;
            match key.to_string().as_str() {
                "crate" => once(&mut path, sdk::parse(input)?, &key, &mut errors),
                "schema" => once(&mut schema, input.parse()?, &key, &mut errors),
                "models" => once(&mut models, models_list(input)?, &key, &mut errors),
                "rename" => once(&mut rename, pairs(input, "renamed", Text::parse)?, &key, &mut errors),
                "serde" => once(&mut serde, input.parse::<LitBool>()?.value, &key, &mut errors),
                "override" => {
                    let pairs = pairs(input, "overridden", |input| field_override(input, &mut errors))?;
                    once(&mut overrides, pairs, &key, &mut errors);
                }
                other => {
                    let remedy = suggest::or("`models!` takes", other, &KEYS);
                    errors.push(syn::Error::new(key.span(), format!("unknown key `{other}`: {remedy}")));
                    skip_value(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let is_empty =
            schema.is_none() && models.is_none() && rename.is_none() && overrides.is_none() && serde.is_none();
        if is_empty && errors.is_empty() {
            return Ok(Self::InFile(path.unwrap_or(here)));
        }
        for (key, missing, example) in [("schema", schema.is_none(), SCHEMA), ("models", models.is_none(), MODELS)] {
            if missing {
                let message = format!("`{key}` is missing: add it, for example `{example}`");
                errors.push(syn::Error::new(Span::call_site(), message));
            }
        }
        combine(errors)?;
        match (schema, models) {
            (Some(schema), Some(models)) => {
                let (rename, overrides) = (rename.unwrap_or_default(), overrides.unwrap_or_default());
                let serde = serde.unwrap_or(false);
                let sdk = path.unwrap_or(here);
                Ok(Self::Here(Args { sdk, schema, models, rename, overrides, serde, file: None }))
            }
            _ => Err(input.error("`schema` and `models` are missing: add them")),
        }
    }
}

/// Combines all of `errors` into one, if there are any.
pub(super) fn combine(errors: Vec<syn::Error>) -> syn::Result<()> {
    let all = errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    });
    all.map_or(Ok(()), Err)
}

fn once<T>(slot: &mut Option<T>, value: T, key: &Ident, errors: &mut Vec<syn::Error>) {
    if slot.replace(value).is_some() {
        errors.push(syn::Error::new(key.span(), format!("`{key}` is given twice")));
    }
}

fn models_list(input: ParseStream<'_>) -> syn::Result<Vec<Text>> {
    let (span, items) = list(input)?;
    if items.is_empty() {
        return Err(syn::Error::new(
            span,
            "the list is empty: add at least one model, for example `\"sale.sale\"` or `\"sale.*\"`",
        ));
    }
    Ok(items)
}

/// Parses the texts in brackets, and returns them with the span of the brackets.
fn list(input: ParseStream<'_>) -> syn::Result<(Span, Vec<Text>)> {
    let content;
    let bracket = bracketed!(content in input);
    let items = Punctuated::<Text, Token![,]>::parse_terminated(&content)?;
    Ok((bracket.span.join(), items.into_iter().collect()))
}

/// Parses `{ "…" = value, … }`, where each key may be `done` once.
fn pairs<T>(
    input: ParseStream<'_>,
    done: &str,
    mut value: impl FnMut(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<(Text, T)>> {
    let content;
    braced!(content in input);
    let mut pairs: Vec<(Text, T)> = Vec::new();
    while !content.is_empty() {
        let key: Text = content.parse()?;
        content.parse::<Token![=]>()?;
        if pairs.iter().any(|(known, _)| known.value == key.value) {
            return Err(syn::Error::new(key.span, format!("`{}` is {done} twice", key.value)));
        }
        pairs.push((key, value(&content)?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(pairs)
}

/// Parses `{ required = true, type = "dict", add = ["on_hold"], enum = true }`; each key is optional.
fn field_override(input: ParseStream<'_>, errors: &mut Vec<syn::Error>) -> syn::Result<FieldOverride> {
    let content;
    braced!(content in input);
    let (mut required, mut kind, mut add, mut as_enum) = (None, None, None, None);
    while !content.is_empty() {
        let key = Ident::parse_any(&content)?;
        content.parse::<Token![=]>()?;
        match key.to_string().as_str() {
            "required" => once(&mut required, content.parse::<LitBool>()?.value, &key, errors),
            "type" => once(&mut kind, content.parse::<LitStr>()?.value(), &key, errors),
            "add" => once(&mut add, list(&content)?.1, &key, errors),
            "enum" => once(&mut as_enum, content.parse::<LitBool>()?.value, &key, errors),
            other => {
                let remedy = suggest::or("an override takes", other, &OVERRIDE_KEYS);
                errors.push(syn::Error::new(key.span(), format!("unknown key `{other}`: {remedy}")));
                skip_value(&content)?;
            }
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    let add = add.unwrap_or_default().into_iter().map(|text: Text| text.value).collect();
    Ok(FieldOverride { required, kind, add, as_enum })
}

/// Skips the value of an unknown key, so that later mistakes are reported too.
fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

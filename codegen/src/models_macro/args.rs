//! The arguments of `models!`: `schema = "…", models = ["…"], rename = { "…" = "…" }`.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, braced, bracketed};

use crate::suggest;

/// What `models!` may say.
const KEYS: [&str; 3] = ["models", "rename", "schema"];

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

/// The arguments.
pub(super) struct Args {
    pub(super) schema: Text,
    pub(super) models: Vec<Text>,
    pub(super) rename: Vec<(Text, Text)>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut schema = None;
        let mut models = None;
        let mut rename = None;
        let mut errors = Vec::new();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            match key.to_string().as_str() {
                "schema" => once(&mut schema, input.parse()?, &key, &mut errors),
                "models" => once(&mut models, list(input)?, &key, &mut errors),
                "rename" => once(&mut rename, pairs(input)?, &key, &mut errors),
                other => {
                    errors.push(syn::Error::new(key.span(), unknown_key(other)));
                    skip_value(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        for (key, missing, example) in [
            ("schema", schema.is_none(), "schema = \"schemas/8.2\""),
            ("models", models.is_none(), "models = [\"sale.*\", \"party.party\"]"),
        ] {
            if missing {
                let message = format!("`{key}` is missing: for example `{example}`");
                errors.push(syn::Error::new(Span::call_site(), message));
            }
        }
        combine(errors)?;
        match (schema, models) {
            (Some(schema), Some(models)) => Ok(Self { schema, models, rename: rename.unwrap_or_default() }),
            _ => Err(input.error("`schema` and `models` are needed")),
        }
    }
}

/// All of `errors` as one, if there are any.
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

fn list(input: ParseStream<'_>) -> syn::Result<Vec<Text>> {
    let content;
    let bracket = bracketed!(content in input);
    let items: Vec<Text> = Punctuated::<Text, Token![,]>::parse_terminated(&content)?.into_iter().collect();
    if items.is_empty() {
        let message = "name at least one model, for example `\"sale.sale\"` or `\"sale.*\"`";
        return Err(syn::Error::new(bracket.span.join(), message));
    }
    Ok(items)
}

fn pairs(input: ParseStream<'_>) -> syn::Result<Vec<(Text, Text)>> {
    let content;
    braced!(content in input);
    let mut pairs: Vec<(Text, Text)> = Vec::new();
    while !content.is_empty() {
        let key: Text = content.parse()?;
        content.parse::<Token![=]>()?;
        if pairs.iter().any(|(known, _)| known.value == key.value) {
            return Err(syn::Error::new(key.span, format!("`{}` is renamed twice", key.value)));
        }
        pairs.push((key, content.parse()?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(pairs)
}

fn unknown_key(key: &str) -> String {
    match suggest::nearest(key, KEYS) {
        Some(similar) => format!("unknown key `{key}`: did you mean `{similar}`?"),
        None => format!("unknown key `{key}`: `models!` takes `schema`, `models` and `rename`"),
    }
}

/// Passes over the value of an unknown key, so that later mistakes are reported too.
fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

//! `models!`: from its arguments and a snapshot to tokens.

mod args;
mod file;
mod find;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::emit::{self, Place};
use crate::glob;
use crate::naming;
use crate::plan::{self, Plan, PlanError, Request};
use crate::snapshot::{Model, SnapshotDir, SnapshotError};
use crate::suggest;

use args::{Args, Text};
use find::NotFound;

/// Expands `models! { … }` in the crate whose folder is `crate_dir`. The input begins with the path of the SDK:
/// `$crate; schema = "…", …`. Without arguments, the settings come from the `tryton.toml` of that folder or the nearest
/// above.
///
/// The snapshot is looked up from that folder, then from each folder above it, so that the crates of a workspace can
/// share it. A folder without `server.json` is skipped. Mistakes become compile errors in their place.
pub fn expand(input: TokenStream, crate_dir: &Path) -> TokenStream {
    let args = Args::read(input, crate_dir);
    args.and_then(|args| generate(&args, crate_dir)).unwrap_or_else(|error| error.into_compile_error())
}

fn generate(args: &Args, crate_dir: &Path) -> syn::Result<TokenStream> {
    let patterns: Vec<&str> = args.models.iter().map(|pattern| pattern.value.as_str()).collect();
    let not_found = |error: NotFound| syn::Error::new(args.schema.span, error.explain(&patterns));
    let dir = find::find(&args.schema.value, crate_dir).map_err(not_found)?;
    let at_schema = |error: SnapshotError| syn::Error::new(args.schema.span, explain(&error));
    let snapshot = SnapshotDir::open(dir).map_err(at_schema)?;
    let selected = select(args, &snapshot)?;
    let read = |model: &&str| snapshot.model(model);
    let models = selected.keys().map(read).collect::<Result<_, _>>().map_err(at_schema)?;
    let plan = plan(args, &snapshot, models, &selected)?;
    // The name of a model distinguishes it from the import of a second call.
    let first = plan.models.first().map(|model| naming::module_name(&model.name));
    let name = format!("__tryton_sdk_of_{}", first.unwrap_or_default());
    let place = Place::expansion(&name).with_serde(args.serde);
    let code = emit::module(&plan, place).parse::<TokenStream>();
    let code = code.map_err(|error| syn::Error::new(args.schema.span, format!("{error}")))?;
    let code = if is_editor() { at_the_call(code) } else { code };
    let files = files(args, &snapshot, &selected).map_err(at_schema)?;
    let (name, sdk) = (format_ident!("{name}"), &args.sdk);
    Ok(quote! {
        use #sdk as #name;
        #code
        #(const _: &[u8] = #name::__private::core::include_bytes!(#files);)*
    })
}

/// Whether rust-analyzer expands the macro, and not the compiler.
fn is_editor() -> bool {
    std::env::current_exe().is_ok_and(|program| program.to_string_lossy().contains("rust-analyzer"))
}

/// Gives the tokens the span of the call. rust-analyzer gives tokens parsed from text spans in that text, and then
/// fails to go to a definition there. The compiler uses the span of the call by itself.
fn at_the_call(code: TokenStream) -> TokenStream {
    let at_the_call = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), at_the_call(group.stream())).into();
        }
        token.set_span(Span::call_site());
        token
    };
    code.into_iter().map(at_the_call).collect()
}

/// Returns the selected models, each with the span of the pattern that selects it first.
fn select<'a>(args: &Args, snapshot: &'a SnapshotDir) -> syn::Result<BTreeMap<&'a str, Span>> {
    let server = snapshot.server();
    let mut selected = BTreeMap::new();
    let mut errors = Vec::new();
    // A pattern that excludes may match nothing: the snapshot may have been pulled without those models.
    for pattern in args.models.iter().filter(|pattern| glob::excluding(&pattern.value).is_none()) {
        let mut any = false;
        for model in server.models.iter().filter(|model| glob::matches(&pattern.value, model)) {
            any = true;
            if args.selects(model) {
                selected.entry(model.as_str()).or_insert(pattern.span);
            }
        }
        if !any {
            errors.push(syn::Error::new(pattern.span, no_model(pattern, args, snapshot)));
        }
    }
    args::combine(errors)?;
    if selected.is_empty() {
        let span = args.models.first().map_or(args.schema.span, |pattern| pattern.span);
        return Err(syn::Error::new(span, "these patterns select no model: add one that selects, such as `\"*\"`"));
    }
    Ok(selected)
}

/// Explains why `pattern` selects nothing.
fn no_model(pattern: &Text, args: &Args, snapshot: &SnapshotDir) -> String {
    let server = snapshot.server();
    let (pattern, schema) = (&pattern.value, &args.schema.value);
    let mut others = server.other_models.iter();
    let message = format!("no model `{pattern}` in {schema}");
    if others.any(|model| glob::matches(pattern, model)) {
        return format!(
            "{message}, but its server has one: pull it with `cargo tryton pull --models \
             '…,{pattern}' --out {}`",
            snapshot.path().display()
        );
    }
    match suggest::question(pattern, server.models.iter().map(String::as_str)) {
        Some(question) => format!("{message}: {question}"),
        None => format!("{message}: `cargo tryton models --schema {}` lists all", snapshot.path().display()),
    }
}

/// Plans the models. A name or an override that cannot be used is reported in its place, or at the pattern.
fn plan(args: &Args, snapshot: &SnapshotDir, models: Vec<Model>, selected: &BTreeMap<&str, Span>) -> syn::Result<Plan> {
    let fits = |name: &str| args.selects(name);
    let request = Request { overrides: args.overrides(), ..Request::new(snapshot.server(), models, fits) };
    let place = |error: &PlanError| {
        let key = error.key();
        let renamed = args.rename.iter().find(|(renamed, _)| renamed.value == key);
        let overridden = args.overrides.iter().find(|(overridden, _)| overridden.value == key);
        let model = key.split(',').next().unwrap_or(key);
        match (error, renamed, overridden) {
            (PlanError::NeverApplied { setting: "override", .. }, _, Some((key, _))) => key.span,
            (PlanError::BadName { .. }, Some((_, name)), _) => name.span,
            (_, Some((key, _)), _) => key.span,
            _ => selected.get(model).copied().unwrap_or(args.schema.span),
        }
    };
    match plan::plan(&request) {
        Ok(plan) => Ok(plan),
        Err(errors) => {
            let errors = errors.iter().map(|error| syn::Error::new(place(error), error));
            args::combine(errors.collect())?;
            Ok(Plan::default())
        }
    }
}

/// Returns the absolute paths of all files that the expansion depends on.
fn files(args: &Args, snapshot: &SnapshotDir, selected: &BTreeMap<&str, Span>) -> Result<Vec<String>, SnapshotError> {
    let mut files = vec![snapshot.server_file()];
    files.extend(args.file.clone());
    for model in selected.keys() {
        files.push(snapshot.model_file(model)?);
    }
    let absolute = |file: PathBuf| std::path::absolute(&file).unwrap_or(file);
    Ok(files.into_iter().map(|file| absolute(file).to_string_lossy().into_owned()).collect())
}

/// Formats an error with its causes.
fn explain(error: &SnapshotError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;

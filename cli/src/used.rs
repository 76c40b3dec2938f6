//! What an application uses of its models, found in the tokens of its sources.
//!
//! Tokens and not syntax, so that the arguments of macros count as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, LitStr};
use tryton_sdk_codegen::diff::{Aspect, Change, Difference, Part};
use tryton_sdk_codegen::generate::MARK;
use tryton_sdk_codegen::plan::{FieldPlan, ModelPlan, Plan, SelectionPlan};

use crate::app::note;
use crate::error::Error;

/// Something that is used, by its names on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Model(String),
    Field(String, String),
    Value(String, String, String),
    /// Buttons among them.
    Method(String, String),
    /// A text in the program.
    Text(String),
}

/// What is used, and where it is used first.
#[derive(Debug, Default)]
pub(crate) struct Used(BTreeMap<Thing, String>);

impl Used {
    /// Goes through the Rust files in `folder` and below, generated ones excepted.
    pub(crate) fn scan(folder: &Path, plan: &Plan) -> Result<Self, Error> {
        let mut files = Vec::new();
        rust_files(folder, &mut files)
            .map_err(|error| Error::usage(format!("cannot read {}: {error}", folder.display())))?;
        let names = Names::of(plan);
        let mut used = Self::default();
        for file in files {
            let text = fs::read_to_string(&file);
            let text = text.map_err(|error| Error::files(format!("cannot read {}: {error}", file.display())))?;
            if text.starts_with(MARK) {
                continue;
            }
            if let Err(error) = used.file(&file.display().to_string(), &text, &names) {
                note(format!("{} was not looked through: {error}", file.display()));
            }
        }
        Ok(used)
    }

    /// Whether no model is used.
    pub(crate) fn is_empty(&self) -> bool {
        !self.0.keys().any(|thing| matches!(thing, Thing::Model(_)))
    }

    /// Where that is used which is different, if it is.
    pub(crate) fn place(&self, difference: &Difference) -> Option<String> {
        let model = difference.model.clone().unwrap_or_default();
        let thing = match difference.part.clone() {
            Part::Module(_) => return None,
            Part::Model => Thing::Model(model),
            Part::Field(field) => {
                let creates = Thing::Method(model.clone(), "create".to_owned());
                let is_about_creating = matches!(difference.change, Change::Altered { what: Aspect::Required, .. });
                let field = self.0.get(&Thing::Field(model, field));
                return field.or_else(|| self.0.get(&creates).filter(|_| is_about_creating)).cloned();
            }
            Part::Value { field, value } => Thing::Value(model, field, value),
            Part::Button(name) | Part::Method(name) => {
                let whole = Thing::Text(format!("model.{model}.{name}"));
                let place = self.0.get(&Thing::Method(model, name));
                return place.or_else(|| self.0.get(&whole)).cloned();
            }
            Part::Report(name) | Part::Wizard(name) => Thing::Text(name),
        };
        self.0.get(&thing).cloned()
    }

    fn file(&mut self, file: &str, text: &str, names: &Names<'_>) -> Result<(), proc_macro2::LexError> {
        let tokens: TokenStream = text.strip_prefix('\u{feff}').unwrap_or(text).parse()?;
        let mut aliases = BTreeMap::new();
        find_aliases(tokens.clone(), &mut aliases);
        Scan { used: self, file, names, aliases }.tokens(tokens);
        Ok(())
    }
}

/// The Rust files in a folder and those below, sorted; hidden folders and `target` are no sources.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                rust_files(&path, files)?;
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The plan by names in Rust.
struct Names<'a> {
    models: BTreeMap<&'a str, &'a ModelPlan>,
    by_technical_name: BTreeMap<&'a str, &'a ModelPlan>,
    selections: BTreeMap<&'a str, (&'a ModelPlan, &'a SelectionPlan)>,
    /// Constants of reports and wizards, and the names that they stand for.
    actions: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Names<'a> {
    fn of(plan: &'a Plan) -> Self {
        let selections =
            plan.models.iter().flat_map(|model| model.selections.iter().map(move |selection| (model, selection)));
        let mut actions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for action in plan.reports.iter().chain(&plan.wizards) {
            actions.entry(action.ident.as_str()).or_default().insert(&action.name);
        }
        Self {
            actions,
            models: plan.models.iter().map(|model| (model.name.as_str(), model)).collect(),
            by_technical_name: plan.models.iter().map(|model| (model.model.as_str(), model)).collect(),
            selections: selections.map(|(model, selection)| (selection.name.as_str(), (model, selection))).collect(),
        }
    }
}

/// Names given by `use … as`.
type Aliases = BTreeMap<String, String>;

fn find_aliases(tokens: TokenStream, aliases: &mut Aliases) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for window in tokens.windows(3) {
        if let [TokenTree::Ident(name), TokenTree::Ident(word), TokenTree::Ident(alias)] = window
            && word == "as"
        {
            aliases.insert(alias.to_string(), name.to_string());
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            find_aliases(group.stream(), aliases);
        }
    }
}

/// The scan of one file.
struct Scan<'a> {
    used: &'a mut Used,
    file: &'a str,
    names: &'a Names<'a>,
    aliases: Aliases,
}

impl<'a> Scan<'a> {
    fn add(&mut self, thing: Thing, span: Span) {
        let place = || format!("{}:{}", self.file, span.start().line);
        self.used.0.entry(thing).or_insert_with(place);
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) if ident == "struct" => self.projection(&tokens, at),
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let name = self.aliases.get(&name).cloned().unwrap_or(name);
                    self.path(&name, &tokens[at..], ident.span());
                }
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse2::<LitStr>(token.clone().into()) {
                        self.add(Thing::Text(text.value()), literal.span());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// `tokens` begins with the identifier that stands for `name`.
    fn path(&mut self, name: &str, tokens: &[TokenTree], span: Span) {
        let member = match tokens {
            [_, a, b, TokenTree::Ident(member), ..] if is(a, ':') && is(b, ':') => Some(member.unraw().to_string()),
            _ => None,
        };
        if let Some((model, selection)) = self.names.selections.get(name) {
            let variant = selection.variants.iter().find(|variant| Some(&variant.name) == member.as_ref());
            if let Some(variant) = variant {
                let (model, field) = (model.model.clone(), selection.field.clone());
                self.add(Thing::Value(model, field, variant.value.clone()), span);
            }
            self.add(Thing::Field(model.model.clone(), selection.field.clone()), span);
        }
        for action in self.names.actions.get(name).into_iter().flatten() {
            self.add(Thing::Text((*action).to_owned()), span);
        }
        let Some(model) = self.names.models.get(name).copied() else { return };
        self.add(Thing::Model(model.model.clone()), span);
        match (member.as_deref(), tokens.get(4..)) {
            (Some("F"), Some([dot, TokenTree::Ident(field), ..])) if is(dot, '.') => {
                if let Some(field) = self::field(model, &field.unraw().to_string()) {
                    self.add(Thing::Field(model.model.clone(), field.name.clone()), span);
                }
            }
            (Some(function), _) => {
                for method in methods(model, function) {
                    self.add(Thing::Method(model.model.clone(), method), span);
                }
            }
            (None, _) => {}
        }
    }

    /// The struct whose word `struct` is at `at`, if it is a projection.
    fn projection(&mut self, tokens: &[TokenTree], at: usize) {
        let is_head = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
            TokenTree::Ident(ident) => ident == "pub",
            other => is(other, '#'),
        };
        let begin = tokens[..at].iter().rposition(|token| !is_head(token)).map_or(0, |before| before + 1);
        let is_body =
            |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let Some(body) = tokens[at..].iter().position(|token| is_body(token) || is(token, ';')) else { return };
        let item: TokenStream = tokens[begin..=at + body].iter().cloned().collect();
        let Ok(item) = syn::parse2::<DeriveInput>(item) else { return };
        let Some(model) = self.model_of(&item) else { return };
        let Data::Struct(data) = item.data else { return };
        for member in &data.fields {
            let Some(ident) = &member.ident else { continue };
            let Some(path) = path_of(member, ident.unraw().to_string()) else { continue };
            self.follow(model, &path, ident.span());
        }
    }

    /// The model that `#[tryton(model = …)]` names.
    fn model_of(&self, item: &DeriveInput) -> Option<&'a ModelPlan> {
        let mut name = None;
        for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            // What cannot be read is the compiler's to tell.
            let _ = attribute.parse_nested_meta(|meta| {
                let path: syn::Path = meta.value()?.parse()?;
                if meta.path.is_ident("model") {
                    name = path.segments.last().map(|segment| segment.ident.to_string());
                }
                Ok(())
            });
        }
        let name = name?;
        self.names.models.get(self.aliases.get(&name).unwrap_or(&name).as_str()).copied()
    }

    /// Uses every field on a path from `model`.
    fn follow(&mut self, model: &ModelPlan, path: &str, span: Span) {
        let names = self.names;
        let mut model = Some(model);
        for part in path.split('.') {
            let Some((of, field)) = model.and_then(|model| Some((model, self::field(model, part)?))) else { return };
            let next = field.relation.as_deref().and_then(|relation| names.by_technical_name.get(relation).copied());
            let thing = Thing::Field(of.model.clone(), field.name.clone());
            self.add(Thing::Model(of.model.clone()), span);
            self.add(thing, span);
            model = next;
        }
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn field<'a>(model: &'a ModelPlan, ident: &str) -> Option<&'a FieldPlan> {
    model.fields.iter().find(|field| field.ident.strip_prefix("r#").unwrap_or(&field.ident) == ident)
}

/// The methods that a function of a type calls.
fn methods(model: &ModelPlan, function: &str) -> BTreeSet<String> {
    let ident = |ident: &str| ident.strip_prefix("r#").unwrap_or(ident) == function;
    if let Some(button) = model.buttons.iter().find(|button| ident(&button.ident)) {
        return [button.name.clone()].into();
    }
    let methods: &[&str] = match function {
        "search" => &["search", "search_read", "search_count"],
        "read_many" => &["read"],
        "create_many" | "create_in_batches" => &["create"],
        "write_many" => &["write"],
        "defaults" => &["default_get"],
        other => &[other],
    };
    methods.iter().map(|method| (*method).to_owned()).collect()
}

/// The path of fields that a member of a projection reads; nothing for what is no field.
fn path_of(member: &syn::Field, name: String) -> Option<String> {
    let mut path = Some(name);
    for attribute in member.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let text: Option<LitStr> = meta.value().and_then(|value| value.parse()).ok();
            if meta.path.is_ident("path") {
                path = text.map(|text| text.value());
            } else if ["timestamp", "may_write", "may_delete"].iter().any(|word| meta.path.is_ident(word)) {
                path = None;
            }
            Ok(())
        });
    }
    path
}

#[cfg(test)]
mod tests {
    use tryton_sdk_codegen::plan::{self, Request};
    use tryton_sdk_codegen::snapshot::SnapshotDir;

    use super::{Names, Thing, Used};

    const SOURCE: &str = r##"
        use erp::{Party as Customer, Sale};

        #[derive(Debug, Projection)]
        #[tryton(model = Sale)]
        pub(crate) struct Order {
            number: Option<String>,
            #[tryton(path = "party.lang.code", expect)]
            language: String,
            #[tryton(timestamp)]
            read_at: Timestamp,
            lines: Vec<Line>,
        }

        async fn run(tryton: &Client) {
            let search = Sale::search().filter(Sale::F.state.is(SaleState::Draft));
            println!("{:?}", vec![Customer::F.name.name()]);
            Sale::quote(tryton, &ids).await;
            let kind = erp::SaleLine::F.r#type;
            report::SALE.execute(tryton, &ids).await;
            tryton.call("model.sale.configuration.get_multivalue", ()).await;
        }
    "##;

    #[test]
    fn fields_values_functions_and_paths_are_found() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/8.2");
        let models = SnapshotDir::open(folder).and_then(|dir| dir.load()).expect("a snapshot").models;
        let plan = plan::plan(&Request { models, ..Request::default() }).expect("a plan");
        let mut used = Used::default();
        used.file("main.rs", SOURCE, &Names::of(&plan)).expect("Rust");
        let found: Vec<String> = used.0.iter().filter_map(|(thing, place)| words(thing, place)).collect();
        let expected = [
            "ir.lang main.rs:9",
            "party.party main.rs:2",
            "sale.line main.rs:19",
            "sale.sale main.rs:2",
            "ir.lang.code main.rs:9",
            "party.party.lang main.rs:9",
            "party.party.name main.rs:17",
            "sale.line.type main.rs:19",
            "sale.sale.lines main.rs:12",
            "sale.sale.number main.rs:7",
            "sale.sale.party main.rs:9",
            "sale.sale.state main.rs:16",
            "sale.sale.state=draft main.rs:16",
            "sale.sale.quote() main.rs:18",
            "sale.sale.search() main.rs:16",
            "sale.sale.search_count() main.rs:16",
            "sale.sale.search_read() main.rs:16",
            "\"model.sale.configuration.get_multivalue\" main.rs:21",
            "\"sale.sale\" main.rs:20",
        ];
        assert_eq!(found, expected);
    }

    fn words(thing: &Thing, place: &str) -> Option<String> {
        let words = match thing {
            Thing::Model(model) => model.clone(),
            Thing::Field(model, field) => format!("{model}.{field}"),
            Thing::Value(model, field, value) => format!("{model}.{field}={value}"),
            Thing::Method(model, method) => format!("{model}.{method}()"),
            Thing::Text(text) if text == "sale.sale" || text.starts_with("model.") => format!("\"{text}\""),
            Thing::Text(_) => return None,
        };
        Some(format!("{words} {place}"))
    }
}

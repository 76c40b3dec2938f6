//! The tokens of one file.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, LexError, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, LitStr};
use tryton_sdk_codegen::plan::{ActionPlan, FieldPlan, ModelPlan, Plan, SelectionPlan, VariantPlan};

use super::{Thing, Used};

/// Adds what the text of a file uses.
pub(super) fn file(used: &mut Used, file: &str, text: &str, names: &Names<'_>) -> Result<(), LexError> {
    let tokens: TokenStream = text.strip_prefix('\u{feff}').unwrap_or(text).parse()?;
    let mut aliases = BTreeMap::new();
    find_aliases(tokens.clone(), &mut aliases);
    Scan { used, file, names, aliases }.tokens(tokens);
    Ok(())
}

/// The plan by names in Rust.
pub(super) struct Names<'a> {
    models: BTreeMap<&'a str, &'a ModelPlan>,
    by_technical_name: BTreeMap<&'a str, &'a ModelPlan>,
    selections: BTreeMap<&'a str, (&'a ModelPlan, &'a SelectionPlan)>,
    /// Constants of reports and wizards, and those that they stand for.
    actions: BTreeMap<&'a str, Vec<&'a ActionPlan>>,
}

impl<'a> Names<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let selections =
            plan.models.iter().flat_map(|model| model.selections.iter().map(move |selection| (model, selection)));
        let mut actions: BTreeMap<&str, Vec<&ActionPlan>> = BTreeMap::new();
        for action in plan.reports.iter().chain(&plan.wizards) {
            actions.entry(action.ident.as_str()).or_default().push(action);
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
                TokenTree::Ident(ident) if ident == "add" && at > 0 && is(&tokens[at - 1], '.') => {
                    self.added(tokens.get(at + 1));
                }
                TokenTree::Ident(ident) => self.path(&self.name(ident), &tokens[at..], ident.span()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse2::<LitStr>(token.clone().into()) {
                        self.add(Thing::Text(text.value()), literal.span());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// What an identifier stands for.
    fn name(&self, ident: &Ident) -> String {
        let name = ident.to_string();
        self.aliases.get(&name).cloned().unwrap_or(name)
    }

    /// `tokens` begins with the identifier that stands for `name`.
    fn path(&mut self, name: &str, tokens: &[TokenTree], span: Span) {
        let member = match tokens {
            [_, a, b, TokenTree::Ident(member), ..] if is(a, ':') && is(b, ':') => Some(member.unraw().to_string()),
            _ => None,
        };
        if let Some((model, selection)) = self.names.selections.get(name) {
            for variant in variants(selection, tokens) {
                let (model, field) = (model.model.clone(), selection.field.clone());
                self.add(Thing::Value(model, field, variant.value.clone()), span);
            }
            self.add(Thing::Field(model.model.clone(), selection.field.clone()), span);
        }
        for action in self.names.actions.get(name).into_iter().flatten() {
            self.add(Thing::Text(action.name.clone()), span);
            for on in &action.models {
                self.add(Thing::Model(on.model.clone()), span);
            }
        }
        let Some(model) = self.names.models.get(name).copied() else { return };
        self.add(Thing::Model(model.model.clone()), span);
        match (member.as_deref(), tokens.get(4..)) {
            (Some("F"), Some([dot, TokenTree::Ident(field), ..])) if is(dot, '.') => {
                if let Some(field) = self::field(model, &field.unraw().to_string()) {
                    self.add(Thing::Field(model.model.clone(), field.name.clone()), span);
                }
            }
            (Some("call"), Some(rest)) => {
                for method in first_texts(rest) {
                    self.add(Thing::Method(model.model.clone(), method), span);
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

    /// `.add(Sale::F.lines, […])` creates records of the model that the field leads to.
    fn added(&mut self, arguments: Option<&TokenTree>) {
        let Some(TokenTree::Group(arguments)) = arguments else { return };
        let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
        let field = arguments.windows(6).find_map(|window| match window {
            [TokenTree::Ident(model), a, b, TokenTree::Ident(fields), dot, TokenTree::Ident(field)]
                if is(a, ':') && is(b, ':') && fields == "F" && is(dot, '.') =>
            {
                Some((model, field))
            }
            _ => None,
        });
        let Some((name, field)) = field else { return };
        let model = self.names.models.get(self.name(name).as_str());
        let field = model.and_then(|model| self::field(model, &field.unraw().to_string()));
        if let Some(relation) = field.and_then(|field| field.relation.clone()) {
            self.add(Thing::Method(relation, "create".to_owned()), name.span());
        }
    }

    /// The struct whose word `struct` is at `at`, if it is a projection.
    fn projection(&mut self, tokens: &[TokenTree], at: usize) {
        let begin = head(&tokens[..at]);
        let is_end = |token: &TokenTree| is_group(token, Delimiter::Brace) || is(token, ';');
        let Some(body) = tokens[at..].iter().position(is_end) else { return };
        let item: TokenStream = tokens[begin..=at + body].iter().cloned().collect();
        let Ok(item) = syn::parse2::<DeriveInput>(item) else { return };
        let Some(model) = self.model_of(&item) else { return };
        let Data::Struct(data) = item.data else { return };
        for member in &data.fields {
            let Some(ident) = &member.ident else { continue };
            let own = self::field(model, &ident.unraw().to_string()).map(|field| field.name.clone());
            let Some(path) = path_of(member, own) else { continue };
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
                    name = path.segments.last().map(|segment| segment.ident.clone());
                }
                Ok(())
            });
        }
        self.names.models.get(self.name(&name?).as_str()).copied()
    }

    /// Uses every field on a path from `model`, which has Tryton's names.
    fn follow(&mut self, model: &ModelPlan, path: &str, span: Span) {
        let names = self.names;
        let mut model = Some(model);
        for part in path.split('.') {
            let Some(of) = model else { return };
            let Some(field) = of.fields.iter().find(|field| field.name == part) else { return };
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

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

/// Where the attributes and the visibility begin that end `tokens`. The attributes of a whole file have `#!`.
fn head(tokens: &[TokenTree]) -> usize {
    let mut begin = tokens.len();
    loop {
        begin = match &tokens[..begin] {
            [.., hash, group] if is(hash, '#') && is_group(group, Delimiter::Bracket) => begin - 2,
            [.., TokenTree::Ident(word), group] if word == "pub" && is_group(group, Delimiter::Parenthesis) => {
                begin - 2
            }
            [.., TokenTree::Ident(word)] if word == "pub" => begin - 1,
            _ => return begin,
        };
    }
}

/// The variants that a path names: `State::Draft`, `State::{Draft, Done}`, `State::*`.
fn variants<'a>(selection: &'a SelectionPlan, path: &[TokenTree]) -> Vec<&'a VariantPlan> {
    let named = match path {
        [_, a, b, last, ..] if is(a, ':') && is(b, ':') => last,
        _ => return Vec::new(),
    };
    let idents: BTreeSet<String> = match named {
        TokenTree::Ident(variant) => [variant.to_string()].into(),
        TokenTree::Group(group) => group.stream().into_iter().map(|token| token.to_string()).collect(),
        all if is(all, '*') => return selection.variants.iter().collect(),
        _ => return Vec::new(),
    };
    selection.variants.iter().filter(|variant| idents.contains(&variant.name)).collect()
}

/// The texts among the arguments of a call, whose tokens begin behind the name of the function.
fn first_texts(tokens: &[TokenTree]) -> Vec<String> {
    let text = |token: TokenTree| syn::parse2::<LitStr>(token.into()).ok().map(|text| text.value());
    let texts = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            group.stream().into_iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    };
    // Types may come first: `call::<(String, i64)>("…")`.
    let statement = tokens.iter().take_while(|token| !is(token, ';'));
    statement.map(texts).find(|texts| !texts.is_empty()).unwrap_or_default()
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
        "create_many" | "create_in_batches" | "create_in_batches_with" => &["create"],
        "write_many" => &["write"],
        "defaults" => &["default_get"],
        other => &[other],
    };
    methods.iter().map(|method| (*method).to_owned()).collect()
}

/// The path of fields that a member of a projection reads, by default its `own`; nothing for what is no field.
fn path_of(member: &syn::Field, own: Option<String>) -> Option<String> {
    let mut path = own;
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

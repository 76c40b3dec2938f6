//! Scans the tokens of one file.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Ident, LexError, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, LitStr};
use tryton_sdk_codegen::plan::{ActionPlan, FieldPlan, ModelPlan, Plan, SelectionPlan, VariantPlan};

use super::files::is_of_tests;
use super::how::How;
use super::tokens::{first_texts, head, is, is_call_with_arguments, is_group, key};
use super::{Place, Thing, Used};

/// Adds what the text of the file with this name uses; the file may be a test.
pub(super) fn file(
    used: &mut Used,
    (file, is_test): (&str, bool),
    text: &str,
    names: &Names<'_>,
) -> Result<(), LexError> {
    let tokens: TokenStream = text.strip_prefix('\u{feff}').unwrap_or(text).parse()?;
    let mut aliases = BTreeMap::new();
    find_aliases(tokens.clone(), &mut aliases);
    let mut scan = Scan { used, file, is_test, names, aliases, records: BTreeMap::new() };
    scan.tokens(tokens, None);
    scan.settle_records();
    Ok(())
}

/// The plan by names in Rust.
pub(super) struct Names<'a> {
    models: BTreeMap<&'a str, &'a ModelPlan>,
    by_technical_name: BTreeMap<&'a str, &'a ModelPlan>,
    selections: BTreeMap<&'a str, (&'a ModelPlan, &'a SelectionPlan)>,
    /// The constants of reports and wizards, and the actions that they represent.
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

/// Names from `use … as`.
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
    is_test: bool,
    names: &'a Names<'a>,
    aliases: Aliases,
    /// The calls of `records` by line and column, and whether their model is known.
    records: BTreeMap<(usize, usize), (Place, bool)>,
}

impl<'a> Scan<'a> {
    fn place(&self, span: Span) -> Place {
        Place { is_test: self.is_test, file: self.file.to_owned(), line: span.start().line }
    }

    fn add(&mut self, thing: Thing, span: Span) {
        self.add_as(thing, span, How::Read);
    }

    fn add_as(&mut self, thing: Thing, span: Span, how: How) {
        let place = self.place(span);
        self.used.add(thing, place, how);
    }

    /// `method` is the method that has the tokens as arguments.
    fn tokens(&mut self, tokens: TokenStream, method: Option<&str>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.group(group, &tokens[..at], method),
                TokenTree::Ident(ident) if ident == "struct" => self.derived(&tokens, at),
                TokenTree::Ident(ident) if ident == "add" && at > 0 && is(&tokens[at - 1], '.') => {
                    self.added(tokens.get(at + 1));
                }
                TokenTree::Ident(ident) if ident == "records" && is_call_with_arguments(&tokens, at) => {
                    let place = self.place(ident.span());
                    self.records.entry(key(ident.span())).or_insert((place, false));
                }
                TokenTree::Ident(ident) => {
                    if ident == "Record" {
                        self.record(&tokens[at + 1..]);
                    }
                    self.path(&self.name(ident), &tokens[at..], ident.span(), method);
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

    /// Scans the tokens of a group that follows `before`.
    fn group(&mut self, group: &Group, before: &[TokenTree], method: Option<&str>) {
        let was_test = self.is_test;
        let inner = match before {
            [.., dot, TokenTree::Ident(called)] if is(dot, '.') => Some(called.to_string()),
            // A tuple, a list or a reference to one is still the argument.
            [] | [.., TokenTree::Punct(_)] => method.map(str::to_owned),
            [.., TokenTree::Ident(word), TokenTree::Ident(module)] => {
                self.is_test |= word == "mod" && is_of_tests(&module.to_string());
                None
            }
            _ => None,
        };
        self.tokens(group.stream(), inner.as_deref());
        self.is_test = was_test;
    }

    /// `Record<Sale>` is the type that `records` reads. `tokens` begins after the name.
    fn record(&mut self, tokens: &[TokenTree]) {
        if !tokens.first().is_some_and(|token| is(token, '<')) {
            return;
        }
        let argument = tokens[1..].iter().take_while(|token| !is(token, '>') && !is(token, ','));
        let last =
            argument.filter_map(|token| if let TokenTree::Ident(ident) = token { Some(ident) } else { None }).last();
        let Some(ident) = last else { return };
        if let Some(model) = self.names.models.get(self.name(ident).as_str()) {
            self.add(Thing::AllFields(model.model.clone()), ident.span());
        }
    }

    /// Scans the methods called on `Sale::search`, whose tokens are `chain`: `records` reads all fields.
    fn chain(&mut self, model: &ModelPlan, mut chain: &[TokenTree]) {
        loop {
            chain = match chain {
                [TokenTree::Group(_), rest @ ..] => rest,
                [question, rest @ ..] if is(question, '?') => rest,
                [dot, TokenTree::Ident(called), rest @ ..] if is(dot, '.') => {
                    if called == "records" {
                        let place = self.place(called.span());
                        self.used.add(Thing::AllFields(model.model.clone()), place.clone(), How::Read);
                        self.records.insert(key(called.span()), (place, true));
                    }
                    rest
                }
                [a, b, open, rest @ ..] if is(a, ':') && is(b, ':') && is(open, '<') => {
                    match rest.iter().position(|token| is_group(token, Delimiter::Parenthesis)) {
                        Some(arguments) => &rest[arguments..],
                        None => return,
                    }
                }
                _ => return,
            };
        }
    }

    /// Settles what `records` reads: a search stored in a variable may be any of those in the file.
    fn settle_records(&mut self) {
        let unknown = std::mem::take(&mut self.records).into_values().filter(|(_, is_known)| !is_known);
        let unknown: Vec<Place> = unknown.map(|(place, _)| place).collect();
        let searched = self.used.searched(|place| place.file == self.file);
        for place in unknown {
            if searched.is_empty() {
                self.used.records.insert(place.clone());
            }
            for model in &searched {
                self.used.add(Thing::AllFields(model.clone()), place.clone(), How::Read);
            }
        }
    }

    /// Returns the name that an identifier stands for.
    fn name(&self, ident: &Ident) -> String {
        let name = ident.to_string();
        self.aliases.get(&name).cloned().unwrap_or(name)
    }

    /// `tokens` begins with the identifier that stands for `name`.
    fn path(&mut self, name: &str, tokens: &[TokenTree], span: Span, method: Option<&str>) {
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
            (Some("F"), Some([dot, TokenTree::Ident(field), behind @ ..])) if is(dot, '.') => {
                if let Some(field) = self::field(model, &field.unraw().to_string()) {
                    let thing = Thing::Field(model.model.clone(), field.name.clone());
                    self.add_as(thing, span, How::of(behind, method));
                }
            }
            (Some("call"), Some(rest)) => {
                for method in first_texts(rest) {
                    self.add(Thing::Method(model.model.clone(), method), span);
                }
            }
            (Some(function), behind) => {
                for method in methods(model, function) {
                    self.add(Thing::Method(model.model.clone(), method), span);
                }
                match function {
                    "defaults" => self.add(Thing::AllFields(model.model.clone()), span),
                    "search" => self.chain(model, behind.unwrap_or_default()),
                    _ => {}
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

    /// Scans the struct whose keyword `struct` is at `at`, if it is a projection or a draft.
    fn derived(&mut self, tokens: &[TokenTree], at: usize) {
        let begin = head(&tokens[..at]);
        let is_end = |token: &TokenTree| is_group(token, Delimiter::Brace) || is(token, ';');
        let Some(body) = tokens[at..].iter().position(is_end) else { return };
        let item: TokenStream = tokens[begin..=at + body].iter().cloned().collect();
        let Ok(item) = syn::parse2::<DeriveInput>(item) else { return };
        let Some(model) = self.model_of(&item) else { return };
        let how = if derives(&item, "Draft") { How::Write } else { How::Read };
        let Data::Struct(data) = item.data else { return };
        for member in &data.fields {
            let Some(ident) = &member.ident else { continue };
            let own = self::field(model, &ident.unraw().to_string()).map(|field| field.name.clone());
            let Some(path) = path_of(member, own) else { continue };
            self.follow(model, &path, ident.span(), how);
        }
    }

    /// Returns the model in `#[tryton(model = …)]`.
    fn model_of(&self, item: &DeriveInput) -> Option<&'a ModelPlan> {
        let mut name = None;
        for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            // The compiler reports what cannot be parsed.
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

    /// Uses every field on a path from `model`, which consists of Tryton's names.
    fn follow(&mut self, model: &ModelPlan, path: &str, span: Span, how: How) {
        let names = self.names;
        let mut model = Some(model);
        for part in path.split('.') {
            let Some(of) = model else { return };
            let Some(field) = of.fields.iter().find(|field| field.name == part) else { return };
            let next = field.relation.as_deref().and_then(|relation| names.by_technical_name.get(relation).copied());
            let thing = Thing::Field(of.model.clone(), field.name.clone());
            self.add(Thing::Model(of.model.clone()), span);
            self.add_as(thing, span, how);
            model = next;
        }
    }
}

/// Returns the variants that a path names: `State::Draft`, `State::{Draft, Done}`, `State::*`.
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

fn field<'a>(model: &'a ModelPlan, ident: &str) -> Option<&'a FieldPlan> {
    model.fields.iter().find(|field| field.ident.strip_prefix("r#").unwrap_or(&field.ident) == ident)
}

/// Returns the methods that a function of a type calls.
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
        "replace" => &["read", "write"],
        "upsert" => &["search_read", "create", "write"],
        "ids_by" => &["search_read"],
        "defaults" => &["default_get"],
        other => &[other],
    };
    methods.iter().map(|method| (*method).to_owned()).collect()
}

/// Whether the struct has this derive.
fn derives(item: &DeriveInput, name: &str) -> bool {
    item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // The compiler reports what cannot be parsed.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|last| last.ident == name);
            Ok(())
        });
        found
    })
}

/// Returns the path of fields that a member of a projection reads, or of a draft sets, by default its `own`; `None` if
/// the member is not a field.
fn path_of(member: &syn::Field, own: Option<String>) -> Option<String> {
    let mut path = own;
    for attribute in member.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let text: Option<LitStr> = meta.value().and_then(|value| value.parse()).ok();
            if meta.path.is_ident("path") {
                path = text.map(|text| text.value());
            } else if ["timestamp", "may_write", "may_delete", "skip"].iter().any(|word| meta.path.is_ident(word)) {
                path = None;
            }
            Ok(())
        });
    }
    path
}

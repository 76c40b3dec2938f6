//! The text of generated code.
//!
//! Generated code contains only names and types, as calls of the SDK's declarative macros `model!`, `buttons!`,
//! `selection!`, `selections_by_serde!` and `marker!`. `cargo tryton generate` writes the text to files, and `models!`
//! parses it into tokens.

mod docs;

use std::fmt::Write;

use crate::plan::{Access, ActionPlan, ButtonPlan, FieldPlan, MarkerPlan, ModelPlan, Plan, RESERVED, SelectionPlan};

/// Where rustfmt breaks a line by default.
const RUSTFMT_WIDTH: usize = 100;

/// The version of generated code's form. It is raised when the SDK's macros stop reading older forms. `generated_form!`
/// of the SDK holds the same number.
pub const FORM: u32 = 1;

/// Where the text is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The path of the SDK.
    sdk: &'a str,
    /// Whether rustfmt and lints treat the text as code of the application, and must be told to skip it.
    is_file: bool,
    /// Whether the enums of selections implement the traits of serde.
    serde: bool,
}

impl<'a> Place<'a> {
    /// Creates the place of a macro's expansion, beside which the SDK is imported under this name. Lints do not look at
    /// it, and one that the application forbids could not be allowed. It imports nothing, because anything may stand
    /// beside it.
    pub fn expansion(sdk: &'a str) -> Self {
        Self { sdk, is_file: false, serde: false }
    }

    /// Files of an application that reaches the SDK by this path from all its modules. They import the SDK's types.
    pub fn files(sdk: &'a str) -> Self {
        Self { sdk, is_file: true, serde: false }
    }

    /// Sets whether the enums of selections implement the traits of serde.
    #[must_use]
    pub fn with_serde(self, serde: bool) -> Self {
        Self { serde, ..self }
    }

    /// Returns a type as it is written here.
    fn rust(&self, rust: &str) -> String {
        if self.is_file {
            return rust.to_owned();
        }
        let mut text = String::new();
        for name in rust.split_inclusive(['<', '>', ',', ' ']) {
            if RESERVED.contains(&name.trim_end_matches(['<', '>', ',', ' '])) {
                text.extend([self.sdk, "::types::"]);
            }
            text.push_str(name);
        }
        text
    }

    /// Returns the line with the [`FORM`] of generated files: an SDK that reads another form reports which command to
    /// run.
    pub fn form(&self) -> String {
        format!("{}::generated_form!({FORM});\n", self.sdk)
    }

    /// Makes lints skip the item that follows.
    fn allow(&self, text: &mut String, lints: &str) {
        if self.is_file {
            line(text, format_args!("#[allow({lints})]"));
        }
    }
}

/// Returns a whole plan as the text of one module.
pub fn module(plan: &Plan, place: Place<'_>) -> String {
    let mut text = String::new();
    let markers = plan.markers.iter().map(|plan| marker(plan, place));
    for part in plan.models.iter().map(|plan| model(plan, place)).chain(markers) {
        text.push('\n');
        text.push_str(&part);
    }
    for (kind, plans) in [(Kind::Report, &plan.reports), (Kind::Wizard, &plan.wizards)] {
        if !plans.is_empty() {
            text.push('\n');
            docs::actions(kind).write(&mut text, "", place);
            line(&mut text, format_args!("pub mod {} {{", kind.module()));
            let sdk = format!("super::{}", place.sdk);
            text.push_str(&actions(kind, plans, Place { sdk: &sdk, ..place }, "    "));
            text.push_str("}\n");
        }
    }
    text
}

/// Returns a model, its buttons, and the enums of its fields.
pub fn model(plan: &ModelPlan, place: Place<'_>) -> String {
    let mut text = format!("{}::model! {{\n", place.sdk);
    docs::model(plan).write(&mut text, "    ", place);
    let ModelPlan { name, fields_name, model, series, .. } = plan;
    let of = series.map(|(major, minor)| format!(" of ({major}, {minor})")).unwrap_or_default();
    let functions = plan.functions.join(", ");
    line(&mut text, format_args!("    pub {name}({fields_name}) = {model:?}{of} [{functions}];"));
    for (list, readonly) in [("settable", false), ("read_only", true)] {
        let fields = plan.fields.iter().filter(|field| field.readonly == readonly);
        names(&mut text, list, fields.map(wire_name).collect());
    }
    text.push_str("}\n\n");
    docs::fields(name).write(&mut text, "", place);
    place.allow(&mut text, "dead_code, non_snake_case, unreachable_pub");
    let mut fields = String::new();
    plan.fields.iter().for_each(|plan| field(&mut fields, name, plan, place));
    if place.is_file && fields.lines().any(|line| line.contains(": Field<") && line.len() > RUSTFMT_WIDTH) {
        text.push_str("#[rustfmt::skip]\n");
    }
    line(&mut text, format_args!("pub struct {fields_name} {{\n{fields}}}"));
    if !plan.buttons.is_empty() {
        text.push('\n');
        buttons(&mut text, name, &plan.buttons, place);
    }
    for plan in &plan.selections {
        text.push('\n');
        selection(&mut text, model, plan, place);
    }
    if place.serde && !plan.selections.is_empty() {
        let enums = plan.selections.iter().map(|plan| plan.name.as_str()).collect::<Vec<_>>().join(", ");
        line(&mut text, format_args!("\n{}::selections_by_serde!({enums});", place.sdk));
    }
    text
}

/// Returns the name of the field in Rust and in Tryton, and the field that leads back.
fn wire_name(plan: &FieldPlan) -> String {
    let FieldPlan { name, ident, .. } = plan;
    let back = plan.back.as_ref().map(|back| format!(" => {back:?}")).unwrap_or_default();
    format!("{ident}: {name:?}{back}")
}

/// Writes a list of names in braces.
fn names(text: &mut String, list: &str, names: Vec<String>) {
    let on_one_line = format!("    {list} {{ {} }}", names.join(", "));
    if names.is_empty() {
        return line(text, format_args!("    {list} {{}}"));
    }
    if on_one_line.len() <= RUSTFMT_WIDTH {
        return line(text, format_args!("{on_one_line}"));
    }
    line(text, format_args!("    {list} {{"));
    let mut row = String::new();
    for name in names {
        if !row.is_empty() && row.len() + name.len() + " ,".len() > RUSTFMT_WIDTH - "       ".len() {
            line(text, format_args!("       {row}"));
            row.clear();
        }
        row.extend([" ", &name, ","]);
    }
    line(text, format_args!("       {row}\n    }}"));
}

fn field(text: &mut String, model: &str, plan: &FieldPlan, place: Place<'_>) {
    docs::field(plan).write(text, "    ", place);
    let FieldPlan { ident, rust, .. } = plan;
    let limits = limits(plan);
    let field = place.rust(&format!("Field<{model}, {rust}{limits}>"));
    line(text, format_args!("    pub {ident}: {field},"));
}

/// Returns the SDK's type for what clients cannot do with a field, or nothing.
fn limits(plan: &FieldPlan) -> String {
    let access = match plan.access {
        Access::Stored => None,
        Access::NoOrder => Some("NoOrder"),
        Access::NoFilter => Some("NoFilter"),
        Access::Computed => Some("Computed"),
    };
    match (plan.readonly, access) {
        (false, None) => String::new(),
        (false, Some(access)) => format!(", {access}"),
        (true, None) => ", ReadOnly".to_owned(),
        (true, Some(access)) => format!(", ReadOnly<{access}>"),
    }
}

fn buttons(text: &mut String, model: &str, plans: &[ButtonPlan], place: Place<'_>) {
    line(text, format_args!("{}::buttons! {{", place.sdk));
    line(text, format_args!("    {model} {{"));
    for plan in plans {
        docs::button(plan).write(text, "        ", place);
        let ButtonPlan { name, ident, .. } = plan;
        if ident.contains("__") || ident.chars().any(char::is_uppercase) {
            text.push_str(if place.is_file { "        #[allow(non_snake_case)]\n" } else { "" });
        }
        line(text, format_args!("        {ident}: {name:?},"));
    }
    text.push_str("    }\n}\n");
}

fn selection(text: &mut String, model: &str, plan: &SelectionPlan, place: Place<'_>) {
    line(text, format_args!("{}::selection! {{", place.sdk));
    docs::selection(model, plan).write(text, "    ", place);
    line(text, format_args!("    pub {} {{", plan.name));
    for variant in &plan.variants {
        docs::variant(variant).write(text, "        ", place);
        line(text, format_args!("        {} = {:?},", variant.name, variant.value));
    }
    text.push_str("    }\n}\n");
}

/// The kinds of constants that are generated in a module of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reports.
    Report,
    /// Wizards.
    Wizard,
}

impl Kind {
    /// Returns the name of the module.
    pub fn module(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Wizard => "wizard",
        }
    }

    /// Returns the module's documentation.
    pub fn title(self) -> &'static str {
        match self {
            Self::Report => "Reports: `SALE.execute(&tryton, &[sale])` creates the document.",
            Self::Wizard => "Wizards: `SALE_RETURN_SALE.start(&tryton, &[sale])` starts the wizard.",
        }
    }

    /// Returns the path of the SDK's type within the SDK.
    fn rust(self) -> &'static str {
        match self {
            Self::Report => "action::ReportOf",
            Self::Wizard => "action::WizardOf",
        }
    }
}

/// Returns the content of the module for reports or wizards, which stands beside the models.
pub fn actions(kind: Kind, plans: &[ActionPlan], place: Place<'_>, indent: &str) -> String {
    let (mut text, sdk) = (String::new(), place.sdk);
    for plan in plans {
        docs::action(kind.module(), plan).write(&mut text, indent, place);
        let ActionPlan { name, ident, models, .. } = plan;
        let rust = format!("{sdk}::{}", kind.rust());
        let (on, value) = match &models[..] {
            [] => ("()".to_owned(), format!("of_none({name:?})")),
            [model] => (format!("super::{}", model.name), format!("new({name:?})")),
            several => {
                let models = several.iter().map(|model| format!("{:?}", model.model)).collect::<Vec<_>>().join(", ");
                (format!("{sdk}::action::Several"), format!("several({name:?}, &[{models}])"))
            }
        };
        line(&mut text, format_args!("{indent}pub const {ident}: {rust}<{on}> = {rust}::{value};"));
    }
    text
}

/// Returns a type for a model outside the selection.
pub fn marker(plan: &MarkerPlan, place: Place<'_>) -> String {
    let mut text = format!("{}::marker! {{\n", place.sdk);
    docs::marker(plan).write(&mut text, "    ", place);
    line(&mut text, format_args!("    pub {} = {:?};", plan.name, plan.model));
    text.push_str("}\n");
    text
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}

#[cfg(test)]
mod tests;

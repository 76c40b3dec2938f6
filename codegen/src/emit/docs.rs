//! Documentation comments from labels and help texts, which anybody may have written.
//!
//! They appear verbatim: nothing in them is markup, a link, or the end of the comment.

use super::{Kind, Place};
use crate::plan::{ActionPlan, ButtonPlan, FieldPlan, MarkerPlan, ModelPlan, SelectionPlan, VariantPlan};

/// The lines of one documentation comment; an empty line separates paragraphs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Docs(Vec<String>);

impl Docs {
    /// Writes the comment, each line after `indent`. In the expansion of a macro it writes an attribute, because
    /// rust-analyzer shows the third slash of a comment that a macro parses.
    pub(super) fn write(&self, text: &mut String, indent: &str, place: Place<'_>) {
        let spaced = self.0.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        if place.is_file {
            spaced.for_each(|line| text.extend([indent, "///", &line, "\n"]));
        } else {
            text.push_str(&format!("{indent}#[doc = {:?}]\n", spaced.collect::<Vec<_>>().join("\n")));
        }
    }

    fn paragraph(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            if !self.0.is_empty() {
                self.0.push(String::new());
            }
            self.0.extend(lines);
        }
        self
    }
}

pub(super) fn model(plan: &ModelPlan) -> Docs {
    let title = label(&plan.label).unwrap_or_else(|| code(&plan.model));
    Docs::default()
        .paragraph([title])
        .paragraph([format!("Tryton model {}.", code(&plan.model))])
        .paragraph(members(plan))
}

pub(super) fn fields(model: &str) -> Docs {
    Docs::default().paragraph([format!("The fields of [`{model}`], in its constant `F`.")])
}

/// Returns what the model has besides its fields, kind by kind, as a list.
fn members(plan: &ModelPlan) -> impl Iterator<Item = String> {
    // `choices` works only for selections.
    let dynamic = plan.fields.iter().filter(|field| field.choices.is_some() && field.rust.base == "Choice");
    let kinds = [
        ("Buttons", plan.buttons.iter().map(|button| format!("`{}`", button.ident)).collect::<Vec<_>>()),
        ("Reports", plan.reports.iter().map(|report| format!("`report::{report}`")).collect()),
        ("Wizards", plan.wizards.iter().map(|wizard| format!("`wizard::{wizard}`")).collect()),
        (
            "Selections with values from the server, for `choices`",
            dynamic.map(|field| format!("`{}`", field.ident)).collect(),
        ),
        ("Other methods, for `call`", plan.methods.iter().map(|method| code(method)).collect()),
    ];
    let kinds = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    kinds.map(|(kind, names)| format!("- {kind}: {}.", names.join(", ")))
}

pub(super) fn field(plan: &FieldPlan) -> Docs {
    let mut facts = vec![label(&plan.label).unwrap_or_else(|| code(&plan.name))];
    if plan.required {
        facts.push("Required".to_owned());
    }
    // Everybody knows that of `id`.
    if plan.readonly && plan.name != "id" {
        facts.push("Read-only".to_owned());
    }
    if let Some(relation) = &plan.relation {
        facts.push(format!("Relation to {}", code(relation)));
    }
    if let Some(method) = &plan.choices {
        facts.push(format!("Choices from {}", code(method)));
    }
    Docs::default().paragraph([sentences(&facts)]).paragraph(paragraphs(&plan.help))
}

pub(super) fn button(plan: &ButtonPlan) -> Docs {
    let title = label(&plan.label).unwrap_or_else(|| code(&plan.name));
    let confirm = label(&plan.confirm).map(|question| format!("Tryton's clients ask for confirmation: “{question}”"));
    Docs::default().paragraph([title]).paragraph(paragraphs(&plan.help)).paragraph(confirm)
}

pub(super) fn selection(model: &str, plan: &SelectionPlan) -> Docs {
    let title = label(&plan.label).unwrap_or_else(|| code(&plan.field));
    Docs::default().paragraph([format!("{title} of {}", code(model))])
}

pub(super) fn variant(plan: &VariantPlan) -> Docs {
    Docs::default().paragraph([label(&plan.label).unwrap_or_else(|| code(&plan.value))])
}

pub(super) fn action(kind: &str, plan: &ActionPlan) -> Docs {
    let title = label(&plan.label).unwrap_or_else(|| code(&plan.name));
    let models = plan.models.iter().map(|model| code(&model.model)).collect::<Vec<_>>();
    let on = if models.is_empty() { String::new() } else { format!(" on {}", models.join(", ")) };
    Docs::default().paragraph([title]).paragraph([format!("Tryton {kind} {}{on}.", code(&plan.name))])
}

pub(super) fn actions(kind: Kind) -> Docs {
    Docs::default().paragraph([kind.title().to_owned()])
}

pub(super) fn marker(plan: &MarkerPlan) -> Docs {
    Docs::default().paragraph([format!("The model {}, which is not selected.", code(&plan.model))])
}

/// Formats facts as `A. B. C.`, but a lone `A` without the full stop.
fn sentences(facts: &[String]) -> String {
    let [only] = facts else {
        let ends = |fact: &str| fact.ends_with(['.', '!', '?', ':']);
        let close = |fact: &String| {
            if ends(fact) { fact.clone() } else { format!("{fact}.") }
        };
        return facts.iter().map(close).collect::<Vec<_>>().join(" ");
    };
    only.clone()
}

/// Formats a technical name as code.
fn code(name: &str) -> String {
    let name = printable(name).replace('`', "'");
    if name.trim().is_empty() { "(unnamed)".to_owned() } else { format!("`{name}`") }
}

/// Returns a text as one line, or `None` if it is blank.
fn label(text: &str) -> Option<String> {
    let label = lines(text).into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    (!label.is_empty()).then(|| label.join(" "))
}

/// Returns a text as paragraphs: a blank line between two, and a hard break between the lines of one.
fn paragraphs(text: &str) -> Vec<String> {
    let mut lines = lines(text);
    for at in 1..lines.len() {
        if !lines[at].is_empty() && !lines[at - 1].is_empty() {
            lines[at - 1].push('\\');
        }
    }
    lines
}

/// Returns a text as lines, without blank ones at its ends, and with at most one between two others.
fn lines(text: &str) -> Vec<String> {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let text = text.replace("\r\n", "\n");
    let mut lines: Vec<String> = Vec::new();
    for line in text.split(breaks).map(escape) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Escapes a line so that Markdown interprets nothing in it, with single blanks between words.
fn escape(line: &str) -> String {
    let line = printable(line);
    let words: Vec<String> = line.split_whitespace().map(word).collect();
    let mut line = words.join(" ");
    if let Some(at) = begins_block(&line) {
        line.insert(at, '\\');
    }
    line
}

/// Removes control characters and those that change the direction of text.
fn printable(text: &str) -> String {
    let invisible = |c: char| {
        matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    };
    let visible = |c: &char| !invisible(*c);
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().filter(visible).map(blank).collect()
}

/// Escapes the markup in a word, and marks an address as a link.
fn word(word: &str) -> String {
    let address = ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min();
    let Some(at) = address else {
        return escape_text(word);
    };
    let (before, address) = word.split_at(at);
    let (address, after) = address.split_at(address_end(address));
    if address.ends_with("//") {
        return escape_text(&word.replace("://", ": //"));
    }
    format!("{}<{address}>{}", escape_text(before), escape_text(&after.replace("://", ": //")))
}

/// Returns the length of the address at the beginning of `text`, without a full stop after it.
fn address_end(text: &str) -> usize {
    let part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    let end = text.find(|c| !part(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']).len()
}

fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next().unwrap_or(' ');
        let inside = previous.is_alphanumeric() && next.is_alphanumeric();
        if "\\`*[]<>&|~".contains(c) || (c == '_' && !inside) {
            escaped.push('\\');
        }
        escaped.push(c);
        previous = c;
    }
    escaped
}

/// Returns where a `\` keeps the beginning of a line from being a heading, a list, or a rule.
fn begins_block(line: &str) -> Option<usize> {
    if line.starts_with(['#', '-', '+', '=', ':']) {
        return Some(0);
    }
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    (digits > 0 && line[digits..].starts_with(['.', ')'])).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_as_they_are() {
        assert_eq!(label("Sale Date"), Some("Sale Date".to_owned()));
        assert_eq!(
            label("The party's name (if any): 50%, 3 + 4 = 7; sale_date"),
            Some("The party's name (if any): 50%, 3 + 4 = 7; sale_date".to_owned())
        );
        assert_eq!(label(" \n\t "), None);
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(
            escape("[link] <b> `code` *x* _y_ a|b ~z~ &amp; \\"),
            r"\[link\] \<b\> \`code\` \*x\* \_y\_ a\|b \~z\~ \&amp; \\"
        );
        assert_eq!(escape("Vec<String>"), r"Vec\<String\>");
    }

    #[test]
    fn the_beginning_of_a_line_begins_no_block() {
        for (text, line) in [
            ("# head", r"\# head"),
            ("- item", r"\- item"),
            ("+ item", r"\+ item"),
            ("* item", r"\* item"),
            ("> quote", r"\> quote"),
            ("1. item", r"1\. item"),
            ("12) item", r"12\) item"),
            ("===", r"\==="),
            ("---", r"\---"),
            ("```", r"\`\`\`"),
            ("    code", "code"),
            ("2026", "2026"),
            ("", ""),
        ] {
            assert_eq!(escape(text), line);
        }
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(escape("see https://www.tryton.org/a_b."), "see <https://www.tryton.org/a_b>.");
        assert_eq!(escape("(http://x.org)"), "(<http://x.org>)");
        assert_eq!(escape("http://[::1]/"), r"http: //\[::1\]/");
        assert_eq!(escape("http://a\"http://b"), "<http://a>\"http: //b");
    }

    #[test]
    fn nothing_ends_the_comment_or_turns_the_text_around() {
        assert_eq!(lines("a\r\nb\rc\u{2028}d\u{0}e\u{202e}f"), ["a", "b", "c", "d ef"]);
        assert_eq!(lines("\n\n a \n\n\n b\t\tc \n\n"), ["a", "", "b c"]);
        assert_eq!(paragraphs("a\nb\n\nc"), ["a\\", "b", "", "c"]);
        assert_eq!(code("a`b\nc"), "`a'b c`");
        assert_eq!(code(""), "(unnamed)");
    }

    #[test]
    fn facts_are_sentences() {
        let facts = |facts: &[&str]| sentences(&facts.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>());
        assert_eq!(facts(&["Party"]), "Party");
        assert_eq!(facts(&["Party", "Required", "Read-only"]), "Party. Required. Read-only.");
        assert_eq!(facts(&["Really?", "Required"]), "Really? Required.");
    }
}

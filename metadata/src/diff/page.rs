//! Formats differences as a page: the breaking ones first, grouped by model.

use serde::Serialize;

use super::{Change, Difference, Part, Weight};

/// A difference, and where an application uses the part.
///
/// ```
/// use tryton_sdk_metadata::diff::page::Entry;
/// use tryton_sdk_metadata::diff::{Change, Difference, Part, Weight};
///
/// let (model, part) = (Some("sale.sale".to_owned()), Part::Field("reference".to_owned()));
/// let gone = Difference { model, part, change: Change::Gone, weight: Weight::Breaking };
/// let entry = Entry { difference: gone, used_at: vec!["src/main.rs:7".to_owned()] };
/// let line = format!("{}{}", entry.difference, entry.places(str::to_owned));
/// assert_eq!(line, "sale.sale: field reference is gone (used at src/main.rs:7)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The difference.
    #[serde(flatten)]
    pub difference: Difference,
    /// Every place, such as `src/main.rs:7`; empty if no application was scanned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_at: Vec<String>,
}

impl From<Difference> for Entry {
    fn from(difference: Difference) -> Self {
        Self { difference, used_at: Vec::new() }
    }
}

impl Entry {
    /// Returns the places in words, quoted with `quote`: ` (used at src/main.rs:7)`.
    pub fn places(&self, quote: fn(&str) -> String) -> String {
        if self.used_at.is_empty() {
            return String::new();
        }
        let places: Vec<String> = self.used_at.iter().map(|place| quote(place)).collect();
        format!(" (used at {})", places.join(", "))
    }
}

/// The contents of a page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The name of the old state, such as `Tryton 8.0`.
    pub from: &'a str,
    /// The name of the new state.
    pub to: &'a str,
    /// All differences.
    pub differences: &'a [Entry],
    /// Whether to include labels and help texts.
    pub wording: bool,
}

/// The headings, in the order of the page.
const SECTIONS: [(Weight, &str); 4] = [
    (Weight::Breaking, "Breaking"),
    (Weight::Compatible, "Changed, and compatible"),
    (Weight::Addition, "New"),
    (Weight::Wording, "Labels and help"),
];

/// Returns the number of differences of a weight.
pub fn count(differences: &[Entry], weight: Weight) -> usize {
    differences.iter().filter(|entry| entry.difference.weight == weight).count()
}

/// Formats a count: `1 error`, `2 errors`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Formats the counts: `3 breaking, 2 compatible changes, 12 additions, 1 of labels and help`.
pub fn summary(differences: &[Entry]) -> String {
    let [breaking, compatible, additions, wording] = SECTIONS.map(|(weight, _)| count(differences, weight));
    format!(
        "{breaking} breaking, {}, {}, {wording} of labels and help",
        counted(compatible, "compatible change"),
        counted(additions, "addition")
    )
}

impl Page<'_> {
    /// Formats the page for a terminal: headings at the margin, models indented, their differences below them.
    pub fn text(&self) -> String {
        let mut text = format!("{} → {}: {}\n", self.from, self.to, summary(self.differences));
        for (title, groups) in self.sections(str::to_owned) {
            text.push_str(&format!("\n{title}\n"));
            for Group { title, lines } in groups {
                text.push_str(&format!("  {title}\n"));
                lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
            }
        }
        text
    }

    /// Formats the page for a wiki or an issue.
    pub fn markdown(&self) -> String {
        let mut text = format!("# From {} to {}\n\n{}.\n", self.from, self.to, summary(self.differences));
        for (title, groups) in self.sections(code) {
            text.push_str(&format!("\n## {title}\n"));
            for Group { title, lines } in groups {
                text.push_str(&format!("\n### {title}\n\n"));
                lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
            }
        }
        text
    }

    fn sections(&self, quote: fn(&str) -> String) -> Vec<(&'static str, Vec<Group>)> {
        let wanted = |weight: Weight| weight != Weight::Wording || self.wording;
        let sections = SECTIONS.into_iter().filter(|(weight, _)| wanted(*weight)).map(|(weight, title)| {
            let differences = self.differences.iter().filter(|entry| entry.difference.weight == weight);
            (title, groups(&differences.collect::<Vec<_>>(), quote))
        });
        sections.filter(|(_, groups)| !groups.is_empty()).collect()
    }
}

/// The lines about one model, or about several for which there is only one thing to report.
struct Group {
    title: String,
    lines: Vec<String>,
}

fn groups(entries: &[&Entry], quote: fn(&str) -> String) -> Vec<Group> {
    let mut groups = Vec::new();
    for (title, change) in [("Models that are gone", Change::Gone), ("Models that are new", Change::Added)] {
        let whole = entries.iter().filter(|entry| is_whole(entry) && entry.difference.change == change);
        let line = |entry: &&Entry| Some(quote(entry.difference.model.as_deref()?) + &entry.places(quote));
        let lines: Vec<String> = whole.filter_map(line).collect();
        if !lines.is_empty() {
            groups.push(Group { title: title.to_owned(), lines });
        }
    }
    let parts: Vec<&Entry> = entries.iter().copied().filter(|entry| !is_whole(entry)).collect();
    for of_model in parts.chunk_by(|a, b| a.difference.model == b.difference.model) {
        let title = of_model.first().and_then(|first| first.difference.model.as_deref());
        let title = title.map_or_else(|| "The server".to_owned(), quote);
        groups.push(Group { title, lines: lines(of_model, quote) });
    }
    groups
}

/// Whether it reports that a whole model is gone or new.
fn is_whole(entry: &Entry) -> bool {
    entry.difference.part == Part::Model && !matches!(entry.difference.change, Change::Altered { .. })
}

/// Returns one line for each difference, but a single one for all new parts of a kind, and for the values of a field
/// that are gone or new.
fn lines(entries: &[&Entry], quote: fn(&str) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    for together in entries.chunk_by(|a, b| belong_together(a, b)) {
        let name = |entry: &&Entry| quote(entry.difference.part.name());
        let names = || together.iter().map(name).collect::<Vec<_>>().join(", ");
        match together {
            [first, _, ..] => {
                let line = match &first.difference.part {
                    Part::Value { field, .. } if is_new(first) => {
                        format!("field {}: values {} are new", quote(field), names())
                    }
                    Part::Value { field, .. } => format!("field {}: values {} are gone", quote(field), names()),
                    part => format!("{}s {} are new", part.kind(), names()),
                };
                lines.push(line + &first.places(quote));
            }
            _ => lines.extend(together.iter().map(|entry| entry.difference.sentence(quote) + &entry.places(quote))),
        }
    }
    lines
}

fn belong_together(a: &Entry, b: &Entry) -> bool {
    a.used_at == b.used_at
        && match (&a.difference.part, &b.difference.part) {
            (Part::Value { field, .. }, Part::Value { field: other, .. }) => {
                field == other && a.difference.change == b.difference.change
            }
            (a_part, b_part) => is_new(a) && is_new(b) && a_part.kind() == b_part.kind(),
        }
}

fn is_new(entry: &Entry) -> bool {
    entry.difference.change == Change::Added
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

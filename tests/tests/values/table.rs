//! The table of field types in `docs/fields.md`: which Rust type each one is, and what can be done with it.

use std::fmt::Write;

/// What a field of a type is in Rust, and what beside reading and setting can be done with it.
pub(crate) struct Row {
    /// Tryton's name of the type.
    pub(crate) tryton: &'static str,
    /// The Rust type of a required field.
    required: &'static str,
    /// The Rust type of a field that may be null.
    optional: &'static str,
    /// What it is set with.
    set: &'static str,
    /// How domains ask for it.
    filter: &'static str,
    /// How it can be ordered by.
    order: &'static str,
}

const COMPARED: &str = "`is`, `is_in`, `is_null`, `lt`, `le`, `gt`, `ge`";
const MATCHED: &str = "`is`, `is_in`, `is_null`, `like`, `ilike`";
const EQUAL: &str = "`is`, `is_in`, `is_null`";
const STEPS: &str = "`add`, `link`, `unlink`, `delete`, `update`, `copy`";
const ORDERED: &str = "`asc`, `desc`";
const NOT_ORDERED: &str = "no";

const fn row(
    tryton: &'static str,
    [required, optional]: [&'static str; 2],
    set: &'static str,
    filter: &'static str,
    order: &'static str,
) -> Row {
    Row { tryton, required, optional, set, filter, order }
}

pub(crate) const ROWS: &[Row] = &[
    row("boolean", ["bool", "bool"], "`set`", "`is`, `is_in`", ORDERED),
    row("integer", ["i64", "Option<i64>"], "`set`, `clear`", COMPARED, ORDERED),
    row("float", ["f64", "Option<f64>"], "`set`, `clear`", COMPARED, ORDERED),
    row("numeric", ["Decimal", "Option<Decimal>"], "`set`, `clear`", COMPARED, ORDERED),
    row("char", ["String", "Option<String>"], "`set`, `clear`", MATCHED, ORDERED),
    row("text", ["String", "Option<String>"], "`set`, `clear`", MATCHED, ORDERED),
    row("full_text", ["String", "Option<String>"], "`set`, `clear`", MATCHED, ORDERED),
    row("date", ["Date", "Option<Date>"], "`set`, `clear`", COMPARED, ORDERED),
    row("datetime", ["DateTime", "Option<DateTime>"], "`set`, `clear`", COMPARED, ORDERED),
    row("timestamp", ["DateTime", "Option<DateTime>"], "`set`, `clear`", COMPARED, ORDERED),
    row("time", ["Time", "Option<Time>"], "`set`, `clear`", COMPARED, ORDERED),
    row("timedelta", ["TimeDelta", "Option<TimeDelta>"], "`set`, `clear`", COMPARED, ORDERED),
    row("binary", ["Binary", "Option<Binary>"], "`set`, `clear`", "no", ORDERED),
    row("selection", ["enum or Choice", "Option<…> of it"], "`set`, `clear`", EQUAL, ORDERED),
    row(
        "multiselection",
        ["Vec<…> of enum or Choice", "the same"],
        "`set`",
        "`has_any`, `has_none`, `is_null`",
        ORDERED,
    ),
    row("reference", ["Reference", "Option<Reference>"], "`set`, `clear`", EQUAL, ORDERED),
    row("dict", ["Dict", "Option<Dict>"], "`set`, `clear`", "those of `key`", ORDERED),
    row(
        "many2one",
        ["Id<M>", "Option<Id<M>>"],
        "`set`, `clear`",
        "`is`, `is_in`, `is_null`, `whose`, `ilike`, `child_of`",
        ORDERED,
    ),
    row("one2one", ["Id<M>", "Option<Id<M>>"], "`set`, `clear`", "`is`, `is_in`, `is_null`, `whose`", NOT_ORDERED),
    row("one2many", ["Vec<Id<M>>", "the same"], STEPS, "`any`, `none`, `is_null`", NOT_ORDERED),
    row("many2many", ["Vec<Id<M>>", "the same"], STEPS, "`any`, `none`, `is_null`", NOT_ORDERED),
];

fn text() -> String {
    let mut text =
        String::from("| Tryton | required | else | changed by | in domains | order |\n|---|---|---|---|---|---|\n");
    for Row { tryton, required, optional, set, filter, order } in ROWS {
        let _ = writeln!(text, "| `{tryton}` | `{required}` | `{optional}` | {set} | {filter} | {order} |");
    }
    text
}

#[test]
fn the_documents_hold_the_table() {
    let document = include_str!("../../../docs/fields.md");
    assert!(document.contains(&text()), "docs/fields.md has to contain this table:\n\n{}", text());
}

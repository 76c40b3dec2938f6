use std::collections::BTreeMap;

use serde_json::json;
use tryton_sdk_codegen::plan::FieldOverride;
use tryton_sdk_codegen::snapshot::{FORMAT, Field, Model, Server};

use super::page::{Entry, Page};
use super::*;

fn model(name: &str, fields: &[(&str, Field)]) -> Model {
    Model {
        format: FORMAT,
        model: name.to_owned(),
        methods: ["create".to_owned()].into(),
        fields: fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect(),
        ..Model::default()
    }
}

fn snapshot(models: Vec<Model>) -> Snapshot {
    let names = models.iter().map(|model| model.model.clone()).collect();
    Snapshot { server: Server { models: names, ..Server::default() }, models }
}

/// The differences of one field, in words, with their weights.
fn field(old: Field, new: Field) -> Vec<(String, Weight)> {
    let with = |field| snapshot(vec![model("m", &[("f", field)])]);
    let found = diff(&with(old), &with(new), &Overrides::default());
    found.iter().map(|difference| (difference.to_string(), difference.weight)).collect()
}

fn choices(values: &[&str]) -> Option<Vec<(Option<String>, String)>> {
    Some(values.iter().map(|value| (Some((*value).to_owned()), String::new())).collect())
}

#[test]
fn what_breaks_a_program_is_told_from_what_does_not() {
    use Weight::{Addition, Breaking, Compatible, Wording};
    let char = || Field::new("char");
    let many2one = |to: &str| Field { relation: Some(to.to_owned()), ..Field::new("many2one") };
    let select = |values: &[&str]| Field { selection: choices(values), ..Field::new("selection") };
    let many = |more: &[&str]| {
        let values: Vec<String> = (0..70).map(|number| number.to_string()).collect();
        select(&values.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let method = Field { selection_method: Some("get".to_owned()), ..Field::new("selection") };
    let required = || Field { required: true, ..char() };
    let readonly = |field| Field { readonly: true, ..field };
    for (old, new, said, weight) in [
        (char(), Field::new("integer"), "type char → integer", Breaking),
        (char(), Field::new("text"), "type char → text", Compatible),
        (many2one("a"), many2one("b"), "leads to a → b", Breaking),
        (required(), char(), "required → optional", Breaking),
        (char(), required(), "optional → required", Breaking),
        (readonly(char()), readonly(required()), "may be null → never null", Breaking),
        (char(), readonly(char()), "can be set → read-only", Breaking),
        (readonly(char()), char(), "read-only → can be set", Compatible),
        (char(), Field { searchable: false, ..char() }, "searchable → not searchable", Breaking),
        (Field { sortable: false, ..char() }, char(), "not sortable → sortable", Compatible),
        (select(&["a", "b"]), select(&["a"]), "value b is gone", Breaking),
        (select(&["a"]), select(&["a", "b"]), "value b is new", Addition),
        (select(&["a"]), method, "fixed values → values from `get`", Breaking),
        (many(&[]), many(&["more"]), "70 values → 71 values", Addition),
        (many(&["less"]), many(&["more"]), "value less is gone", Breaking),
        (char(), Field { translate: true, ..char() }, "not translated → translated", Compatible),
        (char(), Field { label: "F".to_owned(), ..char() }, "label  → F", Wording),
    ] {
        assert_eq!(field(old, new), [(format!("m: field f: {said}"), weight)]);
    }
    let boolean = |required| Field { required, ..Field::new("boolean") };
    assert_eq!(field(boolean(true), boolean(false)), [("m: field f: required → optional".to_owned(), Compatible)]);
}

#[test]
fn a_selection_that_crosses_the_limit_breaks_programs_unless_it_is_pinned() {
    let with = |count: usize| {
        let values: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let values = choices(&values.iter().map(String::as_str).collect::<Vec<_>>());
        snapshot(vec![model("ir.cron", &[("method", Field { selection: values, ..Field::new("selection") })])])
    };
    let told = |from, to, pin: Option<bool>| {
        let change = FieldOverride { as_enum: pin, ..FieldOverride::default() };
        let overrides = Overrides { fields: [("ir.cron,method".to_owned(), change)].into(), ..Overrides::default() };
        let found = diff(&with(from), &with(to), &overrides);
        found.iter().map(|difference| (difference.to_string(), difference.weight)).collect::<Vec<_>>()
    };
    let said = |what: &str, weight| (format!("ir.cron: field method: {what}"), weight);
    let shorter = |value: u8| said(&format!("value {value} is gone"), Weight::Breaking);
    let longer = |value: u8| said(&format!("value {value} is new"), Weight::Addition);
    let crossed = said("an enum of 64 values → a `Choice` of 65 values", Weight::Breaking);
    assert_eq!(told(64, 65, None), [crossed]);
    let back = said("a `Choice` of 65 values → an enum of 64 values", Weight::Breaking);
    assert_eq!(told(65, 64, None), [back, shorter(64)]);
    assert_eq!(told(64, 65, Some(true)), [longer(64)]);
    assert_eq!(told(64, 65, Some(false)), [said("64 values → 65 values", Weight::Addition)]);
    assert_eq!(told(3, 2, Some(false)), [shorter(2)]);
}

#[test]
fn a_model_that_was_not_pulled_is_neither_gone_nor_new() {
    let both = snapshot(vec![model("a", &[]), model("b", &[])]);
    let mut one = snapshot(vec![model("a", &[])]);
    one.server.other_models = ["b".to_owned()].into();
    assert_eq!(diff(&both, &one, &Overrides::default()), []);
    assert_eq!(diff(&one, &both, &Overrides::default()), []);
    one.server.other_models = ["c".to_owned()].into();
    let found = diff(&both, &one, &Overrides::default());
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["b: the model is gone", "c: the model is new"]);
}

#[test]
fn what_is_no_field_is_compared_too() {
    let mut old = snapshot(vec![model("a", &[])]);
    let mut new = old.clone();
    let names =
        |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), String::new())).collect::<BTreeMap<_, _>>();
    old.server.modules = [("sale".to_owned(), "1".to_owned())].into();
    new.server.modules = [("sale".to_owned(), "2".to_owned())].into();
    old.models[0].reports = names(&["a.print"]);
    new.models[0].wizards = names(&["a.ask"]);
    old.models[0].buttons = [("draft".to_owned(), Default::default())].into();
    old.models[0].methods.extend(["draft", "on_change_x", "lock", "post"].map(str::to_owned));
    new.models[0].buttons = [("post".to_owned(), Default::default())].into();
    new.models[0].methods.insert("post".to_owned());
    let found = diff(&old, &new, &Overrides::default());
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = [
        "module sale: version 1 → 2",
        "a: button draft is gone",
        "a: button post is new",
        "a: method lock is gone",
        "a: method on_change_x is gone",
        "a: report a.print is gone",
        "a: wizard a.ask is new",
    ];
    assert_eq!(said, expected);
    assert_eq!(found[4].weight, Weight::Compatible);
}

#[test]
fn the_same_in_three_forms() {
    let new = model("b", &[("x", Field::new("char")), ("y", Field::new("char"))]);
    let old = model("b", &[("z", Field { label: "Z".to_owned(), ..Field::new("char") })]);
    let found = diff(&snapshot(vec![model("a", &[]), old]), &snapshot(vec![new]), &Overrides::default());
    let mut found: Vec<Entry> = found.into_iter().map(Entry::from).collect();
    let page = Page { from: "1", to: "2", differences: &found, wording: false };
    let text = "1 → 2: 2 breaking, 0 compatible changes, 2 additions, 0 of labels and help\n\nBreaking\n  Models that \
                are gone\n    a\n  b\n    field z is gone\n\nNew\n  b\n    fields x, y are new\n";
    assert_eq!(page.text(), text);
    assert!(page.markdown().starts_with("# From 1 to 2\n\n2 breaking, "));
    assert!(page.markdown().contains("\n### `b`\n\n- fields `x`, `y` are new\n"));
    let rows = serde_json::to_value(&found).expect("JSON");
    assert_eq!(rows[0], json!({"model": "a", "part": "model", "change": "gone", "weight": "breaking"}));
    assert_eq!(rows[1]["name"], "z");
    assert_eq!(rows[1]["used_at"], json!(null));

    for (entry, places) in found.iter_mut().zip([vec!["a.rs:1"], vec!["a.rs:1", "b.rs:2"]]) {
        entry.used_at = places.into_iter().map(str::to_owned).collect();
    }
    let page = Page { from: "1", to: "2", differences: &found[..2], wording: false };
    let breaking = page.text().split_once("\n\nBreaking\n").map(|(_, rest)| rest.to_owned());
    let expected =
        "  Models that are gone\n    a (used at a.rs:1)\n  b\n    field z is gone (used at a.rs:1, b.rs:2)\n";
    assert_eq!(breaking.as_deref(), Some(expected));
    assert!(page.markdown().ends_with("- field `z` is gone (used at `a.rs:1`, `b.rs:2`)\n"), "{}", page.markdown());
    assert_eq!(serde_json::to_value(&found).expect("JSON")[1]["used_at"], json!(["a.rs:1", "b.rs:2"]));
}

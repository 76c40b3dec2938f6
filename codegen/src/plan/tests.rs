use super::*;
use crate::snapshot::{Button, Field};

fn model(name: &str, fields: &[(&str, Field)]) -> Model {
    let fields = fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone()));
    Model { model: name.to_owned(), fields: fields.collect(), ..Model::default() }
}

fn many2one(target: &str) -> Field {
    Field { relation: Some(target.to_owned()), ..Field::new("many2one") }
}

fn selection(values: &[&str]) -> Field {
    let choices = values.iter().map(|value| (Some((*value).to_owned()), value.to_uppercase()));
    Field { selection: Some(choices.collect()), ..Field::new("selection") }
}

fn request(models: Vec<Model>) -> Request {
    Request { models, ..Request::default() }
}

fn errors(request: &Request) -> Vec<String> {
    match plan(request) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

/// The type of a field of the model `m.m`, which has the enum `MKind` for its field `kind`.
fn type_of(field: Field) -> String {
    let made = plan(&request(vec![model("m.m", &[("kind", field)])]));
    made.map_or_else(|errors| format!("{errors:?}"), |plan| plan.models[0].fields[1].rust.to_string())
}

#[test]
fn types_on_the_wire() {
    for (kind, rust) in [
        ("boolean", "bool"),
        ("integer", "Option<i64>"),
        ("biginteger", "Option<i64>"),
        ("float", "Option<f64>"),
        ("numeric", "Option<Decimal>"),
        ("char", "Option<String>"),
        ("text", "Option<String>"),
        ("full_text", "Option<String>"),
        ("date", "Option<Date>"),
        ("datetime", "Option<DateTime>"),
        ("timestamp", "Option<DateTime>"),
        ("time", "Option<Time>"),
        ("timedelta", "Option<TimeDelta>"),
        ("binary", "Option<Binary>"),
        ("selection", "Option<Choice>"),
        ("multiselection", "Vec<Choice>"),
        ("reference", "Option<Reference>"),
        ("dict", "Option<Dict>"),
        ("many2one", "Option<Value>"),
        ("one2many", "Option<Value>"),
        ("colour_of_the_future", "Option<Value>"),
        ("", "Option<Value>"),
    ] {
        assert_eq!(type_of(Field::new(kind)), rust, "{kind}");
    }
    assert_eq!(type_of(Field { kind: None, ..Field::new("") }), "Option<Value>");
}

#[test]
fn required_fields_are_never_missing() {
    assert_eq!(type_of(Field { required: true, ..Field::new("numeric") }), "Decimal");
    assert_eq!(type_of(Field { required: true, ..many2one("party.party") }), "Id<Party>");
    assert_eq!(type_of(Field { required: true, ..Field::new("multiselection") }), "Vec<Choice>");
}

#[test]
fn relations_are_typed_ids() {
    assert_eq!(type_of(many2one("party.party")), "Option<Id<Party>>");
    assert_eq!(type_of(many2one("m.m")), "Option<Id<M>>");
    for kind in ["one2many", "many2many"] {
        let field = Field { relation: Some("m.line".to_owned()), ..Field::new(kind) };
        assert_eq!(type_of(field), "Vec<Id<MLine>>");
    }
}

#[test]
fn selections_are_enums_unless_long_open_or_empty() {
    assert_eq!(type_of(selection(&["a", "b"])), "Option<MKind>");
    let multi = Field { kind: Some("multiselection".to_owned()), ..selection(&["a"]) };
    assert_eq!(type_of(multi), "Vec<MKind>");
    let method = Field { selection_method: Some("get".to_owned()), ..Field::new("selection") };
    assert_eq!(type_of(method), "Option<Choice>");
    let many: Vec<String> = (0..=MAX_VARIANTS).map(|n| format!("v{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(type_of(selection(&many)), "Option<Choice>");
    assert_eq!(type_of(selection(&many[1..])), "Option<MKind>");
    assert_eq!(type_of(selection(&[])), "Option<Choice>");
    assert_eq!(type_of(selection(&[""])), "Option<Choice>");
}

#[test]
fn the_empty_value_is_no_variant() -> Result<(), Vec<PlanError>> {
    let mut field = selection(&["", "draft", "draft"]);
    field.selection.get_or_insert_default().insert(0, (None, String::new()));
    let plan = plan(&request(vec![model("sale.sale", &[("state", field)])]))?;
    let variants = &plan.models[0].selections[0].variants;
    assert_eq!(variants.iter().map(|v| v.value.as_str()).collect::<Vec<_>>(), ["draft"]);
    Ok(())
}

#[test]
fn every_model_has_an_id_of_its_own() -> Result<(), Vec<PlanError>> {
    let plan = plan(&request(vec![
        model("sale.sale", &[]),
        model("sale.line", &[("id", Field { required: true, ..Field::new("integer") })]),
    ]))?;
    let ids: Vec<String> = plan.models.iter().map(|m| m.fields[0].rust.to_string()).collect();
    assert_eq!(ids, ["Id<SaleLine>", "Id<Sale>"]);
    Ok(())
}

#[test]
fn clients_set_no_id() -> Result<(), Vec<PlanError>> {
    let fields = [("number", Field { readonly: true, ..Field::new("char") }), ("party", Field::new("char"))];
    let plan = plan(&request(vec![model("sale.sale", &fields)]))?;
    assert_eq!(plan.models[0].fields.iter().map(|field| field.readonly).collect::<Vec<_>>(), [true, true, false]);
    Ok(())
}

#[test]
fn functions_are_what_the_server_exposes() -> Result<(), Vec<PlanError>> {
    let functions = |methods: &[&str]| -> Result<Vec<&'static str>, Vec<PlanError>> {
        let methods = methods.iter().map(|method| (*method).to_owned()).collect();
        Ok(plan(&request(vec![Model { methods, ..model("m.m", &[]) }]))?.models[0].functions.clone())
    };
    let all = ["copy", "create", "default_get", "delete", "fields_get", "read", "search", "search_read", "write"];
    assert_eq!(functions(&all)?, ["search", "read", "create", "write", "delete"]);
    assert_eq!(functions(&["default_get", "delete"])?, ["delete"]);
    assert_eq!(functions(&["read", "search"])?, ["read"]);
    assert_eq!(functions(&[])?, [""; 0]);
    Ok(())
}

#[test]
fn methods_of_its_own_are_what_other_models_do_not_have() -> Result<(), Vec<PlanError>> {
    let methods = ["get_origin", "on_change", "on_change_party", "quote", "search_count"];
    let methods = methods.iter().map(|method| (*method).to_owned()).collect();
    let buttons = [("quote".to_owned(), Button::default())].into();
    let plan = plan(&request(vec![Model { methods, buttons, ..model("m.m", &[]) }]))?;
    assert_eq!(plan.models[0].methods, ["get_origin"]);
    Ok(())
}

#[test]
fn buttons_make_way_for_the_functions_of_models() -> Result<(), Vec<PlanError>> {
    let names = ["a b", "_a_b", "copy", "copy_", "do", "quote"];
    let button = |name: &&str| ((*name).to_owned(), Button { label: name.to_uppercase(), ..Button::default() });
    let buttons = names.iter().map(button).collect();
    let plan = plan(&request(vec![Model { buttons, ..model("m.m", &[]) }]))?;
    let buttons = &plan.models[0].buttons;
    let idents: Vec<_> = buttons.iter().map(|button| button.ident.as_str()).collect();
    assert_eq!(idents, ["_a_b", "_a_b_", "copy_", "copy__", "r#do", "quote"]);
    assert_eq!(buttons[5].label, "QUOTE");
    Ok(())
}

#[test]
fn models_outside_the_selection_are_markers() -> Result<(), Vec<PlanError>> {
    let fields = [("party", many2one("party.party")), ("self_ref", many2one("sale.sale"))];
    let plan = plan(&request(vec![model("sale.sale", &fields)]))?;
    let marker = MarkerPlan { model: "party.party".to_owned(), name: "Party".to_owned() };
    assert_eq!(plan.markers, [marker]);
    Ok(())
}

#[test]
fn fields_that_would_share_a_name_stay_apart() -> Result<(), Vec<PlanError>> {
    let char = || Field::new("char");
    let fields = [("self", char()), ("self_", char()), ("a b", char()), ("_a_b", char())];
    let plan = plan(&request(vec![model("m.m", &fields)]))?;
    let idents: Vec<_> = plan.models[0].fields.iter().map(|f| f.ident.as_str()).collect();
    assert_eq!(idents, ["id", "_a_b", "_a_b_", "self_", "self__"]);
    Ok(())
}

#[test]
fn an_enum_makes_way_for_a_model_selected_or_not() -> Result<(), Vec<PlanError>> {
    let sequence = || model("ir.sequence", &[("type", selection(&["a"]))]);
    let name = |request: &Request| -> Result<String, Vec<PlanError>> {
        Ok(plan(request)?.models[0].selections[0].name.clone())
    };
    assert_eq!(name(&request(vec![sequence()]))?, "IrSequenceType");
    let with_model = request(vec![sequence(), model("ir.sequence.type", &[])]);
    assert_eq!(name(&with_model)?, "IrSequenceTypeSelection");
    let mut known = request(vec![sequence()]);
    known.known.insert("ir.sequence.type".to_owned());
    assert_eq!(name(&known)?, "IrSequenceTypeSelection");
    let fields = request(vec![model("sale.sale", &[("fields", selection(&["a"]))])]);
    assert_eq!(name(&fields)?, "SaleFieldsSelection");
    Ok(())
}

#[test]
fn models_that_collide_are_reported_once() {
    let request = request(vec![model("sale.line_tax", &[]), model("sale.line-tax", &[])]);
    assert_eq!(
        errors(&request),
        ["the model `sale.line-tax` and the model `sale.line_tax` would both be called \
          `SaleLineTax`: rename one of them, for example with \
          `rename = { \"sale.line_tax\" = \"SaleLineTaxModel\" }`"]
    );
}

#[test]
fn the_rename_of_a_report_resolves_it() -> Result<(), Vec<PlanError>> {
    let mut request = request(vec![model("sale.line_tax", &[]), model("sale.line-tax", &[])]);
    request.overrides.names.insert("sale.line_tax".to_owned(), "SaleLineTaxModel".to_owned());
    let plan = plan(&request)?;
    assert_eq!(plan.models[1].name, "SaleLineTaxModel");
    assert_eq!(plan.models[1].fields_name, "SaleLineTaxModelFields");
    Ok(())
}

#[test]
fn a_marker_and_a_model_collide() {
    let request = request(vec![model("a.b_c", &[("x", many2one("a.b.c"))])]);
    assert_eq!(
        errors(&request),
        ["the model `a.b_c` and the model `a.b.c` would both be called `ABC`: rename one of \
          them, for example with `rename = { \"a.b.c\" = \"ABCModel\" }`"]
    );
}

#[test]
fn enums_collide_and_can_be_renamed() -> Result<(), Vec<PlanError>> {
    let models = || {
        let line = model("sale.line", &[("type", selection(&["a"]))]);
        vec![line, model("sale.sale", &[("line_type", selection(&["a"]))])]
    };
    let mut request = request(models());
    assert_eq!(
        errors(&request),
        ["the field `type` of `sale.line` and the field `line_type` of `sale.sale` would both be \
          called `SaleLineType`: rename one of them, for example with \
          `rename = { \"sale.sale,line_type\" = \"SaleLineTypeSelection\" }`"]
    );
    request.overrides.names.insert("sale.sale,line_type".to_owned(), "LineType".to_owned());
    assert_eq!(plan(&request)?.models[1].fields[1].rust.to_string(), "Option<LineType>");
    Ok(())
}

#[test]
fn names_of_the_sdk_are_taken() {
    assert_eq!(
        errors(&request(vec![model("value.value", &[])])),
        ["the SDK's own `Value` and the model `value.value` would both be called `Value`: rename \
          one of them, for example with `rename = { \"value.value\" = \"ValueModel\" }`"]
    );
}

#[test]
fn renames_are_checked() {
    let mut request = request(vec![model("sale.sale", &[])]);
    for (key, name) in [("sale.sal", "Order"), ("sale.sale", "self"), ("nothing", "2nd")] {
        request.overrides.names.insert(key.to_owned(), name.to_owned());
    }
    let bad = |key, name| {
        format!(
            "`{name}` cannot be the name of `{key}`: use letters, digits and `_`, begin with a letter, and avoid \
             keywords"
        )
    };
    assert_eq!(
        errors(&request),
        [
            bad("nothing", "2nd"),
            bad("sale.sale", "self"),
            "the rename of `nothing` has no effect: no generated type has this key".to_owned(),
            "the rename of `sale.sal` has no effect: no generated type has this key; did you mean \
             `sale.sale`?"
                .to_owned(),
        ]
    );
}

fn labels(names: &[&str]) -> BTreeMap<String, String> {
    names.iter().map(|name| ((*name).to_owned(), name.to_uppercase())).collect()
}

#[test]
fn reports_and_wizards_belong_to_the_models_that_offer_them() -> Result<(), Vec<PlanError>> {
    let offering = |name: &str, wizards: &[&str]| Model { wizards: labels(wizards), ..model(name, &[]) };
    let models = vec![
        Model { reports: labels(&["sale.sale"]), ..offering("sale.sale", &["sale.sale", "sale.merge"]) },
        offering("sale.line", &["sale.merge"]),
    ];
    let of_none = |names: &[&str]| labels(names);
    let plan = plan(&Request { wizards: of_none(&["sale.config"]), ..request(models) })?;
    let words = |plans: &[ActionPlan]| -> Vec<String> {
        let models = |plan: &ActionPlan| plan.models.iter().map(|on| on.name.clone()).collect::<Vec<_>>().join("+");
        plans.iter().map(|plan| format!("{} {} {}", plan.ident, plan.label, models(plan))).collect()
    };
    assert_eq!(words(&plan.reports), ["SALE SALE.SALE Sale"]);
    let [line, sale] = &plan.models[..] else { panic!("{plan:?}") };
    assert_eq!((&sale.reports[..], &line.wizards[..]), (&["SALE".to_owned()][..], &["SALE_MERGE".to_owned()][..]));
    assert_eq!(sale.wizards, ["SALE_MERGE", "SALE"]);
    assert_eq!(
        words(&plan.wizards),
        ["SALE_CONFIG SALE.CONFIG ", "SALE_MERGE SALE.MERGE SaleLine+Sale", "SALE SALE.SALE Sale"]
    );
    Ok(())
}

#[test]
fn a_request_takes_the_actions_of_no_model_that_fit() {
    let actions = labels(&["sale.config", "party.config"]);
    let server = Server { reports: actions.clone(), wizards: actions, ..Server::default() };
    let request = Request::new(&server, vec![], |name| name.starts_with("sale."));
    let names = [&request.reports, &request.wizards].map(|of| of.keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(names, [["sale.config"], ["sale.config"]]);
}

fn overrides(changes: &[(&str, FieldOverride)]) -> Overrides {
    let fields = changes.iter().map(|(key, change)| ((*key).to_owned(), change.clone()));
    Overrides { fields: fields.collect(), ..Overrides::default() }
}

fn kind(kind: &str) -> FieldOverride {
    FieldOverride { kind: Some(kind.to_owned()), ..FieldOverride::default() }
}

fn required(required: bool) -> FieldOverride {
    FieldOverride { required: Some(required), ..FieldOverride::default() }
}

fn adding(values: &[&str]) -> FieldOverride {
    FieldOverride { add: values.iter().map(|value| (*value).to_owned()).collect(), ..FieldOverride::default() }
}

#[test]
fn what_is_known_better_counts() -> Result<(), Vec<PlanError>> {
    let dynamic = Field { selection_method: Some("get".to_owned()), ..Field::new("selection") };
    let fields = [
        ("code", Field::new("char")),
        ("colour", dynamic),
        ("extra", Field { kind: None, ..Field::new("") }),
        ("number", Field::new("char")),
        ("party", Field { required: true, ..many2one("party.party") }),
        ("raw", Field::new("dict")),
        ("state", selection(&["draft"])),
    ];
    let changes = [
        ("m.m,code", FieldOverride { required: Some(true), add: vec!["a".to_owned()], ..kind("selection") }),
        ("m.m,colour", adding(&["red"])),
        ("m.m,extra", kind("dict")),
        ("m.m,number", required(true)),
        ("m.m,party", required(false)),
        ("m.m,raw", kind("json")),
        ("m.m,state", adding(&["on_hold"])),
    ];
    let plan = plan(&Request { overrides: overrides(&changes), ..request(vec![model("m.m", &fields)]) })?;
    let types: Vec<String> = plan.models[0].fields[1..].iter().map(|field| field.rust.to_string()).collect();
    assert_eq!(
        types,
        ["MCode", "Option<MColour>", "Option<Dict>", "String", "Option<Id<Party>>", "Option<Value>", "Option<MState>"]
    );
    let variants = plan.models[0].selections.iter().map(|selection| &selection.variants);
    let variants: Vec<Vec<&str>> = variants.map(|all| all.iter().map(|one| one.name.as_str()).collect()).collect();
    assert_eq!(variants, [vec!["A"], vec!["Red"], vec!["Draft", "OnHold"]]);
    Ok(())
}

/// `ir.cron,method` has 59 values in 8.2: some module more, and it crosses the limit.
#[test]
fn a_selection_is_an_enum_or_not_as_it_is_pinned() -> Result<(), Vec<PlanError>> {
    let of = |count: usize| {
        let values: Vec<String> = (0..count).map(|n| format!("v{n}")).collect();
        selection(&values.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let pinned = |as_enum| FieldOverride { as_enum: Some(as_enum), ..FieldOverride::default() };
    for (count, free) in [(1, "Option<MKind>"), (MAX_VARIANTS, "Option<MKind>"), (MAX_VARIANTS + 1, "Option<Choice>")] {
        for (pin, expected) in [(None, free), (Some(true), "Option<MKind>"), (Some(false), "Option<Choice>")] {
            let changes: Vec<_> = pin.map(|as_enum| ("m.m,kind", pinned(as_enum))).into_iter().collect();
            let models = vec![model("m.m", &[("kind", of(count))])];
            let plan = plan(&Request { overrides: overrides(&changes), ..request(models) })?;
            assert_eq!(plan.models[0].fields[1].rust.to_string(), expected, "{count} {pin:?}");
            let variants = plan.models[0].selections.iter().map(|selection| selection.variants.len()).sum::<usize>();
            assert_eq!(variants, if expected.contains("Choice") { 0 } else { count });
        }
    }
    Ok(())
}

#[test]
fn what_is_overridden_in_vain_is_told_all_at_once() {
    let fields = [
        ("number", Field { required: true, ..Field::new("char") }),
        ("state", selection(&["draft"])),
        ("total", Field::new("numeric")),
    ];
    let changes = [
        ("m.m", required(true)),
        ("m.m,id", required(true)),
        ("m.m,nmber", required(true)),
        ("m.m,number", FieldOverride { required: Some(true), add: vec!["a".to_owned()], ..kind("char") }),
        ("m.m,state", adding(&["draft", "done", "done"])),
        ("m.m,total", FieldOverride { as_enum: Some(true), ..kind("nummeric") }),
        ("other.model,x", FieldOverride::default()),
    ];
    let mut request = Request { overrides: overrides(&changes), ..request(vec![model("m.m", &fields)]) };
    request.overrides.names.insert("m.n".to_owned(), "Other".to_owned());
    let never = |key: &str, why: &str| format!("the override of `{key}` has no effect: {why}");
    assert_eq!(
        errors(&request),
        [
            "the rename of `m.n` has no effect: no generated type has this key; did you mean `m.m`?".to_owned(),
            never("m.m", "no generated model has this field"),
            never("m.m,id", "no generated model has this field"),
            never("m.m,nmber", "no generated model has this field; did you mean `m.m,number`?"),
            never("m.m,number", "its type is already `char`"),
            never("m.m,number", "`required` is already true"),
            never("m.m,number", "the field is not a selection, so it has no values to add to"),
            never("m.m,state", "`draft` is already among its values"),
            never("m.m,state", "`done` is already among its values"),
            never("m.m,total", "`nummeric` is not a type that an override can set; did you mean `numeric`?"),
            never("m.m,total", "the field has no fixed values for an enum"),
            never("other.model,x", "no generated model has this field"),
        ]
    );
}

#[test]
fn every_collision_is_reported_with_the_rename_to_write() -> Result<(), Vec<PlanError>> {
    let shouting = |name: &str| Model { reports: labels(&["foo.bar", "foo_bar"]), ..model(name, &[]) };
    let wizards = labels(&["a-b", "a.b"]);
    let models =
        vec![shouting("foo.bar"), shouting("foo_bar"), shouting("foo-bar"), model("report", &[("x", many2one("a.b"))])];
    let models = models.into_iter().chain([model("a-b", &[("fields", selection(&["a"]))])]);
    let mut request = Request { wizards, ..request(models.collect()) };
    let found = errors(&request);
    let expected = [("the report `foo.bar` and the report `foo_bar`", "FOO_BAR", "report:foo_bar", "FOO_BAR_REPORT")];
    for (who, name, key, free) in expected {
        let message = format!(
            "{who} would both be called `{name}`: rename one of them, for example with `rename = {{ \"{key}\" = \"{free}\" }}`"
        );
        assert!(found.contains(&message), "{message} in {found:#?}");
    }
    // What is proposed is enough, all of it together.
    let Err(collisions) = plan(&request) else { panic!("they collide") };
    for error in collisions {
        let PlanError::Collision { key, free, .. } = error else { panic!("{error}") };
        request.overrides.names.insert(key, free);
    }
    plan(&request).map(drop)
}

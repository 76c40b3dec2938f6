use tryton_sdk_codegen::plan::{self, Request};
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::diff::{Aspect, Change, Difference, Part, Weight};

use super::how::How;
use super::scan::{self, Names};
use super::{Place, Thing, Used};

const SOURCE: &str = r##"
    //! An application.
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

    use erp::{Party as Customer, Sale, SaleState::{Quotation, Draft as New}};

    async fn run(tryton: &Client) {
        let search = Sale::search().filter(Sale::F.state.is(SaleState::Draft));
        println!("{:?}", vec![Customer::F.name.name()]);
        Sale::quote(tryton, &ids).await;
        let kind = erp::SaleLine::F.r#type;
        report::SALE.execute(tryton, &ids).await;
        let names: (Value, Value) = IrModel::call::<(Value, Value)>(tryton, "list_models", ()).await;
        let draft = Draft::new().add(Sale::F.lines, [Draft::new().set(SaleLine::F.quantity, 2)]);
        tryton.call("model.sale.configuration.get_multivalue", ()).await;
    }
"##;

/// What is used by files of these names and texts, of which those with `tests` in their name are tests.
fn scan(files: &[(&str, &str)]) -> Used {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/8.2");
    let models = SnapshotDir::open(folder).and_then(|dir| dir.load()).expect("a snapshot").models;
    let plan = plan::plan(&Request { models, ..Request::default() }).expect("a plan");
    let mut used = Used::default();
    for (file, text) in files {
        scan::file(&mut used, (file, file.contains("tests")), text, &Names::of(&plan)).expect("Rust");
    }
    used.settle_records();
    used
}

/// The lines of the one file in which a thing is used.
fn lines(uses: &std::collections::BTreeSet<(Place, How)>) -> String {
    let mut lines: Vec<String> = uses.iter().map(|(place, _)| place.line.to_string()).collect();
    lines.dedup();
    lines.join(",")
}

#[test]
fn fields_values_functions_and_paths_are_found() {
    let used = scan(&[("main.rs", SOURCE)]);
    let found: Vec<String> = used.things.iter().filter_map(|(thing, uses)| words(thing, &lines(uses))).collect();
    let expected = [
        "ir.lang 8",
        "ir.model 22",
        "party.party 8,14,18",
        "sale.line 20,23",
        "sale.sale 4,6,8,11,14,17,19,21,23",
        "ir.lang.code 8",
        "party.party.lang 8",
        "party.party.name 18",
        "sale.line.quantity 23",
        "sale.line.type 20",
        "sale.sale.lines 11,23",
        "sale.sale.number 6",
        "sale.sale.party 8",
        "sale.sale.state 14,17",
        "sale.sale.state=draft 14,17",
        "sale.sale.state=quotation 14",
        "ir.model.list_models() 22",
        "sale.line.create() 23",
        "sale.sale.quote() 19",
        "sale.sale.search() 17",
        "sale.sale.search_count() 17",
        "sale.sale.search_read() 17",
        "\"model.sale.configuration.get_multivalue\" 24",
        "\"sale.sale\" 21",
    ];
    assert_eq!(found, expected);

    let gone = |model: &str| Difference { model: Some(model.to_owned()), part: Part::Model, ..gone("") };
    assert_eq!(used.places(&gone("sale.configuration")), ["main.rs:24"], "by the name of a method");
    assert!(used.places(&gone("sale")).is_empty(), "the beginning of a name is no name");

    // Only who creates lines has to know of a field that nothing else mentions, and only where it must be given.
    let places = |what| used.places(&Difference { model: Some("sale.line".to_owned()), ..what });
    assert_eq!(places(altered("unit", Aspect::Required, ["optional", "required"])), ["main.rs:23"]);
    assert!(places(altered("unit", Aspect::Required, ["required", "optional"])).is_empty());
    assert!(places(altered("unit", Aspect::Required, ["may be null", "never null"])).is_empty());
}

/// A field of `sale.sale` that is gone.
fn gone(field: &str) -> Difference {
    Difference {
        model: Some("sale.sale".to_owned()),
        part: Part::Field(field.to_owned()),
        change: Change::Gone,
        weight: Weight::Breaking,
    }
}

/// A field of `sale.sale` that is another.
fn altered(field: &str, what: Aspect, [from, to]: [&str; 2]) -> Difference {
    let change = Change::Altered { what, from: from.to_owned(), to: to.to_owned() };
    Difference { change, ..gone(field) }
}

const WAYS: &str = r#"
    fn order() { Sale::search().order(Sale::F.sale_date.desc().then(Sale::F.number.asc())); }
    fn filter() { Sale::search().filter(!Sale::F.number.ilike("S%").and(Sale::F.party.whose(Party::F.name.is("x")))); }
    fn write() { Draft::new().set(Sale::F.comment, "x").clear(erp::Sale::F.reference).set(SaleLine::F.note, "x"); }
    fn read() { Sale::search().select((Sale::F.number, [Sale::F.comment])); record.get(Sale::F.reference); }
    fn unclear() { let field = Sale::F.reference; }
    fn key() { Product::F.attributes.key("size").asc(); }
    fn text() { Sale::F.description.icontains("x"); Sale::F.invoice_party.then(Party::F.name).asc(); }
    #[derive(Debug, tryton_sdk::Draft)] #[tryton(model = Sale)]
    struct Row { #[tryton(path = "shipping_date")] due: Date, warehouse: Id<StockLocation>, #[tryton(skip)] reference: String }
    fn replace() { Sale::replace(tryton, sale, Sale::F.invoices_ignored, []); }
    fn reference() { Sale::F.origin.is_a::<SaleLine>(); }
"#;

#[test]
fn a_difference_concerns_only_who_uses_the_field_so() {
    let used = scan(&[("main.rs", WAYS)]);
    let sortable = |field: &str| used.places(&altered(field, Aspect::Sortable, ["sortable", "not sortable"]));
    let searchable = |field: &str| used.places(&altered(field, Aspect::Searchable, ["searchable", "not searchable"]));
    let readonly = |field: &str| used.places(&altered(field, Aspect::Readonly, ["can be set", "read-only"]));
    assert_eq!(
        [sortable("number"), searchable("number"), readonly("number")],
        [vec!["main.rs:2"], vec!["main.rs:3"], vec![]]
    );
    assert_eq!([sortable("comment"), searchable("comment"), readonly("comment")], [vec![], vec![], vec!["main.rs:4"]]);
    assert_eq!([sortable("party"), searchable("party")], [vec![], vec!["main.rs:3"]]);
    assert_eq!([sortable("description"), searchable("description")], [vec![], vec!["main.rs:8"]]);
    assert_eq!([sortable("invoice_party"), searchable("invoice_party")], [vec!["main.rs:8"], vec![]]);
    assert_eq!([sortable("origin"), searchable("origin")], [vec![], vec!["main.rs:12"]]);
    // A variable may be used in any way.
    assert_eq!([sortable("reference"), searchable("reference")], [vec!["main.rs:6"], vec!["main.rs:6"]]);
    assert_eq!(readonly("reference"), ["main.rs:4", "main.rs:6"]);
    assert_eq!(used.places(&gone("comment")), ["main.rs:4", "main.rs:5"]);
    // The members of a draft are set.
    assert_eq!([sortable("shipping_date"), readonly("shipping_date")], [vec![], vec!["main.rs:10"]]);
    assert_eq!([readonly("warehouse"), readonly("invoices_ignored")], [vec!["main.rs:10"], vec!["main.rs:11"]]);
    let of_product = altered("attributes", Aspect::Sortable, ["sortable", "not sortable"]);
    assert_eq!(used.places(&Difference { model: Some("product.product".to_owned()), ..of_product }), ["main.rs:7"]);
}

#[test]
fn sources_are_named_before_tests() {
    let application =
        "fn f() { Sale::F.number; }\nmod tests { fn f() { Sale::F.number; } }\nfn g() { Sale::F.number; }";
    let used = scan(&[("a/tests/a.rs", "fn f() { Sale::F.number; }"), ("src/main.rs", application)]);
    assert_eq!(used.places(&gone("number")), ["src/main.rs:1", "src/main.rs:3", "a/tests/a.rs:1", "src/main.rs:2"]);
    for (name, is_test) in
        [("tests", true), ("order_test", true), ("benches", true), ("contest", false), ("src", false)]
    {
        assert_eq!(super::files::is_of_tests(name), is_test, "{name}");
    }
}

/// Whole records are read by all fields of the snapshot, whether or not the program names these.
#[test]
fn whole_records_use_all_fields() {
    let places = |text: &str| {
        let used = scan(&[("main.rs", text), ("other.rs", "fn f() { Party::search(); }")]);
        let of = |model: &str| used.places(&Difference { model: Some(model.to_owned()), ..gone("x_studio") });
        (of("sale.sale"), of("party.party"))
    };
    let line = || vec!["main.rs:1".to_owned()];
    for text in [
        "async fn f() { Sale::search().filter(all()).limit(3).records(&tryton).await?; }",
        "async fn f() { let s = Sale::search(); s.records(&tryton).await?; }",
        "async fn f() { join(Party::search().fetch::<Vec<P>>(t), Sale::search().records(t)); Sale::search().fetch(t); }",
        "async fn f(record: &mut Record<erp::Sale>) { record.reload(&tryton).await?; record.save(&tryton).await }",
        "async fn f() { Sale::defaults(&tryton).await?; }",
    ] {
        assert_eq!(places(text), (line(), vec![]), "{text}");
    }
    assert_eq!(places("fn f(s: Search<Party>) { s.records(&t); }"), (vec![], line()), "searched elsewhere");
    for text in
        ["fn f() { Sale::search(); seed.records(); }", "fn f() { Sale::search().records_of(t, &[\"number\"]); }"]
    {
        assert_eq!(places(text), (vec![], vec![]), "{text}");
    }
    let used = scan(&[("main.rs", "fn f() { Sale::search().records(&t); }")]);
    for what in [Aspect::Sortable, Aspect::Searchable, Aspect::Readonly] {
        assert!(used.places(&altered("number", what, ["yes", "no"])).is_empty(), "it only reads");
    }
    assert!(used.places(&Difference { change: Change::Added, ..gone("number") }).is_empty());
}

fn words(thing: &Thing, lines: &str) -> Option<String> {
    let words = match thing {
        Thing::Model(model) => model.clone(),
        Thing::Field(model, field) => format!("{model}.{field}"),
        Thing::AllFields(model) => format!("{model}.*"),
        Thing::Value(model, field, value) => format!("{model}.{field}={value}"),
        Thing::Method(model, method) => format!("{model}.{method}()"),
        Thing::Text(text) if text == "sale.sale" || text.starts_with("model.") => format!("\"{text}\""),
        Thing::Text(_) => return None,
    };
    Some(format!("{words} {lines}"))
}

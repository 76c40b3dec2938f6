use tryton_sdk_codegen::plan::{self, Request};
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::diff::{Aspect, Change, Difference, Part, Weight};

use super::scan::{self, Names};
use super::{Thing, Used};

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

#[test]
fn fields_values_functions_and_paths_are_found() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/8.2");
    let models = SnapshotDir::open(folder).and_then(|dir| dir.load()).expect("a snapshot").models;
    let plan = plan::plan(&Request { models, ..Request::default() }).expect("a plan");
    let mut used = Used::default();
    scan::file(&mut used, "main.rs", SOURCE, &Names::of(&plan)).expect("Rust");
    let found: Vec<String> = used.0.iter().filter_map(|(thing, place)| words(thing, place)).collect();
    let expected = [
        "ir.lang main.rs:8",
        "ir.model main.rs:22",
        "party.party main.rs:8",
        "sale.line main.rs:20",
        "sale.sale main.rs:4",
        "ir.lang.code main.rs:8",
        "party.party.lang main.rs:8",
        "party.party.name main.rs:18",
        "sale.line.quantity main.rs:23",
        "sale.line.type main.rs:20",
        "sale.sale.lines main.rs:11",
        "sale.sale.number main.rs:6",
        "sale.sale.party main.rs:8",
        "sale.sale.state main.rs:14",
        "sale.sale.state=draft main.rs:14",
        "sale.sale.state=quotation main.rs:14",
        "ir.model.list_models() main.rs:22",
        "sale.line.create() main.rs:23",
        "sale.sale.quote() main.rs:19",
        "sale.sale.search() main.rs:17",
        "sale.sale.search_count() main.rs:17",
        "sale.sale.search_read() main.rs:17",
        "\"model.sale.configuration.get_multivalue\" main.rs:24",
        "\"sale.sale\" main.rs:21",
    ];
    assert_eq!(found, expected);

    let gone = |model: &str| Difference {
        model: Some(model.to_owned()),
        part: Part::Model,
        change: Change::Gone,
        weight: Weight::Breaking,
    };
    assert_eq!(used.place(&gone("sale.configuration")).as_deref(), Some("main.rs:24"), "by the name of a method");
    assert_eq!(used.place(&gone("sale")), None, "the beginning of a name is no name");

    // Only who creates lines has to know of a field that nothing else mentions, and only where it must be given.
    let altered = |[from, to]: [&str; 2]| Difference {
        model: Some("sale.line".to_owned()),
        part: Part::Field("unit".to_owned()),
        change: Change::Altered { what: Aspect::Required, from: from.to_owned(), to: to.to_owned() },
        weight: Weight::Breaking,
    };
    assert_eq!(used.place(&altered(["optional", "required"])).as_deref(), Some("main.rs:23"));
    assert_eq!(used.place(&altered(["required", "optional"])), None);
    assert_eq!(used.place(&altered(["may be null", "never null"])), None);
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

//! A module such as a company writes for itself: the command sees what it adds, and programs use it by types.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use tryton_sandbox::{Sandbox, Seed, Series, Server};
use tryton_sdk::{Date, Decimal, Draft, Error, Projection, Records};
use tryton_sdk_tests::build::{CARGO_TRYTON, workspace};

mod erp {
    tryton_sdk::models! {
        schema = "snapshots/bespoke",
        models = ["party.party", "sale.sale", "bespoke*"],
        rename = { "bespoke_bike" = "BikeForm" },
    }
}
use erp::{BespokeBike, BespokeBikeGear, BespokeService, BespokeServiceStage, BikeForm, Party, Sale, SaleState};

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let sandbox = Sandbox::default().module_at(workspace().join("tests/modules/bespoke")).seed(Seed::None);
    sandbox.start().unwrap_or_else(|e| panic!("{e}"))
});

fn cargo_tryton(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(&*CARGO_TRYTON);
    command.envs(SERVER.endpoint().variables()).args(arguments).arg(folder).output().expect("it runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.file_name().expect("a name").into(), fs::read_to_string(&path).expect("text"))).collect()
}

#[test]
fn what_a_module_adds_is_named_one_by_one() {
    let before = workspace().join("tests/snapshots/sale/8.2");
    let said = cargo_tryton(&["check", "--schema"], &before);
    let lines: Vec<&str> = text(&said.stdout).lines().skip(1).collect();
    assert!(said.status.success(), "nothing is missing: {}", text(&said.stdout));
    let new = [
        "module bespoke is new",
        "bespoke.bike: the model is new",
        "bespoke.service: the model is new",
        "bespoke_bike: the model is new",
        "party.party: field bikes is new",
        "party.party: field loyalty_points is new",
        "sale.sale: field state: value on_hold is new",
        "sale.sale: method hold is new",
    ];
    assert_eq!(lines, new.map(|what| format!("  new: {what}")));
}

#[test]
fn a_pull_takes_it_in() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bespoke");
    let _ = fs::remove_dir_all(&scratch);
    let said = cargo_tryton(&["pull", "--models", "party.party,sale.sale,bespoke*", "--out"], &scratch);
    assert!(said.status.success(), "{}", text(&said.stderr));
    let pulled = files(&scratch);
    assert!(pulled == files(&workspace().join("tests/snapshots/bespoke")), "copy {} there", scratch.display());
}

#[test]
fn two_models_that_would_have_one_name_are_told_with_the_rename_to_write() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bespoke-types");
    let schema = workspace().join("tests/snapshots/bespoke");
    let schema = schema.to_str().expect("text");
    let said = cargo_tryton(&["generate", "--schema", schema, "--models", "bespoke*", "--out"], &out);
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("--rename bespoke_bike="), "{}", text(&said.stderr));
}

#[tokio::test]
async fn programs_use_it_by_types() -> tryton_sdk::Result<()> {
    let tryton = SERVER.endpoint().client().build()?;
    let bike = Draft::new()
        .set(BespokeBike::F.r#type, "Cargo")
        .set(BespokeBike::F.größe, 1.85)
        .set(BespokeBike::F.F, true)
        .set(BespokeBike::F.fields_, "wide")
        .set(BespokeBike::F.gear, BespokeBikeGear::Minus1);
    let owner = Draft::new().set(Party::F.name, "Muster").set(Party::F.code, "bespoke");
    let owner = owner.set(Party::F.loyalty_points, 7).add(Party::F.bikes, [bike]);
    let owner = Party::create(&tryton, owner).await?;

    let long = BespokeBike::F.größe.gt(1.8).and(BespokeBike::F.owner.whose(Party::F.loyalty_points.is(7)));
    let wanted = (BespokeBike::F.r#type, BespokeBike::F.gear, BespokeBike::F.F, BespokeBike::F.fields_);
    let (kind, gear, flag, fields) = BespokeBike::search().filter(long).select(wanted).one(&tryton).await?;
    assert_eq!(
        (kind.as_str(), gear, flag, fields.as_deref()),
        ("Cargo", Some(BespokeBikeGear::Minus1), true, Some("wide"))
    );
    assert_eq!(BikeForm::F.wheels.name(), "wheels");

    assert_eq!(SaleState::OnHold.to_string(), "on_hold");
    let held = Sale::search().filter(Sale::F.state.is(SaleState::OnHold).and(Sale::F.party.is(owner)));
    assert_eq!(held.count(&tryton).await?, 0);
    Sale::call::<()>(&tryton, "hold", ([0_i64; 0],)).await
}

#[derive(Debug, PartialEq, Projection)]
#[tryton(model = BespokeService)]
struct Placed {
    place: Option<String>,
}

/// Of a series whose server does not convert what getters return, as it does since 8.0.
#[tokio::test]
async fn getters_that_return_another_type_are_read_where_nothing_is_lost() -> tryton_sdk::Result<()> {
    let sandbox = Sandbox::new(Series::V7_0).module_at(workspace().join("tests/modules/bespoke"));
    let server = sandbox.seed(Seed::None).start().unwrap_or_else(|e| panic!("{e}"));
    let tryton = server.endpoint().client().build()?;
    let [first, second] = ["first", "second"].map(|name| Draft::new().set(BespokeService::F.name, name));
    let ids = BespokeService::create_many(&tryton, vec![first, second]).await?;
    let search = || BespokeService::search().order(BespokeService::F.id.asc());

    // A float, a float, a date-time and a number.
    let fields = BespokeService::F;
    let wanted = (fields.wheels, fields.cost, fields.begun_on, fields.stage);
    let (wheels, cost, begun_on, stage) = search().select(wanted).first(&tryton).await?.expect("a service");
    let date: Date = "2026-11-28".parse().expect("a date");
    let half: Decimal = "12.5".parse().expect("a number");
    assert_eq!((wheels, cost, begun_on), (Some(3), Some(half), Some(date)));
    assert_eq!(stage.as_ref().map(BespokeServiceStage::as_str), Some("2"));

    let lossy = |error: Error, field: &str, change: &str| {
        assert!(
            error.is_decode() && error.field() == Some(field) && error.record_id() == Some(ids[0].get()),
            "{error}"
        );
        assert!(error.to_string().contains(&format!("\"bespoke.service,{field}\" = {{ {change} }}")), "{error}");
    };
    lossy(search().select(BespokeService::F.hours).fetch(&tryton).await.expect_err("3.5"), "hours", "type = \"float\"");
    let done_on = search().select(BespokeService::F.done_on).fetch(&tryton).await.expect_err("half past five");
    lossy(done_on, "done_on", "type = \"datetime\"");

    // Null in a required field spoils its own record.
    let place = || search().select(BespokeService::F.place);
    let error = place().fetch(&tryton).await.expect_err("null");
    assert_eq!((error.record_id(), error.field()), (Some(ids[1].get()), Some("place")));
    assert!(error.to_string().contains("null") && error.to_string().contains("`Option`"), "{error}");
    let each = place().fetch_each(&tryton).await?;
    assert!(matches!(&each[..], [Ok(place), Err(_)] if place == "here"), "{each:?}");
    let places = search().fetch::<Placed>(&tryton).await?;
    assert_eq!(places, [Placed { place: Some("here".into()) }, Placed { place: None }]);
    Ok(())
}

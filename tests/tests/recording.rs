//! What a real server has answered is answered again without it, and nothing in the recording is secret.

use std::fs;
use std::path::Path;

use tryton_sandbox::{Sandbox, Seed};
use tryton_sdk::testing::{Recorder, Server as Replayed, ServerExt};
use tryton_sdk::{Client, Context, Date, Decimal, Draft, Error, Id, Projection, Records as _, Result};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["sale.*", "party.*", "product.product", "res.user"] }
}
use erp::{Party, Product, ResUser, Sale, SaleLine};

#[derive(Projection, Debug, PartialEq)]
#[tryton(model = Sale)]
struct Order {
    id: Id<Sale>,
    number: Option<String>,
    #[tryton(path = "party.name", expect)]
    customer: String,
    #[tryton(path = "state", label)]
    state: String,
    sale_date: Option<Date>,
    total_amount: Option<Decimal>,
    lines: Vec<Line>,
}

#[derive(Projection, Debug, PartialEq)]
#[tryton(model = SaleLine)]
struct Line {
    quantity: Option<f64>,
    unit_price: Option<Decimal>,
}

const NEW_PASSWORD: &str = "changed-Tr1ton";

/// Everything that a recording has to keep: typed reads, a write, an error, a kept answer, a password that is changed.
async fn work(tryton: &Client) -> Result<(Vec<Order>, u64, Id<Party>, serde_json::Value, Error)> {
    let tryton = tryton.with(tryton.user_context().await?).with(Context::new().language("en"));
    let orders = Sale::search().order(Sale::F.id.asc()).limit(5).fetch(&tryton).await?;
    let before = Party::search().count(&tryton).await?;
    let party = Party::create(&tryton, Draft::new().set(Party::F.name, "Recorded & Co")).await?;
    assert_eq!(Party::search().count(&tryton).await?, before + 1, "the same call with another answer");
    let mut fields = serde_json::Value::Null;
    for _ in 0..2 {
        fields = tryton.call("model.party.party.fields_get", [["name"]]).await?;
    }
    let limited = ResUser::search().filter(ResUser::F.login.is("limited")).select(ResUser::F.id).one(&tryton).await?;
    ResUser::write(&tryton, &[limited], Draft::new().raw("password", NEW_PASSWORD.into())).await?;
    let nowhere = Party::read::<Name>(&tryton, &[Id::new(999_999)]).await.expect_err("no such party");
    Ok((orders, before, party, fields, nowhere))
}

#[derive(Projection, Debug)]
#[tryton(model = Party)]
#[expect(dead_code, reason = "it is never read successfully")]
struct Name {
    name: Option<String>,
}

#[tokio::test]
async fn a_recording_answers_as_the_server_did_and_holds_no_secret() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording.json");
    let recorder = Recorder::new();
    let server = Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint().clone();
    let tryton = recorder.client(at.client()).expect("the settings are right");
    let (orders, before, party, fields, nowhere) = work(&tryton).await.expect("the server answers");
    let token = tryton.session().expect("a session").token().to_owned();
    tryton.logout().await.expect("out");
    recorder.save(&path).expect("written");
    drop(server);

    let text = fs::read_to_string(&path).expect("a recording");
    for secret in [at.password.as_str(), &token, NEW_PASSWORD, "Traceback"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let calls = text.matches("\"method\": ").count();
    assert_eq!(calls, 9, "neither logins nor what the cache has answered: {text}");

    let replayed = Replayed::replay(&path).expect("a recording");
    let again = work(&replayed.client()).await.expect("the recording answers");
    assert_eq!((again.0, again.1, again.2, again.3), (orders, before, party, fields));
    assert_eq!(again.4.to_string(), nowhere.to_string());
    replayed.verify();
    let error = Sale::search().limit(6).ids(&replayed.client()).await.expect_err("it was not asked for that");
    assert!(error.to_string().contains("the test expects no call of this method: model.sale.sale.search"), "{error}");
    let unknown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(replayed)));
    assert!(unknown.is_err(), "what was missing is reported once more at the end");
}

/// A sale by its form, set by set and at once, with all that the server computes on the way.
async fn sell(tryton: &Client) -> Result<(Option<Decimal>, Option<String>)> {
    let tryton = tryton.with(tryton.user_context().await?);
    let party = Party::search().filter(Party::F.name.is("Atelier Rousseau")).select(Party::F.id).one(&tryton).await?;
    let hammer = Product::search().filter(Product::F.code.is("HAMMER")).select(Product::F.id).one(&tryton).await?;
    let mut sale = Sale::form(&tryton).await?;
    sale.set(Sale::F.party, party).await?;
    let line = |quantity: f64| Draft::new().set(SaleLine::F.product, hammer).set(SaleLine::F.quantity, quantity);
    sale.fill(Draft::new().add(Sale::F.lines, [line(1.0), line(2.0)])).await?;
    sale.row(Sale::F.lines, 1).await?.set(SaleLine::F.quantity, 3.0).await?;
    let total = sale.get(Sale::F.total_amount).await?;
    assert!(sale.check().await?.is_empty());
    sale.save().await?;
    sale.press(Sale::quote).await?;
    Ok((total, sale.get(Sale::F.number).await?))
}

#[tokio::test]
async fn a_recording_fills_in_forms() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorded_form.json");
    let recorder = Recorder::new();
    let server = Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}"));
    let tryton = recorder.client(server.endpoint().client()).expect("the settings are right");
    let sold = sell(&tryton).await.expect("the server answers");
    assert!(sold.1.is_some(), "{sold:?}");
    recorder.save(&path).expect("written");
    drop(server);

    let replayed = Replayed::replay(&path).expect("a recording");
    assert_eq!(sell(&replayed.client()).await.expect("the recording answers"), sold);
    replayed.verify();
}

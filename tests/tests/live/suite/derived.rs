//! What the derive's attributes read besides a field's value.

use std::time::Duration;

use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::types::{Computed, Field};
use tryton_sdk::{Binary, Choice, Context, Decode, Id, Model, Projection, Records, Timestamp};

use super::SERIES;
use super::erp::{Company, IrAttachment, Party, PartyAddress, PartyCategory, Sale, SaleLine};
use super::support::client;

#[derive(Projection)]
#[tryton(model = Sale)]
struct Shown {
    #[tryton(path = "state", label)]
    state_label: String,
    #[tryton(label)]
    invoice_method: String,
    #[tryton(path = "party.lang.direction", label)]
    direction: Option<String>,
    lines: Vec<ShownLine>,
    #[tryton(path = "invoice_address")]
    address: Option<Where>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct ShownLine {
    #[tryton(path = "type", label)]
    kind: String,
    #[tryton(timestamp)]
    read_at: Timestamp,
}

#[derive(Projection)]
#[tryton(model = PartyAddress)]
struct Where {
    #[tryton(path = "subdivision_types", label)]
    labels: Vec<String>,
    subdivision_types: Vec<Choice>,
}

#[tokio::test]
async fn labels_are_in_the_language_asked_for() {
    let tryton = client(SERIES);
    let search = Sale::search().order(Sale::F.id.asc());
    if SERIES < Series::V7_0 {
        let error = search.fetch::<Shown>(&tryton).await.err().expect("no labels");
        assert!(error.is_invalid_request(), "{error}");
        return;
    }
    let sales: Vec<Shown> = search.clone().fetch(&tryton).await.expect("search");
    let states: Vec<_> = search.select(Sale::F.state).fetch(&tryton).await.expect("states");
    let choices = Sale::F.state.choices(&tryton).await.expect("choices");
    for (sale, state) in sales.iter().zip(states) {
        let choice = choices.iter().find(|choice| choice.value.as_ref() == Some(&state)).expect("a known state");
        assert_eq!(sale.state_label, choice.label);
        assert!(sale.lines.iter().all(|line| line.kind == "Line" && format!("{:?}", line.read_at).len() > 2));
        assert!(!sale.invoice_method.is_empty());
        let address = sale.address.as_ref().expect("an address");
        assert_eq!(address.labels.len(), address.subdivision_types.len());
    }
    assert!(sales.iter().any(|sale| sale.direction.as_deref() == Some("Left-to-right")));
    assert!(sales.iter().any(|sale| sale.direction.is_none()));
}

#[derive(Projection)]
#[tryton(model = PartyCategory)]
struct Editable {
    id: Id<PartyCategory>,
    #[tryton(timestamp)]
    read_at: Timestamp,
    #[tryton(may_write)]
    writable: bool,
    #[tryton(may_delete)]
    deletable: Option<bool>,
}

#[tokio::test]
async fn a_timestamp_guards_a_record_against_others() {
    let tryton = client(SERIES);
    let created = [json!([{"name": "Eins"}, {"name": "Zwei"}])];
    let ids: Vec<Id<PartyCategory>> = tryton
        .call::<Vec<i64>>("model.party.category.create", created)
        .await
        .expect("create")
        .into_iter()
        .map(Id::new)
        .collect();
    let read: Vec<Editable> = PartyCategory::read(&tryton, &ids).await.expect("read");
    assert!(read.iter().all(|category| category.writable && category.deletable == Some(true)));
    let context = read.iter().fold(Context::new(), |all, one| all.unchanged_since(one.id, &one.read_at));
    let columns = (PartyCategory::TIMESTAMP, PartyCategory::MAY_WRITE, PartyCategory::MAY_DELETE);
    let search = PartyCategory::search().filter(PartyCategory::F.id.is(ids[0]));
    assert_eq!(search.select(columns).one(&tryton).await.expect("one"), (read[0].read_at.clone(), true, true));

    // Older servers on SQLite count seconds.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let careful = tryton.with(context);
    let raw: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let changes = (&raw[..1], json!({"name": "Drei"}), &raw[1..], json!({"name": "Vier"}));
    let _: Value = careful.call("model.party.category.write", changes).await.expect("unchanged");
    let again: tryton_sdk::Result<Value> =
        careful.call("model.party.category.write", (&raw[1..], json!({"name": "Sechs"}))).await;
    assert!(again.as_ref().is_err_and(tryton_sdk::Error::is_concurrency), "{again:?}");
    let _: Value = tryton.call("model.party.category.delete", [raw]).await.expect("delete");
}

#[derive(Projection)]
#[tryton(model = IrAttachment)]
struct Sized {
    #[tryton(path = "data", size)]
    bytes: Option<i64>,
}

#[derive(Projection)]
#[tryton(model = IrAttachment)]
struct Loaded {
    data: Option<Binary>,
}

#[tokio::test]
async fn the_size_of_a_file_is_read_without_its_content() {
    let tryton = client(SERIES);
    let party = Party::search().limit(1).ids(&tryton).await.expect("ids")[0];
    let file = |name: &str, data: Value| json!({"name": name, "type": "data", "resource": format!("party.party,{}", party.get()), "data": data});
    let bytes = json!({"__class__": "bytes", "base64": "AAECAwQ="});
    let created = [json!([file("five.bin", bytes), file("none.bin", Value::Null)])];
    let ids: Vec<i64> = tryton.call("model.ir.attachment.create", created).await.expect("create");
    let ids: Vec<Id<IrAttachment>> = ids.into_iter().map(Id::new).collect();
    let sized: Vec<Sized> = IrAttachment::read(&tryton, &ids).await.expect("read");
    assert_eq!(sized[0].bytes, Some(5));
    assert!(sized[1].bytes.is_none_or(|bytes| bytes == 0));
    let loaded: Vec<Loaded> = IrAttachment::read(&tryton, &ids).await.expect("read");
    assert_eq!(loaded[0].data.as_ref().map(|data| data.len()), Some(5));
    let resources = Party::resources(&tryton, party).await.expect("resources");
    assert_eq!((resources.attachment_count, resources.note_count), (2, 0));
    let raw: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let _: Value = tryton.call("model.ir.attachment.delete", [raw]).await.expect("delete");
}

tryton_sdk::model! {
    /// A party, with a field that came with 7.2.
    pub NewParty(NewPartyFields) = "party.party" [search];
    settable { id: "id", xml_id: "xml_id", lang: "lang" }
    read_only {}
}
/// The fields of [`NewParty`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct NewPartyFields {
    /// ID.
    pub id: Field<NewParty, Id<NewParty>>,
    /// The id in the XML files of a module.
    pub xml_id: Field<NewParty, Option<String>, Computed>,
    /// Language.
    pub lang: Field<NewParty, Option<Id<NewLang>>>,
}

tryton_sdk::model! {
    /// A language, with a field that came with 7.2.
    pub NewLang(NewLangFields) = "ir.lang" [search];
    settable { xml_id: "xml_id", code: "code", direction: "direction" }
    read_only {}
}
/// The fields of [`NewLang`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct NewLangFields {
    /// The id in the XML files of a module.
    pub xml_id: Field<NewLang, Option<String>, Computed>,
    /// Code.
    pub code: Field<NewLang, String>,
    /// Direction.
    pub direction: Field<NewLang, Choice>,
}

#[derive(Projection)]
#[tryton(model = NewParty)]
struct Modern {
    #[tryton(since = "7.2")]
    xml_id: Option<String>,
    #[tryton(path = "lang.xml_id", since = "7.2")]
    lang_id: Option<String>,
    lang: Option<ModernLang>,
    #[tryton(path = "lang", since = "99.0")]
    none: Option<Id<NewLang>>,
    #[tryton(path = "lang.direction", label, since = "7.0")]
    direction: Option<String>,
}

/// Of which older servers have no field at all.
#[derive(Projection)]
#[tryton(model = NewLang)]
struct ModernLang {
    #[tryton(since = "7.2")]
    xml_id: Option<String>,
}

#[tokio::test]
async fn a_field_of_a_later_series_is_none_on_older_servers() {
    let tryton = client(SERIES);
    // The language of a party is one for each company.
    let tryton = tryton.with(tryton.user_context().await.expect("context"));
    let parties: Vec<Modern> = NewParty::search().fetch(&tryton).await.expect("search");
    let languages: Vec<_> = parties.iter().filter_map(|party| party.lang.as_ref()).collect();
    assert!(!languages.is_empty() && languages.len() < parties.len());
    assert!(parties.iter().all(|party| party.xml_id.is_none() && party.none.is_none()));
    assert!(parties.iter().all(|party| party.direction.is_some() == (SERIES >= Series::V7_0 && party.lang.is_some())));
    let has_it = SERIES >= Series::V8_0;
    assert!(languages.iter().all(|lang| lang.xml_id.is_some() == has_it));
    assert!(parties.iter().all(|party| party.lang_id.is_some() == (has_it && party.lang.is_some())));
}

#[tokio::test]
async fn the_users_own_context() {
    let tryton = client(SERIES);
    let context = tryton.user_context().await.expect("context");
    let company = Company::search().ids(&tryton).await.expect("ids")[0];
    let context = json!(context);
    assert_eq!(context["company"], company.get());
    assert_eq!(context["language"], "en");
    assert!(i64::decode(&context["employee"]).is_ok());
}

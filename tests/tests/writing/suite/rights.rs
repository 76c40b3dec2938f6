//! What the user may see and do: the context that the user has chosen, and records that a rule keeps from everybody.

use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::{Client, Context, Draft, Id, Presence, Records};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::erp::{Company, Party, PartyCategory, Sale};
use super::support::{builder, client, endpoint};

async fn sale(tryton: &Client, party: Id<Party>) -> tryton_sdk::Result<Id<Sale>> {
    Sale::create(tryton, Draft::new().set(Sale::F.party, party)).await
}

#[tokio::test]
async fn a_client_adds_what_the_user_has_chosen_to_each_call() {
    let party = Party::search().limit(1).ids(&client(SERIES)).await.expect("a party")[0];
    let error = sale(&client(SERIES), party).await.expect_err("no company");
    assert!(error.is_user_error() && error.to_string().contains("names no company"), "{error}");

    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let at = endpoint(SERIES);
    let tryton = at.client_by(proxy.url()).user_context(true).build().expect("the settings are right");
    let ids = [sale(&tryton, party).await.expect("a sale"), sale(&tryton, party).await.expect("a sale")];
    // The version, which older servers tell at once, the login, what the user has chosen, and two sales.
    let asked = if SERIES < Series::V8_0 { 5 } else { 6 };
    assert_eq!(proxy.requests(), asked);
    let company = Company::search().ids(&tryton).await.expect("a company")[0];
    let sales =
        Sale::search().filter(Sale::F.id.is_in(ids)).select(Sale::F.company).fetch(&tryton).await.expect("read");
    assert_eq!(sales, [company, company]);

    // The next session has its own, and what the client says itself goes before it.
    let before = proxy.requests();
    tryton.logout().await.expect("logout");
    sale(&tryton, party).await.expect("a sale");
    assert_eq!(proxy.requests() - before, 4);
    let none = tryton.with(Context::new().set("company", Value::Null).set("companies", json!([])));
    let error = sale(&none, party).await.expect_err("no company");
    assert!(error.is_user_error() && error.to_string().contains("names no company"), "{error}");
    let basic = builder(SERIES).basic(&at.user, at.password.as_str()).user_context(true).build().expect("built");
    sale(&basic, party).await.expect("a sale");
}

#[tokio::test]
async fn what_is_missing_is_told_from_what_a_rule_denies() {
    let tryton = client(SERIES);
    let names = ["Offen", "Verboten", "Gelöscht"].map(|name| Draft::new().set(PartyCategory::F.name, name));
    let ids = PartyCategory::create_many(&tryton, names.into()).await.expect("create");
    PartyCategory::delete(&tryton, &ids[2..]).await.expect("delete");
    let model = if SERIES >= Series::V8_0 {
        json!("party.category")
    } else {
        let found = (json!([["model", "=", "party.category"]]), 0, 1);
        tryton.call::<Vec<Value>>("model.ir.model.search", found).await.expect("the model").remove(0)
    };
    let rule = json!({
        "name": "Nothing forbidden", "model": model, "global_p": true, "default_p": false, "perm_read": true,
        "perm_write": false, "perm_create": false, "perm_delete": false,
        "rules": [["create", [{"domain": r#"[["name", "!=", "Verboten"]]"#}]]],
    });
    let rules: Vec<i64> = tryton.call("model.ir.rule.group.create", [json!([rule])]).await.expect("a rule");

    let asked = [ids[1], ids[0], ids[2], ids[1]];
    let presence = PartyCategory::presence(&tryton, &asked).await;
    let read = async |id: Id<PartyCategory>| {
        let read = tryton.call::<Value>("model.party.category.read", ([id.get()], ["name"])).await;
        read.expect_err("denied or missing")
    };
    let errors = [read(ids[1]).await, read(ids[2]).await];
    let _: Value = tryton.call("model.ir.rule.group.delete", [rules]).await.expect("delete");
    use Presence::{Denied, Missing, Readable};
    // To 6.0, what is missing breaks the rules.
    let missing = if SERIES < Series::V7_0 { Denied } else { Missing };
    assert_eq!(presence.expect("an answer"), [Denied, Readable, missing, Denied]);
    assert!(errors.iter().all(|error| error.is_user_error()), "{errors:?}");
    // Without a rule each series tells.
    assert_eq!(
        PartyCategory::presence(&tryton, &asked).await.expect("an answer"),
        [Readable, Readable, Missing, Readable]
    );

    let at = endpoint(SERIES);
    let limited = Client::builder(&at.url, &at.database).credentials("limited", at.password.as_str()).build();
    let refused = Sale::presence(&limited.expect("built"), &[Id::new(1)]).await.expect_err("not even the model");
    assert!(refused.is_user_error(), "{refused}");
}

//! Records are created or changed by a key, in few requests.

use tryton_sdk::field::{Field, FieldType, Filterable, Scalar, Writable};
use tryton_sdk::{Client, Decimal, Draft, Id, Model, Records, Upserted};
use tryton_sdk_tests::proxy::{Fault, Faults, Proxy};

use super::SERIES;
use super::client;
use super::erp::{IrLang, Party, PartyCategory, ProductTemplate, ProductUom};
use super::support::endpoint;

const NAME: Field<PartyCategory, String> = PartyCategory::F.name;

fn category(name: &str) -> Draft<PartyCategory> {
    Draft::new().set(NAME, name)
}

fn party(code: &str, name: &str) -> Draft<Party> {
    Draft::new().set(Party::F.code, code).set(Party::F.name, name)
}

async fn run<M: Model, T, Q>(tryton: &Client, key: Field<M, T, Q>, drafts: &[Draft<M>]) -> Vec<Upserted<M>>
where
    T: FieldType<Base: Scalar>,
    Q: Writable + Filterable,
{
    M::upsert(tryton, key, drafts).await.unwrap_or_else(|e| panic!("{e:#}"))
}

/// One letter for each row.
fn letters<M>(outcomes: &[Upserted<M>]) -> String {
    let letter = |outcome: &Upserted<M>| match outcome {
        Upserted::Created(_) => '+',
        Upserted::Changed(_) => '~',
        Upserted::Unchanged(_) => '=',
        Upserted::Refused(_) => '!',
    };
    outcomes.iter().map(letter).collect()
}

fn ids<M>(outcomes: &[Upserted<M>]) -> Vec<Id<M>> {
    outcomes.iter().filter_map(Upserted::id).collect()
}

fn refusals<M>(outcomes: &[Upserted<M>]) -> Vec<String> {
    let refused = |outcome: &Upserted<M>| match outcome {
        Upserted::Refused(error) => Some(error.to_string()),
        _ => None,
    };
    outcomes.iter().filter_map(refused).collect()
}

#[tokio::test]
async fn a_second_run_writes_nothing_and_a_change_is_written_alone() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let tryton = &endpoint(SERIES).client_by(proxy.url()).build().expect("built");
    tryton.login().await.expect("login");
    let mut before = proxy.requests();
    let mut requests = || std::mem::replace(&mut before, proxy.requests()).abs_diff(proxy.requests());
    let languages = IrLang::ids_by(tryton, IrLang::F.code, ["fr", "de", "xx", "fr"]).await.expect("languages");
    assert_eq!((languages.len(), requests()), (2, 1));

    let drafts = |name: &str| -> Vec<_> {
        let draft = |n| party(&format!("UP{n}"), &format!("{name} {n}")).set(Party::F.lang, languages["fr"]);
        (0..700).map(draft).collect()
    };
    let first = run(tryton, Party::F.code, &drafts("Party")).await;
    assert_eq!((letters(&first), requests()), ("+".repeat(700), 4));
    let again = run(tryton, Party::F.code, &drafts(" Party")).await;
    assert_eq!((letters(&again), requests()), ("=".repeat(700), 2));
    assert_eq!(ids(&again), ids(&first));

    // One that is inactive is found as well. To change it, 8.2 wants it to be active.
    Party::write(tryton, &ids(&first)[3..4], Draft::new().set(Party::F.active, false)).await.expect("write");
    let mut changed = drafts("Party");
    changed.swap(0, 3);
    changed[1] = changed[1].clone().clear(Party::F.lang);
    changed[2] = party("UP2", "Renamed");
    requests();
    let third = run(tryton, Party::F.code, &changed).await;
    assert_eq!((letters(&third), requests()), (format!("=~~{}", "=".repeat(697)), 3));
    assert_eq!(third[0].id(), first[3].id());
    let found = Party::search().filter(Party::F.id.is_in(ids(&third[1..3]))).order(Party::F.code.asc());
    let found = found.select((Party::F.name, Party::F.lang)).fetch(tryton).await.expect("read");
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(found, [(name("Party 1"), None), (name("Renamed"), Some(languages["fr"]))]);
    Party::delete(tryton, &ids(&first)).await.expect("delete");
}

#[tokio::test]
async fn what_the_server_refuses_is_alone() {
    let tryton = &client().await;
    let units = ProductUom::ids_by(tryton, ProductUom::F.symbol, ["u"]).await.expect("units");
    let template = |n: usize| {
        let named =
            Draft::new().set(ProductTemplate::F.code, format!("REFUSING{n}")).set(ProductTemplate::F.name, "Bolt");
        let price = Decimal::from(n as u64);
        named.set(ProductTemplate::F.default_uom, units["u"]).set(ProductTemplate::F.list_price, price)
    };
    let mut drafts: Vec<_> = (0..9).map(template).collect();
    let unknown = |draft: &Draft<ProductTemplate>| draft.clone().raw("type", "spaceship".into());
    drafts[2] = unknown(&drafts[2]);
    drafts[7] = unknown(&drafts[7]);
    let first = run(tryton, ProductTemplate::F.code, &drafts).await;
    assert_eq!(letters(&first), "++!++++!+");
    assert!(first.iter().all(|row| !matches!(row, Upserted::Refused(error) if !error.is_user_error())), "{first:?}");

    drafts = drafts.into_iter().map(|draft| draft.set(ProductTemplate::F.name, "Nut")).collect();
    drafts[4] = unknown(&drafts[4]);
    let second = run(tryton, ProductTemplate::F.code, &drafts).await;
    assert_eq!(letters(&second), "~~!~!~~!~");
    let names = ProductTemplate::search().filter(ProductTemplate::F.id.is_in(ids(&first)));
    let mut names = names.select(ProductTemplate::F.name).fetch(tryton).await.expect("search");
    names.sort();
    assert_eq!(names, ["Bolt", "Nut", "Nut", "Nut", "Nut", "Nut", "Nut"]);
    ProductTemplate::delete(tryton, &ids(&first)).await.expect("delete");
}

#[tokio::test]
async fn keys_that_are_no_keys_are_named() {
    let tryton = &client().await;
    let parent = PartyCategory::create(tryton, category("Twice")).await.expect("create");
    let child = PartyCategory::create(tryton, category("Twice").set(PartyCategory::F.parent, parent)).await;
    let child = child.expect("create");
    let drafts = [
        category("Once"),
        category("Twice"),
        category("Again"),
        Draft::new().set(PartyCategory::F.active, true),
        category(" Spaced"),
        category("Again"),
        category("Listed").add(PartyCategory::F.childs, [category("Below")]),
    ];
    let outcomes = run(tryton, NAME, &drafts).await;
    assert_eq!(letters(&outcomes), "+!!!!!!");
    let refusals = refusals(&outcomes);
    let twice = format!("the records {parent}, {child} of `party.category` have the same `name`");
    assert!(refusals[0].ends_with(&twice), "{refusals:?}");
    assert_eq!(refusals[1], "the drafts 2, 5 have the same `name`");
    assert!(refusals[2].contains("sets no `name`") && refusals[3].contains("white space"), "{refusals:?}");
    assert!(refusals[5].contains("`childs` is changed step by step"), "{refusals:?}");
    let error = PartyCategory::ids_by(tryton, NAME, ["Once", "Twice"]).await.expect_err("two");
    assert!(error.is_several_found() && error.to_string().ends_with(&twice), "{error}");
    PartyCategory::delete(tryton, &[child, parent, outcomes[0].id().expect("created")]).await.expect("delete");
}

/// The server creates the records, and the answer does not come: nothing is sent again, and a second run finds them.
#[tokio::test]
async fn a_run_that_breaks_off_is_ended_by_the_next() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let tryton = &endpoint(SERIES).client_by(proxy.url()).build().expect("built");
    tryton.login().await.expect("login");
    let drafts: Vec<_> = (0..600).map(|n| party(&format!("BREAK{n}"), "Breaking")).collect();
    proxy.faults(Faults::always(Fault::ResetAfter).of("party.party.create"));
    let stopped = Party::upsert(tryton, Party::F.code, &drafts).await.expect_err("it stops");
    assert!(stopped.error.is_outcome_unknown(), "{stopped:?}");
    assert_eq!((stopped.done.len(), stopped.unsure.len(), stopped.left.len()), (0, 500, 100));
    assert_eq!(stopped.left, (500..600).collect::<Vec<_>>());

    let again = run(&client().await, Party::F.code, &drafts).await;
    assert_eq!(letters(&again), format!("{}{}", "=".repeat(500), "+".repeat(100)));
    Party::delete(tryton, &ids(&again)).await.expect("delete");
}

//! Domains: each means what the same JSON written by hand means, and its negation means the rest.

use serde_json::{Value, json};
use tryton_sdk::types::Date;
use tryton_sdk::{Client, Decimal, Domain, Id, Model, Records, Search};

use super::SERIES;
use super::erp::{Party, ProductCategory, ProductTemplate, Sale, SaleLine, SaleState};
use super::support::client;

/// Both ways give the same records: some, but not all. What `!` gives are the others.
async fn same<M: Model>(tryton: &Client, typed: Domain<M>, raw: Value) {
    let search = || Search::<M>::clone(&M::search());
    let ids = |domain: Domain<M>| async {
        let ids = search().with_inactive().filter(domain).ids(tryton).await.unwrap_or_else(|e| panic!("{e}"));
        let mut ids: Vec<i64> = ids.into_iter().map(Id::get).collect();
        ids.sort_unstable();
        ids
    };
    let inactive_too = tryton.with(tryton_sdk::Context::new().active_test(false));
    let params = (&raw, 0, None::<u64>, None::<()>);
    let mut by_hand: Vec<i64> =
        inactive_too.call(&format!("model.{}.search", M::NAME), params).await.unwrap_or_else(|e| panic!("{raw}: {e}"));
    by_hand.sort_unstable();
    let found = ids(typed.clone()).await;
    assert_eq!(found, by_hand, "{typed:?} is not {raw}");

    let all = ids(Domain::all()).await;
    assert!(!found.is_empty() && found.len() < all.len(), "{typed:?} finds {} of {}", found.len(), all.len());
    let mut both = ids(!typed.clone()).await;
    both.extend(&found);
    both.sort_unstable();
    assert_eq!(both, all, "!{typed:?} is not the rest");
}

#[tokio::test]
async fn values() {
    let tryton = &client(SERIES);
    let drafts = json!([["state", "=", "draft"]]);
    same(tryton, Sale::F.state.is(SaleState::Draft), drafts).await;
    same(tryton, Sale::F.state.is_not(SaleState::Draft), json!([["state", "!=", "draft"]])).await;
    let open = [SaleState::Quotation, SaleState::Confirmed];
    same(tryton, Sale::F.state.is_in(&open), json!([["state", "in", ["quotation", "confirmed"]]])).await;
    same(tryton, Sale::F.state.not_in(&open), json!([["state", "not in", ["quotation", "confirmed"]]])).await;
    same(tryton, Sale::F.reference.is_null(), json!([["reference", "=", null]])).await;
    same(tryton, Sale::F.reference.is_not_null(), json!([["reference", "!=", null]])).await;
    same(tryton, Party::F.active.is(false), json!([["active", "=", false]])).await;
    let reference = Sale::search().filter(Sale::F.reference.is_not_null()).select(Sale::F.reference);
    let reference = reference.first(tryton).await.expect("first").expect("some").expect("a reference");
    same(tryton, Sale::F.reference.is(&reference), json!([["reference", "=", reference]])).await;
    // Another value or none, on every series: up to 7.0 the server's `!=` leaves nulls out.
    let by_hand = json!([["OR", ["reference", "!=", reference], ["reference", "=", null]]]);
    same(tryton, Sale::F.reference.is_not(&*reference), by_hand).await;
}

#[tokio::test]
async fn comparisons() {
    let tryton = &client(SERIES);
    let spring = Date::constant(2026, 4, 1);
    let wire = json!({"__class__": "date", "year": 2026, "month": 4, "day": 1});
    same(tryton, Sale::F.sale_date.lt(spring), json!([["sale_date", "<", wire]])).await;
    same(tryton, Sale::F.sale_date.le(spring), json!([["sale_date", "<=", wire]])).await;
    same(tryton, Sale::F.sale_date.gt(spring), json!([["sale_date", ">", wire]])).await;
    same(tryton, Sale::F.sale_date.ge(spring), json!([["sale_date", ">=", wire]])).await;
    same(tryton, SaleLine::F.quantity.ge(10), json!([["quantity", ">=", 10.0]])).await;
    same(tryton, SaleLine::F.quantity.lt(2.5), json!([["quantity", "<", 2.5]])).await;
    let price: Decimal = "9.90".parse().expect("a number");
    let wire = json!({"__class__": "Decimal", "decimal": "9.90"});
    same(tryton, SaleLine::F.unit_price.gt(&price), json!([["unit_price", ">", wire]])).await;
    same(tryton, SaleLine::F.unit_price.le(price), json!([["unit_price", "<=", wire]])).await;
}

#[tokio::test]
async fn patterns() {
    let tryton = &client(SERIES);
    same(tryton, Party::F.name.ilike("%gmbh%"), json!([["name", "ilike", "%gmbh%"]])).await;
    same(tryton, Party::F.name.not_ilike("%gmbh%"), json!([["name", "not ilike", "%gmbh%"]])).await;
    same(tryton, Party::F.name.like("Müller%"), json!([["name", "like", "Müller%"]])).await;
    same(tryton, Party::F.name.not_like("Müller%"), json!([["name", "not like", "Müller%"]])).await;
    same(tryton, Sale::F.party.ilike("%gmbh%"), json!([["party.rec_name", "ilike", "%gmbh%"]])).await;
    // An address is called by all of its parts, of which some are null.
    let by_hand = json!([["invoice_address.rec_name", "ilike", "%hamburg%"]]);
    same(tryton, Sale::F.invoice_address.ilike("%hamburg%"), by_hand).await;
    same(tryton, SaleLine::F.product.ilike("%bolt%"), json!([["product.rec_name", "ilike", "%bolt%"]])).await;
    same(tryton, Sale::F.reference.ilike("po-4%2"), json!([["reference", "ilike", "po-4%2"]])).await;
}

#[tokio::test]
async fn relations() {
    let tryton = &client(SERIES);
    let gmbh = Party::F.name.ilike("%gmbh%");
    same(tryton, Sale::F.party.whose(gmbh.clone()), json!([["party", "where", [["name", "ilike", "%gmbh%"]]]])).await;
    let large = SaleLine::F.quantity.ge(20);
    let by_hand = json!([["lines", "where", [["quantity", ">=", 20.0]]]]);
    same(tryton, Sale::F.lines.any(large.clone()), by_hand).await;
    let by_hand = json!([["lines", "not where", [["quantity", ">=", 20.0]]]]);
    same(tryton, Sale::F.lines.none(large.clone()), by_hand).await;
    let known = Party::F.contact_mechanisms.is_not_null().and(gmbh);
    let by_hand = json!([["party", "where", [["contact_mechanisms", "!=", null], ["name", "ilike", "%gmbh%"]]]]);
    same(tryton, Sale::F.party.whose(known), by_hand).await;
    // The categories at the top lead back to no parent: SQL's `NOT IN` alone would find nothing.
    let by_hand = json!([["childs", "where", [["name", "ilike", "%e%"]]]]);
    same(tryton, ProductCategory::F.childs.any(ProductCategory::F.name.ilike("%e%")), by_hand).await;
    let party = Sale::search().select(Sale::F.party).first(tryton).await.expect("first").expect("some");
    same(tryton, Sale::F.party.is(party), json!([["party", "=", party]])).await;
    same(tryton, Sale::F.party.not_in([party]), json!([["party", "not in", [party]]])).await;
    let line = SaleLine::search().select(SaleLine::F.id).first(tryton).await.expect("first").expect("some");
    let by_hand = json!([["lines", "=", line]]);
    same(tryton, Sale::F.lines.any(SaleLine::F.id.is(line)), by_hand).await;
    let by_hand = json!([["lines", "not where", [["id", "in", [line]]]]]);
    same(tryton, Sale::F.lines.none(SaleLine::F.id.is_in([line])), by_hand).await;
    same(tryton, Sale::F.payment_term.is_null(), json!([["payment_term", "=", null]])).await;
    same(tryton, Party::F.contact_mechanisms.is_null(), json!([["contact_mechanisms", "=", null]])).await;
}

/// Several conditions hold of the same line, which dotted names would not say.
#[tokio::test]
async fn conditions_on_a_list_are_about_the_same_record() {
    let tryton = &client(SERIES);
    let mut differs = false;
    for quantity in [2, 4, 6, 10, 20, 24] {
        for price in [1, 10, 40] {
            let line = SaleLine::F.quantity.ge(quantity).and(SaleLine::F.unit_price.ge(price));
            let same = Sale::search().filter(Sale::F.lines.any(line)).ids(tryton).await.expect("ids");
            let price = json!({"__class__": "Decimal", "decimal": price.to_string()});
            let dotted = Domain::raw(json!([["lines.quantity", ">=", quantity], ["lines.unit_price", ">=", price]]));
            let any = Sale::search().filter(dotted.expect("a domain")).ids(tryton).await.expect("ids");
            assert!(same.iter().all(|id| any.contains(id)));
            differs |= same.len() < any.len();
        }
    }
    assert!(differs, "the seed has no sale that shows the difference");
}

#[tokio::test]
async fn hierarchies() {
    let tryton = &client(SERIES);
    let category = |name: &'static str| async move {
        let search = ProductCategory::search().filter(ProductCategory::F.name.is(name));
        search.select(ProductCategory::F.id).one(tryton).await.expect("one")
    };
    let (top, below) = (category("Workshop").await, category("Fasteners").await);
    let (categories, parent) = (ProductTemplate::F.categories, ProductCategory::F.parent);
    let by_hand = |operator, id: Id<ProductCategory>| json!([["categories", operator, [id], "parent"]]);
    same(tryton, categories.child_of([top], parent), by_hand("child_of", top)).await;
    same(tryton, categories.not_child_of([top], parent), by_hand("not child_of", top)).await;
    same(tryton, categories.parent_of([below], parent), by_hand("parent_of", below)).await;
    same(tryton, categories.not_parent_of([below], parent), by_hand("not parent_of", below)).await;
    same(tryton, parent.child_of([top], parent), json!([["parent", "child_of", [top], "parent"]])).await;
}

#[tokio::test]
async fn combinations() {
    let tryton = &client(SERIES);
    let draft = Sale::F.state.is(SaleState::Draft);
    let unnamed = Sale::F.reference.is_null();
    let dated = Sale::F.sale_date.is_not_null();
    let by_hand = json!([["OR", ["state", "=", "draft"], ["reference", "=", null]], ["sale_date", "!=", null]]);
    same(tryton, draft.clone().or(unnamed.clone()).and(dated.clone()), by_hand).await;
    let by_hand = json!(["OR", ["state", "=", "draft"], [["reference", "=", null], ["sale_date", "!=", null]]]);
    same(tryton, draft.clone().or(unnamed.clone().and(dated.clone())), by_hand.clone()).await;
    same(tryton, Domain::<Sale>::raw(by_hand.clone()).expect("a domain"), by_hand).await;
    let none: [SaleState; 0] = [];
    assert_eq!(Sale::search().filter(Sale::F.state.is_in(none)).count(tryton).await.expect("count"), 0);
    assert_eq!(Sale::search().filter(!Domain::all()).count(tryton).await.expect("count"), 0);
    assert_eq!(Sale::search().filter(draft.clone()).filter(!draft).count(tryton).await.expect("count"), 0);
}

/// A server goes into each condition within another, and not far.
#[tokio::test]
async fn long_chains_find_what_each_of_their_conditions_finds() {
    let tryton = &client(SERIES);
    let count = async |domain: Domain<Sale>| Sale::search().filter(domain).count(tryton).await.expect("count");
    let first = Sale::search().order(Sale::F.id.asc()).select(Sale::F.id).first(tryton).await.expect("first");
    let first = first.expect("a sale").get();
    let is = |number: i64| Sale::F.id.is(Id::new(first + number));
    let all = count(Domain::all()).await;
    let (left, right) = ((0..500).map(is), (0..500).map(is).rev());
    assert_eq!(count(left.clone().fold(Domain::none(), Domain::or)).await, all);
    assert_eq!(count(right.clone().fold(Domain::none(), |chain, one| one.or(chain))).await, all);
    assert_eq!(count(left.map(|one| !one).fold(Domain::all(), Domain::and)).await, 0);
    assert_eq!(count(right.map(|one| !one).fold(Domain::all(), |chain, one| one.and(chain))).await, 0);

    assert_eq!(count(Domain::any_of((0..3).map(is))).await, 3);
    assert_eq!(count(Domain::all_of([is(0), is(1)])).await, 0);
    assert_eq!(count(Domain::none()).await, 0);
    assert_eq!(count(!Domain::none()).await, all);
    assert_eq!(count(Domain::all().or(is(0))).await, all);
}

/// What a party says of itself.
type Says = (Id<Party>, bool, Option<String>, String);
/// The same as a domain, of what a party says.
type Condition<'t> = Box<dyn Fn(&Says) -> bool + 't>;

/// A domain that names `active` finds all parties that satisfy it, the inactive ones among them, without being told to.
#[tokio::test]
async fn a_domain_that_names_active_is_all_that_filters() {
    let tryton = &client(SERIES);
    let columns = (Party::F.id, Party::F.active, Party::F.name, Party::F.code);
    let all: Vec<Says> = Party::search().with_inactive().select(columns).fetch(tryton).await.expect("fetch");
    let (_, _, gone, code) = all.iter().find(|(_, active, ..)| !active).expect("an inactive party");
    let gone = gone.as_deref().expect("a name");
    let (active, inactive) = (Party::F.active.is(true), Party::F.active.is(false));
    let named = || Party::F.name.is(gone);
    let coded = || Party::F.code.is(code);
    let listed = || Party::F.name.ilike("%gmbh%").or(Party::F.name.like(gone));
    let (named_party, coded_party) = (|party: &Says| party.2.as_deref() == Some(gone), |party: &Says| party.3 == *code);
    let listed_party =
        |party: &Says| named_party(party) || party.2.as_ref().is_some_and(|name| name.to_lowercase().contains("gmbh"));
    let says: Vec<(Domain<Party>, Condition<'_>)> = vec![
        (inactive.clone(), Box::new(|party| !party.1)),
        (inactive.clone().and(Party::F.name.is_not(gone)), Box::new(|party| !party.1 && !named_party(party))),
        (inactive.clone().and(Party::F.name.not_in([gone])), Box::new(|party| !party.1 && !named_party(party))),
        (inactive.clone().and(Party::F.name.not_like(gone)), Box::new(|party| !party.1 && !named_party(party))),
        (inactive.clone().and(listed()), Box::new(|party| !party.1 && listed_party(party))),
        (!inactive.clone().and(listed()), Box::new(|party| party.1 || !listed_party(party))),
        (inactive.clone().or(named()), Box::new(|party| !party.1 || named_party(party))),
        (active.clone().or(coded()), Box::new(|party| party.1 || coded_party(party))),
        (!(active.clone().and(!coded())), Box::new(|party| !party.1 || coded_party(party))),
        (!(inactive.clone().or(named())), Box::new(|party| party.1 && !named_party(party))),
        (named().or(inactive.clone().and(listed().and(!coded()))), {
            Box::new(|party| named_party(party) || (!party.1 && listed_party(party) && !coded_party(party)))
        }),
        (Party::F.active.is_in([true, false]).and(named().or(listed())), Box::new(listed_party)),
        (Party::F.contact_mechanisms.is_null().or(inactive.clone()).and(inactive.clone()), Box::new(|party| !party.1)),
        // Of an `OR` at the top with a dotted name, servers of 8.0 and later make several searches.
        (Party::F.replaced_by.ilike("nobody").or(inactive.clone()), Box::new(|party| !party.1)),
        (Domain::all().and(named()).or(active.and(inactive)), Box::new(named_party)),
    ];
    for (domain, says) in says {
        let mut found = Party::search().filter(domain.clone()).ids(tryton).await.unwrap_or_else(|e| panic!("{e}"));
        found.sort_unstable();
        let mut expected: Vec<_> = all.iter().filter(|party| says(party)).map(|(id, ..)| *id).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{domain:?}");
        assert!(found.len() < all.len(), "{domain:?} finds all");
        let count = Party::search().filter(domain.clone()).count(tryton).await.expect("count");
        assert_eq!(count, expected.len() as u64, "{domain:?}");
    }
}

/// Domains of related records filter by `active` on their own: neither outwards nor inwards does it count what is named.
#[tokio::test]
async fn the_domain_of_a_related_record_names_active_for_itself() {
    let tryton = &client(SERIES);
    let columns = (Sale::F.id, Sale::F.party, Sale::F.reference);
    let sales = Sale::search().select(columns).fetch(tryton).await.expect("fetch");
    let gone = Party::search().filter(Party::F.active.is(false)).select((Party::F.id, Party::F.name));
    let gone = gone.fetch(tryton).await.expect("fetch");
    let is_gone = |party: Id<Party>| gone.iter().any(|(id, _)| *id == party);
    let (_, name) = gone.iter().find(|(id, _)| sales.iter().any(|(_, party, _)| party == id)).expect("with sales");
    let name = name.as_deref().expect("a name");

    let by_gone = Party::F.active.is(false).and(Party::F.code.is_not("none has it").or(Party::F.name.is(name)));
    let found = Sale::search().filter(Sale::F.party.whose(by_gone)).ids(tryton).await.expect("ids");
    let expected = sales.iter().filter(|(_, party, _)| is_gone(*party)).count();
    assert!(expected > 0 && found.len() == expected, "{found:?}");

    let children = Party::F.addresses.any(Domain::all());
    let found = Party::search().filter(Party::F.active.is(false).and(children)).ids(tryton).await.expect("ids");
    assert!(!found.is_empty() && found.iter().all(|id| is_gone(*id)));
}

/// Where a model computes `active`, it takes some tests of it for none.
#[tokio::test]
async fn a_computed_active_can_be_named_as_well() {
    enum Account {}
    let tryton = &client(SERIES);
    let found = async |domain: Value| {
        let domain = Domain::<Account>::raw(domain).expect("a domain").to_json();
        tryton
            .call::<Vec<i64>>("model.account.account.search", (domain, 0, None::<u64>, None::<()>))
            .await
            .expect("ids")
    };
    let either = json!(["OR", ["code", "=", "no code"], ["name", "=", "no name"]]);
    let all = found(json!([])).await;
    assert!(!all.is_empty());
    assert!(found(json!([["active", "=", true], either])).await.is_empty());
    assert_eq!(found(json!([["OR", ["active", "=", true], either]])).await, all);
    assert!(found(json!([["OR", ["active", "=", false], either]])).await.is_empty());
    assert_eq!(
        found(json!([["OR", ["active", "=", false], ["AND", ["active", "=", true], ["id", "in", all]]]])).await,
        all
    );
}

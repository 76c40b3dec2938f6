use serde_json::json;

use super::*;

enum Sale {}

impl ModelName for Sale {
    const NAME: &'static str = "sale.sale";
}

fn is(number: usize) -> Domain<Sale> {
    Domain::clause("number", Operator::Equal, number.into(), true)
}

/// So many conditions that each of them within another would be too much for the stack of a thread, or for a server.
const MANY: usize = 5_000;

/// Joins the conditions from the left, from the right, and in halves.
fn chains(start: fn() -> Domain<Sale>, join: fn(Domain<Sale>, Domain<Sale>) -> Domain<Sale>) -> [Domain<Sale>; 3] {
    let left = (0..MANY).map(is).fold(start(), join);
    let right = (0..MANY).map(is).rev().fold(start(), |chain, one| join(one, chain));
    let mut halves: Vec<_> = (0..MANY).map(is).collect();
    while halves.len() > 1 {
        let mut rest = std::mem::take(&mut halves).into_iter();
        while let Some(one) = rest.next() {
            halves.push(match rest.next() {
                Some(other) => join(one, other),
                None => one,
            });
        }
    }
    [left, right, halves.pop().expect("one is left")]
}

#[test]
fn chains_are_flat_whichever_way_they_nest() {
    let clauses = |operator: &str| (0..MANY).map(|number| json!(["number", operator, number])).collect::<Vec<_>>();
    let with_null = |number: usize| json!(["OR", ["number", "!=", number], ["number", "=", null]]);
    for chain in chains(Domain::none, Domain::or) {
        let any = [vec![json!("OR")], clauses("=")].concat();
        assert_eq!(chain.to_json(), json!([any]));
        let opposite: Vec<_> = (0..MANY).map(with_null).collect();
        assert_eq!((!chain.clone()).to_json(), json!(opposite));
        assert!(format!("{chain:?}").starts_with(r#"sale.sale [["OR",["number","=",0],"#));
    }
    for chain in chains(Domain::all, Domain::and) {
        assert_eq!(chain.to_json(), json!(clauses("=")));
        // Each opposite is an `OR` of its own, and becomes part of the one around it.
        let opposite = (!chain).to_json();
        assert_eq!(opposite[0].as_array().map(Vec::len), Some(MANY + 1));
    }
}

#[test]
fn all_and_none_are_what_they_are_called() {
    let none = json!([["id", "in", []]]);
    assert_eq!(Domain::<Sale>::none().to_json(), none);
    assert_eq!((!Domain::<Sale>::all()).to_json(), none);
    assert_eq!((!Domain::<Sale>::none()).to_json(), json!([]));
    assert_eq!(Domain::<Sale>::any_of([]).to_json(), none);
    assert_eq!(Domain::<Sale>::all_of([]).to_json(), json!([]));

    let one = json!([["number", "=", 1]]);
    for same in [
        Domain::none().or(is(1)),
        is(1).or(Domain::none()),
        Domain::all().and(is(1)),
        is(1).and(Domain::all()),
        Domain::any_of([is(1)]),
        Domain::all_of([is(1)]),
    ] {
        assert_eq!(same.to_json(), one);
    }
    let either = json!([["OR", ["number", "=", 1], ["number", "=", 2]]]);
    assert_eq!(Domain::any_of([1, 2].map(is)).to_json(), either);
    assert_eq!(is(1).and(Domain::none()).to_json(), json!([["number", "=", 1], ["id", "in", []]]));
}

/// As its documentation says: `all` is no beginning for a chain of `or`.
#[test]
fn everything_or_something_is_everything() {
    assert_eq!(Domain::all().or(is(1)).to_json(), json!([["OR", ["AND"], ["number", "=", 1]]]));
    assert_eq!(
        Domain::all().or(is(1)).or(is(2)).to_json(),
        json!([["OR", ["AND"], ["number", "=", 1], ["number", "=", 2]]])
    );
}

/// A name that leads through a reference says of what model the record is.
#[test]
fn what_does_not_satisfy_a_raw_domain_has_all_members_of_its_clauses() {
    for (raw, opposite) in [
        (
            json!(["origin.number", "=", "X", "sale.sale"]),
            json!([
                "OR",
                ["OR", ["origin.number", "!=", "X", "sale.sale"], ["origin.number", "=", null, "sale.sale"]],
                ["origin", "not like", "sale.sale,%"],
                ["origin", "=", null],
                ["origin", "in", ["sale.sale,-1", "sale.sale,"]]
            ]),
        ),
        (
            json!(["categories", "child_of", [1], "parent"]),
            json!(["OR", ["categories", "not child_of", [1], "parent"], ["categories", "=", null]]),
        ),
        (
            json!(["party.categories", "child_of", [1], "parent"]),
            json!(["OR", ["party.categories", "not child_of", [1], "parent"], ["party.categories", "=", null]]),
        ),
        (json!(["party.name", "=", "X"]), json!(["OR", ["party.name", "!=", "X"], ["party.name", "=", null]])),
    ] {
        let domain = Domain::<Sale>::raw(json!([raw])).expect("a domain");
        assert_eq!(domain.to_json(), json!([raw]));
        assert_eq!((!domain).to_json(), json!([["OR", opposite]]));
    }
}

/// Alternates, so that each group is within another.
fn ladder(levels: usize) -> Domain<Sale> {
    (1..=levels).fold(is(0), |inner, level| if level % 2 == 0 { is(level).or(inner) } else { is(level).and(inner) })
}

#[test]
fn what_is_nested_too_deeply_is_an_error_of_the_call() {
    for deep in [ladder(DEEPEST), !ladder(DEEPEST), ladder(DEEPEST - 1).and(is(1)).and(is(2))] {
        assert!(deep.unsendable.check().is_ok());
        assert!(deep.to_json().to_string().len() > DEEPEST);
    }
    for deep in [ladder(DEEPEST + 1), !ladder(MANY), ladder(MANY).or(is(1)), ladder(MANY).and(ladder(MANY))] {
        let error = deep.clone().unsendable.check().expect_err("too deep");
        assert!(error.is_invalid_request() && error.to_string().contains("any_of"), "{error}");
    }
    let related = |inner: Domain<Sale>| Domain::<Sale>::of_list("lines", inner.to_json(), None).about("lines", inner);
    assert!(related(ladder(DEEPEST - 1)).unsendable.check().is_ok());
    let error = related(ladder(DEEPEST)).unsendable.check().expect_err("too deep");
    assert_eq!(error.field(), Some("lines"));
    assert!((0..MANY).fold(is(1), |inner, _| related(inner)).unsendable.check().is_err());

    let raw = |levels: usize| (0..levels).fold(json!(["number", "=", 1]), |inner, _| json!([inner]));
    assert!(Domain::<Sale>::raw(raw(DEEPEST - 1)).is_ok());
    assert!(Domain::<Sale>::raw(raw(DEEPEST)).is_err_and(|error| error.is_invalid_request()));
}

use super::*;

/// What is known of a domain for a record of every type.
fn known(domain: Value) -> Option<bool> {
    let values = json!({
        "id": 7, "null": null, "text": "Bolt 10%", "empty": "", "number": 3, "float": 1.1, "price": decimal("1.1"),
        "done": true, "date": date(2026, 3, 1), "datetime": midnight(2026, 3, 1), "delta": seconds(60.0),
        "none": [], "party": 5,
    });
    holds(&domain, &record(values))
}

#[test]
fn clauses_hold_do_not_or_cannot_be_told() {
    for (clause, holds) in [
        (json!(["id", "=", 7]), Some(true)),
        (json!(["number", "=", 3.0]), Some(true)),
        (json!(["number", "!=", 3]), Some(false)),
        (json!(["price", "=", 1.1]), Some(true)),
        (json!(["price", "=", decimal("1.10")]), Some(true)),
        (json!(["float", ">", decimal("1")]), Some(true)),
        (json!(["number", "<", 3]), Some(false)),
        (json!(["number", "<=", 3]), Some(true)),
        (json!(["number", ">=", null]), Some(false)),
        (json!(["null", ">", 0]), Some(false)),
        (json!(["date", "<", date(2026, 3, 2)]), Some(true)),
        (json!(["date", "<", midnight(2026, 3, 2)]), None),
        (json!(["datetime", ">", midnight(2026, 2, 2)]), Some(true)),
        (json!(["delta", ">=", seconds(61.0)]), Some(false)),
        (json!(["text", "<", "C"]), None),
        (json!(["null", "=", null]), Some(true)),
        (json!(["null", "!=", null]), Some(false)),
        (json!(["null", "=", 1]), Some(false)),
        (json!(["null", "!=", 1]), None),
        (json!(["null", "=", false]), None),
        (json!(["done", "=", true]), Some(true)),
        (json!(["empty", "=", null]), None),
        (json!(["number", "in", [1, 3]]), Some(true)),
        (json!(["number", "not in", [1, 3]]), Some(false)),
        (json!(["number", "not in", [1, 2]]), Some(true)),
        (json!(["null", "in", [1, null]]), Some(true)),
        (json!(["null", "in", [1]]), Some(false)),
        (json!(["null", "not in", [1]]), None),
        (json!(["null", "not in", [1, null]]), Some(false)),
        (json!(["party", "in", ["Muster"]]), None),
        (json!(["party", "=", "Muster"]), None),
        (json!(["none", "=", null]), Some(true)),
        (json!(["lines", "!=", null]), Some(true)),
        (json!(["lines", "=", 4]), None),
        (json!(["lines", "in", [4]]), None),
        (json!(["text", "like", "Bolt%"]), Some(true)),
        (json!(["text", "like", "bolt%"]), Some(false)),
        (json!(["text", "ilike", "%OL_ 10\\%"]), Some(true)),
        (json!(["text", "not ilike", "%10_"]), Some(false)),
        (json!(["text", "not like", "%nut%"]), Some(true)),
        (json!(["null", "like", "%"]), Some(false)),
        (json!(["null", "not like", "%"]), None),
        (json!(["number", "like", "%"]), None),
        (json!(["party.name", "=", "Muster"]), None),
        (json!(["party", "child_of", [1], "parent"]), None),
        (json!(["lines", "where", [["id", "=", 4]]]), None),
        (json!(["missing", "=", 1]), None),
        (json!("text"), None),
        (json!([5]), None),
    ] {
        assert_eq!(known(clause.clone()), holds, "{clause}");
    }
}

#[test]
fn what_is_unknown_matters_only_where_it_decides() {
    let (yes, no, unknown) = (json!(["id", "=", 7]), json!(["id", "=", 8]), json!(["missing", "=", 1]));
    for (domain, holds) in [
        (json!([]), Some(true)),
        (json!(["OR"]), Some(true)),
        (json!([yes, no]), Some(false)),
        (json!([yes, unknown]), None),
        (json!([unknown, no]), Some(false)),
        (json!(["AND", yes, yes]), Some(true)),
        (json!(["OR", no, yes]), Some(true)),
        (json!(["OR", unknown, yes]), Some(true)),
        (json!(["OR", unknown, no]), None),
        (json!(["OR", no, no]), Some(false)),
        (json!([["OR", no, [yes, yes]], yes]), Some(true)),
        (json!([["OR", no, []], yes]), Some(true)),
    ] {
        assert_eq!(known(domain.clone()), holds, "{domain}");
    }
    let deep = (0..1_000).fold(json!([]), |inner, _| json!([inner]));
    assert_eq!(known(deep), None);
}

#[test]
fn patterns_of_many_wildcards_take_no_time() {
    let values = json!({"text": "a".repeat(5_000)});
    let pattern = "%a".repeat(1_000) + "b";
    assert_eq!(holds(&json!(["text", "like", pattern]), &record(values)), Some(false));
}

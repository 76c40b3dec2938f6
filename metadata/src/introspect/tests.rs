use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use super::*;

/// What a method answers, or the status with which it is refused.
type Answer = Result<Value, u16>;

/// A server that gives prepared answers; everything else is not exposed.
struct Fake {
    answers: BTreeMap<String, Answer>,
    calls: Mutex<Vec<String>>,
}

#[derive(Debug, PartialEq)]
struct Status(u16);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

impl std::error::Error for Status {}

impl Rpc for Fake {
    type Error = Status;

    async fn call(&self, method: &str, _params: Vec<Value>) -> Result<Value, Status> {
        if let Ok(mut calls) = self.calls.lock() {
            calls.push(method.to_owned());
        }
        self.answers.get(method).cloned().unwrap_or(Err(403)).map_err(Status)
    }

    async fn kept(&self, method: &str, params: Vec<Value>, fingerprint: &str) -> Result<Value, Status> {
        self.call(&format!("{method}@{fingerprint}"), params).await
    }

    fn is_refusal(&self, error: &Status) -> bool {
        error.0 == 403
    }
}

/// A sound server of the given layout with the models `sale.sale` and `ir.session`.
fn fake(changes: &[(&str, Answer)]) -> Fake {
    let mut answers: BTreeMap<String, Answer> = [
        ("model.ir.model.fields_get", json!({"name": {}, "string": {}})),
        (
            "model.ir.model.search_read",
            json!([
                {"id": 1, "name": "sale.sale", "string": "Sale"},
                {"id": 2, "name": "ir.session", "string": null},
            ]),
        ),
        ("system.listMethods", json!(["model.sale.sale.read", "model.sale.sale.search", "wizard.sale.open.create"])),
        ("model.sale.sale.fields_get", json!({"number": {"type": "char", "searchable": true}})),
        ("model.ir.module.search_read", json!([{"id": 1, "name": "sale", "version": "8.2.0"}])),
        ("model.res.user.get_preferences", json!({"administrator": 1, "groups": []})),
    ]
    .into_iter()
    .map(|(method, answer)| (method.to_owned(), Ok(answer)))
    .collect();
    for (method, answer) in changes {
        answers.insert((*method).to_owned(), answer.clone());
    }
    Fake { answers, calls: Mutex::default() }
}

/// Runs a future that never waits.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn options(models: Wanted<'_>) -> Options<'_> {
    Options { series: "8.2", login: "admin", language: "en", models, jobs: 3, keep: false }
}

fn read(fake: &Fake, models: &[&str]) -> Result<Introspected, IntrospectError<Status>> {
    let models: Vec<String> = models.iter().map(|model| (*model).to_owned()).collect();
    let options = options(Wanted::Matching(&models));
    now(introspect(fake, &options, |_| ()))
}

fn message(read: Result<Introspected, IntrospectError<Status>>) -> String {
    read.err().map(|error| error.to_string()).unwrap_or_default()
}

type Outcome = Result<(), IntrospectError<Status>>;

#[test]
fn models_that_refuse_are_collected() -> Outcome {
    let read = read(&fake(&[]), &["*"])?;
    let models: Vec<&str> = read.snapshot.models.iter().map(|m| m.model.as_str()).collect();
    assert_eq!(models, ["sale.sale"]);
    let session = read.refused.last().map(ToString::to_string);
    assert_eq!(session.as_deref(), Some("ir.session: status 403"));
    assert!(read.snapshot.server.models.contains("sale.sale"));
    assert!(read.snapshot.server.other_models.contains("ir.session"));
    assert!(read.snapshot.server.user.administrator);
    Ok(())
}

#[test]
fn parts_that_are_refused_are_left_out() -> Outcome {
    let read = read(&fake(&[]), &["sale.*"])?;
    let refused: Vec<&str> = read.refused.iter().map(|r| r.subject.as_str()).collect();
    assert_eq!(
        refused,
        ["ir.model.button", "ir.model.button", "ir.action.keyword", "ir.action.report", "ir.action.wizard"]
    );
    Ok(())
}

#[test]
fn what_is_refused_and_was_there_before_is_lost() -> Outcome {
    let refuses = read(&fake(&[("model.sale.sale.fields_get", Err(403))]), &["*"])?;
    let mut before = read(&fake(&[]), &["*"])?.snapshot;
    let lost = |before: &Snapshot| refuses.lost(before).map(|lost| lost.subject.clone()).collect::<Vec<_>>();
    assert_eq!(lost(&before), ["sale.sale"], "and not the buttons, which were refused before as well");
    before.models[0].buttons = [("draft".to_owned(), Default::default())].into();
    assert_eq!(lost(&before), ["ir.model.button", "ir.model.button", "sale.sale"]);
    Ok(())
}

#[test]
fn a_button_that_the_server_does_not_expose_is_none() -> Outcome {
    let methods = json!(["model.sale.sale.quote", "model.sale.sale.read"]);
    let button = |name: &str| json!({"id": 1, "name": name, "model": "sale.sale", "string": name});
    let answers = [
        ("system.listMethods", Ok(methods)),
        ("model.ir.model.button.fields_get", Ok(json!({"model": {"type": "char"}}))),
        ("model.ir.model.button.search_read", Ok(json!([button("quote"), button("stale")]))),
    ];
    let read = read(&fake(&answers), &["sale.sale"])?;
    assert_eq!(read.snapshot.models[0].buttons.keys().collect::<Vec<_>>(), ["quote"]);
    Ok(())
}

#[test]
fn a_server_that_fails_ends_the_reading() {
    for method in ["system.listMethods", "model.sale.sale.fields_get", "model.ir.module.search_read"] {
        let failed = read(&fake(&[(method, Err(500))]), &["*"]);
        let source = failed.as_ref().err().and_then(std::error::Error::source);
        assert_eq!(source.map(ToString::to_string).as_deref(), Some("status 500"));
        assert_eq!(message(failed), format!("cannot read the metadata with `{method}`"));
    }
}

#[test]
fn answers_of_another_shape_are_named() {
    let failed = read(&fake(&[("model.ir.model.search_read", Ok(json!({})))]), &["*"]);
    assert_eq!(
        message(failed),
        "the response of `model.ir.model.search_read` is not a list of records with a name each"
    );
    let failed = read(&fake(&[("system.listMethods", Ok(Value::Null))]), &["*"]);
    assert_eq!(message(failed), "the response of `system.listMethods` is not a list of names");
}

#[test]
fn a_definition_of_another_shape_is_a_refusal() -> Outcome {
    for (answer, reason) in [
        (json!([]), "the response of `fields_get` is not an object"),
        (json!({"x": 1}), "the definition of the field `x` is not an object"),
    ] {
        let read = read(&fake(&[("model.sale.sale.fields_get", Ok(answer))]), &["sale.sale"])?;
        assert!(read.snapshot.models.is_empty());
        assert_eq!(read.refused.last().map(|r| r.reason.as_str()), Some(reason));
    }
    Ok(())
}

#[test]
fn a_pattern_that_selects_nothing_is_an_error() {
    let failed = message(read(&fake(&[]), &["sale.sale", "sale.sal"]));
    assert_eq!(failed, "the server has no model `sale.sal`: did you mean `sale.sale`?");
    assert_eq!(message(read(&fake(&[]), &["x.*"])), "the server has no model `x.*`");
}

#[test]
fn a_model_without_a_file_name_is_a_refusal() -> Outcome {
    let list = json!([{"name": "server"}, {"name": "../x"}]);
    let read = read(&fake(&[("model.ir.model.search_read", Ok(list))]), &["*"])?;
    assert!(read.snapshot.models.is_empty());
    let refused = read.refused.iter().rev().take(2);
    let refused: Vec<String> = refused.map(ToString::to_string).collect();
    let reason = "its name cannot be that of a file beside server.json";
    assert_eq!(refused, [format!("server: {reason}"), format!("../x: {reason}")]);
    Ok(())
}

#[test]
fn a_name_that_is_too_long_for_a_file_is_refused_alone() -> Outcome {
    let (long, longest) = ("a".repeat(251), "a".repeat(250));
    let list = json!([{"name": long}, {"name": longest}, {"name": "sale.sale"}]);
    let fields = format!("model.{longest}.fields_get");
    let read = read(&fake(&[("model.ir.model.search_read", Ok(list)), (&fields, Ok(json!({})))]), &["*"])?;
    let models: Vec<&str> = read.snapshot.models.iter().map(|m| m.model.as_str()).collect();
    assert_eq!(models, [&longest, "sale.sale"]);
    let refused = read.refused.last().map(ToString::to_string);
    assert_eq!(refused, Some(format!("{long}: its name has 251 bytes, which is too long for a file")));
    Ok(())
}

#[test]
fn progress_counts_the_selected_models() -> Outcome {
    let seen = RefCell::new(Vec::new());
    let models = ["*".to_owned()];
    let options = options(Wanted::Matching(&models));
    let fake = fake(&[]);
    let read = now(introspect(&fake, &options, |progress| {
        seen.borrow_mut().push((progress.done, progress.total));
    }))?;
    assert_eq!(*seen.borrow(), [(0, 2), (1, 2), (2, 2)]);
    assert_eq!(Some(read.requests), fake.calls.lock().ok().map(|calls| calls.len()));
    Ok(())
}

#[test]
fn known_models_that_are_gone_are_no_error() -> Outcome {
    let known = ["sale.sale".to_owned(), "sale.old".to_owned()].into();
    let read = now(introspect(&fake(&[]), &options(Wanted::Known(&known)), |_| ()))?;
    assert_eq!(read.snapshot.server.models, ["sale.sale".to_owned()].into());
    assert_eq!(read.snapshot.server.other_models, ["ir.session".to_owned()].into());
    Ok(())
}

/// The names under which the fields of `sale.sale` were asked for.
fn asked(changes: &[(&str, Answer)]) -> Result<Vec<String>, IntrospectError<Status>> {
    let known = ["sale.sale".to_owned()].into();
    let fake = fake(changes);
    now(introspect(&fake, &Options { keep: true, ..options(Wanted::Known(&known)) }, |_| ()))?;
    let calls = fake.calls.into_inner().unwrap_or_default();
    Ok(calls.into_iter().filter(|call| call.starts_with("model.sale.sale.fields_get")).collect())
}

#[test]
fn kept_answers_belong_to_the_state_of_the_server() -> Outcome {
    let field = |kind: &str| Ok(json!([{"id": 1, "model": "sale.sale", "name": "number", "ttype": kind}]));
    let with = |kind: &str, version: &str| {
        asked(&[
            ("model.ir.model.field.search_read", field(kind)),
            ("model.ir.model.field.access.search_read", Ok(json!([]))),
            ("model.ir.model.access.search_read", Ok(json!([]))),
            ("model.ir.module.search_read", Ok(json!([{"id": 1, "name": "sale", "version": version}]))),
        ])
    };
    let first = with("char", "8.2.0")?;
    assert!(first[0].starts_with("model.sale.sale.fields_get@"), "{first:?}");
    assert_eq!(with("char", "8.2.0")?, first);
    assert_ne!(with("text", "8.2.0")?, first);
    assert_ne!(with("char", "8.2.1")?, first);
    // Who may not see all of it cannot know that nothing has changed.
    assert_eq!(asked(&[("model.ir.model.field.search_read", field("char"))])?, ["model.sale.sale.fields_get"]);
    Ok(())
}

#[test]
fn actions_belong_to_the_models_that_offer_them() -> Outcome {
    let wizards = json!([
        {"id": 1, "name": "Own", "wiz_name": "own", "model": "sale.sale", "action": 11},
        {"id": 2, "name": "Offered", "wiz_name": "offered", "model": null, "action": 12},
        {"id": 3, "name": "Menu", "wiz_name": "menu", "model": null, "action": 13},
        {"id": 4, "name": "Again", "wiz_name": "own", "model": null, "action": 14},
    ]);
    let keywords = json!([
        {"id": 1, "model": "sale.sale,-1", "action": 12},
        {"id": 2, "model": "ir.ui.menu,7", "action": 13},
    ]);
    let read = read(
        &fake(&[
            ("model.ir.action.wizard.search_read", Ok(wizards)),
            ("model.ir.action.keyword.search_read", Ok(keywords)),
        ]),
        &["sale.sale"],
    )?;
    let sale: Vec<_> = read.snapshot.models[0].wizards.iter().collect();
    let text = |name: &str| name.to_owned();
    assert_eq!(sale, [(&text("offered"), &text("Offered")), (&text("own"), &text("Own"))]);
    let server: Vec<_> = read.snapshot.server.wizards.keys().collect();
    assert_eq!(server, ["menu"]);
    Ok(())
}

#[test]
fn definitions_keep_what_types_need() -> Result<(), String> {
    let answer = json!({
        "state": {
            "type": "selection", "string": "State", "help": "", "required": true, "readonly": 1,
            "searchable": true, "sortable": false, "loading": "eager", "sort": false,
            "selection": [[null, ""], ["draft", "Draft"], [7, "Seven"], "odd"],
            "selection_change_with": [], "domain": "[]",
        },
        "choice": {
            "type": "selection", "selection": "get_choices", "sort": true, "loading": "lazy",
            "selection_change_with": ["b", "a"], "searchable": 0, "sortable": true,
        },
        "views": {"type": null},
        "amount": {"type": "numeric", "digits": "[16, null]"},
        "price": {"type": "numeric", "digits": "\"currency\""},
        "rate": {"type": "numeric", "digits": "[16, {\"__class__\": \"Eval\"}]"},
    });
    let fields = definition::fields(&answer)?;
    let state = &fields["state"];
    assert!(state.required && state.readonly && state.searchable && state.unsorted);
    assert!(!state.sortable && !state.lazy);
    let pair = |value: Option<&str>, label: &str| (value.map(str::to_owned), label.to_owned());
    let pairs = vec![pair(None, ""), pair(Some("draft"), "Draft"), pair(Some("7"), "Seven")];
    assert_eq!(state.selection, Some(pairs));
    let choice = &fields["choice"];
    assert_eq!(choice.selection_method.as_deref(), Some("get_choices"));
    assert_eq!(choice.selection_with, ["a", "b"]);
    assert!(choice.lazy && !choice.searchable && choice.sortable && choice.selection.is_none());
    assert_eq!(fields["views"].kind, None);
    assert_eq!(fields["amount"].digits, Some((Some(16), None)));
    assert_eq!((fields["price"].digits, fields["rate"].digits), (None, None));
    Ok(())
}

#[test]
fn a_long_selection_is_the_same_in_whatever_order_it_comes() -> Result<(), String> {
    let zones = |numbers: Vec<i64>| {
        let pairs: Vec<_> = numbers.iter().map(|n| json!([format!("zone {n}"), "A zone"])).collect();
        definition::fields(&json!({"timezone": {"type": "selection", "selection": pairs, "sort": false}}))
    };
    assert_eq!(zones((0..100).collect())?, zones((0..100).rev().collect())?);
    assert_ne!(zones(vec![1, 2])?, zones(vec![2, 1])?, "the order of few values says something");
    Ok(())
}

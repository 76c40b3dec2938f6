//! What the server of a test expects, and how it answers.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::expectation::{Answer, Context, Expectation};
use super::expected::Failure;
use super::filled::Forms;
use super::recording::{Exchange, Said};
use super::row::project;
use crate::Series;
use crate::{Error, Result, Trouble};

pub(super) struct State {
    pub(super) series: Series,
    /// Whether the calls that are expected come from a recording, which holds no secret.
    is_replay: bool,
    calls: Mutex<Calls>,
}

#[derive(Default)]
pub(super) struct Calls {
    expected: Vec<Expectation>,
    /// What is to be said of calls that nobody expects.
    unexpected: Vec<String>,
    /// The names of the warnings that have been given and not been accepted.
    open: HashSet<String>,
    /// The names of those that are accepted, each for one time.
    accepted: HashSet<String>,
    /// The models whose records are filled in.
    forms: Forms,
}

impl State {
    pub(super) fn new(series: Series, is_replay: bool) -> Self {
        Self { series, is_replay, calls: Mutex::default() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the body of a request, which was sent to the URL of the server itself (`at_root`) or of its database.
    pub(super) fn answer(&self, url: &str, at_root: bool, body: &[u8]) -> Result<Answered> {
        let unreadable = |e| Error::invalid_request("the request cannot be read").caused_by(e);
        let mut call = Call::read(body).map_err(unreadable)?;
        if self.is_replay {
            call.remove_secrets();
        }
        let mut calls = self.lock();
        if let Some(answer) = calls.next(&call) {
            let mut answered = calls.give(answer, &call, url)?;
            // So trytond says that a session has expired, and not that a password is wrong.
            answered.says_how_to_log_in = answered.status == 401 && call.method != "common.db.login";
            return Ok(answered);
        }
        let unasked = calls.way_in(&call, self.series, at_root);
        let unasked = unasked.or_else(|| calls.forms.answer(&call, self.series)).or_else(|| calls.fields_get(&call));
        if let Some(said) = unasked {
            return Ok(said.answered(None));
        }
        let why = calls.difference(&call);
        Err(calls.refuse(why, &call))
    }
}

/// What a server answers by HTTP.
#[doc(hidden)]
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub body: Vec<u8>,
    /// For how long a client may keep it.
    pub keep: Option<Duration>,
    /// Whether it says how to log in.
    pub says_how_to_log_in: bool,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("series", &self.series).finish_non_exhaustive()
    }
}

impl Calls {
    /// Expects one more call, and gives its place.
    pub(super) fn expect(&mut self, expectation: Expectation) -> usize {
        self.expected.push(expectation);
        self.expected.len() - 1
    }

    pub(super) fn forms(&mut self) -> &mut Forms {
        &mut self.forms
    }

    pub(super) fn at(&mut self, place: usize) -> &mut Expectation {
        &mut self.expected[place]
    }

    /// Expects what has been recorded. The same call is expected as often as it was made.
    pub(super) fn expect_again(&mut self, exchange: Exchange) {
        let Exchange { method, params, context, said, keep_seconds } = exchange;
        let call = Call { method, params, context };
        let answer = Answer::Said(said, keep_seconds);
        let known =
            self.expected.iter_mut().find(|known| known.is_for(&call.method) && known.differences(&call).is_empty());
        if let Some(known) = known {
            known.answers.push_back(answer);
            return;
        }
        let params = call.params.into_iter().zip(1..).map(|(value, n)| (format!("parameter {n}"), Some(value)));
        let mut expectation = Expectation::call(&call.method, params.collect());
        expectation.context = Context::Is(call.context);
        expectation.answers.push_back(answer);
        self.expected.push(expectation);
    }

    /// The next answer of the first expectation that the call fits and that has one left.
    fn next(&mut self, call: &Call) -> Option<Answer> {
        let fitting = self.expected.iter_mut().filter(|expected| expected.is_for(&call.method));
        let mut fitting = fitting.filter(|expected| expected.differences(call).is_empty());
        fitting.find_map(|expected| expected.next(&mut self.accepted))
    }

    fn give(&mut self, answer: Answer, call: &Call, url: &str) -> Result<Answered> {
        match answer {
            Answer::Said(said, keep_seconds) => Ok(said.answered(keep_seconds)),
            Answer::Rows(rows) => match rows_for(call, &rows, self.forms.has(call)) {
                Ok(result) => Ok(Said::Result(result).answered(None)),
                Err(why) => Err(self.refuse(why, call)),
            },
            Answer::Warning { name, message, .. } => {
                let said = Said::Error(json!(["UserWarning", [name, message, ""]]));
                self.open.insert(name);
                Ok(said.answered(None))
            }
            Answer::Failure(failure) => failed(failure, url),
        }
    }

    /// What needs no expectation: the version, the login and the logout, and to accept a warning that was given.
    fn way_in(&mut self, call: &Call, series: Series, at_root: bool) -> Option<Said> {
        let warning = |name: &Value| name.as_str().map(str::to_owned);
        match &*call.method {
            "common.server.version" if series >= Series::new(8, 0) && at_root => Some(Said::Status(405)),
            "common.server.version" => Some(Said::Result(json!(series.to_string()))),
            "common.db.login" => Some(Said::Result(json!([1, "the session of a test"]))),
            "common.db.logout" => Some(Said::Result(Value::Null)),
            "model.res.user.warning.skip" => self.accept(warning(call.params.first()?)?),
            "model.res.user.warning.create" => self.accept(warning(&call.params.first()?[0]["name"])?),
            _ => None,
        }
    }

    fn accept(&mut self, name: String) -> Option<Said> {
        self.open.remove(&name).then(|| {
            self.accepted.insert(name);
            Said::Result(json!([1]))
        })
    }

    /// The fields of a model that is searched, for those who choose among them: what the rows say something of, or where
    /// there are no rows, all fields of the schema.
    fn fields_get(&self, call: &Call) -> Option<Said> {
        let model = call.method.strip_suffix(".fields_get").filter(|_| call.params == [Value::Null])?;
        let method = format!("{model}.search_read");
        let searches = || self.expected.iter().filter(|expected| expected.is_for(&method));
        let schema = searches().find_map(|search| search.fields)?;
        let mut rows = searches().flat_map(Expectation::rows_left).peekable();
        let names: Vec<&str> = match rows.peek() {
            Some(_) => rows.flat_map(Map::keys).map(String::as_str).collect(),
            None => schema.all().collect(),
        };
        let definitions = names.into_iter().map(|name| (name.to_owned(), json!({})));
        Some(Said::Result(Value::Object(definitions.collect())))
    }

    /// Notes that the call is not as it should be, for the report, and tells whoever made it.
    fn refuse(&mut self, why: String, call: &Call) -> Error {
        self.unexpected.push(format!("{}: {why}", call.method));
        Error::invalid_request(why)
    }

    /// Why a call is not expected, beside the nearest one that is.
    fn difference(&self, call: &Call) -> String {
        let same_method = self.expected.iter().filter(|expected| expected.is_for(&call.method));
        let nearest = same_method.map(|expected| (expected.differences(call), expected));
        match nearest.min_by_key(|(differences, _)| differences.len()) {
            None => format!("the test expects no call of this method: {call}"),
            Some((differences, expected)) if differences.is_empty() => {
                format!("the test expects no more calls like this, after {}: {call}", expected.came)
            }
            Some((differences, _)) => {
                format!("the test does not expect this call; it differs in\n    {}", differences.join("\n    "))
            }
        }
    }

    /// What has gone otherwise than expected; empty where nothing has.
    pub(super) fn report(&self) -> String {
        let missing = self.expected.iter().filter_map(Expectation::missing);
        let list = |title: &str, items: Vec<String>| match items.is_empty() {
            true => String::new(),
            false => format!("{title}:\n  {}\n", items.join("\n  ")),
        };
        let unexpected = list("calls that the test does not expect", self.unexpected.clone());
        unexpected + &list("calls that the test expects", missing.collect())
    }
}

/// The result of a call that reads these records. What nothing is said of is null in those that are filled in.
fn rows_for(call: &Call, rows: &[Map<String, Value>], is_filled_in: bool) -> Result<Value, String> {
    let number = |index: usize| call.params.get(index).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let (offset, limit) = (number(1).unwrap_or(0), number(2).unwrap_or(usize::MAX));
    let window = || rows.iter().skip(offset).take(limit);
    match call.function() {
        "search_count" => Ok(json!(rows.len())),
        "search" => Ok(window().map(|row| row["id"].clone()).collect()),
        "search_read" => records(window(), call.params.get(4), false),
        _ => records(rows.iter(), call.params.get(1), is_filled_in),
    }
}

fn records<'r>(
    rows: impl Iterator<Item = &'r Map<String, Value>>,
    names: Option<&Value>,
    or_null: bool,
) -> Result<Value, String> {
    let names: Vec<&str> = names.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let missing = |row: &Map<String, Value>, name: String| {
        format!("`{name}` is read, and the row with the id {} says nothing of it: set it, or clear it", row["id"])
    };
    let whole = |row: &Map<String, Value>| {
        let (unsaid, said): (Vec<&str>, Vec<&str>) =
            names.iter().partition(|name| or_null && !name.contains('.') && !row.contains_key(**name));
        let mut sent = project(row, &said).map_err(|name| missing(row, name))?;
        unsaid.into_iter().for_each(|name| sent[name] = Value::Null);
        Ok(sent)
    };
    rows.map(whole).collect()
}

fn failed(failure: Failure, url: &str) -> Result<Answered> {
    let network = |trouble| Err(Error::network(url, trouble).noting("the test wants it so"));
    let said = match failure {
        Failure::Unreachable => return network(Trouble::Unreachable),
        Failure::TimedOut => return network(Trouble::TimedOut),
        Failure::Interrupted => return network(Trouble::Interrupted),
        Failure::Status(status) => Said::Status(status),
        Failure::Concurrency => Said::Error(json!(["ConcurrencyException", "Records have been modified"])),
        Failure::Exception(text) => Said::Error(json!([text, ""])),
    };
    Ok(said.answered(None))
}

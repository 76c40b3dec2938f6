use std::fmt;
use std::io;

use serde_json::{Map, Value};
use tryton_sdk::__pyson::{Env, Expression, Found};
use tryton_sdk::{Date, DateTime, Decode};

use super::expressions;
use super::oracle::{Case, Oracle, Verdict};
use super::random::Random;
use super::values::{self, Mentioned};

/// The values of a record, at a fixed time.
#[derive(Clone, Debug)]
pub struct At<'v> {
    /// The values, in the JSON of the wire.
    pub values: &'v Map<String, Value>,
    /// The time.
    pub now: DateTime,
}

impl<'v> At<'v> {
    /// Creates an environment from values and a time, which is the JSON of a datetime.
    ///
    /// # Errors
    ///
    /// Fails if `now` is not a datetime.
    pub fn new(values: &'v Map<String, Value>, now: &Value) -> Result<Self, serde_json::Error> {
        Ok(At { values, now: DateTime::decode(now)? })
    }
}

impl Env for At<'_> {
    fn get(&self, name: &str) -> Option<Found<'_>> {
        Env::get(self.values, name)
    }

    fn today(&self) -> Date {
        self.now.date()
    }

    fn now(&self) -> DateTime {
        self.now
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The number of cases.
    pub cases: u64,
    /// Both returned the same value.
    pub same: u64,
    /// Both failed.
    pub both_failed: u64,
    /// Python failed because of a part that does not affect the value.
    pub only_python_failed: u64,
    /// Everything else: descriptions of up to twenty cases.
    pub differences: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { cases, same, both_failed, only_python_failed, differences } = self;
        write!(
            f,
            "{cases} cases: {same} with the same value, {both_failed} fail in both, {only_python_failed} fail in Python \
             alone, {} differ",
            cases - same - both_failed - only_python_failed,
        )?;
        differences.iter().try_for_each(|difference| write!(f, "\n{difference}"))
    }
}

impl Tally {
    fn count(&mut self, case: &Case, now: &Value, expected: &Verdict) -> io::Result<()> {
        const SHOWN: usize = 20;
        let at = At::new(&case.environment, now)?;
        let found = Expression::parse(&case.expression).and_then(|expression| expression.value(&at));
        self.cases += 1;
        match (expected, &found) {
            (Verdict::Value(expected), Ok(found)) if is_written_alike(expected, found) => self.same += 1,
            (Verdict::Failed(_), Err(_)) => self.both_failed += 1,
            (Verdict::Failed(_), Ok(_)) => self.only_python_failed += 1,
            _ if self.differences.len() < SHOWN => {
                let environment = Value::Object(case.environment.clone());
                let found = found.map_or_else(|fault| format!("fault: {fault}"), |value| value.to_string());
                self.differences.push(format!(
                    "{}\n  in {environment} at {now}\n  Python: {expected:?}\n  here:   {found}",
                    case.expression
                ));
            }
            _ => (),
        }
        Ok(())
    }
}

/// Compares values as text, which distinguishes integers from floats, and zeros by their sign.
fn is_written_alike(a: &Value, b: &Value) -> bool {
    let texts = [a, b].map(Value::to_string);
    texts[0] == texts[1]
}

/// Compares this many cases, in random environments: half of them expressions of modules, half random expressions.
///
/// # Errors
///
/// Fails if the oracle ends.
pub fn compare(oracle: &mut Oracle, official: &[String], cases: u64, seed: u64) -> io::Result<Tally> {
    const BATCH: usize = 1_000;
    const ENVIRONMENTS: usize = 5;
    let mut random = Random::new(seed);
    let official: Vec<(&String, Mentioned)> = official
        .iter()
        .map(|text| Ok((text, Mentioned::in_expression(&serde_json::from_str(text)?))))
        .collect::<Result<_, serde_json::Error>>()?;
    let mut tally = Tally::default();
    while tally.cases < cases {
        let now = values::datetime(&mut random);
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH {
            if random.percent(50) && !official.is_empty() {
                let (text, mentioned) = random.of(&official);
                batch.push(Case { expression: (*text).clone(), environment: mentioned.environment(&mut random) });
                continue;
            }
            let depth = random.below(5);
            let expression = expressions::expression(&mut random, depth);
            let mentioned = Mentioned::in_expression(&expression);
            let text = expression.to_string();
            batch.extend(
                (0..ENVIRONMENTS)
                    .map(|_| Case { expression: text.clone(), environment: mentioned.environment(&mut random) }),
            );
        }
        for (case, verdict) in batch.iter().zip(oracle.ask(&now, &batch)?) {
            tally.count(case, &now, &verdict)?;
        }
    }
    Ok(tally)
}

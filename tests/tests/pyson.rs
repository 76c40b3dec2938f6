//! PYSON has the values that Tryton's own decoder gives it.

use std::path::Path;
use std::sync::LazyLock;

use tryton_sandbox::{Sandbox, Seed, Server};
use tryton_sdk::__pyson::Expression;
use tryton_sdk_tests::pyson::{At, Oracle, compare, official, vectors};

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Sandbox::default().seed(Seed::None).start().unwrap_or_else(|e| panic!("{e}")));

/// How many expressions the tests of trytond 8.2 evaluate.
const VECTORS: usize = 136;

#[test]
fn tryton_s_own_tests_come_out_the_same() {
    let cases = vectors(SERVER.python(), Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap_or_else(|e| panic!("{e}"));
    assert!(cases.len() >= VECTORS, "trytond's tests evaluate {} expressions only", cases.len());
    for case in cases {
        let at = At::new(&case.environment, &case.now).unwrap_or_else(|e| panic!("{e}"));
        let value = Expression::parse(&case.expression).and_then(|expression| expression.value(&at));
        assert_eq!(value, Ok(case.value), "{} in {:?}", case.expression, case.environment);
    }
}

#[tokio::test]
async fn expressions_have_the_values_of_the_decoders_of_proteus_and_trytond() {
    const CASES: u64 = 6_000;
    let tryton = SERVER.endpoint().client().build().unwrap_or_else(|e| panic!("{e}"));
    let official: Vec<String> = official(&tryton).await.unwrap_or_else(|e| panic!("{e}")).into_iter().collect();
    assert!(official.len() > 500, "the fields have {} expressions only", official.len());
    for (seed, package) in [(1, "proteus"), (2, "trytond")] {
        let mut oracle = Oracle::start(SERVER.python(), package).unwrap_or_else(|e| panic!("{e}"));
        let tally = compare(&mut oracle, &official, CASES, seed).unwrap_or_else(|e| panic!("{e}"));
        assert!(tally.differences.is_empty(), "{package}: {tally}");
        assert!(tally.same > CASES / 2, "too few have a value at all: {tally}");
    }
}

use serde_json::Value;
use tryton_sdk::{
    Binary, Choice, Date, DateTime, Decimal, Decode, Dict, Encode, Error, Id, Projection, Reference, Time, TimeDelta,
};
use tryton_sdk_core::__fuzz::{echo, read};

/// The records that are read.
mod erp {
    use tryton_sdk::types::*;

    tryton_sdk::model! {
        /// Sale
        pub Sale(SaleFields) = "sale.sale" [search];
        settable { id: "id", party: "party", lines: "lines", total: "total", name: "name", state: "state", ratio: "ratio" }
        read_only {}
    }
    /// The fields of [`Sale`].
    #[allow(unreachable_pub, reason = "as in generated code")]
    #[expect(dead_code, reason = "a projection is read, whose types alone look at the fields")]
    pub struct SaleFields {
        /// ID
        pub id: Field<Sale, Id<Sale>>,
        /// Party
        pub party: Field<Sale, Option<Id<Sale>>>,
        /// Lines
        pub lines: Field<Sale, Vec<Id<Sale>>>,
        /// Total
        pub total: Field<Sale, Option<Decimal>>,
        /// Name
        pub name: Field<Sale, Option<String>>,
        /// State
        pub state: Field<Sale, Option<SaleState>>,
        /// Ratio
        pub ratio: Field<Sale, Option<f64>>,
    }

    tryton_sdk::selection! {
        /// State
        pub SaleState {
            /// Draft
            Draft = "draft",
        }
    }
}

/// A record with related ones.
#[derive(Projection)]
#[tryton(model = erp::Sale)]
struct Sale {
    id: Id<erp::Sale>,
    #[tryton(path = "party.name")]
    name: Option<String>,
    #[tryton(path = "party.total")]
    total: Option<Decimal>,
    lines: Vec<Line>,
}

/// A related record.
#[derive(Projection)]
#[tryton(model = erp::Sale)]
struct Line {
    id: Id<erp::Sale>,
    #[tryton(expect)]
    ratio: f64,
    state: Option<erp::SaleState>,
}

/// Reads the input as the body of an answer, into every type that there is.
pub fn answer(input: &[u8]) {
    untyped(input);
    typed::<bool>(input);
    typed::<i64>(input);
    typed::<f64>(input);
    typed::<Decimal>(input);
    typed::<String>(input);
    typed::<Date>(input);
    typed::<DateTime>(input);
    typed::<Time>(input);
    typed::<TimeDelta>(input);
    typed::<Binary>(input);
    typed::<Choice>(input);
    typed::<erp::SaleState>(input);
    typed::<Reference>(input);
    typed::<Dict>(input);
    typed::<Id<erp::Sale>>(input);
    records(input);
}

fn untyped(input: &[u8]) {
    match read::<Value>(input) {
        Ok(value) => comes_back(&value, input),
        Err(error) => is_short(&error),
    }
}

/// As the result itself, as a list, and as what may be null.
fn typed<T: Decode + Encode>(input: &[u8]) {
    match read::<T>(input) {
        Ok(value) => comes_back(&value, input),
        Err(error) => is_short(&error),
    }
    if let Ok(values) = read::<Vec<Option<T>>>(input) {
        comes_back(&values, input);
    }
}

fn records(input: &[u8]) {
    match read::<Vec<Sale>>(input) {
        Ok(sales) => {
            for Sale { id, name, total, lines } in sales {
                comes_back(&(id.get()), input);
                comes_back(&name, input);
                comes_back(&total, input);
                for Line { id, ratio, state } in lines {
                    comes_back(&id.get(), input);
                    comes_back(&ratio, input);
                    comes_back(&state, input);
                }
            }
        }
        Err(error) => is_short(&error),
    }
}

/// What was read is read again from what is sent for it.
fn comes_back<T: Decode + Encode>(value: &T, input: &[u8]) {
    match value.encode() {
        Ok(sent) => {
            let back: T = read(&echo(&sent)).unwrap_or_else(|e| panic!("{e}, after {sent} was read"));
            assert_eq!(back.encode().expect("as before"), sent);
        }
        // A server does not send what it cannot hold, but the fuzzer does.
        Err(error) => {
            let has = |part: &str| input.windows(part.len()).any(|window| window == part.as_bytes());
            assert!(error.is_invalid_request() && has("__class__"), "{error}");
        }
    }
}

/// However long what came is, an error can be logged. A message of the server itself is told whole.
fn is_short(error: &Error) {
    let text = error.to_string();
    assert!(!text.is_empty() && (!error.is_decode() || text.len() < 2_000), "{text}");
}

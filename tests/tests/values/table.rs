//! The table of field types in `docs/fields.md`: which Rust type each one is, and what can be done with it.
//!
//! The names in it are those of methods that the compiler finds for a field of that type, whatever the server does. That
//! it means by them what the SDK says is for the suite, and for that of `live`.

use std::fmt::Write;

use tryton_sdk::{Binary, Choice, Date, DateTime, Decimal, Dict, Domain, Draft, Field, Id, Reference, Time, TimeDelta};

/// What a field of a type is in Rust, and what beside reading and setting can be done with it.
pub(crate) struct Row {
    /// Tryton's name of the type.
    pub(crate) tryton: &'static str,
    /// The Rust type of a required field, and of one that may be null.
    types: [&'static str; 2],
    /// What it is set with.
    set: &'static str,
    /// How domains ask for it.
    filter: &'static str,
    /// How it can be ordered by.
    order: &'static str,
}

const fn row(
    tryton: &'static str,
    types: [&'static str; 2],
    set: &'static str,
    filter: &'static str,
    order: &'static str,
) -> Row {
    Row { tryton, types, set, filter, order }
}

tryton_sdk::marker! {
    /// The model that has the fields, and that they lead to.
    pub M = "any.model";
}

/// A value for code that is compiled and never run.
fn any<T>() -> T {
    unreachable!("only its type counts")
}

/// The names of methods, with a comma between each two.
macro_rules! names {
    ($first:ident $($method:ident)*) => {
        concat!("`", stringify!($first), "`" $(, ", `", stringify!($method), "`")*)
    };
}

/// The names of methods that a field of this type has.
macro_rules! asked {
    ($field:ident: $type:ty => $($method:ident$(::<$of:ty>)?($($argument:expr),*)),+) => {{
        const _: fn(Field<M, $type>) = |$field| { $(let _ = $field.$method$(::<$of>)?($($argument),*);)+ };
        names!($($method)+)
    }};
}

/// The names of methods that a draft has for a field of this type.
macro_rules! changed {
    ($type:ty => $($method:ident($($argument:expr),*)),+) => {{
        const _: fn(Field<M, $type>) = |field| { $(let _ = Draft::new().$method(field $(, $argument)*);)+ };
        names!($($method)+)
    }};
}

macro_rules! ordered {
    ($type:ty) => { asked!(field: $type => asc(), desc()) };
}

/// A type of which a field has one value or none, with what domains ask besides.
macro_rules! scalar {
    ($tryton:literal is $type:ty $(, $method:ident$(::<$of:ty>)?($($argument:expr),*))*) => {
        scalar!($tryton is $type as [stringify!($type), concat!("Option<", stringify!($type), ">")]
            $(, $method$(::<$of>)?($($argument),*))*)
    };
    ($tryton:literal is $type:ty as $types:expr $(, $method:ident$(::<$of:ty>)?($($argument:expr),*))*) => {
        row(
            $tryton,
            $types,
            changed!(Option<$type> => set(any::<$type>()), clear()),
            asked!(field: Option<$type> => is(any::<$type>()), is_in([any::<$type>()]), is_null()
                $(, $method$(::<$of>)?($($argument),*))*),
            ordered!(Option<$type>),
        )
    };
}

macro_rules! compared {
    ($tryton:literal is $type:ty) => {
        scalar!($tryton is $type, lt(any::<$type>()), le(any::<$type>()), gt(any::<$type>()), ge(any::<$type>()))
    };
}

macro_rules! text {
    ($tryton:literal) => { scalar!($tryton is String, like("a%"), ilike("a%"), contains("a"), starts_with("a"), ends_with("a")) };
}

macro_rules! list {
    ($tryton:literal $(, $method:ident($($argument:expr),*))*) => {
        row(
            $tryton,
            ["Vec<Id<M>>", "the same"],
            changed!(Vec<Id<M>> => add([Draft::new()]), link([ID]), unlink([ID]), delete([ID]), update(ID, Draft::new()),
                copy([ID], Draft::new())),
            asked!(field: Vec<Id<M>> => any(Domain::all()), none(Domain::all()), is_null() $(, $method($($argument),*))*),
            NO,
        )
    };
}

const ID: Id<M> = Id::new(1);
const NO: &str = "no";
const DICT: &str = {
    const _: fn(Field<M, Option<Dict>>) = |field| {
        let _ = (field.is_null(), field.key::<i64>("a"));
    };
    "`is_null`, those of `key`"
};

pub(crate) const ROWS: &[Row] = &[
    row(
        "boolean",
        ["bool", "bool"],
        changed!(bool => set(true)),
        asked!(field: bool => is(true), is_in([true])),
        ordered!(bool),
    ),
    compared!("integer" is i64),
    compared!("float" is f64),
    compared!("numeric" is Decimal),
    text!("char"),
    text!("text"),
    text!("full_text"),
    compared!("date" is Date),
    compared!("datetime" is DateTime),
    compared!("timestamp" is DateTime),
    compared!("time" is Time),
    compared!("timedelta" is TimeDelta),
    row(
        "binary",
        ["Binary", "Option<Binary>"],
        changed!(Option<Binary> => set(any::<Binary>()), clear()),
        NO,
        ordered!(Option<Binary>),
    ),
    scalar!("selection" is Choice as ["enum or Choice", "Option<…> of it"]),
    row(
        "multiselection",
        ["Vec<…> of enum or Choice", "the same"],
        changed!(Vec<Choice> => set(["a"])),
        asked!(field: Vec<Choice> => has_any(["a"]), has_none(["a"]), is_null()),
        ordered!(Vec<Choice>),
    ),
    scalar!("reference" is Reference, is_a::<M>(), whose(Domain::<M>::all())),
    row(
        "dict",
        ["Dict", "Option<Dict>"],
        changed!(Option<Dict> => set(Dict::new()), clear()),
        DICT,
        ordered!(Option<Dict>),
    ),
    scalar!("many2one" is Id<M>, whose(Domain::all()), like("a%"), ilike("a%"), child_of([ID], any::<Parent>()),
        parent_of([ID], any::<Parent>())),
    row(
        "one2one",
        ["Id<M>", "Option<Id<M>>"],
        changed!(Option<Id<M>> => set(ID), clear()),
        asked!(field: Option<Id<M>> => is(ID), is_in([ID]), is_null(), whose(Domain::all())),
        NO,
    ),
    list!("one2many"),
    list!("many2many", child_of([ID], any::<Parent>()), parent_of([ID], any::<Parent>())),
];

/// The field that makes the model a hierarchy.
type Parent = Field<M, Option<Id<M>>>;

fn text() -> String {
    let mut text =
        String::from("| Tryton | required | else | changed by | in domains | order |\n|---|---|---|---|---|---|\n");
    for Row { tryton, types: [required, optional], set, filter, order } in ROWS {
        let _ = writeln!(text, "| `{tryton}` | `{required}` | `{optional}` | {set} | {filter} | {order} |");
    }
    text
}

#[test]
fn the_documents_hold_the_table() {
    let document = include_str!("../../../docs/fields.md");
    assert!(document.contains(&text()), "docs/fields.md has to contain this table:\n\n{}", text());
}

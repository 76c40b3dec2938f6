use super::Selection;
use crate::value::{Choice, Decode};

/// The type of a selection field: one of several values, each with a label for people.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is not a selection",
    label = "only the values of a selection have labels"
)]
pub trait Selectable {
    /// One value.
    type Value: Decode;
    /// What its labels are read into: text, of a multi-selection a list.
    type Label;
}

// Of a field that is none, the message above says more.
#[diagnostic::do_not_recommend]
impl<S: Selection> Selectable for S {
    type Value = S;
    type Label = String;
}

impl Selectable for Choice {
    type Value = Choice;
    type Label = String;
}

impl<V: Selectable<Label = String>> Selectable for Vec<V> {
    type Value = V::Value;
    type Label = Vec<String>;
}

use super::Selection;
use crate::value::{Choice, Decode};

/// The type of a selection field: one of several values, each with a label for people.
pub trait Selectable {
    /// One value.
    type Value: Decode;
    /// The type that its labels are read into: text, or a list for a multi-selection.
    type Label;
}

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

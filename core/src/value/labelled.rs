/// One of the choices of a selection field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Labelled<V> {
    /// The value; `None` for the empty choice.
    pub value: Option<V>,
    /// The label, in the language of the client's context.
    pub label: String,
}

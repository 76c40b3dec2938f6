/// One of the choices of a selection field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Labelled<V> {
    /// The value; `None` where the choice is to choose nothing.
    pub value: Option<V>,
    /// How people call it, in the language of the client's context.
    pub label: String,
}

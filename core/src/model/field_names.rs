/// The fields of a model by their technical names.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.category"] } }
/// use erp::PartyCategory;
/// use tryton_sdk::Model;
///
/// assert_eq!(PartyCategory::FIELDS.all().collect::<Vec<_>>(), ["name", "parent", "id"]);
/// assert_eq!(PartyCategory::FIELDS.settable().collect::<Vec<_>>(), ["name", "parent"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldNames {
    // Text with a space after each name, because the compiler takes longer over lists.
    settable: &'static str,
    read_only: &'static str,
}

impl FieldNames {
    #[doc(hidden)]
    pub const fn new(settable: &'static str, read_only: &'static str) -> Self {
        Self { settable, read_only }
    }

    /// Returns all names, starting with the fields that clients can set.
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        self.settable().chain(self.read_only())
    }

    /// Returns the fields that clients can set.
    pub fn settable(self) -> impl Iterator<Item = &'static str> {
        self.settable.split_ascii_whitespace()
    }

    /// Returns the fields that clients cannot set.
    pub fn read_only(self) -> impl Iterator<Item = &'static str> {
        self.read_only.split_ascii_whitespace()
    }
}

//! Conditions on texts.

use super::{Domain, Operator};
use crate::model::{Field, FieldType, Filterable, Nullability, Textual};

/// In a pattern, `%` matches any text, `_` any single character, and `\` escapes them.
///
/// A relation to one record is matched by the record's name.
impl<M, T: FieldType, Q> Field<M, T, Q> {
    /// Matches records whose text matches the pattern (`like`).
    pub fn like(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.matches(Operator::Like, pattern)
    }

    /// Matches records whose text does not match the pattern, or is null (`not like`).
    pub fn not_like(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        !self.like(pattern)
    }

    /// Matches records whose text matches the pattern, ignoring case (`ilike`).
    pub fn ilike(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.matches(Operator::Ilike, pattern)
    }

    /// Matches records whose text does not match the pattern, ignoring case, or is null (`not ilike`).
    pub fn not_ilike(self, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        !self.ilike(pattern)
    }

    /// Matches records whose text contains `text` literally (`like`): `%` and `_` are escaped.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    ///
    /// let discounts = Party::F.name.contains("50%");
    /// assert_eq!(discounts.to_json().to_string(), r#"[["name","like","%50\\%%"]]"#);
    /// ```
    ///
    /// Servers of 6.0 and 7.0 on SQLite cannot escape `%` and `_`: for a text that contains one of them, they find
    /// nothing.
    pub fn contains(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.like(&format!("%{}%", escape(text)))
    }

    /// Matches records whose text contains `text` literally, ignoring case (`ilike`), as expected of a search box.
    /// Otherwise like [`contains`](Self::contains).
    pub fn icontains(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.ilike(&format!("%{}%", escape(text)))
    }

    /// Matches records whose text starts with `text` literally (`like`). Otherwise like [`contains`](Self::contains).
    pub fn starts_with(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.like(&format!("{}%", escape(text)))
    }

    /// Matches records whose text starts with `text` literally, ignoring case (`ilike`). Otherwise like
    /// [`contains`](Self::contains).
    pub fn istarts_with(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.ilike(&format!("{}%", escape(text)))
    }

    /// Matches records whose text ends with `text` literally (`like`). Otherwise like [`contains`](Self::contains).
    pub fn ends_with(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.like(&format!("%{}", escape(text)))
    }

    /// Matches records whose text ends with `text` literally, ignoring case (`ilike`). Otherwise like
    /// [`contains`](Self::contains).
    pub fn iends_with(self, text: &str) -> Domain<M>
    where
        T::Base: Textual,
        Q: Filterable,
    {
        self.ilike(&format!("%{}", escape(text)))
    }

    fn matches(self, operator: Operator, pattern: &str) -> Domain<M>
    where
        T::Base: Textual,
    {
        if T::Base::BY_NAME {
            return Domain::name_of(self.name(), operator, pattern, T::Null::NULLABLE);
        }
        self.clause(operator, Ok(pattern.into()))
    }
}

/// Escapes `%`, `_` and `\`, so that they lose their meaning in a pattern.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_for_itself() {
        assert_eq!(escape("plain"), "plain");
        assert_eq!(escape(r"50% of a_b\c"), r"50\% of a\_b\\c");
    }
}

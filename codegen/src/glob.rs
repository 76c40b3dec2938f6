//! Patterns that select models: `sale.sale`, `sale.*`, `*`.

use crate::suggest;

/// A pattern that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The pattern.
    pub pattern: String,
    /// `did you mean …?`, where it is near to a name.
    pub question: Option<String>,
}

/// The `names` that fit any of `patterns`, in their order; a pattern that fits none is an error.
pub fn select<'a>(
    patterns: &[String],
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<&'a str>, Unmatched> {
    if let Some(pattern) = patterns.iter().find(|pattern| !names.clone().any(|name| matches(pattern, name))) {
        let question = suggest::question(pattern, names);
        return Err(Unmatched { pattern: pattern.clone(), question });
    }
    Ok(names.filter(|name| patterns.iter().any(|pattern| matches(pattern, name))).collect())
}

/// Whether `name` fits `pattern`, where each `*` stands for any text, dots included.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(tail)
}

/// The patterns in `text`, which are separated by commas or blanks.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t', '\n']).filter(|pattern| !pattern.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Unmatched, matches, select, split};

    #[test]
    fn a_name_fits_itself_alone() {
        assert!(matches("sale.sale", "sale.sale"));
        assert!(!matches("sale.sale", "sale.sale.line"));
        assert!(!matches("sale", "sale.sale"));
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*", "sale.sale"));
        assert!(matches("sale.*", "sale.line-account.tax"));
        assert!(!matches("sale.*", "salesman.sale"));
        assert!(matches("*.line", "account.invoice.line"));
        assert!(matches("*.*.line", "account.invoice.line"));
        assert!(!matches("*.*.line", "sale.line"));
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(!matches("a*b*b", "a-b"));
        assert!(matches("sale**", "sale"));
    }

    #[test]
    fn a_star_does_not_use_text_twice() {
        assert!(!matches("sale.sale*sale", "sale.sale"));
    }

    #[test]
    fn a_selection_keeps_the_order_of_the_names() {
        let names = ["sale.line", "sale.sale", "stock.move"];
        let select = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            select(&patterns, names.into_iter())
        };
        assert_eq!(select(&["stock.move", "sale.*", "sale.sale"]), Ok(names.to_vec()));
        let question = Some("did you mean `sale.sale`?".to_owned());
        assert_eq!(select(&["*", "sale.sal"]), Err(Unmatched { pattern: "sale.sal".to_owned(), question }));
    }

    #[test]
    fn lists_are_separated_by_commas_or_blanks() {
        assert_eq!(split(" sale.*, party.party\n,").collect::<Vec<_>>(), ["sale.*", "party.party"]);
    }
}

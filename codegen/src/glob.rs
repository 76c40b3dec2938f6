//! Patterns that select models: `sale.sale`, `sale.*`, `*`; and those that exclude: `!*.reporting.*`.

/// Whether `patterns` select `name`: it matches one of them, and none that excludes, in any order.
///
/// ```
/// use tryton_sdk_codegen::glob::selects;
///
/// assert!(selects(["*", "!*.reporting.*"], "sale.sale"));
/// assert!(!selects(["!*.reporting.*", "*"], "sale.reporting.customer"));
/// ```
pub fn selects<'p>(patterns: impl IntoIterator<Item = &'p str>, name: &str) -> bool {
    let mut is_selected = false;
    for pattern in patterns {
        match excluding(pattern) {
            Some(excluded) if matches(excluded, name) => return false,
            Some(_) => {}
            None => is_selected |= matches(pattern, name),
        }
    }
    is_selected
}

/// Returns what a pattern excludes, if it excludes.
///
/// ```
/// use tryton_sdk_codegen::glob::excluding;
///
/// assert_eq!(excluding("!sale.*"), Some("sale.*"));
/// assert_eq!(excluding("sale.*"), None);
/// ```
pub fn excluding(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('!')
}

/// Whether `name` matches `pattern`, in which each `*` matches any text, dots included.
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

#[cfg(test)]
mod tests {
    use super::{matches, selects};

    #[test]
    fn what_is_excluded_is_not_selected() {
        for (patterns, expected) in [
            (&["*", "!*.reporting.*"][..], ["sale.sale", "sale.line", ""]),
            (&["!*.reporting.*", "sale.*"], ["sale.sale", "sale.line", ""]),
            (&["sale.line", "*.reporting.*", "!*.reporting.x"], ["sale.line", "sale.reporting.y", ""]),
            (&["!sale.*"], ["", "", ""]),
            (&["*", "!*"], ["", "", ""]),
            (&[], ["", "", ""]),
        ] {
            let names = ["sale.sale", "sale.line", "sale.reporting.x", "sale.reporting.y"];
            let selected: Vec<&str> =
                names.into_iter().filter(|name| selects(patterns.iter().copied(), name)).collect();
            let expected: Vec<&str> = expected.into_iter().filter(|name| !name.is_empty()).collect();
            assert_eq!(selected, expected, "{patterns:?}");
        }
    }

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
}

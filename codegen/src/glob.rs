//! Patterns that select models: `sale.sale`, `sale.*`, `*`.

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

#[cfg(test)]
mod tests {
    use super::matches;

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

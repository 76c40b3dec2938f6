//! "Did you mean": finds the known name that is nearest to a mistyped one.

/// Returns `did you mean …?` with the name nearest to `wrong`, or `None` if nothing is near.
pub fn question<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wrong, known).map(|similar| format!("did you mean `{similar}`?"))
}

/// Like [`question`]; if nothing is near, returns all known names after the words `all`.
pub fn or(all: &str, wrong: &str, known: &[&str]) -> String {
    question(wrong, known.iter().copied()).unwrap_or_else(|| format!("{all} `{}`", known.join("`, `")))
}

fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns how many characters must be inserted, removed or replaced to turn `from` into `to`.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_nearest_name() {
        let known = ["sale.line", "sale.sale", "stock.move"];
        assert_eq!(nearest("sale.sal", known), Some("sale.sale"));
        assert_eq!(nearest("sale.lin", known), Some("sale.line"));
        assert_eq!(nearest("stok.move", known), Some("stock.move"));
    }

    #[test]
    fn stays_silent_when_nothing_is_near() {
        assert_eq!(nearest("project.work", ["sale.line", "sale.sale"]), None);
        assert_eq!(nearest("", ["sale.line"]), None);
    }
}

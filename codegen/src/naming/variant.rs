//! Variants of selection enums: from values to CamelCase.

use std::collections::BTreeMap;

use super::{camel, is_identifier, is_part};

/// Names that variants cannot have: the enum's own catch-all, and a keyword.
const RESERVED: [&str; 2] = ["Other", "Self"];

/// Returns the variants for `values`, in order; no two are equal.
///
/// Letters and digits are kept, and punctuation separates words, except for signs that carry meaning (`+`, `%`, a `-`
/// at the beginning …), which are spelled out. If two values would still be one variant, both get all their punctuation
/// spelled out, and then numbers.
pub fn variants(values: &[&str]) -> Vec<String> {
    let short: Vec<String> = values.iter().map(|value| variant(value, meaningful)).collect();
    let long: Vec<String> = values.iter().map(|value| variant(value, spelled)).collect();
    let mut names = choose(&short, &long);
    number(values, &mut names);
    names
}

/// Takes the short names that are unique, and the long ones of all others.
fn choose(short: &[String], long: &[String]) -> Vec<String> {
    let count = |name: &String| short.iter().filter(|other| *other == name).count();
    let pick = |(short, long): (&String, &String)| {
        if count(short) == 1 { short.clone() } else { long.clone() }
    };
    short.iter().zip(long).map(pick).collect()
}

/// Numbers the names that are still equal, in the order of their values: `M`, `M2`.
fn number(values: &[&str], names: &mut [String]) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|at| values[*at]);
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for at in order {
        let base = names[at].clone();
        let mut number = 1;
        while taken.contains_key(&names[at]) {
            number += 1;
            names[at] = format!("{base}{number}");
        }
        taken.insert(names[at].clone(), at);
    }
}

/// Returns one value as a variant, with the signs that `spell` selects written as words.
fn variant(value: &str, spell: fn(&str, usize, char) -> bool) -> String {
    let mut words = String::new();
    for (at, c) in value.char_indices() {
        if (is_part(c) && c != '_') || !spell(value, at, c) {
            words.push(c);
        } else {
            words.push(' ');
            words.push_str(&word(c));
            words.push(' ');
        }
    }
    let name = camel(&words);
    if RESERVED.contains(&name.as_str()) {
        format!("{name}Value")
    } else if is_identifier(&name) {
        name
    } else {
        format!("N{name}")
    }
}

/// Whether a sign carries meaning in this position.
fn meaningful(value: &str, at: usize, c: char) -> bool {
    match c {
        '_' | '.' | ',' | ':' | ';' | '/' | '|' | '(' | ')' | '[' | ']' | '\'' | '"' => {
            value.chars().all(|c| !is_part(c) || c == '_')
        }
        '-' => at == 0 || at + 1 == value.len(),
        _ => !c.is_whitespace(),
    }
}

/// Spells out every sign.
fn spelled(_value: &str, _at: usize, _c: char) -> bool {
    true
}

/// Returns a sign as a word.
fn word(c: char) -> String {
    let word = match c {
        '+' => "Plus",
        '-' => "Minus",
        '*' => "Star",
        '/' => "Slash",
        '\\' => "Backslash",
        '=' => "Equal",
        '<' => "Less",
        '>' => "Greater",
        '!' => "Not",
        '?' => "Question",
        '%' => "Percent",
        '&' => "And",
        '|' => "Bar",
        '#' => "Hash",
        '@' => "At",
        '$' => "Dollar",
        '^' => "Caret",
        '~' => "Tilde",
        '.' => "Dot",
        ',' => "Comma",
        ':' => "Colon",
        ';' => "Semicolon",
        '_' => "Underscore",
        '\'' => "Quote",
        '"' => "DoubleQuote",
        '`' => "Backtick",
        '(' => "Open",
        ')' => "Close",
        '[' => "OpenBracket",
        ']' => "CloseBracket",
        '{' => "OpenBrace",
        '}' => "CloseBrace",
        '°' => "Degree",
        '€' => "Euro",
        c if c.is_whitespace() => "Space",
        c => return format!("U{:04X}", u32::from(c)),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::variants;

    fn one(value: &str) -> String {
        variants(&[value]).remove(0)
    }

    #[test]
    fn words() {
        assert_eq!(one("draft"), "Draft");
        assert_eq!(one("partially_paid"), "PartiallyPaid");
        assert_eq!(one("not activated"), "NotActivated");
        assert_eq!(one("off-balance"), "OffBalance");
        assert_eq!(one("ir.trigger|trigger_time"), "IrTriggerTriggerTime");
        assert_eq!(one("Europe/Paris"), "EuropeParis");
        assert_eq!(one("in"), "In");
        assert_eq!(one("été"), "Été");
    }

    #[test]
    fn signs_and_digits() {
        assert_eq!(variants(&["+", "-"]), ["Plus", "Minus"]);
        assert_eq!(variants(&["1", "-1", "0"]), ["N1", "Minus1", "N0"]);
        assert_eq!(variants(&["Etc/GMT+1", "Etc/GMT-1"]), ["EtcGMTPlus1", "EtcGMT1"]);
        assert_eq!(one("90 days"), "N90Days");
        assert_eq!(one("50%"), "N50Percent");
        assert_eq!(one("_"), "Underscore");
        assert_eq!(one("."), "Dot");
        assert_eq!(one("☃"), "U2603");
    }

    #[test]
    fn reserved_names() {
        assert_eq!(variants(&["other", "self"]), ["OtherValue", "SelfValue"]);
    }

    #[test]
    fn values_that_look_alike_are_spelled_out() {
        assert_eq!(variants(&["a b", "a_b", "ab"]), ["ASpaceB", "AUnderscoreB", "Ab"]);
        assert_eq!(variants(&["m", "M"]), ["M2", "M"]);
        assert_eq!(variants(&["m", "M", "M2"]), ["M3", "M", "M2"]);
        assert_eq!(variants(&["m", "M2", "M"]), ["M3", "M2", "M"]);
    }

    #[test]
    fn the_order_of_values_changes_no_name() {
        let mut back = variants(&["x.y", "x-y", "X_y", "+"]);
        back.reverse();
        assert_eq!(back, variants(&["+", "X_y", "x-y", "x.y"]));
    }
}

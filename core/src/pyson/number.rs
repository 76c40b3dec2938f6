//! Python's numbers, and their comparison by exact values.

use std::cmp::Ordering;

use super::value::Val;
use crate::value::Decimal;

#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    /// Reads an integer, a float or a boolean, which is an integer in Python. Decimals are excluded.
    pub(super) fn of(value: &Val<'_>) -> Option<Self> {
        match value {
            Val::Bool(flag) => Some(Number::Int((*flag).into())),
            Val::Int(number) => Some(Number::Int(*number)),
            Val::Float(number) => Some(Number::Float(*number)),
            _ => None,
        }
    }

    /// Returns the order of two numbers; `None` if one of them is NaN.
    pub(super) fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
            (Number::Int(a), Number::Float(b)) => int_and_float(a, b),
            (Number::Float(a), Number::Int(b)) => int_and_float(b, a).map(Ordering::reverse),
        }
    }

    /// Whether it equals a decimal.
    pub(super) fn is(self, decimal: &Decimal) -> bool {
        let text = match self {
            Number::Int(number) => number.to_string(),
            // All digits of a float. A decimal has at most 1,000, so a float with more is another number.
            Number::Float(number) if number.is_finite() => format!("{number:.1100}").trim_end_matches('0').to_owned(),
            Number::Float(_) => return false,
        };
        text.parse::<Decimal>().is_ok_and(|number| number == *decimal)
    }
}

fn int_and_float(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // A float beyond an i128 becomes the outermost one, which no 64-bit integer equals.
    let whole = float.trunc() as i128;
    Some(int.cmp(&whole).then_with(|| 0.0_f64.total_cmp(&(float.fract() + 0.0))))
}

/// Converts a text to a number as Python's `float` does.
pub(super) fn float_of(text: &str) -> Option<f64> {
    let is_blank = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let text = text.trim_matches(is_blank);
    if !text.contains('_') {
        return text.parse().ok();
    }
    // Python ignores an underscore between two digits.
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let between_digits = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let fits = text.match_indices('_').all(|(at, _)| between_digits(at));
    fits.then(|| text.replace('_', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_are_compared_exactly() {
        use Ordering::{Equal, Greater, Less};
        for (int, float, order) in [
            (1, 1.0, Some(Equal)),
            (0, -0.0, Some(Equal)),
            (0, -0.5, Some(Greater)),
            (0, 0.5, Some(Less)),
            (-1, -1.5, Some(Greater)),
            (9_007_199_254_740_993, 9_007_199_254_740_992.0, Some(Greater)),
            (u64::MAX.into(), 18_446_744_073_709_551_616.0, Some(Less)),
            (u64::MAX.into(), f64::INFINITY, Some(Less)),
            (i64::MIN.into(), f64::NEG_INFINITY, Some(Greater)),
            (i64::MIN.into(), -1e300, Some(Greater)),
            (1, f64::NAN, None),
        ] {
            assert_eq!(Number::Int(int).order(Number::Float(float)), order, "{int} and {float}");
            let reversed = order.map(Ordering::reverse);
            assert_eq!(Number::Float(float).order(Number::Int(int)), reversed, "{float} and {int}");
        }
    }

    #[test]
    fn floats_equal_decimals_by_their_exact_values() {
        for (float, decimal, same) in [
            (0.5, "0.50", true),
            (1.1, "1.1", false),
            (1.1, "1.100000000000000088817841970012523233890533447265625", true),
            (1e22, "1E+22", true),
            (1e23, "1E+23", false),
            (-0.0, "0.00", true),
            (5e-324, "0", false),
            (f64::MAX, "1", false),
            (f64::INFINITY, "1", false),
            (f64::NAN, "0", false),
        ] {
            let decimal: Decimal = decimal.parse().unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(Number::Float(float).is(&decimal), same, "{float} and {decimal}");
        }
        assert!(Number::Int(12).is(&Decimal::from(12)) && !Number::Int(12).is(&Decimal::from(-12)));
    }

    #[test]
    fn texts_are_numbers_as_python_reads_them() {
        for (text, number) in [
            (" 2\n", Some(2.0)),
            ("\x1f-2.5e1", Some(-25.0)),
            ("1_000.5", Some(1000.5)),
            ("+.5", Some(0.5)),
            ("5.", Some(5.0)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("", None),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("1_.5", None),
            ("0x10", None),
            ("1,5", None),
            ("two", None),
        ] {
            assert_eq!(float_of(text), number, "{text:?}");
        }
    }
}

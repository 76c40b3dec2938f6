//! Parses the text of a number into an exact [`Decimal`].

use std::fmt;
use std::str::FromStr;

use bigdecimal::BigDecimal;

use super::{Decimal, Repr};

/// The error for a text or number that cannot be converted, or not exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDecimalError {
    text: String,
    reason: &'static str,
}

impl ParseDecimalError {
    pub(super) fn new(text: &str, reason: &'static str) -> Self {
        const SHOWN: usize = 40;
        Self { text: text.chars().take(SHOWN).collect(), reason }
    }
}

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.text, self.reason)
    }
}

impl std::error::Error for ParseDecimalError {}

/// The maximum number of digits on each side of the decimal point. Longer numbers are rejected before they are built,
/// because `1E+999999999` is a short text but a huge number.
pub(super) const MAX_DIGITS: i64 = 1_000;

const NO_NUMBER: &str = "is not a decimal number";
const NOT_FINITE: &str = "is not a finite number, and a `Decimal` always is";
const TOO_LONG: &str = "has more than 1,000 digits before or after the decimal point";

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        if let Some(number) = usual(text.as_bytes()) {
            return Ok(number);
        }
        let fails = |reason| ParseDecimalError::new(text, reason);
        let parts = Parts::of(text).ok_or_else(|| fails(if is_special(text) { NOT_FINITE } else { NO_NUMBER }))?;
        let exponent = parts.exponent().filter(|exponent| parts.fits(*exponent)).ok_or_else(|| fails(TOO_LONG))?;
        // This parser rejects numbers that do not fit; the crate's general parser would round them.
        let small = if exponent == 0 { rust_decimal::Decimal::from_str_exact(parts.mantissa).ok() } else { None };
        let number = match small {
            Some(small) => Self(Repr::Small(small)),
            None => Self::shrink(BigDecimal::from_str(text).map_err(|_| fails(NO_NUMBER))?),
        };
        Ok(if text.starts_with('-') { number.below_zero() } else { number })
    }
}

/// Parses a number in the usual form, such as `12.50`, in one pass.
pub(super) fn usual(text: &[u8]) -> Option<Decimal> {
    /// Integers with at most this many digits fit into 64 bits.
    const SHORT: usize = 18;
    let ([b'0'..=b'9'] | [b'0'..=b'9', .., b'0'..=b'9']) = text else { return None };
    let (mut number, mut point) = (0_i64, None);
    for (at, byte) in text.iter().enumerate().take(SHORT + 2) {
        match byte {
            b'0'..=b'9' => number = number.wrapping_mul(10).wrapping_add(i64::from(byte - b'0')),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let digits = text.len() - usize::from(point.is_some());
    let decimals = point.map_or(0, |point| text.len() - point - 1);
    (digits <= SHORT).then(|| Decimal(Repr::Small(rust_decimal::Decimal::new(number, decimals as u32))))
}

/// Returns whether the text is one of Python's special values: `NaN`, `-sNaN12`, `Infinity`.
fn is_special(text: &str) -> bool {
    let word = text.trim_start_matches(['+', '-']).trim_end_matches(|digit: char| digit.is_ascii_digit());
    ["nan", "snan", "inf", "infinity"].iter().any(|special| word.eq_ignore_ascii_case(special))
}

/// The parts of `-12.50E+3`: the mantissa `-12.50` with the digits `12` and `50`, and the exponent `+3`.
struct Parts<'t> {
    mantissa: &'t str,
    whole: &'t str,
    fraction: &'t str,
    exponent: Option<&'t str>,
}

impl<'t> Parts<'t> {
    /// Splits a text. Returns `None` if it does not have the form of a number.
    fn of(text: &'t str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let (whole, fraction) = unsigned(mantissa).split_once('.').unwrap_or((unsigned(mantissa), ""));
        let has_digits = !(whole.is_empty() && fraction.is_empty()) && is_digits(whole) && is_digits(fraction);
        let has_exponent = exponent.map(unsigned).is_none_or(|digits| !digits.is_empty() && is_digits(digits));
        (has_digits && has_exponent).then_some(Self { mantissa, whole, fraction, exponent })
    }

    /// Returns the exponent, or `None` if it does not fit into 64 bits.
    fn exponent(&self) -> Option<i64> {
        self.exponent.map_or(Some(0), |exponent| exponent.parse().ok())
    }

    /// Returns whether the number stays within the bounds when written without its exponent.
    fn fits(&self, exponent: i64) -> bool {
        let length = |digits: &str| i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let bounds = -MAX_DIGITS..=MAX_DIGITS;
        if length(self.whole) > 2 * MAX_DIGITS
            || length(self.fraction) > 2 * MAX_DIGITS
            || exponent.abs() > 4 * MAX_DIGITS
        {
            return false;
        }
        let decimals = length(self.fraction) - exponent;
        let before_the_point = match self.whole.trim_start_matches('0') {
            "" => length(self.fraction.trim_start_matches('0')) - decimals,
            whole => length(whole) + exponent,
        };
        bounds.contains(&decimals) && before_the_point <= MAX_DIGITS
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn what_python_writes_is_read_exactly() {
        for (text, shown) in [
            ("1.20", "1.20"),
            ("0E-8", "0.00000000"),
            ("0E+3", "0"),
            ("0E+40", "0"),
            ("-0E-40", "-0.0000000000000000000000000000"),
            ("1E+3", "1000"),
            ("-0.05", "-0.05"),
            ("-0.00", "-0.00"),
            ("-0E-8", "-0.00000000"),
            ("123456789012345678901234567890.12", "123456789012345678901234567890.12"),
            ("3.333333333333333333333333333E-11", "0.00000000003333333333333333333333333333"),
            ("79228162514264337593543950336", "79228162514264337593543950336"),
        ] {
            assert_eq!(decimal(text).to_string(), shown);
        }
    }

    #[test]
    fn what_is_shown_can_be_read_up_to_the_bounds() {
        for text in ["1E+999", "-1E-1000", "9.99E+999", "0E-1000", "0E+1000", "123.456E-997"] {
            let number = decimal(text);
            assert_eq!(decimal(&number.to_string()), number, "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_numbers_or_bombs_are_refused() {
        for (texts, reason) in [
            (&["", "1,5", "1_000", "--1", "1e", ".", "e5", "１", " 1", "1E+-5", "0x1"][..], NO_NUMBER),
            (&["NaN", "-NaN", "sNaN", "NaN123", "Infinity", "-Infinity", "inf"], NOT_FINITE),
            (&["1E+999999999", "1E+1000", "1E-1001", "0E-99999999999999999999", "0E+1001"], TOO_LONG),
        ] {
            for text in texts {
                assert_eq!(text.parse::<Decimal>().map_err(|e| e.reason), Err(reason), "{text}");
            }
        }
        let long = "9".repeat(1_000_000);
        assert_eq!(long.parse::<Decimal>(), Err(ParseDecimalError::new(&long, TOO_LONG)));
    }
}

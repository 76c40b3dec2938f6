//! Rounding and division, exact up to the last digit kept.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};

use super::parse::MAX_DIGITS;
use super::{Decimal, Repr};

/// A rounding strategy, with the names of Python's `decimal` without `ROUND_`.
///
/// ```
/// use tryton_sdk::{Decimal, Rounding};
///
/// let tax: Decimal = "2.665".parse()?;
/// assert_eq!(tax.round(2).to_string(), "2.66");
/// assert_eq!(tax.round_with(2, Rounding::HalfUp).to_string(), "2.67");
/// assert_eq!((-tax).round_with(2, Rounding::Ceiling).to_string(), "-2.66");
/// # Ok::<(), tryton_sdk::error::ParseDecimalError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// To the nearest; ties to even. Tryton's default.
    #[default]
    HalfEven,
    /// To the nearest; ties away from zero.
    HalfUp,
    /// To the nearest; ties towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero: truncates further digits.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl Rounding {
    /// Returns the quotient of two non-negative numbers, rounded to an integer. `negative` is the sign of the result.
    fn quotient(self, numerator: &BigInt, denominator: &BigInt, negative: bool) -> BigInt {
        let (quotient, rest) = (numerator / denominator, numerator % denominator);
        if rest.sign() == Sign::NoSign {
            return quotient;
        }
        let half = (rest * 2_u8).cmp(denominator);
        let is_away = match self {
            Self::HalfEven => half.is_gt() || (half.is_eq() && quotient.bit(0)),
            Self::HalfUp => half.is_ge(),
            Self::HalfDown => half.is_gt(),
            Self::Up => true,
            Self::Down => false,
            Self::Ceiling => !negative,
            Self::Floor => negative,
        };
        if is_away { quotient + 1_u8 } else { quotient }
    }
}

impl Decimal {
    /// Returns the number with exactly this many decimals, rounded half to even like Python's `round`.
    ///
    /// At most 1,000 decimals are kept.
    ///
    /// ```
    /// use tryton_sdk::Decimal;
    ///
    /// let price: Decimal = "2.5".parse()?;
    /// assert_eq!(price.round(0).to_string(), "2");
    /// assert_eq!(price.round(2).to_string(), "2.50");
    /// assert_eq!(format!("{:.2}", "1.999".parse::<Decimal>()?), "2.00");
    /// # Ok::<(), tryton_sdk::error::ParseDecimalError>(())
    /// ```
    #[must_use]
    pub fn round(&self, places: u32) -> Self {
        self.round_with(places, Rounding::default())
    }

    /// Returns the number with exactly this many decimals, rounded with a strategy.
    #[must_use]
    pub fn round_with(&self, places: u32, rounding: Rounding) -> Self {
        self.divided(&BigInt::from(1), 0, false, places, rounding)
    }

    /// Returns the quotient with this many decimals, rounded once with a strategy; `None` for a division by zero.
    ///
    /// There is no operator `/`, because most quotients have infinitely many digits: the caller must choose the last one.
    ///
    /// ```
    /// use tryton_sdk::{Decimal, Rounding};
    ///
    /// let third = Decimal::from(100).checked_div(&Decimal::from(3), 2, Rounding::HalfEven);
    /// assert_eq!(third.map(|third| third.to_string()).as_deref(), Some("33.33"));
    /// assert_eq!(Decimal::from(1).checked_div(&Decimal::from(0), 2, Rounding::HalfEven), None);
    /// ```
    #[must_use]
    pub fn checked_div(&self, by: &Self, places: u32, rounding: Rounding) -> Option<Self> {
        if by.is_zero() {
            return None;
        }
        let (divisor, scale) = by.to_big().into_bigint_and_scale();
        Some(self.divided(&magnitude(divisor), scale, by.is_negative(), places, rounding))
    }

    /// Returns the quotient of this number and `divisor` · 10^-`scale`. `negative` is the divisor's sign.
    fn divided(&self, divisor: &BigInt, scale: i64, negative: bool, places: u32, rounding: Rounding) -> Self {
        let places = i64::from(places).min(MAX_DIGITS);
        let negative = negative != self.is_negative();
        let (digits, own_scale) = self.to_big().into_bigint_and_scale();
        let (mut numerator, mut denominator) = (magnitude(digits), divisor.clone());
        let shift = places + scale - own_scale;
        let power = BigInt::from(10).pow(u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX));
        *if shift < 0 { &mut denominator } else { &mut numerator } *= power;
        let quotient = rounding.quotient(&numerator, &denominator, negative);
        let rounded = Self::shrink(BigDecimal::new(quotient, places));
        if negative { -rounded } else { rounded }
    }

    /// Returns whether it has a minus sign, which zero may have too.
    pub(super) fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(small) => small.is_sign_negative(),
            Repr::Big(big) => big.sign() == Sign::Minus,
        }
    }
}

fn magnitude(digits: BigInt) -> BigInt {
    if digits.sign() == Sign::Minus { -digits } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    const ALL: [Rounding; 7] = [
        Rounding::HalfEven,
        Rounding::HalfUp,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
        Rounding::Ceiling,
        Rounding::Floor,
    ];

    /// Expects the results of Python's `Decimal(…).quantize(Decimal('0.01'), rounding=…)`, in the order of `ALL`.
    #[test]
    fn every_strategy_gives_what_python_gives() {
        for (text, rounded) in [
            ("1.999", ["2.00", "2.00", "2.00", "2.00", "1.99", "2.00", "1.99"]),
            ("2.665", ["2.66", "2.67", "2.66", "2.67", "2.66", "2.67", "2.66"]),
            ("2.675", ["2.68", "2.68", "2.67", "2.68", "2.67", "2.68", "2.67"]),
            ("-2.665", ["-2.66", "-2.67", "-2.66", "-2.67", "-2.66", "-2.66", "-2.67"]),
            ("-0.001", ["-0.00", "-0.00", "-0.00", "-0.01", "-0.00", "-0.00", "-0.01"]),
            ("-0", ["-0.00"; 7]),
            ("7", ["7.00"; 7]),
        ] {
            let number = decimal(text);
            assert_eq!(ALL.map(|rounding| number.round_with(2, rounding).to_string()), rounded, "{text}");
            // The same number with so many digits that it is stored on the heap.
            let long = decimal("100000000000000000000000000000");
            let sum = if text.starts_with('-') { &number - &long } else { &number + &long };
            for (rounding, small) in ALL.into_iter().zip(rounded) {
                let big = sum.round_with(2, rounding).to_string();
                let places = small.trim_start_matches('-');
                assert!(big.ends_with(&places[places.len() - 3..]), "{text} {rounding:?}: {big} as {small}");
            }
        }
    }

    #[test]
    fn a_format_rounds_half_to_even_and_keeps_its_flags() {
        for (text, shown) in [
            ("1.999", "2.00|   2.0|+2.0|002|2....."),
            ("2.29", "2.29|   2.3|+2.3|002|2....."),
            ("-0.25", "-0.25|  -0.2|-0.2|-00|-0...."),
            ("79228162514264337593543950335.35", {
                "79228162514264337593543950335.35|79228162514264337593543950335.4|+79228162514264337593543950335.4|\
                 79228162514264337593543950335|79228162514264337593543950335"
            }),
        ] {
            let number = decimal(text);
            assert_eq!(format!("{number:.2}|{number:6.1}|{number:+.1}|{number:03.0}|{number:.<6.0}"), shown);
        }
        let (third, zeros) = (decimal("0.3333333333333333333333333333"), "0".repeat(12));
        assert_eq!(format!("{third:.40}"), format!("{third}{zeros}"));
        assert_eq!(format!("{:.40}|{:.1200}", decimal("0"), decimal("1")).len(), 42 + 1 + 1202);
    }

    #[test]
    fn quotients_are_rounded_once() {
        for (a, b, places, quotient) in [
            ("1", "3", 30, "0.333333333333333333333333333333"),
            ("2", "3", 2, "0.67"),
            ("-1", "8", 2, "-0.12"),
            ("1E+30", "7", 0, "142857142857142857142857142857"),
            ("0", "-3", 1, "-0.0"),
            // If it were rounded to one digit first, it would become 0.5, and then 0 or 1.
            ("0.4499999999", "1", 0, "0"),
            ("1E-30", "1E+30", 60, "0.000000000000000000000000000000000000000000000000000000000001"),
        ] {
            let result = decimal(a).checked_div(&decimal(b), places, Rounding::HalfEven);
            assert_eq!(result.expect("no zero").to_string(), quotient, "{a} / {b}");
        }
        for zero in ["0", "-0.00", "0E+30"] {
            assert_eq!(decimal("1").checked_div(&decimal(zero), 2, Rounding::Up), None);
        }
    }
}

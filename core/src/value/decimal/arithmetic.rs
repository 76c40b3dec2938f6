//! Exact addition, subtraction and multiplication of decimals.

use std::borrow::Borrow;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use bigdecimal::BigDecimal;

use super::{Decimal, Repr};

impl Decimal {
    fn combine(
        &self,
        other: &Self,
        small: fn(rust_decimal::Decimal, rust_decimal::Decimal) -> Option<rust_decimal::Decimal>,
        big: fn(BigDecimal, BigDecimal) -> BigDecimal,
    ) -> Self {
        if let (Repr::Small(a), Repr::Small(b)) = (&self.0, &other.0)
            && let Some(exact) = small(*a, *b)
        {
            return Self(Repr::Small(exact));
        }
        Self::shrink(big(self.to_big(), other.to_big()))
    }

    fn plus(&self, other: &Self) -> Self {
        // The crate's sum has the larger scale unless it does not fit; then the crate rounds, so the scale is checked.
        self.combine(other, |a, b| a.checked_add(b).filter(|sum| sum.scale() == a.scale().max(b.scale())), Add::add)
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus(&-other.clone())
    }

    fn times(&self, other: &Self) -> Self {
        self.combine(
            other,
            |a, b| a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale()),
            Mul::mul,
        )
    }
}

// A value and a reference cannot be mixed: otherwise the compiler could not infer the type in `price + text.parse()?`.
macro_rules! operators {
    ($($operator:ident::$method:ident is $way:ident;)+) => { $(
        impl $operator for Decimal {
            type Output = Self;

            fn $method(self, other: Self) -> Self {
                self.$way(&other)
            }
        }

        impl $operator for &Decimal {
            type Output = Decimal;

            fn $method(self, other: Self) -> Decimal {
                self.$way(other)
            }
        }
    )+ };
}
operators! {
    Add::add is plus;
    Sub::sub is minus;
    Mul::mul is times;
}

impl<D: Borrow<Decimal>> AddAssign<D> for Decimal {
    fn add_assign(&mut self, other: D) {
        *self = self.plus(other.borrow());
    }
}

impl<D: Borrow<Decimal>> SubAssign<D> for Decimal {
    fn sub_assign(&mut self, other: D) {
        *self = self.minus(other.borrow());
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        match self.0 {
            Repr::Small(small) => Self(Repr::Small(-small)),
            Repr::Big(big) => Self(Repr::Big(Box::new(-*big))),
        }
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::default(), Add::add)
    }
}

impl<'d> Sum<&'d Decimal> for Decimal {
    fn sum<I: Iterator<Item = &'d Self>>(items: I) -> Self {
        items.fold(Self::default(), |sum, item| sum.plus(item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn arithmetic_is_exact_beyond_28_digits() {
        let long = decimal("0.3333333333333333333333333333");
        assert_eq!((&long + &decimal("1000")).to_string(), "1000.3333333333333333333333333333");
        assert_eq!((&long * &long).to_string().len(), 58);
        let (big, small) = (decimal("-123456789012345678901234567890.125"), decimal("2.25"));
        assert_eq!(format!("{big:.2}|{small:>8.1}"), "-123456789012345678901234567890.12|     2.2");
        assert_eq!(decimal("1.50"), decimal("1.5"));
        assert!(decimal("-1") < long - decimal("0.1"));
    }

    #[test]
    fn sums_are_the_same_by_value_by_reference_and_in_place() {
        let prices = ["1.10", "-0.35", "123456789012345678901234567890.125"].map(decimal);
        let total: Decimal = prices.iter().sum();
        assert_eq!(total.to_string(), "123456789012345678901234567890.875");
        assert_eq!(prices.clone().into_iter().sum::<Decimal>(), total);
        let mut rest = Decimal::default();
        prices.iter().for_each(|price| rest += price);
        assert_eq!(rest, total);
        rest -= total;
        assert!(rest.is_zero() && decimal("-0.00").is_zero() && !decimal("0.01").is_zero(), "{rest}");
    }
}

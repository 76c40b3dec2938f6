//! Looking for the ends of strings, eight bytes at a time, and of numbers.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// The place of the first byte from `at` on that is a quote, a backslash or a control character; the end where there is none.
#[inline]
pub(super) fn end(text: &[u8], mut at: usize) -> usize {
    let mut rest = text.get(at..).unwrap_or_default();
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let found = special(u64::from_le_bytes(*eight));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
        rest = behind;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    at + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// The high bit of each byte that is special, up to the first of them; those behind it may be others.
#[inline]
fn special(eight: u64) -> u64 {
    let zeros = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes;
    let quotes = zeros(eight ^ (ONES * u64::from(b'"')));
    let backslashes = zeros(eight ^ (ONES * u64::from(b'\\')));
    let controls = eight.wrapping_sub(ONES * 0x20) & !eight;
    (quotes | backslashes | controls) & HIGH
}

/// `value` with the digits behind it that begin at `at`, and where they end. Of more than 19 digits in all it is of no use.
#[inline]
pub(super) fn digits(text: &[u8], mut at: usize, mut value: u64) -> (u64, usize) {
    while let Some(digit @ b'0'..=b'9') = text.get(at) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (value, at)
}

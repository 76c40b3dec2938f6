/// Returns a hash of texts (FNV-1a) that is the same in every run and on every machine.
pub(crate) fn fingerprint<T: AsRef<[u8]>>(texts: &[T]) -> u64 {
    texts
        .iter()
        .flat_map(|text| text.as_ref())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(&["foo", "bar"]), 0x8594_4171_f739_67e8);
    }
}

//! Fuzzes what reads snapshots and makes code of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tryton_sdk_fuzz::snapshot(input));

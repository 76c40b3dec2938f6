//! Fuzzes what reads answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tryton_sdk_fuzz::answer(input));

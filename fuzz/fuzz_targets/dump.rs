#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| ascend_fuzz::dump::read(file));

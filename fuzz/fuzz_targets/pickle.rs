//! The pickle machine: the input is the description in an archive that is in order.
#![no_main]

#[path = "../../tests/common/torch_zip.rs"]
#[allow(dead_code, reason = "the tests describe tensors with it, too")]
mod torch_zip;

libfuzzer_sys::fuzz_target!(|description: &[u8]| {
    let storage = [0x3c; 64];
    ascend_fuzz::read_bytes(&torch_zip::zip(&[
        ("archive/data.pkl", description),
        ("archive/data/0", &storage),
        ("archive/data/1", &storage[..4]),
        ("archive/data/2", &[]),
    ]));
});

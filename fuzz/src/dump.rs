//! What a user does with a dump file: reads it, takes the elements out, and writes it again.

use std::hint::black_box;

use ascend_graph::dump::{DumpFile, DumpName};

/// Reads a file, and what it writes again.
pub fn read(file: &[u8]) {
    if let Ok(name) = std::str::from_utf8(file) {
        black_box(DumpName::parse(name).map(|name| name.to_string()));
    }
    match DumpFile::read(file) {
        Ok(dump) => {
            for tensor in dump.inputs.iter().chain(&dump.outputs) {
                black_box(tensor.elements().ok());
            }
            let rope = dump.to_rope().expect("types that were read have numbers");
            let again = DumpFile::read(&rope.to_bytes()).expect("what was written is sound");
            assert_eq!(again, dump);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

//! What a user does with a checkpoint, an ONNX file, a compiled model or a dump, done to whatever a fuzzer makes up.

pub mod dump;
pub mod om;
pub mod onnx;
pub mod picture;

use std::fmt::Write;
use std::hint::black_box;

use ascend_rt::Result;
use ascend_rt::weights::{Checkpoint, DataType, Mode, OpenOptions, Tensor};

/// Small, so that a file which evades it is seen by the fuzzer's own limit.
const MEMORY: usize = 16 << 20;

/// Opens a file in each mode and looks at all there is in it.
pub fn read(open: impl Fn(&OpenOptions) -> Result<Checkpoint>) {
    for mode in [Mode::Weights, Mode::Model] {
        match open(&OpenOptions::new().mode(mode).memory_limit(MEMORY)) {
            Ok(checkpoint) => look(&checkpoint),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// The same for a file in memory.
pub fn read_bytes(file: &[u8]) {
    // `Bytes` shares it between the modes
    read(|options| options.from_bytes(file.to_vec()));
}

fn look(checkpoint: &Checkpoint) {
    let mut text = String::new();
    write!(text, "{checkpoint:?} {}", checkpoint.report()).unwrap();
    black_box((text, checkpoint.shared()));
    for tensor in checkpoint.tensors() {
        let found = checkpoint.tensor(tensor.name()).unwrap();
        assert_eq!(found.path(), tensor.path());
    }
    // tensors that repeat a few bytes are small in the file alone: a second's work is enough
    let mut left = MEMORY;
    for tensor in checkpoint.in_file_order().chain(checkpoint.beside()) {
        match left.checked_sub(tensor.nbytes()) {
            Some(rest) => left = rest,
            None => break,
        }
        touch(&tensor);
    }
}

fn touch(tensor: &Tensor<'_>) {
    let bytes = tensor.bytes();
    assert_eq!(bytes.len(), tensor.nbytes());
    assert_eq!(tensor.shared_bytes(), *bytes);
    let mut copy = vec![0; bytes.len()];
    tensor.copy_to(&mut copy).unwrap();
    assert_eq!(copy, *bytes);
    black_box((tensor.statistics(), tensor.quantisation(), tensor.strides()));
    black_box(tensor.cast(DataType::F16).is_ok());
    black_box(tensor.to_f32().is_ok());
}

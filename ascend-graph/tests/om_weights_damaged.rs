//! Weights of `.om` files whose layout, shape, place and bytes contradict each other.

#[path = "common/packing.rs"]
mod packing;

use ascend_graph::om::{ShapeDef, TensorDescriptor};
use ascend_graph::{DataType, ErrorKind};
use packing::{Case, check_refusals, constant_of, fractal_z};

const FORMAT: ErrorKind = ErrorKind::Format;
const UNSUPPORTED: ErrorKind = ErrorKind::Unsupported;

#[test]
fn layouts_that_contradict_the_shape_are_named() {
    let good = || fractal_z([16, 16, 3, 3], 1, 2, 16).0;
    let no_matrix = good().layout("FRACTAL_NZ").origin("ND", &[]);
    let mut halves = good();
    halves.dtype = DataType::I4;
    let mut wide_blocks = good();
    wide_blocks.format_number = Some(0x0f00_0004);
    check_refusals([
        (
            good().layout("FRACTAL_Z:0"),
            FORMAT,
            "has the layout `FRACTAL_Z:0`, where a number of groups follows",
        ),
        (
            good().layout("FRACTAL_Z:-1"),
            FORMAT,
            "has the layout `FRACTAL_Z:-1`",
        ),
        (
            good().layout("FRACTAL_Z:x"),
            FORMAT,
            "has the layout `FRACTAL_Z:x`",
        ),
        (
            good().layout("FRACTAL_Z:7"),
            FORMAT,
            "has 16 outputs, which 7 groups do not divide",
        ),
        (
            good().layout("FRACTAL_Z:18446744073709551615"),
            FORMAT,
            "which 18446744073709551615 groups do not divide",
        ),
        (
            good().layout("FRACTAL_ZY"),
            FORMAT,
            "has the unknown layout `FRACTAL_ZY`",
        ),
        (
            good().layout("FRACTAL_Z_3D"),
            UNSUPPORTED,
            "is laid out as FRACTAL_Z_3D, and how to undo that is not known",
        ),
        (
            good().dims(&[10, 1, 16, 16]),
            FORMAT,
            "has the shape [10, 1, 16, 16], but [16, 16, 3, 3] takes 2304 elements in the layout FRACTAL_Z",
        ),
        (
            good().dims(&[9, 1, 16, 15]),
            FORMAT,
            "has blocks of 15 channels, which is no power of two",
        ),
        (
            good().origin("NCHW", &[16, 16, 4, 4]),
            FORMAT,
            "has 4608 bytes, but its shape [16, 16, 4, 4] takes 8192",
        ),
        (
            good().origin("NCHW", &[16, 16, 1, 1]),
            FORMAT,
            "has 4608 bytes, but its shape [16, 16, 1, 1] takes 512",
        ),
        (
            good().origin("ND", &[16, 144]),
            UNSUPPORTED,
            "had 2 axes before it was laid out",
        ),
        (
            good().origin("NDHWC", &[16, 16, 3, 3]),
            UNSUPPORTED,
            "was laid out as NDHWC before",
        ),
        (
            good().origin("NCWH", &[16, 16, 3, 3]),
            FORMAT,
            "has the unknown layout `NCWH`",
        ),
        (
            no_matrix,
            FORMAT,
            "is laid out as matrices, but has no axes",
        ),
        (
            halves,
            UNSUPPORTED,
            "has elements of type int4, which are not of 1, 2, 4 or 8 bytes",
        ),
        (
            wide_blocks,
            FORMAT,
            "has 4608 bytes, but its shape [16, 16, 3, 3] takes",
        ),
    ]);
}

#[test]
fn shapes_that_no_constant_has_are_named() {
    let plain = |dims: &[i64]| Case::new("plain", "ND", dims, vec![0; 8]);
    check_refusals([
        (
            plain(&[1 << 62, 4]),
            FORMAT,
            "has the shape [4611686018427387904, 4], more than memory can hold",
        ),
        (
            plain(&[-1]),
            FORMAT,
            "has the shape [-1], which no constant can have",
        ),
        (
            plain(&[-2]),
            FORMAT,
            "has the shape [-2], which no constant can have",
        ),
        (
            plain(&[0]),
            FORMAT,
            "has 8 bytes, but its shape [0] takes 0",
        ),
        (
            plain(&vec![1; 1_000_000]),
            FORMAT,
            "1] and 999984 more axes takes 2",
        ),
        (
            plain(&[5]),
            FORMAT,
            "has 8 bytes, but its shape [5] takes 10",
        ),
        (
            plain(&[3]),
            FORMAT,
            "has 8 bytes, but its shape [3] takes 6",
        ),
    ]);
}

#[test]
fn places_outside_of_the_weights_are_named() {
    for (offset, length, dtype, expected) in [
        (
            -1,
            8,
            1,
            "its 8 bytes at -1 lead outside of the 520 bytes of weights",
        ),
        (512, -8, 1, "its -8 bytes at 512 lead outside"),
        (513, 8, 1, "its 8 bytes at 513 lead outside"),
        (
            i64::MAX,
            i64::MAX,
            1,
            "lead outside of the 520 bytes of weights",
        ),
        (512, 8, 99, "has the unknown element type 99"),
        (512, 0, 1, "has 0 bytes, but its shape [2] takes 8"),
    ] {
        let descriptor = TensorDescriptor {
            dtype,
            shape: Some(ShapeDef { dim: vec![2] }),
            layout: "ND".to_owned(),
            weight_size: length,
            data_offset: offset,
            ..TensorDescriptor::default()
        };
        let constant = constant_of(descriptor, vec![0; 520]);
        let message = constant.unpack().unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        assert_eq!(constant.name, "w", "the rest is still told");
    }
}

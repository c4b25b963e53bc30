//! Operators that the engine has no such form of.

use ascend_graph::onnx::Attribute;

use super::rewrites::{Case, case};
use super::*;

/// What the engine lacks.
#[allow(clippy::too_many_lines, reason = "a table")]
pub(super) fn cases() -> Vec<Case> {
    let text = Attribute::string;
    let row = |elements: Vec<f32>| vec![f32s(&[1, 1, 1, elements.len()], elements)];
    let boxes = [0., 0., 4., 4., 4., 4., 0., 1., 8., 8., 9., 9.];
    vec![
        Case {
            attributes: vec![
                text("mode", "cubic"),
                text("coordinate_transformation_mode", "asymmetric"),
            ],
            inputs: row(vec![0., 4., 0., 0.]),
            constants: vec![f32s(&[0], []), f32s(&[4], [1., 1., 1., 2.])],
            // Halfway the four neighbours count -3/32, 19/32, 19/32 and -3/32.
            output: f32s(&[1, 1, 1, 8], [0., 2.375, 4., 2.375, 0., -0.375, 0., 0.]),
            ..case("cubic interpolation", 11, "Resize")
        },
        Case {
            attributes: vec![
                text("mode", "linear"),
                text("coordinate_transformation_mode", "tf_crop_and_resize"),
            ],
            inputs: row(vec![0., 1., 2., 3., 4.]),
            constants: vec![
                f32s(&[8], [0., 0., 0., 0.25, 1., 1., 1., 0.75]),
                f32s(&[0], []),
                i64s(&[4], [1, 1, 1, 5]),
            ],
            output: f32s(&[1, 1, 1, 5], [1., 1.5, 2., 2.5, 3.]),
            ..case("a window that is enlarged", 11, "Resize")
        },
        Case {
            attributes: vec![text("mode", "nearest"), text("nearest_mode", "ceil")],
            inputs: row(vec![1., 2., 3.]),
            constants: vec![f32s(&[0], []), f32s(&[4], [1., 1., 1., 1.7])],
            output: f32s(&[1, 1, 1, 5], [1., 2., 2., 3., 3.]),
            ..case("nearest at an odd scale", 13, "Resize")
        },
        Case {
            attributes: vec![text("mode", "nearest")],
            inputs: row(vec![1., 2., 3., 4.]),
            constants: vec![f32s(&[0], []), f32s(&[0], []), i64s(&[4], [1, 1, 1, 14])],
            // The eleventh lies between two, of which the left one counts.
            output: f32s(
                &[1, 1, 1, 14],
                [1., 1., 1., 1., 2., 2., 2., 3., 3., 3., 3., 4., 4., 4.],
            ),
            ..case("nearest for an odd size", 13, "Resize")
        },
        Case {
            inputs: vec![f32s(&[5], [0.5, 1.5, 2.5, -0.5, 300.])],
            constants: vec![
                f32s(&[], [1.]),
                Tensor {
                    dtype: DataType::U8,
                    dims: vec![],
                    bytes: vec![10],
                },
            ],
            output: Tensor {
                dtype: DataType::U8,
                dims: vec![5],
                bytes: vec![10, 12, 12, 10, 255],
            },
            ..case("halves become even", 13, "QuantizeLinear")
        },
        Case {
            attributes: vec![Attribute::ints("axes", [1]), Attribute::int("keepdims", 0)],
            inputs: vec![bools(&[2, 2], &[true, false, false, false])],
            output: bools(&[2], &[true, false]),
            ..case("the greatest of bool", 13, "ReduceMax")
        },
        Case {
            inputs: vec![f32s(&[2, 2], [1., 2., 3., 4.])],
            constants: vec![i64s(&[2], [1, 2]), f32s(&[], [9.]), i64s(&[1], [-1])],
            output: f32s(&[2, 5], [9., 1., 2., 9., 9., 9., 3., 4., 9., 9.]),
            ..case("one axis padded", 18, "Pad")
        },
        Case {
            inputs: vec![f32s(&[2, 3], [1., 3., 3., 2., 0., 1.])],
            output: f32s(&[2, 3], [0., 1., 0., 1., 0., 0.]),
            ..case("one for the first of the greatest", 13, "Hardmax")
        },
        Case {
            attributes: vec![Attribute::int("center_point_box", 0)],
            // The second is the first with swapped corners, cut off; the third lies elsewhere.
            inputs: vec![
                f32s(&[1, 3, 4], boxes),
                f32s(&[1, 2, 3], [0.5, 0.9, 0.7, 0.8, 0.1, 0.3]),
            ],
            constants: vec![i64s(&[1], [i64::MAX]), f32s(&[1], [0.5]), f32s(&[1], [0.2])],
            output: i64s(&[4, 3], [0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 2]),
            ..case("the best boxes of two classes", 11, "NonMaxSuppression")
        },
        Case {
            inputs: vec![
                f32s(&[1, 2, 4], [0., 0., 1., 1., 4., 4., 5., 5.]),
                f32s(&[1, 1, 2], [f32::NEG_INFINITY, 0.5]),
            ],
            constants: vec![i64s(&[1], [5]), f32s(&[1], [0.5])],
            output: i64s(&[2, 3], [0, 0, 1, 0, 0, 0]),
            ..case("a box with the least score", 11, "NonMaxSuppression")
        },
        Case {
            attributes: vec![text("mode", "nearest"), text("padding_mode", "zeros")],
            inputs: vec![
                f32s(&[1, 1, 1, 3], [1., 2., 3.]),
                f32s(&[1, 1, 4, 2], [-0.7, 0., 0.1, 0., 0.99, 0.4, 1.5, 0.]),
            ],
            output: f32s(&[1, 1, 1, 4], [1., 2., 3., 0.]),
            ..case("the nearest sample", 16, "GridSample")
        },
    ]
}

/// Layers with one unit and one input, so that the formulas are those of plain numbers.
pub(super) fn recurrent_cases() -> Vec<Case> {
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    let x = || vec![f32s(&[3, 1, 1], [0.5, -1., 2.])];
    let (mut plain, mut gru, mut lstm) = (vec![0.0_f32], vec![0.0_f32], vec![0.0_f32]);
    let mut cell = 0.0;
    for x in [0.5_f32, -1., 2.] {
        let last = plain[plain.len() - 1];
        plain.push((0.8 * x + 0.6 * last + 0.1 - 0.2).tanh());
        let last = gru[gru.len() - 1];
        let (update, reset) = (sigmoid(0.1 * x + 0.2 * last), sigmoid(0.3 * x + 0.4 * last));
        let fresh = (0.5 * x + 0.9 * (reset * last) + 0.7).tanh();
        gru.push((1.0 - update) * fresh + update * last);
        let last = lstm[lstm.len() - 1];
        let gates = [0.1_f32, 0.2, 0.3].map(|weight| sigmoid(weight * x + 2.0 * weight * last));
        cell = gates[2] * cell + gates[0] * (0.4 * x + 0.8 * last).tanh();
        lstm.push(gates[1] * cell.tanh());
    }
    let lengths = || Tensor {
        dtype: DataType::I32,
        dims: vec![1],
        bytes: 2_i32.to_ne_bytes().to_vec(),
    };
    let hidden = || vec![Attribute::int("hidden_size", 1)];
    let all = |y: &[f32]| f32s(&[3, 1, 1, 1], y.to_vec());
    vec![
        Case {
            attributes: hidden(),
            inputs: x(),
            constants: vec![
                f32s(&[1, 1, 1], [0.8]),
                f32s(&[1, 1, 1], [0.6]),
                f32s(&[1, 2], [0.1, -0.2]),
            ],
            output: all(&plain[1..]),
            ..case("a plain recurrent layer", 14, "RNN")
        },
        Case {
            attributes: hidden(),
            inputs: x(),
            constants: vec![
                f32s(&[1, 3, 1], [0.1, 0.3, 0.5]),
                f32s(&[1, 3, 1], [0.2, 0.4, 0.9]),
                f32s(&[1, 6], [0., 0., 0.3, 0., 0., 0.4]),
            ],
            output: all(&gru[1..]),
            ..case("GRU that resets before it multiplies", 11, "GRU")
        },
        Case {
            attributes: hidden(),
            inputs: x(),
            constants: vec![
                f32s(&[1, 4, 1], [0.1, 0.2, 0.3, 0.4]),
                f32s(&[1, 4, 1], [0.2, 0.4, 0.6, 0.8]),
                f32s(&[1, 8], [0.; 8]),
                lengths(),
            ],
            output: all(&[lstm[1], lstm[2], 0.0]),
            ..case("LSTM of a sequence that ends earlier", 11, "LSTM")
        },
    ]
}

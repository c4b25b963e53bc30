//! Shapes of inputs and outputs.

use ascend_graph::ErrorKind;
use ascend_graph::onnx::{Attribute, Builder, Dim};

use super::*;

/// Pools `[n, 3, h, w]` and sums it with a bias of the same batch.
fn model() -> Model {
    let mut graph = Builder::new("open", 11);
    let x = graph.input(
        "x",
        DataType::F32,
        &["n".into(), 3.into(), Dim::Unknown, Dim::Unknown],
    );
    let bias = graph.input(
        "bias",
        DataType::F32,
        &["n".into(), 1.into(), 1.into(), 1.into()],
    );
    let window = [
        Attribute::ints("kernel_shape", [2, 2]),
        Attribute::ints("strides", [2, 2]),
    ];
    let pooled = graph.node("MaxPool", "pool", &[&x], window);
    graph.node_to("Add", "sum", &[&pooled, &bias], &["y"], []);
    graph.output(
        "y",
        DataType::F32,
        &["n".into(), 3.into(), Dim::Unknown, Dim::Unknown],
    );
    graph.node_to("Shape", "shape", &[&x], &["shape_of_x"], []);
    graph.output("shape_of_x", DataType::I64, &[4.into()]);
    graph.build().expect("the graph is sound")
}

fn output_dims(summary: &Summary, index: usize) -> Vec<i64> {
    summary.outputs[index]
        .dims
        .iter()
        .flatten()
        .map(|dim| dim.fixed().unwrap_or(-1))
        .collect()
}

#[test]
fn open_axes_stay_open_and_fixed_ones_are_followed() {
    for (shapes, input, output) in [
        (&[][..], [-1, 3, -1, -1], [-1, 3, -1, -1]),
        (&[("x", &[-1, 3, 8, 10][..])], [-1, 3, 8, 10], [-1, 3, 4, 5]),
        (&[("x", &[2, 3, -1, 10])], [2, 3, -1, 10], [2, 3, -1, 5]),
        (&[("", &[4, 3, 8, 8])], [4, 3, 8, 8], [4, 3, 4, 4]),
        (
            &[("bias", &[5, 1, 1, 1]), ("x", &[-1, -1, 8, 8])],
            [5, 3, 8, 8],
            [5, 3, 4, 4],
        ),
    ] {
        let (file, summary) = compiled_for(&model(), shapes).expect("it compiles");
        assert_eq!(output_dims(&summary, 0), output, "{shapes:?}");
        assert_eq!(output_dims(&summary, 1), [4]);
        let om = OmModel::open(&file).expect("it opens");
        assert_eq!(om.io.inputs[0].dims, input);
        assert_eq!(
            om.io.inputs[1].dims,
            [input[0], 1, 1, 1],
            "a name means one extent"
        );
        assert_eq!(om.io.outputs[0].dims, output);
    }
}

#[test]
fn wrong_shapes_are_named() {
    for (shapes, expected) in [
        (
            &[("z", &[1][..])][..],
            "the model has no input `z`; its inputs are `x`, `bias`",
        ),
        (
            &[("x", &[1, 3, 8])],
            "input `x` has 4 axes, but its shape has 3",
        ),
        (
            &[("x", &[1, 4, 8, 8])],
            "axis 1 of input `x` is 3 in the model, but 4 was asked for",
        ),
        (&[("x", &[0, 3, 8, 8])], "axis 0 of input `x` cannot be 0"),
        (
            &[("x", &[2, 3, 8, 8]), ("bias", &[3, 1, 1, 1])],
            "axis 0 of input `bias` is 2 in the model, but 3",
        ),
        (
            &[("x", &[1 << 40, 3, 8, 8])],
            "is larger than 4294967296 bytes",
        ),
        (&[("x", &[i64::MAX, 3, i64::MAX, 8])], "is larger than"),
    ] {
        let error = compiled_for(&model(), shapes).expect_err("the shapes are wrong");
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn open_axes_of_a_huge_input_are_not_tried() {
    let mut graph = Builder::new("huge", 11);
    let dims = ["n".into(), Dim::Unknown, Dim::Unknown, (1 << 28).into()];
    let x = graph.input("x", DataType::F32, &dims);
    graph.node_to("Relu", "relu", &[&x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let error = compiled(&graph.build().expect("sound")).expect_err("it is too large");
    assert!(error.to_string().contains("too large to try"), "{error}");
}

#[test]
fn shapes_that_depend_on_elements_are_open() {
    let mut graph = Builder::new("count", 13);
    let x = graph.input("x", DataType::F32, &[4.into(), 5.into()]);
    graph.node_to("NonZero", "find", &[&x], &["found"], []);
    graph.output("found", DataType::I64, &[2.into(), Dim::Unknown]);
    graph.node_to("Relu", "relu", &[&x], &["y"], []);
    graph.output("y", DataType::F32, &[4.into(), 5.into()]);
    let (file, summary) = compiled(&graph.build().expect("sound")).expect("it compiles");
    assert_eq!(output_dims(&summary, 0), [2, -1]);
    assert_eq!(output_dims(&summary, 1), [4, 5]);
    let mut elements = [0.0; 20];
    elements[7] = 2.5;
    let outputs = load(&file)
        .expect("it loads")
        .run(vec![f32s(&[4, 5], elements)])
        .expect("it runs");
    assert_eq!(outputs[0], i64s(&[2, 1], [1, 2]));
}

#[test]
fn a_batch_that_is_baked_in_is_found() {
    let mut graph = Builder::new("baked", 11);
    let x = graph.input("x", DataType::F32, &["n".into(), 4.into()]);
    let bytes = [1_i64, 4]
        .into_iter()
        .flat_map(i64::to_le_bytes)
        .collect::<Vec<_>>();
    let shape = graph.initializer("shape", DataType::I64, &[2], bytes.into());
    graph.node_to("Reshape", "flatten", &[&x, &shape], &["y"], []);
    graph.output("y", DataType::F32, &["n".into(), 4.into()]);
    let model = graph.build().expect("sound");
    let message = compiled(&model)
        .expect_err("it runs with one batch only")
        .to_string();
    assert!(message.contains("flatten (Reshape)"), "{message}");
    assert!(compiled_for(&model, &[("x", &[1, 4])]).is_ok());
}

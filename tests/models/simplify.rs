//! Models give the same before and after they are simplified.

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Builder, Model, simplify};
use ascend_rt::convert::{self, InputShape, Options};
use ascend_rt::{Input, Tensor};

use super::common::shared;
use super::session;

/// The outputs of a model for `input`, in the model's order.
fn outputs(model: &Model, input: &Tensor) -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let folder = tempfile::tempdir().unwrap();
    let (onnx, om) = (folder.path().join("net.onnx"), folder.path().join("net.om"));
    std::fs::write(&onnx, model.to_rope().to_bytes()).unwrap();
    convert::convert(&onnx, &om, &Options::default()).unwrap();
    let mut session = session(&om).unwrap();
    let given: Input<'_> = input.as_input().unwrap();
    let outputs = session.run(&[given]).unwrap();
    let names = model.outputs().unwrap().into_iter();
    names
        .map(|output| {
            let found = outputs.by_name(&output.name).unwrap();
            let array = found.array::<f32>().unwrap();
            (
                output.name,
                found.shape().to_vec(),
                array.iter().copied().collect(),
            )
        })
        .collect()
}

/// Asserts that the outputs stay, bit for bit, and gives the nodes before and after.
fn assert_same(name: &str, model: &Model, input: &Tensor) -> (usize, usize) {
    let mut simple = model.clone();
    let done = simplify(&mut simple).unwrap();
    assert_eq!(outputs(&simple, input), outputs(model, input), "{name}");
    (done.nodes_before, done.nodes_after)
}

#[test]
fn resnets_give_the_same_simplified() {
    for name in ["t113", "t215"] {
        let Some(file) = shared(&format!("resnet/resnet18_w12.{name}.onnx")) else {
            return;
        };
        let input = Tensor::read_npy(file.with_file_name("input_64_f32.npy")).unwrap();
        let mut model = Model::read(&std::fs::read(&file).unwrap().into()).unwrap();
        assert_same(name, &model, &input);
        let shape: InputShape = "input:3,3,64,64".parse().unwrap();
        let mut inputs = model.inputs().unwrap();
        ascend_graph::onnx::fix_inputs(&mut inputs, &[shape]).unwrap();
        model.set_inputs(&inputs);
        assert_same(name, &model, &input);
    }
}

/// The graphs that exporters write for shapes that depend on the input's, for a free or a fixed batch.
fn shaped(batch: Option<i64>) -> Model {
    let ints = |values: &[i64]| -> bytes::Bytes {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        bytes.collect::<Vec<u8>>().into()
    };
    let floats = |count: usize| -> bytes::Bytes {
        let numbers = (0..count).map(|place| ((place * 7 % 13) as f32 - 6.0) / 8.0);
        numbers
            .flat_map(f32::to_le_bytes)
            .collect::<Vec<u8>>()
            .into()
    };
    let mut graph = Builder::new("shaped", 11);
    let dim = batch.map_or_else(|| "batch".into(), Into::into);
    let x = graph.input("x", DataType::F32, &[dim, 3.into(), 8.into(), 8.into()]);
    let kernel = graph.initializer("kernel", DataType::F32, &[4, 3, 3, 3], floats(108));
    let pads = [
        Attribute::ints("pads", [1; 4]),
        Attribute::ints("strides", [2, 2]),
    ];
    let features = graph.node("Conv", "conv", &[&x, &kernel], pads);
    let dropped = graph.node("Dropout", "dropout", &[&features], []);
    let shape = graph.node("Shape", "shape", &[&dropped], []);
    let index = |graph: &mut Builder, name: &str, value: i64| {
        let index = graph.initializer(&format!("{name}_index"), DataType::I64, &[], ints(&[value]));
        let extent = graph.node("Gather", &format!("{name}_gather"), &[&shape, &index], []);
        let axes = [Attribute::ints("axes", [0])];
        graph.node("Unsqueeze", &format!("{name}_extent"), &[&extent], axes)
    };
    let batch = index(&mut graph, "batch", 0);
    let channels = index(&mut graph, "channels", 1);
    let height = index(&mut graph, "height", 2);
    let width = index(&mut graph, "width", 3);
    let area = graph.node("Mul", "area", &[&height, &width], []);
    let axis = || [Attribute::int("axis", 0)];
    let target = graph.node("Concat", "target", &[&batch, &channels, &area], axis());
    let rows = graph.node("Reshape", "rows", &[&dropped, &target], []);
    // A transposed weight, a half of it by a slice whose bound is computed, and a table that is added.
    let weight = graph.initializer("weight", DataType::F32, &[5, 16], floats(80));
    let turned = graph.node("Transpose", "turned", &[&weight], []);
    let scores = graph.node("MatMul", "scores", &[&rows, &turned], []);
    let two = graph.initializer("two", DataType::I64, &[1], ints(&[2]));
    let half = graph.node("Div", "half", &[&channels, &two], []);
    let zero = graph.initializer("zero", DataType::I64, &[1], ints(&[0]));
    let one = graph.initializer("one", DataType::I64, &[1], ints(&[1]));
    let part = graph.node("Slice", "part", &[&scores, &zero, &half, &one], []);
    let table = graph.initializer("table", DataType::F32, &[5], floats(5));
    let root = graph.node("Abs", "root", &[&table], []);
    let scaled = graph.node("Add", "scaled", &[&part, &root], []);
    let kept = graph.node("Identity", "kept", &[&scaled], []);
    graph.node_to("Identity", "out", &[&kept], &["y"], []);
    graph.node_to("Relu", "relu", &[&kept], &["z"], []);
    graph.node("Exp", "unread", &[&kept], []);
    for name in ["y", "z"] {
        graph.output(
            name,
            DataType::F32,
            &["batch".into(), "rows".into(), 5.into()],
        );
    }
    graph.build().unwrap()
}

#[test]
fn graphs_with_computed_shapes_give_the_same_simplified() {
    let numbers = (0..2 * 3 * 64_u16).map(|place| f32::from(place % 29) - 14.0);
    let input = Tensor {
        dtype: DataType::F32,
        shape: vec![2, 3, 8, 8].into(),
        bytes: numbers
            .flat_map(f32::to_le_bytes)
            .collect::<Vec<u8>>()
            .into(),
    };
    for (name, batch) in [("a free batch", None), ("a fixed batch", Some(2))] {
        let (before, after) = assert_same(name, &shaped(batch), &input);
        // The convolution, both products of shapes, the slice, the sum and what reads it.
        assert_eq!((before, after), (24, 6), "{name}");
    }
}

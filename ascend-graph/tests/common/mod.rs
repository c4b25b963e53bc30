//! Files that the tests read and models that they build.
#![allow(dead_code, reason = "each test file uses its own part of what is here")]

use std::path::Path;

use ascend_graph::om::{Format, InOut, IoTensor, Program, Split, WeightFiles, split_weights};
use ascend_graph::onnx::{Attribute, Builder, Model};
use ascend_graph::{DataType, Error, Rope};
use bytes::Bytes;

/// Gives a file of the tests' own or of the fixture folder, or `None` (and says so) where that is absent.
pub(crate) fn fixture(name: &str) -> Option<Bytes> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures");
    if let Ok(file) = std::fs::read(tests.join(name)) {
        return Some(file.into());
    }
    if !shared.is_dir() {
        eprintln!("skipped: no fixture folder with {name}");
        return None;
    }
    let file = std::fs::read(shared.join(name));
    Some(
        file.unwrap_or_else(|error| panic!("fixture {name}: {error}"))
            .into(),
    )
}

pub(crate) fn f32_bytes(values: impl IntoIterator<Item = f32>) -> Bytes {
    let bytes: Vec<u8> = values.into_iter().flat_map(f32::to_le_bytes).collect();
    bytes.into()
}

/// A small classifier: convolution, `ReLU`, reshape by a constant shape, dense layer, softmax.
pub(crate) fn classifier() -> Model {
    let mut graph = Builder::new("classifier", 11);
    let x = graph.input(
        "x",
        DataType::F32,
        &["batch".into(), 1.into(), 4.into(), 4.into()],
    );
    let kernel = f32_bytes((0..18_u8).map(f32::from));
    let kernel = graph.initializer("kernel", DataType::F32, &[2, 1, 3, 3], kernel);
    let pads = [
        Attribute::ints("kernel_shape", [3, 3]),
        Attribute::ints("pads", [1, 1, 1, 1]),
    ];
    let features = graph.node("Conv", "conv", &[&x, &kernel], pads);
    let active = graph.node("Relu", "relu", &[&features], []);
    let shape: Vec<u8> = [-1_i64, 32]
        .into_iter()
        .flat_map(i64::to_le_bytes)
        .collect();
    let shape = graph.initializer("shape", DataType::I64, &[2], shape.into());
    let flat = graph.node("Reshape", "flat", &[&active, &shape], []);
    let dense = graph.initializer(
        "dense",
        DataType::F32,
        &[32, 64],
        f32_bytes(vec![0.5; 2048]),
    );
    let scores = graph.node("MatMul", "scores", &[&flat, &dense], []);
    graph.node_to(
        "Softmax",
        "softmax",
        &[&scores],
        &["y"],
        [Attribute::int("axis", 1)],
    );
    graph.output("y", DataType::F32, &["batch".into(), 64.into()]);
    graph.build().expect("the classifier is sound")
}

pub(crate) fn classifier_io() -> InOut {
    let x = IoTensor {
        ranges: vec![[1, -1], [1, 1], [4, 4], [4, 4]],
        ..IoTensor::new("x", DataType::F32, Format::NCHW, &[-1, 1, 4, 4])
    };
    let y = IoTensor::new("y", DataType::F32, Format::ND, &[-1, 64]);
    InOut {
        inputs: vec![x],
        outputs: vec![y],
        ..InOut::default()
    }
}

pub(crate) fn compile(model: &Model, split: &Split, io: &InOut) -> Result<Rope, Error> {
    Program {
        name: "classifier",
        model,
        split,
        io,
        aipp: &[],
        files: WeightFiles::None,
        soc_version: "AscendCpu",
        tool_version: "0.1.0",
        command_line: "ascend convert classifier.onnx",
        memory_bytes: 4096,
        program_version: "1",
        programs: &[split.model.to_rope()],
        onnx: None,
    }
    .to_rope()
}

pub(crate) fn classifier_file() -> Bytes {
    let model = classifier();
    let split = split_weights(&model).expect("the weights are sound");
    compile(&model, &split, &classifier_io())
        .expect("the classifier compiles")
        .to_bytes()
}

//! Broken and hostile files.

use ascend_graph::ErrorKind;
use ascend_graph::onnx::{Attribute, Builder};

use super::*;

fn model() -> Model {
    let mut graph = Builder::new("small", 11);
    let x = graph.input(
        "x",
        DataType::F32,
        &["n".into(), 1.into(), 4.into(), 4.into()],
    );
    let bytes = [0.5_f32; 18]
        .into_iter()
        .flat_map(f32::to_le_bytes)
        .collect::<Vec<_>>();
    let kernel = graph.initializer("kernel", DataType::F32, &[2, 1, 3, 3], bytes.into());
    let features = graph.node(
        "Conv",
        "conv",
        &[&x, &kernel],
        [Attribute::ints("pads", [1, 1, 1, 1])],
    );
    let flat = graph.node("Flatten", "flat", &[&features], []);
    graph.node_to(
        "Softmax",
        "softmax",
        &[&flat],
        &["y"],
        [Attribute::int("axis", 1)],
    );
    graph.output("y", DataType::F32, &["n".into(), 32.into()]);
    graph.build().expect("the graph is sound")
}

fn faulty(change: impl FnOnce(&mut ascend_graph::onnx::Graph)) -> String {
    let mut model = model();
    change(model.graph.as_mut().expect("a graph"));
    let error = compiled(&model).expect_err("the graph has a fault");
    assert!(
        matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Format),
        "{error}"
    );
    error.to_string()
}

#[test]
fn faults_of_the_graph_are_named() {
    let cycle = faulty(|graph| graph.node[0].input[0] = graph.node[1].output[0].clone());
    assert!(cycle.contains("cycle: conv → flat → conv"), "{cycle}");
    let missing = faulty(|graph| graph.initializer.clear());
    assert!(
        missing.contains("`conv`") && missing.contains("`kernel`"),
        "{missing}"
    );
    let short = faulty(|graph| graph.initializer[0].raw_data = Bytes::from_static(&[0; 4]));
    assert!(
        short.contains("`kernel`") && short.contains("4 bytes"),
        "{short}"
    );
}

#[test]
fn no_damaged_file_causes_a_panic() {
    let onnx = model().to_rope().to_bytes();
    let (om, _) = compiled(&model()).expect("it compiles");
    for index in 0..onnx.len() {
        for mask in [0x01, 0x10, 0x80] {
            let mut damaged = onnx.to_vec();
            damaged[index] ^= mask;
            let _ = compile(
                &damaged.into(),
                &CompileOptions::default(),
                &mut std::io::sink(),
            );
        }
    }
    let input = || f32s(&[2, 1, 4, 4], [0.25; 32]);
    for index in (0..om.len()).rev().take(1500) {
        let mut damaged = om.to_vec();
        damaged[index] ^= 0x11;
        if let Ok(program) = load(&damaged.into()) {
            let _ = program.run(vec![input()]);
        }
    }
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let error = compile(
        &Bytes::from_static(b"PK\x03\x04"),
        &CompileOptions::default(),
        &mut std::io::sink(),
    );
    assert_eq!(error.expect_err("no model").kind(), ErrorKind::Format);
}

#[test]
fn a_failing_writer_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = compile_model(model(), &CompileOptions::default(), &mut Full)
        .expect_err("nothing was written");
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(std::error::Error::source(&error).is_some());
}

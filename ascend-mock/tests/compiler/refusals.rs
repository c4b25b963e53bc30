//! What cannot be computed rightly is refused by node name.

use ascend_graph::ErrorKind;
use ascend_graph::onnx::{Attribute, Builder, Node};

use super::*;

fn refused(model: &Model) -> CompileError {
    let error = compiled(model).expect_err("it must be refused");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    error
}

/// A graph with one input of `[1, 2, 4, 4]`, to which `add` adds nodes; the value that it gives is the output.
fn graph(opset: i64, add: impl FnOnce(&mut Builder, &str) -> String) -> Model {
    let mut graph = Builder::new("refused", opset);
    let x = graph.input(
        "x",
        DataType::F32,
        &[1.into(), 2.into(), 4.into(), 4.into()],
    );
    let y = add(&mut graph, &x);
    graph.output(&y, DataType::F32, &[]);
    graph.build().expect("the graph is sound")
}

fn constant(graph: &mut Builder, tensor: &Tensor) -> String {
    graph.initializer(
        &format!("c{}", tensor.bytes.len()),
        tensor.dtype,
        &tensor.dims,
        tensor.bytes.clone().into(),
    )
}

#[test]
fn all_nodes_at_fault_are_named() {
    let model = graph(11, |graph, x| {
        let weights = constant(graph, &f32s(&[2, 1, 2, 2], [1.; 8]));
        let lower = Attribute::string("auto_pad", "SAME_LOWER");
        let large = graph.node("ConvTranspose", "enlarge", &[x, &weights], [lower]);
        let fine = graph.node("Relu", "relu", &[&large], []);
        graph.import("my.domain", 1);
        graph.push(Node {
            op_type: "Magic".to_owned(),
            name: "spell".to_owned(),
            domain: "my.domain".to_owned(),
            input: vec![fine],
            output: vec!["cast".to_owned()],
            ..Node::default()
        });
        graph.node("Det", "", &["cast"], [])
    });
    let error = refused(&model);
    let names: Vec<_> = error
        .refusals()
        .iter()
        .map(|refusal| (refusal.node.as_str(), refusal.op_type.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("enlarge", "ConvTranspose"),
            ("spell", "Magic"),
            ("#3 (Det)", "Det")
        ]
    );
    let message = error.to_string();
    for expected in [
        "auto_pad=SAME_LOWER asks for; export with explicit pads",
        "not one of ONNX's own",
        "Det operator not supported",
    ] {
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn silent_faults_of_the_engine_are_refused() {
    let steps = |graph: &mut Builder, x: &str| {
        let shape = constant(graph, &i64s(&[3], [4, 1, 8]));
        graph.node("Reshape", "steps", &[x, &shape], [])
    };
    let weights = |graph: &mut Builder, gates: usize| {
        [8, 2].map(|width| {
            let count = gates * 2 * width;
            constant(graph, &f32s(&[1, gates * 2, width], vec![0.5; count]))
        })
    };
    let cases: Vec<(&str, Model)> = vec![
        (
            "not the usual ones",
            graph(11, |graph, x| {
                let (x, [w, r]) = (steps(graph, x), weights(graph, 1));
                let relu = Attribute {
                    strings: vec![Bytes::from_static(b"Relu")],
                    ..Attribute::ints("activations", [])
                };
                let relu = Attribute { r#type: 8, ..relu };
                graph.node("RNN", "node", &[&x, &w, &r], [relu])
            }),
        ),
        (
            "`clip` is not supported",
            graph(11, |graph, x| {
                let (x, [w, r]) = (steps(graph, x), weights(graph, 3));
                graph.node(
                    "GRU",
                    "node",
                    &[&x, &w, &r],
                    [Attribute::float("clip", 1.0)],
                )
            }),
        ),
        (
            "averages only",
            graph(11, |graph, x| {
                let rois = constant(graph, &f32s(&[1, 4], [0., 0., 2., 2.]));
                let batch = constant(graph, &i64s(&[1], [0]));
                graph.node(
                    "RoiAlign",
                    "node",
                    &[x, &rois, &batch],
                    [Attribute::string("mode", "max")],
                )
            }),
        ),
        (
            "a sampling ratio of 0",
            graph(11, |graph, x| {
                let rois = constant(graph, &f32s(&[1, 4], [0., 0., 2., 2.]));
                let batch = constant(graph, &i64s(&[1], [0]));
                graph.node("RoiAlign", "node", &[x, &rois, &batch], [])
            }),
        ),
        (
            "does not fit",
            graph(13, |graph, x| {
                let shape = graph.node("Shape", "shape", &[x], []);
                let huge = constant(graph, &i64s(&[1], [1 << 40]));
                let sum = graph.node("Add", "node", &[&shape, &huge], []);
                graph.node("Cast", "cast", &[&sum], [Attribute::int("to", 1)])
            }),
        ),
        (
            "its mask",
            graph(11, |graph, x| {
                graph.node_to("Dropout", "node", &[x], &["y", "mask"], []);
                graph.node("Cast", "cast", &["mask"], [Attribute::int("to", 1)])
            }),
        ),
    ];
    for (expected, model) in cases {
        let error = refused(&model);
        assert_eq!(error.refusals().len(), 1, "{error}");
        assert_eq!(error.refusals()[0].node, "node");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn what_only_running_shows_is_refused_too() {
    let model = graph(11, |graph, x| {
        let shape = constant(graph, &i64s(&[5], [1, 2, 2, 2, 4]));
        let volume = graph.node("Reshape", "volume", &[x, &shape], []);
        graph.node(
            "MaxPool",
            "pool",
            &[&volume],
            [Attribute::ints("kernel_shape", [2, 2, 2])],
        )
    });
    let message = refused(&model).to_string();
    assert!(
        message.contains("pool (MaxPool)") && message.contains("1 or 2 spatial dims"),
        "{message}"
    );
}

#[test]
fn types_and_opsets_are_limited() {
    let typed = |dtype| {
        let mut graph = Builder::new("typed", 11);
        let x = graph.input("x", dtype, &[2.into()]);
        graph.node_to("Identity", "same", &[&x], &["y"], []);
        graph.output("y", dtype, &[2.into()]);
        graph.build().expect("the graph is sound")
    };
    for dtype in [DataType::F64, DataType::BF16, DataType::I16, DataType::U32] {
        let message = refused(&typed(dtype)).to_string();
        assert!(
            message.starts_with(&format!("`x` is {dtype}, which")),
            "{message}"
        );
    }
    let mut model = typed(DataType::F32);
    for (opset, expected) in [
        (6, "opset 6; export it for opset 7 to 21"),
        (22, "opset 22; export"),
    ] {
        model.opset_import[0].version = opset;
        let message = refused(&model).to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn constants_that_are_made_are_limited_in_sum() {
    // From 2048 elements to as many but one are almost 2^22 weights, 16 MiB, of which 16 fit.
    let mut graph = Builder::new("refused", 11);
    let row = [1.into(), 1.into(), 1.into(), 2048.into()];
    let x = graph.input("x", DataType::F32, &row);
    let none = graph.initializer("none", DataType::F32, &[0], Bytes::new());
    let sizes = [1, 1, 1, 2047].map(i64::to_le_bytes).concat();
    let sizes = graph.initializer("sizes", DataType::I64, &[4], sizes.into());
    let mut outputs = Vec::new();
    for index in 0..20 {
        let cubic = Attribute::string("mode", "cubic");
        let name = format!("shrink_{index}");
        let inputs = [&*x, &none, &none, &sizes];
        outputs.push(graph.node("Resize", &name, &inputs, [cubic]));
    }
    let outputs: Vec<_> = outputs.iter().map(String::as_str).collect();
    graph.node_to("Sum", "sum", &outputs, &["y"], []);
    graph.output("y", DataType::F32, &[]);
    let error = refused(&graph.build().unwrap());
    let refusals = error.refusals().iter();
    let names: Vec<_> = refusals.map(|refusal| &refusal.node).collect();
    assert_eq!(names, ["shrink_16"]);
    assert!(error.to_string().contains("at most 268435456"), "{error}");
}

#[test]
fn nodes_that_lack_inputs_are_refused() {
    for (op_type, kept) in [("MatMul", 1), ("MatMul", 0), ("MatMulInteger", 0)] {
        let model = graph(11, |graph, x| {
            graph.node(op_type, "lacking", &[x, x][..kept], [])
        });
        let error = refused(&model);
        assert!(error.to_string().contains("lacking"), "{op_type}: {error}");
    }
}

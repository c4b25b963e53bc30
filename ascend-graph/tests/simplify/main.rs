//! Graphs before and after they are simplified.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod branches;
#[path = "../common/mod.rs"]
mod common;
mod computed;

use ascend_graph::onnx::{
    Attribute, Builder, Dim, Model, Node, Tensor, ValueInfo, check, fix_inputs, simplify,
};
use ascend_graph::{DataType, ErrorKind};
use branches::conditional;
use bytes::Bytes;
use common::{classifier, f32_bytes, fixture};

fn ints(values: &[i64]) -> Bytes {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect::<Vec<u8>>()
        .into()
}

fn ops(model: &Model) -> Vec<&str> {
    let nodes = model.graph().unwrap().node.iter();
    nodes.map(|node| node.op_type.as_str()).collect()
}

fn constant<'m>(model: &'m Model, name: &str) -> &'m Tensor {
    let constants = &model.graph().unwrap().initializer;
    let found = constants.iter().find(|tensor| tensor.name == name);
    found.unwrap_or_else(|| panic!("no constant {name}"))
}

fn numbers(tensor: &Tensor) -> Vec<i64> {
    let bytes = tensor.bytes().unwrap();
    let chunks = bytes.as_chunks().0.iter();
    chunks.map(|&chunk| i64::from_le_bytes(chunk)).collect()
}

/// A graph of whole numbers: what `build` makes of the free input `x` `[N, 3, 4]` is added to it.
fn model(opset: i64, build: impl FnOnce(&mut Builder) -> String) -> Model {
    let mut graph = Builder::new("test", opset);
    graph.input("x", DataType::I64, &["N".into(), 3.into(), 4.into()]);
    let value = build(&mut graph);
    graph.node_to("Add", "last", &["x", &value], &["y"], []);
    graph.output("y", DataType::I64, &["N".into(), 3.into(), 4.into()]);
    graph.build().unwrap()
}

/// What exporters write for `x.view(x.size(0), -1)` with a free batch.
fn flattened(opset: i64) -> Model {
    let mut graph = Builder::new("flattened", opset);
    let dims: [Dim; 4] = ["N".into(), 3.into(), 8.into(), 8.into()];
    let x = graph.input("x", DataType::F32, &dims);
    let weight = graph.initializer("w", DataType::F32, &[5, 3, 3, 3], f32_bytes(vec![0.5; 135]));
    let features = graph.node(
        "Conv",
        "conv",
        &[&x, &weight],
        [Attribute::ints("strides", [2, 2])],
    );
    let shape = graph.node("Shape", "shape", &[&features], []);
    let index = graph.initializer("zero", DataType::I64, &[], ints(&[0]));
    let batch = graph.node("Gather", "batch", &[&shape, &index], []);
    let batch = if opset < 13 {
        graph.node(
            "Unsqueeze",
            "batch_1",
            &[&batch],
            [Attribute::ints("axes", [0])],
        )
    } else {
        let axes = graph.initializer("axes", DataType::I64, &[1], ints(&[0]));
        graph.node("Unsqueeze", "batch_1", &[&batch, &axes], [])
    };
    let rest = graph.initializer("rest", DataType::I64, &[1], ints(&[45]));
    let target = graph.node(
        "Concat",
        "target",
        &[&batch, &rest],
        [Attribute::int("axis", 0)],
    );
    graph.node_to("Reshape", "reshape", &[&features, &target], &["y"], []);
    graph.output("y", DataType::F32, &["N".into(), 45.into()]);
    graph.build().unwrap()
}

#[test]
fn chains_of_shapes_fold_with_a_fixed_input_and_with_a_free_batch() {
    for opset in [9, 11, 13, 18] {
        let mut free = flattened(opset);
        let done = simplify(&mut free).unwrap();
        assert_eq!(ops(&free), ["Conv", "Reshape"], "opset {opset}");
        assert_eq!((done.targets, done.dead_nodes), (1, 4));
        let target = &free.graph().unwrap().node[1].input[1];
        assert_eq!(numbers(constant(&free, target)), [-1, 45]);

        let mut fixed = flattened(opset);
        let mut inputs = fixed.inputs().unwrap();
        fix_inputs(&mut inputs, &["x:2,3,8,8".parse().unwrap()]).unwrap();
        fixed.set_inputs(&inputs);
        let done = simplify(&mut fixed).unwrap();
        assert_eq!(ops(&fixed), ["Conv", "Reshape"], "opset {opset}");
        assert_eq!((done.folded, done.targets), (4, 0));
        assert_eq!(numbers(constant(&fixed, "target_output_0")), [2, 45]);
        assert_eq!(fixed.graph().unwrap().initializer.len(), 2);
        assert_eq!(done.to_string(), "2 of 6 nodes left, 4 computed ahead");
    }
}

#[test]
fn types_of_values_that_no_longer_hold_are_dropped_with_a_new_shape() {
    let mut model = flattened(11);
    let known = ValueInfo::tensor(
        "conv_output_0",
        DataType::F32,
        Some(&[7.into(), 5.into(), 3.into(), 3.into()]),
    );
    model.graph.as_mut().unwrap().value_info.push(known);
    let mut inputs = model.inputs().unwrap();
    fix_inputs(&mut inputs, &["x:2,3,8,8".parse().unwrap()]).unwrap();
    model.set_inputs(&inputs);
    simplify(&mut model).unwrap();
    assert_eq!(numbers(constant(&model, "target_output_0")), [2, 45]);
}

#[test]
fn types_of_values_that_an_edit_left_behind_are_not_believed() {
    let mut graph = Builder::new("stale", 11);
    let x = graph.input("x", DataType::F32, &["N".into(), 3.into(), 4.into()]);
    let relu = graph.node("Relu", "relu", &[&x], []);
    let shape = graph.node("Shape", "shape", &[&relu], []);
    let first = graph.initializer("first", DataType::I64, &[1], ints(&[0]));
    let batch = graph.node("Gather", "batch", &[&shape, &first], []);
    let rest = graph.initializer("rest", DataType::I64, &[1], ints(&[-1]));
    let target = graph.node(
        "Concat",
        "target",
        &[&batch, &rest],
        [Attribute::int("axis", 0)],
    );
    graph.node_to("Reshape", "flat", &[&relu, &target], &["y"], []);
    graph.output("y", DataType::F32, &["N".into(), 12.into()]);
    let mut model = graph.build().unwrap();
    let stale = [1, 3, 4].map(Dim::Fixed);
    let stale = ValueInfo::tensor("relu_output_0", DataType::F32, Some(&stale));
    model.graph.as_mut().unwrap().value_info.push(stale);
    simplify(&mut model).unwrap();
    assert_eq!(
        ops(&model),
        ["Relu", "Shape", "Gather", "Concat", "Reshape"]
    );
}

#[test]
fn a_node_without_outputs_is_left() {
    let mut model = flattened(11);
    let graph = model.graph.as_mut().unwrap();
    graph
        .initializer
        .push(Tensor::new("none", DataType::F32, vec![0], Bytes::new()));
    graph.node.push(Node {
        op_type: "Split".to_owned(),
        input: vec!["none".to_owned()],
        ..Node::default()
    });
    simplify(&mut model).unwrap();
}

#[test]
fn copies_and_dropout_go_and_names_of_outputs_stay() {
    let mut graph = Builder::new("copies", 12);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    let a = graph.node("Identity", "a", &[&x], []);
    let ratio = graph.initializer("ratio", DataType::F32, &[], f32_bytes([0.5]));
    let no = graph.initializer("no", DataType::Bool, &[], Bytes::from_static(&[0]));
    let dropped = graph.node("Dropout", "drop", &[&a, &ratio, &no], []);
    let b = graph.node("Relu", "relu", &[&dropped], []);
    graph.node_to("Identity", "out", &[&b], &["y"], []);
    graph.node_to("Identity", "again", &[&b], &["z"], []);
    graph.node_to("Identity", "through", &[&x], &["w"], []);
    graph.node("Exp", "unread", &[&b], []);
    for name in ["y", "z", "w"] {
        graph.output(name, DataType::F32, &[4.into()]);
    }
    let mut model = graph.build().unwrap();
    let done = simplify(&mut model).unwrap();
    assert_eq!(check(&model), []);
    assert_eq!(ops(&model), ["Relu", "Identity", "Identity"]);
    let nodes = &model.graph().unwrap().node;
    assert_eq!((&*nodes[0].input[0], &*nodes[0].output[0]), ("x", "y"));
    assert_eq!((&*nodes[1].input[0], &*nodes[1].output[0]), ("y", "z"));
    assert_eq!((&*nodes[2].input[0], &*nodes[2].output[0]), ("x", "w"));
    assert_eq!(
        (done.bypassed, done.dead_nodes, done.dead_constants),
        (3, 1, 2)
    );
    let outputs: Vec<_> = model
        .outputs()
        .unwrap()
        .into_iter()
        .map(|output| output.name)
        .collect();
    assert_eq!(outputs, ["y", "z", "w"]);
}

#[test]
fn dropout_that_trains_or_gives_its_mask_stays() {
    for (name, mode, outputs) in [("training", 1, &["d"][..]), ("mask", 0, &["d", "m"])] {
        let mut graph = Builder::new("dropout", 12);
        let x = graph.input("x", DataType::F32, &[4.into()]);
        let ratio = graph.initializer("ratio", DataType::F32, &[], f32_bytes([0.5]));
        let mode = graph.initializer("mode", DataType::Bool, &[], vec![mode].into());
        graph.node_to("Dropout", "drop", &[&x, &ratio, &mode], outputs, []);
        for output in outputs {
            graph.node_to("Not", "", &[output], &[&format!("{output}y")], []);
            graph.output(&format!("{output}y"), DataType::F32, &[4.into()]);
        }
        let mut model = graph.build().unwrap();
        let before = model.clone();
        simplify(&mut model).unwrap();
        assert_eq!(model, before, "{name}");
    }
}

#[test]
fn constants_among_the_inputs_go_with_their_readers() {
    let mut model = classifier();
    let graph = model.graph.as_mut().unwrap();
    let listed = |name: &str, dims: &[Dim]| ValueInfo::tensor(name, DataType::F32, Some(dims));
    graph
        .input
        .push(listed("kernel", &[2.into(), 1.into(), 3.into(), 3.into()]));
    graph.input.push(listed("unread", &[1.into()]));
    graph.initializer.push(Tensor::new(
        "unread",
        DataType::F32,
        vec![1],
        f32_bytes([0.0]),
    ));
    let before = model.inputs().unwrap();
    simplify(&mut model).unwrap();
    assert_eq!(model.inputs().unwrap(), before);
    let graph = model.graph().unwrap();
    assert_eq!(graph.input.len(), 2);
    assert!(graph.input.iter().any(|input| input.name == "kernel"));
}

#[test]
fn real_models_are_simple_already_and_simplifying_is_idempotent() {
    for name in [
        "resnet/resnet18_w12.t113.onnx",
        "resnet/resnet18_w12.t215.onnx",
    ] {
        let Some(file) = fixture(name) else { return };
        let model = Model::read(&file).unwrap();
        let mut simple = model.clone();
        simplify(&mut simple).unwrap();
        assert_eq!(simple, model, "{name}");
    }
    for mut model in [
        flattened(11),
        flattened(13),
        conditional(None),
        classifier(),
    ] {
        simplify(&mut model).unwrap();
        let once = model.clone();
        let done = simplify(&mut model).unwrap();
        assert_eq!(model, once);
        assert_eq!(done.nodes_before, done.nodes_after);
    }
}

#[test]
fn faults_are_told_and_nothing_is_changed() {
    let mut model = classifier();
    model.graph.as_mut().unwrap().node.swap(0, 1);
    let before = model.clone();
    let error = simplify(&mut model).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(model, before);
}

#[test]
fn time_and_memory_are_bounded() {
    // Each of many nodes would compute as many elements as one constant may have.
    let mut graph = Builder::new("work", 11);
    let x = graph.input("x", DataType::F32, &[1.into()]);
    let data = graph.initializer("data", DataType::F32, &[1 << 22], vec![0; 4 << 22].into());
    let mut sum = x;
    for index in 0..500 {
        let negative = graph.node("Neg", &format!("neg{index}"), &[&data], []);
        sum = graph.node("Add", &format!("sum{index}"), &[&sum, &negative], []);
    }
    graph.node_to("Relu", "last", &[&sum], &["y"], []);
    graph.output("y", DataType::F32, &[1.into()]);
    let mut model = graph.build().unwrap();
    let done = simplify(&mut model).unwrap();
    assert!(done.is_cut_short);
    assert!((1..100).contains(&done.folded), "{done}");
    assert_eq!(done.nodes_after, 1001 - done.folded);
    assert!(
        done.to_string()
            .ends_with("more could be computed ahead than is allowed at once")
    );
}

#[test]
fn damaged_models_are_refused_or_stay_sound() {
    let mut simplified = 0;
    for model in [
        flattened(11),
        flattened(13),
        conditional(Some(true)),
        conditional(None),
    ] {
        let file = model.to_rope().to_bytes();
        for place in 0..file.len() {
            for change in [1, 0x10, 0x7f, 0xff] {
                let mut damaged = file.to_vec();
                damaged[place] ^= change;
                let Ok(mut model) = Model::read(&damaged.into()) else {
                    continue;
                };
                if simplify(&mut model).is_ok() {
                    simplified += 1;
                    assert_eq!(check(&model), [], "byte {place}, change {change:#x}");
                }
            }
        }
    }
    assert!(simplified > 1000, "{simplified}");
}

//! Graphs before and after they are simplified.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use ascend_graph::onnx::{
    Attribute, AttributeType, Builder, Dim, Graph, Model, Node, Tensor, ValueInfo, check,
    fix_inputs, simplify,
};
use ascend_graph::{DataType, ErrorKind};
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

/// A node that computes whole numbers.
struct Case {
    name: &'static str,
    opset: i64,
    op: &'static str,
    inputs: Vec<(Vec<usize>, Vec<i64>)>,
    attributes: Vec<Attribute>,
    gives: (Vec<i64>, Vec<i64>),
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn whole_numbers_are_computed_and_moved() {
    let vector = |values: &[i64]| (vec![values.len()], values.to_vec());
    let matrix = || (vec![2, 3], vec![0, 1, 2, 3, 4, 5]);
    let case = |name, opset, op, inputs, attributes, gives| Case {
        name,
        opset,
        op,
        inputs,
        attributes,
        gives,
    };
    let axis = |axis| vec![Attribute::int("axis", axis)];
    for Case {
        name,
        opset,
        op,
        inputs,
        attributes,
        gives: (dims, elements),
    } in [
        case(
            "gather",
            11,
            "Gather",
            vec![matrix(), vector(&[-1, 0])],
            axis(1),
            (vec![2, 2], vec![2, 0, 5, 3]),
        ),
        case(
            "gather rows",
            11,
            "Gather",
            vec![matrix(), vector(&[1])],
            axis(0),
            (vec![1, 3], vec![3, 4, 5]),
        ),
        case(
            "concat",
            11,
            "Concat",
            vec![matrix(), matrix()],
            axis(-1),
            (vec![2, 6], vec![0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
        ),
        case(
            "slice by attributes",
            9,
            "Slice",
            vec![matrix()],
            vec![
                Attribute::ints("starts", [-2]),
                Attribute::ints("ends", [i64::MAX]),
                Attribute::ints("axes", [1]),
            ],
            (vec![2, 2], vec![1, 2, 4, 5]),
        ),
        case(
            "slice backwards",
            11,
            "Slice",
            vec![
                matrix(),
                vector(&[-1]),
                vector(&[i64::MIN]),
                vector(&[1]),
                vector(&[-2]),
            ],
            vec![],
            (vec![2, 2], vec![2, 0, 5, 3]),
        ),
        case(
            "slice of nothing",
            11,
            "Slice",
            vec![matrix(), vector(&[2]), vector(&[1]), vector(&[0])],
            vec![],
            (vec![0, 3], vec![]),
        ),
        case(
            "transpose",
            11,
            "Transpose",
            vec![matrix()],
            vec![],
            (vec![3, 2], vec![0, 3, 1, 4, 2, 5]),
        ),
        case(
            "reshape",
            11,
            "Reshape",
            vec![matrix(), vector(&[0, -1, 1])],
            vec![],
            (vec![2, 3, 1], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "unsqueeze by attribute",
            11,
            "Unsqueeze",
            vec![matrix()],
            vec![Attribute::ints("axes", [0, -1])],
            (vec![1, 2, 3, 1], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "unsqueeze by input",
            13,
            "Unsqueeze",
            vec![matrix(), vector(&[1])],
            vec![],
            (vec![2, 1, 3], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "squeeze",
            13,
            "Squeeze",
            vec![(vec![1, 2, 1], vec![7, 8])],
            vec![],
            (vec![2], vec![7, 8]),
        ),
        case(
            "squeeze an axis",
            13,
            "Squeeze",
            vec![(vec![1, 2, 1], vec![7, 8]), vector(&[-1])],
            vec![],
            (vec![1, 2], vec![7, 8]),
        ),
        case(
            "expand",
            11,
            "Expand",
            vec![(vec![2, 1], vec![7, 8]), vector(&[1, 2])],
            vec![],
            (vec![2, 2], vec![7, 7, 8, 8]),
        ),
        case(
            "tile",
            11,
            "Tile",
            vec![(vec![1, 2], vec![7, 8]), vector(&[2, 2])],
            vec![],
            (vec![2, 4], vec![7, 8, 7, 8, 7, 8, 7, 8]),
        ),
        case(
            "add stretched",
            11,
            "Add",
            vec![matrix(), (vec![2, 1], vec![10, 20])],
            vec![],
            (vec![2, 3], vec![10, 11, 12, 23, 24, 25]),
        ),
        case(
            "div towards zero",
            11,
            "Div",
            vec![vector(&[-7, 7]), vector(&[2, -2])],
            vec![],
            (vec![2], vec![-3, -3]),
        ),
        case(
            "mod with the divisor's sign",
            11,
            "Mod",
            vec![vector(&[-7, 7]), vector(&[3, -3])],
            vec![],
            (vec![2], vec![2, -2]),
        ),
        case(
            "range",
            11,
            "Range",
            vec![(vec![], vec![5]), (vec![], vec![0]), (vec![], vec![-2])],
            vec![],
            (vec![3], vec![5, 3, 1]),
        ),
        case(
            "range whose end is met",
            11,
            "Range",
            vec![(vec![], vec![4]), (vec![], vec![0]), (vec![], vec![-2])],
            vec![],
            (vec![2], vec![4, 2]),
        ),
        case(
            "empty range",
            11,
            "Range",
            vec![(vec![], vec![5]), (vec![], vec![5]), (vec![], vec![1])],
            vec![],
            (vec![0], vec![]),
        ),
        case(
            "product",
            11,
            "ReduceProd",
            vec![vector(&[2, 3, 4])],
            vec![Attribute::int("keepdims", 0)],
            (vec![], vec![24]),
        ),
        case(
            "flatten",
            11,
            "Flatten",
            vec![(vec![2, 1, 2], vec![1, 2, 3, 4])],
            axis(2),
            (vec![2, 2], vec![1, 2, 3, 4]),
        ),
    ] {
        let model = {
            let mut graph = Builder::new("test", opset);
            graph.input("x", DataType::I64, &["N".into()]);
            let names: Vec<String> = inputs
                .iter()
                .enumerate()
                .map(|(index, (dims, values))| {
                    graph.initializer(&format!("c{index}"), DataType::I64, dims, ints(values))
                })
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let value = graph.node(op, "node", &names, attributes);
            graph.node_to(
                "Concat",
                "last",
                &["x", &value],
                &["y"],
                [Attribute::int("axis", 0)],
            );
            graph.output("y", DataType::I64, &["M".into()]);
            graph.build().unwrap()
        };
        let mut simple = model.clone();
        let done = simplify(&mut simple).unwrap();
        assert_eq!(ops(&simple), ["Concat"], "{name}");
        assert_eq!(done.folded, 1, "{name}");
        let folded = constant(&simple, "node_output_0");
        assert_eq!((&folded.dims, numbers(folded)), (&dims, elements), "{name}");
        assert_eq!(simple.graph().unwrap().initializer.len(), 1, "{name}");
    }
}

#[test]
fn what_would_fail_or_differ_is_left() {
    let vector = |values: &[i64]| (vec![values.len()], values.to_vec());
    for (name, op, inputs) in [
        ("division by zero", "Div", vec![vector(&[1]), vector(&[0])]),
        ("overflow", "Mul", vec![vector(&[i64::MAX]), vector(&[2])]),
        (
            "an index too large",
            "Gather",
            vec![vector(&[1]), vector(&[1])],
        ),
        (
            "a wrong target",
            "Reshape",
            vec![vector(&[1, 2, 3]), vector(&[2, -1])],
        ),
        (
            "too many elements",
            "Expand",
            vec![vector(&[1]), vector(&[1 << 40])],
        ),
        (
            "an extent below zero",
            "ConstantOfShape",
            vec![vector(&[-1])],
        ),
        (
            "an endless range",
            "Range",
            vec![
                (vec![], vec![0]),
                (vec![], vec![i64::MAX]),
                (vec![], vec![1]),
            ],
        ),
        (
            "a range that overflows",
            "Range",
            vec![
                (vec![], vec![i64::MIN]),
                (vec![], vec![i64::MAX]),
                (vec![], vec![1 << 62]),
            ],
        ),
        (
            "shapes that do not stretch",
            "Add",
            vec![vector(&[1, 2]), vector(&[1, 2, 3])],
        ),
    ] {
        let mut simple = model(11, |graph| {
            let names: Vec<String> = inputs
                .iter()
                .enumerate()
                .map(|(index, (dims, values))| {
                    graph.initializer(&format!("c{index}"), DataType::I64, dims, ints(values))
                })
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            graph.node(op, "node", &names, [])
        });
        let before = simple.clone();
        let done = simplify(&mut simple).unwrap();
        assert_eq!(simple, before, "{name}");
        assert_eq!(done.folded, 0, "{name}");
    }
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

/// The outputs of `If`: a graph that adds `one` of the outer graph to what it is told, by way of a copy.
fn branch(name: &str, reads: &str) -> Graph {
    let node = |op: &str, inputs: &[&str], output: String| Node {
        op_type: op.into(),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![output],
        ..Node::default()
    };
    Graph {
        name: name.into(),
        node: vec![
            node("Identity", &[reads], format!("{name}_copy")),
            node(
                "Add",
                &[&format!("{name}_copy"), "one"],
                format!("{name}_out"),
            ),
        ],
        output: vec![ValueInfo::tensor(
            format!("{name}_out"),
            DataType::F32,
            None,
        )],
        ..Graph::default()
    }
}

fn graph_attribute(name: &str, graph: Graph) -> Attribute {
    let mut attribute = Attribute::int(name, 0);
    attribute.i = None;
    attribute.r#type = AttributeType::Graph.into();
    attribute.g = Some(Box::new(graph));
    attribute
}

fn conditional(constant: Option<bool>) -> Model {
    let mut graph = Builder::new("conditional", 11);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    graph.initializer("one", DataType::F32, &[], f32_bytes([1.0]));
    let copied = graph.node("Identity", "copied", &[&x], []);
    let condition = match constant {
        Some(yes) => {
            graph.initializer("condition", DataType::Bool, &[], vec![u8::from(yes)].into())
        }
        None => graph.input("condition", DataType::Bool, &[]),
    };
    let branches = [
        graph_attribute("then_branch", branch("yes", &copied)),
        graph_attribute("else_branch", branch("no", &x)),
    ];
    graph.node_to("If", "if", &[&condition], &["chosen"], branches);
    graph.node_to("Relu", "relu", &["chosen"], &["y"], []);
    graph.output("y", DataType::F32, &[4.into()]);
    graph.build().unwrap()
}

#[test]
fn an_if_with_a_known_condition_is_its_branch() {
    for yes in [true, false] {
        let mut model = conditional(Some(yes));
        let done = simplify(&mut model).unwrap();
        assert_eq!(check(&model), []);
        assert_eq!(ops(&model), ["Add", "Relu"], "{yes}");
        let nodes = &model.graph().unwrap().node;
        assert_eq!(nodes[0].input, ["x", "one"]);
        assert_eq!(nodes[0].output, nodes[1].input);
        assert_eq!((done.branches, done.nodes_after), (1, 2));
    }
}

#[test]
fn what_inner_graphs_read_is_kept_and_renamed_with_them() {
    let mut model = conditional(None);
    simplify(&mut model).unwrap();
    assert_eq!(check(&model), []);
    assert_eq!(ops(&model), ["If", "Relu"]);
    let graph = model.graph().unwrap();
    assert_eq!(graph.initializer.len(), 1);
    let inner: Vec<_> = graph.node[0].subgraphs().collect();
    assert_eq!(inner.len(), 2);
    for inner in inner {
        assert_eq!(inner.node.len(), 1);
        assert_eq!(inner.node[0].input, ["x", "one"]);
    }
}

#[test]
fn floats_are_computed_where_there_is_one_answer() {
    let mut graph = Builder::new("floats", 11);
    let x = graph.input("x", DataType::F32, &[3.into()]);
    let a = graph.initializer("a", DataType::F32, &[3], f32_bytes([1.0, 2.0, 9.0]));
    let root = graph.node("Sqrt", "root", &[&a], []);
    let quotient = graph.node("Div", "quotient", &[&root, &a], []);
    let power = graph.node("Exp", "power", &[&a], []);
    let sum = graph.node("Add", "sum", &[&x, &quotient], []);
    graph.node_to("Mul", "last", &[&sum, &power], &["y"], []);
    graph.output("y", DataType::F32, &[3.into()]);
    let mut model = graph.build().unwrap();
    simplify(&mut model).unwrap();
    // The exponential rounds differently from one library to the next.
    assert_eq!(ops(&model), ["Exp", "Add", "Mul"]);
    let expected: Vec<u8> = [1.0_f32, 2.0, 9.0]
        .iter()
        .flat_map(|value| (value.sqrt() / value).to_le_bytes())
        .collect();
    assert_eq!(
        constant(&model, "quotient_output_0").bytes().unwrap(),
        expected
    );
}

#[test]
fn a_large_constant_is_not_made_of_a_small_one() {
    let mut large = model(11, |graph| {
        let one = graph.initializer("one", DataType::I64, &[1], ints(&[1]));
        let shape = graph.initializer("shape", DataType::I64, &[3], ints(&[100, 1000, 4]));
        graph.node("Expand", "large", &[&one, &shape], [])
    });
    simplify(&mut large).unwrap();
    assert_eq!(ops(&large), ["Expand", "Add"]);
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
fn comparisons_choose_and_types_change() {
    // Where x is 2, its half in f32 and back again, else -1: as exporters write checks of extents.
    let mut simple = model(11, |graph| {
        let x = graph.initializer("a", DataType::I64, &[3], ints(&[2, -7, 2]));
        let two = graph.initializer("two", DataType::I64, &[1], ints(&[2]));
        let other = graph.initializer("other", DataType::I64, &[], ints(&[-1]));
        let half = graph.initializer("half", DataType::F32, &[], f32_bytes([0.75]));
        let wide = graph.node("Cast", "wide", &[&x], [Attribute::int("to", 1)]);
        let product = graph.node("Mul", "product", &[&wide, &half], []);
        let back = graph.node("Cast", "back", &[&product], [Attribute::int("to", 7)]);
        let is_two = graph.node("Equal", "is_two", &[&x, &two], []);
        let value = graph.node("Where", "where", &[&is_two, &back, &other], []);
        let yes = graph.node("Not", "not", &[&is_two], []);
        let yes = graph.node("Cast", "yes", &[&yes], [Attribute::int("to", 7)]);
        let sum = graph.node("Add", "sum", &[&value, &yes], []);
        graph.node(
            "Unsqueeze",
            "column",
            &[&sum],
            [Attribute::ints("axes", [1])],
        )
    });
    simplify(&mut simple).unwrap();
    assert_eq!(ops(&simple), ["Add"]);
    assert_eq!(numbers(constant(&simple, "column_output_0")), [1, 0, 1]);
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

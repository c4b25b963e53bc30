//! ONNX files: real ones, built ones, and both damaged.

mod common;

use ascend_graph::onnx::{
    Attribute, AttributeValue, Builder, Dim, External, FaultKind, Graph, Model, Node, Tensor,
    ValueInfo, check, topological_order,
};
use ascend_graph::{DataType, ErrorKind};
use bytes::Bytes;
use common::{classifier, f32_bytes, fixture};
use prost::Message;

const RESNETS: [&str; 2] = [
    "resnet/resnet18_w12.t113.onnx",
    "resnet/resnet18_w12.t215.onnx",
];

fn kinds(model: &Model) -> Vec<FaultKind> {
    check(model).into_iter().map(|fault| fault.kind).collect()
}

fn damaged(damage: impl FnOnce(&mut Model)) -> Model {
    let mut model = classifier();
    damage(&mut model);
    model
}

#[test]
fn real_models_are_read_described_and_sound() {
    for name in RESNETS {
        let Some(file) = fixture(name) else { return };
        let model = Model::read(&file).unwrap();
        assert_eq!(check(&model), [], "{name}");
        let described: Vec<_> = model
            .inputs()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            described,
            ["input: float32[batch_size, 3, 64, 64]"],
            "{name}"
        );
        let outputs = model.outputs().unwrap();
        assert_eq!(outputs.len(), 1);
        assert_eq!(outputs[0].dims.as_ref().unwrap()[1], Dim::Fixed(20));
        let graph = model.graph().unwrap();
        assert!(
            topological_order(graph)
                .unwrap()
                .into_iter()
                .eq(0..graph.node.len())
        );
        let weights = graph
            .initializer
            .iter()
            .map(|tensor| tensor.bytes().unwrap());
        assert!(weights.clone().map(|data| data.len()).sum::<usize>() > 1_500_000);
        let file = file.as_ptr_range();
        for data in weights.filter(|data| !data.is_empty()) {
            assert!(
                file.contains(&data.as_ptr()),
                "weights of {name} are slices of the file"
            );
        }
    }
}

#[test]
fn a_real_model_survives_being_written() {
    for name in RESNETS {
        let Some(file) = fixture(name) else { return };
        let model = Model::read(&file).unwrap();
        let written = model.to_rope().to_bytes();
        assert_eq!(Model::read(&written).unwrap(), model, "{name}");
        assert_eq!(model.to_rope().to_bytes(), written, "{name}");
    }
}

#[test]
fn damage_to_a_real_model_is_named() {
    let Some(file) = fixture(RESNETS[0]) else {
        return;
    };
    let model = Model::read(&file).unwrap();

    let mut without = model.clone();
    let graph = graph_of(&mut without);
    let dropped = graph.initializer.remove(0).name;
    let faults = check(&without);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].kind, FaultKind::UndefinedValue);
    assert!(
        faults[0]
            .message
            .contains(&format!("reads the value `{dropped}`, which no node")),
        "{}",
        faults[0]
    );

    let mut looped = model.clone();
    let graph = graph_of(&mut looped);
    let last = graph.node.last().unwrap().output[0].clone();
    graph.node[3].input[0] = last;
    let name = graph.node[3].name.clone();
    let faults = check(&looped);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].kind, FaultKind::Cycle);
    assert!(faults[0].message.contains(&name), "{}", faults[0]);

    let mut unsorted = model;
    graph_of(&mut unsorted).node.swap(0, 1);
    let faults = check(&unsorted);
    assert_eq!(faults[0].kind, FaultKind::Order);
    assert_eq!(faults[0].place.as_deref(), Some("/relu/Relu"));

    for length in (0..file.len()).step_by(9973) {
        let error = Model::read(&file.slice(..length)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        assert!(
            length < 20 || error.to_string().contains("is cut short"),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_built_model_is_what_was_asked_for() {
    let model = classifier();
    assert_eq!(
        (
            model.ir_version,
            model.opset(),
            model.producer_name.as_str()
        ),
        (6, Some(11), "ascend-rt")
    );
    let file = model.to_rope().to_bytes();
    assert_eq!(
        file,
        classifier().to_rope().to_bytes(),
        "equal models give equal bytes"
    );
    assert_eq!(file.len() as u64, model.to_rope().len());
    let read = Model::read(&file).unwrap();
    assert_eq!(read, model);
    assert_eq!(
        Model::decode(model.encode_to_vec().as_slice()).unwrap(),
        model
    );
    let node = &read.graph().unwrap().node[0];
    assert_eq!(
        node.attribute("pads"),
        Some(AttributeValue::Ints(&[1, 1, 1, 1]))
    );
    assert_eq!(node.output, ["conv_output_0"]);
}

#[test]
fn the_file_version_follows_the_opset() {
    let build = |opset| {
        let mut graph = Builder::new("g", opset);
        let x = graph.input("x", DataType::F32, &[1.into()]);
        graph.node_to("Relu", "relu", &[&x], &["y"], []);
        graph.output("y", DataType::F32, &[1.into()]);
        graph.build()
    };
    for (opset, ir_version) in [(8, 4), (9, 4), (10, 5), (11, 6), (13, 7), (15, 8), (18, 8)] {
        assert_eq!(
            build(opset).unwrap().ir_version,
            ir_version,
            "opset {opset}"
        );
    }
    let error = build(19).unwrap_err();
    assert_eq!(
        error.to_string(),
        "opset 19 cannot be written; choose one of 8..=18"
    );
}

#[test]
fn the_builder_lists_every_fault() {
    let mut graph = Builder::new("g", 11);
    let x = graph.input("x", DataType::F32, &[2.into()]);
    graph.initializer("w", DataType::F32, &[3], f32_bytes([1.0, 2.0]));
    graph.node_to("Add", "add", &[&x, "v"], &["y"], []);
    graph.output("y", DataType::F32, &[2.into()]);
    let error = graph.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        error.to_string(),
        "the ONNX graph has faults:\n  \
         constant `w` holds 8 bytes of data, but its dims [3] of float32 ask for 12\n  \
         node `add` reads the value `v`, which no node, input or constant gives"
    );
}

#[test]
fn each_fault_has_its_kind() {
    type Damage = fn(&mut Model);
    let cases: &[(FaultKind, Damage)] = &[
        (FaultKind::Empty, |model| model.graph = None),
        (FaultKind::Opset, |model| {
            model.opset_import[0].domain = "custom".into();
        }),
        (FaultKind::Opset, |model| model.opset_import[0].version = 0),
        (FaultKind::NoOutputs, |model| graph_of(model).output.clear()),
        (FaultKind::UntypedInput, |model| {
            graph_of(model).input[0].r#type = None;
        }),
        (FaultKind::UndefinedValue, |model| {
            graph_of(model).output[0].name = "z".into();
        }),
        (FaultKind::Order, |model| graph_of(model).node.swap(0, 1)),
        (FaultKind::Cycle, |model| {
            graph_of(model).node[0].input[0] = "y".into();
        }),
        (FaultKind::DuplicateValue, |model| {
            graph_of(model).node[1].output.push("x".into());
        }),
        (FaultKind::DuplicateInitializer, |model| {
            let first = graph_of(model).initializer[0].clone();
            graph_of(model).initializer.push(first);
        }),
        (FaultKind::Initializer, |model| {
            graph_of(model).initializer[0].dims[0] = 3;
        }),
        (FaultKind::Initializer, |model| {
            graph_of(model).initializer[0].data_type = 99;
        }),
        (FaultKind::NoOperator, |model| {
            graph_of(model).node[1].op_type.clear();
        }),
        (FaultKind::Attribute, |model| {
            graph_of(model).node[4].attribute[0] = Attribute::float("axis", 1.0);
        }),
    ];
    for (kind, damage) in cases {
        let model = damaged(damage);
        assert!(
            kinds(&model).contains(kind),
            "{kind:?}: {:?}",
            check(&model)
        );
        assert!(model.ensure_sound().is_err());
    }
    assert_eq!(
        kinds(&damaged(|model| graph_of(model).input.clear()))[0],
        FaultKind::NoInputs
    );
    assert_eq!(kinds(&classifier()), []);
}

#[test]
fn faults_are_limited() {
    let model = damaged(|model| {
        let node = Node {
            op_type: "Relu".into(),
            input: vec!["nothing".into()],
            ..Node::default()
        };
        graph_of(model)
            .node
            .extend(std::iter::repeat_n(node, 10_000));
    });
    assert_eq!(check(&model).len(), 50);
}

#[test]
fn graphs_inside_of_nodes_see_what_is_around_them() {
    let branch = |value: &str, output: &str| {
        let mut body = Builder::new(output, 11);
        body.input("unused", DataType::F32, &[]);
        body.node_to("Neg", "neg", &[value], &[output], []);
        body.output(output, DataType::F32, &[]);
        body
    };
    // The builder refuses bodies alone, which read what they do not hold.
    assert!(branch("outer", "a").build().is_err());

    let body = |value: &str, output: &str| Graph {
        name: output.into(),
        node: vec![Node {
            op_type: "Neg".into(),
            input: vec![value.into()],
            output: vec![output.into()],
            ..Node::default()
        }],
        output: vec![ValueInfo {
            name: output.into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let with_branches = |value: &str| {
        let mut graph = Builder::new("g", 11);
        let condition = graph.input("condition", DataType::Bool, &[]);
        let x = graph.input("x", DataType::F32, &[]);
        let before = graph.node("Relu", "before", &[&x], []);
        let attribute = |name: &str, output: &str| Attribute {
            name: name.into(),
            g: Some(Box::new(body(value, output))),
            ..Attribute::default()
        };
        let branches = [
            attribute("then_branch", "same"),
            attribute("else_branch", "same"),
        ];
        graph.node_to("If", "if", &[&condition], &["y"], branches);
        graph.node_to("Relu", "after", &[&before], &["z"], []);
        graph.output("y", DataType::F32, &[]);
        graph.build()
    };
    with_branches("before_output_0").unwrap();
    let message = with_branches("z").unwrap_err().to_string();
    assert!(
        message.contains("node `#0 (Neg)` reads the value `z` before the node that gives it"),
        "{message}"
    );
    let message = with_branches("y").unwrap_err().to_string();
    assert!(
        message.contains("the graph has a cycle: if → if"),
        "{message}"
    );
}

#[test]
fn external_data_is_named_and_can_be_supplied() {
    let place = External {
        location: "weights.bin".into(),
        offset: 4,
        length: Some(72),
    };
    let mut model = damaged(|model| {
        let kernel = &mut graph_of(model).initializer[0];
        *kernel = kernel.to_external(&place);
    });
    let read = Model::read(&model.to_rope().to_bytes()).unwrap();
    assert_eq!(read, model);
    let kernel = &read.graph().unwrap().initializer[0];
    assert_eq!(kernel.external().unwrap(), Some(place));
    let error = kernel.bytes().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(
        error.to_string().contains("external file `weights.bin`"),
        "{error}"
    );
    assert_eq!(check(&model), [], "data elsewhere is no fault of the graph");

    let short = Bytes::from(vec![0; 75]);
    let error = model
        .resolve_external(|_| Ok(Some(short.clone())))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "constant `kernel`: has its data at byte 4 of `weights.bin`, 72 bytes long, but that has only 75 bytes"
    );
    model.resolve_external(|_| Ok(None)).unwrap();
    let file = Bytes::from(vec![1; 80]);
    model
        .resolve_external(|name| Ok((name == "weights.bin").then(|| file.clone())))
        .unwrap();
    let data = graph_of(&mut model).initializer[0].bytes().unwrap();
    assert_eq!((data.len(), data.as_ptr()), (72, file[4..].as_ptr()));
}

#[test]
fn old_inputs_that_are_constants_are_no_inputs() {
    let model = damaged(|model| {
        let kernel = ValueInfo::tensor("kernel", DataType::F32, None);
        graph_of(model).input.push(kernel);
    });
    assert_eq!(check(&model), []);
    assert_eq!(model.inputs().unwrap().len(), 1);
    assert_eq!(
        model.graph().unwrap().input[1].info().unwrap().to_string(),
        "kernel: float32[..]"
    );
}

#[test]
fn random_damage_never_panics() {
    let file = classifier().to_rope().to_bytes();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut read = 0;
    for _ in 0..20_000 {
        let mut bytes = file.to_vec();
        for _ in 0..3 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let [low, high, bit, ..] = (random >> 32).to_le_bytes();
            // Most of the file is weights; aim at what describes them.
            let at = usize::from(u16::from_le_bytes([low, high])) % 600;
            bytes[at] ^= 1 << (bit % 8);
        }
        if let Ok(model) = Model::read(&bytes.into()) {
            read += 1;
            let _ = (check(&model), model.inputs(), model.outputs());
            let _ = model.graph().map(|graph| {
                graph
                    .initializer
                    .iter()
                    .map(Tensor::bytes)
                    .collect::<Vec<_>>()
            });
        }
    }
    assert!(
        (100..19_900).contains(&read),
        "damage is neither always nor never found: {read}"
    );
}

fn graph_of(model: &mut Model) -> &mut Graph {
    model.graph.as_mut().expect("a model with a graph")
}

#[test]
fn constants_go_to_a_file_beside_the_model_and_come_back() {
    let model = classifier();
    let (outside, data) = model.to_external("net.onnx.data").unwrap();
    let data = data.to_bytes();
    // The dense layer is large enough, the kernel and the target of the reshape are not.
    assert_eq!(data.len(), 32 * 64 * 4);
    let graph = outside.graph().unwrap();
    let places: Vec<_> = graph
        .initializer
        .iter()
        .filter_map(|t| t.external().unwrap())
        .collect();
    let expected = External {
        location: "net.onnx.data".into(),
        offset: 0,
        length: Some(8192),
    };
    assert_eq!(places, [expected]);
    let mut read = Model::read(&outside.to_rope().to_bytes()).unwrap();
    read.resolve_external(|location| {
        assert_eq!(location, "net.onnx.data");
        Ok(Some(data.clone()))
    })
    .unwrap();
    assert_eq!(read, model);
}

#[test]
fn large_constants_start_at_pages_and_small_ones_close_together() {
    let mut graph = Builder::new("offsets", 11);
    let mut sum = graph.input("x", DataType::F32, &[1.into()]);
    for (name, elements) in [("a", 257), ("b", 300), ("c", 1 << 18), ("d", 256)] {
        let data = f32_bytes(vec![1.0; elements]);
        let constant = graph.initializer(name, DataType::F32, &[elements], data);
        sum = graph.node("Add", &format!("add_{name}"), &[&sum, &constant], []);
    }
    graph.output(&sum, DataType::F32, &["N".into()]);
    let (outside, data) = graph.build().unwrap().to_external("d").unwrap();
    let constants = &outside.graph().unwrap().initializer;
    let offsets: Vec<_> = constants
        .iter()
        .map(|tensor| tensor.external().unwrap().unwrap().offset)
        .collect();
    assert_eq!(offsets, [0, 1088, 4096, 4096 + (4 << 18)]);
    assert_eq!(data.len(), 4096 + (4 << 18) + 1024);
}

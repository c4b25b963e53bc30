//! `.om` files: one of our own from end to end.

mod common;

use ascend_graph::om::{
    AttrValue, Extent, Format, InOut, IoTensor, Kind, OmModel, PartitionKind, WEIGHTS_LOCATION,
    split_weights,
};
use ascend_graph::onnx::{Attribute, Builder, Graph, Model, Node, ValueInfo};
use ascend_graph::{DataType, ErrorKind};
use bytes::Bytes;
use common::{classifier, classifier_file, classifier_io, compile, f32_bytes};

#[test]
fn weights_are_split_off_and_come_back() {
    let model = classifier();
    let split = split_weights(&model).unwrap();
    let entries: Vec<_> = split
        .plan
        .entries
        .iter()
        .map(|(name, extent)| (name.as_str(), *extent))
        .collect();
    let kernel = Extent {
        offset: 512,
        length: 72,
    };
    let dense = Extent {
        offset: 1024,
        length: 8192,
    };
    assert_eq!(
        entries,
        [("dense", dense), ("kernel", kernel)],
        "the shape stays inline"
    );
    assert_eq!((split.plan.total, split.weights.len()), (9216, 9216));
    let stripped = split.model.to_rope();
    assert!(
        stripped.len() < 1500,
        "{} bytes without weights",
        stripped.len()
    );

    let mut back = Model::read(&stripped.to_bytes()).unwrap();
    let weights = split.weights.to_bytes();
    back.resolve_external(|name| Ok((name == WEIGHTS_LOCATION).then(|| weights.clone())))
        .unwrap();
    assert_eq!(back, model);
}

#[test]
fn odd_constants_stay_where_they_are() {
    let mut model = classifier();
    let graph = model.graph.as_mut().unwrap();
    let dense = &mut graph.initializer[2];
    dense.float_data = dense.raw_data.chunks(4).map(|_| 0.5).collect();
    dense.raw_data = Bytes::new();
    for (name, dims) in [("empty", vec![0, 4]), ("scalar", vec![])] {
        let data = f32_bytes(dims.is_empty().then_some(1.0));
        graph.initializer.push(ascend_graph::onnx::Tensor::new(
            name,
            DataType::F32,
            dims,
            data,
        ));
    }
    let split = split_weights(&model).unwrap();
    assert_eq!(
        split.plan.entries.keys().collect::<Vec<_>>(),
        ["dense", "kernel", "scalar"]
    );
    assert_eq!(
        split.plan.entries["scalar"],
        Extent {
            offset: 9216,
            length: 4
        }
    );
    assert_eq!(split.plan.total, 9220);
    assert_eq!(&split.weights.to_bytes()[1024..1028], 0.5_f32.to_le_bytes());
}

#[test]
fn our_file_has_its_fields_where_the_format_wants_them() {
    let file = classifier_file();
    let u32_at = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap());
    assert_eq!(&file[..4], b"IMOD");
    assert_eq!((u32_at(0x04), u32_at(0x08)), (256, 0x2000_0000));
    assert!(
        file[0x0C..0x54].iter().all(|&byte| byte == 0),
        "checksum, length, flags, kind"
    );
    assert_eq!(&file[0x54..0x5F], b"classifier\0");
    assert_eq!((u32_at(0x98), u32_at(0x9C)), (2, 1));
    assert_eq!(u64_at(0xB8), file.len() as u64 - 256);
    assert!(file[0xC0..0x100].iter().all(|&byte| byte == 0));
    assert_eq!(u64_at(0x100), 5, "five partitions and padding");
    let mut end = 0;
    for (index, kind) in [8, 0, 1, 2, 0x4153_4344].into_iter().enumerate() {
        let entry = 0x108 + 24 * index;
        assert_eq!((u64_at(entry), u64_at(entry + 8)), (kind, end));
        end += u64_at(entry + 16);
    }
    assert_eq!(0x100 + 8 + 5 * 24 + end, file.len() as u64);

    let io = 0x100 + 8 + 5 * 24;
    assert_eq!((u32_at(io), u32_at(io + 8)), (0, 1), "one input");
    assert_eq!(
        (u64_at(io + 12), u32_at(io + 20), u32_at(io + 24)),
        (0, 0, 0),
        "size, NCHW, float in acl numbers"
    );
    assert_eq!(
        [28, 32, 36, 40].map(|at| u32_at(io + at)),
        [1, 32, 32, 64],
        "lengths of name, dims, dims, ranges"
    );
    assert_eq!(file[io + 44], b'x');
    assert_eq!(u64_at(io + 45), u64::MAX, "the batch is -1");
}

#[test]
fn our_file_tells_what_was_put_in() {
    let file = classifier_file();
    assert_eq!(Kind::of(&file).unwrap(), Kind::Current);
    let om = OmModel::open(&file).unwrap();
    assert_eq!(om.warnings, [""; 0]);
    let mut io = classifier_io();
    io.outputs[0].name = "softmax:0:y".into();
    assert_eq!(om.io, io);
    let graph = om.model.in_out();
    assert_eq!(
        (&graph.outputs, graph.inputs[0].dims.as_slice()),
        (&io.outputs, [-1, 1, 4, 4].as_slice())
    );
    assert_eq!(
        (om.soc_version(), om.text("framework_type")),
        (Some("AscendCpu"), Some("Onnx"))
    );
    assert_eq!(
        om.text("atc_cmdline"),
        Some("ascend convert classifier.onnx")
    );
    assert_eq!(
        (om.work_bytes(), om.weight_bytes(), om.int("weight_size")),
        (4096, 9216, Some(9216))
    );
    let sizes = om.model.attr["om_info_list"].as_list().unwrap();
    assert_eq!(
        sizes.i,
        [
            9216,
            0,
            0,
            om.partition(PartitionKind::TASK_INFO)
                .unwrap()
                .len()
                .try_into()
                .unwrap(),
            0
        ]
    );

    let (version, programs) = om.cpu_programs().unwrap();
    assert_eq!((version, programs.len()), ("1", 1));
    let mut model = Model::read(&programs[0]).unwrap();
    let weights = om.weights();
    model
        .resolve_external(|_| Ok(Some(weights.clone())))
        .unwrap();
    assert_eq!(model, classifier());
    let kernel = model.graph().unwrap().initializer[0].bytes().unwrap();
    assert!(
        file.as_ptr_range().contains(&kernel.as_ptr()),
        "weights stay slices of the file"
    );
    assert_eq!(file, classifier_file(), "equal programs give equal bytes");
}

#[test]
fn the_graph_in_our_file_is_that_of_the_model() {
    let om = OmModel::open(&classifier_file()).unwrap();
    let [graph] = om.model.graph.as_slice() else {
        panic!("one graph")
    };
    let ops: Vec<_> = graph
        .op
        .iter()
        .map(|op| format!("{} {} {:?}", op.r#type, op.name, op.input))
        .collect();
    assert_eq!(
        ops,
        [
            "Data x []",
            "Const kernel []",
            "Const shape []",
            "Const dense []",
            r#"Conv conv ["x:0", "kernel:0"]"#,
            r#"Relu relu ["conv:0"]"#,
            r#"Reshape flat ["relu:0", "shape:0"]"#,
            r#"MatMul scores ["flat:0", "dense:0"]"#,
            r#"Softmax softmax ["scores:0"]"#,
            r#"NetOutput Node_Output ["softmax:0"]"#,
        ]
    );
    assert_eq!(
        (graph.input.as_slice(), graph.output.as_slice()),
        (["x:0".into()].as_slice(), ["softmax:0".into()].as_slice())
    );
    assert!(graph.op.iter().map(|op| op.id).eq(0..10));
    let value = |index: usize| match &graph.op[index].attr["value"].value {
        Some(AttrValue::T(tensor)) => tensor,
        other => panic!("{other:?}"),
    };
    let kernel = value(1).desc.as_ref().unwrap();
    assert_eq!(
        (kernel.data_offset, kernel.weight_size, kernel.dtype),
        (512, 72, 1)
    );
    assert!(value(1).data.is_empty());
    let shape = value(2);
    assert_eq!(
        (shape.desc.as_ref().unwrap().dtype, shape.data.len()),
        (8, 16),
        "int64 in ge numbers, inline"
    );
    assert_eq!(graph.op[4].attr["pads"].as_list().unwrap().i, [1; 4]);
    assert_eq!(
        graph.op[4].input_desc[0].shape.as_ref().unwrap().dim,
        [-1, 1, 4, 4]
    );
    assert_eq!(
        graph.op[4].output_desc[0].shape.as_ref().unwrap().dim,
        [-2],
        "nothing is known in between"
    );
    assert_eq!(graph.op[8].attr["axis"].as_int(), Some(1));
}

#[test]
fn graphs_inside_of_nodes_are_described_too() {
    let body = |output: &str| Graph {
        node: vec![Node {
            op_type: "Neg".into(),
            input: vec!["x".into()],
            output: vec![output.into()],
            ..Node::default()
        }],
        output: vec![ValueInfo {
            name: output.into(),
            ..ValueInfo::default()
        }],
        ..Graph::default()
    };
    let branch = |name: &str| Attribute {
        name: name.into(),
        g: Some(Box::new(body(name))),
        ..Attribute::default()
    };
    let mut graph = Builder::new("g", 11);
    let condition = graph.input("condition", DataType::Bool, &[]);
    graph.input("x", DataType::F32, &[2.into()]);
    graph.node_to(
        "If",
        "",
        &[&condition],
        &["y"],
        [branch("then_branch"), branch("else_branch")],
    );
    graph.node_to("Relu", "", &["y"], &["z"], []);
    graph.node_to("Relu", "", &["z"], &["condition2", "w"], []);
    graph.output("w", DataType::F32, &[2.into()]);
    graph.output("x", DataType::F32, &[2.into()]);
    let model = graph.build().unwrap();
    let io = InOut {
        inputs: vec![
            IoTensor::new("condition", DataType::Bool, Format::ND, &[]),
            IoTensor::new("x", DataType::F32, Format::ND, &[2]),
        ],
        outputs: ["w", "x"]
            .map(|name| IoTensor::new(name, DataType::F32, Format::ND, &[2]))
            .into(),
        ..InOut::default()
    };
    let file = compile(&model, &split_weights(&model).unwrap(), &io)
        .unwrap()
        .to_bytes();
    let om = OmModel::open(&file).unwrap();
    assert!(om.weights().is_empty() && om.partition(PartitionKind::WEIGHTS_DATA).is_none());
    let names: Vec<_> = om
        .model
        .graph
        .iter()
        .map(|graph| graph.name.as_str())
        .collect();
    assert_eq!(names, ["g", "g/If/then_branch", "g/If/else_branch"]);
    assert_eq!(om.model.graph[0].op[2].subgraph_name, names[1..]);
    let inner: Vec<_> = om.model.graph[1]
        .op
        .iter()
        .map(|op| (op.r#type.as_str(), op.name.as_str()))
        .collect();
    assert_eq!(
        inner,
        [("Data", "x"), ("Neg", "Neg"), ("NetOutput", "Node_Output")]
    );
    let outputs: Vec<_> = om
        .io
        .outputs
        .iter()
        .map(|output| output.name.as_str())
        .collect();
    assert_eq!(
        outputs,
        ["Relu_1:1:w", "x:0:x"],
        "unnamed nodes get names, inputs can be outputs"
    );
}

#[test]
fn a_description_of_another_model_is_refused() {
    let model = classifier();
    let split = split_weights(&model).unwrap();
    let mut io = classifier_io();
    io.inputs[0].name = "z".into();
    let error = compile(&model, &split, &io).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 0 of the ONNX model, `x`, is not input 0 of the description"
    );
    let mut io = classifier_io();
    io.outputs.clear();
    assert_eq!(
        compile(&model, &split, &io).unwrap_err().kind(),
        ErrorKind::Invalid
    );
    let mut io = classifier_io();
    io.inputs[0].dtype = DataType::U4;
    assert!(
        compile(&model, &split, &io)
            .unwrap_err()
            .to_string()
            .contains("uint4, which an .om cannot name")
    );
}

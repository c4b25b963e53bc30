//! `.om` files from elsewhere, compared with what another reader found in them. Skipped where they are absent.

mod common;

use ascend_graph::DataType;
use ascend_graph::om::{
    AttrDef, AttrValue, CPU_PROGRAM_MARKER, Container, Contents, Format, GraphDef, InOut, IoTensor,
    Kind, OmFile, OmModel, PARTITION_CPU_PROGRAM, PartitionKind, TensorDef, split_weights,
};
use ascend_graph::onnx::Model;
use bytes::Bytes;
use common::{compile, fixture};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const FILES: [(&str, Kind); 14] = [
    ("ge_dynamic_and_static_graph_without_unfold", Kind::Current),
    ("ge_flow_model", Kind::Flow),
    ("ge_root_model", Kind::Current),
    ("hiai_aipp", Kind::FirstGeneration),
    ("hiai_batchnorm", Kind::FirstGeneration),
    ("hiai_relu", Kind::FirstGeneration),
    ("hiai_resnet20_quant8_8_retrain", Kind::FirstGeneration),
    ("hiai_tf_conv_opversion_5", Kind::FirstGeneration),
    ("hiai_tf_deconv_size_1", Kind::FirstGeneration),
    ("hiai_tf_softmax_hcs_npucl", Kind::FirstGeneration),
    ("hiai_tf_softmax_infershaped", Kind::FirstGeneration),
    ("hiai_tf_softmax_v100", Kind::FirstGeneration),
    ("hiai_tf_use_origin_format", Kind::FirstGeneration),
    ("hilens_landmark68", Kind::FirstGeneration),
];

/// Calls `check` with each file and what is expected of it.
fn each_file(check: impl Fn(&str, Kind, &Bytes, &Value)) {
    for (name, kind) in FILES {
        let (Some(file), Some(expected)) = (
            fixture(&format!("om/{name}.om")),
            fixture(&format!("om/{name}.om.expected.json")),
        ) else {
            continue;
        };
        let expected = serde_json::from_slice(&expected).expect("facts are JSON");
        check(name, kind, &file, &expected);
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |sum, byte| format!("{sum}{byte:02x}"))
}

/// Compares the keys of `expected` with `own`, which may have more.
fn compare(place: &str, expected: &Value, own: &Value) {
    for (key, expected) in expected.as_object().expect("an object of facts") {
        assert_eq!(own.get(key), Some(expected), "{place}: {key}");
    }
}

#[test]
fn header_and_partitions_are_as_expected() {
    each_file(|name, kind, file, expected| {
        let om = OmFile::open(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(om.kind, kind, "{name}");
        let header = om.header.as_ref().unwrap();
        let is_first = header.version == 0x1000_0000;
        let (length, model_length) = if header.wide {
            (0, header.payload_bytes)
        } else {
            (header.payload_bytes, 0)
        };
        compare(
            name,
            &expected["header"],
            &json!({
                "magic": "IMOD", "headsize": 256, "version": format!("{:#x}", header.version),
                "length": length, "is_encrypt": u8::from(header.encrypted),
                "is_checksum": header.checksum_mode, "modeltype": header.model_type,
                "genmode": header.generation_mode, "name": header.name, "ops": header.ops,
                "userdefineinfo": "", "om_ir_version": header.om_ir_version,
                "model_num": if is_first { 0 } else { header.model_count },
                "platform_version": header.platform_version,
                "platform_type": header.platform_type, "model_length": model_length,
                "need_check_os_cpu_info": u8::from(header.host_bound),
                "is_unknow_model": u8::from(header.dynamic),
            }),
        );
        compare(
            name,
            &json!({
                "size": expected["size"], "sha256": expected["sha256"],
                "table_entry_bytes": expected["table_entry_bytes"],
                "trailing_bytes": expected["trailing_bytes"],
            }),
            &json!({
                "size": file.len(), "sha256": sha256(file), "trailing_bytes": 0,
                "table_entry_bytes": if header.wide { 24 } else { 12 },
            }),
        );
        let models = expected["models"].as_array().unwrap();
        assert_eq!(om.models().len(), models.len(), "{name}");
        let mut table = 256;
        for (model, expected) in om.models().iter().zip(models) {
            let count = model.partitions.len();
            let data = table
                + if header.wide {
                    8 + 24 * count
                } else {
                    4 + 12 * count
                };
            let parts = model.partitions.iter().map(|part| {
                json!({
                    "type": part.kind.0, "offset": part.offset - data, "size": part.data.len(),
                    "file_offset": part.offset, "sha256": sha256(&part.data),
                })
            });
            assert_eq!(json!(parts.collect::<Vec<_>>()), expected["partitions"]);
            assert_eq!(json!(table), expected["table_offset"], "{name}");
            let last = model.partitions.last().unwrap();
            table = last.offset + last.data.len();
        }
    });
}

/// The facts of a model, under the names of its attributes.
fn facts(model: &OmModel) -> Value {
    let mut facts = json!({
        "name": model.model.name, "version": model.model.version,
        "custom_version": model.model.custom_version, "attr_compression": model.is_compressed,
    });
    for (key, attr) in &model.model.attr {
        facts[key] = match &attr.value {
            Some(AttrValue::I(number)) => json!(number),
            Some(AttrValue::S(text)) => json!(String::from_utf8_lossy(text)),
            Some(AttrValue::List(list)) => json!(list.i),
            _ => continue,
        };
    }
    let needs = model.needs();
    for (key, number) in [
        ("memory_size", needs.work_bytes),
        ("weight_size", needs.weight_bytes),
        ("zero_copy_memory_size", needs.zero_copy_bytes),
        ("p2p_memory_size", needs.peer_bytes),
        ("stream_num", needs.streams),
        ("event_num", needs.events),
        ("label_num", needs.labels),
    ] {
        facts[key] = json!(number);
    }
    if model.target().is_some() {
        facts["target_type"] = json!(model.target());
    }
    if !model.partition_sizes().is_empty() {
        facts["om_info_list"] = json!(model.partition_sizes());
    }
    facts
}

fn type_name(code: i32) -> String {
    let name = DataType::from_ge(code).and_then(DataType::ge_name);
    name.unwrap_or_else(|| format!("type {code}"))
}

fn const_values(graph: &GraphDef) -> impl Iterator<Item = (&str, &TensorDef)> {
    let constants = graph.op.iter().filter(|op| op.r#type == "Const");
    constants.filter_map(|op| match &op.attr.get("value")?.value {
        Some(AttrValue::T(tensor)) => Some((op.name.as_str(), &**tensor)),
        _ => None,
    })
}

fn graph_facts(graph: &GraphDef) -> Value {
    let data = graph.op.iter().filter(|op| op.r#type == "Data");
    let data = data.map(|op| {
        let descriptor = op.output_desc.first().or(op.input_desc.first());
        let descriptor = descriptor.expect("data has a type");
        json!({
            "name": op.name, "type": op.r#type,
            "index": op.attr.get("index").and_then(AttrDef::as_int),
            "dtype": type_name(descriptor.dtype),
            "dims": descriptor.shape.as_ref().map_or(&[][..], |shape| &shape.dim),
        })
    });
    let constants = const_values(graph).map(|(name, tensor)| {
        let descriptor = tensor.desc.as_ref().expect("a constant has a type");
        json!({
            "name": name, "layout": descriptor.layout, "dtype": type_name(descriptor.dtype),
            "dims": descriptor.shape.as_ref().map_or(&[][..], |shape| &shape.dim),
            "data_offset": descriptor.data_offset, "weight_size": descriptor.weight_size,
            "inline_bytes": tensor.data.len(),
        })
    });
    json!({
        "name": graph.name, "op_count": graph.op.len(), "op_types": graph.op_types(),
        "output_formats": graph.output_formats(), "data_ops": data.collect::<Vec<_>>(),
        "const_count": graph.op.iter().filter(|op| op.r#type == "Const").count(),
        "const_first": constants.take(5).collect::<Vec<_>>(),
        "fused_without_full_attributes": graph.op.iter().filter(|op| op.lacks_attributes()).count(),
    })
}

fn io_facts(tensors: &[IoTensor]) -> Value {
    let tensor = |tensor: &IoTensor| {
        json!({
            "name": tensor.name, "size": tensor.bytes, "format": tensor.format.0,
            "dt": tensor.dtype.ge_name(), "dims": tensor.dims, "dimsV2": tensor.dims_after_aipp,
            "range": tensor.ranges,
        })
    };
    tensors.iter().map(tensor).collect()
}

#[test]
fn models_graphs_kernels_and_tasks_are_as_expected() {
    each_file(|name, _, file, expected| {
        let om = OmFile::open(file).unwrap();
        let models = expected["models"].as_array().unwrap();
        for (number, (model, expected)) in om.models().iter().zip(models).enumerate() {
            let place = format!("{name}, model {number}");
            compare(&place, &expected["model"], &facts(model));
            let graphs = expected["graphs"].as_array().unwrap();
            assert_eq!(model.model.graph.len(), graphs.len(), "{place}");
            for (graph, expected) in model.model.graph.iter().zip(graphs) {
                let mut expected = expected.clone();
                if number > 0 {
                    // The other reader did not find these: models after the first are compressed twice.
                    assert_eq!(expected["const_first"], json!([]));
                    let found = graph_facts(graph)["const_first"].clone();
                    assert_eq!(found[0]["weight_size"], 16, "{place}");
                    expected["const_first"] = found;
                }
                compare(&place, &expected, &graph_facts(graph));
                assert_eq!(graph.wiring().unwrap().order.len(), graph.op.len());
            }
            if let Some(io) = expected.get("io") {
                assert_eq!(io_facts(&model.io.inputs), io["inputs"], "{place}");
                assert_eq!(io_facts(&model.io.outputs), io["outputs"], "{place}");
            }
            if let Some(count) = expected.get("kernel_count") {
                assert_eq!(&json!(model.kernels.len()), count, "{place}");
                assert_eq!(json!(model.kernels[0].name), expected["kernel_first"]);
            }
            match expected.get("task") {
                Some(task) if task.get("not_protobuf").is_some() => {
                    assert!(model.task.is_none(), "{place}");
                    assert!(model.partition(PartitionKind::TASK_INFO).is_some());
                }
                Some(expected) => {
                    let task = model.task.as_ref().unwrap();
                    let types = json!(task.counts());
                    let own = json!({"count": task.task.len(), "types": types});
                    assert_eq!(&own, expected, "{place}");
                }
                None => assert!(model.task.is_none(), "{place}"),
            }
            let weights = model.weights().len();
            for constant in &model.constants {
                let plain = constant.unpack();
                let plain = plain.unwrap_or_else(|error| panic!("{place}: {error}"));
                assert!(!plain.data.is_empty() && plain.data.len() <= file.len().max(weights));
            }
        }
    });
}

#[test]
fn a_flow_tells_its_models() {
    let Some(file) = fixture("om/ge_flow_model.om") else {
        return;
    };
    let om = OmFile::open(&file).unwrap();
    let Contents::Flow(flow) = &om.contents else {
        panic!("{:?}", om.kind)
    };
    assert_eq!(flow.names, ["graph1", "graph2"]);
    assert_eq!(flow.model.warnings, [""; 0]);
    let parts: Vec<_> = flow
        .submodels
        .iter()
        .map(|part| (part.name.as_str(), part.model_type.as_str(), part.bytes))
        .collect();
    assert_eq!(
        parts,
        [("graph1", "NPU", 2231), ("graph2", "HOST_CPU", 2231)]
    );
    for (name, file) in om.files() {
        assert_eq!(
            (file.kind, name.starts_with("graph")),
            (Kind::Current, true)
        );
        let [model] = file.models() else {
            panic!("{name}")
        };
        assert_eq!((model.io.inputs.len(), model.io.outputs.len()), (1, 1));
    }
}

#[test]
fn preprocessing_of_phones_is_told() {
    let Some(file) = fixture("om/hiai_aipp.om") else {
        return;
    };
    let model = OmModel::open(&file).unwrap();
    let [aipp] = model.aipp.as_slice() else {
        panic!("{:?}", model.aipp)
    };
    assert_eq!((aipp.input, aipp.aipp.max_src_image_size), (0, 10_240_000));
    assert!(
        model.model.aipp().is_empty(),
        "a device would not answer it"
    );
}

#[test]
fn the_second_compression_is_undone() {
    let Some(file) = fixture("om/ge_dynamic_and_static_graph_without_unfold.om") else {
        return;
    };
    let om = OmFile::open(&file).unwrap();
    let [root, parts @ ..] = om.models() else {
        panic!("no models")
    };
    assert_eq!(root.weight_bytes(), 0);
    assert_eq!(OmModel::open(&file).unwrap().weight_bytes(), 32);
    for model in parts {
        let attr = &model.model.graph[0].op[0].attr;
        assert!(attr.keys().all(|key| !key.starts_with('\0')), "{attr:?}");
        let [constant] = model.constants.as_slice() else {
            panic!("{:?}", model.constants)
        };
        let plain = constant.unpack().unwrap();
        assert_eq!((plain.dims, plain.data.len()), (vec![2, 2], 16));
    }
}

#[test]
fn a_real_file_comes_back_from_its_parts() {
    let Some(file) = fixture("om/ge_root_model.om") else {
        return;
    };
    let Container { header, models } = Container::read(&file).unwrap();
    let parts: Vec<_> = models[0]
        .iter()
        .map(|part| (part.kind, part.data.clone().into()))
        .collect();
    assert_eq!(Container::write(header, &parts).to_bytes(), file);
}

#[test]
fn a_real_model_becomes_an_om() {
    let Some(file) = fixture("resnet/resnet18_w12.t215.onnx") else {
        return;
    };
    let model = Model::read(&file).unwrap();
    let split = split_weights(&model).unwrap();
    let io = InOut {
        inputs: vec![IoTensor::new(
            "input",
            DataType::F32,
            Format::NCHW,
            &[1, 3, 64, 64],
        )],
        outputs: vec![IoTensor::new(
            &model.outputs().unwrap()[0].name,
            DataType::F32,
            Format::ND,
            &[1, 20],
        )],
        ..InOut::default()
    };
    let written = compile(&model, &split, &io).unwrap();
    let om = OmModel::open(&written.to_bytes()).unwrap();
    assert_eq!(om.io.inputs[0].bytes, 3 * 64 * 64 * 4);
    assert_eq!(om.int("zero_copy_memory_size"), Some(3 * 64 * 64 * 4 + 80));
    let nodes = model.graph().unwrap().node.len();
    let constants = model.graph().unwrap().initializer.len();
    assert_eq!(om.model.graph[0].op.len(), nodes + constants + 2);
    let overhead = written.len() - om.weight_bytes();
    assert!(overhead < 100_000, "{overhead} bytes beside the weights");
    let mut back = Model::read(&om.cpu_programs().unwrap().1[0]).unwrap();
    let weights = om.weights();
    back.resolve_external(|_| Ok(Some(weights.clone())))
        .unwrap();
    assert_eq!(back, model);
    let marker = om
        .model
        .attr
        .get(CPU_PROGRAM_MARKER)
        .and_then(AttrDef::as_str);
    assert_eq!(
        (marker, om.partitions[4].kind),
        (Some("1"), PARTITION_CPU_PROGRAM)
    );
}

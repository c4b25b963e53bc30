//! `.om` files from elsewhere, and one made of a real model. Skipped where the files are absent.

mod common;

use ascend_graph::om::{
    AttrDef, CPU_PROGRAM_MARKER, Container, Format, InOut, IoTensor, Kind, OmFile,
    PARTITION_CPU_PROGRAM, split_weights,
};
use ascend_graph::onnx::Model;
use ascend_graph::{DataType, ErrorKind};
use common::{compile, fixture};

#[test]
fn a_real_file_tells_what_is_known_of_it() {
    let Some(file) = fixture("om/ge_root_model.om") else {
        return;
    };
    let expected = fixture("om/ge_root_model.om.expected.json").unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let om = OmFile::open(&file).unwrap();
    let model = &expected["models"][0];
    assert_eq!(om.header.name, expected["header"]["name"].as_str().unwrap());
    assert_eq!(
        Some(om.header.payload_bytes),
        expected["header"]["model_length"].as_u64()
    );
    let parts: Vec<_> = om
        .partitions
        .iter()
        .map(|part| {
            (
                u64::from(part.kind.0),
                part.offset as u64,
                part.data.len() as u64,
            )
        })
        .collect();
    let expected_parts = model["partitions"].as_array().unwrap().iter().map(|part| {
        let field = |key: &str| part[key].as_u64().unwrap();
        (field("type"), field("file_offset"), field("size"))
    });
    assert_eq!(parts, expected_parts.collect::<Vec<_>>());
    for (own, expected) in [
        (&om.io.inputs, &model["io"]["inputs"]),
        (&om.io.outputs, &model["io"]["outputs"]),
    ] {
        let [own] = own.as_slice() else {
            panic!("one tensor")
        };
        let expected = &expected[0];
        assert_eq!(own.name, expected["name"].as_str().unwrap());
        assert_eq!(
            own.dtype.name(),
            expected["dt"].as_str().unwrap().to_lowercase()
        );
        assert_eq!(
            Some(u64::try_from(own.format.0).unwrap()),
            expected["format"].as_u64()
        );
        assert_eq!(serde_json::json!(own.dims), expected["dims"]);
        assert_eq!(serde_json::json!(own.dims_after_aipp), expected["dimsV2"]);
        assert!(own.ranges.is_empty());
    }
    let sizes = om.model.attr["om_info_list"].as_list().unwrap();
    assert_eq!(serde_json::json!(sizes.i), model["model"]["om_info_list"]);
    let graph = &om.model.graph[0];
    assert_eq!(
        (graph.name.as_str(), graph.op.len()),
        ("test_graph_cache", 3)
    );
    assert!(om.cpu_programs().is_none());

    let header_and_parts: Vec<_> = om
        .partitions
        .iter()
        .map(|part| (part.kind, part.data.clone().into()))
        .collect();
    assert_eq!(
        Container::write(om.header, &header_and_parts).to_bytes(),
        file,
        "what is read is written back"
    );
}

#[test]
fn real_files_of_other_kinds_are_read_or_recognised() {
    for (name, kind) in [
        ("ge_flow_model.om", Kind::Flow),
        ("hilens_landmark68.om", Kind::FirstGeneration),
        ("hiai_aipp.om", Kind::FirstGeneration),
        ("hiai_batchnorm.om", Kind::FirstGeneration),
        ("hiai_relu.om", Kind::FirstGeneration),
        ("hiai_resnet20_quant8_8_retrain.om", Kind::FirstGeneration),
        ("hiai_tf_conv_opversion_5.om", Kind::FirstGeneration),
        ("hiai_tf_deconv_size_1.om", Kind::FirstGeneration),
        ("hiai_tf_softmax_hcs_npucl.om", Kind::FirstGeneration),
        ("hiai_tf_softmax_infershaped.om", Kind::FirstGeneration),
        ("hiai_tf_softmax_v100.om", Kind::FirstGeneration),
        ("hiai_tf_use_origin_format.om", Kind::FirstGeneration),
        (
            "ge_dynamic_and_static_graph_without_unfold.om",
            Kind::Current,
        ),
    ] {
        let (Some(file), Some(expected)) = (
            fixture(&format!("om/{name}")),
            fixture(&format!("om/{name}.expected.json")),
        ) else {
            return;
        };
        assert_eq!(Kind::of(&file).unwrap(), kind, "{name}");
        let om = match OmFile::open(&file) {
            Ok(om) => om,
            Err(error) => {
                assert_eq!(
                    (kind, error.kind()),
                    (Kind::Flow, ErrorKind::Unsupported),
                    "{name}: {error}"
                );
                continue;
            }
        };
        let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
        let io = &expected["models"][0]["io"];
        for (own, expected) in [
            (&om.io.inputs, &io["inputs"]),
            (&om.io.outputs, &io["outputs"]),
        ] {
            let Some(expected) = expected.as_array() else {
                continue;
            };
            let dims = |tensor: &serde_json::Value| tensor["dims"].clone();
            let own: Vec<_> = own.iter().map(|own| serde_json::json!(own.dims)).collect();
            assert_eq!(
                own,
                expected.iter().map(dims).collect::<Vec<_>>(),
                "{name}: {io}"
            );
        }
    }
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
    let om = OmFile::open(&written.to_bytes()).unwrap();
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

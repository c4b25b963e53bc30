//! Every kind of file that goes by the name `.om`, made by hand.

mod common;
#[path = "common/message.rs"]
mod message;

use ascend_graph::DataType;
use ascend_graph::om::{
    Bundle, Container, Contents, Format, Header, InOut, IoTensor, Kind, OmFile, OmModel,
    PartitionKind,
};
use bytes::Bytes;
use common::{classifier_file, fixture};
use message::{bytes, entry, int, number, text};

/// A file with a header like that of `header`, and what follows it.
fn file(header: &Header, payload: &[u8]) -> Bytes {
    let header = Header {
        payload_bytes: payload.len() as u64,
        ..header.clone()
    };
    Bytes::from([&header.to_bytes(), payload].concat())
}

/// A file of the first generation, whose header has its fields elsewhere.
fn first_generation(payload: &[u8]) -> Bytes {
    let mut bytes = file(&Header::new("old"), payload).to_vec();
    bytes[8..12].copy_from_slice(&0x1000_0000_u32.to_le_bytes());
    let length = u32::try_from(payload.len()).expect("a short payload");
    bytes[0x4C..0x50].copy_from_slice(&length.to_le_bytes());
    bytes[0x9C..0x100].fill(0);
    bytes[0x9C..0xA4].copy_from_slice(b"1.11.z.0");
    bytes.into()
}

fn legacy() -> Vec<u8> {
    let descriptor = |dims: &[i64]| {
        let dims = dims.iter().flat_map(|&dim| number(3, dim));
        let fields = [number(1, 0), number(2, 1)].concat();
        fields.into_iter().chain(dims).collect::<Vec<u8>>()
    };
    let shape = [number(1, 2), number(1, 3)].concat();
    let weight = [
        number(1, 0),
        number(2, 1),
        bytes(3, &shape),
        bytes(4, &[7; 12]),
    ]
    .concat();
    let input = [
        text(1, "data"),
        text(2, "Data"),
        bytes(13, &descriptor(&[1, 3])),
        bytes(12, &descriptor(&[1, 3])),
    ];
    let dense = [
        text(1, "dense"),
        text(2, "FullConnection"),
        text(8, "data"),
        number(9, 0),
        bytes(12, &descriptor(&[1, 3])),
        bytes(13, &descriptor(&[1, 2])),
        bytes(14, &weight),
        entry(30, "alpha", &int(5)),
        // What is no attribute of the schema that followed.
        entry(30, "odd", &[0xff]),
    ];
    let output = [
        text(1, "out"),
        text(2, "NetOutput"),
        text(8, "dense"),
        number(9, 0),
        bytes(12, &descriptor(&[1, 2])),
    ];
    [
        text(1, "legacy net"),
        number(2, 1),
        number(10, 4096),
        number(11, 1),
        number(12, 2),
        number(13, 12),
        bytes(20, &input.concat()),
        bytes(20, &dense.concat()),
        bytes(20, &output.concat()),
    ]
    .concat()
}

#[test]
fn a_legacy_file_is_described_in_the_words_of_later_ones() {
    let om = OmFile::open(&first_generation(&legacy())).unwrap();
    assert_eq!((om.kind, om.name()), (Kind::Legacy, "old"));
    let [model] = om.models() else {
        panic!("one model")
    };
    assert_eq!(model.model.name, "legacy net");
    let needs = model.needs();
    assert_eq!(
        (
            needs.work_bytes,
            needs.weight_bytes,
            needs.streams,
            needs.events
        ),
        (4096, 12, 1, 2)
    );
    let graph = &model.model.graph[0];
    let ops: Vec<_> = graph
        .op
        .iter()
        .map(|op| format!("{} {} {:?}", op.r#type, op.name, op.input))
        .collect();
    assert_eq!(
        ops,
        [
            "Data data []",
            "Const dense_weight_0 []",
            r#"FullConnection dense ["data:0", "dense_weight_0:0"]"#,
            r#"NetOutput out ["dense:0"]"#
        ]
    );
    assert_eq!(graph.wiring().unwrap().order.len(), 4);
    assert_eq!(graph.op[2].attr["alpha"].as_int(), Some(5));
    let expected = IoTensor {
        bytes: 0,
        ..IoTensor::new("data", DataType::F16, Format::NCHW, &[1, 3])
    };
    assert_eq!(model.io.inputs, [expected]);
    assert_eq!(model.io.outputs[0].dims, [1, 2]);
    let weight = model.constants[0].unpack().unwrap();
    assert_eq!((weight.dims, &weight.data[..]), (vec![2, 3], &[7; 12][..]));
    assert_eq!(
        model.warnings,
        ["1 attributes of op `dense` are of a form that is not known"]
    );
    let error = OmModel::open(&first_generation(&legacy())).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a legacy .om without a partition table (`old`)"),
        "{error}"
    );
}

#[test]
fn what_is_of_another_form_in_a_legacy_file_costs_only_itself() {
    let odd_type = [text(1, "a"), text(2, "Data"), bytes(13, &text(1, "NCHW"))].concat();
    let odd_op = [text(1, "b"), text(2, "Relu"), text(3, "no number")].concat();
    let message = [text(1, "odd"), bytes(20, &odd_type), bytes(20, &odd_op)].concat();
    let om = OmFile::open(&first_generation(&message)).unwrap();
    let model = &om.models()[0];
    let ops = model.model.graph[0].op.iter();
    let ops: Vec<_> = ops
        .map(|op| (op.name.as_str(), op.r#type.as_str()))
        .collect();
    assert_eq!(ops, [("a", "Data"), ("b", "Relu")]);
    assert_eq!(
        model.warnings,
        ["2 operators, types or weights are of a form that is not known"]
    );
}

#[test]
fn a_cut_legacy_file_never_panics() {
    let payload = legacy();
    let mut refused = 0;
    for end in 2..payload.len() {
        refused += usize::from(OmFile::open(&first_generation(&payload[..end])).is_err());
    }
    assert!(refused > payload.len() / 2, "{refused}");
}

#[test]
fn a_narrow_table_is_read() {
    let model = [text(1, "narrow")].concat();
    let io = InOut {
        inputs: vec![IoTensor::new("x", DataType::I8, Format::ND, &[4])],
        ..InOut::default()
    };
    let io = io.to_bytes().unwrap();
    let table = [2, 0, 0, model.len(), 6, model.len(), io.len()];
    let table = table.map(|number| u32::try_from(number).unwrap().to_le_bytes());
    let payload = [table.as_flattened(), &model, &io].concat();
    let mut bytes = file(&Header::new("narrow"), &payload).to_vec();
    bytes.copy_within(0xB8..0xBC, 0x4C);
    bytes[0xB8..0xC0].fill(0);
    let om = OmFile::open(&bytes.clone().into()).unwrap();
    assert_eq!(om.kind, Kind::Narrow);
    assert_eq!(om.models()[0].io.inputs[0].dtype, DataType::I8);
    // The 32-bit reading of a 64-bit table, and the other way around.
    bytes[0xB8..0xC0].copy_from_slice(&(payload.len() as u64).to_le_bytes());
    assert!(OmFile::open(&bytes.into()).is_err());
    let mut wide = classifier_file().to_vec();
    wide.copy_within(0xB8..0xBC, 0x4C);
    wide[0xB8..0xC0].fill(0);
    assert!(OmFile::open(&wide.into()).is_err());
}

#[test]
fn padding_before_a_partition_is_skipped() {
    let model = text(1, "nano");
    let parts = [
        (PartitionKind::MODEL_DEF, Bytes::from(model).into()),
        (PartitionKind(9), vec![1, 2, 3].into()),
    ];
    let mut file = Container::write(Header::new("nano"), &parts)
        .to_bytes()
        .to_vec();
    // The first has 6 bytes: two zeros more, and the second begins at 8.
    let at = file.len() - 3;
    file.splice(at..at, [0, 0]);
    file[0x100 + 8 + 24 + 8] = 8;
    file[0xB8] += 2;
    let model = OmModel::open(&file.clone().into()).unwrap();
    assert_eq!(model.partition(PartitionKind(9)).unwrap(), &[1, 2, 3][..]);
    file[at] = 1;
    let error = OmModel::open(&file.into()).unwrap_err();
    assert!(error.to_string().contains("leaves a gap"), "{error}");
}

#[test]
fn an_encrypted_file_keeps_its_header() {
    let mut file = classifier_file().to_vec();
    file[80] = 1;
    file[256..].fill(0x5a);
    let om = OmFile::open(&file.into()).unwrap();
    assert!(matches!(om.contents, Contents::Encrypted));
    assert_eq!((om.name(), om.models().len()), ("classifier", 0));
    assert!(om.header.unwrap().encrypted);
}

#[test]
fn odd_headers_are_read_as_a_loader_reads_them() {
    let good = classifier_file();
    let patched = |at: usize, bytes: &[u8]| {
        let mut file = good.to_vec();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        OmFile::open(&file.into()).map(|om| om.name().to_owned())
    };
    assert_eq!(patched(0x54, &[b'A'; 32]).unwrap(), "A".repeat(32));
    assert_eq!(patched(0x54, b"net\xff\0").unwrap(), "net\u{fffd}");
    // The 64-bit length is the one that counts.
    assert_eq!(patched(0x4c, &[1, 2, 3, 4]).unwrap(), "classifier");
    assert_eq!(
        patched(0x9c, &[0; 4]).unwrap(),
        "classifier",
        "no models are one"
    );
    let several = patched(0x9c, &[2]).unwrap_err().to_string();
    assert!(several.contains("the partition table"), "{several}");
    let mut flow = Header::new("flow");
    flow.model_type = 3;
    let table = [&4097_u64.to_le_bytes()[..], &[0; 64]].concat();
    let error = OmFile::open(&file(&flow, &table)).unwrap_err().to_string();
    assert!(error.contains("has 4097 partitions"), "{error}");
}

#[test]
fn all_models_of_a_bundle_are_opened() {
    let models = [classifier_file(), classifier_file()];
    let bundle = Bundle::write("both", 4096, &models).unwrap().to_bytes();
    let om = OmFile::open(&bundle).unwrap();
    let Contents::Bundle { variable_bytes, .. } = om.contents else {
        panic!("{:?}", om.kind)
    };
    assert_eq!((variable_bytes, om.models().len()), (4096, 0));
    let names: Vec<_> = om.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["classifier", "classifier"]);
    assert_eq!(om.files()[1].1.models()[0].constants.len(), 3);
    // Many entries of one place would be many models at no cost.
    let mut overlapping = bundle.to_vec();
    let entry = |index: usize| 0x108 + 24 * index;
    overlapping.copy_within(entry(1)..entry(2), entry(2));
    let error = OmFile::open(&overlapping.into()).unwrap_err().to_string();
    assert_eq!(error, "entry 2 of the bundle overlaps what is before it");
    let broken = [classifier_file(), Bytes::from_static(b"PICO")];
    let bundle = Bundle::write("both", 0, &broken).unwrap().to_bytes();
    let error = OmFile::open(&bundle).unwrap_err().to_string();
    assert!(
        error.starts_with("model 1 of 2 in the bundle: not an .om file"),
        "{error}"
    );
}

/// A flow of models, each with its bytes.
fn flow(models: &[(&str, &[u8])]) -> Bytes {
    let names: Vec<u8> = models.iter().flat_map(|(name, _)| text(3, name)).collect();
    let mut parts = vec![
        (
            PartitionKind::MODEL_DEF,
            Bytes::from(text(1, "whole")).into(),
        ),
        (
            PartitionKind::FLOW_MODEL,
            Bytes::from([text(1, "flow"), names].concat()).into(),
        ),
    ];
    for (name, om) in models {
        let part = [
            text(1, name),
            text(2, "NPU"),
            bytes(3, om),
            entry(7, "k", b"v"),
        ]
        .concat();
        parts.push((PartitionKind::FLOW_SUBMODEL, Bytes::from(part).into()));
    }
    let mut header = Header::new("");
    header.model_type = 3;
    Container::write(header, &parts).to_bytes()
}

#[test]
fn a_flow_is_read_and_its_nesting_limited() {
    let one = classifier_file();
    let om = OmFile::open(&flow(&[("a", &one), ("b", b"#!/bin/sh"), ("c", b"")])).unwrap();
    let Contents::Flow(flow_of) = &om.contents else {
        panic!("{:?}", om.kind)
    };
    assert_eq!((flow_of.name.as_str(), om.name()), ("flow", "whole"));
    assert_eq!(flow_of.names, ["a", "b", "c"]);
    assert_eq!(flow_of.submodels[0].attributes["k"], "v");
    assert_eq!(om.files().len(), 1);
    assert_eq!(
        flow_of.model.warnings,
        ["the model `b` has 9 bytes that are no .om"]
    );
    let mut nested = classifier_file();
    for level in 1..=50 {
        nested = flow(&[("inner", &nested)]);
        let opened = OmFile::open(&nested);
        assert_eq!(opened.is_ok(), level <= 4, "{level} levels");
        if let Err(error) = opened {
            let message = error.to_string();
            assert!(
                message.ends_with("files in files, more than 4 levels deep"),
                "{message}"
            );
        }
    }
    let cut = flow(&[("a", &one[..one.len() - 1])]);
    let error = OmFile::open(&cut).unwrap_err().to_string();
    assert!(
        error.starts_with("model `a`: the .om is cut short"),
        "{error}"
    );
}

#[test]
fn every_fixture_opens_when_cut_or_not() {
    for name in ["hiai_relu", "hiai_batchnorm", "hiai_tf_softmax_v100"] {
        let Some(file) = fixture(&format!("om/{name}.om")) else {
            continue;
        };
        assert!(OmFile::open(&file).is_ok(), "{name}");
        for end in 0..file.len() {
            assert!(
                OmFile::open(&file.slice(..end)).is_err(),
                "{name}: {end} bytes"
            );
        }
    }
}

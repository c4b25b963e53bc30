//! `.om` files that are damaged, contradict themselves or are of another kind.

mod common;

use ascend_graph::om::{Container, Header, InOut, Kind, OmModel, Partition, PartitionKind};
use ascend_graph::onnx::Model;
use ascend_graph::{ErrorKind, Rope};
use bytes::Bytes;
use common::{classifier_file, classifier_io};

fn refusal(file: impl Into<Bytes>) -> String {
    let error = OmModel::open(&file.into()).expect_err("the file is refused");
    assert!(
        matches!(error.kind(), ErrorKind::Format | ErrorKind::Unsupported),
        "{error:?}"
    );
    error.to_string()
}

/// Changes bytes of a good file.
fn patched(file: &Bytes, at: usize, bytes: &[u8]) -> Bytes {
    let mut file = file.to_vec();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file.into()
}

#[test]
fn every_list_of_the_description_comes_back() {
    let io = InOut {
        batch_gears: vec![1, 4, 8],
        image_gears: vec![vec![224, 224], vec![448, 448]],
        dims_gears: vec![vec![1, 2, 3], vec![]],
        output_dims: vec!["0,0,1,1000".into(), String::new()],
        shape_order: vec!["x".into()],
        ..classifier_io()
    };
    let bytes = io.to_bytes().unwrap();
    assert_eq!(InOut::read(&bytes).unwrap(), io);
    let mut longer = bytes.clone();
    longer.extend([9, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3]);
    assert_eq!(
        InOut::read(&longer).unwrap(),
        io,
        "blocks of an unknown kind are skipped"
    );
    let ends: Vec<_> = (0..bytes.len())
        .filter(|&end| InOut::read(&bytes[..end]).is_ok())
        .collect();
    assert_eq!(ends.len(), 7, "only whole blocks are read: {ends:?}");
    for (at, patch, expected) in [
        (4, u32::MAX, "a block at byte 8 needs 4294967295 bytes"),
        (
            8,
            u32::MAX,
            "inputs: the number of tensors at byte 0 is 4294967295, which",
        ),
        (
            24,
            5,
            "inputs: tensor 0: `x` has the unknown element type 5",
        ),
        (28, 1 << 30, "the name at byte 36 needs 1073741824 bytes"),
        (
            32,
            31,
            "the dims at byte 37 are 31 bytes long, not a multiple of 8",
        ),
        (40, 56, "`x` has a range with one end"),
    ] {
        let error =
            InOut::read(&patched(&bytes.clone().into(), at, &patch.to_le_bytes())).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let twice = [bytes.as_slice(), bytes.as_slice()].concat();
    assert_eq!(
        InOut::read(&twice).unwrap_err().to_string(),
        "the block with tag 0 is there twice"
    );
}

#[test]
fn other_kinds_of_file_are_named() {
    let good = classifier_file();
    let first = patched(&good, 0x4C, &4_u32.to_le_bytes());
    let first = patched(&first, 8, &0x1000_0000_u32.to_le_bytes());
    let narrow = patched(&patched(&good, 0xB8, &[0; 8]), 0x4C, &4_u32.to_le_bytes());
    let cases = [
        (Bytes::new(), "the file is empty"),
        (Bytes::from_static(b"IM"), "it is a text file"),
        (Bytes::from_static(b"\0\x01"), "it has only 2 bytes"),
        (
            good.slice(..255),
            "cut short after 255 of the 256 bytes of its header",
        ),
        (
            patched(&good, 0, b"X"),
            "starts with the bytes [58, 4d, 4f, 44] instead of `IMOD`",
        ),
        (patched(&good, 0, b"PICO"), "HiSilicon SVP NNN"),
        (
            Bytes::from_static(b"version https://git-lfs.github.com/spec/v1\n"),
            "Git LFS pointer",
        ),
        (
            Bytes::from_static(b"/models/resnet50/resnet50_v1_bs1_fp16_cann.om\n"),
            "it is a text file",
        ),
        (
            Bytes::from_static(b"PK\x03\x04...."),
            "OM2 archive: the zip archive is damaged",
        ),
        (
            first.clone(),
            "the .om is too long: its header promises 4 bytes after it",
        ),
        (narrow, "the .om is too long: its header promises"),
        (
            patched(&good, 82, &[3]),
            "a flow of several models (`classifier`), which is not loaded as one model",
        ),
        (
            patched(&good, 82, &[5]),
            "the bundle is cut short or too long",
        ),
        (
            patched(&good, 80, &[1]),
            "the .om `classifier` is encrypted",
        ),
        (
            patched(&good, 4, &[0; 4]),
            "gives 0 bytes as the length of its header",
        ),
        (
            patched(&good, 4, &[0xff; 4]),
            "gives 4294967295 bytes as the length of its header",
        ),
        (patched(&good, 8, &[0; 4]), "unknown version 0x0"),
        (
            patched(&good, 8, &0x3000_0000_u32.to_le_bytes()),
            "unknown version 0x30000000",
        ),
        (
            patched(&good, 0xB8, &[0; 8]),
            "gives no length of its payload",
        ),
    ];
    for (file, expected) in cases {
        let message = refusal(file);
        assert!(message.contains(expected), "{message}");
    }
    let mut legacy = first.to_vec();
    legacy[256..260].copy_from_slice(&[0x0A, 0x10, b'n', b'a']);
    assert_eq!(Kind::of(&legacy).unwrap(), Kind::Legacy);
}

#[test]
fn malformed_containers_are_named() {
    let good = classifier_file();
    let payload = good.len() as u64 - 256;
    let io_bytes = u64::from_le_bytes(good[0x118..0x120].try_into().unwrap());
    let longer = Bytes::from([good.as_ref(), b"\0"].concat());
    let entry = |index: usize| 0x108 + 24 * index;
    // Without the last entry the table is shorter by it, so the data before begin earlier.
    let left = u64::from_le_bytes(good[entry(4) + 16..][..8].try_into().unwrap()) + 24;
    let two_models = patched(&patched(&good, 0x9C, &2_u32.to_le_bytes()), 0xC1, &[1]);
    let many_models = patched(&two_models, 0x9C, &[0xff; 4]);
    for (file, expected) in [
        (
            good.slice(..256),
            format!("cut short: its header promises {payload} bytes after it, 0 follow"),
        ),
        (longer, "too long".into()),
        (
            patched(&good, 0xB8, &[0xff; 8]),
            "promises 18446744073709551615 bytes".into(),
        ),
        (patched(&good, 0x100, &[0; 4]), "has 0 partitions".into()),
        (
            patched(&good, 0x100, &[9]),
            "has 9 partitions by the table at byte 256, instead of 1 to 8".into(),
        ),
        (
            patched(&good, 0x100, &[0xff; 4]),
            "has 4294967295 partitions".into(),
        ),
        (
            patched(&good, 0x100, &[4]),
            format!(
                "{left} bytes after its last partition, from byte {} on",
                good.len() as u64 - left
            ),
        ),
        (
            patched(&good, entry(0) + 16, &[0xff; 8]),
            "is 18446744073709551615 bytes long".into(),
        ),
        (
            patched(&good, entry(0) + 16, &(1_u64 << 63).to_le_bytes()),
            "is 9223372036854775808 bytes long".into(),
        ),
        (
            patched(&good, entry(4) + 16, &(payload + 1).to_le_bytes()),
            "CPU_PROGRAM at byte".into(),
        ),
        (
            patched(&good, entry(1) + 8, &0_u64.to_le_bytes()),
            "MODEL_DEF overlaps the one before it".into(),
        ),
        (
            patched(&good, entry(1) + 8, &(io_bytes + 1).to_le_bytes()),
            "MODEL_DEF leaves a gap".into(),
        ),
        (
            patched(&good, entry(1) + 8, &[0xff; 8]),
            "MODEL_DEF leaves a gap".into(),
        ),
        (
            patched(&good, entry(1), &[99]),
            "the .om has no MODEL_DEF".into(),
        ),
        (
            two_models,
            "the partition table at byte 0 needs 4 bytes, 0 follow".into(),
        ),
        (
            many_models,
            "the partition table at byte 0 needs 4 bytes, 0 follow".into(),
        ),
    ] {
        let message = refusal(file);
        assert!(message.contains(&expected), "{message}");
    }
    let unknown = OmModel::open(&patched(&good, entry(3), &[99])).unwrap();
    assert_eq!(
        unknown.partitions[3].kind,
        PartitionKind(99),
        "unknown partitions are kept"
    );
    let twice = OmModel::open(&patched(&good, entry(3), &[0])).unwrap();
    assert!(
        twice.warnings[0].contains("is ignored: it is not the first"),
        "{:?}",
        twice.warnings
    );
}

#[test]
fn our_file_must_agree_with_itself() {
    let file = classifier_file();
    let (om, header) = (OmModel::open(&file).unwrap(), Header::read(&file).unwrap());
    let parts = |io: &InOut| {
        let data = |part: &Partition| match part.kind {
            PartitionKind::MODEL_INOUT_INFO => io.to_bytes().unwrap().into(),
            _ => Rope::from(part.data.clone()),
        };
        om.partitions
            .iter()
            .map(|part| (part.kind, data(part)))
            .collect::<Vec<_>>()
    };
    let mut io = om.io.clone();
    io.inputs[0].dims[1] = 3;
    let message = refusal(Container::write(header.clone(), &parts(&io)).to_bytes());
    assert_eq!(
        message,
        "the .om contradicts itself: the input `x` of float32 [-1, 3, 4, 4] in MODEL_INOUT_INFO \
         is `x` of float32 [-1, 1, 4, 4] in the graph"
    );
    let without: Vec<_> = parts(&om.io)
        .into_iter()
        .filter(|(kind, _)| *kind != PartitionKind::MODEL_INOUT_INFO)
        .collect();
    let described = OmModel::open(&Container::write(header.clone(), &without).to_bytes()).unwrap();
    assert_eq!(
        described.io.outputs, om.io.outputs,
        "the graph tells inputs and outputs too"
    );
}

#[test]
fn a_cut_file_is_always_refused() {
    let file = classifier_file();
    for end in 0..file.len() {
        refusal(file.slice(..end));
    }
}

#[test]
fn a_cut_graph_never_panics() {
    let file = classifier_file();
    let (om, header) = (OmModel::open(&file).unwrap(), Header::read(&file).unwrap());
    let mut refused = 0;
    let graph = om.partition(PartitionKind::MODEL_DEF).unwrap();
    for end in 0..graph.len() {
        let parts = [(PartitionKind::MODEL_DEF, Rope::from(graph.slice(..end)))];
        let file = Container::write(header.clone(), &parts).to_bytes();
        refused += usize::from(OmModel::open(&file).is_err());
    }
    assert!(
        refused > graph.len() * 9 / 10,
        "{refused} of {}",
        graph.len()
    );
}

#[test]
fn random_damage_never_panics() {
    let file = classifier_file();
    let mut random = 0x1234_5678_9abc_def0_u64;
    let mut opened = 0;
    for _ in 0..20_000 {
        let mut bytes = file.to_vec();
        for _ in 0..3 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let [low, high, bit, ..] = (random >> 32).to_le_bytes();
            let at = usize::from(u16::from_le_bytes([low, high])) % 2500;
            bytes[at] ^= 1 << (bit % 8);
        }
        if let Ok(om) = OmModel::open(&bytes.into()) {
            opened += 1;
            let program = om
                .cpu_programs()
                .and_then(|(_, programs)| programs.into_iter().next())
                .unwrap_or_default();
            if let Ok(mut model) = Model::read(&program) {
                let _ = model.resolve_external(|_| Ok(Some(om.weights())));
            }
        }
    }
    assert!(
        (100..19_900).contains(&opened),
        "damage is neither always nor never found: {opened}"
    );
}

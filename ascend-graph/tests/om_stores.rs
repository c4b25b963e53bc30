//! What an `.om` has beside its graph: kernels, host libraries, tasks and facts.

#[path = "common/message.rs"]
mod message;

use ascend_graph::om::{Container, Header, Kernel, MemoryBlock, OmModel, PartitionKind, Task};
use ascend_graph::{DataType, Rope};
use bytes::Bytes;
use message::{bytes, entry, int, number, text};

/// A file of one model.
fn file(parts: &[(PartitionKind, Vec<u8>)]) -> Bytes {
    let parts: Vec<_> = parts
        .iter()
        .map(|(kind, data)| (*kind, Rope::from(data.clone())))
        .collect();
    Container::write(Header::new("m"), &parts).to_bytes()
}

const KERNEL: u32 = 0x5D77_6EFD;

fn kernel(magic: u32, name: &str, data: &[u8]) -> Vec<u8> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    [
        &magic.to_le_bytes()[..],
        &length(name.as_bytes()),
        &length(data),
        name.as_bytes(),
        data,
    ]
    .concat()
}

/// The kernels of a partition, and the warnings.
fn kernels(kind: PartitionKind, store: &[u8]) -> (Vec<Kernel>, Vec<String>) {
    let file = file(&[
        (PartitionKind::MODEL_DEF, text(1, "m")),
        (kind, store.to_vec()),
    ]);
    let model = OmModel::open(&file).expect("the file is sound");
    (model.kernels, model.warnings)
}

#[test]
fn kernels_are_listed_up_to_where_the_list_breaks_off() {
    let two = [
        kernel(KERNEL, "conv", b"\x7fELF code"),
        kernel(KERNEL, "relu", b"text"),
    ]
    .concat();
    for kind in [
        PartitionKind::TBE_KERNELS,
        PartitionKind::CUST_AICPU_KERNELS,
    ] {
        let (found, warnings) = kernels(kind, &two);
        let found: Vec<_> = found
            .iter()
            .map(|kernel| (&kernel.name[..], &kernel.data[..], kernel.is_elf()))
            .collect();
        assert_eq!(
            found,
            [
                ("conv", &b"\x7fELF code"[..], true),
                ("relu", b"text", false)
            ]
        );
        assert_eq!(warnings, [""; 0]);
    }
    for rest in 1..12 {
        let (found, warnings) = kernels(
            PartitionKind::TBE_KERNELS,
            &[&two[..], &KERNEL.to_le_bytes().repeat(3)[..rest]].concat(),
        );
        assert_eq!((found.len(), warnings.len()), (2, 1), "{rest} bytes");
        assert!(
            warnings[0]
                .starts_with("TBE_KERNELS: the list breaks off after 2 items, at byte 45 of"),
            "{warnings:?}"
        );
    }
    let mut overflow = kernel(KERNEL, "x", b"");
    overflow[4..12].fill(0xff);
    for (store, expected) in [
        (
            kernel(0xdead_beef, "x", b""),
            "an item starts with 0xdeadbeef instead of 0x5d776efd",
        ),
        (overflow, "the name at byte 12 needs 4294967295 bytes"),
        (
            kernel(KERNEL, "x", b"yz")[..14].to_vec(),
            "the binary `x` at byte 13 needs 2 bytes, 1 follow",
        ),
    ] {
        let (found, warnings) = kernels(PartitionKind::TBE_KERNELS, &store);
        assert!(
            found.is_empty() && warnings[0].contains(expected),
            "{warnings:?}"
        );
    }
    let custom = kernel(0x4B43_534B, "mine", b"k");
    assert_eq!(
        kernels(PartitionKind::CUSTOM_OPS, &custom).0[0].name,
        "mine"
    );
    assert_eq!(kernels(PartitionKind::CUSTOM_OPS, &two).0.len(), 0);
    let cut = kernels(PartitionKind::TBE_KERNELS, &two);
    for end in 0..two.len() {
        let (found, warnings) = kernels(PartitionKind::TBE_KERNELS, &two[..end]);
        assert!(found.len() < cut.0.len(), "{end}");
        assert_eq!(
            warnings.is_empty(),
            end == 0 || end == 25,
            "{end}: {warnings:?}"
        );
    }
}

#[test]
fn host_libraries_are_listed() {
    let library = |kind: u16| {
        let numbers = [
            KERNEL.to_le_bytes().to_vec(),
            6_u16.to_le_bytes().to_vec(),
            kind.to_le_bytes().to_vec(),
        ];
        let lengths = [3_u32.to_le_bytes(), 4_u32.to_le_bytes()];
        [
            &numbers.concat()[..],
            lengths.as_flattened(),
            b"lib.sohw/\x7fELF",
        ]
        .concat()
    };
    let store = |count: u32| [&count.to_le_bytes()[..], &library(0), &library(7)].concat();
    let (found, warnings) = kernels(PartitionKind::SO_BINS, &store(2));
    assert_eq!(warnings, [""; 0]);
    let libraries: Vec<_> = found
        .iter()
        .map(|kernel| kernel.library.as_ref().unwrap())
        .collect();
    assert_eq!(
        (
            found[1].name.as_str(),
            found[1].is_elf(),
            libraries[0].vendor.as_str()
        ),
        ("lib.so", true, "hw/")
    );
    assert_eq!(
        (libraries[0].kind_name(), libraries[1].kind_name()),
        (Some("op registry"), None)
    );
    for (count, found, expected) in [
        (1, 1, "SO_BINS: 29 bytes follow its 1 items"),
        (3, 2, "SO_BINS: it promises 3 items and has 2"),
        (
            u32::MAX,
            0,
            "the number of libraries at byte 0 is 4294967295, which",
        ),
    ] {
        let (kernels, warnings) = kernels(PartitionKind::SO_BINS, &store(count));
        assert_eq!(kernels.len(), found);
        assert!(warnings[0].contains(expected), "{warnings:?}");
    }
}

#[test]
fn tasks_are_told_by_name() {
    let context = bytes(1, &number(4, 7));
    let kernel = [
        context.clone(),
        text(10, "stub"),
        number(11, 8),
        number(12, 64),
        text(17, "conv"),
    ]
    .concat();
    let handle = [
        context,
        text(11, "dev"),
        number(12, 2),
        number(13, 16),
        text(16, "key"),
    ]
    .concat();
    let tasks = [
        bytes(
            10,
            &[number(2, 0), number(10, 1), bytes(20, &kernel)].concat(),
        ),
        bytes(10, &[number(2, 26), bytes(40, &handle)].concat()),
        bytes(10, &[number(2, 1), number(11, 3)].concat()),
        bytes(10, &[number(2, 0), bytes(20, &[0x0f])].concat()),
        bytes(10, &number(2, 4000)),
    ];
    let info = [
        tasks.concat(),
        entry(9, "k", b"v"),
        number(11, 1024),
        number(18, 2),
    ]
    .concat();
    let file = file(&[
        (PartitionKind::MODEL_DEF, text(1, "m")),
        (PartitionKind::TASK_INFO, info),
    ]);
    let model = OmModel::open(&file).unwrap();
    let task = model.task.as_ref().unwrap();
    assert_eq!(
        (model.work_bytes(), task.batch_num, &task.attr["k"][..]),
        (1024, 2, "v")
    );
    let names: Vec<_> = task.task.iter().map(Task::name).collect();
    assert_eq!(
        names,
        [
            Some("kernel"),
            Some("all kernel"),
            Some("event record"),
            Some("kernel"),
            None
        ]
    );
    assert!(
        task.counts()
            .into_iter()
            .eq([(0, 2), (1, 1), (26, 1), (4000, 1)])
    );
    let kernels: Vec<_> = task.task.iter().map(Task::kernel).collect();
    let first = kernels[0].as_ref().unwrap();
    assert_eq!(
        (
            first.name.as_str(),
            first.op_index,
            first.blocks,
            first.argument_bytes
        ),
        ("conv", 7, 8, 64)
    );
    assert_eq!(kernels[1].as_ref().unwrap().name, "key");
    assert!(kernels[2..].iter().all(Option::is_none));
}

#[test]
fn element_types_are_numbered_in_two_ways() {
    // 3 is int32 in an attribute and int8 in a descriptor.
    let descriptor = [number(2, 3), bytes(3, &number(1, 4))].concat();
    let input = [text(1, "x"), text(2, "Data"), bytes(33, &descriptor)];
    let cast = [
        text(1, "c"),
        text(2, "Cast"),
        entry(10, "DstT", &number(15, 3)),
    ];
    let graph = [bytes(6, &input.concat()), bytes(6, &cast.concat())].concat();
    let file = file(&[(PartitionKind::MODEL_DEF, bytes(7, &graph))]);
    let model = OmModel::open(&file).unwrap();
    assert_eq!(model.io.inputs[0].dtype, DataType::I8);
    let cast = &model.model.graph[0].op[1];
    assert_eq!(cast.attr["DstT"].as_data_type(), Some(DataType::I32));
    assert_eq!(cast.attr["DstT"].as_int(), None);
}

#[test]
fn what_a_model_tells_of_itself_is_typed() {
    let numbers = [2, 512, 1024, 1]
        .into_iter()
        .flat_map(|value| number(1, value));
    let blocks = bytes(14, &bytes(1, &numbers.collect::<Vec<u8>>()));
    let model = [
        entry(11, "sub_memory_info", &blocks),
        entry(11, "notify_num", &int(3)),
        entry(11, "host_svm_size", &int(-1)),
        entry(
            11,
            "atc_cmdline",
            &text(
                2,
                "atc --mode=0 --precision_mode force_fp16 --input_shape=\"x:1,3\"",
            ),
        ),
        entry(11, "atc_version", &text(2, "7.6.0.1.220")),
        entry(11, "framework_type", &text(2, "Onnx")),
        entry(11, "soc_version", &text(2, "")),
        entry(11, "host_env_os", &text(2, "linux")),
        entry(11, "host_env_cpu", &text(2, "aarch64")),
        entry(11, "task_index_op_name", &bytes(1, &text(2, "conv"))),
    ]
    .concat();
    let parts = [(PartitionKind::MODEL_DEF, Bytes::from(model).into())];
    let file = Container::write(Header::new("facts"), &parts).to_bytes();
    let model = OmModel::open(&file).unwrap();
    let block = MemoryBlock {
        kind: 2,
        offset: 512,
        bytes: 1024,
        is_fixed: true,
    };
    assert_eq!(model.memory_blocks(), [block]);
    assert_eq!(
        (model.needs().notifies, model.needs().host_shared_bytes),
        (3, 0)
    );
    assert_eq!(model.option("precision_mode"), Some("force_fp16"));
    assert_eq!(model.option("input_shape"), Some("x:1,3"));
    assert_eq!(
        (model.option("input"), model.option("mode")),
        (None, Some("0"))
    );
    assert_eq!(
        (model.atc_version(), model.framework()),
        (Some("7.6.0.1.220"), Some("Onnx"))
    );
    assert_eq!((model.soc_version(), model.opp_version()), (None, None));
    assert_eq!(model.host(), Some(("linux", "aarch64")));
    assert_eq!(model.task_operators(), ["conv"]);
}

//! What an `.om` has beside its graph: kernels, host libraries and tasks.

#[path = "common/message.rs"]
mod message;

use ascend_graph::Rope;
use ascend_graph::om::{Container, Header, Kernel, OmModel, PartitionKind, Task};
use bytes::Bytes;
use message::{bytes, entry, number, text};

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

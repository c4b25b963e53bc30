//! `.om` files whose table is sound, and whose contents are not.

mod common;
#[path = "common/message.rs"]
mod message;

use ascend_graph::om::{Container, Header, OmFile, OmModel, PartitionKind};
use ascend_graph::{ErrorKind, Rope};
use bytes::Bytes;
use common::{classifier_file, fixture};
use message::{bytes, entry, int, number, text, varint};

/// A file of one model.
fn model(message: &[u8]) -> Bytes {
    let parts = [(PartitionKind::MODEL_DEF, Rope::from(message.to_vec()))];
    Container::write(Header::new("m"), &parts).to_bytes()
}

fn refusal(file: &Bytes) -> String {
    let error = OmFile::open(file).expect_err("the file is refused");
    assert!(
        matches!(error.kind(), ErrorKind::Format | ErrorKind::Unsupported),
        "{error:?}"
    );
    error.to_string()
}

/// A model of one graph of these operators.
fn graph(ops: &[Vec<u8>]) -> Vec<u8> {
    let ops: Vec<u8> = ops.iter().flat_map(|op| bytes(6, op)).collect();
    bytes(7, &[text(1, "g"), ops].concat())
}

#[test]
fn messages_that_are_none_are_refused() {
    let long = [&[0x0a], &varint(1 << 63)[..]].concat();
    for (name, message) in [
        ("a field of 2^63 bytes", long),
        ("a field of more bytes than follow", vec![0x0a, 5, b'x']),
        (
            "a number of 10 bytes with high bits",
            [&[0x10], &[0xff; 9][..], &[0x7f]].concat(),
        ),
        ("a number of 11 bytes", [&[0x10], &[0xff; 11][..]].concat()),
        ("a group that does not end", vec![0x0b]),
        ("a group's end", vec![0x0c]),
        ("wire type 6", vec![0x0e, 0]),
        ("wire type 7", vec![0x0f, 0]),
        ("field 0", vec![0x02, 0]),
        ("a text that is a number", number(1, 5)),
        ("a graph that is a number", number(7, 5)),
        ("a number that is a text", text(2, "x")),
        ("a name that is not UTF-8", bytes(1, &[0xff, 0xfe])),
        (
            "an op's name that is not UTF-8",
            graph(&[bytes(1, &[0xc3])]),
        ),
        (
            "an attribute's key that is not UTF-8",
            bytes(11, &bytes(1, &[0xff])),
        ),
    ] {
        let message = refusal(&model(&message));
        assert!(
            message.starts_with("MODEL_DEF at byte 288 is damaged: "),
            "{name}: {message}"
        );
    }
}

#[test]
fn nesting_is_limited() {
    // A graph in an attribute of an operator of a graph …, made from the inside.
    let mut graph_in_graph = Vec::new();
    let mut names_in_names = Vec::new();
    for _ in 0..200 {
        let op = bytes(
            6,
            &bytes(
                10,
                &[text(1, "g"), bytes(2, &bytes(13, &graph_in_graph))].concat(),
            ),
        );
        graph_in_graph = op;
        names_in_names = entry(2, "n", &bytes(10, &names_in_names));
    }
    let refused = [
        bytes(7, &graph_in_graph),
        entry(11, "n", &bytes(10, &names_in_names)),
    ];
    for message in refused {
        let message = refusal(&model(&message));
        assert!(message.contains("recursion limit reached"), "{message}");
    }
    // As deep as a file can be made: the starts of all levels, from the outside, and nothing inside.
    let mut starts = Vec::new();
    let mut len = 0;
    for _ in 0..100_000 {
        let mut level = Vec::new();
        // A graph in an attribute, in the map of an operator.
        for (field, before) in [(13, &b""[..]), (2, b"\x0a\x01g"), (10, b""), (6, b"")] {
            let start = [before, &varint(field << 3 | 2), &varint(len)].concat();
            len += start.len() as u64;
            level.splice(0..0, start);
        }
        starts.push(level);
    }
    let deep: Vec<u8> = starts.into_iter().rev().flatten().collect();
    let message = refusal(&model(&bytes(7, &deep)));
    assert!(message.contains("recursion limit reached"), "{message}");
}

#[test]
fn keys_that_expand_to_much_more_than_the_file_are_limited() {
    let name = "n".repeat(1 << 20);
    let names = bytes(1, &text(2, &name));
    let op = bytes(6, &entry(10, "\0\x01", &int(1)));
    let message = [
        entry(11, "om_compress_version", &int(1)),
        entry(11, "attr_name_enum", &names),
        entry(11, "attr_value_enum", &bytes(1, &text(2, "v"))),
        entry(11, "attrs_use_string_value", &bytes(1, &number(5, 0))),
        bytes(7, &op.repeat(1000)),
    ];
    let message = refusal(&model(&message.concat()));
    assert!(
        message.contains("the attribute keys expand to more than 128 MiB"),
        "{message}"
    );
}

#[test]
fn a_graph_of_two_bytes_a_message_is_limited() {
    let many = bytes(7, &[0x32, 0].repeat(2_100_000));
    let message = refusal(&model(&many));
    assert!(message.contains("more than 2000000 parts"), "{message}");
}

#[test]
fn odd_inputs_of_a_graph_are_still_told() {
    for dims in [
        vec![1 << 62, 4],
        vec![-1],
        vec![-2],
        vec![0],
        vec![1; 1_000_000],
    ] {
        let packed: Vec<u8> = dims
            .iter()
            .flat_map(|&dim: &i64| varint(dim.cast_unsigned()))
            .collect();
        let descriptor = [number(2, 99), bytes(3, &bytes(1, &packed)), number(10, -5)].concat();
        let data = [text(1, "x"), text(2, "Data"), bytes(33, &descriptor)].concat();
        let model = OmModel::open(&model(&graph(&[data]))).unwrap();
        let [input] = model.io.inputs.as_slice() else {
            panic!("{:?}", model.io)
        };
        assert_eq!((&input.dims, input.bytes), (&dims, 0));
        assert_eq!(input.dtype.name(), "undefined");
    }
}

/// A model with a dictionary of the names `strides` and `data_format`, the second for texts.
fn compressed(tables: &[&str], key: &str, value: &[u8]) -> Vec<u8> {
    let names = [text(2, "strides"), text(2, "data_format")].concat();
    let table = |name: &&str| match *name {
        "attr_name_enum" => entry(11, name, &bytes(1, &names)),
        "attr_value_enum" => entry(11, name, &bytes(1, &text(2, "NCHW"))),
        "one flag" => entry(11, "attrs_use_string_value", &bytes(1, &number(5, 0))),
        "number" => entry(11, "attr_value_enum", &int(1)),
        name => entry(11, name, &bytes(1, &[number(5, 0), number(5, 1)].concat())),
    };
    let tables: Vec<u8> = tables.iter().flat_map(table).collect();
    let op = [text(1, "conv"), entry(10, key, value)].concat();
    [
        entry(11, "om_compress_version", &int(1)),
        tables,
        graph(&[op]),
    ]
    .concat()
}

#[test]
fn dictionaries_that_do_not_fit_are_named() {
    let all = [
        "attr_name_enum",
        "attr_value_enum",
        "attrs_use_string_value",
    ];
    for (tables, key, value, expected) in [
        (
            &all[1..],
            "a",
            int(1),
            "the list `attr_name_enum` is missing",
        ),
        (
            &["attr_name_enum", "attrs_use_string_value"],
            "a",
            int(1),
            "the list `attr_value_enum` is missing",
        ),
        (
            &all[..2],
            "a",
            int(1),
            "the list `attrs_use_string_value` is missing",
        ),
        (
            &["attr_name_enum", "number", "attrs_use_string_value"],
            "a",
            int(1),
            "the list `attr_value_enum` is missing",
        ),
        (
            &["attr_name_enum", "attr_value_enum", "one flag"],
            "a",
            int(1),
            "with 2 names, but 1 marks for them",
        ),
        (
            &all,
            "\0",
            int(1),
            "op `conv`: the attribute key \"\\0\" is not in the dictionary",
        ),
        (
            &all,
            "\0\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f",
            int(1),
            "is not in the dictionary",
        ),
        (
            &all,
            "\0\x03",
            int(1),
            "\"\\0\\u{3}\" is not in the dictionary",
        ),
        (
            &all,
            "\0\x02",
            int(-1),
            "attribute `data_format`: has the value -1",
        ),
        (
            &all,
            "\0\x02",
            int(1),
            "attribute `data_format`: has the value 1, which is not in",
        ),
        (
            &all,
            "\0\x02",
            vec![0x25, 0, 0, 0x80, 0x3f],
            "attribute `data_format`: stands for a text, but is no whole number",
        ),
        (
            &all,
            "\0\x02",
            vec![],
            "stands for a text, but is no whole number",
        ),
    ] {
        let message = refusal(&model(&compressed(tables, key, &value)));
        assert!(
            message.starts_with("MODEL_DEF: ") && message.contains(expected),
            "{message}"
        );
    }
    // A key of bytes that are no digits is no UTF-8 either.
    let wide = bytes(
        10,
        &[bytes(1, &[0, 0xff, 0xff]), bytes(2, &int(1))].concat(),
    );
    let op = [text(1, "conv"), wide].concat();
    assert!(refusal(&model(&graph(&[op]))).contains("is damaged"));
    let sound = OmModel::open(&model(&compressed(&all, "\0\x02", &int(0)))).unwrap();
    assert!(sound.is_compressed && !sound.model.attr.contains_key("attr_name_enum"));
    assert_eq!(
        sound.model.graph[0].op[0].attr["data_format"].as_str(),
        Some("NCHW")
    );
}

#[test]
fn real_graphs_cut_or_damaged_never_panic() {
    for name in [
        "hiai_batchnorm",
        "hiai_tf_deconv_size_1",
        "hilens_landmark68",
    ] {
        let Some(file) = fixture(&format!("om/{name}.om")) else {
            continue;
        };
        let whole = OmModel::open(&file).unwrap();
        let graph = whole.partition(PartitionKind::MODEL_DEF).unwrap();
        let mut refused = 0;
        let ends = (0..graph.len()).step_by(graph.len() / 1500 + 1);
        let count = ends.len();
        for end in ends {
            match OmModel::open(&model(&graph[..end])) {
                Err(_) => refused += 1,
                Ok(cut) => assert!(cut.constants.len() <= whole.constants.len()),
            }
        }
        assert!(refused > count * 8 / 10, "{name}: {refused} of {count}");
    }
    let file = classifier_file();
    for at in 256..2000 {
        let mut bytes = file.to_vec();
        bytes[at] = !bytes[at];
        if let Ok(om) = OmFile::open(&bytes.into()) {
            for model in om.models() {
                for constant in &model.constants {
                    let _ = constant.unpack();
                }
                for graph in &model.model.graph {
                    let _ = graph.wiring();
                }
            }
        }
    }
}

//! One small file of each form, made here byte by byte.

use std::fs;
use std::path::Path;

use crate::common::torch_zip::{
    call, dict, floats, global, integer, object, pickle, tensor, text, tuple, tuple_of, zip,
};
use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, DataType, Fault, Form, Key, Mode, OpenOptions, Rename};

pub(crate) fn list_of(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"](".as_slice(), &parts.concat(), b"e"].concat()
}

pub(crate) fn ordered() -> Vec<u8> {
    call("collections", "OrderedDict", &[])
}

pub(crate) fn storage(class: &str, key: &str, len: usize) -> Vec<u8> {
    let parts = [
        text("storage"),
        global("torch", class),
        text(key),
        text("cpu"),
        integer(len),
    ];
    [tuple_of(&parts), b"Q".to_vec()].concat()
}

/// A view of a whole storage of single precision, by any of torch's functions.
pub(crate) fn rebuilt(
    module: &str,
    function: &str,
    key: &str,
    shape: &[usize],
    rest: &[Vec<u8>],
) -> Vec<u8> {
    let len = shape.iter().product();
    let strides: Vec<usize> = (0..shape.len())
        .map(|axis| shape[axis + 1..].iter().product())
        .collect();
    let view = [
        storage("FloatStorage", key, len),
        integer(0),
        tuple(shape),
        tuple(&strides),
        b"\x89".to_vec(),
        ordered(),
    ];
    call(module, function, &[&view[..], rest].concat())
}

pub(crate) fn archive(object: &[u8], storages: &[&[u8]]) -> Vec<u8> {
    let pickle = pickle(object);
    let names: Vec<String> = (0..storages.len()).map(|i| format!("a/data/{i}")).collect();
    let mut records = vec![("a/data.pkl", pickle.as_slice())];
    records.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(storages.iter().copied()),
    );
    zip(&records)
}

/// The five pickles and the storages of the stream before 1.6.
fn legacy(object: &[u8], storages: &[(&str, usize, &[u8])]) -> Vec<u8> {
    let keys: Vec<Vec<u8>> = storages.iter().map(|&(key, ..)| text(key)).collect();
    let mut file = [
        pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"),
        pickle(&integer(1001)),
        pickle(&dict(&[("little_endian", b"\x88".to_vec())])),
        pickle(object),
        pickle(&list_of(&keys)),
    ]
    .concat();
    for (_, count, data) in storages {
        file.extend(u64::try_from(*count).unwrap().to_le_bytes());
        file.extend(*data);
    }
    file
}

fn tar(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = Vec::new();
    for (name, data) in members {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", data.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        file.extend(header);
        file.extend(data);
        file.resize(file.len().next_multiple_of(512), 0);
    }
    file.extend([0; 1024]);
    file
}

pub(crate) fn values(checkpoint: &Checkpoint, name: &str) -> Vec<f32> {
    checkpoint.tensor(name).unwrap().to_f32().unwrap()
}

pub(crate) fn names(checkpoint: &Checkpoint) -> Vec<&str> {
    checkpoint
        .in_file_order()
        .map(|tensor| tensor.name())
        .collect()
}

/// A module with a parameter, a buffer that is saved, one that is not, and a child.
fn module() -> Vec<u8> {
    let parameter = |key| {
        let inner = rebuilt("torch._utils", "_rebuild_tensor_v2", key, &[2], &[]);
        call(
            "torch._utils",
            "_rebuild_parameter",
            &[inner, b"\x88".to_vec(), ordered()],
        )
    };
    let child = object(
        "models.net",
        "Child",
        &dict(&[
            ("training", b"\x89".to_vec()),
            (
                "_parameters",
                dict(&[("weight", parameter("0")), ("bias", b"N".to_vec())]),
            ),
            ("_buffers", dict(&[])),
            ("_modules", dict(&[])),
        ]),
    );
    let passing = call("__builtin__", "set", &[list_of(&[text("scratch")])]);
    object(
        "models.net",
        "Net",
        &dict(&[
            ("training", b"\x88".to_vec()),
            ("hook", object("lib", "Hook", &dict(&[]))),
            ("_parameters", dict(&[("scale", parameter("1"))])),
            (
                "_buffers",
                dict(&[
                    ("mean", tensor("2", 2, &[2], &[1])),
                    ("scratch", tensor("2", 2, &[2], &[1])),
                ]),
            ),
            ("_non_persistent_buffers_set", passing),
            ("_modules", dict(&[("fc", child), ("none", b"N".to_vec())])),
        ]),
    )
}

fn check_module(open: impl Fn(&OpenOptions) -> ascend_rt::Result<Checkpoint>) {
    let error = open(&OpenOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(error.fault(), Some(Fault::UnknownGlobal), "{error}");
    assert!(error.to_string().contains("models.net.Net"), "{error}");
    assert!(error.to_string().contains("Mode::Model"), "{error}");
    let checkpoint = open(&OpenOptions::new().mode(Mode::Model)).unwrap();
    assert_eq!(names(&checkpoint), ["scale", "mean", "fc.weight"]);
    assert_eq!(values(&checkpoint, "fc.weight"), [0., 1.]);
    let report = checkpoint.report();
    let model = report.model.as_ref().unwrap();
    assert_eq!((model.modules, model.training), (2, 1));
    assert!(
        model
            .classes
            .iter()
            .eq(["models.net.Child", "models.net.Net"])
    );
    assert!(
        report.to_string().contains("scratch (1 tensor)"),
        "{report}"
    );
}

#[test]
fn whole_models() {
    let data = [floats(&[0., 1.]), floats(&[2., 3.]), floats(&[4., 5.])];
    let data: Vec<&[u8]> = data.iter().map(Vec::as_slice).collect();
    let file = archive(&module(), &data);
    check_module(|options| options.from_bytes(file.clone()));
    let file = archive(&dict(&[("epoch", integer(1)), ("model", module())]), &data);
    let checkpoint = OpenOptions::new()
        .mode(Mode::Model)
        .from_bytes(file)
        .unwrap();
    assert_eq!(checkpoint.report().entered.as_deref(), Some("model"));
    assert_eq!(checkpoint.len(), 3);
}

#[test]
fn legacy_streams() {
    let data = [floats(&[0., 1.]), floats(&[2., 3.]), floats(&[4., 5.])];
    let storages: Vec<(&str, usize, &[u8])> = ["0", "1", "2"]
        .into_iter()
        .zip(&data)
        .map(|(key, data)| (key, 2, data.as_slice()))
        .collect();
    let file = legacy(&module(), &storages);
    check_module(|options| options.from_bytes(file.clone()));

    // a class by its source, as whole models have it, and a storage that is a view of another
    let class = [
        text("module"),
        global("models.net", "Net"),
        text("net.py"),
        text("import os"),
    ];
    let view = tuple_of(&[text("9"), integer(1), integer(1)]);
    let part = [
        text("storage"),
        global("torch", "FloatStorage"),
        text("0"),
        text("cpu"),
        integer(2),
        view,
    ];
    let view = [
        [tuple_of(&part), b"Q".to_vec()].concat(),
        integer(0),
        tuple(&[1]),
        tuple(&[1]),
    ];
    let object = dict(&[
        ("view", call("torch._utils", "_rebuild_tensor", &view)),
        ("whole", tensor("0", 2, &[2], &[1])),
        ("class", [tuple_of(&class), b"Q".to_vec()].concat()),
    ]);
    let file = legacy(&object, &[("0", 2, &data[1])]);
    let checkpoint = Checkpoint::from_bytes(file.clone()).unwrap();
    assert_eq!(checkpoint.form(), Form::TorchLegacy);
    assert_eq!(values(&checkpoint, "view"), [3.]);
    assert_eq!(checkpoint.shared(), [["view", "whole"]]);
    for cut in [file.len() - 1, file.len() - 12, file.len() - 17] {
        let error = Checkpoint::from_bytes(file[..cut].to_vec()).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::Truncated), "{error}");
    }
}

/// The members of a tar file of a tensor and a view of its second half.
fn tar_members() -> [(&'static str, Vec<u8>); 4] {
    let number = |number: i64| number.to_le_bytes().to_vec();
    let storages = [
        pickle(&integer(1)),
        pickle(&tuple_of(&[
            integer(7),
            text("cpu"),
            global("torch", "FloatStorage"),
        ])),
        number(4),
        floats(&[0., 1., 2., 3.]),
        pickle(&list_of(&[tuple_of(&[
            integer(8),
            integer(7),
            integer(2),
            integer(2),
        ])])),
    ];
    let view = |key, storage, sizes: &[i64]| {
        let rank = i32::try_from(sizes.len()).unwrap();
        let class = global("torch", "FloatTensor");
        [
            pickle(&tuple_of(&[integer(key), integer(storage), class])),
            [rank.to_le_bytes(), [0xaa; 4]].concat(),
            sizes.iter().flat_map(|&size| number(size)).collect(),
            vec![1i64; sizes.len()]
                .iter()
                .flat_map(|&step| number(step))
                .collect(),
            number(0),
        ]
        .concat()
    };
    let tensors = [pickle(&integer(2)), view(1, 7, &[4]), view(2, 8, &[2])].concat();
    let object = dict(&[
        ("w", [text("1"), b"Q".to_vec()].concat()),
        ("part", [text("2"), b"Q".to_vec()].concat()),
    ]);
    [
        ("sys_info", pickle(&dict(&[]))),
        ("pickle", pickle(&object)),
        ("tensors", tensors),
        ("storages", storages.concat()),
    ]
}

#[test]
fn tar_archives() {
    let members = tar_members();
    let checkpoint = Checkpoint::from_bytes(tar(&members)).unwrap();
    assert_eq!(checkpoint.form(), Form::TorchTar);
    assert_eq!(values(&checkpoint, "w"), [0., 1., 2., 3.]);
    assert_eq!(values(&checkpoint, "part"), [2., 3.]);
    let error = Checkpoint::from_bytes(tar(&members[..3])).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingRecord), "{error}");
}

/// Each storage and each tensor has a pickle of its own in front of all that follows.
#[test]
fn tar_archives_of_many_tensors() {
    const COUNT: usize = 300;
    const LEN: usize = 10_000;
    let number = |number: usize| number.to_le_bytes().to_vec();
    let mut storages = pickle(&integer(COUNT));
    let mut tensors = pickle(&integer(COUNT));
    let mut keys = Vec::new();
    for key in 0..COUNT {
        let class = global("torch", "FloatStorage");
        storages.extend(pickle(&tuple_of(&[integer(key), text("cpu"), class])));
        storages.extend([number(LEN), vec![0; LEN * 4]].concat());
        let class = global("torch", "FloatTensor");
        tensors.extend(pickle(&tuple_of(&[integer(key), integer(key), class])));
        tensors.extend([1u32.to_le_bytes(), [0; 4]].concat());
        tensors.extend([number(LEN), number(1), number(0)].concat());
        keys.push((
            format!("w{key}"),
            [text(&key.to_string()), b"Q".to_vec()].concat(),
        ));
    }
    storages.extend(pickle(b"]"));
    let object: Vec<_> = keys
        .iter()
        .map(|(name, key)| (name.as_str(), key.clone()))
        .collect();
    let file = tar(&[
        ("sys_info", pickle(&dict(&[]))),
        ("pickle", pickle(&dict(&object))),
        ("tensors", tensors),
        ("storages", storages),
    ]);
    assert_eq!(Checkpoint::from_bytes(file).unwrap().len(), COUNT);
}

fn torchscript() -> Vec<u8> {
    let class = "__torch__.models.net";
    let child = object(
        "__torch__.torch.nn.___torch_mangle_3",
        "Linear",
        &dict(&[("weight", tensor("0", 2, &[2], &[1]))]),
    );
    let listed = call(
        "torch.jit._pickle",
        "build_tensorlist",
        &[list_of(&[tensor("1", 1, &[], &[])])],
    );
    let root = object(
        class,
        "Net",
        &dict(&[
            ("table", tensor("1", 1, &[1], &[1])),
            ("cache", tensor("1", 1, &[1], &[1])),
            ("training", b"\x89".to_vec()),
            ("fc", child),
            ("list", listed),
        ]),
    );
    let (data, more) = (floats(&[1., 2.]), floats(&[3.]));
    let code = "class Net(Module):\n  __parameters__ = []\n  __buffers__ = [\"table\", ]\n";
    let pickle = pickle(&root);
    zip(&[
        ("net/data.pkl", &pickle),
        ("net/data/0", &data),
        ("net/data/1", &more),
        ("net/code/__torch__/models/net.py", code.as_bytes()),
        ("net/constants.pkl", b"\x80\x02)."),
    ])
}

#[test]
fn torchscript_archives() {
    let file = torchscript();
    let checkpoint = Checkpoint::from_bytes(file).unwrap();
    assert_eq!(checkpoint.form(), Form::TorchScript);
    assert_eq!(names(&checkpoint), ["table", "fc.weight"]);
    let report = checkpoint.report();
    let left: Vec<&str> = report.left.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(left, ["cache", "list"]);
    assert_eq!(checkpoint.beside().len(), 2);
}

fn sharded(folder: &Path, files: &[(&str, Vec<u8>)], map: &str) -> std::path::PathBuf {
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
    let index = folder.join("model.safetensors.index.json");
    fs::write(
        &index,
        format!(r#"{{"metadata":{{}},"weight_map":{{{map}}}}}"#),
    )
    .unwrap();
    index
}

fn safetensors(name: &str, values: &[f32]) -> Vec<u8> {
    let (count, bytes) = (values.len(), values.len() * 4);
    let header =
        format!(r#"{{"{name}":{{"dtype":"F32","shape":[{count}],"data_offsets":[0,{bytes}]}}}}"#);
    [
        &(header.len() as u64).to_le_bytes(),
        header.as_bytes(),
        &floats(values),
    ]
    .concat()
}

#[test]
fn a_key_is_refused_where_there_are_none() {
    let asked = OpenOptions::new().at("ema");
    let error = asked.from_bytes(safetensors("w", &[1.])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error.to_string().contains("\"ema\": safetensors"),
        "{error}"
    );
}

#[test]
fn shards_by_their_index() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("m-1.safetensors", safetensors("a", &[1.])),
        ("m-2.safetensors", safetensors("b", &[2., 3.])),
    ];
    let map = r#""a":"m-1.safetensors","b":"m-2.safetensors""#;
    let index = sharded(folder.path(), &files, map);
    for path in [index.as_path(), folder.path()] {
        let checkpoint = Checkpoint::open(path).unwrap();
        assert_eq!(checkpoint.form(), Form::SafetensorsSharded);
        assert_eq!(values(&checkpoint, "b"), [2., 3.]);
        assert_eq!(checkpoint.report().shards.len(), 2);
    }
    let state_dict =
        |name: &str, key| archive(&dict(&[(name, tensor(key, 1, &[1], &[1]))]), &[&[0; 4]]);
    let files = [
        ("1.bin", state_dict("a", "0")),
        ("2.bin", state_dict("b", "0")),
    ];
    sharded(folder.path(), &files, r#""a":"1.bin","b":"2.bin""#);
    let checkpoint = Checkpoint::open(folder.path()).unwrap();
    assert_eq!(checkpoint.form(), Form::TorchZipSharded);
    assert!(checkpoint.shared().is_empty(), "storages of two files");
    for (map, fault) in [
        (r#""a":"../1.bin""#, Fault::Traversal),
        (r#""a":"/etc/passwd""#, Fault::Traversal),
        (r#""a":"none.bin""#, Fault::MissingRecord),
        (r#""c":"1.bin""#, Fault::MissingRecord),
        (r#""a":"1.bin","a":"1.bin""#, Fault::Duplicate),
        (r#""a":"model.safetensors.index.json""#, Fault::UnknownForm),
        (r#""a":1"#, Fault::BadJson),
    ] {
        let index = sharded(folder.path(), &[], map);
        let error = Checkpoint::open(index).unwrap_err();
        assert_eq!(error.fault(), Some(fault), "{map}: {error}");
    }
}

#[test]
fn names_by_rules_and_numbers_by_types() {
    let object = dict(&[
        ("model.enc.0.gamma", tensor("0", 2, &[2], &[1])),
        ("model.enc.1.bias", tensor("0", 2, &[2], &[1])),
    ]);
    let file = archive(&object, &[&floats(&[1., f32::NAN])]);
    let options = OpenOptions::new()
        .strip("model.")
        .rename(Rename::suffix(".gamma", ".weight"))
        .rename(Rename::pattern("enc.*.*", "layers.*.*"))
        .rename(Rename::prefix("", "net."));
    let checkpoint = options.from_bytes(file.clone()).unwrap();
    assert_eq!(
        names(&checkpoint),
        ["net.layers.0.weight", "net.layers.1.bias"]
    );
    let first = checkpoint.in_file_order().next().unwrap();
    assert_eq!(*first.path(), [Key::Text("model.enc.0.gamma".to_owned())]);
    let counts: Vec<usize> = checkpoint
        .report()
        .renamed
        .iter()
        .map(|rule| rule.names)
        .collect();
    assert_eq!(counts, [1, 2, 2]);
    let clash = OpenOptions::new().rename(Rename::pattern("*", "same"));
    let error = clash.from_bytes(file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");

    assert_eq!(*first.cast(DataType::F16).unwrap(), [0, 0x3c, 0, 0x7e]);
    assert_eq!(
        first.cast(DataType::I8).unwrap_err().kind(),
        ErrorKind::Shape
    );
    let statistics = first.statistics().unwrap();
    assert_eq!(
        (statistics.nan, statistics.max, statistics.mean),
        (1, 1.0, 1.0)
    );
}

#[test]
fn checksums_on_request() {
    let state_dict = dict(&[("w", tensor("0", 1, &[1], &[1]))]);
    // the archives made here have no checksums
    let file = archive(&state_dict, &[&floats(&[1.])]);
    assert!(Checkpoint::from_bytes(file.clone()).is_ok());
    let error = OpenOptions::new()
        .verify(true)
        .from_bytes(file)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::BadZip), "{error}");
}

/// Every prefix and many changed bytes of a file of each form: an answer, never a panic.
#[test]
fn survive_truncation_and_change() {
    let data = [floats(&[0., 1.]), floats(&[2., 3.]), floats(&[4., 5.])];
    let listed: Vec<(&str, usize, &[u8])> = ["0", "1", "2"]
        .into_iter()
        .zip(&data)
        .map(|(key, data)| (key, 2, data.as_slice()))
        .collect();
    let data: Vec<&[u8]> = data.iter().map(Vec::as_slice).collect();
    let files = [
        archive(&module(), &data),
        legacy(&module(), &listed),
        tar(&tar_members()),
        torchscript(),
    ];
    let options = OpenOptions::new().mode(Mode::Model);
    let (mut opened, mut refused) = (0, 0);
    for file in files {
        options.from_bytes(file.clone()).unwrap();
        for len in 0..file.len() {
            if let Ok(checkpoint) = options.from_bytes(file[..len].to_vec()) {
                // the end of a tar archive is zeros that nobody needs
                assert_eq!(
                    checkpoint.form(),
                    Form::TorchTar,
                    "{len} of {} bytes",
                    file.len()
                );
            }
        }
        for at in 0..file.len() {
            for bits in [0x01, 0x04, 0x20, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= bits;
                match options.from_bytes(changed) {
                    Ok(checkpoint) => {
                        for tensor in checkpoint.tensors().chain(checkpoint.beside()) {
                            assert_eq!(tensor.bytes().len(), tensor.nbytes());
                        }
                        opened += 1;
                    }
                    Err(error) => {
                        assert!(error.fault().is_some(), "byte {at}: {error}");
                        refused += 1;
                    }
                }
            }
        }
    }
    println!("changed files: {opened} opened, {refused} refused");
    assert!(opened > 5000 && refused > 5000, "{opened} {refused}");
}

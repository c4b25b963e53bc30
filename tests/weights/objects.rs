//! Objects that are no state dicts: every tensor in them is given, or named with the reason.

use crate::common::torch_zip::{
    call, dict, floats, global, integer, object, pickle, tensor, text, tuple, tuple_of, zip,
};
use ascend_rt::weights::{Checkpoint, Fault, Key, Mode, OpenOptions, Tensor};

fn scalar(key: &str) -> Vec<u8> {
    tensor(key, 1, &[1], &[1])
}

/// An archive of `object` with storages 0 to 5 of one number each, their keys.
fn archive(object: &[u8]) -> Vec<u8> {
    let pickle = pickle(object);
    let data: Vec<Vec<u8>> = (0u8..6).map(|key| floats(&[key.into()])).collect();
    let names: Vec<String> = (0..6).map(|key| format!("a/data/{key}")).collect();
    let mut records = vec![("a/data.pkl", pickle.as_slice())];
    records.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(data.iter().map(Vec::as_slice)),
    );
    zip(&records)
}

/// The names and numbers of tensors, sorted.
fn numbers<'c>(tensors: impl Iterator<Item = Tensor<'c>>) -> Vec<(String, f32)> {
    let number = |tensor: Tensor<'_>| (tensor.name().to_owned(), tensor.to_f32().unwrap()[0]);
    let mut numbers: Vec<_> = tensors.map(number).collect();
    numbers.sort_by(|one, other| one.0.cmp(&other.0));
    numbers
}

fn listed(pairs: &[(&str, f32)]) -> Vec<(String, f32)> {
    pairs
        .iter()
        .map(|&(name, number)| (name.to_owned(), number))
        .collect()
}

fn module(parameters: &[u8], modules: &[u8]) -> Vec<u8> {
    let state = [
        ("_parameters", parameters.to_vec()),
        ("_buffers", dict(&[])),
        ("_modules", modules.to_vec()),
        ("plain", scalar("5")),
    ];
    object("models.net", "Net", &dict(&state))
}

#[test]
fn tensors_in_objects_beside_the_weights() {
    let averaged = module(
        &dict(&[("w", scalar("1"))]),
        &dict(&[("0", module(&dict(&[("b", scalar("2"))]), &dict(&[])))]),
    );
    let pair = [
        global("a", "Pair"),
        tuple_of(&[scalar("3"), integer(1)]),
        b"\x81".to_vec(),
    ];
    let set = [b"(".as_slice(), &scalar("4"), b"\x91"].concat();
    let file = archive(&dict(&[
        ("state_dict", dict(&[("w", scalar("0"))])),
        ("average", averaged),
        ("pair", pair.concat()),
        ("set", set),
    ]));
    let checkpoint = Checkpoint::from_bytes(file).unwrap();
    assert_eq!(numbers(checkpoint.tensors()), listed(&[("w", 0.)]));
    let beside = numbers(checkpoint.beside());
    let named = listed(&[
        ("average.0.b", 2.),
        ("average.0.plain", 5.),
        ("average.plain", 5.),
        ("average.w", 1.),
        ("pair.0", 3.),
        ("set.0", 4.),
    ]);
    assert_eq!(beside, named);
    let notes = &checkpoint.report().notes;
    assert!(
        notes.iter().any(|note| note.starts_with("6 tensors more")),
        "{notes:?}"
    );
}

#[test]
fn tensors_that_lie_too_deep_are_counted() {
    let chain = |depth: usize| {
        let open = [global("a", "B"), b"q\x010".to_vec(), b"h\x01".repeat(depth)].concat();
        [open, scalar("1"), b"\x85\x81".repeat(depth)].concat()
    };
    let file = |depth| {
        archive(&dict(&[
            ("state_dict", dict(&[("w", scalar("0"))])),
            ("chain", chain(depth)),
        ]))
    };
    let near = Checkpoint::from_bytes(file(20)).unwrap();
    assert_eq!(near.beside().len(), 1);
    let far = Checkpoint::from_bytes(file(100_000)).unwrap();
    assert_eq!((far.len(), far.beside().len()), (1, 0));
    let notes = &far.report().notes;
    assert!(
        notes
            .iter()
            .any(|note| *note == "not given: 1 tensor that lies too deep for a name"),
        "{notes:?}"
    );
}

/// What a named tuple holds are its arguments, and what `torch.Size` and the like have are none.
#[test]
fn tuples_with_names_of_their_own() {
    let pair = [
        global("a", "Pair"),
        tuple_of(&[scalar("3"), integer(1)]),
        b"\x81".to_vec(),
    ];
    let options = OpenOptions::new().mode(Mode::Model);
    let checkpoint = options.from_bytes(archive(&pair.concat())).unwrap();
    let all: Vec<_> = checkpoint.tensors().chain(checkpoint.beside()).collect();
    assert_eq!(all.len(), 1);
    assert_eq!(*all[0].path(), [Key::Index(0)]);
}

#[test]
fn wrappers_of_other_names_and_classes() {
    let weights = || dict(&[("w", scalar("1"))]);
    let optimizer = || dict(&[("state", dict(&[("m", scalar("2"))]))]);
    let of_class = [
        &global("addict", "Dict"),
        b")\x81(".as_slice(),
        &text("state_dict"),
        &weights(),
        &text("optimizer"),
        &optimizer(),
        b"u",
    ]
    .concat();
    for (file, key) in [
        (of_class, "state_dict"),
        (
            dict(&[("module", weights()), ("optimizer", optimizer())]),
            "module",
        ),
        (
            dict(&[("params_ema", weights()), ("params", weights())]),
            "params",
        ),
        (
            dict(&[("generator", weights()), ("optimizer", optimizer())]),
            "generator",
        ),
    ] {
        let checkpoint = Checkpoint::from_bytes(archive(&file)).unwrap();
        assert_eq!(checkpoint.report().entered.as_deref(), Some(key));
        assert_eq!(numbers(checkpoint.tensors()), listed(&[("w", 1.)]));
        assert_eq!(checkpoint.beside().len(), 1, "{key}");
    }
    // which of two it is nobody knows
    let both = dict(&[
        ("generator", weights()),
        ("discriminator", weights()),
        ("optimizer", optimizer()),
    ]);
    let checkpoint = Checkpoint::from_bytes(archive(&both)).unwrap();
    assert_eq!(
        (checkpoint.report().entered.as_deref(), checkpoint.len()),
        (None, 3)
    );
}

#[test]
fn keys_of_bytes_and_of_types() {
    let bytes = |text: &str| {
        call(
            "_codecs",
            "encode",
            &[self::text(text), self::text("latin1")],
        )
    };
    let pairs = [
        bytes("w"),
        scalar("1"),
        bytes("x"),
        scalar("2"),
        global("torch", "float32"),
        scalar("3"),
    ];
    let file = [b"}(".as_slice(), &pairs.concat(), b"u"].concat();
    let checkpoint = Checkpoint::from_bytes(archive(&file)).unwrap();
    let named = listed(&[("torch.float32", 3.), ("w", 1.), ("x", 2.)]);
    assert_eq!(numbers(checkpoint.tensors()), named);
}

#[test]
fn a_module_without_parameters() {
    let state = dict(&[("_parameters", dict(&[])), ("_modules", dict(&[]))]);
    let file = archive(&object("torch.nn.modules.activation", "ReLU", &state));
    let error = Checkpoint::from_bytes(file.clone()).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::UnknownGlobal), "{error}");
    let checkpoint = OpenOptions::new()
        .mode(Mode::Model)
        .from_bytes(file)
        .unwrap();
    assert!(checkpoint.is_empty() && checkpoint.report().model.is_some());
}

/// `torch.relu` is written as a call of `getattr`, which nothing else may make.
#[test]
fn functions_of_torch_and_no_others() {
    let getattr = |owner: Vec<u8>, name: &str| {
        let called = call("__builtin__", "getattr", &[owner, text(name)]);
        archive(&dict(&[("w", scalar("1")), ("act", called)]))
    };
    let functions = || global("torch._C", "_VariableFunctionsClass");
    let checkpoint = Checkpoint::from_bytes(getattr(functions(), "relu")).unwrap();
    assert_eq!(numbers(checkpoint.tensors()), listed(&[("w", 1.)]));
    let named = archive(&dict(&[
        ("w", scalar("1")),
        ("act", global("builtins", "getattr")),
    ]));
    for file in [
        getattr(functions(), "__class__"),
        getattr(functions(), "a.b"),
        getattr(global("torch", "nn"), "os"),
        getattr(integer(1), "os"),
        named,
    ] {
        let error = Checkpoint::from_bytes(file).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::ForbiddenGlobal), "{error}");
        assert!(error.to_string().contains("byte "), "{error}");
    }
}

#[test]
fn lengths_in_more_bytes_than_they_need() {
    let view = |len: &[u8]| {
        let shape = [b"(".as_slice(), len, b"t"].concat();
        let whole = scalar("1");
        let (from, to) = (tuple(&[1]), whole.len());
        let at = (0..to).find(|&at| whole[at..].starts_with(&from)).unwrap();
        [&whole[..at], &shape, &whole[at + from.len()..]].concat()
    };
    let wide = |number: i128| [b"\x8a\x10".as_slice(), &number.to_le_bytes()].concat();
    let file = |number| archive(&dict(&[("w", view(&wide(number)))]));
    assert_eq!(Checkpoint::from_bytes(file(1)).unwrap().len(), 1);
    for (number, fault) in [
        (-1, Fault::Negative),
        (-1 << 100, Fault::Negative),
        (1 << 100, Fault::Overflow),
    ] {
        let error = Checkpoint::from_bytes(file(number)).unwrap_err();
        assert_eq!(error.fault(), Some(fault), "{number}: {error}");
    }
}

#[test]
fn tensors_of_devices_that_were_saved_in_another_type() {
    let saved = |dtype: &str| {
        let arguments = [
            scalar("1"),
            global("torch", dtype),
            text("xla:0"),
            b"\x89".to_vec(),
        ];
        let name = "_rebuild_device_tensor_from_cpu_tensor";
        let tensor = call("torch._utils", name, &arguments);
        archive(&dict(&[("w", tensor), ("v", scalar("2"))]))
    };
    let checkpoint = Checkpoint::from_bytes(saved("float32")).unwrap();
    assert_eq!(
        numbers(checkpoint.tensors()),
        listed(&[("v", 2.), ("w", 1.)])
    );
    let checkpoint = Checkpoint::from_bytes(saved("bfloat16")).unwrap();
    assert_eq!(numbers(checkpoint.tensors()), listed(&[("v", 2.)]));
    let refused = &checkpoint.report().refused;
    assert!(
        refused[0].reason.contains("F32 and stand for BF16"),
        "{refused:?}"
    );
}

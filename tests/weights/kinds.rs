//! Tensors of every kind that a pickle can hold, made here byte by byte.

use crate::common::torch_zip::{
    call, dict, floats, global, integer, object, tensor, text, tuple, tuple_of,
};
use crate::forms::{archive, list_of, names, ordered, rebuilt, storage, values};
use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, DataType, Fault, Key, Origin, Quantisation, Scalar};

#[test]
fn files_of_npus() {
    let npu = |key, rest: Vec<u8>| {
        let module = "torch_npu.utils.storage";
        rebuilt(module, "_rebuild_npu_tensor", key, &[2], &[rest])
    };
    let format = call("torch_npu.npu._format", "Format", &[integer(29)]);
    let object = dict(&[
        ("flag", npu("0", b"\x88".to_vec())),
        ("number", npu("0", integer(3))),
        ("format", npu("0", format)),
    ]);
    let checkpoint = Checkpoint::from_bytes(archive(&object, &[&floats(&[1., 2.])])).unwrap();
    assert_eq!(checkpoint.len(), 3);
    assert_eq!(values(&checkpoint, "format"), [1., 2.]);
    let report = checkpoint.report();
    assert!(report.npu);
    assert!(
        report.notes[0].contains("on 3 tensors, formats 3 (NC1HWC0), 29 (FRACTAL_NZ)"),
        "{report}"
    );
}

#[test]
fn arrays_of_numpy_beside_the_weights() {
    let data_type = |code: &str, order: &str| {
        let made = call(
            "numpy",
            "dtype",
            &[text(code), b"\x89".to_vec(), b"\x88".to_vec()],
        );
        let state = tuple_of(&[integer(3), text(order), b"N".to_vec(), b"N".to_vec()]);
        [made, state, b"b".to_vec()].concat()
    };
    let bytes = |text: &str| {
        call(
            "_codecs",
            "encode",
            &[self::text(text), self::text("latin1")],
        )
    };
    let array = |dtype, order: &[u8], data| {
        let made = call(
            "numpy.core.multiarray",
            "_reconstruct",
            &[global("numpy", "ndarray"), tuple(&[0]), bytes("b")],
        );
        let state = tuple_of(&[integer(1), tuple(&[2, 2]), dtype, order.to_vec(), data]);
        [made, state, b"b".to_vec()].concat()
    };
    let scalar = call(
        "numpy.core.multiarray",
        "scalar",
        &[data_type("f8", "<"), bytes("\0\0\0\0\0\0\u{f0}?")],
    );
    let large = b"\x8a\x09\0\0\0\0\0\0\0\0\x40".to_vec();
    let object = dict(&[
        ("state_dict", dict(&[("w", tensor("0", 1, &[1], &[1]))])),
        (
            "rows",
            array(
                data_type("i2", ">"),
                b"\x89",
                bytes("\0\u{1}\0\u{2}\0\u{3}\u{ff}\u{ff}"),
            ),
        ),
        (
            "columns",
            array(data_type("u1", "|"), b"\x88", bytes("\u{1}\u{2}\u{3}\u{4}")),
        ),
        (
            "objects",
            array(data_type("O8", "|"), b"\x89", list_of(&[])),
        ),
        ("best", scalar),
        (
            "args",
            object("argparse", "Namespace", &dict(&[("lr", integer(1))])),
        ),
        ("large", large),
        ("none", b"N".to_vec()),
    ]);
    let checkpoint = Checkpoint::from_bytes(archive(&object, &[&floats(&[1.])])).unwrap();
    assert_eq!(names(&checkpoint), ["w"]);
    let beside: Vec<_> = checkpoint.beside().collect();
    let [rows, columns, best] = &beside[..] else {
        panic!("{beside:?}");
    };
    assert_eq!(*rows.bytes(), [1, 0, 2, 0, 3, 0, 0xff, 0xff]);
    assert_eq!(*columns.bytes(), [1, 3, 2, 4]);
    assert_eq!(*best.bytes(), 1f64.to_le_bytes());
    assert_eq!(
        [rows.origin(), best.origin()],
        [Origin::NumpyArray, Origin::NumpyScalar]
    );
    let report = checkpoint.report();
    assert_eq!(report.refused_beside.len(), 1, "{report}");
    assert_eq!(report.opaque[0].class, "argparse.Namespace");
    let values: Vec<&Scalar> = report.values.iter().map(|valued| &valued.value).collect();
    let two_to_the_70 = Scalar::Large("1180591620717411303424".to_owned());
    assert_eq!(values, [&two_to_the_70, &Scalar::None]);
    assert_eq!(report.values[0].path, [Key::Text("large".to_owned())]);
}

#[test]
fn quantised_sparse_meta_and_pending_tensors() {
    let view = |class| vec![storage(class, "0", 4), integer(0), tuple(&[4]), tuple(&[1])];
    let float = |number: f64| [b"G".as_slice(), &number.to_be_bytes()].concat();
    let scheme = tuple_of(&[global("torch", "per_tensor_affine"), float(0.5), integer(3)]);
    let quantised = [
        view("QInt8Storage"),
        vec![scheme, b"\x89".to_vec(), ordered()],
    ]
    .concat();
    let complex = [
        storage("ComplexFloatStorage", "1", 1),
        integer(0),
        tuple(&[1]),
        tuple(&[1]),
        b"\x89".to_vec(),
        ordered(),
        dict(&[("conj", b"\x88".to_vec())]),
    ];
    let meta = [
        global("torch", "float32"),
        tuple(&[4]),
        tuple(&[1]),
        b"\x89".to_vec(),
    ];
    let object = dict(&[
        ("q", call("torch._utils", "_rebuild_qtensor", &quantised)),
        ("c", call("torch._utils", "_rebuild_tensor_v2", &complex)),
        (
            "m",
            call("torch._utils", "_rebuild_meta_tensor_no_storage", &meta),
        ),
        (
            "s",
            call(
                "torch._utils",
                "_rebuild_sparse_tensor",
                &[integer(0), tuple(&[1])],
            ),
        ),
    ]);
    let (integers, complex) = ([1, 2, 3, 0xff], floats(&[1., 2.]));
    let checkpoint = Checkpoint::from_bytes(archive(&object, &[&integers, &complex])).unwrap();
    let quantised = checkpoint.tensor("q").unwrap();
    assert_eq!(
        (quantised.dtype(), &*quantised.bytes()),
        (DataType::QI8, &integers[..])
    );
    let scale = Quantisation::PerTensor {
        scale: 0.5,
        zero_point: 3,
    };
    assert_eq!(quantised.quantisation(), Some(&scale));
    assert_eq!(*checkpoint.tensor("c").unwrap().bytes(), floats(&[1., -2.]));
    for (name, words) in [("m", "no data"), ("s", "sparse")] {
        let error = checkpoint.tensor(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn types_without_a_storage_class() {
    let view = |dtype, rest: &[usize]| {
        let parts = [
            text("storage"),
            global("torch.storage", "UntypedStorage"),
            text("0"),
            text("cpu"),
            integer(4),
        ];
        let untyped = [tuple_of(&parts), b"Q".to_vec()].concat();
        let arguments = [
            untyped,
            integer(0),
            tuple(rest),
            tuple(&[1]),
            b"\x89".to_vec(),
            ordered(),
            global("torch", dtype),
        ];
        call("torch._utils", "_rebuild_tensor_v3", &arguments)
    };
    let object = dict(&[
        ("u16", view("uint16", &[2])),
        ("f8", view("float8_e5m2", &[4])),
        ("f4", view("float4_e2m1fn_x2", &[4])),
        ("bits", view("bits8", &[4])),
    ]);
    let checkpoint = Checkpoint::from_bytes(archive(&object, &[&[1, 2, 3, 4]])).unwrap();
    for (name, dtype, len) in [
        ("u16", DataType::U16, 2),
        ("f8", DataType::F8E5M2, 4),
        ("f4", DataType::F4, 8),
    ] {
        let tensor = checkpoint.tensor(name).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape()), (dtype, &[len][..]));
        assert_eq!(*tensor.bytes(), [1, 2, 3, 4]);
        assert_eq!(tensor.nbytes(), 4);
    }
    let refused = &checkpoint.report().refused;
    assert_eq!((refused.len(), refused[0].fault), (1, Fault::DType));
}

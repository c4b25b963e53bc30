//! A library of ONNX Runtime as the engine: the one that `ORT_DYLIB_PATH` names, in builds with the feature
//! `ort`.

#[cfg(feature = "ort")]
use std::env;

#[cfg(feature = "ort")]
use ascend_graph::Gears;
#[cfg(feature = "ort")]
use ascend_graph::om::Aipp;
use ascend_graph::onnx::{Attribute, Builder, Dim};
#[cfg(feature = "ort")]
use ascend_graph::onnx::{Graph, Node, ValueInfo};
use ascend_mock::Engine;
#[cfg(not(feature = "ort"))]
use ascend_mock::MockConfig;

use super::*;
#[cfg(feature = "ort")]
use crate::device::OnDevice;

const OWN: Engine = Engine::OnnxRuntime(None);

/// Compiles for an engine.
pub(super) fn compiled_by(
    engine: &Engine,
    model: &Model,
) -> Result<(Bytes, Summary), CompileError> {
    let options = CompileOptions {
        model_name: "test".to_owned(),
        engine: engine.clone(),
        ..CompileOptions::default()
    };
    let mut file = Vec::new();
    let summary = compile_model(model.clone(), &options, &mut file)?;
    Ok((file.into(), summary))
}

/// The greatest of each block of 2 x 2 x 2, which `rten` does not pool.
pub(super) fn pool3d() -> Model {
    let mut graph = Builder::new("pool3d", 13);
    let dims = [1, 1, 4, 4, 4].map(Dim::Fixed);
    let x = graph.input("x", DataType::F32, &dims);
    let window = [
        Attribute::ints("kernel_shape", [2, 2, 2]),
        Attribute::ints("strides", [2, 2, 2]),
    ];
    graph.node_to("MaxPool", "pool", &[&x], &["y"], window);
    graph.output("y", DataType::F32, &[1, 1, 2, 2, 2].map(Dim::Fixed));
    graph.build().expect("the graph is sound")
}

#[cfg(not(feature = "ort"))]
#[test]
fn a_build_without_it_says_so() {
    let words = "this build cannot use ONNX Runtime: build with the cargo feature `ort`";
    let error = compiled_by(&OWN, &pool3d()).expect_err("it is not there");
    assert!(error.to_string().contains(words), "{error}");
    let error = MockConfig::from_toml("engine = \"onnxruntime\"").expect_err("it is not there");
    assert!(error.to_string().contains(words), "{error}");
    let lease = ascend_mock::lease(MockConfig::default().engine(OWN));
    let error = lease.map(drop).expect_err("it is not there");
    assert!(error.to_string().contains(words), "{error}");
}

/// Whether there is a library to test with.
#[cfg(feature = "ort")]
fn is_given() -> bool {
    let is_given = env::var_os("ORT_DYLIB_PATH").is_some();
    if !is_given {
        eprintln!("skipped: ORT_DYLIB_PATH names no library of ONNX Runtime");
    }
    is_given
}

/// Runs a compiled file on both engines, or on ONNX Runtime alone.
#[cfg(feature = "ort")]
fn run(file: &Bytes, engine: Engine, inputs: &[Tensor]) -> Vec<Tensor> {
    let program = OnDevice::load(file, engine).unwrap_or_else(|error| panic!("{error}"));
    let outputs = program.run(inputs.to_vec());
    outputs.unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(feature = "ort")]
#[test]
fn a_model_for_one_engine_runs_on_the_other() {
    if !is_given() {
        return;
    }
    let model = common::compiled::dense();
    let x = f32s(&[3, 64], (0..3 * 64_u8).map(|step| f32::from(step) / 16.0));
    let mut found = Vec::new();
    for made_for in [Engine::Rten, OWN] {
        let (file, summary) = compiled_by(&made_for, &model).expect("it compiles");
        assert!(summary.runs_on_rten);
        for engine in [Engine::Rten, OWN] {
            found.push(run(&file, engine, std::slice::from_ref(&x)));
        }
    }
    for outputs in &found {
        let off = difference(&outputs[0], &found[0][0], 1e-5, 1e-4);
        assert_eq!(off, None);
    }
}

/// Adds up the rows of `x`, which `rten` has no operator for.
#[cfg(feature = "ort")]
fn scan() -> Model {
    let pair = [Dim::Fixed(2)];
    let info = |name: &str| ValueInfo::tensor(name, DataType::F32, Some(&pair));
    let node = |op_type: &str, input: &[&str], output: &str| Node {
        op_type: op_type.to_owned(),
        input: input.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..Node::default()
    };
    let body = Graph {
        name: "body".to_owned(),
        node: vec![
            node("Add", &["before", "row"], "after"),
            node("Identity", &["after"], "told"),
        ],
        input: vec![info("before"), info("row")],
        output: vec![info("after"), info("told")],
        ..Graph::default()
    };
    let mut graph = Builder::new("scan", 11);
    let start = graph.input("start", DataType::F32, &pair);
    let x = graph.input("x", DataType::F32, &[Dim::Unknown, Dim::Fixed(2)]);
    let attributes = [
        Attribute::graph("body", body),
        Attribute::int("num_scan_inputs", 1),
    ];
    graph.node_to("Scan", "rows", &[&start, &x], &["last", "sums"], attributes);
    graph.output("last", DataType::F32, &pair);
    graph.output("sums", DataType::F32, &[Dim::Unknown, Dim::Fixed(2)]);
    graph.build().expect("the graph is sound")
}

#[cfg(feature = "ort")]
#[test]
fn what_rten_refuses_runs() {
    if !is_given() {
        return;
    }
    let ramp = |count: u8| (0..count).map(f32::from);
    let cases = [
        (
            pool3d(),
            vec![f32s(&[1, 1, 4, 4, 4], ramp(64))],
            vec![f32s(
                &[1, 1, 2, 2, 2],
                [21.0, 23.0, 29.0, 31.0, 53.0, 55.0, 61.0, 63.0],
            )],
        ),
        (
            scan(),
            vec![f32s(&[2], [10.0, 20.0]), f32s(&[3, 2], ramp(6))],
            vec![
                f32s(&[2], [16.0, 29.0]),
                f32s(&[3, 2], [10.0, 21.0, 12.0, 24.0, 16.0, 29.0]),
            ],
        ),
    ];
    for (model, inputs, expected) in cases {
        compiled_by(&Engine::Rten, &model).expect_err("rten refuses it");
        let (file, summary) = compiled_by(&OWN, &model).expect("it compiles");
        assert!(!summary.runs_on_rten);
        assert_eq!(run(&file, OWN, &inputs), expected);
        let error = OnDevice::load(&file, Engine::Rten)
            .err()
            .expect("it is not for rten");
        assert!(error.message.contains("engine onnxruntime"), "{error}");
    }
}

#[cfg(feature = "ort")]
#[test]
fn what_the_library_lacks_is_refused_when_it_is_compiled() {
    if !is_given() {
        return;
    }
    let one = |op_type: &str, opset: i64| {
        let mut graph = Builder::new("one", 13);
        let x = graph.input("x", DataType::F32, &[Dim::Fixed(2)]);
        graph.node_to(op_type, "the node", &[&x], &["y"], []);
        graph.output("y", DataType::F32, &[Dim::Fixed(2)]);
        let mut model = graph.build().expect("the graph is sound");
        model.opset_import[0].version = opset;
        model
    };
    let error = compiled_by(&OWN, &one("Relish", 13)).expect_err("there is none");
    let [refusal] = error.refusals() else {
        panic!("{error}");
    };
    assert_eq!((&*refusal.node, &*refusal.op_type), ("the node", "Relish"));
    assert!(refusal.reason.contains("; export it"), "{error}");
    let error = compiled_by(&OWN, &one("Relu", 99)).expect_err("there is none");
    assert!(error.to_string().contains("for an older opset"), "{error}");
    let error = compiled_by(&OWN, &one("NPUMagic", 13)).expect_err("there is none");
    assert!(error.to_string().contains("npu::NPUMagic"), "{error}");
}

/// `y = x · factor + x` in any type.
#[cfg(feature = "ort")]
fn scaled(dtype: DataType, factor: &[u8]) -> Model {
    let mut graph = Builder::new("scaled", 14);
    let dims = [Dim::Fixed(3)];
    let x = graph.input("x", dtype, &dims);
    let factor = graph.initializer("factor", dtype, &[], factor.to_vec().into());
    let product = graph.node("Mul", "mul", &[&x, &factor], []);
    graph.node_to("Add", "add", &[&product, &x], &["y"], []);
    graph.output("y", dtype, &dims);
    graph.build().expect("the graph is sound")
}

#[cfg(feature = "ort")]
#[test]
fn numbers_are_computed_in_their_own_types() {
    if !is_given() {
        return;
    }
    let long = [3, -5, 1 << 40];
    let double = [0.1, -2.5, 1e-300];
    let half = [0.25, -3.0, 700.0].map(half::f16::from_f32);
    let (third, tenth) = (1.0 / 3.0, half::f16::from_f32(0.1));
    let cases = [
        (
            DataType::I64,
            (3_i64 << 33).to_le_bytes().to_vec(),
            long.map(i64::to_ne_bytes).concat(),
            long.map(|x: i64| (x.wrapping_mul(3 << 33).wrapping_add(x)).to_ne_bytes())
                .concat(),
        ),
        (
            DataType::F64,
            f64::to_le_bytes(third).to_vec(),
            double.map(f64::to_ne_bytes).concat(),
            double.map(|x| (x * third + x).to_ne_bytes()).concat(),
        ),
        (
            DataType::F16,
            tenth.to_le_bytes().to_vec(),
            half.map(half::f16::to_ne_bytes).concat(),
            half.map(|x| (x * tenth + x).to_ne_bytes()).concat(),
        ),
    ];
    for (dtype, factor, bytes, expected) in cases {
        let (file, _) = compiled_by(&OWN, &scaled(dtype, &factor)).expect("it compiles");
        let dims = vec![3];
        let given = Tensor { dtype, dims, bytes };
        let expected = Tensor {
            bytes: expected,
            ..given.clone()
        };
        let found = run(&file, OWN, &[given]);
        // Whether float16 is rounded in between is up to the library.
        let off = match dtype {
            DataType::F16 => difference(&found[0], &expected, 1e-3, 0.0),
            _ => (found[0] != expected).then(|| format!("{found:?}")),
        };
        assert_eq!(off, None, "{dtype}");
    }
}

#[cfg(feature = "ort")]
#[test]
fn gears_and_preprocessing_stand_before_it() {
    use crate::common::compiled::{Told, identity};

    if !is_given() {
        return;
    }
    let aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8 src_image_size_w: 4 \
                src_image_size_h: 2 min_chn_0: 1 var_reci_chn_0: 0.5 }";
    let dims = ["n".into(), 3.into(), 2.into(), 4.into()];
    let told = Told {
        aipp: aipp.to_owned(),
        ..Told::gears("x:-1,3,2,4", Gears::batch("1,2"))
    };
    assert!(Aipp::parse(aipp).is_ok());
    for made_for in [Engine::Rten, OWN] {
        let compiled = told.compile_for(&identity(DataType::F32, &dims), &made_for);
        let (file, summary) = compiled.expect("it compiles");
        assert_eq!((summary.programs, summary.runs_on_rten), (1, true));
        for engine in [Engine::Rten, OWN] {
            let OnDevice { rig, id, .. } = OnDevice::load(&file, engine).expect("it loads");
            let desc = rig.describe(id);
            let (input, output) = (rig.inputs(desc), rig.outputs(desc));
            let index = rig.input_index(desc, c"ascend_mbatch_shape_data");
            for batch in [2_u8, 1] {
                let pixels: Vec<u8> = (0..batch * 24).collect();
                rig.put(input, 0, &pixels);
                let code = acl!(rig.aclmdlSetDynamicBatchSize(id, input, index, batch.into()));
                assert_eq!(code, 0, "{:?}", rig.message());
                let stream = made!(rig.aclrtCreateStream());
                assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, stream)), 0);
                assert_eq!(rig.synchronize(stream), 0, "{:?}", rig.message());
                let found = rig.take(output, 0, pixels.len());
                // Channels lie apart now; the first one is shifted and scaled.
                for (place, found) in found.iter().enumerate() {
                    let (picture, channel, pixel) = (place / 24, place % 24 / 8, place % 8);
                    let given = f32::from(pixels[picture * 24 + pixel * 3 + channel]);
                    let expected = if channel == 0 {
                        (given - 1.0) * 0.5
                    } else {
                        given
                    };
                    assert!(
                        (found - expected).abs() < 1e-3,
                        "{place}: {found}, {expected}"
                    );
                }
            }
        }
    }
}

#[cfg(feature = "ort")]
#[test]
fn a_process_has_one_library() {
    if !is_given() {
        return;
    }
    compiled_by(&OWN, &pool3d()).expect("it compiles");
    let other = Engine::OnnxRuntime(Some("/nowhere/libonnxruntime.so".into()));
    let error = compiled_by(&other, &pool3d()).expect_err("there is one already");
    let words = "was loaded by this process, which cannot have /nowhere/libonnxruntime.so too";
    assert!(error.to_string().contains(words), "{error}");
}

//! A real network: `ResNet`-18 with narrow layers, as `PyTorch` 1.13 and 2.15 export it.

use std::path::Path;

use ascend_graph::onnx::{Dim, ValueInfo};

use super::*;

const CLASSES: usize = 20;
const IMAGE: [usize; 3] = [3, 64, 64];

fn fixture(name: &str) -> Option<Bytes> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/resnet");
    if !folder.is_dir() {
        eprintln!("skipped: no fixture folder");
        return None;
    }
    Some(
        std::fs::read(folder.join(name))
            .expect("the fixture is readable")
            .into(),
    )
}

/// Gives the data of a `.npy` file of little-endian numbers in row-major order.
fn npy<const SIZE: usize>(name: &str) -> Option<Vec<[u8; SIZE]>> {
    let file = fixture(name)?;
    let header = usize::from(u16::from_le_bytes([file[8], file[9]]));
    Some(file[10 + header..].as_chunks().0.to_vec())
}

fn images() -> Option<Vec<f32>> {
    Some(
        npy("input_64_f32.npy")?
            .into_iter()
            .map(f32::from_le_bytes)
            .collect(),
    )
}

fn logits() -> Option<Vec<f64>> {
    Some(
        npy("resnet18_w12_logits_f64.npy")?
            .into_iter()
            .map(f64::from_le_bytes)
            .collect(),
    )
}

fn model(name: &str) -> Option<Model> {
    Some(Model::read(&fixture(name)?).expect("the fixture is sound"))
}

/// The largest difference of logits, in units of the largest logit.
fn error_of(found: &Tensor, expected: &[f64]) -> f64 {
    assert_eq!(found.dims, [expected.len() / CLASSES, CLASSES]);
    let scale = expected
        .iter()
        .fold(0.0_f64, |scale, logit| scale.max(logit.abs()));
    let pairs = numbers(found).into_iter().zip(expected);
    pairs.fold(0.0_f64, |worst, (found, expected)| {
        worst.max((found - expected).abs())
    }) / scale
}

#[test]
fn gives_the_logits_of_pytorch() {
    let (Some(images), Some(logits)) = (images(), logits()) else {
        return;
    };
    let count = logits.len() / CLASSES;
    let image_dims = |batch: usize| [&[batch][..], &IMAGE].concat();
    for name in ["resnet18_w12.t113.onnx", "resnet18_w12.t215.onnx"] {
        let model = model(name).expect("the folder is there");
        let fixed = [("input", &[3, 3, 64, 64][..])];
        for (shapes, batch) in [
            (&[][..], Dim::Named("batch_size".to_owned())),
            (&fixed, Dim::Fixed(3)),
        ] {
            let (file, summary) = compiled_for(&model, shapes).expect("it compiles");
            let is_open = batch != Dim::Fixed(3);
            assert_eq!(summary.inputs[0].dims.as_ref().expect("a rank")[0], batch);
            let expected = [
                if is_open { Dim::Unknown } else { Dim::Fixed(3) },
                Dim::Fixed(20),
            ];
            assert_eq!(
                summary.outputs[0].dims.as_deref(),
                Some(&expected[..]),
                "{name}"
            );
            let program = load(&file).expect("it loads");
            let run = |batch| {
                let input = f32s(
                    &image_dims(batch),
                    images[..batch * IMAGE.iter().product::<usize>()].to_vec(),
                );
                program
                    .run(vec![input])
                    .map(|mut outputs| outputs.remove(0))
            };
            let output = run(3).expect("it runs");
            assert!(error_of(&output, &logits[..3 * CLASSES]) < 1e-4, "{name}");
            if is_open {
                let output = run(count).expect("it runs");
                assert!(error_of(&output, &logits) < 1e-4, "{name}");
            } else {
                let message = run(1).expect_err("the batch is fixed").to_string();
                assert!(message.contains("input"), "{message}");
            }
        }
    }
}

#[test]
fn takes_and_gives_half_precision() {
    let (Some(images), Some(logits)) = (images(), logits()) else {
        return;
    };
    let mut model = model("resnet18_w12.t113.onnx").expect("the folder is there");
    let graph = model.graph.as_mut().expect("a graph");
    for tensor in graph
        .initializer
        .iter_mut()
        .filter(|tensor| tensor.data_type == 1)
    {
        let bytes = tensor.bytes().expect("sound data");
        let wide = bytes
            .as_chunks()
            .0
            .iter()
            .map(|&chunk| f32::from_le_bytes(chunk));
        let narrow: Vec<u8> = wide
            .flat_map(|value| half::f16::from_f32(value).to_le_bytes())
            .collect();
        *tensor = ascend_graph::onnx::Tensor::new(
            &tensor.name,
            DataType::F16,
            tensor.dims.clone(),
            narrow.into(),
        );
    }
    graph.value_info.clear();
    for value in graph.input.iter_mut().chain(&mut graph.output) {
        let info = value.info().expect("typed");
        *value = ValueInfo::tensor(info.name, DataType::F16, info.dims.as_deref());
    }
    let (file, summary) = compiled(&model).expect("it compiles");
    assert_eq!(
        (summary.inputs[0].dtype, summary.outputs[0].dtype),
        (DataType::F16, DataType::F16)
    );
    let bytes = images
        .iter()
        .flat_map(|&value| half::f16::from_f32(value).to_ne_bytes())
        .collect();
    let dims = [&[logits.len() / CLASSES][..], &IMAGE].concat();
    let input = Tensor {
        dtype: DataType::F16,
        dims,
        bytes,
    };
    let output = load(&file)
        .expect("it loads")
        .run(vec![input])
        .expect("it runs")
        .remove(0);
    assert_eq!(output.dtype, DataType::F16);
    assert!(error_of(&output, &logits) < 5e-3);
}

#[test]
fn equal_models_give_equal_files() {
    let Some(file) = fixture("resnet18_w12.t215.onnx") else {
        return;
    };
    let options = CompileOptions {
        model_name: "resnet18".to_owned(),
        input_shapes: vec![InputShape::new(None, &[1, 3, 64, 64])],
        ..CompileOptions::default()
    };
    let [mut first, mut second] = [Vec::new(), Vec::new()];
    compile(&file, &options, &mut first).expect("it compiles");
    let summary = compile(&file, &options, &mut second).expect("it compiles");
    assert!(first == second);
    let om = OmModel::open(&first.into()).expect("it opens");
    assert_eq!(om.soc_version(), Some(ascend_mock::SOC_NAME));
    assert_eq!(om.weight_bytes(), summary.weight_bytes);
    assert!(om.work_bytes() > 0 && om.warnings.is_empty());
}

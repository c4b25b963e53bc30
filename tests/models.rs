//! Whole ways: weights or ONNX → `.om` → device → numbers, against those of PyTorch.
#![allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

#[path = "models/aipp.rs"]
mod aipp;
mod common;
#[path = "models/compare.rs"]
mod compare;
#[path = "models/contradictions.rs"]
mod contradictions;
#[path = "models/dumps.rs"]
mod dumps;
#[path = "models/exceptions.rs"]
mod exceptions;
#[path = "models/failures.rs"]
mod failures;
#[path = "models/formulas.rs"]
mod formulas;
#[path = "models/gears.rs"]
mod gears;
#[path = "models/loading.rs"]
mod loading;
#[path = "models/made.rs"]
mod made;
#[path = "models/order.rs"]
mod order;
#[path = "models/pipeline.rs"]
mod pipeline;
#[path = "models/pool.rs"]
mod pool;
#[path = "models/pool_batches.rs"]
mod pool_batches;
#[path = "models/pool_losses.rs"]
mod pool_losses;
#[path = "models/pool_queue.rs"]
mod pool_queue;
#[path = "models/simplify.rs"]
mod simplify;
#[path = "models/staged.rs"]
mod staged;

use std::path::{Path, PathBuf};

use ascend_mock::MockConfig;
use ascend_rt::convert::{self, Axis, InputShape, Options};
use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
use ascend_rt::zoo::ResNet;
use ascend_rt::{Acl, ErrorKind, Input, Result, Session, Tensor};
use common::{assert_close, shared};
use tempfile::TempDir;

/// Of the scale of the logits.
const TOLERANCE: f64 = 1e-4;

fn session(om: &Path) -> Result<Session> {
    Session::load(&Acl::mock(MockConfig::default())?.device(0)?, om)
}

/// `source` as an `.om` in a folder of its own.
fn converted(source: &Path, options: &Options) -> Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("model.om");
    convert::convert(source, &om, options)?;
    Ok((folder, om))
}

fn logits(path: &Path) -> Vec<f64> {
    let tensor = Tensor::read_npy(path).unwrap();
    tensor.to_array::<f64>().unwrap().into_iter().collect()
}

/// Runs the narrow ResNet-18 from `source` on its recorded inputs.
fn narrow_resnet18(source: &str, options: &Options) {
    let Some(source) = shared(source) else { return };
    let recorded = source.with_file_name("resnet18_w12_logits_f64.npy");
    let input = Tensor::read_npy(source.with_file_name("input_64_f32.npy")).unwrap();
    let (_folder, om) = converted(&source, options).unwrap();
    let mut session = session(&om).unwrap();
    let outputs = session
        .run(&[input.as_input().unwrap().named("input")])
        .unwrap();
    let output = outputs.by_name("output").unwrap();
    assert_eq!(output.shape(), [3, 20]);
    assert_close(
        output.array::<f32>().unwrap().as_slice().unwrap(),
        &logits(&recorded),
        TOLERANCE,
    );
}

/// The options for pictures of 64×64.
fn small(batch: Option<usize>) -> Options {
    let mut options = Options::default();
    options.network.size = (64, 64);
    options.network.batch = batch;
    options
}

#[test]
fn resnet18_from_pth() {
    narrow_resnet18("resnet/resnet18_w12.pth", &small(None));
}

#[test]
fn resnet18_from_pth_tar_with_a_fixed_batch() {
    narrow_resnet18("resnet/resnet18_w12.pth.tar", &small(Some(3)));
}

#[test]
fn resnet18_from_safetensors() {
    narrow_resnet18("resnet/resnet18_w12.safetensors", &small(None));
}

#[test]
fn resnet18_from_the_onnx_of_torch_1_13() {
    narrow_resnet18("resnet/resnet18_w12.t113.onnx", &Options::default());
}

#[test]
fn resnet18_from_the_onnx_of_torch_2_15_with_a_fixed_batch() {
    let input_shapes = vec!["input:3,3,64,64".parse().unwrap()];
    narrow_resnet18(
        "resnet/resnet18_w12.t215.onnx",
        &Options {
            input_shapes,
            ..Options::default()
        },
    );
}

#[test]
fn resnet18_by_way_of_our_own_onnx() {
    let Some(weights) = shared("resnet/resnet18_w12.pth") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (onnx, om) = (folder.path().join("net.onnx"), folder.path().join("net.om"));
    convert::convert(&weights, &onnx, &small(None)).unwrap();
    convert::convert(&onnx, &om, &Options::default()).unwrap();
    let input = Tensor::read_npy(weights.with_file_name("input_64_f32.npy")).unwrap();
    let mut session = session(&om).unwrap();
    let outputs = session.run(&[input.as_input().unwrap()]).unwrap();
    let expected = logits(&weights.with_file_name("resnet18_w12_logits_f64.npy"));
    assert_close(
        outputs.array::<f32>(0).unwrap().as_slice().unwrap(),
        &expected,
        TOLERANCE,
    );
}

/// Weights that are made, saved in each form that is written, and run to logits.
fn saved_in_every_form(tensors: &[(String, Vec<usize>, Vec<f32>)], recorded: &str) {
    let Some(input) = shared("resnet/input_224_f32.npy") else {
        return;
    };
    let pictures = Tensor::read_npy(&input).unwrap();
    let expected = logits(&input.with_file_name(recorded));
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, numbers)| common::torch_zip::floats(numbers))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    for (file, shard, opened) in [
        ("net.safetensors", None, "net.safetensors"),
        ("net.pth", None, "net.pth"),
        (
            "model.safetensors",
            Some(20 << 20),
            "model.safetensors.index.json",
        ),
        (
            "pytorch_model.bin",
            Some(20 << 20),
            "pytorch_model.bin.index.json",
        ),
    ] {
        let mut options = SaveOptions::new();
        if let Some(bytes) = shard {
            options = options.max_shard_bytes(bytes);
        }
        let tensors = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
            NewTensor::new(&**name, DataType::F32, shape.clone(), bytes.as_slice())
        });
        options.save(tensors, folder.path().join(file)).unwrap();
        let source = folder.path().join(opened);
        let (_om_folder, om) = converted(&source, &Options::default()).unwrap();
        let mut session = session(&om).unwrap();
        let outputs = session.run(&[pictures.as_input().unwrap()]).unwrap();
        println!("{file}");
        assert_close(
            outputs.array::<f32>(0).unwrap().as_slice().unwrap(),
            &expected,
            TOLERANCE,
        );
    }
}

#[test]
fn resnet18_saved_in_every_form() {
    saved_in_every_form(&common::recipe::resnet18(), "resnet18_logits_f64.npy");
}

#[test]
fn resnet50_saved_in_every_form() {
    saved_in_every_form(&common::recipe::resnet50(), "resnet50_logits_f64.npy");
}

/// 102 MB of weights, from PyTorch's own form to logits.
#[test]
fn resnet50_of_full_size() {
    let Some(input) = shared("resnet/input_224_f32.npy") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("resnet50.pth");
    std::fs::write(
        &weights,
        common::torch_zip::state_dict(&common::recipe::resnet50()),
    )
    .unwrap();
    let checkpoint = Checkpoint::open(&weights).unwrap();
    let network = ResNet::of(&checkpoint).unwrap();
    assert_eq!(
        network.to_string(),
        "ResNet-50 (bottleneck blocks 3-4-6-3, 64 channels, 1000 classes)"
    );
    let (_om_folder, om) = converted(&weights, &Options::default()).unwrap();
    let pictures = Tensor::read_npy(&input).unwrap();
    let expected = logits(&input.with_file_name("resnet50_logits_f64.npy"));
    let mut session = session(&om).unwrap();
    let outputs = session.run(&[pictures.as_input().unwrap()]).unwrap();
    assert_close(
        outputs.array::<f32>(0).unwrap().as_slice().unwrap(),
        &expected,
        TOLERANCE,
    );
}

/// The shipped model, which every clone has.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/resnet50/resnet50_slim.safetensors")
}

#[test]
fn a_run_refuses_what_does_not_fit_and_goes_on() {
    let (_folder, om) = converted(&shipped(), &small(Some(1))).unwrap();
    let mut session = session(&om).unwrap();
    let fits = ndarray::Array4::<f32>::zeros((1, 3, 64, 64));
    let zeros = session
        .run(&[(&fits).into()])
        .unwrap()
        .array::<f32>(0)
        .unwrap()
        .to_owned();
    let wide = ndarray::Array4::<f32>::zeros((1, 3, 64, 65));
    let error = session.run(&[(&wide).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    assert_eq!(
        error.to_string(),
        "the model takes input float32 [1, 3, 64, 64] NCHW, and was given float32 [1, 3, 64, 65]: \
         reshape the input, or convert the model for this shape"
    );
    let doubles = ndarray::Array4::<f64>::zeros((1, 3, 64, 64));
    let error = session.run(&[(&doubles).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    for inputs in [
        vec![],
        vec![Input::from(&fits), Input::from(&fits)],
        vec![Input::from(&fits).named("x")],
    ] {
        let error = session.run(&inputs).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
    let again = session.run(&[(&fits).into()]).unwrap();
    assert_eq!(again.array::<f32>(0).unwrap(), zeros);
}

#[test]
fn an_array_in_another_order_is_gathered() {
    let (_folder, om) = converted(&shipped(), &small(None)).unwrap();
    let mut session = session(&om).unwrap();
    let picture = ndarray::Array4::from_shape_fn((2, 64, 64, 3), |(n, y, x, c)| {
        f32::from(u16::try_from((n * 7 + y * 5 + x * 3 + c) % 11).unwrap()) / 11.0
    });
    let turned = picture.permuted_axes([0, 3, 1, 2]);
    let plain = turned.as_standard_layout().to_owned();
    let first = session
        .run(&[(&turned).into()])
        .unwrap()
        .array::<f32>(0)
        .unwrap()
        .to_owned();
    let second = session
        .run(&[(&plain).into()])
        .unwrap()
        .array::<f32>(0)
        .unwrap()
        .to_owned();
    assert_eq!(first.shape()[0], 2);
    assert_eq!(first, second);
}

#[test]
fn a_free_batch_changes_from_run_to_run() {
    let (_folder, om) = converted(&shipped(), &small(None)).unwrap();
    let (api, lease) = ascend_mock::lease(MockConfig::default()).unwrap();
    // SAFETY: the CPU device keeps to AscendCL's rules.
    let acl = unsafe { Acl::from_api(api) }.unwrap();
    let mut session = Session::load(&acl.device(0).unwrap(), &om).unwrap();
    let mut first_row = None;
    for batch in [1, 4, 2, 1] {
        let input = ndarray::Array4::<f32>::ones((batch, 3, 64, 64));
        let outputs = session.run(&[(&input).into()]).unwrap();
        let logits = outputs.array::<f32>(0).unwrap();
        assert_eq!(logits.shape()[0], batch);
        let row: Vec<f32> = logits
            .outer_iter()
            .next()
            .unwrap()
            .iter()
            .copied()
            .collect();
        let expected = first_row.get_or_insert_with(|| row.clone());
        for (got, expected) in row.iter().zip(expected.iter()) {
            assert!((got - expected).abs() < 1e-4);
        }
    }
    drop((session, acl));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn sessions_on_many_threads_share_a_device() {
    let (_folder, om) = converted(&shipped(), &small(Some(1))).unwrap();
    let (api, lease) = ascend_mock::lease(MockConfig::default().threads(1)).unwrap();
    // SAFETY: the CPU device keeps to AscendCL's rules.
    let acl = unsafe { Acl::from_api(api) }.unwrap();
    let device = acl.device(0).unwrap();
    let input = ndarray::Array4::<f32>::ones((1, 3, 64, 64));
    let run = || {
        let mut session = Session::load(&device, &om).unwrap();
        let outputs = session.run(&[(&input).into()]).unwrap();
        outputs.array::<f32>(0).unwrap().to_owned()
    };
    let expected = run();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
    drop((device, acl));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn the_network_is_read_off_the_tensors() {
    let network = ResNet::of(&Checkpoint::open(shipped()).unwrap()).unwrap();
    assert_eq!(network.depth(), 50);
    assert_eq!(
        network
            .stages
            .iter()
            .map(|stage| stage.blocks.len())
            .collect::<Vec<_>>(),
        [3, 4, 6, 3]
    );
}

#[test]
fn an_om_for_a_chip_needs_atc() {
    let mut options = Options {
        soc: "Ascend310P3".parse().unwrap(),
        ..small(Some(1))
    };
    options.atc.launch.toolkit = Some("/nonexistent".into());
    let error = converted(&shipped(), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Library);
    assert!(error.to_string().contains("/nonexistent"), "{error}");
}

#[test]
fn input_shapes_are_parsed() {
    let shape: InputShape = "a:b:1,-1,3".parse().unwrap();
    assert_eq!(
        (shape.name.as_deref(), &shape.axes[..]),
        (
            Some("a:b"),
            &[Axis::Fixed(1), Axis::Free, Axis::Fixed(3)][..]
        )
    );
    for wrong in ["", "input", "input:1,x", "input:-2"] {
        assert!(wrong.parse::<InputShape>().is_err(), "{wrong}");
    }
}

/// The tensors of a ResNeXt of one block a stage: 4 groups of 2 channels in the first.
fn tiny_resnext() -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut tensors: Vec<(String, Vec<usize>)> = vec![("conv1.weight".into(), vec![8, 3, 7, 7])];
    let mut normalised = vec![("bn1".to_owned(), 8)];
    let mut input = 8;
    for stage in 0..4 {
        let (name, width, output) = (format!("layer{}.0", stage + 1), 8 << stage, 16 << stage);
        tensors.push((format!("{name}.conv1.weight"), vec![width, input, 1, 1]));
        tensors.push((format!("{name}.conv2.weight"), vec![width, width / 4, 3, 3]));
        tensors.push((format!("{name}.conv3.weight"), vec![output, width, 1, 1]));
        tensors.push((
            format!("{name}.downsample.0.weight"),
            vec![output, input, 1, 1],
        ));
        for (part, channels) in [
            ("bn1", width),
            ("bn2", width),
            ("bn3", output),
            ("downsample.1", output),
        ] {
            normalised.push((format!("{name}.{part}"), channels));
        }
        input = output;
    }
    for (name, channels) in normalised {
        for part in ["weight", "bias", "running_mean", "running_var"] {
            tensors.push((format!("{name}.{part}"), vec![channels]));
        }
    }
    tensors.push(("fc.weight".into(), vec![5, 128]));
    tensors.push(("fc.bias".into(), vec![5]));
    let filled = tensors.into_iter().map(|(name, shape)| {
        let values = vec![0.25; shape.iter().product()];
        (name, shape, values)
    });
    filled.collect()
}

#[test]
fn groups_are_read_off_the_shapes_and_run() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("resnext.pth");
    std::fs::write(&weights, common::torch_zip::state_dict(&tiny_resnext())).unwrap();
    let network = ResNet::of(&Checkpoint::open(&weights).unwrap()).unwrap();
    assert!(
        network
            .to_string()
            .starts_with("ResNeXt-14 (bottleneck blocks 1-1-1-1, 4×2d"),
        "{network}"
    );
    let (_folder, om) = converted(&weights, &small(Some(1))).unwrap();
    let picture = ndarray::Array4::<f32>::ones((1, 3, 64, 64));
    let mut session = session(&om).unwrap();
    assert_eq!(
        session
            .run(&[(&picture).into()])
            .unwrap()
            .array::<f32>(0)
            .unwrap()
            .shape(),
        [1, 5]
    );
}

#[test]
fn every_tensor_that_does_not_fit_is_named() {
    let mut tensors = tiny_resnext();
    tensors.retain(|(name, ..)| name != "layer2.0.bn1.bias");
    tensors.push(("head.weight".into(), vec![2], vec![0.0; 2]));
    let odd = tensors
        .iter_mut()
        .find(|(name, ..)| name == "layer3.0.bn3.weight")
        .unwrap();
    (odd.1, odd.2) = (vec![3], vec![0.0; 3]);
    let checkpoint = Checkpoint::from_bytes(common::torch_zip::state_dict(&tensors)).unwrap();
    let error = ResNet::of(&checkpoint).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    for part in [
        "1 missing: layer2.0.bn1.bias [16]",
        "1 misshapen: layer3.0.bn3.weight [3] instead of [64]",
        "1 surplus: head.weight [2]",
    ] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

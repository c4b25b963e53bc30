//! ONNX files through the compiler and the engine, compared with what they should give.

#[path = "../../src/elf.rs"]
#[allow(dead_code, reason = "the engine uses it, with the feature `ort`")]
mod elf;
#[path = "../../src/engine/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the tests use a part of the engine"
)]
mod engine;
#[path = "../../src/sync.rs"]
#[allow(dead_code, reason = "the engine uses a part of it")]
mod sync;

#[path = "../c_api/common/mod.rs"]
#[macro_use]
#[allow(
    clippy::macro_metavars_in_unsafe,
    clippy::unwrap_used,
    reason = "the tests are C calls, and panic when they fail"
)]
mod common;

mod device;
mod families;
mod faults;
mod lacking;
#[cfg(feature = "ort")]
mod library_files;
mod node_tests;
mod npu;
mod npy;
mod onnxruntime;
mod refusals;
mod resnet;
mod rewrites;
mod shapes;
mod watched;

use ascend_graph::om::OmModel;
use ascend_graph::onnx::Model;
use ascend_graph::{DataType, InputShape};
use ascend_mock::compiler::{CompileError, CompileOptions, Summary, compile, compile_model};
use bytes::Bytes;
use engine::{EngineError, Program, Tensor};

fn compiled(model: &Model) -> Result<(Bytes, Summary), CompileError> {
    compiled_for(model, &[])
}

fn compiled_for(
    model: &Model,
    shapes: &[(&str, &[i64])],
) -> Result<(Bytes, Summary), CompileError> {
    let shape = |&(name, dims): &(&str, &[i64])| {
        InputShape::new(Some(name).filter(|name| !name.is_empty()), dims)
    };
    let options = CompileOptions {
        model_name: "test".to_owned(),
        input_shapes: shapes.iter().map(shape).collect(),
        command_line: "ascend convert test.onnx".to_owned(),
        engine: common::engine(),
        ..CompileOptions::default()
    };
    let mut file = Vec::new();
    let summary = compile_model(model.clone(), &options, &mut file)?;
    assert_eq!(summary.file_bytes, file.len() as u64);
    Ok((file.into(), summary))
}

/// Loads a compiled file the way the CPU device does, or for another engine than `rten` by a device.
fn load(file: &Bytes) -> Result<Box<dyn Program>, EngineError> {
    let engine = common::engine();
    if engine != ascend_mock::Engine::Rten {
        return Ok(Box::new(device::OnDevice::load(file, engine)?));
    }
    let om = OmModel::open(file).map_err(|error| EngineError::new(error.to_string()))?;
    let (_, programs) = om
        .cpu_programs()
        .ok_or_else(|| EngineError::new("no program"))?;
    let program = engine::Engine::Rten.load(&programs[0], om.weights(), 2)?;
    Ok(Box::new(watched::Watched {
        program,
        network: om.cpu_onnx(),
    }))
}

fn f32s(dims: &[usize], elements: impl IntoIterator<Item = f32>) -> Tensor {
    let bytes = elements.into_iter().flat_map(f32::to_ne_bytes).collect();
    Tensor {
        dtype: DataType::F32,
        dims: dims.to_vec(),
        bytes,
    }
}

fn i64s(dims: &[usize], elements: impl IntoIterator<Item = i64>) -> Tensor {
    let bytes = elements.into_iter().flat_map(i64::to_ne_bytes).collect();
    Tensor {
        dtype: DataType::I64,
        dims: dims.to_vec(),
        bytes,
    }
}

fn bools(dims: &[usize], elements: &[bool]) -> Tensor {
    let bytes = elements.iter().map(|&element| u8::from(element)).collect();
    Tensor {
        dtype: DataType::Bool,
        dims: dims.to_vec(),
        bytes,
    }
}

/// Widens the elements, whatever their type.
#[allow(
    clippy::cast_precision_loss,
    reason = "differences of large numbers are large"
)]
fn numbers(tensor: &Tensor) -> Vec<f64> {
    fn each<const SIZE: usize>(bytes: &[u8], widen: impl Fn([u8; SIZE]) -> f64) -> Vec<f64> {
        bytes
            .as_chunks()
            .0
            .iter()
            .map(|&chunk| widen(chunk))
            .collect()
    }
    let bytes = &tensor.bytes;
    match tensor.dtype {
        DataType::F32 => each(bytes, |chunk| f32::from_ne_bytes(chunk).into()),
        DataType::F16 => each(bytes, |chunk| half::f16::from_ne_bytes(chunk).into()),
        DataType::BF16 => each(bytes, |chunk| half::bf16::from_ne_bytes(chunk).into()),
        DataType::F64 => each(bytes, f64::from_ne_bytes),
        DataType::I64 => each(bytes, |chunk| i64::from_ne_bytes(chunk) as f64),
        DataType::U64 => each(bytes, |chunk| u64::from_ne_bytes(chunk) as f64),
        DataType::I32 => each(bytes, |chunk| i32::from_ne_bytes(chunk).into()),
        DataType::U32 => each(bytes, |chunk| u32::from_ne_bytes(chunk).into()),
        DataType::I16 => each(bytes, |chunk| i16::from_ne_bytes(chunk).into()),
        DataType::U16 => each(bytes, |chunk| u16::from_ne_bytes(chunk).into()),
        DataType::I8 => each(bytes, |chunk| i8::from_ne_bytes(chunk).into()),
        DataType::U8 | DataType::Bool => each(bytes, |[byte]| byte.into()),
        other => panic!("{other} is not at the edge"),
    }
}

/// Says how two tensors differ, or `None` if they do not.
fn difference(found: &Tensor, expected: &Tensor, relative: f64, absolute: f64) -> Option<String> {
    if (found.dtype, &found.dims) != (expected.dtype, &expected.dims) {
        let (a, b) = (found.dtype, expected.dtype);
        return Some(format!(
            "{a}{:?} instead of {b}{:?}",
            found.dims, expected.dims
        ));
    }
    let pairs = numbers(found)
        .into_iter()
        .zip(numbers(expected))
        .enumerate();
    let is_off = |&(_, (found, expected)): &(usize, (f64, f64))| {
        let same = found.total_cmp(&expected).is_eq() || (found.is_nan() && expected.is_nan());
        let error = (found - expected).abs();
        !same && (error.is_nan() || error > absolute + relative * expected.abs())
    };
    let mut off = pairs.filter(is_off);
    off.next().map(|(index, (found, expected))| {
        format!("element {index} is {found} instead of {expected}")
    })
}

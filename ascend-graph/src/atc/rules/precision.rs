//! What float16, in which `atc` computes unless told otherwise, makes of a model.

use crate::DataType;
use crate::atc::finding::{Findings, Place};
use crate::atc::interface::Interface;
use crate::atc::rule::{FLOAT64, FP16_DEFAULT, FP16_RANGE, FP16_ZERO, INT64_INPUT};
use crate::atc::subject::Subject;
use crate::onnx::{Node, Tensor};
use crate::{Text, Words, text};

/// The largest number that float16 holds; 65520 and above round to infinity.
const LARGEST: f64 = 65_520.0;

/// Half of the least number above zero; this and less round to zero.
const VANISHING: f64 = 1.0 / 33_554_432.0;

const KEEP: Words = Words(
    "keep the nodes in float32: --precision-mode-v2=origin (all of them), or \
                    --precision-mode=allow_mix_precision with --keep-dtype or --modify-mixlist (some)",
);

pub(in crate::atc) fn check(subject: &Subject, interface: &Interface, findings: &mut Findings) {
    let mut has_floats = false;
    // In the order of the file, so that the same file gives the same findings.
    let initializers = subject.graph.initializer.iter();
    let initializers = initializers.map(|tensor| (tensor.name.as_str(), tensor));
    let nodes = subject.graph.node.iter().filter_map(Node::constant);
    for (name, tensor) in initializers.chain(nodes) {
        let dtype = tensor.dtype().unwrap_or(DataType::Undefined);
        has_floats |= matches!(dtype, DataType::F32 | DataType::F64);
        check_constant(subject, name, tensor, dtype, findings);
    }
    for input in &interface.inputs {
        has_floats |= matches!(input.info.dtype, DataType::F32 | DataType::F64);
        match input.info.dtype {
            DataType::I64 => findings.add(
                &INT64_INPUT,
                input.place(),
                text!("it is int64, which NPUs compute in slow software or narrow to int32"),
                text!("export the model with int32 for this input (a Cast inside is fine), if its numbers fit"),
            ),
            DataType::F64 => findings.add(
                &FLOAT64,
                input.place(),
                text!("it is float64, which NPUs have for few operators and slowly"),
                text!("export the model in float32: model.float(), and float32 inputs"),
            ),
            _ => {}
        }
    }
    if has_floats {
        findings.add(
            &FP16_DEFAULT,
            Place::Model,
            text!("atc computes float32 models in float16 and picks the fastest kernels, while PyTorch on an NPU \
             trains and exports with high_precision ones; results differ in the third digit"),
            text!("nothing, if that is enough; else --precision-mode-v2=origin for float32, or \
             --op-select-implmode=high_precision for better kernels"),
        );
    }
}

fn check_constant(
    subject: &Subject,
    name: &str,
    tensor: &Tensor,
    dtype: DataType,
    findings: &mut Findings,
) {
    let Some(extremes) = Extremes::of(tensor, dtype) else {
        return;
    };
    let reader = || {
        let reader = subject.readers(name).next();
        reader.map_or_else(Text::default, |site| {
            text!(", which {place} reads,", place = site.place().text())
        })
    };
    let place = || Place::Constant(name.to_owned());
    if dtype == DataType::F64 {
        findings.add(
            &FLOAT64,
            place(),
            text!("it is float64, which NPUs have for few operators and slowly"),
            text!("export the model in float32: model.float(); numbers of numpy are float64 unless told otherwise"),
        );
    }
    if extremes.largest >= LARGEST {
        findings.add(
            &FP16_RANGE,
            place(),
            text!(
                "the constant{reader} holds {number}, which float16 makes infinite (its largest number is 65504)", reader = reader(), number = shown(extremes.signed)),
            text!(
                "use a number within 65504 (for masks, -10000 serves as well as -3.4e38), or {keep}"
            , keep = KEEP),
        );
    }
    if let Some(number) = extremes
        .only
        .filter(|number| *number != 0.0 && number.abs() <= VANISHING)
    {
        findings.add(
            &FP16_ZERO,
            place(),
            text!(
                "the constant{reader} is {number}, which float16 makes 0: where it keeps a divisor from 0, as in \
                 a norm, the result is infinite or NaN", reader = reader(), number = shown(number)),
            text!("use 1e-5 or at least 1e-7, or {keep}", keep = KEEP),
        );
    }
}

/// Words a number with six digits at most.
fn shown(number: f64) -> String {
    let text = format!("{number:.5e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            format!("{digits}e{exponent}")
        }
        None => text,
    }
}

/// The finite number of a constant that is furthest from zero, and its number if it has only one.
struct Extremes {
    largest: f64,
    signed: f64,
    only: Option<f64>,
}

impl Extremes {
    fn of(tensor: &Tensor, dtype: DataType) -> Option<Self> {
        let mut extremes = Self {
            largest: 0.0,
            signed: 0.0,
            only: None,
        };
        let mut note = |number: f64| {
            if number.is_finite() && number.abs() > extremes.largest {
                extremes.largest = number.abs();
                extremes.signed = number;
            }
        };
        match dtype {
            DataType::F32 => {
                let bytes = tensor.bytes().ok()?;
                let numbers = bytes.as_chunks().0.iter();
                numbers.for_each(|&chunk| note(f32::from_le_bytes(chunk).into()));
            }
            DataType::F64 => {
                let bytes = tensor.bytes().ok()?;
                let numbers = bytes.as_chunks().0.iter();
                numbers.for_each(|&chunk| note(f64::from_le_bytes(chunk)));
            }
            _ => return None,
        }
        let is_one = matches!(tensor.element_count(), Ok(1));
        extremes.only = is_one.then_some(extremes.signed);
        Some(extremes)
    }
}

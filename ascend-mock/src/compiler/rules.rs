use ascend_graph::DataType;
use ascend_graph::onnx::{AttributeValue, Tensor};

use super::facts::Site;

/// Something that an engine computes wrongly or not at all.
///
/// What an engine itself refuses by name or attribute is not repeated here; see
/// [`objection`](crate::engine::objection).
struct Rule {
    /// The operators that it is about; none for all.
    ops: &'static [&'static str],
    /// Tells whether a node is such a case.
    fails: fn(&Site) -> bool,
    /// What is wrong.
    why: &'static str,
    /// What a user can do.
    remedy: &'static str,
}

/// Gives the reasons not to accept a node for `rten`.
pub(super) fn judge(site: &Site) -> impl Iterator<Item = String> {
    broken(RULES, site)
}

/// Gives the reasons not to accept a node for ONNX Runtime.
pub(super) fn judge_portable(site: &Site) -> impl Iterator<Item = String> {
    broken(PORTABLE, site)
}

fn broken(rules: &'static [Rule], site: &Site) -> impl Iterator<Item = String> {
    let applies =
        |rule: &&Rule| rule.ops.is_empty() || rule.ops.contains(&site.node.op_type.as_str());
    let broken = rules
        .iter()
        .filter(applies)
        .filter(|rule| (rule.fails)(site));
    broken.map(|rule| format!("{}; {}", rule.why, rule.remedy))
}

static RULES: &[Rule] = &[
    Rule {
        ops: &[],
        fails: |site| !site.node.is_onnx(),
        why: "the operator is not one of ONNX's own",
        remedy: "replace it by standard operators, or run the model on an NPU whose CANN has it",
    },
    Rule {
        ops: &["Scan"],
        fails: |_| true,
        why: "the CPU engine has no Scan",
        remedy: "simplify the model for fixed input shapes (for example with onnxsim) so that it folds away",
    },
    Rule {
        ops: &[
            "ConcatFromSequence",
            "SequenceAt",
            "SequenceConstruct",
            "SequenceEmpty",
            "SequenceErase",
            "SequenceInsert",
            "SequenceLength",
            "SplitToSequence",
        ],
        fails: |_| true,
        why: "sequences are not supported",
        remedy: "export the model with plain tensors",
    },
    Rule {
        ops: &[
            "Attention",
            "BitCast",
            "RMSNormalization",
            "RotaryEmbedding",
            "SimplifiedLayerNormalization",
            "Swish",
        ],
        fails: |_| true,
        why: "the operator is newer than opset 21",
        remedy: "export the model for an older opset",
    },
    Rule {
        ops: &[],
        fails: |site| (0..site.node.input.len()).any(|index| reads_too_large_numbers(site, index)),
        why: "it reads a constant that does not fit: the CPU engine computes int64 in 32 bits and float64 as float32",
        remedy: "use smaller numbers",
    },
    Rule {
        ops: &["ConstantOfShape"],
        fails: |site| match site.node.attribute("value") {
            Some(AttributeValue::Tensor(value)) => exceeds_engine(value),
            _ => false,
        },
        why: "its value does not fit: the CPU engine computes int64 in 32 bits and float64 as float32",
        remedy: "use a smaller number",
    },
    Rule {
        ops: &["ConvTranspose"],
        fails: |site| site.node.text("auto_pad") == b"SAME_LOWER",
        why: "the CPU engine pads at the other end than auto_pad=SAME_LOWER asks for",
        remedy: "export with explicit pads",
    },
    Rule {
        ops: &["ConvInteger"],
        fails: |_| true,
        why: "the CPU engine pads with 0 instead of the zero point",
        remedy: "compile the model from before quantisation (atc does not convert this operator either)",
    },
    TRAINING,
    Rule {
        ops: &["BatchNormalization", "MaxPool"],
        fails: |site| (1..site.node.output.len()).any(|index| site.reads_output(index)),
        why: "the CPU engine computes the first output only",
        remedy: "export the model without the others",
    },
    Rule {
        ops: &["CastLike", "Sign"],
        fails: |site| {
            site.node
                .input
                .len()
                .checked_sub(1)
                .is_none_or(|last| site.dtype(last).is_none())
        },
        why: "the element type of its last input is not known",
        remedy: "put a Cast before it",
    },
];

/// Numbers of chance differ from engine to engine.
const TRAINING: Rule = Rule {
    ops: &["Dropout"],
    fails: |site| {
        // Exporters leave the training mode on where the ratio is 0.
        let drops = |index: usize| site.input(index).is_some() && !is_zero(site.constant(index));
        site.reads_output(1) || (drops(2) && (drops(1) || site.input(1).is_none()))
    },
    why: "Dropout is supported for inference only, without its mask",
    remedy: "export the model in evaluation mode",
};

/// What ONNX Runtime computes otherwise than ONNX says; found by ONNX's own tests.
static PORTABLE: &[Rule] = &[
    TRAINING,
    Rule {
        ops: &["MaxUnpool"],
        fails: |site| site.input(2).is_some(),
        why: "ONNX Runtime puts elements at other places if an output shape is given",
        remedy: "export it without output_shape",
    },
    Rule {
        ops: &["ReduceMax", "ReduceMin"],
        fails: |site| {
            let is_empty = site.dims(0).is_some_and(|dims| dims.contains(&Some(0)));
            is_empty && site.dtype(0) == Some(DataType::Bool)
        },
        why: "ONNX Runtime has no extremes of no truth values",
        remedy: "leave the empty tensor out",
    },
    Rule {
        ops: &["Resize"],
        fails: |site| site.node.text(RESIZE_MODE) == b"align_corners" && !has_whole_extents(site),
        why: "with align_corners ONNX Runtime rounds extents that the scales leave broken",
        remedy: "export it with sizes instead of scales",
    },
    Rule {
        ops: &["Resize"],
        fails: |site| site.node.text(RESIZE_MODE) == b"tf_crop_and_resize" && !changes_size(site),
        why: "ONNX Runtime leaves the window out where input and output are of one size, or may be",
        remedy: "export it for fixed input shapes and with constant sizes, or slice instead",
    },
];

const RESIZE_MODE: &str = "coordinate_transformation_mode";

/// Tells whether a `Resize` is known to give whole extents before they are rounded.
fn has_whole_extents(site: &Site) -> bool {
    if site.input(2).is_none() || site.constant(2).is_some_and(|scales| scales.dims == [0]) {
        return true;
    }
    let (Some(scales), Some(dims)) = (site.floats(2), site.dims(0)) else {
        return false;
    };
    let is_whole = |(scale, dim): (&f32, &Option<usize>)| {
        let dim = dim.and_then(|dim| u16::try_from(dim).ok());
        is_one(*scale) || dim.is_some_and(|dim| (f32::from(dim) * scale).fract() == 0.0)
    };
    scales.len() == dims.len() && scales.iter().zip(&dims).all(is_whole)
}

/// Tells whether a `Resize` is known to change an extent.
fn changes_size(site: &Site) -> bool {
    let scales = site.floats(2).unwrap_or_default();
    let (dims, wanted) = (
        site.dims(0).unwrap_or_default(),
        site.numbers(3).unwrap_or_default(),
    );
    let mut pairs = dims.into_iter().zip(wanted);
    let differs = pairs.any(|(dim, wanted)| {
        dim.is_some_and(|dim| usize::try_from(wanted).is_ok_and(|wanted| wanted != dim))
    });
    differs || !scales.into_iter().all(is_one)
}

fn is_one(scale: f32) -> bool {
    scale.total_cmp(&1.0).is_eq()
}

/// Tells whether an input is a constant with numbers that the engine cannot hold, where they matter.
///
/// `Slice` takes huge numbers for "to the end", `Clip` for "no bound" and `Loop` for "for ever", and so
/// does the engine.
fn reads_too_large_numbers(site: &Site, index: usize) -> bool {
    let harmless = matches!(
        (site.node.op_type.as_str(), index),
        ("Slice" | "Clip", 1 | 2) | ("Loop", 0)
    );
    !harmless && site.constant(index).is_some_and(exceeds_engine)
}

/// Tells whether a constant holds numbers that do not fit in the engine's types.
fn exceeds_engine(tensor: &Tensor) -> bool {
    let Ok(bytes) = tensor.bytes() else {
        return false;
    };
    match tensor.dtype() {
        Ok(DataType::I64) => {
            let mut elements = bytes
                .as_chunks()
                .0
                .iter()
                .map(|&chunk| i64::from_le_bytes(chunk));
            elements.any(|element| i32::try_from(element).is_err())
        }
        Ok(DataType::F64) => {
            let mut elements = bytes
                .as_chunks()
                .0
                .iter()
                .map(|&chunk| f64::from_le_bytes(chunk));
            elements.any(|element| element.is_finite() && element.abs() > f64::from(f32::MAX))
        }
        _ => false,
    }
}

fn is_zero(tensor: Option<&Tensor>) -> bool {
    tensor
        .and_then(|tensor| tensor.bytes().ok())
        .is_some_and(|bytes| bytes.iter().all(|&byte| byte == 0))
}

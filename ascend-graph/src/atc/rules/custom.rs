//! Operators of `torch_npu`: what `atc`'s parsers ignore, demand and cannot take.

use crate::atc::finding::Findings;
use crate::atc::rename::registered_name;
use crate::atc::rule::{
    NPU_ATTRIBUTE_IGNORED, NPU_ATTRIBUTE_MISSING, NPU_ATTRIBUTE_VALUE, NPU_INPUTS,
};
use crate::atc::subject::{Site, Subject};
use crate::onnx::{AttributeValue, Node};
use crate::{Words, text};

/// A setting to which `atc` gives a value of its own, whatever the file says.
struct Ignored {
    operators: &'static [&'static str],
    attribute: &'static str,
    /// What `atc` takes.
    fixed: Setting,
    remedy: Words,
}

/// What a setting is.
enum Setting {
    Int(i64),
    Float(f32),
    Text(&'static str),
}

static IGNORED: &[Ignored] = &[
    Ignored {
        operators: &["NPURmsNorm", "NPUAddRmsNorm"],
        attribute: "epsilon",
        fixed: Setting::Float(1e-6),
        remedy: Words(
            "train or call the norm with epsilon=1e-6, or write it out in plain torch functions before \
                 the export (Pow, ReduceMean, Add, Sqrt, Div, Mul)",
        ),
    },
    Ignored {
        operators: &["NPURotaryMul"],
        attribute: "rotary_mode",
        fixed: Setting::Text("half"),
        remedy: Words(
            "reorder the weights for half mode, or write the rotation out in plain torch functions \
                 before the export (Split, Neg, Concat, Mul, Add)",
        ),
    },
    Ignored {
        operators: &["NPUGeGlu", "NPUGeglu"],
        attribute: "dim",
        fixed: Setting::Int(-1),
        remedy: Words(
            "transpose so that the halves lie along the last axis, or write GeGLU out in plain torch \
                 functions before the export",
        ),
    },
    Ignored {
        operators: &["NPUGeGlu", "NPUGeglu"],
        attribute: "approximate",
        fixed: Setting::Int(1),
        remedy: Words(
            "call npu_geglu with approximate=1, or write it out in plain torch functions before the export",
        ),
    },
    Ignored {
        operators: &["NPUQuantize"],
        attribute: "div_mode",
        fixed: Setting::Int(1),
        remedy: Words("call npu_quantize with div_mode=True and the reciprocal scales"),
    },
    Ignored {
        operators: &["NPUYoloBoxesEncode"],
        attribute: "performance_mode",
        fixed: Setting::Int(0),
        remedy: Words(
            "call it with performance_mode=False (high precision), which is what atc takes",
        ),
    },
];

/// Attributes without which an operator is refused.
static REQUIRED: &[(&str, &[&str])] = &[
    ("NPUOneHot", &["depth"]),
    (
        "NPURoiAlign",
        &["spatial_scale", "pooled_height", "pooled_width"],
    ),
    ("NPUBoundingBoxDecode", &["max_shapes"]),
    (
        "NPUPsRoiPooling",
        &["spatial_scale", "group_size", "output_dim"],
    ),
    ("NPUScatter", &["dim"]),
    ("NPUSignBitsPack", &["size"]),
    ("NPUSignBitsUnpack", &["size", "dtype"]),
];

/// Attributes that must have one value.
static DEMANDED: &[(&str, &str, i64, Words)] = &[
    (
        "NPUGroupQuant",
        "dst_type",
        2,
        Words("quantise to int8 (dst_type 2)"),
    ),
    (
        "NPULstm",
        "train",
        0,
        Words("export the model in evaluation mode: model.eval()"),
    ),
];

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    let is_npu = |site: &&Site| {
        matches!(site.domain(), "npu" | "ai.onnx") && site.node.op_type.starts_with("NPU")
    };
    for site in subject.nodes.iter().filter(is_npu) {
        check_inputs(site, findings);
        check_attributes(site, findings);
    }
}

fn check_inputs(site: &Site, findings: &mut Findings) {
    let operator = site.node.op_type.as_str();
    if let (3, "NPURmsNorm", Some(name)) = (
        site.node.input.len(),
        operator,
        registered_name(site.node, site.domain()),
    ) {
        findings.add(
            &NPU_INPUTS,
            site.place(),
            text!("torch_npu exports npu_add_rms_norm as NPURmsNorm with 3 inputs and 3 outputs, but atc's \
             NPURmsNorm has 2 of each"),
            text!("rename it to {name}: `ascend check MODEL.onnx --fix FIXED.onnx` writes the model so", name),
        );
    }
}

fn check_attributes(site: &Site, findings: &mut Findings) {
    let (node, operator) = (site.node, site.node.op_type.as_str());
    for ignored in IGNORED
        .iter()
        .filter(|row| row.operators.contains(&operator))
    {
        if let Some(asked) = differs(node, ignored) {
            let fixed = match ignored.fixed {
                Setting::Int(fixed) => fixed.to_string(),
                Setting::Float(fixed) => format!("{fixed:e}"),
                Setting::Text(fixed) => fixed.to_owned(),
            };
            findings.add(
                &NPU_ATTRIBUTE_IGNORED,
                site.place(),
                text!(
                    "{operator} has {attribute}={asked}, which atc does not read: it computes with {fixed}, and the \
                     results differ", operator, attribute = ignored.attribute, asked, fixed),
                ignored.remedy.into(),
            );
        }
    }
    let required = REQUIRED.iter().filter(|(name, _)| *name == operator);
    for attribute in required.flat_map(|(_, attributes)| *attributes) {
        if node.attribute(attribute).is_none() {
            findings.add(
                &NPU_ATTRIBUTE_MISSING,
                site.place(),
                text!(
                    "{operator} lacks the attribute `{attribute}`, which atc demands",
                    operator,
                    attribute
                ),
                text!(
                    "export it again with torch_npu, or add `{attribute}` to the node",
                    attribute
                ),
            );
        }
    }
    for (_, attribute, demanded, remedy) in DEMANDED.iter().filter(|row| row.0 == operator) {
        if let Some(AttributeValue::Int(value)) = node.attribute(attribute)
            && value != *demanded
        {
            findings.add(
                &NPU_ATTRIBUTE_VALUE,
                site.place(),
                text!(
                    "{operator} has {attribute}={value}, and atc takes {demanded} only",
                    operator,
                    attribute,
                    value,
                    demanded
                ),
                (*remedy).into(),
            );
        }
    }
}

/// Gives the value that a node asks for if it is not the one that `atc` takes.
fn differs(node: &Node, ignored: &Ignored) -> Option<String> {
    match (node.attribute(ignored.attribute)?, &ignored.fixed) {
        (AttributeValue::Int(value), Setting::Int(fixed)) if value != *fixed => {
            Some(value.to_string())
        }
        (AttributeValue::Float(value), Setting::Float(fixed))
            if (value - fixed).abs() > fixed.abs() * 1e-3 =>
        {
            Some(format!("{value:e}"))
        }
        (AttributeValue::String(value), Setting::Text(fixed)) if value != fixed.as_bytes() => {
            let text = String::from_utf8_lossy(value);
            Some(text.chars().take(40).collect())
        }
        _ => None,
    }
}

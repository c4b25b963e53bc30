//! What is known to be slow on an NPU.

use crate::atc::finding::Findings;
use crate::atc::rule::{
    DATA_DEPENDENT, MANY_TRANSPOSES, RESIZE_MODE, SHAPE_CHAIN, UNFUSED_PATTERN,
};
use crate::atc::subject::{Site, Subject};
use crate::onnx::Node;
use crate::{Words, text};

/// From this many on, and this share of the nodes (one in …), transposes are told of.
const TRANSPOSES: (usize, usize) = (8, 5);

/// How many nodes that read a value are looked at.
const READERS: usize = 8;

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    let (mut nodes, mut transposes) = (0, Vec::new());
    for site in subject.outer_nodes() {
        nodes += usize::from(!site.is("Constant"));
        match site.node.op_type.as_str() {
            _ if site.domain() != "ai.onnx" => {}
            "Shape" => findings.add(
                &SHAPE_CHAIN,
                site.place(),
                text!("the model computes shapes while it runs (Shape and what follows it), on the host's side of \
                 the NPU"),
                text!("fix the input shapes and fold such nodes: ascend convert MODEL.onnx FOLDED.onnx --simplify \
                 --input-shape INPUT:DIMS; or export without dynamic_axes"),
            ),
            "NonZero" | "Unique" | "Compress" | "NonMaxSuppression" => findings.add(
                &DATA_DEPENDENT,
                site.place(),
                text!(
                    "how much {op_type} gives is known only when the model runs, so that all that follows has open \
                     shapes, which is slow", op_type = &site.node.op_type),
                text!("cut the model before this node and do the rest in your program; for masks use Where in place \
                 of indices, for boxes torch_npu's npu_batch_nms (NPUBatchNms), which gives a fixed number"),
            ),
            "Resize" => check_resize(&site, findings),
            "Transpose" => transposes.push(site),
            "Erf" | "ReduceMean" | "Sigmoid" | "Softplus" => check_pattern(subject, &site, findings),
            _ => {}
        }
    }
    if transposes.len() >= TRANSPOSES.0 && transposes.len() * TRANSPOSES.1 >= nodes {
        let message = text!(
            "{count} of the model's {nodes} nodes are Transpose, each of which moves all data through memory",
            count = transposes.len(),
            nodes
        );
        for site in transposes {
            findings.add(
                &MANY_TRANSPOSES,
                site.place(),
                message.clone(),
                text!("export in NCHW (tf2onnx: --inputs-as-nchw), run onnxsim, which drops pairs that cancel, and \
                 merge neighbouring permute() calls in the model"),
            );
        }
    }
}

fn check_resize(site: &Site, findings: &mut Findings) {
    let why = if site.node.text("mode") == b"cubic" {
        "mode=cubic"
    } else if site.node.text("coordinate_transformation_mode") == b"tf_crop_and_resize" {
        "coordinate_transformation_mode=tf_crop_and_resize"
    } else if site.node.int("antialias") == Some(1) {
        "antialias=1"
    } else {
        return;
    };
    findings.add(
        &RESIZE_MODE,
        site.place(),
        text!("Resize with {why} is computed without the matrix units, if at all", why),
        text!("use mode=linear or nearest (F.interpolate with mode=\"bilinear\" or \"nearest\"), or resize pictures \
         before the model"),
    );
}

fn check_pattern(subject: &Subject, site: &Site, findings: &mut Findings) {
    let Some((what, instead)) = pattern(subject, site.node) else {
        return;
    };
    findings.add(
        &UNFUSED_PATTERN,
        site.place(),
        text!(
            "these nodes begin {what}, written out in small nodes; atc fuses many of them, not all",
            what
        ),
        text!(
            "nothing, unless a profile shows them; then {instead}",
            instead
        ),
    );
}

/// Recognises what exporters write for operators that an NPU has whole.
fn pattern(subject: &Subject, node: &Node) -> Option<(Words, Words)> {
    let next = |node: &Node, wanted: &[&str]| {
        let readers = subject.readers(node.output.first()?).take(READERS);
        let mut readers = readers.filter(|site| wanted.contains(&site.node.op_type.as_str()));
        readers.next().map(|site| site.node)
    };
    match node.op_type.as_str() {
        "Erf" => {
            next(next(node, &["Add"])?, &["Mul"])?;
            Some((
                Words("GELU (Div, Erf, Add, Mul, Mul)"),
                Words("call torch_npu's npu_gelu or fast_gelu (NPUGeluV2, NPUFastGelu)"),
            ))
        }
        "ReduceMean" => {
            let centred = next(node, &["Sub"])?;
            next(next(centred, &["Pow", "Mul"])?, &["ReduceMean"])?;
            Some((
                Words("a layer norm (ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div)"),
                Words("export for opset 17, which has LayerNormalization"),
            ))
        }
        "Sigmoid" => {
            let product = next(node, &["Mul"])?;
            let source = node.input.first()?;
            product.input.contains(source).then_some((
                Words("SiLU (Sigmoid, Mul)"),
                Words("leave it: atc fuses most of them"),
            ))
        }
        "Softplus" => {
            next(next(node, &["Tanh"])?, &["Mul"])?;
            Some((
                Words("Mish (Softplus, Tanh, Mul)"),
                Words(
                    "call torch_npu's npu_mish (NPUMish), or export for opset 18, which has Mish",
                ),
            ))
        }
        _ => None,
    }
}

//! What training and the export left in a model.

use crate::atc::finding::{Findings, Place};
use crate::atc::rule::{
    BATCH_NORM_TRAINING, BATCH_NORM_UNFOLDED, DROPOUT_ACTIVE, DROPOUT_LEFT, LOCAL_FUNCTION,
    NPU_MISSING, OPERATOR_MISSING, OPERATOR_UNKNOWN, OPERATOR_VERSION, OPSET, PYTORCH_DYNAMO,
    PYTORCH_EXPORT, PYTORCH_FALLBACK, Rule,
};
use crate::atc::subject::{Site, Subject};
use crate::{Words, text};

const EVALUATE: Words =
    Words("call model.eval() before torch.onnx.export, and leave out training=…");

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    for site in subject.outer_nodes() {
        if site.is("Dropout") {
            check_dropout(subject, &site, findings);
        } else if site.is("BatchNormalization") {
            check_batch_norm(subject, &site, findings);
        }
    }
    check_producer(subject, findings);
}

fn check_dropout(subject: &Subject, site: &Site, findings: &mut Findings) {
    let mode = site.node.input.get(2).filter(|name| !name.is_empty());
    let is_active = mode.is_some_and(|name| {
        let constant = subject.constants.get(name.as_str());
        let bytes = constant.and_then(|tensor| tensor.bytes().ok());
        bytes.is_none_or(|bytes| bytes.iter().any(|&byte| byte != 0))
    });
    if is_active {
        findings.add(
            &DROPOUT_ACTIVE,
            site.place(),
            text!("Dropout is in training mode: the model was exported as it trains, and drops values at random"),
            EVALUATE.into(),
        );
    } else {
        findings.add(
            &DROPOUT_LEFT,
            site.place(),
            text!("Dropout does nothing in a model that is only run, and costs a node"),
            EVALUATE.into(),
        );
    }
}

fn check_batch_norm(subject: &Subject, site: &Site, findings: &mut Findings) {
    let trains = site.node.int("training_mode").is_some_and(|mode| mode != 0);
    let others = site.node.output.iter().skip(1);
    let mut others = others.filter(|name| !name.is_empty());
    if trains || others.next().is_some() {
        findings.add(
            &BATCH_NORM_TRAINING,
            site.place(),
            text!("BatchNormalization is in training mode: it takes mean and variance of the batch at hand instead \
             of those that were learned"),
            EVALUATE.into(),
        );
        return;
    }
    let before = site.node.input.first().and_then(|name| subject.giver(name));
    let follows_conv =
        before.is_some_and(|node| node.op_type == "Conv" && subject.only_reader(node).is_some());
    if follows_conv {
        findings.add(
            &BATCH_NORM_UNFOLDED,
            site.place(),
            text!("BatchNormalization follows a Conv alone, into which an export in evaluation mode folds it"),
            text!("call model.eval() before torch.onnx.export with do_constant_folding=True, or run onnxsim"),
        );
    }
}

fn check_producer(subject: &Subject, findings: &mut Findings) {
    let model = subject.model;
    let is_pytorch = model.producer_name.starts_with("pytorch");
    let is_dynamo = is_pytorch
        && (!model.functions.is_empty()
            || model
                .opset_import
                .iter()
                .any(|set| set.domain.starts_with("pkg.")));
    if is_dynamo {
        findings.add(
            &PYTORCH_DYNAMO,
            Place::Model,
            text!("it was exported by torch.onnx.export's newer path (dynamo), which writes functions and newer \
             operators than atc knows"),
            text!("export it with dynamo=False and opset_version of 18 or less"),
        );
    }
    let of_export = [
        &OPSET,
        &OPERATOR_VERSION,
        &OPERATOR_MISSING,
        &OPERATOR_UNKNOWN,
        &LOCAL_FUNCTION,
        &PYTORCH_FALLBACK,
        &NPU_MISSING,
    ];
    let of_training = [&DROPOUT_ACTIVE, &BATCH_NORM_TRAINING];
    let has_any = |rules: &[&Rule]| rules.iter().any(|rule| findings.has(rule));
    if (is_pytorch && has_any(&of_export)) || has_any(&of_training) {
        findings.add(
            &PYTORCH_EXPORT,
            Place::Model,
            text!("an export from PyTorch that atc takes looks like this: model.eval(); torch.onnx.export(model, \
             (x,), \"model.onnx\", opset_version=11, dynamo=False, input_names=[\"input\"], \
             output_names=[\"output\"])"),
            text!("with opset_version 11 for most networks, 17 where a norm or activation needs it; no \
             in-place (npu_x_) or out= forms of torch_npu; a static symbolic() for each autograd.Function"),
        );
    }
}

//! What makes a graph meaningless for whoever reads it.

use std::collections::HashMap;

use crate::atc::finding::{Findings, Place};
use crate::atc::rule::{
    ATTRIBUTE_TYPE, CONSTANT_DATA, CYCLE, DUPLICATE_VALUE, EMPTY_MODEL, NO_INPUTS, NO_OUTPUTS,
    OPERATOR_UNKNOWN, UNDEFINED_VALUE, UNSORTED, UNTYPED_INPUT,
};
use crate::atc::subject::sites;
use crate::onnx::{self, Fault, FaultKind, Model};
use crate::text;

pub(in crate::atc) fn check(model: &Model, findings: &mut Findings) {
    let faults = onnx::check(model);
    let operators: HashMap<String, &str> = match &model.graph {
        Some(graph) if !faults.is_empty() => sites(graph)
            .into_iter()
            .map(|site| (site.node.label(site.index), site.node.op_type.as_str()))
            .collect(),
        _ => HashMap::new(),
    };
    for fault in faults {
        let (rule, remedy) = match fault.kind {
            FaultKind::Empty => (
                &EMPTY_MODEL,
                text!(
                    "export the model again and look at what the exporter says; an empty module exports \
                 to an empty graph"
                ),
            ),
            // Judged with the operators, all of them.
            FaultKind::Opset => continue,
            FaultKind::NoInputs => (
                &NO_INPUTS,
                text!(
                    "export the model with a tensor that is an input: what is computed from constants \
                 only needs no NPU"
                ),
            ),
            FaultKind::NoOutputs => (
                &NO_OUTPUTS,
                text!(
                    "make the values that you want outputs of the graph: return them from forward()"
                ),
            ),
            FaultKind::UntypedInput => (
                &UNTYPED_INPUT,
                text!(
                    "give the input a tensor type with an element type and a shape \
                 (onnx.helper.make_tensor_value_info)"
                ),
            ),
            FaultKind::UndefinedValue => (
                &UNDEFINED_VALUE,
                text!(
                    "check the spelling of the value's name, add the node or constant that gives it, or \
                 export the model again; tools that cut models (onnx.utils.extract_model) keep the \
                 names right"
                ),
            ),
            FaultKind::Order => (
                &UNSORTED,
                text!(
                    "sort the nodes so that each comes after those whose values it reads: onnx-graphsurgeon \
                 has toposort(), and onnxsim sorts too; this is not ONNX, and `ascend convert` refuses it"
                ),
            ),
            FaultKind::Cycle => (
                &CYCLE,
                text!("cut the circle: one of these nodes reads the wrong value"),
            ),
            FaultKind::DuplicateValue => (
                &DUPLICATE_VALUE,
                text!("rename one of the two, and where it is read"),
            ),
            FaultKind::DuplicateInitializer => (
                &DUPLICATE_VALUE,
                text!("drop or rename one of the two constants"),
            ),
            FaultKind::Initializer => (
                &CONSTANT_DATA,
                text!(
                    "write the constant again (onnx.numpy_helper.from_array): its dims, type and data \
                 must agree"
                ),
            ),
            FaultKind::NoOperator => (
                &OPERATOR_UNKNOWN,
                text!("give the node its op_type, or take it out"),
            ),
            FaultKind::Attribute => (
                &ATTRIBUTE_TYPE,
                text!(
                    "write the attribute in the type that ONNX wants (onnx.helper.make_attribute)"
                ),
            ),
        };
        findings.add(rule, place(&fault, &operators), fault.message, remedy);
    }
}

fn place(fault: &Fault, operators: &HashMap<String, &str>) -> Place {
    let Some(name) = fault.place.clone() else {
        return Place::Model;
    };
    match fault.kind {
        FaultKind::UntypedInput => Place::Input(name),
        FaultKind::DuplicateInitializer | FaultKind::Initializer => Place::Constant(name),
        FaultKind::DuplicateValue if fault.message.starts_with("input") => Place::Input(name),
        FaultKind::UndefinedValue if fault.message.starts_with("nothing") => Place::Output(name),
        _ => Place::Node {
            op_type: operators.get(&name).copied().unwrap_or_default().to_owned(),
            name,
        },
    }
}

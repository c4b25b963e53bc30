//! Shapes that contradict each other.

use std::collections::HashMap;

use crate::atc::finding::{Findings, Name, Place};
use crate::atc::infer::walk;
use crate::atc::interface::Interface;
use crate::atc::rule::{CONSTANT_DECLARED, SHAPE_CONFLICT, SHAPE_DECLARED};
use crate::atc::subject::Subject;
use crate::onnx::{Dim, ValueInfo};
use crate::{Text, text};

pub(in crate::atc) fn check(subject: &Subject, interface: &Interface, findings: &mut Findings) {
    check_constants(subject, findings);
    let mut wrong = false;
    let known = walk(subject, interface, |index, conflict| {
        wrong = true;
        let place = Place::node(&subject.graph.node[index], index);
        findings.add(&SHAPE_CONFLICT, place, conflict.message, conflict.remedy);
    });
    // Other input shapes than the model was exported for make other shapes in between; and after a
    // conflict, claims say nothing new.
    if wrong || !subject.target.input_shapes.is_empty() {
        return;
    }
    let values = subject.graph.value_info.iter().map(|value| (value, false));
    let outputs = subject.graph.output.iter().map(|value| (value, true));
    for (value, is_output) in values.chain(outputs) {
        let (Some(claimed), Some(found)) = (claim(value), known.dims(&value.name)) else {
            continue;
        };
        let differs = |(claimed, found): (&Dim, &Option<usize>)| {
            claimed
                .fixed()
                .zip(*found)
                .is_some_and(|(claimed, found)| usize::try_from(claimed) != Ok(found))
        };
        if claimed.len() != found.len() || claimed.iter().zip(found).any(differs) {
            let place = if is_output {
                Place::Output(value.name.clone())
            } else {
                Place::Value(value.name.clone())
            };
            let dim = |found: &Option<usize>| match found.map(i64::try_from) {
                Some(Ok(found)) => Dim::Fixed(found),
                _ => Dim::Unknown,
            };
            let found = Dims(found.iter().map(dim).collect());
            findings.add(
                &SHAPE_DECLARED,
                place,
                text!(
                    "the file says that it has the shape {claimed}, and the nodes before it give {found}", claimed = Dims(claimed), found),
                text!("atc goes by the nodes; if they are right, drop what the file says \
                 (del model.graph.value_info[:], then onnx.shape_inference.infer_shapes), else correct the node"),
            );
        }
    }
}

/// Constants that are declared as inputs too, as in old files.
fn check_constants(subject: &Subject, findings: &mut Findings) {
    let declared: HashMap<&str, Vec<Dim>> = subject
        .graph
        .input
        .iter()
        .chain(&subject.graph.value_info)
        .filter_map(|value| Some((value.name.as_str(), claim(value)?)))
        .collect();
    for tensor in &subject.graph.initializer {
        let Some(claimed) = declared.get(tensor.name.as_str()) else {
            continue;
        };
        let differs =
            |(claimed, dim): (&Dim, &i64)| claimed.fixed().is_some_and(|claimed| claimed != *dim);
        if claimed.len() != tensor.dims.len() || claimed.iter().zip(&tensor.dims).any(differs) {
            let dims = tensor.dims.iter().map(|&dim| Dim::Fixed(dim)).collect();
            findings.add(
                &CONSTANT_DECLARED,
                Place::Constant(tensor.name.clone()),
                text!(
                    "the file declares it with the shape {claimed}, and its data has {dims}", claimed = Dims(claimed.clone()), dims = Dims(dims)),
                text!("correct the declaration or put the right data in: a weight of another layer may have got its name"),
            );
        }
    }
}

fn claim(value: &ValueInfo) -> Option<Vec<Dim>> {
    value.info().ok()?.dims
}

struct Dims(Vec<Dim>);

impl From<Dims> for Text {
    fn from(dims: Dims) -> Self {
        Self::from(dims.to_string())
    }
}

impl std::fmt::Display for Dims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let dims = self
            .0
            .iter()
            .take(16)
            .map(|dim| Name(&dim.to_string()).to_string());
        write!(f, "[{}]", dims.collect::<Vec<_>>().join(", "))
    }
}

//! Shapes of the values of the outermost graph.

use std::collections::HashMap;

use super::interface::Interface;
use super::subject::Subject;
use crate::onnx::infer::{Conflict, Dims, MOST_AXES, Site, Value, evaluate, infer};
use crate::onnx::topological_order;

/// Values of more elements are not followed: those that make shapes are short.
const MOST_ELEMENTS: usize = 64;

/// What is known of values.
#[derive(Default)]
pub(super) struct Known<'m> {
    dims: HashMap<&'m str, Dims>,
    values: HashMap<&'m str, Value>,
}

impl<'m> Known<'m> {
    pub(super) fn dims(&self, value: &str) -> Option<&Dims> {
        self.dims.get(value)
    }

    fn insert(&mut self, name: &'m str, dims: Dims) {
        if dims.len() <= MOST_AXES && !name.is_empty() {
            self.dims.insert(name, dims);
        }
    }

    fn know(&mut self, name: &'m str, value: Value) {
        self.insert(name, value.dims.iter().copied().map(Some).collect());
        self.values.insert(name, value);
    }
}

/// Walks the outermost graph in order and tells each node that cannot work.
pub(super) fn walk<'m>(
    subject: &Subject<'m>,
    interface: &'m Interface,
    mut tell: impl FnMut(usize, Conflict),
) -> Known<'m> {
    let mut known = Known::default();
    for input in &interface.inputs {
        if let Some(extents) = input.extents() {
            known.insert(&input.info.name, extents);
        }
    }
    for (name, tensor) in &subject.constants {
        let dims = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok());
        known.insert(name, dims.collect());
        let count = tensor.element_count().ok();
        let count = count.and_then(|count| usize::try_from(count).ok());
        if let Some(value) = count
            .filter(|&count| count <= MOST_ELEMENTS)
            .and_then(|_| Value::of(tensor))
        {
            known.know(name, value);
        }
    }
    // A circle is told of as a fault of the graph.
    let Ok(order) = topological_order(subject.graph) else {
        return known;
    };
    let opset = subject.version("ai.onnx").unwrap_or_default();
    for index in order {
        let node = &subject.graph.node[index];
        if !node.is_onnx() || node.constant().is_some() {
            continue;
        }
        let inputs = node.input.iter().map(String::as_str);
        let site = Site {
            node,
            opset,
            values: inputs.clone().map(|name| known.values.get(name)).collect(),
            shapes: inputs.map(|name| known.dims(name).cloned()).collect(),
        };
        let outputs = match infer(&site) {
            Ok(outputs) => outputs,
            Err(conflict) => {
                tell(index, conflict);
                continue;
            }
        };
        let value = evaluate(&site, MOST_ELEMENTS);
        for (name, dims) in node.output.iter().zip(outputs) {
            if let Some(dims) = dims {
                known.insert(name, dims);
            }
        }
        if let (Some(name), Some(value)) = (node.output.first(), value) {
            known.know(name, value);
        }
    }
    known
}

//! The places of a graph that hold numbers.

use std::collections::HashMap;

use super::habits::{Reader, Role, is_anonymous};
use crate::DataType;
use crate::onnx::{Graph, Model, Node, Tensor};

/// A constant of a skeleton.
pub(super) struct Slot<'m> {
    pub(super) name: String,
    pub(super) dtype: Option<DataType>,
    pub(super) dims: Vec<i64>,
    /// The constant that it is another name for, if it is: exporters keep equal parameters once.
    pub(super) copied: Option<String>,
    /// Whether a constant of this name and another shape or type stands in another graph.
    pub(super) is_torn: bool,
    pub(super) readers: Vec<Reader<'m>>,
}

impl Slot<'_> {
    /// The number of elements; 0 where the shape is wrong.
    pub(super) fn elements(&self) -> i64 {
        let mut dims = self.dims.iter();
        dims.try_fold(1_i64, |product, &dim| product.checked_mul(dim))
            .unwrap_or_default()
    }

    /// Whether all that read it multiply by it as it lies there.
    pub(super) fn is_product(&self) -> bool {
        !self.readers.is_empty() && self.readers.iter().all(Reader::is_product)
    }

    /// What it is read as.
    pub(super) fn role(&self) -> Role {
        let mut roles = self.readers.iter().map(Reader::role);
        roles
            .find(|&role| role != Role::Unknown)
            .unwrap_or(Role::Unknown)
    }

    /// Whether it could be a weight at all, and not a part of another constant.
    pub(super) fn may_be_weight(&self) -> bool {
        let is_float = self.dtype.is_some_and(|dtype| !dtype.is_integer());
        let is_number =
            is_anonymous(&self.name) && self.elements() <= 1 && self.role() == Role::Unknown;
        is_float
            && !is_number
            && self.copied.is_none()
            && !self.readers.is_empty()
            && !self.is_text()
    }

    fn is_text(&self) -> bool {
        self.dtype == Some(DataType::String)
    }
}

/// All constants of all graphs: initialisers, `Constant` nodes, and what `Identity` makes of them.
pub(super) fn slots(model: &Model) -> Vec<Slot<'_>> {
    let mut found = Found::default();
    let (mut readers, mut copies) = (HashMap::new(), Vec::new());
    let mut graphs: Vec<&Graph> = model.graph.iter().collect();
    while let Some(graph) = graphs.pop() {
        for tensor in &graph.initializer {
            found.add(&tensor.name, tensor);
        }
        for node in &graph.node {
            if let Some((name, tensor)) = node.constant() {
                found.add(name, tensor);
            }
            copies.extend(copy(node));
            // What reads a copy is the reader.
            let inputs = node.input.iter().filter(|_| node.op_type != "Identity");
            for (index, input) in inputs.enumerate() {
                let readers: &mut Vec<Reader<'_>> = readers.entry(input.as_str()).or_default();
                readers.push(Reader { node, input: index });
            }
            graphs.extend(node.subgraphs());
        }
    }
    // Of a chain of copies each reads the one before.
    for (from, to) in copies {
        found.add_copy(from, to);
    }
    let mut slots = found.slots;
    for slot in &mut slots {
        slot.readers = readers.remove(slot.name.as_str()).unwrap_or_default();
    }
    slots
}

/// What an `Identity` node reads and gives.
pub(super) fn copy(node: &Node) -> Option<(&str, &str)> {
    let pair = Some((node.input.first()?.as_str(), node.output.first()?.as_str()));
    pair.filter(|_| node.op_type == "Identity")
}

#[derive(Default)]
struct Found<'m> {
    slots: Vec<Slot<'m>>,
    by_name: HashMap<String, usize>,
}

impl<'m> Found<'m> {
    fn add(&mut self, name: &str, tensor: &Tensor) {
        self.push(Slot {
            name: name.to_owned(),
            dtype: tensor.dtype().ok(),
            dims: tensor.dims.clone(),
            copied: None,
            is_torn: false,
            readers: Vec::new(),
        });
    }

    fn add_copy(&mut self, from: &str, to: &str) {
        let Some(&source) = self.by_name.get(from) else {
            return;
        };
        let source = &self.slots[source];
        self.push(Slot {
            name: to.to_owned(),
            dtype: source.dtype,
            dims: source.dims.clone(),
            copied: Some(source.copied.as_ref().unwrap_or(&source.name).clone()),
            is_torn: false,
            readers: Vec::new(),
        });
    }

    fn push(&mut self, slot: Slot<'m>) {
        if let Some(&known) = self.by_name.get(&slot.name) {
            let known = &mut self.slots[known];
            known.is_torn |= known.dims != slot.dims || known.dtype != slot.dtype;
        } else {
            self.by_name.insert(slot.name.clone(), self.slots.len());
            self.slots.push(slot);
        }
    }
}

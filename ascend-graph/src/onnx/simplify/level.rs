//! What is known of the values of a graph, and of those around it.

use std::collections::{HashMap, HashSet};

use crate::onnx::infer::{Dims, MOST_AXES, Value};
use crate::onnx::names;
use crate::onnx::{Dim, Graph, Tensor};

/// One graph, inside of others.
pub(super) struct Level<'o> {
    outer: Option<&'o Level<'o>>,
    pub(super) depth: usize,
    defined: HashSet<String>,
    values: HashMap<String, Value>,
    shapes: HashMap<String, Dims>,
}

impl<'o> Level<'o> {
    /// Takes what is certain of the graph: its constants, and the shapes of its inputs. Those noted for
    /// values in between may be left from before an edit.
    pub(super) fn enter(graph: &Graph, outer: Option<&'o Level<'o>>) -> Self {
        let mut level = Self {
            outer,
            depth: outer.map_or(0, |outer| outer.depth + 1),
            defined: names::defined(graph).map(str::to_owned).collect(),
            values: HashMap::new(),
            shapes: HashMap::new(),
        };
        for value in &graph.input {
            let Some(dims) = value.info().ok().and_then(|info| info.dims) else {
                continue;
            };
            let extent = |dim: &Dim| dim.fixed().and_then(|extent| usize::try_from(extent).ok());
            level.shape(&value.name, dims.iter().map(extent).collect());
        }
        for tensor in &graph.initializer {
            level.define(tensor);
        }
        level
    }

    /// Adds a constant.
    pub(super) fn define(&mut self, tensor: &Tensor) {
        if let Some(value) = Value::of(tensor) {
            self.know(&tensor.name, value);
        } else {
            let dims = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok());
            self.shape(&tensor.name, dims.collect());
        }
        self.defined.insert(tensor.name.clone());
    }

    /// Keeps what is known of the elements of a value.
    pub(super) fn know(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// Keeps what is known of the shape of a value, beside what was known.
    pub(super) fn shape(&mut self, name: &str, dims: Dims) {
        if dims.len() > MOST_AXES {
            return;
        }
        let known = self
            .shapes
            .entry(name.to_owned())
            .or_insert_with(|| dims.clone());
        if known.len() == dims.len() {
            for (known, dim) in known.iter_mut().zip(dims) {
                *known = dim.or(*known);
            }
        } else {
            *known = dims;
        }
    }

    /// Takes a value that a graph inside of this one gave until now.
    pub(super) fn admit(&mut self, name: &str) {
        self.defined.insert(name.to_owned());
    }

    /// Makes `name` another name of `other`.
    pub(super) fn alias(&mut self, name: &str, other: &str) {
        if let Some(value) = self.value(other).cloned() {
            self.know(name, value);
        } else if let Some(dims) = self.dims(other) {
            self.shape(name, dims);
        }
    }

    /// What is known of the elements of a value.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.home(name)?.values.get(name)
    }

    /// What is known of the shape of a value.
    pub(super) fn dims(&self, name: &str) -> Option<Dims> {
        let home = self.home(name)?;
        match home.values.get(name) {
            Some(value) => Some(value.dims.iter().copied().map(Some).collect()),
            None => home.shapes.get(name).cloned(),
        }
    }

    /// The innermost graph that defines a name.
    fn home(&self, name: &str) -> Option<&Self> {
        let mut level = self;
        while !level.defined.contains(name) {
            level = level.outer?;
        }
        Some(level)
    }
}

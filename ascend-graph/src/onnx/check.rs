use std::collections::{HashMap, HashSet};
use std::fmt;

use super::order::{describe, sort};
use super::read::is_onnx_domain;
use super::{Attribute, AttributeType, Graph, Model, Node, Tensor};
use crate::{Error, ErrorKind, Result};
use crate::{Text, text};

/// Where the list of faults ends: one damaged place can cause thousands.
const MOST_FAULTS: usize = 50;

/// What is wrong with a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The model has no graph, or the graph no nodes.
    Empty,
    /// An operator set that nodes use is not imported, or has no version.
    Opset,
    /// There is no input that a caller could set.
    NoInputs,
    /// There is no output.
    NoOutputs,
    /// An input has no name or no tensor type.
    UntypedInput,
    /// Nothing gives the value that a node reads or that is an output.
    UndefinedValue,
    /// A node reads a value that a later node gives.
    Order,
    /// Nodes wait for each other in a circle.
    Cycle,
    /// Two places give one value.
    DuplicateValue,
    /// Two constants have one name.
    DuplicateInitializer,
    /// A constant's data does not fit its shape and type.
    Initializer,
    /// A node names no operator.
    NoOperator,
    /// A node's attribute is of another type than its operator demands.
    Attribute,
}

/// One thing that is wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The node, constant or value where it is, if it is in one place.
    pub place: Option<String>,
    /// The whole finding, for people; it names the place.
    pub message: Text,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Looks for everything that makes a graph meaningless, and gives what it finds: nothing for a sound
/// model, at most 50 faults for another.
///
/// Graphs inside of nodes are checked too. Whether operators and shapes fit a certain device is not
/// asked here. The time is linear in the size of the model.
#[must_use]
pub fn check(model: &Model) -> Vec<Fault> {
    let mut checker = Checker {
        faults: Vec::new(),
        opsets: HashMap::new(),
    };
    for set in &model.opset_import {
        checker.opsets.insert(
            if is_onnx_domain(&set.domain) {
                ""
            } else {
                &set.domain
            },
            set.version,
        );
    }
    match &model.graph {
        Some(graph) if !graph.node.is_empty() => checker.check(graph),
        _ => checker.fault(FaultKind::Empty, None, text!("the model has no nodes")),
    }
    checker.faults
}

impl Model {
    /// Turns the faults that [`check`] finds into one error.
    ///
    /// # Errors
    /// `Invalid` if there is any; each is on a line of its own.
    pub fn ensure_sound(&self) -> Result<()> {
        let faults = check(self);
        if faults.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        Err(Error::invalid(format!(
            "the ONNX graph has faults:{}",
            lines.concat()
        )))
    }
}

struct Checker<'m> {
    faults: Vec<Fault>,
    opsets: HashMap<&'m str, i64>,
}

/// A graph that is being walked.
struct Scope<'m> {
    graph: &'m Graph,
    next: usize,
    /// Graphs inside of the latest node that are still to be walked.
    inner: Vec<&'m Graph>,
    /// Values known so far.
    known: HashSet<&'m str>,
    /// Values that some node of this graph gives.
    given: HashSet<&'m str>,
    cyclic: bool,
}

impl<'m> Checker<'m> {
    fn check(&mut self, graph: &'m Graph) {
        self.check_interface(graph);
        let mut scopes = vec![self.enter(graph)];
        while let Some(scope) = scopes.last_mut() {
            if let Some(inner) = scope.inner.pop() {
                scopes.push(self.enter(inner));
                continue;
            }
            // A node's values become known once the graphs inside of it have been walked.
            let (graph, index) = (scope.graph, scope.next);
            if let Some(before) = index.checked_sub(1) {
                self.define_outputs(&graph.node[before], before, &mut scope.known);
            }
            let Some(node) = graph.node.get(index) else {
                self.check_outputs(&scopes, graph);
                scopes.pop();
                continue;
            };
            scope.next += 1;
            scope.inner.extend(node.subgraphs());
            self.check_node(node, index);
            self.check_inputs(&scopes, node, index);
        }
    }

    /// Checks what only the outermost graph must have.
    fn check_interface(&mut self, graph: &Graph) {
        let constants: HashSet<_> = graph
            .initializer
            .iter()
            .map(|tensor| &tensor.name)
            .collect();
        let mut free = graph
            .input
            .iter()
            .filter(|input| !constants.contains(&input.name))
            .peekable();
        if free.peek().is_none() {
            self.fault(FaultKind::NoInputs, None, text!("the graph has no inputs"));
        }
        for input in free {
            if let Err(error) = input.info() {
                self.fault(
                    FaultKind::UntypedInput,
                    Some(&input.name),
                    text!(
                        "input `{input}` {error}",
                        input = &input.name,
                        error = error.text().clone()
                    ),
                );
            }
        }
        if graph.output.is_empty() {
            self.fault(
                FaultKind::NoOutputs,
                None,
                text!("the graph has no outputs"),
            );
        }
    }

    /// Starts a graph with the values that it knows before its first node.
    fn enter(&mut self, graph: &'m Graph) -> Scope<'m> {
        let mut known = HashSet::new();
        for tensor in &graph.initializer {
            if !known.insert(tensor.name.as_str()) {
                let message = text!(
                    "constant `{constant}` is there twice",
                    constant = &tensor.name
                );
                self.fault(FaultKind::DuplicateInitializer, Some(&tensor.name), message);
            }
            self.check_initializer(tensor);
        }
        let mut inputs = HashSet::new();
        for input in &graph.input {
            if !inputs.insert(input.name.as_str()) {
                self.fault(
                    FaultKind::DuplicateValue,
                    Some(&input.name),
                    text!("input `{input}` is there twice", input = &input.name),
                );
            }
        }
        known.extend(inputs);
        let outputs = graph.node.iter().flat_map(|node| &node.output);
        let given = outputs
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        let cycle = sort(graph).err();
        if let Some(cycle) = &cycle {
            let first = cycle.first().map(|&index| graph.node[index].label(index));
            self.fault(FaultKind::Cycle, first.as_deref(), describe(graph, cycle));
        }
        Scope {
            graph,
            next: 0,
            inner: Vec::new(),
            known,
            given,
            cyclic: cycle.is_some(),
        }
    }

    fn check_initializer(&mut self, tensor: &Tensor) {
        match tensor.bytes() {
            // Data elsewhere, or of a type without a fixed size: nothing that can be compared.
            Err(error) if error.kind() != ErrorKind::Unsupported => {
                self.fault(
                    FaultKind::Initializer,
                    Some(&tensor.name),
                    text!(
                        "constant `{constant}` {error}",
                        constant = &tensor.name,
                        error = error.text().clone()
                    ),
                );
            }
            _ => {}
        }
    }

    fn define_outputs(&mut self, node: &'m Node, index: usize, known: &mut HashSet<&'m str>) {
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            if !known.insert(output) {
                let label = node.label(index);
                let message = text!(
                    "node `{label}` gives the value `{output}`, which is given elsewhere already",
                    label = &label,
                    output
                );
                self.fault(FaultKind::DuplicateValue, Some(&label), message);
            }
        }
    }

    fn check_outputs(&mut self, scopes: &[Scope<'m>], graph: &Graph) {
        for output in &graph.output {
            if !scopes
                .iter()
                .any(|scope| scope.known.contains(output.name.as_str()))
            {
                let message = text!(
                    "nothing gives the output `{output}` of graph `{graph}`",
                    output = &output.name,
                    graph = &graph.name
                );
                self.fault(FaultKind::UndefinedValue, Some(&output.name), message);
            }
        }
    }

    fn check_inputs(&mut self, scopes: &[Scope<'m>], node: &Node, index: usize) {
        for input in node.input.iter().filter(|input| !input.is_empty()) {
            let input = input.as_str();
            if scopes.iter().any(|scope| scope.known.contains(input)) {
                continue;
            }
            let label = node.label(index);
            match scopes.iter().find(|scope| scope.given.contains(input)) {
                // The cycle has been named as a whole.
                Some(scope) if scope.cyclic => {}
                Some(_) => {
                    let message = text!(
                        "node `{label}` reads the value `{input}` before the node that gives it; sort the graph",
                        label = &label,
                        input
                    );
                    self.fault(FaultKind::Order, Some(&label), message);
                }
                None => {
                    let message = text!(
                        "node `{label}` reads the value `{input}`, which no node, input or constant gives",
                        label = &label,
                        input
                    );
                    self.fault(FaultKind::UndefinedValue, Some(&label), message);
                }
            }
        }
    }

    fn check_node(&mut self, node: &Node, index: usize) {
        let label = node.label(index);
        if node.op_type.is_empty() {
            self.fault(
                FaultKind::NoOperator,
                Some(&label),
                text!("node `{label}` names no operator", label = &label),
            );
        }
        let own = node.is_onnx();
        let domain = if own { "" } else { &node.domain };
        let named = if own { "ai.onnx" } else { domain };
        match self.opsets.get(domain) {
            Some(1..) => {}
            Some(version) => {
                let message = text!(
                    "node `{label}` uses the operator set `{named}`, imported in version {version}",
                    label = &label,
                    named,
                    version = *version
                );
                self.fault(FaultKind::Opset, Some(&label), message);
            }
            None => {
                let message = text!(
                    "node `{label}` uses the operator set `{named}`, which the model does not import",
                    label = &label,
                    named
                );
                self.fault(FaultKind::Opset, Some(&label), message);
            }
        }
        if own {
            for attribute in &node.attribute {
                self.check_attribute(node, &label, attribute);
            }
        }
    }

    fn check_attribute(&mut self, node: &Node, label: &str, attribute: &Attribute) {
        // Empty lists leave no trace in a file that does not say their type.
        let (kind, name) = (attribute.kind(), attribute.name.as_str());
        let Some(expected) = AttributeType::expected(&node.op_type, name)
            .filter(|_| kind != AttributeType::Undefined)
        else {
            return;
        };
        if kind != expected || attribute.value().is_none() {
            let message = text!(
                "node `{label}` ({op_type}) has `{name}` as {kind}, the operator wants {expected}",
                label,
                op_type = &node.op_type,
                name,
                kind = format!("{kind:?}"),
                expected = format!("{expected:?}")
            );
            self.fault(FaultKind::Attribute, Some(label), message);
        }
    }

    fn fault(&mut self, kind: FaultKind, place: Option<&str>, message: Text) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault {
                kind,
                place: place.map(str::to_owned),
                message,
            });
        }
    }
}

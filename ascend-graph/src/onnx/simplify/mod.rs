//! A graph that computes the same with fewer nodes.

mod branch;
mod level;
mod sweep;

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;

use bytes::Bytes;

use self::level::Level;
pub(super) use self::sweep::sweep;
use super::infer::{self, MOST_AXES, Site, Value};
use super::names::{self, Names};
use super::{Graph, Model, Node, Tensor};
use crate::Result;

/// The most bytes of a constant that is computed ahead.
const MOST_BYTES: usize = 16 << 20;

/// The most elements of one.
const MOST_ELEMENTS: usize = 4 << 20;

/// From this size on, a constant that is larger than what it is computed from stays computed.
const LARGE_BYTES: usize = 64 << 10;

/// The most elements that are computed ahead in one model, which bounds time and memory.
const MOST_WORK: usize = 64 << 20;

/// Graphs that lie deeper in each other stay as they are.
const MOST_LEVELS: usize = 30;

/// What [`simplify`] did to a model, in all of its graphs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Simplified {
    /// The nodes that there were.
    pub nodes_before: usize,
    /// The nodes that are left.
    pub nodes_after: usize,
    /// Nodes that became constants.
    pub folded: usize,
    /// `Identity` nodes and `Dropout` nodes of inference.
    pub bypassed: usize,
    /// `If` nodes whose condition is constant: their branch stands in their place.
    pub branches: usize,
    /// Targets of `Reshape` that became constants with one extent left open.
    pub targets: usize,
    /// Nodes that no output depends on.
    pub dead_nodes: usize,
    /// Constants that nobody reads, some of which were made on the way.
    pub dead_constants: usize,
    /// Whether so much was computed ahead that the rest was left.
    pub is_cut_short: bool,
}

impl fmt::Display for Simplified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} nodes left",
            self.nodes_after, self.nodes_before
        )?;
        for (count, what) in [
            (self.folded, "computed ahead"),
            (self.bypassed, "Identity or Dropout"),
            (self.branches, "If with a constant condition"),
            (self.targets, "targets of Reshape fixed"),
            (self.dead_nodes, "that nobody reads"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        if self.is_cut_short {
            write!(f, "; more could be computed ahead than is allowed at once")?;
        }
        Ok(())
    }
}

/// Simplifies a model: takes out `Identity`, `Dropout` of inference and what no output depends on, and
/// computes ahead what does not depend on the inputs' elements.
///
/// Shapes count as known where they follow from those of the inputs, so a model with fixed input shapes
/// loses its chains of `Shape`, `Gather`, `Concat` and the like; with one free axis, most of them. An
/// `If` whose condition is known becomes its branch. Constants of whole numbers and truth values are
/// computed, those of `float32` by operators that round in one way only, and others are moved about,
/// up to 16 MiB each. Inputs and outputs keep their names and places; constants that old files list
/// among the inputs count as constants.
///
/// # Errors
/// `Invalid` if [`check`](super::check) finds faults in the model, which then stays as it is.
pub fn simplify(model: &mut Model) -> Result<Simplified> {
    model.ensure_sound()?;
    let opset = model.opset().unwrap_or_default();
    let Some(graph) = &mut model.graph else {
        return Ok(Simplified::default());
    };
    let nodes = count_nodes(graph);
    let outputs: HashSet<&str> = graph.output.iter().map(|output| &*output.name).collect();
    let mut given = graph.node.iter().flat_map(|node| &node.output);
    if !given.any(|name| outputs.contains(name.as_str())) {
        // Without the nodes that nobody reads it would have none, and be no model.
        return Ok(Simplified {
            nodes_before: nodes,
            nodes_after: nodes,
            ..Simplified::default()
        });
    }
    let mut simplifier = Simplifier {
        opset,
        names: Names::of(graph),
        work: MOST_WORK,
        done: Simplified {
            nodes_before: nodes,
            ..Simplified::default()
        },
    };
    simplifier.simplify(graph, None);
    simplifier.done.nodes_after = count_nodes(graph);
    Ok(simplifier.done)
}

/// The nodes of a graph and of those inside of it.
fn count_nodes(graph: &Graph) -> usize {
    let (mut graphs, mut count) = (vec![graph], 0);
    while let Some(graph) = graphs.pop() {
        count += graph.node.len();
        graphs.extend(graph.node.iter().flat_map(Node::subgraphs));
    }
    count
}

struct Simplifier {
    opset: i64,
    names: Names,
    /// Elements that may still be computed.
    work: usize,
    done: Simplified,
}

/// A graph while its nodes are gone through.
struct Walk {
    kept: Vec<Node>,
    constants: Vec<Tensor>,
    /// Names of values that are other values.
    aliases: HashMap<String, String>,
    /// Values that take the names of outputs.
    promoted: HashMap<String, String>,
    outputs: HashSet<String>,
    /// Values that kept nodes give.
    given: HashSet<String>,
    /// Names that graphs inside define.
    inner: HashSet<String>,
}

impl Simplifier {
    fn simplify(&mut self, graph: &mut Graph, outer: Option<&Level>) {
        let mut level = Level::enter(graph, outer);
        let mut walk = Walk::new(graph);
        let mut rest: VecDeque<Node> = std::mem::take(&mut graph.node).into();
        while let Some(mut node) = rest.pop_front() {
            for input in &mut node.input {
                if let Some(alias) = walk.aliases.get(input) {
                    input.clone_from(alias);
                }
            }
            if self.bypass(&node, &mut level, &mut walk) {
                self.done.bypassed += 1;
                continue;
            }
            if let Some(inlined) = self.inline(&mut node, &level) {
                self.done.branches += 1;
                for constant in &inlined.constants {
                    level.define(constant);
                }
                for name in inlined.nodes.iter().flat_map(|node| &node.output) {
                    level.admit(name);
                    walk.inner.remove(name);
                }
                walk.constants.extend(inlined.constants);
                for node in inlined.nodes.into_iter().rev() {
                    rest.push_front(node);
                }
                continue;
            }
            if self.fold(&node, &mut level, &mut walk) {
                self.done.folded += 1;
                continue;
            }
            self.fix_target(&mut node, &level, &mut walk);
            if level.depth < MOST_LEVELS {
                let attributes = node.attribute.iter_mut();
                for attribute in attributes {
                    let graphs = attribute.g.as_deref_mut().into_iter();
                    for inner in graphs.chain(&mut attribute.graphs) {
                        self.simplify(inner, Some(&level));
                    }
                }
            }
            walk.given.extend(node.output.iter().cloned());
            walk.kept.push(node);
        }
        walk.finish(graph);
        let (nodes, constants) = sweep(graph);
        self.done.dead_nodes += nodes;
        self.done.dead_constants += constants;
    }

    /// Whether the node's value is its input's under another name, and its readers read that now.
    fn bypass(&self, node: &Node, level: &mut Level, walk: &mut Walk) -> bool {
        let is_identity = node.is_onnx()
            && match node.op_type.as_str() {
                "Identity" => true,
                "Dropout" => is_inference(node, level, self.opset),
                _ => false,
            };
        let (Some(input), Some(output)) = (node.input.first(), node.output.first()) else {
            return false;
        };
        if !is_identity
            || input.is_empty()
            || walk.inner.contains(input)
            || walk.inner.contains(output)
        {
            return false;
        }
        if walk.outputs.contains(output) {
            let is_free = walk.given.contains(input)
                && !walk.outputs.contains(input)
                && !walk.promoted.contains_key(input);
            if is_free {
                walk.promoted.insert(input.clone(), output.clone());
            }
            return is_free;
        }
        level.alias(output, input);
        walk.aliases.insert(output.clone(), input.clone());
        true
    }

    fn inline(&self, node: &mut Node, level: &Level) -> Option<branch::Inlined> {
        if node.op_type != "If" || !node.is_onnx() {
            return None;
        }
        let condition = level.value(node.input.first()?)?.one()?;
        branch::inline(node, condition != 0, &self.names)
    }

    /// Whether the node's value became a constant; if not, what is known of it is kept.
    fn fold(&mut self, node: &Node, level: &mut Level, walk: &mut Walk) -> bool {
        if !node.is_onnx() {
            return false;
        }
        let site = Site {
            node,
            opset: self.opset,
            values: node.input.iter().map(|input| level.value(input)).collect(),
            shapes: node.input.iter().map(|input| level.dims(input)).collect(),
        };
        let others = node.output.iter().skip(1);
        let value = match &node.output[..] {
            [output, ..] if others.clone().all(String::is_empty) => {
                self.evaluate(&site).map(|value| (output, value))
            }
            _ => None,
        };
        let Some((output, value)) = value else {
            let known = infer::infer(&site).unwrap_or_default();
            let known = node.output.iter().zip(known);
            let known: Vec<_> = known
                .filter_map(|(output, dims)| Some((output, dims?)))
                .collect();
            for (output, dims) in known {
                level.shape(output, dims);
            }
            return false;
        };
        let sources = site.values.iter().flatten();
        let sources = sources.filter_map(|value| value.bytes());
        let source_bytes: usize = sources.map(Bytes::len).sum();
        let is_constant = node.op_type == "Constant";
        let is_small = |bytes: usize| {
            is_constant || bytes <= LARGE_BYTES || bytes <= source_bytes.saturating_mul(2)
        };
        let tensor = value
            .to_tensor(output)
            .filter(|tensor| is_small(tensor.raw_data.len()) && !walk.outputs.contains(output));
        level.know(output, value);
        let is_folded = tensor.is_some();
        walk.constants.extend(tensor);
        is_folded
    }

    fn evaluate(&mut self, site: &Site) -> Option<Value> {
        if site.node.op_type == "Constant" {
            // Its elements are there already.
            return infer::evaluate(site, MOST_ELEMENTS);
        }
        let read: usize = site.values.iter().flatten().map(|value| value.len()).sum();
        // Inputs that are left out have empty names.
        let mut inputs = site.values.iter().enumerate();
        if inputs.all(|(index, value)| value.is_some() || !site.has(index)) {
            self.done.is_cut_short |= self.work < read.saturating_add(MOST_ELEMENTS);
            self.work = self.work.checked_sub(read)?;
        }
        let most = MOST_ELEMENTS.min(self.work);
        let value = infer::evaluate(site, most)?;
        self.work = self.work.saturating_sub(value.len());
        let bytes = value.bytes().map_or(0, Bytes::len);
        (bytes <= MOST_BYTES).then_some(value)
    }

    /// Gives a `Reshape` a constant target where all but one of its extents are known.
    fn fix_target(&mut self, node: &mut Node, level: &Level, walk: &mut Walk) {
        let has_zeros = node.attribute("allowzero").is_some();
        if node.op_type != "Reshape" || !node.is_onnx() || has_zeros {
            return;
        }
        let Some(target) = node.input.get_mut(1) else {
            return;
        };
        let open = level
            .value(target)
            .filter(|value| value.bytes().is_none() && value.len() <= MOST_AXES);
        let Some(ints) = open.and_then(Value::ints) else {
            return;
        };
        let is_open = ints.iter().filter(|int| int.is_none()).count() == 1;
        if !is_open || ints.iter().flatten().any(|&int| int < 1) {
            return;
        }
        let fixed = ints.iter().map(|int| Some(int.unwrap_or(-1))).collect();
        let value = Value::from_ints(crate::DataType::I64, vec![ints.len()], fixed);
        let name = self.names.fresh(target);
        if let Some(tensor) = value.and_then(|value| value.to_tensor(&name)) {
            walk.constants.push(tensor);
            *target = name;
            self.done.targets += 1;
        }
    }
}

/// Whether a `Dropout` gives its input as it is, and nothing else.
fn is_inference(node: &Node, level: &Level, opset: i64) -> bool {
    let has_mask = node.output.get(1).is_some_and(|mask| !mask.is_empty());
    let mode = node.input.get(2).filter(|mode| !mode.is_empty());
    let trains = mode.is_some_and(|mode| level.value(mode).and_then(Value::one) != Some(0));
    opset >= 7 && !has_mask && !trains
}

impl Walk {
    fn new(graph: &Graph) -> Self {
        let mut inner = HashSet::new();
        let mut graphs: Vec<_> = graph.node.iter().flat_map(Node::subgraphs).collect();
        while let Some(graph) = graphs.pop() {
            inner.extend(names::defined(graph).map(str::to_owned));
            graphs.extend(graph.node.iter().flat_map(Node::subgraphs));
        }
        Self {
            kept: Vec::with_capacity(graph.node.len()),
            constants: Vec::new(),
            aliases: HashMap::new(),
            promoted: HashMap::new(),
            outputs: graph
                .output
                .iter()
                .map(|output| output.name.clone())
                .collect(),
            given: HashSet::new(),
            inner,
        }
    }

    /// Puts what is left into the graph.
    fn finish(self, graph: &mut Graph) {
        let Self {
            kept,
            constants,
            aliases,
            promoted,
            ..
        } = self;
        graph.node = kept;
        graph.initializer.extend(constants);
        names::rename(&mut graph.node, |name| {
            let alias = aliases.get(name).map_or(name, String::as_str);
            let new = promoted.get(alias).map_or(alias, String::as_str);
            (new != name).then(|| new.to_owned())
        });
    }
}

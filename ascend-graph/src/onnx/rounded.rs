//! A model that rounds after every node, as a chip of less precision does.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use half::{bf16, f16};

use super::probe::value_types;
use super::{Graph, Model, Names, Node, Tensor};
use crate::{DataType, Error, Result};

/// The operators that rounding is written in have their present form from this version on.
const LEAST_OPSET: i64 = 9;

/// Operators that give elements of their input as they are: what they read is rounded already.
const MOVES: [&str; 20] = [
    "Reshape",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Flatten",
    "Identity",
    "Concat",
    "Slice",
    "Split",
    "Gather",
    "GatherElements",
    "GatherND",
    "Expand",
    "Tile",
    "Relu",
    "Abs",
    "Neg",
    "MaxPool",
    "GlobalMaxPool",
    "Dropout",
];

/// Operators whose constants of `float32` tell shapes, places or limits, and stay what they are.
const EXACT: [&str; 5] = [
    "Resize",
    "Upsample",
    "Range",
    "NonMaxSuppression",
    "RoiAlign",
];

/// A floating point type of 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// `float16`: 11 bits of precision, up to 65504.
    F16,
    /// `bfloat16`: 8 bits of precision, with the range of `float32`.
    BF16,
}

impl Precision {
    /// Gives the element type.
    #[must_use]
    pub const fn dtype(self) -> DataType {
        match self {
            Self::F16 => DataType::F16,
            Self::BF16 => DataType::BF16,
        }
    }

    /// Gives the number nearest to `value`.
    #[must_use]
    pub fn round(self, value: f32) -> f32 {
        match self {
            Self::F16 => f16::from_f32(value).to_f32(),
            Self::BF16 => bf16::from_f32(value).to_f32(),
        }
    }
}

/// What was rounded.
#[derive(Clone, Debug)]
pub struct Rounded {
    /// The model; its nodes and values have the names that they had.
    pub model: Model,
    /// How many values are rounded when it runs.
    pub values: usize,
    /// How many constants were rounded.
    pub constants: usize,
}

impl Model {
    /// Gives the model that computes as a chip does which keeps all `float32` values in `precision`:
    /// constants, inputs and what each node gives are rounded to nearest, and what is beyond the range
    /// becomes infinite. Inside of a node the precision stays, as chips accumulate in `float32`. Nodes
    /// for which `is_kept` says so, and what they give to each other, stay in `float32`; graphs inside
    /// of nodes are not changed. The graph must be [sound](Self::ensure_sound).
    ///
    /// # Errors
    /// `Unsupported` if the model is written for an opset below 9 or has no `float32` values, `Format` if
    /// a constant is damaged.
    pub fn rounded(
        &self,
        precision: Precision,
        is_kept: impl Fn(&Node) -> bool,
    ) -> Result<Rounded> {
        let opset = self.opset().unwrap_or_default();
        if opset < LEAST_OPSET {
            return Err(Error::unsupported(format!(
                "the model is written for opset {opset}, and rounding needs {LEAST_OPSET} or more: export it anew"
            )));
        }
        let graph = self.graph()?;
        let mut rounder = Rounder {
            precision,
            singles: singles(graph),
            names: Names::of(graph),
            twins: HashMap::new(),
            nodes: Vec::with_capacity(graph.node.len() * 8),
            numbers: HashMap::new(),
            values: 0,
        };
        if rounder.singles.is_empty() {
            return Err(Error::unsupported(
                "the model has no float32 values to round: give the one from before it was converted",
            ));
        }
        let kept: Vec<bool> = graph.node.iter().map(is_kept).collect();
        let mut made = rounder.constants(graph)?;
        let constants = made.len();
        let own: HashSet<&str> = made.iter().map(|tensor| tensor.name.as_str()).collect();
        let is_constant = |name: &str| own.contains(name);
        for input in &graph.input {
            let is_free = !graph
                .initializer
                .iter()
                .any(|tensor| tensor.name == input.name);
            if is_free && rounder.singles.contains(&input.name) && !is_constant(&input.name) {
                rounder.add_twin(&input.name);
            }
        }
        for (node, is_kept) in graph.node.iter().zip(kept) {
            rounder.add(node, is_kept);
        }
        made.extend(rounder.numbers.into_iter().map(|(bits, name)| {
            let bytes = bits.to_le_bytes().to_vec();
            Tensor::new(name, DataType::F32, Vec::new(), bytes.into())
        }));
        let mut graph = graph.clone();
        graph.node = rounder.nodes;
        graph.initializer.extend(made);
        super::simplify::sweep(&mut graph);
        Ok(Rounded {
            model: self.with_graph(graph),
            values: rounder.values,
            constants,
        })
    }
}

/// The names of the values of `float32`.
fn singles(graph: &Graph) -> HashSet<String> {
    let types = value_types(graph).into_iter();
    types
        .filter(|(_, dtype)| *dtype == DataType::F32)
        .map(|(name, _)| name.to_owned())
        .collect()
}

struct Rounder {
    precision: Precision,
    singles: HashSet<String>,
    names: Names,
    /// The rounded form of values that are there unrounded, too.
    twins: HashMap<String, String>,
    nodes: Vec<Node>,
    /// The numbers that rounding computes with, by their bits.
    numbers: HashMap<u32, String>,
    values: usize,
}

impl Rounder {
    /// Makes the rounded twins of the constants.
    fn constants(&mut self, graph: &Graph) -> Result<Vec<Tensor>> {
        let exact: HashSet<&str> = graph
            .node
            .iter()
            .filter(|node| EXACT.contains(&node.op_type.as_str()))
            .flat_map(|node| node.input.iter().skip(1).map(String::as_str))
            .collect();
        let mut made = Vec::new();
        let inside = graph.node.iter().filter_map(Node::constant);
        let outside = graph.initializer.iter();
        let all = outside
            .map(|tensor| (tensor.name.as_str(), tensor))
            .chain(inside);
        for (name, tensor) in all {
            if exact.contains(name) || tensor.dtype().ok() != Some(DataType::F32) {
                continue;
            }
            let bytes = tensor
                .bytes()
                .map_err(|error| error.within(format_args!("constant `{name}`")))?;
            let elements = bytes.as_chunks::<4>().0.iter();
            let rounded = elements.flat_map(|element| {
                self.precision
                    .round(f32::from_le_bytes(*element))
                    .to_le_bytes()
            });
            let twin = self.names.fresh(name);
            let rounded = Bytes::from(rounded.collect::<Vec<u8>>());
            made.push(Tensor::new(
                &*twin,
                DataType::F32,
                tensor.dims.clone(),
                rounded,
            ));
            self.twins.insert(name.to_owned(), twin);
        }
        Ok(made)
    }

    /// Adds a node, and rounds what it gives.
    fn add(&mut self, node: &Node, is_kept: bool) {
        let mut node = node.clone();
        if node.op_type == "Constant" {
            self.nodes.push(node);
            return;
        }
        if !is_kept {
            for input in &mut node.input {
                if let Some(twin) = self.twins.get(input) {
                    input.clone_from(twin);
                }
            }
        }
        let is_moved = MOVES.contains(&node.op_type.as_str()) && node.is_onnx();
        let mut later = Vec::new();
        for output in &mut node.output {
            if !self.singles.contains(output.as_str()) {
                continue;
            }
            if is_kept {
                later.push((output.clone(), None));
            } else if !is_moved {
                let raw = self.names.fresh(output);
                later.push((raw.clone(), Some(output.clone())));
                *output = raw;
            }
        }
        self.nodes.push(node);
        for (from, to) in later {
            match to {
                Some(to) => self.round(&from, to),
                None => self.add_twin(&from),
            }
        }
    }

    /// Adds the rounded form of a value that stays as it is.
    fn add_twin(&mut self, name: &str) {
        let twin = self.names.fresh(name);
        self.round(name, twin.clone());
        self.twins.insert(name.to_owned(), twin);
    }

    /// Adds nodes that round `x` to `y`.
    ///
    /// Numbers so small that the type has fewer bits for them are rounded by adding one whose last bit is
    /// the smallest that the type has.
    fn round(&mut self, x: &str, y: String) {
        self.values += 1;
        let size = self.node("Abs", &[x]);
        // the least normal number, what rounds those below it, and the largest that stays finite
        let [least, shift, most] = match self.precision {
            Precision::F16 => [0x3880_0000, 0x3f40_0000, 0x477f_efff],
            Precision::BF16 => [0x0080_0000, 0x08c0_0000, 0x7f7f_7fff],
        };
        let [least, shift, most] =
            [least, shift, most].map(|bits| self.number(f32::from_bits(bits)));
        let mut finite = self.upper(x);
        if self.precision == Precision::BF16 {
            // the products of large numbers would be infinite
            let [down, up, large] = [2.0_f32.powi(-64), 2.0_f32.powi(64), 1e30];
            let [down, up, large] = [down, up, large].map(|number| self.number(number));
            let scaled = self.node("Mul", &[x, &down]);
            let upper = self.upper(&scaled);
            let wide = self.node("Mul", &[&upper, &up]);
            let is_large = self.node("Greater", &[&size, &large]);
            finite = self.node("Where", &[&is_large, &wide, &finite]);
        }
        let is_small = self.node("Less", &[&size, &least]);
        let shifted = self.node("Add", &[x, &shift]);
        let small = self.node("Sub", &[&shifted, &shift]);
        let finite = self.node("Where", &[&is_small, &small, &finite]);
        let huge = self.number(f32::MAX);
        let is_beyond = self.node("Greater", &[&size, &most]);
        let infinite = self.node("Mul", &[x, &huge]);
        self.node_to("Where", &[&is_beyond, &infinite, &finite], y);
    }

    /// Gives the upper bits of a number by Veltkamp's split: with the factor 2^s + 1 the difference of the
    /// products loses the lowest s bits.
    fn upper(&mut self, x: &str) -> String {
        let factor = self.number(match self.precision {
            Precision::F16 => 8193.0,
            Precision::BF16 => 65537.0,
        });
        let product = self.node("Mul", &[x, &factor]);
        let rest = self.node("Sub", &[&product, x]);
        self.node("Sub", &[&product, &rest])
    }

    fn number(&mut self, value: f32) -> String {
        let names = &mut self.names;
        let name = self.numbers.entry(value.to_bits());
        name.or_insert_with(|| names.fresh("number")).clone()
    }

    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        let output = self.names.fresh("rounding");
        self.node_to(operator, inputs, output.clone());
        output
    }

    fn node_to(&mut self, operator: &str, inputs: &[&str], output: String) {
        self.nodes.push(Node {
            op_type: operator.to_owned(),
            name: self.names.fresh("rounding"),
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output],
            ..Node::default()
        });
    }
}

//! What stands for a node: other nodes, written one after the other.

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Names, Node, Tensor};

use super::facts::Site;

/// The most bytes of constants that are made for all nodes of a model, from what may be few bytes of a
/// file: many times what any real network has.
const MOST_MADE: usize = 256 << 20;

/// Counts the bytes of constants that are made.
#[derive(Default)]
pub(super) struct Made(usize);

impl Made {
    /// Adds those of a form.
    ///
    /// # Errors
    /// Why the node has no form, once all together are too many: what follows need not be looked at.
    pub(super) fn add(&mut self, bytes: usize) -> Result<(), String> {
        self.0 = self.0.saturating_add(bytes);
        if !self.is_too_much() {
            return Ok(());
        }
        Err(format!(
            "the constants that stand for this node and those before it have {} bytes, at most {MOST_MADE} are \
             supported; make the extents that such nodes (Resize and the like) give smaller",
            self.0
        ))
    }

    /// Tells whether they are too many.
    pub(super) fn is_too_much(&self) -> bool {
        self.0 > MOST_MADE
    }
}

/// A form that is being written.
pub(super) struct Form<'a, 'm> {
    pub(super) site: Site<'m>,
    names: &'a mut Names,
    pub(super) nodes: Vec<Node>,
    /// The bytes of its constants.
    pub(super) made: usize,
    /// Whether knowing the shape of an input would give a better form.
    pub(super) wants_shape: bool,
    /// Why there is no right form as long as that shape is unknown.
    pub(super) objection: Option<&'static str>,
}

impl<'a, 'm> Form<'a, 'm> {
    pub(super) fn new(site: Site<'m>, names: &'a mut Names) -> Self {
        Self {
            site,
            names,
            nodes: Vec::new(),
            made: 0,
            wants_shape: false,
            objection: None,
        }
    }

    /// Gives a name that no value has yet.
    pub(super) fn fresh(&mut self) -> String {
        self.names
            .fresh(self.site.node.output.first().map_or("", String::as_str))
    }

    /// Adds a node and gives the name of its value.
    pub(super) fn value(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        attributes: impl IntoIterator<Item = Attribute>,
    ) -> String {
        let output = self.fresh();
        self.push(op_type, inputs, vec![output.clone()], attributes);
        output
    }

    /// Adds the node that gives what the original node gives.
    pub(super) fn result(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        attributes: impl IntoIterator<Item = Attribute>,
    ) {
        let output = self.site.node.output.first().cloned().into_iter().collect();
        self.push(op_type, inputs, output, attributes);
    }

    /// Makes a value that of one of the original node's outputs, if the node gives it.
    pub(super) fn give(&mut self, output: usize, value: &str) {
        let name = self.site.node.output.get(output);
        if let Some(name) = name.filter(|name| !name.is_empty()).cloned() {
            self.push("Identity", &[value], vec![name], []);
        }
    }

    pub(super) fn push(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        output: Vec<String>,
        attributes: impl IntoIterator<Item = Attribute>,
    ) {
        self.nodes.push(Node {
            op_type: op_type.to_owned(),
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output,
            attribute: attributes.into_iter().collect(),
            ..Node::default()
        });
    }

    pub(super) fn rank(&self, index: usize) -> Option<usize> {
        self.site.dims(index).map(|dims| dims.len())
    }

    pub(super) fn input(&self, index: usize) -> String {
        self.site.input(index).unwrap_or_default().to_owned()
    }

    /// Adds an operator of one input.
    pub(super) fn unary(&mut self, op_type: &str, x: &str) -> String {
        self.value(op_type, &[x], [])
    }

    /// Adds an operator of two inputs.
    pub(super) fn binary(&mut self, op_type: &str, a: &str, b: &str) -> String {
        self.value(op_type, &[a, b], [])
    }

    /// Adds an operator whose second input is a number.
    pub(super) fn with_number(&mut self, op_type: &str, x: &str, number: f32) -> String {
        let number = self.number(number);
        self.binary(op_type, x, &number)
    }

    /// Gives the smaller or, by `Greater`, the larger of whole numbers, which `Min` and `Max` take from
    /// opset 12 on only.
    pub(super) fn choose(&mut self, comparison: &str, a: &str, b: &str) -> String {
        let takes_first = self.binary(comparison, a, b);
        self.value("Where", &[&takes_first, a, b], [])
    }

    /// Adds a constant without axes.
    pub(super) fn number(&mut self, number: f32) -> String {
        self.constant(DataType::F32, Vec::new(), number.to_le_bytes().to_vec())
    }

    /// Adds a list of whole numbers.
    pub(super) fn ints(&mut self, numbers: &[i64]) -> String {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        let bytes = bytes.collect();
        let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        self.constant(DataType::I64, vec![count], bytes)
    }

    /// Adds a whole number without axes.
    pub(super) fn int(&mut self, number: i64) -> String {
        self.constant(DataType::I64, Vec::new(), number.to_le_bytes().to_vec())
    }

    /// Adds a constant of little-endian elements.
    pub(super) fn constant(&mut self, dtype: DataType, dims: Vec<i64>, bytes: Vec<u8>) -> String {
        self.made += bytes.len();
        let tensor = Tensor::new("", dtype, dims, bytes.into());
        self.value("Constant", &[], [Attribute::tensor("value", tensor)])
    }

    pub(super) fn cast(&mut self, x: &str, dtype: DataType) -> String {
        let to = dtype.onnx_code().unwrap_or_default();
        self.value("Cast", &[x], [Attribute::int("to", to.into())])
    }

    /// Gives a value as float16 under a name.
    pub(super) fn round(&mut self, x: &str, name: &str) {
        let to = DataType::F16.onnx_code().unwrap_or_default();
        let to = [Attribute::int("to", to.into())];
        self.push("Cast", &[x], vec![name.to_owned()], to);
    }

    pub(super) fn reshape(&mut self, x: &str, dims: &[i64]) -> String {
        let dims = self.ints(dims);
        self.binary("Reshape", x, &dims)
    }

    pub(super) fn unsqueeze(&mut self, x: &str, axes: &[i64]) -> String {
        self.over("Unsqueeze", x, axes)
    }

    pub(super) fn squeeze(&mut self, x: &str, axes: &[i64]) -> String {
        self.over("Squeeze", x, axes)
    }

    pub(super) fn transpose(&mut self, x: &str, order: &[i64]) -> String {
        self.value("Transpose", &[x], [Attribute::ints("perm", order)])
    }

    pub(super) fn concat(&mut self, parts: &[&str], axis: i64) -> String {
        self.value("Concat", parts, [Attribute::int("axis", axis)])
    }

    /// Takes every `step`-th element from `start` on, before `end`.
    pub(super) fn slice(&mut self, x: &str, axis: i64, start: i64, end: i64, step: i64) -> String {
        let [start, end, axis, step] = [start, end, axis, step].map(|number| self.ints(&[number]));
        self.value("Slice", &[x, &start, &end, &axis, &step], [])
    }

    /// Takes one element of an axis and drops the axis.
    pub(super) fn pick(&mut self, x: &str, axis: i64, index: i64) -> String {
        let index = self.int(index);
        self.value("Gather", &[x, &index], [Attribute::int("axis", axis)])
    }

    /// Gives the extent of an axis as a list of one number.
    pub(super) fn extent(&mut self, x: &str, axis: i64) -> String {
        let (shape, axis) = (self.unary("Shape", x), self.ints(&[axis]));
        self.binary("Gather", &shape, &axis)
    }

    /// Reduces axes, which stay with extent 1.
    pub(super) fn reduce(&mut self, op_type: &str, x: &str, axes: &[i64]) -> String {
        self.over(op_type, x, axes)
    }

    /// Adds an operator over axes, which older ones take as an attribute.
    fn over(&mut self, op_type: &str, x: &str, axes: &[i64]) -> String {
        if self.takes_axes_as_input(op_type) {
            let axes = self.ints(axes);
            return self.binary(op_type, x, &axes);
        }
        self.value(op_type, &[x], [Attribute::ints("axes", axes)])
    }

    fn takes_axes_as_input(&self, op_type: &str) -> bool {
        let since = match op_type {
            "ReduceSum" | "Squeeze" | "Unsqueeze" => 13,
            _ => 18,
        };
        self.site.facts.opset >= since
    }

    /// Cuts an axis in two halves.
    pub(super) fn halves(&mut self, x: &str, axis: i64) -> [String; 2] {
        let extent = self.extent(x, axis);
        let [zero, one, two] = [0, 1, 2].map(|number| self.ints(&[number]));
        let (middle, axis) = (self.binary("Div", &extent, &two), self.ints(&[axis]));
        [(&zero, &middle), (&middle, &extent)]
            .map(|(start, end)| self.value("Slice", &[x, start, end, &axis, &one], []))
    }
}

use bytes::Bytes;

use super::{Attribute, AttributeType, Graph, Node, Tensor, is_onnx_domain};

/// The value of an [`Attribute`], borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum AttributeValue<'a> {
    /// One number.
    Float(f32),
    /// One whole number.
    Int(i64),
    /// Text, usually UTF-8.
    String(&'a [u8]),
    /// A tensor.
    Tensor(&'a Tensor),
    /// A graph.
    Graph(&'a Graph),
    /// Numbers.
    Floats(&'a [f32]),
    /// Whole numbers.
    Ints(&'a [i64]),
    /// Texts.
    Strings(&'a [Bytes]),
    /// Tensors.
    Tensors(&'a [Tensor]),
    /// Graphs.
    Graphs(&'a [Graph]),
}

impl Attribute {
    /// Gives an attribute that is one number.
    #[must_use]
    pub fn float(name: &str, value: f32) -> Self {
        Self {
            f: Some(value),
            ..Self::named(name, AttributeType::Float)
        }
    }

    /// Gives an attribute that is one whole number.
    #[must_use]
    pub fn int(name: &str, value: i64) -> Self {
        Self {
            i: Some(value),
            ..Self::named(name, AttributeType::Int)
        }
    }

    /// Gives an attribute that is a text.
    #[must_use]
    pub fn string(name: &str, value: &str) -> Self {
        Self {
            s: Some(value.to_owned().into()),
            ..Self::named(name, AttributeType::String)
        }
    }

    /// Gives an attribute that is a tensor.
    #[must_use]
    pub fn tensor(name: &str, value: Tensor) -> Self {
        Self {
            t: Some(Box::new(value)),
            ..Self::named(name, AttributeType::Tensor)
        }
    }

    /// Gives an attribute that is a graph.
    #[must_use]
    pub fn graph(name: &str, value: Graph) -> Self {
        Self {
            g: Some(Box::new(value)),
            ..Self::named(name, AttributeType::Graph)
        }
    }

    /// Gives an attribute that is a list of whole numbers.
    #[must_use]
    pub fn ints(name: &str, value: impl Into<Vec<i64>>) -> Self {
        Self {
            ints: value.into(),
            ..Self::named(name, AttributeType::Ints)
        }
    }

    /// Gives an attribute that is a list of numbers.
    #[must_use]
    pub fn floats(name: &str, value: impl Into<Vec<f32>>) -> Self {
        Self {
            floats: value.into(),
            ..Self::named(name, AttributeType::Floats)
        }
    }

    /// Gives the value, or `None` where its type says or its fields show none that is known here.
    #[must_use]
    pub fn value(&self) -> Option<AttributeValue<'_>> {
        Some(match self.kind() {
            AttributeType::Float => AttributeValue::Float(self.f.unwrap_or_default()),
            AttributeType::Int => AttributeValue::Int(self.i.unwrap_or_default()),
            AttributeType::String => AttributeValue::String(self.s.as_deref().unwrap_or_default()),
            AttributeType::Tensor => AttributeValue::Tensor(self.t.as_deref()?),
            AttributeType::Graph => AttributeValue::Graph(self.g.as_deref()?),
            AttributeType::Floats => AttributeValue::Floats(&self.floats),
            AttributeType::Ints => AttributeValue::Ints(&self.ints),
            AttributeType::Strings => AttributeValue::Strings(&self.strings),
            AttributeType::Tensors => AttributeValue::Tensors(&self.tensors),
            AttributeType::Graphs => AttributeValue::Graphs(&self.graphs),
            _ => return None,
        })
    }

    /// Gives the type that is said, or else the one that the filled fields show.
    #[must_use]
    pub fn kind(&self) -> AttributeType {
        if self.r#type() != AttributeType::Undefined {
            return self.r#type();
        }
        let filled = [
            (self.f.is_some(), AttributeType::Float),
            (self.i.is_some(), AttributeType::Int),
            (self.s.is_some(), AttributeType::String),
            (self.t.is_some(), AttributeType::Tensor),
            (self.g.is_some(), AttributeType::Graph),
            (!self.floats.is_empty(), AttributeType::Floats),
            (!self.ints.is_empty(), AttributeType::Ints),
            (!self.strings.is_empty(), AttributeType::Strings),
            (!self.tensors.is_empty(), AttributeType::Tensors),
            (!self.graphs.is_empty(), AttributeType::Graphs),
        ];
        filled
            .into_iter()
            .find_map(|(is, kind)| is.then_some(kind))
            .unwrap_or(AttributeType::Undefined)
    }

    /// Gives the graphs inside the attribute.
    pub fn subgraphs(&self) -> impl Iterator<Item = &Graph> {
        self.g.as_deref().into_iter().chain(&self.graphs)
    }

    fn named(name: &str, kind: AttributeType) -> Self {
        Self {
            name: name.to_owned(),
            r#type: kind.into(),
            ..Self::default()
        }
    }
}

impl Node {
    /// Gives an attribute's value, or `None` if the node does not have it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<AttributeValue<'_>> {
        self.attribute
            .iter()
            .find(|attribute| attribute.name == name)?
            .value()
    }

    /// Gives an attribute that is one whole number, or `None` if the node does not have it.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.attribute(name) {
            Some(AttributeValue::Int(int)) => Some(int),
            _ => None,
        }
    }

    /// Gives an attribute that is a list of whole numbers, or `None` if the node does not have it.
    #[must_use]
    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        match self.attribute(name) {
            Some(AttributeValue::Ints(ints)) => Some(ints),
            _ => None,
        }
    }

    /// Gives an attribute that is a text, empty if the node does not have it.
    #[must_use]
    pub fn text(&self, name: &str) -> &[u8] {
        match self.attribute(name) {
            Some(AttributeValue::String(text)) => text,
            _ => &[],
        }
    }

    /// Tells whether the operator is one of ONNX's own domain.
    #[must_use]
    pub fn is_onnx(&self) -> bool {
        is_onnx_domain(&self.domain)
    }

    /// Gives the name and the tensor of a node that is nothing but a constant tensor.
    #[must_use]
    pub fn constant(&self) -> Option<(&str, &Tensor)> {
        match (self.attribute("value"), &self.output[..]) {
            (Some(AttributeValue::Tensor(tensor)), [output])
                if self.op_type == "Constant" && self.is_onnx() =>
            {
                Some((output, tensor))
            }
            _ => None,
        }
    }

    /// Gives the graphs inside the node: the bodies of `If`, `Loop` and `Scan`.
    pub fn subgraphs(&self) -> impl Iterator<Item = &Graph> {
        self.attribute.iter().flat_map(Attribute::subgraphs)
    }

    /// Names the node for people: its own name, or its place and operator if it has none.
    #[must_use]
    pub fn label(&self, index: usize) -> String {
        if self.name.is_empty() {
            format!("#{index} ({})", self.op_type)
        } else {
            self.name.clone()
        }
    }
}

impl AttributeType {
    /// Gives the type of an attribute, for the operators of image models and what surrounds them.
    pub(super) fn expected(op_type: &str, attribute: &str) -> Option<Self> {
        use AttributeType::{Float, Int, Ints, String, Tensor};

        Some(match (op_type, attribute) {
            (
                "Conv" | "ConvTranspose" | "MaxPool" | "AveragePool",
                "kernel_shape" | "strides" | "pads" | "dilations" | "output_padding",
            )
            | ("Transpose", "perm")
            | (
                "ReduceMean" | "ReduceSum" | "ReduceMax" | "Squeeze" | "Unsqueeze" | "Slice",
                "axes",
            )
            | ("Slice", "starts" | "ends")
            | ("Pad", "pads")
            | ("Split", "split") => Ints,
            ("Conv" | "ConvTranspose", "group")
            | ("MaxPool" | "AveragePool", "ceil_mode" | "count_include_pad" | "storage_order")
            | (
                "Concat" | "Flatten" | "Gather" | "Softmax" | "LogSoftmax" | "Split" | "ArgMax"
                | "LayerNormalization",
                "axis",
            )
            | ("ReduceMean" | "ReduceSum" | "ReduceMax" | "ArgMax", "keepdims")
            | ("Gemm", "transA" | "transB")
            | ("BatchNormalization", "training_mode")
            | ("Cast", "to") => Int,
            ("Gemm" | "LeakyRelu" | "Elu" | "HardSigmoid", "alpha")
            | ("Gemm" | "HardSigmoid", "beta")
            | ("BatchNormalization" | "InstanceNormalization" | "LayerNormalization", "epsilon")
            | ("BatchNormalization", "momentum")
            | ("Clip", "min" | "max") => Float,
            ("Conv" | "ConvTranspose" | "MaxPool" | "AveragePool", "auto_pad")
            | ("Pad" | "Resize" | "Upsample", "mode")
            | ("Resize", "coordinate_transformation_mode" | "nearest_mode") => String,
            ("Constant" | "ConstantOfShape", "value") => Tensor,
            _ => return None,
        })
    }
}

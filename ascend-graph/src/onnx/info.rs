use std::collections::HashSet;
use std::fmt;

use super::{Dimension, DimensionValue, Model, Shape, TensorType, Type, ValueInfo};
use crate::text;
use crate::{DataType, Error, Result};

/// The extent of one axis, as far as the file tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// A fixed extent, 0 or more.
    Fixed(i64),
    /// A named extent that is chosen when the model runs; equal names stand for equal extents.
    Named(String),
    /// Nothing is known.
    Unknown,
}

impl Dim {
    /// Gives the extent if it is fixed.
    #[must_use]
    pub fn fixed(&self) -> Option<i64> {
        match self {
            Self::Fixed(extent) => Some(*extent),
            Self::Named(_) | Self::Unknown => None,
        }
    }
}

impl From<i64> for Dim {
    fn from(extent: i64) -> Self {
        Self::Fixed(extent)
    }
}

impl From<&str> for Dim {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(extent) => write!(f, "{extent}"),
            Self::Named(name) => f.write_str(name),
            Self::Unknown => f.write_str("?"),
        }
    }
}

/// An input or output of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// The value's name.
    pub name: String,
    /// The element type.
    pub dtype: DataType,
    /// One entry for each axis; `None` when not even the rank is known.
    pub dims: Option<Vec<Dim>>,
}

impl fmt::Display for TensorInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.dtype)?;
        let Some(dims) = &self.dims else {
            return f.write_str("[..]");
        };
        let dims: Vec<String> = dims.iter().map(Dim::to_string).collect();
        write!(f, "[{}]", dims.join(", "))
    }
}

impl Model {
    /// Gives the inputs in order, without those that have a value in the file.
    ///
    /// # Errors
    /// `Format` if the model has no graph or an input has no element type, `Unsupported` if an input is
    /// not a tensor.
    pub fn inputs(&self) -> Result<Vec<TensorInfo>> {
        let graph = self.graph()?;
        let constants: HashSet<&str> = graph
            .initializer
            .iter()
            .map(|tensor| tensor.name.as_str())
            .collect();
        let free = graph
            .input
            .iter()
            .filter(|input| !constants.contains(input.name.as_str()));
        free.map(|input| {
            input
                .info()
                .map_err(|error| error.within(format_args!("input `{}`", input.name)))
        })
        .collect()
    }

    /// Gives the outputs in order.
    ///
    /// # Errors
    /// `Format` if the model has no graph or an output has no element type, `Unsupported` if an output
    /// is not a tensor.
    pub fn outputs(&self) -> Result<Vec<TensorInfo>> {
        let outputs = self.graph()?.output.iter();
        outputs
            .map(|output| {
                output
                    .info()
                    .map_err(|error| error.within(format_args!("output `{}`", output.name)))
            })
            .collect()
    }
}

impl ValueInfo {
    /// Gives the name and tensor type of a value; `None` for `dims` when not even the rank is known.
    #[must_use]
    pub fn tensor(name: impl Into<String>, dtype: DataType, dims: Option<&[Dim]>) -> Self {
        let shape = dims.map(|dims| Shape {
            dim: dims.iter().map(Dimension::from).collect(),
        });
        let tensor_type = Some(TensorType {
            elem_type: dtype.onnx_code().unwrap_or(0),
            shape,
        });
        Self {
            name: name.into(),
            r#type: Some(Type {
                tensor_type,
                ..Type::default()
            }),
            ..Self::default()
        }
    }

    /// Gives what is known of a value that is a tensor.
    ///
    /// # Errors
    /// `Format` if it has no element type or a number that names none, `Unsupported` if it is no tensor.
    pub fn info(&self) -> Result<TensorInfo> {
        let r#type = self
            .r#type
            .as_ref()
            .ok_or_else(|| Error::format(text!("has no type")))?;
        let Some(tensor) = &r#type.tensor_type else {
            return Err(Error::unsupported(text!(
                "is a sequence, map or optional; only tensors are supported"
            )));
        };
        let dtype = match DataType::from_onnx(tensor.elem_type) {
            None => {
                return Err(Error::format(text!(
                    "has the unknown element type {elem_type}",
                    elem_type = tensor.elem_type
                )));
            }
            Some(DataType::Undefined) => return Err(Error::format(text!("has no element type"))),
            Some(dtype) => dtype,
        };
        let dims = tensor
            .shape
            .as_ref()
            .map(|shape| shape.dim.iter().map(Dim::from).collect());
        Ok(TensorInfo {
            name: self.name.clone(),
            dtype,
            dims,
        })
    }
}

impl From<&Dimension> for Dim {
    fn from(dimension: &Dimension) -> Self {
        match &dimension.value {
            Some(DimensionValue::Value(extent)) if *extent >= 0 => Self::Fixed(*extent),
            Some(DimensionValue::Param(name)) if !name.is_empty() => Self::Named(name.clone()),
            // Some exporters write -1 where ONNX wants nothing.
            _ => Self::Unknown,
        }
    }
}

impl From<&Dim> for Dimension {
    fn from(dim: &Dim) -> Self {
        let value = match dim {
            Dim::Fixed(extent) => Some(DimensionValue::Value(*extent)),
            Dim::Named(name) => Some(DimensionValue::Param(name.clone())),
            Dim::Unknown => None,
        };
        Self { value }
    }
}

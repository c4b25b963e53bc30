//! The weights of a model: every constant of its graphs, with its elements.

use bytes::Bytes;

use super::layout::{Layout, Plain, Stored};
use super::{AttrDef, AttrValue, Format, GraphDef, OpDef, TensorDef, TensorDescriptor};
use crate::{DataType, Error, Result};

/// The format number with groups and block size in it.
const FORMAT_NUMBER: &str = "format_for_int";

/// A constant of a model: a weight, a bias, a shape …
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// The number of the graph that it is in, in [`ModelDef::graph`](super::ModelDef::graph); 0 for an OM2
    /// archive, which tells of none.
    pub graph: usize,
    /// Its name.
    pub name: String,
    /// The element type, `Undefined` for a number that is not known here.
    pub dtype: DataType,
    /// The shape in the file, in the order of its layout.
    pub dims: Vec<i64>,
    /// The layout in the file, with the number of groups after a colon: `ND`, `FRACTAL_Z:96`.
    pub layout: String,
    /// The layout as one number, where the file tells it: the format in bits 0 to 7, groups in bits 8 to
    /// 23, and one more than the binary logarithm of the block size in bits 24 to 27.
    pub format_number: Option<i64>,
    /// The layout and the shape that the model was made with, where they differ from the above.
    pub origin: Option<Origin>,
    /// Where the elements are.
    pub place: Place,
    /// The elements, or why they cannot be had.
    pub(super) data: Result<Bytes, String>,
}

/// The layout and the shape that a tensor had before it was laid out for a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layout, `ND` if the file does not tell it.
    pub layout: String,
    /// The shape.
    pub dims: Vec<i64>,
}

/// Where the elements of a constant are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the graph.
    Graph,
    /// In the partition `WEIGHTS_DATA`, at `offset`; the numbers are as the file tells them, sound or not.
    Weights {
        /// The first byte.
        offset: i64,
        /// The number of bytes.
        length: i64,
    },
    /// In another file, or in an entry of an archive.
    File {
        /// The file's name.
        name: String,
        /// The first byte.
        offset: i64,
        /// The number of bytes.
        length: i64,
    },
}

impl Constant {
    /// Gives the elements as they lie in the file, a slice of it.
    ///
    /// # Errors
    /// `Format` if the file's numbers lead outside of it, `Unsupported` if the elements are in another
    /// file.
    pub fn bytes(&self) -> Result<Bytes> {
        self.data.clone().map_err(|why| {
            let error = match self.place {
                Place::File { .. } => Error::unsupported(why),
                _ => Error::format(why),
            };
            error.within(format_args!("constant `{}`", self.name))
        })
    }

    /// Gives the elements in the layout and the shape that the model was made with. What is laid out
    /// plainly already stays a slice of the file; the layouts `FRACTAL_Z` (grouped, too), `FRACTAL_NZ` and
    /// `NC1HWC0` are undone, in time that grows with the number of elements.
    ///
    /// # Errors
    /// `Format` if layout, shape and bytes contradict each other, `Unsupported` if it is not known how to
    /// undo the layout or the elements are in another file.
    pub fn unpack(&self) -> Result<Plain> {
        let data = self.bytes()?;
        let unpacked = self
            .stored()
            .and_then(|stored| super::layout::unpack(&stored, &data));
        unpacked.map_err(|error| error.within(format_args!("constant `{}`", self.name)))
    }

    fn stored(&self) -> Result<Stored<'_>> {
        let layout = Layout::parse(&self.layout, self.format_number)?;
        let origin = self.origin.as_ref();
        let format = |name: &str| {
            Format::from_name(name)
                .ok_or_else(|| Error::format(format!("has the unknown layout `{name}`")))
        };
        Ok(Stored {
            dtype: self.dtype,
            layout,
            dims: &self.dims,
            origin: origin
                .map(|origin| Ok::<_, Error>((format(&origin.layout)?, origin.dims.as_slice())))
                .transpose()?,
        })
    }
}

/// Lists the constants of all graphs of a model.
pub(super) fn constants(graphs: &[GraphDef], weights: Option<&Bytes>) -> Vec<Constant> {
    let ops = graphs
        .iter()
        .enumerate()
        .flat_map(|(number, graph)| graph.op.iter().map(move |op| (number, op)));
    ops.filter_map(|(graph, op)| match op.r#type.as_str() {
        "FileConstant" => Some(external(graph, op)),
        "Const" | "Constant" => match &op.attr.get("value")?.value {
            Some(AttrValue::T(tensor)) => Some(constant(graph, op, tensor, weights)),
            _ => None,
        },
        _ => None,
    })
    .collect()
}

fn constant(graph: usize, op: &OpDef, tensor: &TensorDef, weights: Option<&Bytes>) -> Constant {
    let none = TensorDescriptor::default();
    let descriptor = tensor.desc.as_ref().unwrap_or(&none);
    let merged = descriptor.attr.get("merged_offset");
    let offset = merged
        .and_then(AttrDef::as_int)
        .unwrap_or(descriptor.data_offset);
    let length = descriptor.weight_size;
    let (place, data) = if !tensor.data.is_empty() {
        (Place::Graph, Ok(tensor.data.clone()))
    } else if length == 0 {
        // There are no elements, or there should be some: their number is compared when they are used.
        (Place::Graph, Ok(Bytes::new()))
    } else {
        let data = slice(weights, offset, length);
        (Place::Weights { offset, length }, data)
    };
    described(graph, op, descriptor, place, data)
}

fn external(graph: usize, op: &OpDef) -> Constant {
    let text = |key: &str| op.attr.get(key).and_then(AttrDef::as_str);
    let number = |key: &str| op.attr.get(key).and_then(AttrDef::as_int).unwrap_or(0);
    let place = Place::File {
        name: text("location")
            .or_else(|| text("file_path"))
            .unwrap_or_default()
            .to_owned(),
        offset: number("offset"),
        length: number("length"),
    };
    let none = TensorDescriptor::default();
    let descriptor = op.output_desc.first().unwrap_or(&none);
    let data = Err("its elements are in a file beside the .om; read them from there".to_owned());
    described(graph, op, descriptor, place, data)
}

fn described(
    graph: usize,
    op: &OpDef,
    descriptor: &TensorDescriptor,
    place: Place,
    data: Result<Bytes, String>,
) -> Constant {
    let output = op.output_desc.first();
    // The constant itself does not always tell where it comes from; what it gives does.
    let find = |key: &str| {
        let own = descriptor.attr.get(key);
        own.or_else(|| output?.attr.get(key))
    };
    let dims = descriptor.shape.as_ref().map(|shape| shape.dim.clone());
    let dtype = DataType::from_ge(descriptor.dtype);
    let data = match dtype {
        None => {
            data.and_then(|_| Err(format!("has the unknown element type {}", descriptor.dtype)))
        }
        Some(_) => data,
    };
    let origin = find("origin_shape").and_then(AttrDef::as_list);
    let origin_layout = find("origin_format").and_then(AttrDef::as_str);
    Constant {
        graph,
        name: op.name.clone(),
        dtype: dtype.unwrap_or(DataType::Undefined),
        dims: dims.unwrap_or_default(),
        layout: descriptor.layout.clone(),
        format_number: find(FORMAT_NUMBER).and_then(AttrDef::as_int),
        origin: origin.map(|origin| Origin {
            layout: origin_layout.unwrap_or("ND").to_owned(),
            dims: origin.i.clone(),
        }),
        place,
        data,
    }
}

/// Takes the elements out of the weights.
pub(super) fn slice(weights: Option<&Bytes>, offset: i64, length: i64) -> Result<Bytes, String> {
    let none = Bytes::new();
    let weights = weights.unwrap_or(&none);
    let start = usize::try_from(offset).ok();
    let end = usize::try_from(length)
        .ok()
        .and_then(|length| start?.checked_add(length));
    match start.zip(end) {
        Some((start, end)) if end <= weights.len() => Ok(weights.slice(start..end)),
        _ => Err(format!(
            "its {length} bytes at {offset} lead outside of the {} bytes of weights",
            weights.len()
        )),
    }
}

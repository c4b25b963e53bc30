use std::collections::BTreeMap;

use crate::onnx::{External, Graph, Model, Tensor};
use crate::{ErrorKind, Result, Rope};

/// The location that stands for the partition `WEIGHTS_DATA` in a model without its weights.
pub const WEIGHTS_LOCATION: &str = "WEIGHTS_DATA";

/// Constants begin at multiples of this many bytes, as Huawei's compiler lays them out; the first of
/// them is not used.
const ALIGNMENT: u64 = 512;

/// Whole numbers up to this many bytes are shapes and the like, needed before weights are.
const INLINE_BYTES: u64 = 1024;

/// External weights end at multiples of this many bytes, which loading them into memory asks for.
const FILE_ALIGNMENT: u64 = 32;

/// The files that the weights of an `.om` go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WeightFiles {
    /// None: the weights are in the `.om` itself.
    #[default]
    None,
    /// Each constant in a file of its own.
    Each,
    /// All together in one file.
    One,
}

/// A constant that lies in a file beside the `.om`, in the folder `weight`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalWeight {
    /// The file's name.
    pub file: String,
    /// The constant's first byte in the file.
    pub offset: u64,
    /// Where the constant would lie in the partition `WEIGHTS_DATA`.
    pub extent: Extent,
}

/// A range of bytes in the partition `WEIGHTS_DATA`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    /// The first byte.
    pub offset: u64,
    /// The number of bytes.
    pub length: u64,
}

/// Where each constant lies in the partition `WEIGHTS_DATA`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeightsPlan {
    /// The place of each constant that is there, by name.
    pub entries: BTreeMap<String, Extent>,
    /// The bytes of the whole partition.
    pub total: u64,
}

/// An ONNX model taken apart by [`split_weights`].
#[derive(Clone, Debug)]
pub struct Split {
    /// The model with its large constants as external data at [`WEIGHTS_LOCATION`].
    pub model: Model,
    /// Where they are.
    pub plan: WeightsPlan,
    /// Their bytes, shared with the original model.
    pub weights: Rope,
}

impl Split {
    /// Gives the files that weights outside of the `.om` of the name `model` go to.
    #[must_use]
    pub fn files(&self, model: &str, files: WeightFiles) -> Vec<(String, Rope)> {
        let mut made: BTreeMap<String, Rope> = BTreeMap::new();
        for weight in self.plan.external(model, files).into_values() {
            let Extent { offset, length } = weight.extent;
            let mut bytes = match files {
                WeightFiles::One => self.weights.clone(),
                WeightFiles::Each | WeightFiles::None => self.weights.slice(offset, length),
            };
            bytes.pad_to(bytes.len().next_multiple_of(FILE_ALIGNMENT));
            made.entry(weight.file).or_insert(bytes);
        }
        made.into_iter().collect()
    }
}

impl WeightsPlan {
    /// Gives the place of each constant outside of the `.om` of the name `model`, by its name.
    pub(super) fn external(
        &self,
        model: &str,
        files: WeightFiles,
    ) -> BTreeMap<String, ExternalWeight> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let model = model.replace(|c| !is_plain(c), "_");
        let entries = self.entries.iter().enumerate();
        let place = |(number, (name, &extent)): (usize, (&String, &Extent))| {
            let (file, offset) = match files {
                WeightFiles::None => return None,
                WeightFiles::Each => (format!("{model}_weight_{number}"), 0),
                WeightFiles::One => (format!("{model}_weight_combined"), extent.offset),
            };
            let weight = ExternalWeight {
                file,
                offset,
                extent,
            };
            Some((name.clone(), weight))
        };
        entries.filter_map(place).collect()
    }
}

/// Takes the weights out of a model, for the partition `WEIGHTS_DATA`.
///
/// Constants of the main graph with at least one element go, except whole numbers of up to 1 KiB and
/// types without a fixed size. [`Model::resolve_external`] brings them back.
///
/// # Errors
/// `Format` if a constant's data does not fit its shape, `Unsupported` if it is in a file that was not
/// supplied.
pub fn split_weights(model: &Model) -> Result<Split> {
    let graph = model.graph()?;
    let mut plan = WeightsPlan::default();
    let mut weights = Rope::new();
    let mut constants = Vec::with_capacity(graph.initializer.len());
    for tensor in &graph.initializer {
        let stripped = strip(tensor, &mut plan, &mut weights);
        constants.push(
            stripped.map_err(|error| error.within(format_args!("constant `{}`", tensor.name)))?,
        );
    }
    plan.total = weights.len();
    let graph = Graph {
        initializer: constants,
        ..graph.without_initializers()
    };
    Ok(Split {
        model: Model {
            graph: Some(graph),
            ..model.without_graph()
        },
        plan,
        weights,
    })
}

fn strip(tensor: &Tensor, plan: &mut WeightsPlan, weights: &mut Rope) -> Result<Tensor> {
    match tensor.byte_len() {
        Ok(0) => return Ok(tensor.clone()),
        Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(tensor.clone()),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let (dtype, data) = (tensor.dtype()?, tensor.bytes()?);
    let length = data.len() as u64;
    if dtype.is_integer() && length <= INLINE_BYTES {
        return Ok(Tensor {
            doc_string: tensor.doc_string.clone(),
            ..Tensor::new(&tensor.name, dtype, tensor.dims.clone(), data)
        });
    }
    let offset = weights.len().max(1).next_multiple_of(ALIGNMENT);
    weights.pad_to(offset);
    weights.push(data);
    plan.entries
        .insert(tensor.name.clone(), Extent { offset, length });
    Ok(tensor.to_external(&External {
        location: WEIGHTS_LOCATION.to_owned(),
        offset,
        length: Some(length),
    }))
}

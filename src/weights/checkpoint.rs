//! A checkpoint: tensors by name.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use bytes::Bytes;

use super::form::Form;
use super::options::OpenOptions;
use super::report::Report;
use super::tensor::{Entry, Tensor};
use super::unsupported;
use crate::error::{Error, ErrorKind, Result};

/// Named tensors of a file. Opening builds an index; elements stay in the file until asked for.
///
/// # Examples
///
/// ```
/// # fn main() -> ascend_rt::Result<()> {
/// use ascend_rt::weights::{Checkpoint, DataType};
///
/// let header = br#"{"fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
/// let mut file = (header.len() as u64).to_le_bytes().to_vec();
/// file.extend(header);
/// file.extend([0.5f32, -1.0].iter().flat_map(|value| value.to_le_bytes()));
///
/// let checkpoint = Checkpoint::from_bytes(file)?; // or Checkpoint::open("resnet50.pth")?
/// let bias = checkpoint.tensor("fc.bias")?;
/// assert_eq!((bias.dtype(), bias.shape()), (DataType::F32, &[2][..]));
/// assert_eq!(bias.to_f32()?, [0.5, -1.0]);
/// # Ok(())
/// # }
/// ```
pub struct Checkpoint {
    pub(super) form: Form,
    pub(super) entries: Vec<Entry>,
    pub(super) beside: Vec<Entry>,
    /// Indices of `entries` by name.
    pub(super) by_name: Vec<usize>,
    pub(super) report: Report,
}

impl Checkpoint {
    /// Opens a checkpoint of any form that is read, told by its content.
    ///
    /// The file is mapped and must not change while the checkpoint or a slice of it lives.
    ///
    /// # Errors
    /// `Io` if the file cannot be opened or mapped; `Format` if it is damaged, made to do harm, or
    /// no checkpoint; `Unsupported` if it is one of a form that is not read, with the way out in
    /// the message; `InvalidArgument` if several keys may hold the weights; `OutOfMemory` if it
    /// describes more than the limit.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        OpenOptions::new().open(path)
    }

    /// The same for a file that is already in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open), without `Io`.
    pub fn from_bytes(file: impl Into<Bytes>) -> Result<Self> {
        OpenOptions::new().from_bytes(file)
    }

    /// The container of the file.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// How many tensors there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no tensors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The tensors in the order of their names.
    #[must_use]
    pub fn tensors(&self) -> impl ExactSizeIterator<Item = Tensor<'_>> {
        self.by_name
            .iter()
            .map(|&at| Tensor::new(&self.entries[at]))
    }

    /// The tensors in the order of the file: that of the state dict, or of the data in safetensors.
    #[must_use]
    pub fn in_file_order(&self) -> impl ExactSizeIterator<Item = Tensor<'_>> {
        self.entries.iter().map(Tensor::new)
    }

    /// The tensors that stand beside the weights, in the order of the file: those of an optimizer,
    /// arrays of numpy. Their names are their paths, joined by dots.
    #[must_use]
    pub fn beside(&self) -> impl ExactSizeIterator<Item = Tensor<'_>> {
        self.beside.iter().map(Tensor::new)
    }

    /// The names of tensors that share their storage, in the order of the file: tied weights and
    /// views.
    #[must_use]
    pub fn shared(&self) -> Vec<Vec<&str>> {
        let mut groups: BTreeMap<usize, (usize, Vec<&str>)> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if let Some(storage) = entry.storage {
                let (_, names) = groups.entry(storage).or_insert((at, Vec::new()));
                names.push(&entry.name);
            }
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.retain(|(_, names)| names.len() > 1);
        groups.sort_unstable_by_key(|&(first, _)| first);
        groups.into_iter().map(|(_, names)| names).collect()
    }

    /// The tensor `name`, if it is there and can be given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Tensor<'_>> {
        let found = self
            .by_name
            .binary_search_by(|&at| self.entries[at].name.as_str().cmp(name));
        found
            .ok()
            .map(|at| Tensor::new(&self.entries[self.by_name[at]]))
    }

    /// The tensor `name`, or why it is not there.
    ///
    /// # Errors
    /// `InvalidArgument` if no tensor has the name, `Unsupported` if it cannot be given.
    pub fn tensor(&self, name: &str) -> Result<Tensor<'_>> {
        self.get(name).ok_or_else(|| {
            match self
                .report
                .refused
                .iter()
                .find(|refused| refused.name == name)
            {
                Some(refused) => unsupported(format!("tensor {name:?}: {}", refused.reason)),
                None => Error::new(
                    ErrorKind::InvalidArgument,
                    format!(
                        "no tensor {name:?} among the {} of the checkpoint; see their names by `ascend inspect`",
                        self.len()
                    ),
                ),
            }
        })
    }

    /// What was done to get to the tensors, and what was left.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint({}, {} tensors)", self.form, self.len())
    }
}

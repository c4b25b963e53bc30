//! A checkpoint: tensors by name.

use std::fmt;
use std::fs::File;
use std::path::Path;

use bytes::Bytes;

use super::report::Report;
use super::tensor::{Entry, Tensor};
use super::{detect, naming, safetensors, torch_zip, unsupported, within};
use crate::error::{Error, ErrorKind, Result};
use crate::map;

/// The containers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// safetensors.
    Safetensors,
    /// The zip archive that `torch.save` writes since 1.6.
    TorchZip,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safetensors => "safetensors",
            Self::TorchZip => "torch zip",
        })
    }
}

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
    form: Form,
    entries: Vec<Entry>,
    /// Indices of `entries` by name.
    by_name: Vec<usize>,
    report: Report,
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
                        "no tensor {name:?} among the {} of the checkpoint",
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

/// How to open a checkpoint.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    pub(super) at: Option<String>,
    strip: Option<String>,
    memory_limit: Option<usize>,
}

impl OpenOptions {
    /// Those of [`Checkpoint::open`]: the usual keys, `module.` stripped if every name has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the weights under this key of the outermost dict.
    #[must_use]
    pub fn at(mut self, key: impl Into<String>) -> Self {
        self.at = Some(key.into());
        self
    }

    /// Takes this prefix off every name, after `module.`.
    #[must_use]
    pub fn strip(mut self, prefix: impl Into<String>) -> Self {
        self.strip = Some(prefix.into());
        self
    }

    /// Bounds, in bytes, each of: what the description of the objects takes, what compressed
    /// records inflate to, and the copy of one tensor that is not row-major in the file.
    ///
    /// By default twice the length of the file and 64 MiB more.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    pub(super) fn memory(&self, file_len: usize) -> usize {
        self.memory_limit
            .unwrap_or_else(|| file_len.saturating_mul(2).saturating_add(64 << 20))
    }

    /// Opens the checkpoint at `path`.
    ///
    /// # Errors
    /// As [`Checkpoint::open`], and `InvalidArgument` for a key or prefix that is not there.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Checkpoint> {
        let path = path.as_ref();
        mapped(path)
            .and_then(|file| self.from_bytes(file))
            .map_err(|error| within(path.display(), &error))
    }

    /// Opens a checkpoint that is already in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open), without `Io`.
    #[allow(
        clippy::wrong_self_convention,
        reason = "the counterpart of `open`, as in Checkpoint"
    )]
    pub fn from_bytes(&self, file: impl Into<Bytes>) -> Result<Checkpoint> {
        let file = file.into();
        let form = detect::form(&file)?;
        let (mut entries, mut report) = match form {
            Form::Safetensors => safetensors::read(&file)?,
            Form::TorchZip => torch_zip::read(&file, self)?,
        };
        naming::settle(&mut entries, &mut report, self.strip.as_deref())?;
        if let (true, Some(refused)) = (entries.is_empty(), report.refused.first()) {
            let (name, reason) = (&refused.name, &refused.reason);
            return Err(unsupported(match (report.refused.len(), name.as_str()) {
                (1, "") => format!("it holds no tensors to give: {reason}"),
                (count, _) => {
                    format!("none of its {count} tensors can be given; {name:?}: {reason}")
                }
            }));
        }
        let mut by_name: Vec<usize> = (0..entries.len()).collect();
        by_name.sort_unstable_by(|&a, &b| entries[a].name.cmp(&entries[b].name));
        Ok(Checkpoint {
            form,
            entries,
            by_name,
            report,
        })
    }
}

fn mapped(path: &Path) -> Result<Bytes> {
    let io = |cause: std::io::Error| {
        Error::new(ErrorKind::Io, format!("cannot be read: {cause}")).with_source(cause)
    };
    let file = File::open(path).map_err(io)?;
    let kind = file.metadata().map_err(io)?;
    if kind.is_dir() {
        return Err(detect::directory(path));
    }
    if !kind.is_file() {
        return Err(Error::new(
            ErrorKind::Io,
            "it is no regular file; copy its content into one",
        ));
    }
    map::map(&file).map_err(io)
}

//! A checkpoint: tensors by name.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::Path;

use bytes::Bytes;

use super::detect::Container;
use super::naming::Rename;
use super::objects::Contents;
use super::report::Report;
use super::tensor::{Entry, Tensor};
use super::{
    Fault, detect, index, legacy, naming, safetensors, tar, torch_zip, unsupported, wrong,
};
use crate::error::{Error, ErrorKind, Result};
use crate::map;

/// The containers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// safetensors.
    Safetensors,
    /// safetensors in several files, by their index.
    SafetensorsSharded,
    /// The zip archive that `torch.save` writes since 1.6.
    TorchZip,
    /// Files of `torch.save` by their index.
    TorchZipSharded,
    /// The stream of pickles that `torch.save` wrote before 1.6.
    TorchLegacy,
    /// Such streams by their index.
    TorchLegacySharded,
    /// The tar archive of torch 0.1.10 and before.
    TorchTar,
    /// What `torch.jit.save` writes.
    TorchScript,
}

impl Form {
    /// The name that programs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::SafetensorsSharded => "safetensors-sharded",
            Self::TorchZip => "torch-zip",
            Self::TorchZipSharded => "torch-zip-sharded",
            Self::TorchLegacy => "torch-legacy",
            Self::TorchLegacySharded => "torch-legacy-sharded",
            Self::TorchTar => "torch-tar",
            Self::TorchScript => "torchscript",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is accepted among the weights. Neither mode runs or looks up anything, and names that only
/// an attack needs are refused in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Tensors in containers, and the classes and functions that are listed. Others may stand beside.
    #[default]
    Weights,
    /// Objects of foreign classes too, kept as their names and attributes: whole models.
    Model,
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
    beside: Vec<Entry>,
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
    rules: Vec<Rename>,
    pub(super) mode: Mode,
    pub(super) is_verified: bool,
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

    /// Renames by this rule, after stripping; rules apply in the order in which they are given.
    #[must_use]
    pub fn rename(mut self, rule: Rename) -> Self {
        self.rules.push(rule);
        self
    }

    /// Takes whole models too with [`Mode::Model`].
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Compares the checksums of zip archives with their content, which reads all of it.
    #[must_use]
    pub fn verify(mut self, is_verified: bool) -> Self {
        self.is_verified = is_verified;
        self
    }

    /// Bounds, in bytes, each of: what the description of the objects takes, what compressed
    /// records inflate to, and the copy of one tensor that is not row-major in the file.
    ///
    /// By default the length of the file and 64 MiB more.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    pub(super) fn memory(&self, file_len: usize) -> usize {
        self.memory_limit
            .unwrap_or_else(|| file_len.saturating_add(64 << 20))
    }

    /// Opens the checkpoint at `path`.
    ///
    /// # Errors
    /// As [`Checkpoint::open`], and `InvalidArgument` for a key or prefix that is not there.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Checkpoint> {
        let path = path.as_ref();
        self.read(path)
            .and_then(|(form, contents)| self.settled(form, contents))
            .map_err(|error| error.while_doing(path.display()))
    }

    fn read(&self, path: &Path) -> Result<(Form, Contents)> {
        if path.is_dir() {
            return match index::in_folder(path) {
                Some(found) => {
                    let name = found.file_name().unwrap_or_default().to_owned();
                    let read = self.read(&found);
                    read.map_err(|error| error.while_doing(name.display()))
                }
                None => Err(detect::directory(path)),
            };
        }
        let file = mapped(path)?;
        match detect::container(&file) {
            Ok(Container::Index) => index::read(path, &file, self),
            Err(error)
                if detect::is_said_to_be_safetensors(path, &error) && !detect::is_told(&file) =>
            {
                let read = safetensors::read(&file);
                read.map(|contents| (Form::Safetensors, contents))
            }
            _ => match (path.file_name(), path.parent()) {
                (Some(name), Some(folder)) if name == ".metadata" => Err(detect::directory(folder)),
                _ => self.contents(&file),
            },
        }
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
        let (form, contents) = self.contents(&file.into())?;
        self.settled(form, contents)
    }

    /// What one file holds.
    pub(super) fn contents(&self, file: &Bytes) -> Result<(Form, Contents)> {
        match detect::container(file)? {
            Container::Safetensors => Ok((Form::Safetensors, safetensors::read(file)?)),
            Container::Zip => torch_zip::read(file, self),
            Container::Legacy => Ok((Form::TorchLegacy, legacy::read(file, self)?)),
            Container::Tar => Ok((Form::TorchTar, tar::read(file, self)?)),
            Container::Index => Err(wrong(
                Fault::UnknownForm,
                "it is the index of other files, not one of them; open it by its path",
            )),
        }
    }

    /// The checkpoint, once its names are settled.
    fn settled(&self, form: Form, contents: Contents) -> Result<Checkpoint> {
        let Contents {
            mut entries,
            beside,
            mut report,
        } = contents;
        naming::settle(
            &mut entries,
            &mut report,
            self.strip.as_deref(),
            &self.rules,
        )?;
        if let (true, Some(refused)) = (entries.is_empty(), report.refused.first()) {
            let (name, reason) = (&refused.name, &refused.reason);
            let message = match (report.refused.len(), name.as_str()) {
                (1, "") => format!("it holds no tensors to give: {reason}"),
                (count, _) => {
                    format!("none of its {count} tensors can be given; {name:?}: {reason}")
                }
            };
            return Err(unsupported(message).with_fault(refused.fault));
        }
        let mut by_name: Vec<usize> = (0..entries.len()).collect();
        by_name.sort_unstable_by(|&a, &b| entries[a].name.cmp(&entries[b].name));
        Ok(Checkpoint {
            form,
            entries,
            beside,
            by_name,
            report,
        })
    }
}

/// The content of a regular file.
pub(super) fn mapped(path: &Path) -> Result<Bytes> {
    let io = |cause: std::io::Error| {
        Error::new(ErrorKind::Io, format!("cannot be read: {cause}")).with_source(cause)
    };
    let file = File::open(path).map_err(io)?;
    let kind = file.metadata().map_err(io)?;
    if !kind.is_file() {
        return Err(Error::new(
            ErrorKind::Io,
            "it is no regular file; copy its content into one",
        ));
    }
    map::map(&file).map_err(io)
}

//! Tensors into files: safetensors, and the zip archive of `torch.save`; in one file or in several
//! with an index, as Hugging Face names them.
//!
//! Both forms are written one tensor at a time, straight from where it lies, so saving needs memory
//! for one tensor at most, and for none if nothing is converted. A file appears whole or not at
//! all. The same tensors give the same bytes, wherever and whenever they are saved.

mod json;
mod new_tensor;
mod out;
mod pickle;
mod plan;
mod safetensors;
mod shards;
mod torch_zip;
mod zip;

pub(crate) use json::quoted;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use new_tensor::NewTensor;

use super::checkpoint::Checkpoint;
use super::dtype::DataType;
use super::form::Form;
use super::unsupported;
use crate::error::{Error, ErrorKind, Result};
use crate::whole::{NewFile, cannot_write};
use out::{Out, Progress};
use plan::Planned;

pub(super) mod archive {
    pub(crate) use super::out::{Out, Progress};
    pub(crate) use super::zip::Zip;
}

/// How to save tensors.
///
/// # Examples
///
/// ```
/// # fn main() -> ascend_rt::Result<()> {
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("net.pth");
/// use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
///
/// let numbers = [0.5f32, -1.0].map(f32::to_le_bytes).concat();
/// let tensors = [NewTensor::new("fc.bias", DataType::F32, [2], numbers)];
/// SaveOptions::new().dtype(DataType::F16).save(tensors, &path)?;
///
/// let checkpoint = Checkpoint::open(&path)?;
/// assert_eq!(checkpoint.tensor("fc.bias")?.dtype(), DataType::F16);
/// checkpoint.save(path.with_extension("safetensors"))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct SaveOptions {
    form: Option<Form>,
    dtype: Option<DataType>,
    max_shard_bytes: Option<u64>,
    metadata: BTreeMap<String, String>,
    overwrites: bool,
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Saved {
    /// The container.
    pub form: Form,
    /// The files in the order of their tensors; the index, if there is one, is the last.
    pub files: Vec<PathBuf>,
    /// Their length in all.
    pub bytes: u64,
    /// How many tensors they hold.
    pub tensors: usize,
    /// How many of them were converted to another element type.
    pub converted: usize,
    /// How many of them share the elements of another one, and took no space in the file.
    pub shared: usize,
    /// The converted tensors in which finite numbers became infinite.
    pub overflowed: Vec<String>,
}

impl Checkpoint {
    /// Saves the tensors and the metadata at `path`; its extension tells the form.
    ///
    /// # Errors
    /// `Unsupported` if there are tensors that cannot be given, by the report;
    /// [`SaveOptions::save`] of [`in_file_order`](Self::in_file_order) saves the others. Besides as
    /// there.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<Saved> {
        if let Some(refused) = self.report().refused.first() {
            let (name, reason) = (&refused.name, &refused.reason);
            return Err(unsupported(format!(
                "tensor {name:?} cannot be saved: {reason}; SaveOptions::save saves the others"
            )));
        }
        let pairs = self.report().metadata.iter();
        let options = pairs.fold(SaveOptions::new(), |options, (key, value)| {
            options.metadata(key, value)
        });
        options.save(self.in_file_order(), path)
    }
}

impl SaveOptions {
    /// The form by the extension, element types as they are, one file, which must not exist yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes this form: [`Form::Safetensors`] or [`Form::TorchZip`].
    ///
    /// By default the extension decides: `.safetensors`, or `.pth`, `.pt`, `.bin`, `.ckpt`,
    /// `.pth.tar` for the zip archive of torch.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.form = Some(form);
        self
    }

    /// Converts tensors of `F16`, `BF16`, `F32` and `F64` to this one of them. Others stay as they
    /// are, as with `module.half()` in torch.
    #[must_use]
    pub fn dtype(mut self, dtype: DataType) -> Self {
        self.dtype = Some(dtype);
        self
    }

    /// Splits what has more than `bytes` of tensors over several files of up to that many, and
    /// writes an index: `model.safetensors` becomes `model-00001-of-00002.safetensors`, … and
    /// `model.safetensors.index.json`. A single larger tensor gets a file of its own.
    #[must_use]
    pub fn max_shard_bytes(mut self, bytes: u64) -> Self {
        self.max_shard_bytes = Some(bytes);
        self
    }

    /// Adds a text pair to the header of safetensors; torch's form holds none.
    ///
    /// `format` is `pt` unless it is given, which libraries on top of PyTorch ask for.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Replaces files that exist. One file takes the place of an index of several, and the index that
    /// of one file.
    #[must_use]
    pub fn overwrite(mut self, overwrites: bool) -> Self {
        self.overwrites = overwrites;
        self
    }

    /// Saves `tensors`, such as those of a [`Checkpoint`], at `path`.
    ///
    /// Tensors that share all of their elements (tied weights) share them in torch's form too, and
    /// are written twice in safetensors, which knows no sharing. Views of parts are written as
    /// tensors of their own.
    ///
    /// # Errors
    /// `Io` if a file cannot be written or exists already; `Unsupported` for an element type that
    /// the form does not hold; `Shape` if bytes are not those of their shape; `InvalidArgument` for
    /// a name that is there twice, an extension that tells no form, or a form that is not written.
    /// Tensors are named, and no file is left behind.
    pub fn save<'a, T: Into<NewTensor<'a>>>(
        &self,
        tensors: impl IntoIterator<Item = T>,
        path: impl AsRef<Path>,
    ) -> Result<Saved> {
        self.save_and_tell(tensors, path, &mut |_, _| {})
    }

    /// As [`save`](Self::save), and calls `progress` with the bytes that are written, and those that
    /// there are, every few megabytes.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub fn save_and_tell<'a, T: Into<NewTensor<'a>>>(
        &self,
        tensors: impl IntoIterator<Item = T>,
        path: impl AsRef<Path>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Saved> {
        let path = path.as_ref();
        let _span = tracing::debug_span!("save weights", path = %path.display()).entered();
        let form = match self.form {
            Some(form) => form,
            None => form_of(path)?,
        };
        let tensors = tensors.into_iter().map(Into::into).collect();
        let tensors = plan::plan(tensors, form, self.dtype)?;
        let shards = shards::split(tensors, form, self.max_shard_bytes);
        let is_split = shards.len() > 1;
        let mut files = if is_split {
            shards::names(path, shards.len())?
        } else {
            vec![path.to_owned()]
        };
        // of a single file and an index, readers of the folder would take the one that is old
        let index = shards::index_path(path);
        let stale = Some(if is_split { path } else { &index });
        let stale = stale.filter(|stale| stale.is_file());
        if is_split {
            files.push(index.clone());
        }
        let mut taken = files.iter().map(PathBuf::as_path).chain(stale);
        if let Some(there) = taken.find(|file| !self.overwrites && file.exists()) {
            let message = format!(
                "cannot write {}: it exists already; allow it to be overwritten, or remove it",
                there.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        }
        let all = shards.iter().flatten();
        let mut saved = Saved {
            form,
            bytes: 0,
            tensors: all.clone().count(),
            converted: all.clone().filter(|tensor| tensor.is_converted()).count(),
            shared: 0,
            overflowed: Vec::new(),
            files,
        };
        let total = all.map(|tensor| tensor.nbytes as u64).sum();
        let mut progress = Progress::new(progress, total);
        // only what is complete appears, and the index after what it names
        let mut complete = Vec::new();
        for (shard, file) in shards.iter().zip(&saved.files) {
            let mut new = NewFile::create(file)?;
            let mut out = Out::new(&mut new, file, &mut progress);
            match form {
                Form::Safetensors => safetensors::write(shard, &self.metadata, &mut out)?,
                _ => saved.shared += torch_zip::write(shard, &mut out)?,
            }
            saved.overflowed.append(&mut out.overflowed);
            complete.push(new.complete()?);
        }
        if let Some(place) = saved.files.last().filter(|_| is_split) {
            let mut new = NewFile::create(place)?;
            let mut out = Out::new(&mut new, place, &mut progress);
            out.put(shards::index(&shards, &saved.files).as_bytes())?;
            complete.push(new.complete()?);
        }
        for file in complete {
            saved.bytes += file.appear()?;
        }
        if let Some(stale) = stale {
            fs::remove_file(stale).map_err(|error| cannot_write(stale, error))?;
        }
        Ok(saved)
    }
}

/// The form that an extension stands for.
fn form_of(path: &Path) -> Result<Form> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match &*extension.to_ascii_lowercase() {
        "safetensors" => Ok(Form::Safetensors),
        "pth" | "pt" | "bin" | "ckpt" | "tar" => Ok(Form::TorchZip),
        _ => {
            let message = format!(
                "cannot tell what to write to {}: give it the extension .safetensors, .pth, .pt, \
                 .bin or .ckpt",
                path.display()
            );
            Err(Error::new(ErrorKind::InvalidArgument, message))
        }
    }
}

/// An element type that a form does not hold.
fn not_held(tensor: &Planned<'_>, form: &str, way_out: &str) -> Error {
    let (name, dtype) = (tensor.name(), tensor.dtype);
    unsupported(format!(
        "tensor {name:?} holds {dtype}, which {form} cannot hold; {way_out}"
    ))
}

//! How to open a checkpoint, and the way from a file to one.

use std::fs::{self, File};
use std::path::Path;

use bytes::Bytes;

use super::checkpoint::Checkpoint;
use super::detect::Container;
use super::form::Form;
use super::naming::Rename;
use super::objects::Contents;
use super::{
    Fault, detect, index, legacy, naming, safetensors, tar, torch_zip, unsupported, wrong,
};
use crate::error::{Error, ErrorKind, Result};
use crate::map;

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
                let read = safetensors::read(&file, self.memory(file.len()));
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
            Container::Safetensors => Ok((
                Form::Safetensors,
                safetensors::read(file, self.memory(file.len()))?,
            )),
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
        if let (Some(key), None) = (&self.at, &report.entered) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("no key {key:?}: {form} has its tensors at the top; ask for none"),
            ));
        }
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
    // before it is opened: opening a pipe would wait for its other end
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(Error::new(
            ErrorKind::Io,
            "it is no regular file; copy its content into one",
        ));
    }
    File::open(path)
        .and_then(|file| map::map(&file))
        .map_err(io)
}

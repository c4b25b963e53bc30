//! How to open a checkpoint, and the way from a file to one.

use std::path::Path;

use ascend_graph::text;
use bytes::Bytes;

use super::budget::Budget;
use super::checkpoint::Checkpoint;
use super::detect::Container;
use super::form::Form;
use super::naming::Rename;
use super::objects::Contents;
use super::{
    Fault, detect, index, legacy, naming, safetensors, tar, torch_zip, unsupported, wrong,
};
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

    /// Bounds, in bytes, all that opening takes beside the mapped file: what the description of
    /// the objects takes and what compressed records inflate to, together. The copy of one tensor
    /// that is not row-major in the file, made when it is asked for, may take as much.
    ///
    /// By default the length of the file and 64 MiB more; of several files, the lengths of those that
    /// were come to.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    fn budget(&self) -> Budget {
        Budget::new(self.memory_limit.unwrap_or(64 << 20))
    }

    /// Adds the length of a file to the limit, unless that is a number of the caller's.
    fn admit(&self, file: &Bytes, budget: &Budget) {
        if self.memory_limit.is_none() {
            budget.raise(file.len());
        }
    }

    /// Opens the checkpoint at `path`.
    ///
    /// # Errors
    /// As [`Checkpoint::open`], and `InvalidArgument` for a key or prefix that is not there.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Checkpoint> {
        let path = path.as_ref();
        let _span = tracing::debug_span!("open weights", path = %path.display()).entered();
        let budget = self.budget();
        self.read(path, &budget)
            .and_then(|(form, contents)| self.settled(form, contents, &budget))
            .map_err(|error| {
                let error = error.with_step(text!("save or fetch the file again"));
                error.while_doing(path.display())
            })
    }

    fn read(&self, path: &Path, budget: &Budget) -> Result<(Form, Contents)> {
        if path.is_dir() {
            return match index::in_folder(path) {
                Some(found) => {
                    let name = found.file_name().unwrap_or_default().to_owned();
                    let read = self.read(&found, budget);
                    read.map_err(|error| error.while_doing(format_args!("{}", name.display())))
                }
                None => Err(detect::directory(path)),
            };
        }
        let file = Content::open(path)?;
        match detect::container(&file.bytes) {
            Ok(Container::Index) => {
                self.admit(&file.bytes, budget);
                index::read(path, &file.bytes, self, budget)
            }
            Err(error)
                if detect::is_said_to_be_safetensors(path, &error)
                    && !detect::is_told(&file.bytes) =>
            {
                self.admit(&file.bytes, budget);
                let read = safetensors::read(&file.bytes, budget);
                read.map(|contents| (Form::Safetensors, contents))
            }
            _ => match (path.file_name(), path.parent()) {
                (Some(name), Some(folder)) if name == ".metadata" => Err(detect::directory(folder)),
                _ => self.contents(&file, budget),
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
        let budget = self.budget();
        let (form, contents) = self.contents(&Content::from(file.into()), &budget)?;
        self.settled(form, contents, &budget)
    }

    /// What one file holds.
    pub(super) fn contents(&self, file: &Content, budget: &Budget) -> Result<(Form, Contents)> {
        let bytes = &file.bytes;
        self.admit(bytes, budget);
        match detect::container(bytes)? {
            Container::Safetensors => Ok((Form::Safetensors, safetensors::read(bytes, budget)?)),
            Container::Zip => torch_zip::read(file, self, budget),
            Container::Legacy => Ok((Form::TorchLegacy, legacy::read(bytes, self, budget)?)),
            Container::Tar => Ok((Form::TorchTar, tar::read(bytes, self, budget)?)),
            Container::Index => Err(wrong(
                Fault::UnknownForm,
                "it is the index of other files, not one of them; open it by its path",
            )),
        }
    }

    /// The checkpoint, once its names are settled.
    fn settled(&self, form: Form, contents: Contents, budget: &Budget) -> Result<Checkpoint> {
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
        let by_name = naming::settle(
            &mut entries,
            &mut report,
            self.strip.as_deref(),
            &self.rules,
            budget,
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
        Ok(Checkpoint {
            form,
            entries,
            beside,
            by_name,
            report,
        })
    }
}

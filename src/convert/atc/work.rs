//! What is decided before `atc` starts: the chip, the arguments and the files.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::atc::Cann;
use ascend_graph::text;

use super::arguments::{Arguments, Files, is_accepted};
use super::cache::Key;
use super::environment::Environment;
use super::toolkit::Toolkit;
use super::{cache, findings, precision, rules, soc};
use crate::convert::source::Network;
use crate::convert::{Options, Soc, files};
use crate::error::{Error, ErrorKind, Result};
use crate::whole::cannot_write;

/// A conversion that is decided on, but not begun.
pub(super) struct Work<'w> {
    pub(super) network: Network,
    pub(super) source: &'w Path,
    pub(super) destination: &'w Path,
    pub(super) options: &'w Options,
    pub(super) soc: String,
    pub(super) arguments: Arguments,
    pub(super) notes: Vec<String>,
    /// The file of ONNX that `atc` reads, unless it reads the source.
    pub(super) model: Option<PathBuf>,
    /// The `.om` that `atc` makes, without extension.
    pub(super) output: PathBuf,
    /// The configuration of preprocessing that `atc` reads.
    pub(super) aipp: Option<PathBuf>,
}

impl<'w> Work<'w> {
    /// Decides on everything; `atc` works in `folder`, and is of the release `cann` where that is known.
    pub(super) fn new(
        network: Network,
        (source, destination): (&'w Path, &'w Path),
        options: &'w Options,
        folder: &Path,
        cann: Option<Cann>,
    ) -> Result<Self> {
        let soc = match &options.soc {
            Soc::Chip(name) => name.clone(),
            Soc::Auto | Soc::Mock => soc::present()?,
        };
        let stem = stem_of(destination);
        let output = folder.join("out").join(&stem);
        let model = match &network.file {
            Some(file) if is_readable(file) => None,
            _ => Some(folder.join(format!("{stem}.onnx"))),
        };
        let aipp = (!options.aipp.is_empty()).then(|| folder.join(format!("{stem}.aipp.cfg")));
        let files = Files {
            model: model.as_deref().unwrap_or(source),
            output: &output,
            aipp: aipp.as_deref(),
        };
        let arguments = Arguments::new(options, &soc, files)?;
        let mut notes = rules::check(&arguments, options, &soc)?;
        let told = findings::check(&network, options, &soc, cann);
        notes.extend(told.map_err(|error| error.while_doing(source.display()))?);
        notes.extend(precision::note(&arguments));
        Ok(Self {
            network,
            source,
            destination,
            options,
            soc,
            arguments,
            notes,
            model,
            output,
            aipp,
        })
    }

    pub(super) fn aipp_text(&self) -> String {
        self.options.aipp.iter().map(ToString::to_string).collect()
    }

    /// Hashes everything that the result depends on; nothing where that is too much to look at.
    pub(super) fn key(&self, toolkit: &Toolkit, environment: &Environment) -> Result<Option<Key>> {
        let mut key = Key::new();
        toolkit.identity().iter().for_each(|fact| key.add(fact));
        for variable in ["ASCEND_OPP_PATH", "ASCEND_CUSTOM_OPP_PATH"] {
            let value = environment.get(variable).unwrap_or_default();
            key.add(value.as_encoded_bytes());
        }
        for folder in environment.custom_operators() {
            if !key.add_listing(&folder) {
                return Ok(None);
            }
        }
        key.add(
            self.output
                .file_name()
                .unwrap_or_default()
                .as_encoded_bytes(),
        );
        let is_temporary = |name: &str| matches!(name, "model" | "output" | "insert_op_conf");
        for (name, value) in self
            .arguments
            .items()
            .filter(|(name, _)| !is_temporary(name))
        {
            key.add(name);
            key.add(value);
        }
        key.add(self.aipp_text());
        let files = self.arguments.files().map(|(_, file)| file.to_owned());
        let own = self.network.file.iter().chain(&self.network.beside);
        for file in files.chain(own.cloned()) {
            key.add_file(&file).map_err(|error| {
                Error::of_io(text!("cannot read {file}", file = file.display()), error)
            })?;
        }
        if self.network.file.is_none() {
            let hashed = key.add_rope(&self.network.model.to_rope());
            hashed.map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
        }
        Ok(Some(key))
    }

    /// Writes what `atc` reads.
    pub(super) fn write_inputs(&self) -> Result<()> {
        match (&self.model, &self.network.file) {
            (None, _) => {}
            (Some(path), Some(source)) if self.network.beside.is_empty() => {
                fs::copy(source, path).map_err(|error| cannot_write(path, error))?;
            }
            (Some(path), _) => {
                files::write(&self.network.model, path, false, &mut Vec::new())?;
            }
        }
        if let Some(path) = &self.aipp {
            fs::write(path, self.aipp_text()).map_err(|error| cannot_write(path, error))?;
        }
        Ok(())
    }
}

/// Tells whether `atc` takes the path of the file.
fn is_readable(file: &Path) -> bool {
    let whole = std::path::absolute(file).ok();
    whole.is_some_and(|path| path.to_str().is_some_and(is_accepted))
}

/// The destination's name for `atc`, which takes few signs.
fn stem_of(destination: &Path) -> String {
    let stem = destination
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    if is_accepted(&stem) {
        stem.into_owned()
    } else {
        // files of weights have names after it, and those of two models may lie in one folder
        let mut digest = cache::digest_of_bytes(stem.as_bytes());
        digest.truncate(8);
        format!("model_{digest}")
    }
}

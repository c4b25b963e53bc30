//! What is decided before `atc` starts: the chip, the arguments and the files.

use std::fs;
use std::path::{Component, Path, PathBuf};

use ascend_graph::onnx;

use super::arguments::{Arguments, Files, is_accepted};
use super::cache::Key;
use super::environment::{Environment, Toolkit};
use super::{precision, rules, soc};
use crate::convert::source::Network;
use crate::convert::{Options, Soc, write_whole};
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
    /// Decides on everything, with what is to be read in `inputs` and the result in `output`.
    pub(super) fn new(
        network: Network,
        (source, destination): (&'w Path, &'w Path),
        options: &'w Options,
        (inputs, output): (&Path, PathBuf),
    ) -> Result<Self> {
        let soc = match &options.soc {
            Soc::Chip(name) => name.clone(),
            Soc::Auto | Soc::Mock => soc::present()?,
        };
        soc::check(&soc)?;
        let stem = output
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let model = match &network.file {
            Some(file) if is_readable(file) => None,
            _ => Some(inputs.join(format!("{stem}.onnx"))),
        };
        let aipp = (!options.aipp.is_empty()).then(|| inputs.join(format!("{stem}.aipp.cfg")));
        let files = Files {
            model: model.as_deref().unwrap_or(source),
            output: &output,
            aipp: aipp.as_deref(),
        };
        let arguments = Arguments::new(options, &soc, files)?;
        let mut notes = rules::check(&arguments, options, &soc)?;
        check_model(&network.model, options)
            .map_err(|error| error.while_doing(source.display()))?;
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

    /// The files with the model's data beside it.
    pub(super) fn external_files(&mut self) -> Result<Vec<PathBuf>> {
        let mut locations = Vec::new();
        self.network.model.resolve_external(|location| {
            if !locations.iter().any(|known| known == location) {
                locations.push(location.to_owned());
            }
            Ok(None)
        })?;
        let folder = self.source.parent().unwrap_or(Path::new(""));
        let file = |location: String| {
            let inside = Path::new(&location);
            let is_inside = inside
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            let path = folder.join(inside);
            if is_inside && path.is_file() {
                return Ok(path);
            }
            let message = format!(
                "{} has data in the file {location:?}, which is not beside it (E10041): put it there",
                self.source.display()
            );
            Err(Error::new(ErrorKind::Io, message))
        };
        let files: Vec<PathBuf> = locations.into_iter().map(file).collect::<Result<_>>()?;
        if self.model.is_some() && !files.is_empty() {
            let message = format!(
                "atc takes no path such as {}, and the model has data beside it: rename folder and \
                 file, with only letters, digits and the signs _-. in their names",
                self.source.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok(files)
    }

    /// Hashes everything that the result depends on, with the model's `external` files.
    pub(super) fn key(
        &self,
        toolkit: &Toolkit,
        environment: &Environment,
        external: Vec<PathBuf>,
    ) -> Result<Key> {
        let mut key = Key::new();
        toolkit.identity().iter().for_each(|fact| key.add(fact));
        for variable in ["ASCEND_OPP_PATH", "ASCEND_CUSTOM_OPP_PATH"] {
            let value = environment.get(variable).unwrap_or_default();
            key.add(value.as_encoded_bytes());
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
        for file in files.chain(self.network.file.clone()).chain(external) {
            key.add_file(&file).map_err(|error| {
                let message = format!("cannot read {}: {error}", file.display());
                Error::new(ErrorKind::Io, message).with_source(error)
            })?;
        }
        if self.network.file.is_none() {
            let hashed = key.add_rope(&self.network.model.to_rope());
            hashed.map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
        }
        Ok(key)
    }

    /// Writes what `atc` reads.
    pub(super) fn write_inputs(&self) -> Result<()> {
        match (&self.model, &self.network.file) {
            (None, _) => {}
            (Some(path), Some(source)) => {
                fs::copy(source, path).map_err(|error| cannot_write(path, error))?;
            }
            (Some(path), None) => {
                write_whole(path, |file| {
                    let rope = self.network.model.to_rope();
                    let written = rope.write_to(file);
                    written.map_err(|error| cannot_write(path, error))
                })?;
            }
        }
        if let Some(path) = &self.aipp {
            fs::write(path, self.aipp_text()).map_err(|error| cannot_write(path, error))?;
        }
        Ok(())
    }
}

/// What can be told of the model that `atc` would not take, with these options.
fn check_model(model: &onnx::Model, options: &Options) -> Result<()> {
    let inputs = model.inputs()?;
    let refused = |why: String| Err(Error::new(ErrorKind::InvalidArgument, why));
    let names = || {
        inputs
            .iter()
            .map(|input| &*input.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (index, shape) in options.input_shapes.iter().enumerate() {
        let input = match &shape.name {
            Some(name) => inputs.iter().find(|input| input.name == *name),
            None => inputs.get(index),
        };
        let Some(input) = input else {
            return refused(format!(
                "--input-shape {shape} is for no input of the model, which has {} (E10016)",
                names()
            ));
        };
        let rank = input.dims.as_ref().map(Vec::len);
        if let Some(rank) = rank.filter(|rank| *rank != shape.axes.len()) {
            return refused(format!(
                "--input-shape {shape} has {} dimensions, the input {input} has {rank} (E10049)",
                shape.axes.len()
            ));
        }
    }
    for name in options.aipp.iter().map(|op| &op.related_input_name) {
        if !name.is_empty() && !inputs.iter().any(|input| input.name == *name) {
            return refused(format!(
                "AIPP is for the input {name:?}, and the model has {} (E10052)",
                names()
            ));
        }
    }
    Ok(())
}

/// Tells whether `atc` takes the path of the file.
fn is_readable(file: &Path) -> bool {
    let whole = std::path::absolute(file).ok();
    whole.is_some_and(|path| path.to_str().is_some_and(is_accepted))
}

/// The destination's name for `atc`, which takes few signs.
pub(super) fn stem_of(destination: &Path) -> String {
    let stem = destination
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    if is_accepted(&stem) {
        stem.into_owned()
    } else {
        "model".to_owned()
    }
}

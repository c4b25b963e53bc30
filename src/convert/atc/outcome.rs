//! The files that `atc` made, and their way to where they belong.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ascend_graph::text;

use super::cache::digest_of;
use crate::error::{Error, ErrorKind, Result};
use crate::whole::{NewFile, WrittenFile, cannot_write};

/// The folder of weights beside an `.om`.
const WEIGHTS: &str = "weight";

/// An `.om`, and its files of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) om: PathBuf,
    pub(super) weights: Vec<PathBuf>,
}

impl Made {
    /// What is there for `--output=` this: under that name, or with system and processor in it for
    /// a model with code for the host.
    pub(super) fn find(output: &Path) -> io::Result<Option<Self>> {
        let (Some(folder), Some(stem)) = (output.parent(), output.file_name()) else {
            return Ok(None);
        };
        let stem = stem.to_string_lossy();
        let mut found = Vec::new();
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let rest = name
                .strip_prefix(&*stem)
                .and_then(|rest| rest.strip_suffix(".om"));
            let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
            if is_ours && fs::metadata(&path)?.len() > 0 {
                found.push(path);
            }
        }
        found.sort_by_key(|path| path.as_os_str().len());
        let mut weights = Vec::new();
        for file in fs::read_dir(folder.join(WEIGHTS)).into_iter().flatten() {
            let path = file?.path();
            if path.is_file() {
                weights.push(path);
            }
        }
        weights.sort();
        Ok(found.into_iter().next().map(|om| Self { om, weights }))
    }

    /// The `.om`, then the weights.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let weights = self.weights.iter().map(PathBuf::as_path);
        [&*self.om].into_iter().chain(weights)
    }

    pub(super) fn bytes(&self) -> io::Result<u64> {
        self.files().try_fold(0_u64, |sum, file| {
            Ok(sum.saturating_add(fs::metadata(file)?.len()))
        })
    }

    /// System and processor of the host that the model is for, such as `linux_aarch64`.
    pub(super) fn host(&self, stem: &str) -> Option<String> {
        let name = self.om.file_stem()?.to_str()?;
        let host = name.strip_prefix(stem)?.strip_prefix('_')?;
        Some(host.to_owned())
    }

    /// Copies the files to `destination` and beside it, the `.om` last; gives its size in bytes.
    pub(super) fn install(&self, destination: &Path) -> Result<u64> {
        let folder = destination.with_file_name(WEIGHTS);
        // files of a model that is replaced are replaced with it
        if destination.symlink_metadata().is_err() {
            self.ensure_free(&folder)?;
        }
        if !self.weights.is_empty() {
            fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
        }
        let om = copy(&self.om, destination)?;
        let mut complete = Vec::new();
        for file in &self.weights {
            let name = file.file_name().unwrap_or_default();
            complete.push(copy(file, &folder.join(name))?);
        }
        for file in complete {
            file.appear()?;
        }
        om.appear()
    }

    /// Refuses to write over weights of another model.
    fn ensure_free(&self, folder: &Path) -> Result<()> {
        for file in &self.weights {
            let there = folder.join(file.file_name().unwrap_or_default());
            if there.symlink_metadata().is_err() {
                continue;
            }
            if digest_of(&there).ok() != digest_of(file).ok() {
                let message = format!(
                    "{} is there already, most likely of another model, and is not replaced: give \
                     the new model another name or folder",
                    there.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
        }
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<WrittenFile> {
    let mut source = File::open(from)
        .map_err(|error| Error::of_io(text!("cannot read {file}", file = from.display()), error))?;
    let mut file = NewFile::create(to)?;
    io::copy(&mut source, &mut file).map_err(|error| cannot_write(to, error))?;
    file.complete()
}

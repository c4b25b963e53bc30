//! The tensors between the operators of a measured model, as `--dump` has them written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_rt::dump::{DumpConfig, Mode};
use ascend_rt::files::NewFile;
use ascend_rt::{AclConfig, Error, ErrorKind};

use super::inputs::invalid;
use super::options::Args;
use crate::dump;
use crate::weights::escaped;

/// The configuration in the output folder, as `ais_bench` calls it.
const CONFIGURATION: &str = "acl.json";

/// What the runtime is told at its start, and what is looked for at the end.
#[derive(Debug, Default)]
pub(super) struct Dumping {
    config: AclConfig,
    /// The folder that gets the dumps, and what was there before.
    folder: Option<(PathBuf, BTreeSet<PathBuf>)>,
    is_converted: bool,
}

impl Dumping {
    /// Writes and reads what the options ask for.
    pub(super) fn begin(args: &Args) -> Result<Self> {
        let asked = &args.dumping;
        if let Some(file) = &asked.acl_json_path {
            return Ok(Self {
                config: AclConfig::from_file(file)?,
                ..Self::default()
            });
        }
        if !asked.dump {
            if asked.dump_npy {
                let message = "--dump-npy converts what --dump writes: give that too".to_owned();
                return Err(invalid(message).into());
            }
            return Ok(Self::default());
        }
        let Some(output) = &args.output else {
            let message = "--dump writes into the output folder: give --output".to_owned();
            return Err(invalid(message).into());
        };
        let folder = output.join("dump");
        fs::create_dir_all(&folder).map_err(|error| {
            Error::of_io(
                format_args!("cannot make the folder {}", folder.display()),
                error,
            )
        })?;
        let dumped = DumpConfig::new(&folder)
            .model_of(args.model())
            .mode(Mode::All);
        let config = AclConfig::new().dump(dumped);
        let place = output.join(CONFIGURATION);
        let mut file = NewFile::create(&place)?;
        file.put(config.to_json()?.as_bytes())?;
        file.finish()?;
        let before = folders(&folder)?;
        Ok(Self {
            config: AclConfig::from_file(&place)?,
            folder: Some((folder, before)),
            is_converted: asked.dump_npy,
        })
    }

    pub(super) fn config(&self) -> &AclConfig {
        &self.config
    }

    /// Tells where the dumps are, and converts them. The runtime is gone by now, so that they are
    /// whole.
    pub(super) fn end(self) -> Result<()> {
        let Some((folder, before)) = self.folder else {
            return Ok(());
        };
        let mut err = io::stderr().lock();
        let new: Vec<PathBuf> = folders(&folder)?.difference(&before).cloned().collect();
        if new.is_empty() {
            let message = format!(
                "no dump came into {}: the device wrote none; see its log by --log-level warn",
                folder.display()
            );
            return Err(Error::new(ErrorKind::Execution, message).into());
        }
        for run in new {
            writeln!(
                err,
                "note: dumps in {}",
                escaped(&run.display().to_string())
            )?;
            if self.is_converted {
                let mut name = run.file_name().unwrap_or_default().to_owned();
                name.push("_npy");
                let place = run.with_file_name(name);
                let count = dump::convert(&run, &place, false)?;
                let place = place.display().to_string();
                writeln!(err, "note: {count} tensors as .npy in {}", escaped(&place))?;
            }
        }
        Ok(())
    }
}

/// The folders in a folder.
fn folders(folder: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let cannot = |error| Error::of_io(format_args!("cannot read {}", folder.display()), error);
    let mut folders = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.is_dir() {
            folders.insert(path);
        }
    }
    Ok(folders)
}

//! The tensors between the operators of a measured model, as `--dump` has them written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_graph::{counted, text};
use ascend_rt::dump::{DumpConfig, Mode};
use ascend_rt::files::NewFile;
use ascend_rt::{AclConfig, Error, ErrorKind};
use serde_json::Value;

use super::inputs::invalid;
use super::options::Args;
use crate::dump;
use crate::weights::escaped;

/// The configuration in the output folder, as `ais_bench` calls it.
const CONFIGURATION: &str = "acl.json";

/// Folders within folders of a dump: of the moment, device, model, its number, run.
const MOST_DEPTH: usize = 8;

/// What the runtime is told at its start, and what is looked for at the end.
#[derive(Debug, Default)]
pub(super) struct Dumping {
    config: AclConfig,
    /// Where dumps come, if they are waited for.
    folder: Option<PathBuf>,
    /// The files that were there before.
    before: BTreeSet<PathBuf>,
    /// Whether the configuration is of ours.
    is_own: bool,
}

impl Dumping {
    /// Reads what the options ask for. Nothing is written yet.
    pub(super) fn asked(args: &Args) -> Result<Self> {
        let asked = &args.dumping;
        if let Some(file) = &asked.acl_json_path {
            if asked.dump {
                let message = "note: --dump is ignored: --acl-json-path tells what is dumped";
                writeln!(io::stderr(), "{message}")?;
            }
            return Ok(Self {
                config: AclConfig::from_file(file)?,
                folder: asked.dump_npy.then(|| dump_path(file)).transpose()?,
                ..Self::default()
            });
        }
        if !asked.dump {
            if asked.dump_npy {
                let message = text!("--dump-npy converts what --dump writes: give that too");
                return Err(invalid(message).into());
            }
            return Ok(Self::default());
        }
        let Some(output) = &args.output else {
            let message = text!("--dump writes into the output folder: give --output");
            return Err(invalid(message).into());
        };
        let folder = output.join("dump");
        let dumped = DumpConfig::new(&folder)
            .model_of(args.model())
            .mode(Mode::All);
        Ok(Self {
            config: AclConfig::new().dump(dumped),
            folder: Some(folder),
            is_own: true,
            ..Self::default()
        })
    }

    /// What the runtime is started with. The folder for the dumps is made.
    pub(super) fn begin(&mut self) -> Result<&AclConfig, Error> {
        if let Some(folder) = &self.folder {
            if self.is_own {
                fs::create_dir_all(folder).map_err(|error| {
                    let folder = folder.display();
                    Error::of_io(format_args!("cannot make the folder {folder}"), error)
                })?;
            }
            add_files(folder, 0, &mut self.before)?;
        }
        Ok(&self.config)
    }

    /// Tells where the dumps are, converts them, and keeps the configuration. The runtime is gone by
    /// now, so that they are whole. A measurement that was stopped may have none.
    pub(super) fn end(self, args: &Args, is_stopped: bool) -> Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        if self.is_own {
            self.keep(&folder.with_file_name(CONFIGURATION), args.overwrite)?;
        }
        let mut files = BTreeSet::new();
        add_files(folder, 0, &mut files)?;
        let new = files.difference(&self.before);
        // Files beside the folders of dumps are no dumps.
        let folders: BTreeSet<PathBuf> = new.filter_map(|file| dump_of(folder, file)).collect();
        if folders.is_empty() && !is_stopped {
            let message = format!(
                "no dump came into {}: the device wrote none; see its log by --log-level warn",
                folder.display()
            );
            return Err(Error::new(ErrorKind::Execution, message).into());
        }
        let mut err = io::stderr().lock();
        for run in folders {
            let told = run.display().to_string();
            writeln!(err, "note: dumps in {}", escaped(&told))?;
            if args.dumping.dump_npy {
                let mut name = run.file_name().unwrap_or_default().to_owned();
                name.push("_npy");
                let place = run.with_file_name(name);
                // Dumps of the same second may be in one folder, of which some were converted.
                let is_old = self.before.iter().any(|file| file.starts_with(&run));
                let count = dump::convert(&run, &place, is_old)?;
                let place = place.display().to_string();
                let tensors = counted(count, "tensor");
                writeln!(err, "note: {tensors} as .npy in {}", escaped(&place))?;
            }
        }
        Ok(())
    }

    /// Writes the configuration to a file, for use by itself. Another one stays.
    fn keep(&self, place: &Path, is_overwritten: bool) -> Result<()> {
        let text = self.config.to_json()?;
        match fs::read(place) {
            Ok(there) if there == text.as_bytes() => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            _ if is_overwritten => {}
            _ => {
                let place = place.display().to_string();
                writeln!(
                    io::stderr(),
                    "note: {} is another configuration, and stays; --overwrite replaces it by that of --dump",
                    escaped(&place)
                )?;
                return Ok(());
            }
        }
        let mut file = NewFile::create(place)?;
        file.put(text.as_bytes())?;
        file.finish()?;
        Ok(())
    }
}

/// The folder that a configuration, which was checked, names for dumps.
fn dump_path(file: &Path) -> Result<PathBuf, Error> {
    let text = fs::read_to_string(file)
        .map_err(|error| Error::of_io(text!("cannot read {file}", file = file.display()), error))?;
    let value: Option<Value> = serde_json::from_str(&text).ok();
    let path = value.as_ref().and_then(|value| {
        let path = value.get("dump")?.get("dump_path")?;
        path.as_str().map(PathBuf::from)
    });
    path.ok_or_else(|| {
        invalid(format!(
            "--dump-npy converts dumps, and {} asks for none: write a \"dump\" with a \"dump_path\" there, or leave \
             out --acl-json-path and give --dump",
            file.display()
        ))
    })
}

/// The folder of the dump that a file is of.
fn dump_of(folder: &Path, file: &Path) -> Option<PathBuf> {
    let mut parts = file.strip_prefix(folder).ok()?.components();
    let first = parts.next()?;
    parts.next().map(|_| folder.join(first))
}

/// Adds the files of a folder and of those within it.
fn add_files(folder: &Path, depth: usize, files: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    let cannot = |error| Error::of_io(format_args!("cannot read {}", folder.display()), error);
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        if !entry.file_type().map_err(cannot)?.is_dir() {
            files.insert(entry.path());
        } else if depth < MOST_DEPTH {
            add_files(&entry.path(), depth + 1, files)?;
        }
    }
    Ok(())
}

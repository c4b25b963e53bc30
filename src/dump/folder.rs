//! A folder of dumps, as runs leave it.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::name::{Name, Place};
use crate::error::{Error, ErrorKind, Result};
use crate::files;

/// Folders within folders that are looked at.
const MOST_DEPTH: usize = 12;

/// Files that are listed.
const MOST_FILES: usize = 1 << 20;

/// A table of long names above this is not read.
const MOST_TABLE_BYTES: usize = 64 << 20;

/// The file with the names that were too long for a file.
const TABLE: &str = "mapping.csv";

/// The dumps in a folder and those below it.
#[derive(Clone, Debug)]
pub struct DumpFolder {
    path: PathBuf,
    files: Vec<DumpedOperator>,
}

/// The dump of one operator in one run: a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DumpedOperator {
    /// The file.
    pub path: PathBuf,
    /// The operator's type.
    pub kind: String,
    /// The operator's name, with `_` for slashes, dots and blanks.
    pub operator: String,
    /// The number of its task.
    pub task: u64,
    /// The number of its stream; older runtimes do not tell it.
    pub stream: Option<u64>,
    /// When it was written, in microseconds since 1970.
    pub time: u64,
    /// The number of the device, where the folders tell it.
    pub device: Option<u32>,
    /// The model's name, where the folders tell it.
    pub model: Option<String>,
    /// The model's number in its process, where the folders tell it.
    pub model_id: Option<u32>,
    /// Which run of the model it is, where the folders tell it.
    pub run: Option<u64>,
}

impl DumpFolder {
    /// Lists the dumps in `path`, which is a folder, or one of the files. Nothing of them is read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::Format`] when there is no dump in it,
    /// [`ErrorKind::Unsupported`] when there are too many.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut files = Vec::new();
        let is_folder = fs::metadata(path)
            .map_err(|error| cannot_read(path, error))?
            .is_dir();
        if is_folder {
            list(path, 0, &mut files)?;
        } else {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            files.extend(dumped(path, &place_of(&folder), &HashMap::new()));
        }
        if files.is_empty() {
            let message = format!(
                "{}: no file in it is called as dumps are (TYPE.OPERATOR.TASK.STREAM.TIME): name the folder that the \
                 configuration gave as dump_path, and see whether the model was loaded after the dump was begun",
                path.display()
            );
            return Err(Error::new(ErrorKind::Format, message));
        }
        files.sort_by(|a, b| {
            (&a.model, a.run, a.time, a.task, &a.path)
                .cmp(&(&b.model, b.run, b.time, b.task, &b.path))
        });
        Ok(Self {
            path: path.to_owned(),
            files,
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All dumps: by model, run, and in the order in which they were written.
    #[must_use]
    pub fn files(&self) -> &[DumpedOperator] {
        &self.files
    }

    /// The dumps of the operator with this name, as the model has it.
    pub fn of_operator(&self, name: &str) -> impl Iterator<Item = &DumpedOperator> {
        let name = file_name_of(name);
        self.files.iter().filter(move |file| file.operator == name)
    }

    /// The dumps of one run of a model: for the first of several processes or runs, `run` is the
    /// least number that [`DumpFolder::files`] has.
    pub fn of_run(&self, model: &str, run: u64) -> impl Iterator<Item = &DumpedOperator> {
        self.files
            .iter()
            .filter(move |file| file.model.as_deref() == Some(model) && file.run == Some(run))
    }
}

/// An operator's name as names of files have it.
#[must_use]
pub(crate) fn file_name_of(name: &str) -> String {
    name.replace(['/', '\\', '.', ' '], "_")
}

fn list(folder: &Path, depth: usize, files: &mut Vec<DumpedOperator>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| cannot_read(folder, error))?;
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let (place, names) = (Place::of(&whole), long_names(folder));
    for entry in entries {
        let entry = entry.map_err(|error| cannot_read(folder, error))?;
        // Links are not followed: dumps have none, and these could lead in a circle.
        let kind = entry
            .file_type()
            .map_err(|error| cannot_read(folder, error))?;
        if kind.is_dir() && depth < MOST_DEPTH {
            list(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() {
            files.extend(dumped(&entry.path(), &place, &names));
        }
        if files.len() > MOST_FILES {
            let message = format!(
                "{}: there are more than {MOST_FILES} dumps in it: name a folder of one run",
                folder.display()
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

fn place_of(folder: &Path) -> Place {
    Place::of(&std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()))
}

fn dumped(
    path: &Path,
    place: &Place,
    long_names: &HashMap<String, String>,
) -> Option<DumpedOperator> {
    let name = path.file_name()?.to_str()?;
    let name = Name::of(long_names.get(name).map_or(name, String::as_str))?;
    Some(DumpedOperator {
        path: path.to_owned(),
        kind: name.kind,
        operator: name.operator,
        task: name.task,
        stream: name.stream,
        time: name.time,
        device: place.device,
        model: place.model.clone(),
        model_id: place.model_id,
        run: place.run,
    })
}

/// The names that files in this folder stand for, where those are too long.
fn long_names(folder: &Path) -> HashMap<String, String> {
    let table = folder.join(TABLE);
    let content = if table.is_file() {
        files::map(&table).ok()
    } else {
        None
    };
    let Some(content) = content.filter(|content| content.len() <= MOST_TABLE_BYTES) else {
        return HashMap::new();
    };
    let text = String::from_utf8_lossy(&content);
    let pairs = text.lines().filter_map(|line| line.split_once(','));
    pairs
        .map(|(short, long)| (short.trim().to_owned(), long.trim().to_owned()))
        .collect()
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    let message = format!(
        "cannot read {}: {error}; name a folder of dumps that is there",
        path.display()
    );
    Error::new(ErrorKind::Io, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_found_by_model_run_and_operator() {
        let root = tempfile::tempdir().unwrap();
        let run = |run: &str| root.path().join("20260131120000/0/net/1").join(run);
        for folder in ["0", "1"] {
            fs::create_dir_all(run(folder)).unwrap();
        }
        for (folder, name) in [
            ("0", "Relu.block_1_relu.2.3.20"),
            ("0", "Conv2D.conv1.1.3.10"),
            ("1", "Conv2D.conv1.1.3.30"),
            ("1", "123456"),
            ("1", "notes.txt"),
        ] {
            fs::write(run(folder).join(name), b"").unwrap();
        }
        fs::write(run("1").join(TABLE), "123456,Add.long_name.9.3.40\n").unwrap();
        let folder = DumpFolder::open(root.path()).unwrap();
        let names: Vec<_> = folder
            .files()
            .iter()
            .map(|file| (&*file.kind, file.run))
            .collect();
        assert_eq!(
            names,
            [
                ("Conv2D", Some(0)),
                ("Relu", Some(0)),
                ("Conv2D", Some(1)),
                ("Add", Some(1))
            ]
        );
        assert_eq!(folder.of_operator("block.1/relu").count(), 1);
        assert_eq!(folder.of_run("net", 1).count(), 2);
        let one = DumpFolder::open(run("0").join("Conv2D.conv1.1.3.10")).unwrap();
        assert_eq!(one.files()[0].model.as_deref(), Some("net"));
        for (path, says) in [
            (run("1").join("notes.txt"), "no file in it"),
            (run("9"), "cannot read"),
        ] {
            let error = DumpFolder::open(path).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}

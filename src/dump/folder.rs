//! A folder of dumps, as runs leave it.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::place::Place;
use ascend_graph::DataType;
use ascend_graph::dump::{DumpFile, DumpName, DumpTensor};

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::tensor::Tensor;

/// Folders within folders that are looked at.
const MOST_DEPTH: usize = 12;

/// Files and folders that are looked at.
const MOST_ENTRIES: usize = 1 << 20;

/// A table of long names above this is not read.
const MOST_TABLE_BYTES: usize = 64 << 20;

/// The longest name of a dump whose tensors' files are called after it, in bytes: file systems take
/// 255, of which the tensor's number and the end of a file that is being written need some.
const MOST_STEM: usize = 200;

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
    /// The operator's name, with `_` for slashes, dots and blanks; empty for one that failed, whose
    /// file's name does not tell it.
    pub operator: String,
    /// The number of its task.
    pub task: u64,
    /// The number of its stream; older runtimes do not tell it, which is 0 here.
    pub stream: u64,
    /// When it was written, in microseconds since 1970; for an operator that failed, maybe date and
    /// time of day in 17 digits.
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
        let mut listing = Listing::default();
        let is_folder = fs::metadata(path)
            .map_err(|error| cannot_read(path, error))?
            .is_dir();
        if is_folder {
            listing.add(path, 0)?;
        } else {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let found = dumped(path, &place_of(&folder), &HashMap::new());
            listing.files.extend(found);
        }
        let mut files = listing.files;
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
        let name = DumpName::escape(name);
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

impl DumpedOperator {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::Format`] when it is damaged or no dump,
    /// [`ErrorKind::Unsupported`] for element types that are not known.
    pub fn read(&self) -> Result<DumpFile> {
        let content = files::map(&self.path)?;
        let file = DumpFile::read(&content).map_err(Error::from);
        file.map_err(|error| error.while_doing(self.path.display()))
    }

    /// Writes each tensor of the file to `folder` as `.npy`, called as CANN's own converter calls
    /// them: `<name of the file>.<input|output>.<number>.npy`. Digits stand for a name that is too
    /// long for that, and `mapping.csv` in `folder` tells which. Elements of bf16 become f32, which
    /// holds them all.
    ///
    /// # Errors
    ///
    /// As for [`DumpedOperator::read`], and [`Tensor::write_npy`].
    pub fn write_npy(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let (file, stem) = (self.read()?, self.stem(folder)?);
        let mut written = Vec::new();
        for (side, tensors) in [("input", &file.inputs), ("output", &file.outputs)] {
            for (index, tensor) in tensors.iter().enumerate() {
                let mut name = stem.clone();
                name.push(format!(".{side}.{index}.npy"));
                let place = folder.join(name);
                let doing = || format!("{}: {side} {index}", self.path.display());
                let tensor = host(tensor).map_err(|error| error.while_doing(doing()))?;
                tensor.write_npy(&place)?;
                written.push(place);
            }
        }
        Ok(written)
    }

    /// What the names of the tensors' files begin with, which a table tells if it is digits.
    fn stem(&self, folder: &Path) -> Result<OsString> {
        let name = self.path.file_name().unwrap_or_default();
        if name.len() <= MOST_STEM {
            return Ok(name.to_owned());
        }
        let digits = format!("{}{:06}{:06}", self.time, self.stream, self.task);
        let table = folder.join(TABLE);
        let line = format!("{digits},{}\n", name.display());
        let mut options = OpenOptions::new();
        let opened = options.create(true).append(true).open(&table);
        let told = opened.and_then(|mut table| table.write_all(line.as_bytes()));
        told.map_err(|error| {
            Error::of_io(format_args!("cannot write {}", table.display()), error)
        })?;
        Ok(digits.into())
    }
}

/// A dumped tensor as one of the host, in a type that NumPy has.
fn host(tensor: &DumpTensor) -> Result<Tensor<'static>> {
    let elements = tensor.elements()?;
    let (dtype, bytes) = match tensor.dtype {
        DataType::BF16 => {
            let numbers = elements.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
            let wide =
                numbers.flat_map(|pair| half::bf16::from_le_bytes(pair).to_f32().to_ne_bytes());
            (DataType::F32, wide.collect())
        }
        dtype => (dtype, elements.to_vec()),
    };
    Ok(Tensor {
        dtype,
        shape: tensor.dims.clone().into(),
        bytes: bytes.into(),
    })
}

/// What was found so far.
#[derive(Default)]
struct Listing {
    files: Vec<DumpedOperator>,
    /// Entries that were looked at.
    seen: usize,
}

impl Listing {
    fn add(&mut self, folder: &Path, depth: usize) -> Result<()> {
        let cannot = |error| cannot_read(folder, error);
        let (place, names) = (place_of(folder), long_names(folder));
        for entry in fs::read_dir(folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            // Links are not followed: dumps have none, and these could lead in a circle.
            let kind = entry.file_type().map_err(cannot)?;
            self.seen += 1;
            if self.seen > MOST_ENTRIES {
                let message = format!(
                    "{}: more than {MOST_ENTRIES} files are below it: name a folder of dumps of one run",
                    folder.display()
                );
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            if kind.is_dir() && depth < MOST_DEPTH {
                self.add(&entry.path(), depth + 1)?;
            } else if kind.is_file() {
                self.files.extend(dumped(&entry.path(), &place, &names));
            }
        }
        Ok(())
    }
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
    let name = DumpName::parse(long_names.get(name).map_or(name, String::as_str))?;
    Some(DumpedOperator {
        path: path.to_owned(),
        kind: name.op_type,
        operator: name.op_name,
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
    fn tensors_of_long_names_are_written_and_told() {
        let root = tempfile::tempdir().unwrap();
        let long = format!("Relu.{}.2.3.20", "n".repeat(240));
        let mut file = DumpFile::new("long");
        let bytes = 1_f32.to_le_bytes().to_vec();
        file.outputs = vec![DumpTensor::new(DataType::F32, vec![1], bytes.into())];
        let place = root.path().join(&long);
        fs::write(&place, file.to_rope().unwrap().to_bytes()).unwrap();
        let folder = DumpFolder::open(root.path()).unwrap();
        let to = tempfile::tempdir().unwrap();
        let written = folder.files()[0].write_npy(to.path()).unwrap();
        assert!(written[0].is_file());
        let name = written[0].file_name().unwrap().to_str().unwrap();
        let digits = name.strip_suffix(".output.0.npy").unwrap();
        assert_eq!(long_names(to.path())[digits], long);
    }

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

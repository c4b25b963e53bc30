//! Tensors in files: arrays of NumPy, and what devices dumped.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::Text;
use ascend_graph::dump::{DumpFile, DumpName, Overflow};

use super::folder::{files, has_extension, stem};
use super::layout::in_original_layout;
use super::value::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::tensor::Tensor;

/// The most bytes of the arrays of archives in one folder: they are held.
const MOST_HELD: usize = 1 << 30;

/// Tensors in files.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) values: Vec<Value>,
    /// Where each value lies.
    places: Vec<Place>,
    /// How many files are dumps.
    pub(super) dumps: usize,
    /// Files that were left out, and why.
    pub(super) skipped: Vec<Text>,
    /// The bytes of arrays that came from archives.
    held: usize,
}

#[derive(Debug)]
enum Place {
    Npy(PathBuf),
    Held(Tensor<'static>),
    /// An output of an operator, by its number.
    Dump(PathBuf, usize),
}

/// A dump file with what its name says.
struct Found {
    path: PathBuf,
    name: DumpName,
}

impl Stored {
    /// Finds what is in a folder, an `.npz` or an `.npy` file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if it cannot be read, [`ErrorKind::InvalidArgument`] if nothing in it is a tensor.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut stored = Self::default();
        if path.is_dir() {
            stored.add_files(files(path)?);
            if stored.values.is_empty() {
                let skipped = stored
                    .skipped
                    .first()
                    .map_or(String::new(), |why| format!("; {why}"));
                let message = format!(
                    "the folder {} holds no .npy, .npz or dump files{skipped}: give the folder of the outputs of \
                     `ascend run`, or that of a dump",
                    path.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            stored.ensure_one_run(path)?;
        } else if has_extension(path, "npz") {
            stored.add_archive(path)?;
        } else {
            stored.add_array(path);
        }
        Ok(stored)
    }

    fn add_files(&mut self, files: Vec<PathBuf>) {
        let (mut dumps, mut arrays) = (Vec::new(), Vec::new());
        for path in files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if has_extension(&path, "npy") {
                arrays.push(path);
            } else if has_extension(&path, "npz") {
                if let Err(error) = self.add_archive(&path) {
                    self.skipped.push(Text::from(error.to_string()));
                }
            } else if let Some(name) = DumpName::parse(&name) {
                dumps.push(Found { path, name });
            }
        }
        // in the order in which the operators ran
        dumps.sort_by(|a, b| {
            (a.name.time, a.name.task, &a.path).cmp(&(b.name.time, b.name.task, &b.path))
        });
        let mut read = HashSet::new();
        for dump in dumps {
            match self.add_dump(&dump) {
                Ok(()) => {
                    let name = dump.path.file_name().unwrap_or_default();
                    read.insert(name.to_string_lossy().into_owned());
                }
                Err(error) => {
                    let error = error.while_doing(dump.path.display());
                    self.skipped.push(Text::from(error.to_string()));
                }
            }
        }
        for path in arrays {
            // what was converted lies beside its source, which tells more
            let is_copy =
                converted(&stem(&path)).is_some_and(|(source, _, _)| read.contains(source));
            if !is_copy {
                self.add_array(&path);
            }
        }
    }

    fn add(&mut self, value: Value, place: Place) {
        self.values.push(value);
        self.places.push(place);
    }

    /// Adds an `.npy` file, called after a value; or as the vendor's tool calls an operator's tensor when it
    /// converts a dump: `TYPE.NAME.TASK.STREAM.TIME.output.0.npy`.
    fn add_array(&mut self, path: &Path) {
        let stem = stem(path);
        let mut value = Value {
            tensor: stem.clone(),
            ..Value::default()
        };
        if let Some((source, kind, index)) = converted(&stem)
            && let Some(name) = DumpName::parse(source)
        {
            if kind != "output" {
                return;
            }
            self.dumps += 1;
            value = Value {
                node: name.op_name,
                operator: name.op_type,
                index,
                ..Value::default()
            };
        }
        self.add(value, Place::Npy(path.to_owned()));
    }

    fn add_archive(&mut self, path: &Path) -> Result<()> {
        self.add_tensors(path, Tensor::read_npz(path)?, MOST_HELD)
    }

    /// Adds the arrays of an archive, unless they and those of the archives before it exceed what is held.
    fn add_tensors(
        &mut self,
        path: &Path,
        tensors: Vec<(String, Tensor<'static>)>,
        most: usize,
    ) -> Result<()> {
        let bytes = tensors.iter().map(|(_, tensor)| tensor.bytes.len());
        let held = bytes.fold(self.held, usize::saturating_add);
        if self.held > 0 && held > most {
            let message = format!(
                "{}: the archives of the folder hold more than {most} bytes: store the arrays as .npy files, \
                 which are read one by one",
                path.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        self.held = held;
        for (name, tensor) in tensors {
            let value = Value {
                tensor: name,
                dtype: Some(tensor.dtype),
                ..Value::default()
            };
            self.add(value, Place::Held(tensor));
        }
        Ok(())
    }

    fn add_dump(&mut self, found: &Found) -> Result<()> {
        if Overflow::is_named(&found.name.op_type, &found.name.op_name) {
            // it tells where something overflowed, and holds no value
            return Ok(());
        }
        let file = read_dump(&found.path)?;
        self.dumps += 1;
        for (index, output) in file.outputs.iter().enumerate() {
            let origins = output.original.iter();
            let origins = origins.map(|original| {
                let output = usize::try_from(original.output).unwrap_or(0);
                (original.name.clone(), output)
            });
            let node = if file.op_name.is_empty() {
                found.name.op_name.clone()
            } else {
                file.op_name.clone()
            };
            let value = Value {
                origins: origins.filter(|(name, _)| !name.is_empty()).collect(),
                node,
                operator: found.name.op_type.clone(),
                index,
                dtype: Some(output.dtype),
                ..Value::default()
            };
            self.add(value, Place::Dump(found.path.clone(), index));
        }
        Ok(())
    }

    /// Refuses dumps of several runs: each node would be there several times.
    fn ensure_one_run(&self, folder: &Path) -> Result<()> {
        let mut runs: BTreeMap<(&str, &str, usize), BTreeSet<&Path>> = BTreeMap::new();
        for (value, place) in self.values.iter().zip(&self.places) {
            if let Place::Npy(path) | Place::Dump(path, _) = place
                && let Some(run) = path.parent()
                && !value.node.is_empty()
            {
                let key = (value.operator.as_str(), value.node.as_str(), value.index);
                runs.entry(key).or_default().insert(run);
            }
        }
        let most = runs.values().max_by_key(|runs| runs.len());
        let Some(most) = most.filter(|most| most.len() > 1) else {
            return Ok(());
        };
        let first = most.first().map(|run| run.display().to_string());
        let message = format!(
            "the folder {} has {} runs: give the folder of one, such as {}",
            folder.display(),
            most.len(),
            first.unwrap_or_default()
        );
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }

    pub(super) fn take(&self, value: usize) -> Result<Tensor<'static>> {
        match self.places.get(value) {
            Some(Place::Npy(path)) => Tensor::read_npy(path),
            Some(Place::Held(tensor)) => Ok(tensor.clone()),
            Some(Place::Dump(path, index)) => {
                let at = |error: Error| error.while_doing(path.display());
                let file = read_dump(path).map_err(at)?;
                let output = file.outputs.get(*index).ok_or_else(|| {
                    let message = format!(
                        "{} changed while it was read: wait until the dump is complete",
                        path.display()
                    );
                    Error::new(ErrorKind::Io, message)
                })?;
                in_original_layout(output).map_err(at)
            }
            None => Err(Error::new(ErrorKind::Internal, "there is no such value")),
        }
    }

    pub(super) fn bytes(&self, value: usize) -> Option<u64> {
        match self.places.get(value)? {
            Place::Npy(path) | Place::Dump(path, _) => Some(fs::metadata(path).ok()?.len()),
            Place::Held(tensor) => Some(tensor.bytes.len() as u64),
        }
    }
}

fn read_dump(path: &Path) -> Result<DumpFile> {
    let content = Content::open(path)?;
    Ok(DumpFile::read(&content.bytes)?)
}

/// The dump file that an array was converted from, and which tensor of it the array is: `input` or
/// `output`, and its number.
fn converted(stem: &str) -> Option<(&str, &str, usize)> {
    let (rest, index) = stem.rsplit_once('.')?;
    let (source, kind) = rest.rsplit_once('.')?;
    DumpName::parse(source)?;
    Some((source, kind, index.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use ascend_graph::DataType;
    use ascend_graph::dump::{DumpTensor, OriginalOp};
    use ascend_graph::om::Format;

    use super::*;

    #[test]
    fn dumps_are_found_by_operator_and_origin() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("20260101000000/0/net/1/0");
        fs::create_dir_all(&inner).unwrap();
        let elements = |value: f32| value.to_le_bytes().to_vec().into();
        let mut file = DumpFile::new("conv1relu1");
        let mut output = DumpTensor::new(DataType::F32, vec![1], elements(2.5));
        output.original = Some(OriginalOp {
            name: "relu1".to_owned(),
            output: 0,
            dtype: DataType::F32,
            format: Format::ND,
        });
        file.outputs = vec![output];
        let bytes = file.to_rope().unwrap().to_bytes();
        fs::write(inner.join("Conv2D.conv1relu1.3.0.20"), &bytes).unwrap();
        fs::write(inner.join("Relu.first.1.0.10"), &bytes).unwrap();
        fs::write(inner.join("Relu.broken.1.0.30"), &bytes[..20]).unwrap();
        fs::write(inner.join("mapping.csv"), "a,b").unwrap();
        let stored = Stored::open(folder.path()).unwrap();
        assert_eq!(stored.values.len(), 2);
        // the name in the file comes before the one of the file, which is not exact
        assert_eq!(stored.values[1].node, "conv1relu1");
        assert_eq!(stored.values[1].origins, [("relu1".to_owned(), 0)]);
        assert_eq!(stored.take(1).unwrap().bytes[..], 2.5_f32.to_ne_bytes());
        assert_eq!(stored.skipped.len(), 1);
        assert!(
            stored.skipped[0].contains("Relu.broken"),
            "{}",
            stored.skipped[0]
        );
    }

    #[test]
    fn copies_beside_their_source_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let [source, copies] = ["0", "0_npy"].map(|name| folder.path().join(name));
        fs::create_dir(&source).unwrap();
        fs::create_dir(&copies).unwrap();
        let bytes: bytes::Bytes = 2.5_f32.to_ne_bytes().to_vec().into();
        let output = DumpTensor::new(DataType::F32, vec![1], bytes.clone());
        let mut file = DumpFile::new("conv1");
        file.outputs = vec![output];
        let content = file.to_rope().unwrap().to_bytes();
        fs::write(source.join("Conv2D.conv1.3.0.20"), &content).unwrap();
        fs::write(source.join("Conv2D.cut.4.0.20"), &content[..8]).unwrap();
        let tensor = Tensor {
            dtype: DataType::F32,
            shape: vec![1].into(),
            bytes: bytes.to_vec().into(),
        };
        for name in ["conv1.3", "cut.4", "lonely.5"] {
            let name = format!("Conv2D.{name}.0.20.output.0.npy");
            tensor.write_npy(copies.join(name)).unwrap();
        }
        let stored = Stored::open(folder.path()).unwrap();
        let labels: Vec<String> = stored.values.iter().map(Value::label).collect();
        // of a damaged one the copy is what is left
        assert_eq!(labels, ["conv1", "cut", "lonely"]);
    }

    #[test]
    fn archives_of_a_folder_have_one_limit() {
        let tensor = |name: &str| {
            let tensor = Tensor {
                dtype: DataType::U8,
                shape: vec![8].into(),
                bytes: vec![0; 8].into(),
            };
            vec![(name.to_owned(), tensor)]
        };
        let mut stored = Stored::default();
        stored
            .add_tensors("a.npz".as_ref(), tensor("a"), 16)
            .unwrap();
        stored
            .add_tensors("b.npz".as_ref(), tensor("b"), 16)
            .unwrap();
        let error = stored.add_tensors("c.npz".as_ref(), tensor("c"), 16);
        assert!(error.unwrap_err().to_string().contains("c.npz"));
        assert_eq!(stored.values.len(), 2);
    }

    #[test]
    fn arrays_are_called_after_values_or_operators() {
        let folder = tempfile::tempdir().unwrap();
        let tensor = Tensor {
            dtype: DataType::F32,
            shape: vec![1].into(),
            bytes: 1.0_f32.to_ne_bytes().to_vec().into(),
        };
        for name in [
            "y.npy",
            "Conv2D.conv1.3.0.20.output.1.npy",
            "Conv2D.conv1.3.0.20.input.0.npy",
        ] {
            tensor.write_npy(folder.path().join(name)).unwrap();
        }
        Tensor::write_npz(folder.path().join("more.npz"), &[("z", tensor.clone())]).unwrap();
        let stored = Stored::open(folder.path()).unwrap();
        let labels: Vec<String> = stored.values.iter().map(Value::label).collect();
        assert_eq!(labels, ["z", "conv1:1", "y"]);
        assert_eq!(stored.take(0).unwrap(), tensor);
        let empty = tempfile::tempdir().unwrap();
        let error = Stored::open(empty.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

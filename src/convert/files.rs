//! ONNX files and those beside them that hold their larger constants.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::path::{Component, Path, PathBuf};

use ascend_graph::{Rope, Text, onnx, text};
use bytes::Bytes;

use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::whole::{NewFile, cannot_write};

/// The most bytes of an ONNX file: no reader of protobuf takes more.
const MOST_BYTES: u64 = (1 << 31) - 1;

/// How many missing files are named.
const LISTED: usize = 12;

/// Reads an ONNX file, and maps what lies in files beside it, which are given too.
///
/// # Errors
///
/// [`ErrorKind::Io`] when a file cannot be read or is missing, [`ErrorKind::Format`] when one is
/// damaged, [`ErrorKind::InvalidArgument`] when the graph has faults or names files elsewhere.
pub(crate) fn read(path: &Path) -> Result<(onnx::Model, Vec<PathBuf>)> {
    let mut model = read_graph(path)?;
    let beside = resolve(&mut model, path)?;
    let sound = model.ensure_sound();
    sound.map_err(|error| Error::from(error).while_doing(path.display()))?;
    Ok((model, beside))
}

/// Reads an ONNX file alone: constants in other files stay there.
pub(crate) fn read_graph(path: &Path) -> Result<onnx::Model> {
    let at = |error: Error| error.while_doing(path.display());
    let file = Content::open(path).map_err(at)?;
    onnx::Model::read(&file.bytes).map_err(|error| at(error.into()))
}

/// Maps the files beside the model at `path` in which its constants lie, and gives them. All files
/// that are missing are named.
pub(crate) fn resolve(model: &mut onnx::Model, path: &Path) -> Result<Vec<PathBuf>> {
    let mut beside = Beside::of(path);
    let resolved = model.resolve_external(|location| Ok(beside.file(location)));
    if let Some(error) = beside.failure {
        return Err(error.while_doing(path.display()));
    }
    resolved.map_err(|error| Error::from(error).while_doing(path.display()))?;
    let missing = beside.missing;
    if missing.is_empty() {
        return Ok(beside.found);
    }
    let listed: Vec<_> = missing
        .iter()
        .take(LISTED)
        .map(|name| format!("{name:?}"))
        .collect();
    let more = match missing.len().saturating_sub(LISTED) {
        0 => Text::default(),
        more => text!(" and {more} more", more),
    };
    let message = text!(
        "{file}: its weights are in the files {listed}{more}, which are not beside it; copy them into the \
         model's folder, where the exporter put them",
        file = path.display(),
        listed = listed.join(", "),
        more
    );
    Err(Error::new(ErrorKind::Io, message))
}

/// Writes the model, with its larger constants in a file beside it where that is asked for or the
/// model is too large for one, and gives the bytes of all.
pub(crate) fn write(
    model: &onnx::Model,
    path: &Path,
    is_split: bool,
    steps: &mut Vec<String>,
) -> Result<u64> {
    write_within(MOST_BYTES, model, path, is_split, steps)
}

/// As [`write`], in files of ONNX of up to `most` bytes.
fn write_within(
    most: u64,
    model: &onnx::Model,
    path: &Path,
    is_split: bool,
    steps: &mut Vec<String>,
) -> Result<u64> {
    let whole = model.to_rope();
    if !is_split && whole.len() <= most {
        let mut file = NewFile::create(path)?;
        write_to(&whole, path, &mut file)?;
        return file.finish();
    }
    let beside = data_beside(path);
    let Some(location) = beside.file_name().and_then(|name| name.to_str()) else {
        let message = format!(
            "cannot write {}: the model names the file beside it, which needs that: give it a name in Unicode",
            path.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    };
    let (graph, data) = model.to_external(location)?;
    let graph = graph.to_rope();
    if graph.len() > most {
        let message = format!(
            "the graph has {} bytes without its weights, and no reader of ONNX takes more than \
             {most}; its large constants are attributes of nodes: make them initializers, as \
             --simplify does for those of up to 16 MiB",
            graph.len()
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    // Both are complete before either appears.
    let mut file = NewFile::create(path)?;
    write_to(&graph, path, &mut file)?;
    let file = file.complete()?;
    let mut bytes = 0;
    if data.is_empty() {
        steps.push("kept all constants in the ONNX file: none has 1024 bytes".to_owned());
    } else {
        let mut file = NewFile::create(&beside)?;
        write_to(&data, &beside, &mut file)?;
        bytes = file.finish()?;
        let why = if whole.len() > most {
            ", as an ONNX file of more than 2 GiB cannot be read"
        } else {
            ""
        };
        steps.push(format!(
            "wrote {bytes} bytes of constants to {}, which belongs beside the ONNX file{why}",
            beside.display()
        ));
    }
    Ok(bytes + file.appear()?)
}

/// The file beside the ONNX file at `path` that [`write`] puts constants into.
pub(crate) fn data_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".data");
    path.with_file_name(name)
}

fn write_to(rope: &Rope, path: &Path, file: &mut NewFile) -> Result<()> {
    rope.write_to(file)
        .map_err(|error| cannot_write(path, error))
}

/// The files beside an ONNX file in which its constants may lie, each mapped once. None outside of
/// its folder is read, also through links.
#[derive(Debug)]
pub struct Beside {
    folder: PathBuf,
    /// Where files may lie once links are followed: beside the model, and beside what it links to.
    homes: Vec<PathBuf>,
    files: HashMap<String, Option<Bytes>>,
    found: Vec<PathBuf>,
    missing: Vec<String>,
    failure: Option<Error>,
}

impl Beside {
    /// The files beside the ONNX file at `path`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let target = fs::canonicalize(path).ok();
        let target = target.and_then(|target| target.parent().map(Path::to_owned));
        Self {
            homes: fs::canonicalize(&folder)
                .into_iter()
                .chain(target)
                .collect(),
            folder,
            files: HashMap::new(),
            found: Vec::new(),
            missing: Vec::new(),
            failure: None,
        }
    }

    /// Maps the file at the `location` that a constant names; none if there is no such file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when that is outside of the folder, [`ErrorKind::Io`] when it
    /// cannot be read or is no regular file.
    pub fn open(&self, location: &str) -> Result<Option<Bytes>> {
        let opened = open(&self.folder, &self.homes, location)?;
        Ok(opened.map(|(bytes, _)| bytes))
    }

    /// The content of the file at a location; none, and a note of it, if there is no such file.
    fn file(&mut self, location: &str) -> Option<Bytes> {
        if let Entry::Vacant(entry) = self.files.entry(location.to_owned()) {
            let opened = open(&self.folder, &self.homes, location);
            match opened {
                Ok(Some((bytes, path))) => {
                    entry.insert(Some(bytes));
                    self.found.push(path);
                }
                Ok(None) => {
                    entry.insert(None);
                    self.missing.push(location.to_owned());
                }
                Err(error) => {
                    entry.insert(None);
                    self.failure.get_or_insert(error);
                }
            }
        }
        self.files.get(location).cloned().flatten()
    }
}

/// Maps the file at a location inside of `folder`, unless there is none.
fn open(folder: &Path, homes: &[PathBuf], location: &str) -> Result<Option<(Bytes, PathBuf)>> {
    let refused = |why: &str| {
        let message = format!(
            "its weights are said to be in {location:?}, which {why}; only files in the model's own \
             folder are read: put them there"
        );
        Error::new(ErrorKind::InvalidArgument, message)
    };
    let name = Path::new(location);
    let mut parts = name.components();
    if !parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(refused("leads out of that folder"));
    }
    if name.file_name().is_none() || location.contains('\0') {
        return Err(refused("is no name of a file"));
    }
    let path = match fs::canonicalize(folder.join(name)) {
        Ok(path) => path,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Error::of_io(
                format_args!("its weights in {location:?} cannot be read"),
                error,
            ));
        }
    };
    if !homes.iter().any(|home| path.starts_with(home)) {
        return Err(refused("links to a file elsewhere"));
    }
    let file = Content::open(&path);
    let file =
        file.map_err(|error| error.while_doing(format_args!("its weights in {location:?}")))?;
    Ok(Some((file.bytes, path)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use ascend_graph::DataType;
    use ascend_graph::onnx::{Attribute, Builder, Tensor};

    use super::*;

    /// A model with 4 KiB of constants, as an initialiser or in a node.
    fn large(in_node: bool) -> onnx::Model {
        let mut graph = Builder::new("large", 11);
        let x = graph.input("x", DataType::F32, &[1024.into()]);
        let data = Bytes::from(vec![0; 4096]);
        if in_node {
            let value = Tensor::new("", DataType::F32, vec![1024], data);
            let value = [Attribute::tensor("value", value)];
            graph.node_to("Constant", "constant", &[], &["c"], value);
        } else {
            graph.initializer("c", DataType::F32, &[1024], data);
        }
        graph.node_to("Add", "add", &[&x, "c"], &["y"], []);
        graph.output("y", DataType::F32, &[1024.into()]);
        graph.build().unwrap()
    }

    #[test]
    fn what_no_file_of_onnx_can_hold_is_split() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.onnx");
        let beside = folder.path().join("net.onnx.data");
        for (most, is_split) in [(5000, false), (4000, true)] {
            let mut steps = Vec::new();
            let written = write_within(most, &large(false), &path, false, &mut steps).unwrap();
            assert_eq!(beside.exists(), is_split);
            let data = fs::metadata(&beside).map_or(0, |file| file.len());
            assert_eq!(written, fs::metadata(&path).unwrap().len() + data);
            assert_eq!(steps.len(), usize::from(is_split));
            let (model, files) = read(&path).unwrap();
            assert!(model == large(false));
            assert_eq!(files.len(), usize::from(is_split));
        }
        let mut steps = Vec::new();
        let error = write_within(4000, &large(true), &path, false, &mut steps).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("--simplify"), "{error}");
        // Asked for, where there is nothing to put there.
        write_within(5000, &large(true), &path, true, &mut steps).unwrap();
        assert!(steps[0].contains("none has 1024 bytes"), "{steps:?}");
    }

    #[test]
    fn only_files_in_the_models_folder_are_read() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("model");
        fs::create_dir_all(folder.join("deep")).unwrap();
        for name in ["secret", "model/own", "model/deep/own"] {
            fs::write(outside.path().join(name), name).unwrap();
        }
        symlink("../secret", folder.join("link")).unwrap();
        symlink("deep/own", folder.join("inner")).unwrap();
        symlink("..", folder.join("up")).unwrap();
        let absolute = outside.path().join("secret");
        let model = folder.join("net.onnx");
        fs::write(&model, "").unwrap();
        let mut beside = Beside::of(&model);
        for (location, expected) in [
            ("own", Ok(Some("model/own"))),
            ("./own", Ok(Some("model/own"))),
            ("deep/own", Ok(Some("model/deep/own"))),
            ("inner", Ok(Some("model/deep/own"))),
            ("absent", Ok(None)),
            ("../secret", Err("leads out")),
            ("deep/../../secret", Err("leads out")),
            (absolute.to_str().unwrap(), Err("leads out")),
            ("link", Err("links to a file elsewhere")),
            ("up/secret", Err("links to a file elsewhere")),
            ("", Err("no name of a file")),
            (".", Err("no name of a file")),
            ("deep", Err("no regular file")),
        ] {
            let file = beside.file(location);
            match expected {
                Ok(content) => {
                    assert_eq!(file.as_deref(), content.map(str::as_bytes), "{location}");
                }
                Err(why) => {
                    assert_eq!(file, None, "{location}");
                    let error = beside.failure.take().unwrap().to_string();
                    assert!(error.contains(why), "{location}: {error}");
                }
            }
        }
        assert_eq!(beside.missing, ["absent"]);
    }

    #[test]
    fn files_beside_what_a_model_links_to_are_its_own() {
        let cache = tempfile::tempdir().unwrap();
        let (blobs, snapshot) = (cache.path().join("blobs"), cache.path().join("snapshot"));
        fs::create_dir(&blobs).unwrap();
        fs::create_dir(&snapshot).unwrap();
        for name in ["net.onnx", "net.onnx.data"] {
            fs::write(blobs.join(name), name).unwrap();
            symlink(blobs.join(name), snapshot.join(name)).unwrap();
        }
        let mut beside = Beside::of(&snapshot.join("net.onnx"));
        assert_eq!(beside.file("net.onnx.data").unwrap(), "net.onnx.data");
    }
}

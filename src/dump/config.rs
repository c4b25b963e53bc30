//! What is dumped, and where to.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

use ascend_graph::om::OmModel;

use crate::acl_config::text_of;
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::weights::quoted;

/// Paths of dumps may be this long.
const MOST_PATH_BYTES: usize = 512;

/// Which tensors of an operator are dumped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What it reads.
    Input,
    /// What it makes.
    #[default]
    Output,
    /// Both.
    All,
}

/// What is written of a tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Data {
    /// All its elements.
    #[default]
    Tensor,
    /// What its numbers are like: least, greatest, mean and so on, as a table.
    Statistics,
}

/// What is dumped, and into which folder: the section `dump` of an `acl.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpConfig {
    folder: PathBuf,
    /// Names, with the operators that are meant; none means all.
    models: Vec<(String, Vec<String>)>,
    mode: Mode,
    data: Data,
    operators: bool,
    overflow: bool,
    failures: bool,
    /// The first and the last of runs.
    runs: Vec<(u64, u64)>,
}

impl DumpConfig {
    /// A dump into `folder`, which has to be there. Say what of by one of [`DumpConfig::model`],
    /// [`DumpConfig::model_of`], [`DumpConfig::operators`], [`DumpConfig::overflow`] and
    /// [`DumpConfig::failures`].
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            // The runtime may take another folder for the current one.
            folder: std::path::absolute(&folder).unwrap_or(folder),
            models: Vec::new(),
            mode: Mode::default(),
            data: Data::default(),
            operators: false,
            overflow: false,
            failures: false,
            runs: Vec::new(),
        }
    }

    /// Dumps all operators of the model with this name: the one inside the `.om`, or for models that
    /// are loaded from a file, the file's name without `.om`.
    #[must_use]
    pub fn model(self, name: impl Into<String>) -> Self {
        self.layers(name, Vec::<String>::new())
    }

    /// Dumps the model in the file `om`, by all names under which the runtime may know it.
    #[must_use]
    pub fn model_of(mut self, om: &Path) -> Self {
        for name in names_of(om) {
            self = self.model(name);
        }
        self
    }

    /// Dumps some operators of a model only, by their names.
    #[must_use]
    pub fn layers(
        mut self,
        model: impl Into<String>,
        layers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let layers = layers.into_iter().map(Into::into).collect();
        self.models.push((model.into(), layers));
        self
    }

    /// Dumps inputs, outputs or both; outputs if this is not called.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Writes elements or statistics; elements if this is not called.
    #[must_use]
    pub fn data(mut self, data: Data) -> Self {
        self.data = data;
        self
    }

    /// Dumps operators that run by themselves too, outside of models (`dump_op_switch`).
    #[must_use]
    pub fn operators(mut self, dumps: bool) -> Self {
        self.operators = dumps;
        self
    }

    /// Dumps operators whose results overflow (`dump_debug`): what they took and gave, and for each a
    /// second file, which is an [`Overflow`](super::Overflow). Models for chips have to be compiled for
    /// that (`--status_check=1` of ATC).
    #[must_use]
    pub fn overflow(mut self, dumps: bool) -> Self {
        self.overflow = dumps;
        self
    }

    /// Dumps what operators took that fail (`dump_scene`), into `extra-info/data-dump/<device>` of the
    /// folder; `NPU_COLLECT_PATH` and `ASCEND_WORK_PATH` in the environment name another one. Can be had
    /// beside overflows, and beside nothing else.
    #[must_use]
    pub fn failures(mut self, dumps: bool) -> Self {
        self.failures = dumps;
        self
    }

    /// Dumps these runs only, counted from 0, the last one included (`dump_step`). May be called
    /// several times.
    #[must_use]
    pub fn runs(mut self, first: u64, last: u64) -> Self {
        self.runs.push((first, last));
        self
    }

    /// The folder, as an absolute path.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The section `dump` of an `acl.json`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when it asks for nothing, for things that exclude each other,
    /// or for a folder that is not there.
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        let mode = match self.mode {
            Mode::Input => "input",
            Mode::Output => "output",
            Mode::All => "all",
        };
        let folder = quoted(text_of(&self.folder, "the folder for dumps")?);
        let mut members = vec![format!("\"dump_path\": {folder}")];
        if self.overflow {
            members.push("\"dump_debug\": \"on\"".to_owned());
        }
        if self.failures {
            // The newer word for the same is not known to older runtimes.
            members.push("\"dump_scene\": \"lite_exception\"".to_owned());
        }
        if self.overflow || self.failures {
            return Ok(format!("{{{}}}", members.join(", ")));
        }
        members.push(format!("\"dump_mode\": \"{mode}\""));
        if self.data == Data::Statistics {
            members.push("\"dump_data\": \"stats\"".to_owned());
        }
        let runs = self.runs.iter().map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        });
        if !self.runs.is_empty() {
            let runs: Vec<String> = runs.collect();
            members.push(format!("\"dump_step\": \"{}\"", runs.join("|")));
        }
        if self.operators {
            members.push("\"dump_op_switch\": \"on\"".to_owned());
        }
        let models: Vec<String> = self.models.iter().map(model_json).collect();
        members.push(format!("\"dump_list\": [{}]", models.join(", ")));
        Ok(format!("{{{}}}", members.join(", ")))
    }

    fn check(&self) -> Result<()> {
        let folder = self.folder.display();
        let is_of_some = self.overflow || self.failures;
        let is_of_all = self.operators || !self.models.is_empty();
        let message = if !self.folder.is_dir() {
            format!("the folder {folder} for dumps is not there: make it first")
        } else if self.folder.as_os_str().len() > MOST_PATH_BYTES {
            format!(
                "the folder {folder} for dumps has a path of more than {MOST_PATH_BYTES} bytes: use a shorter one"
            )
        } else if is_of_some && is_of_all {
            format!(
                "the dump into {folder} asks for overflows or failures, and for all tensors: have one dump after \
                 the other"
            )
        } else if !is_of_some && !is_of_all {
            format!(
                "the dump into {folder} asks for nothing: name a model, or ask for operators, overflows or failures"
            )
        } else if let Some((first, last)) = self.runs.iter().find(|(first, last)| first > last) {
            format!(
                "the dump into {folder} asks for the runs {first} to {last}: write the smaller number first"
            )
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }
}

fn model_json((name, layers): &(String, Vec<String>)) -> String {
    let name = quoted(name);
    if layers.is_empty() {
        return format!("{{\"model_name\": {name}}}");
    }
    let layers: Vec<String> = layers.iter().map(|layer| quoted(layer)).collect();
    format!(
        "{{\"model_name\": {name}, \"layer\": [{}]}}",
        layers.join(", ")
    )
}

/// The names under which the runtime may know the model in a file.
fn names_of(om: &Path) -> Vec<String> {
    let stem = om
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    // A file that cannot be read is told of when it is loaded.
    let inside = files::map(om)
        .ok()
        .and_then(|content| Some(OmModel::open(&content).ok()?.model.name));
    let mut names: Vec<String> = stem
        .into_iter()
        .chain(inside)
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl_config::check;

    #[test]
    fn what_is_written_is_what_the_runtime_takes() {
        let folder = tempfile::tempdir().unwrap();
        let new = || DumpConfig::new(folder.path());
        for (config, says) in [
            (new().model("a \"net\""), r#"{"model_name": "a \"net\""}"#),
            (
                new().layers("net", ["conv1", "fc"]).mode(Mode::All),
                r#""layer": ["conv1", "fc"]"#,
            ),
            (
                new().model("net").runs(0, 0).runs(3, 5),
                r#""dump_step": "0|3-5""#,
            ),
            (
                new().operators(true).data(Data::Statistics),
                r#""dump_data": "stats""#,
            ),
            (new().overflow(true), r#""dump_debug": "on""#),
            (
                new().overflow(true).failures(true),
                r#""dump_debug": "on", "dump_scene": "lite_exception""#,
            ),
        ] {
            let json = config.to_json().unwrap();
            assert!(json.contains(says), "{json}");
            assert_eq!(check(&format!("{{\"dump\": {json}}}")), [], "{json}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let new = || DumpConfig::new(folder.path());
        for (config, says) in [
            (new(), "asks for nothing"),
            (
                new().overflow(true).model("net"),
                "one dump after the other",
            ),
            (
                new().failures(true).operators(true),
                "one dump after the other",
            ),
            (new().model("net").runs(2, 1), "the smaller number first"),
            (
                DumpConfig::new(folder.path().join("no")).model("net"),
                "make it first",
            ),
        ] {
            let error = config.to_json().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}

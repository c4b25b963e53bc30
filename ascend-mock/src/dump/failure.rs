//! The files of operators that fail.

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ascend_graph::dump::{DumpFile, DumpName};

use super::plan::Plan;
use super::writer::{MOST_NAME, now, tensors};
use crate::engine::{Observer, OperatorRun};
use crate::fault::Timestamp;

/// The variables that name a folder before the configuration does, in their order.
const PLACES: [&str; 2] = ["NPU_COLLECT_PATH", "ASCEND_WORK_PATH"];

/// A dump of operators that fail.
#[derive(Debug)]
pub(super) struct Failures {
    folder: PathBuf,
    /// Whether files are called after the operator; else after stream and task.
    has_names: bool,
}

/// What an operator took that failed.
#[derive(Debug)]
pub(crate) struct Taken {
    plan: Arc<Plan>,
    op_type: String,
    file: DumpFile,
}

/// Looks for what an operator takes that fails, or is said to fail.
pub(crate) struct Witness<'a> {
    plan: &'a Arc<Plan>,
    /// The one that is said to fail.
    name: &'a str,
    taken: Option<Taken>,
}

impl Failures {
    /// Reads the key `dump_scene`, which was checked. What cores had inside them is not known here: then,
    /// as on a device that cannot tell it, the short form is written.
    pub(super) fn of(scene: Option<&str>, folder: Option<&str>) -> Option<Self> {
        let scene = scene.filter(|scene| *scene != "watcher")?;
        Some(Self::found(scene, folder, |name| env::var_os(name)))
    }

    fn found(
        scene: &str,
        folder: Option<&str>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Self {
        let named = PLACES.map(|name| variable(name).filter(|place| !place.is_empty()));
        let has_names = named[0].is_some() || scene == "aic_err_norm_dump";
        let place = named.into_iter().flatten().next().map(PathBuf::from);
        let place = place.or_else(|| folder.map(PathBuf::from));
        // What a relative path means may change until something fails.
        let place = place.unwrap_or_default();
        let place = env::current_dir().map_or(place.clone(), |current| current.join(&place));
        Self {
            folder: place.join("extra-info/data-dump"),
            has_names,
        }
    }

    fn folder(&self, device: u32) -> PathBuf {
        self.folder.join(device.to_string())
    }
}

impl Plan {
    pub(crate) fn has_failures(&self) -> bool {
        self.failures.is_some()
    }

    /// Where the operators of a device are written that fail.
    pub(crate) fn failure_folder(&self, device: u32) -> Option<PathBuf> {
        let failures = self.failures.as_ref()?;
        Some(failures.folder(device))
    }
}

impl<'a> Witness<'a> {
    pub(crate) fn new(plan: &'a Arc<Plan>, name: &'a str) -> Self {
        Self {
            plan,
            name,
            taken: None,
        }
    }

    pub(crate) fn taken(self) -> Option<Taken> {
        self.taken
    }

    fn note(&mut self, run: &OperatorRun<'_>) {
        let mut file = DumpFile::new(run.operator.name.clone());
        file.inputs = tensors(&run.inputs);
        self.taken = Some(Taken {
            plan: Arc::clone(self.plan),
            op_type: run.operator.op_type.clone(),
            file,
        });
    }
}

impl Observer for Witness<'_> {
    fn observe(&mut self, run: &OperatorRun<'_>) {
        if run.operator.name == self.name {
            self.note(run);
        }
    }

    fn fail(&mut self, run: &OperatorRun<'_>) {
        self.note(run);
    }
}

impl Taken {
    /// Writes the file of a task that failed. What cannot be written is told.
    pub(crate) fn write(&self, device: u32, stream: u32, task: u32) {
        let Some(failures) = &self.plan.failures else {
            return;
        };
        let folder = failures.folder(device);
        let name = &self.file.op_name;
        match self.write_into(failures, &folder, stream, task) {
            Ok(path) => tracing::error!(
                "operator {name} failed; what it took is in {}",
                path.display()
            ),
            Err(error) => tracing::error!(
                "operator {name} failed, and cannot be dumped into {}: {error}",
                folder.display()
            ),
        }
    }

    fn write_into(
        &self,
        failures: &Failures,
        folder: &Path,
        stream: u32,
        task: u32,
    ) -> io::Result<PathBuf> {
        let time = Timestamp::now().compact_milli();
        let escaped = [&self.op_type, &self.file.op_name].map(|text| DumpName::escape(text));
        let named = format!("{}.{task}.{time}", escaped.join("."));
        let name = if failures.has_names && named.len() <= MOST_NAME {
            named
        } else {
            DumpName::of_failure(stream.into(), task.into(), time).to_string()
        };
        fs::create_dir_all(folder)?;
        let path = folder.join(name);
        let file = DumpFile {
            time: now(),
            ..self.file.clone()
        };
        let rope = file.to_rope().map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        let mut out = options
            .write(true)
            .create_new(true)
            .mode(0o400)
            .open(&path)?;
        rope.write_to(&mut out)?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_go_before_the_configuration() {
        let found = |scene, folder, variables: &'static [(&str, &str)]| {
            let failures = Failures::found(scene, folder, |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            });
            let folder = failures.folder(1);
            (folder.to_str().unwrap().to_owned(), failures.has_names)
        };
        let place = |root: &str| format!("{root}/extra-info/data-dump/1");
        let (lite, norm) = ("lite_exception", "aic_err_norm_dump");
        let both = &[("NPU_COLLECT_PATH", "/n"), ("ASCEND_WORK_PATH", "/w")];
        assert_eq!(found(lite, Some("/c"), both), (place("/n"), true));
        assert_eq!(found(lite, Some("/c"), &both[1..]), (place("/w"), false));
        assert_eq!(
            found(lite, Some("/c"), &[("NPU_COLLECT_PATH", "")]),
            (place("/c"), false)
        );
        assert_eq!(found(norm, Some("/c"), &[]), (place("/c"), true));
        let current = env::current_dir().unwrap();
        assert_eq!(
            found(lite, None, &[]),
            (place(current.to_str().unwrap()), false)
        );
    }
}

//! The files of a run that is dumped.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ascend_graph::dump::{DumpFile, DumpName, DumpTensor, OriginalOp};
use ascend_graph::om::Format;

use super::plan::{Plan, Selection};
use super::statistics;
use crate::engine::{OperatorRun, Seen};

/// The bytes that a file's name may have.
const MOST_NAME: usize = 255;

/// The file that tells what stands for names that are too long.
const MAPPING: &str = "mapping.csv";

/// Writes a file for each operator of one run.
pub(crate) struct Writer {
    plan: Arc<Plan>,
    selection: Selection,
    /// The run's folder.
    folder: PathBuf,
    stream: u32,
    /// The first failure is told, and ends the dump of this run.
    has_failed: bool,
}

/// What is written, for names.
pub(crate) struct Subject<'a> {
    /// The model's file's name without its extension, or the name inside of it.
    pub(crate) name: &'a str,
    /// The names that the configuration may give it.
    pub(crate) names: &'a [&'a str],
    pub(crate) model: u32,
    pub(crate) device: u32,
    pub(crate) stream: u32,
    /// Which of the model's dumped runs it is.
    pub(crate) run: u64,
}

impl Writer {
    /// `None` if nothing of the model is to be written.
    pub(crate) fn new(plan: &Arc<Plan>, subject: &Subject<'_>) -> Option<Self> {
        let selection = plan.selection(subject.names)?;
        if !plan.has_run(subject.run) {
            return None;
        }
        let folder = plan
            .folder()
            .join(subject.device.to_string())
            .join(DumpName::escape(subject.name))
            .join(subject.model.to_string())
            .join(subject.run.to_string());
        Some(Self {
            plan: Arc::clone(plan),
            selection,
            folder,
            stream: subject.stream,
            has_failed: false,
        })
    }

    /// Writes what an operator took and gave. What cannot be written is told, and lets the model run on.
    pub(crate) fn write(&mut self, run: &OperatorRun<'_>) {
        if self.has_failed || !self.selection.has(&run.operator.name) {
            return;
        }
        if let Err(error) = self.write_file(run) {
            self.has_failed = true;
            tracing::error!(
                "operator {} cannot be dumped into {}: {error}; nothing more of this run is dumped",
                run.operator.name,
                self.folder.display()
            );
        }
    }

    fn write_file(&self, run: &OperatorRun<'_>) -> io::Result<()> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH);
        let time = u64::try_from(time.unwrap_or_default().as_micros()).unwrap_or(u64::MAX);
        let name = DumpName {
            op_type: run.operator.op_type.clone(),
            op_name: run.operator.name.clone(),
            task: run.index as u64,
            stream: self.stream.into(),
            time,
        };
        let file = self.file(run, time);
        fs::create_dir_all(&self.folder)?;
        if self.plan.is_statistics {
            let path = self.path(&format!("{name}.csv"), run)?;
            return fs::write(path, statistics::table(&file));
        }
        let path = self.path(&name.to_string(), run)?;
        let rope = file.to_rope().map_err(io::Error::other)?;
        let mut out = fs::File::create(path)?;
        rope.write_to(&mut out)
    }

    fn file(&self, run: &OperatorRun<'_>, time: u64) -> DumpFile {
        let mut file = DumpFile::new(run.operator.name.clone());
        file.time = time;
        if self.plan.has_inputs {
            file.inputs = run.inputs.iter().map(tensor).collect();
        }
        if self.plan.has_outputs {
            file.outputs = run.outputs.iter().map(tensor).collect();
            for (place, output) in (0..).zip(&mut file.outputs) {
                output.original = Some(OriginalOp {
                    name: run.operator.name.clone(),
                    output: place,
                    dtype: output.dtype,
                    format: Format::ND,
                });
            }
        }
        file
    }

    /// Where the file of this name goes. Digits stand for one that is too long, and a table tells which.
    fn path(&self, name: &str, run: &OperatorRun<'_>) -> io::Result<PathBuf> {
        if name.len() <= MOST_NAME {
            return Ok(self.folder.join(name));
        }
        let time = run.start.duration_since(UNIX_EPOCH).unwrap_or_default();
        let digits = format!("{}{:06}", time.as_nanos(), run.index);
        map(&self.folder.join(MAPPING), &digits, name)?;
        Ok(self.folder.join(digits))
    }
}

fn map(table: &Path, digits: &str, name: &str) -> io::Result<()> {
    let mut table = OpenOptions::new().create(true).append(true).open(table)?;
    writeln!(table, "{digits},{name}")
}

/// What is no tensor has no elements.
fn tensor(seen: &Seen<'_>) -> DumpTensor {
    let bytes = seen.to_tensor().map(|tensor| tensor.bytes);
    DumpTensor::new(seen.dtype(), seen.dims(), bytes.unwrap_or_default().into())
}

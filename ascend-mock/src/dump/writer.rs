//! The files of a run that is dumped.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ascend_graph::dump::{DumpFile, DumpName, DumpTensor, OriginalOp, Overflow};
use ascend_graph::om::Format;

use super::plan::{Form, Plan, Selection};
use super::statistics;
use crate::engine::{OperatorRun, Seen};

/// The bytes that a file's name may have.
pub(super) const MOST_NAME: usize = 255;

/// The file that tells what stands for names that are too long.
const MAPPING: &str = "mapping.csv";

/// Writes a file for each operator of one run.
pub(crate) struct Writer {
    plan: Arc<Plan>,
    selection: Selection,
    /// The run's folder, below that of the plan.
    place: PathBuf,
    model: u32,
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
        let place = PathBuf::from(subject.device.to_string())
            .join(DumpName::escape(subject.name))
            .join(subject.model.to_string())
            .join(subject.run.to_string());
        Some(Self {
            plan: Arc::clone(plan),
            selection,
            place,
            model: subject.model,
            stream: subject.stream,
            has_failed: false,
        })
    }

    /// Writes what an operator took and gave. What cannot be written is told, and lets the model run on.
    pub(crate) fn write(&mut self, run: &OperatorRun<'_>) {
        if self.has_failed
            || !self.selection.has(&run.operator.name)
            || (self.plan.form == Form::Overflows && !overflows(run))
        {
            return;
        }
        let folder = self.plan.folder().join(&self.place);
        if let Err(error) = self.write_files(&folder, run) {
            self.has_failed = true;
            tracing::error!(
                "operator {} cannot be dumped into {}: {error}; nothing more of this run is dumped",
                run.operator.name,
                folder.display()
            );
        }
    }

    fn write_files(&self, folder: &Path, run: &OperatorRun<'_>) -> io::Result<()> {
        let time = now();
        let name = DumpName {
            op_type: run.operator.op_type.clone(),
            op_name: run.operator.name.clone(),
            task: run.index as u64,
            stream: self.stream.into(),
            time,
        };
        let file = self.file(run, time);
        fs::create_dir_all(folder)?;
        if self.plan.form == Form::Statistics {
            let path = path(folder, &format!("{name}.csv"), run)?;
            return fs::write(path, statistics::table(&file));
        }
        store(&path(folder, &name.to_string(), run)?, &file)?;
        if self.plan.form == Form::Overflows {
            self.tell_overflow(folder, run, time)?;
        }
        Ok(())
    }

    /// The second file of an operator that overflows: what its core noticed.
    fn tell_overflow(&self, folder: &Path, run: &OperatorRun<'_>, time: u64) -> io::Result<()> {
        let overflow = Overflow {
            model: self.model.into(),
            stream: self.stream.into(),
            task: run.index as u64,
            block: 0,
            status: Overflow::FLOATING_POINT,
        };
        let [op_type, op_name] = Overflow::OPERATOR.map(str::to_owned);
        let name = DumpName {
            op_type,
            op_name,
            task: run.index as u64,
            stream: self.stream.into(),
            time,
        };
        let mut file = overflow.to_file();
        file.time = time;
        store(&folder.join(name.to_string()), &file)
    }

    fn file(&self, run: &OperatorRun<'_>, time: u64) -> DumpFile {
        let mut file = DumpFile::new(run.operator.name.clone());
        file.time = time;
        if self.plan.has_inputs {
            file.inputs = tensors(&run.inputs);
        }
        if self.plan.has_outputs {
            file.outputs = tensors(&run.outputs);
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
}

/// Whether an operator made numbers that are none, or infinite, of ones that are finite.
fn overflows(run: &OperatorRun<'_>) -> bool {
    let mut inputs = run.inputs.iter().filter_map(Seen::is_finite).peekable();
    let mut outputs = run.outputs.iter().filter_map(Seen::is_finite);
    inputs.peek().is_some()
        && inputs.all(|is_finite| is_finite)
        && !outputs.all(|is_finite| is_finite)
}

/// Microseconds since 1970.
pub(super) fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(time.unwrap_or_default().as_micros()).unwrap_or(u64::MAX)
}

pub(super) fn store(path: &Path, file: &DumpFile) -> io::Result<()> {
    let rope = file.to_rope().map_err(io::Error::other)?;
    rope.write_to(&mut fs::File::create(path)?)
}

/// Where the file of this name goes. Digits stand for one that is too long, and a table tells which.
fn path(folder: &Path, name: &str, run: &OperatorRun<'_>) -> io::Result<PathBuf> {
    if name.len() <= MOST_NAME {
        return Ok(folder.join(name));
    }
    let time = run.start.duration_since(UNIX_EPOCH).unwrap_or_default();
    let digits = format!("{}{:06}", time.as_nanos(), run.index);
    map(&folder.join(MAPPING), &digits, name)?;
    Ok(folder.join(digits))
}

fn map(table: &Path, digits: &str, name: &str) -> io::Result<()> {
    let mut table = OpenOptions::new().create(true).append(true).open(table)?;
    writeln!(table, "{digits},{name}")
}

/// What is no tensor has no elements.
pub(super) fn tensors(seen: &[Seen<'_>]) -> Vec<DumpTensor> {
    let tensor = |seen: &Seen<'_>| {
        let bytes = seen.to_tensor().map(|tensor| tensor.bytes);
        DumpTensor::new(seen.dtype(), seen.dims(), bytes.unwrap_or_default().into())
    };
    seen.iter().map(tensor).collect()
}

//! Why `atc` made no model.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;

use ascend_graph::onnx;

use super::answer::{Answer, Report};
use super::process::{End, Finished};
use crate::error::{Error, ErrorKind};
use crate::errors::messages::{self, Class};
use crate::errors::operators::Operator;

/// What a shell adds to the number of the signal that ended its program.
const SHELL_SIGNAL: i32 = 128;
const SIGKILL: i32 = 9;
/// More names than a sentence holds.
const MOST_NAMES: usize = 8;
/// More nodes of a type than are counted.
const MOST_LISTED: usize = 1000;

/// What is known of a failed run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure<'f> {
    pub(super) finished: &'f Finished,
    pub(super) answer: &'f Answer,
    pub(super) model: &'f onnx::Graph,
    /// What Python lacks.
    pub(super) lacking: Option<&'f str>,
    /// Where all that `atc` said is, if it could be written.
    pub(super) log: Option<&'f Path>,
}

impl Failure<'_> {
    /// The error in one sentence: what, the cause, the nodes, what to do, and the log.
    pub(super) fn to_error(self) -> Error {
        let (kind, mut message) = match self.finished.end {
            End::TimedOut => (ErrorKind::Execution, self.timed_out()),
            End::TooMuchOutput => (
                ErrorKind::Execution,
                "atc wrote more than 1 GiB of output and was ended: lower --log".to_owned(),
            ),
            End::Exited(status) => self.exited(status),
        };
        let nodes = self.nodes();
        if !nodes.is_empty() {
            let _ = write!(message, "; nodes: {}", nodes.join(", "));
        }
        if let Some(log) = self.log {
            let _ = write!(message, "; the log is {}", log.display());
        }
        Error::new(kind, message)
    }

    fn timed_out(&self) -> String {
        format!(
            "atc was not done after {} s, and was ended with all its processes: give it longer \
             with --timeout, or see in the log where it is slow (on small boards \
             TE_PARALLEL_COMPILER=1 helps)",
            self.finished.elapsed.as_secs()
        )
    }

    fn exited(&self, status: ExitStatus) -> (ErrorKind, String) {
        if let Some(syntax) = &self.answer.syntax {
            let message = format!(
                "atc does not take its arguments: {syntax}; remove or correct the option, as this \
                 CANN may be too old for it"
            );
            return (ErrorKind::InvalidArgument, message);
        }
        if !self.answer.modules.is_empty() {
            return (ErrorKind::Library, self.modules());
        }
        if let Some(report) = self.answer.main_error() {
            return self.reported(report);
        }
        if let Some(signal) = signal_of(status).filter(|_| !self.answer.failed) {
            return self.signalled(signal);
        }
        let how = match status.code() {
            Some(0) if self.answer.succeeded => {
                "says that it succeeded, but left no .om".to_owned()
            }
            Some(0) => "ended without a word of success".to_owned(),
            Some(code) => format!("ended with the exit code {code} and names no reason"),
            None => "ended without a reason".to_owned(),
        };
        let message = format!(
            "atc {how}: usual causes are a full disk, an installation that is not whole, or a \
             wrapper in its place; see the log"
        );
        (ErrorKind::Internal, message)
    }

    fn signalled(&self, signal: i32) -> (ErrorKind, String) {
        if signal != SIGKILL {
            let message = format!(
                "atc crashed with signal {signal} and says nothing: a fault of CANN, or libraries \
                 that do not go together; see the log, and try a newer CANN"
            );
            return (ErrorKind::Internal, message);
        }
        let peak = self.finished.peak_bytes.map_or(String::new(), |bytes| {
            format!(", after it had taken {} MiB of memory", bytes >> 20)
        });
        let message = format!(
            "atc was killed{peak}, most likely as memory ran out: set TE_PARALLEL_COMPILER=1 and \
             MAX_COMPILE_CORE_NUMBER=1, add swap space, or convert on a larger machine"
        );
        (ErrorKind::OutOfMemory, message)
    }

    fn modules(&self) -> String {
        let modules = self.answer.modules.join(", ");
        let more = self.lacking.map_or(String::new(), |lacking| {
            format!("; python3 lacks {lacking} in all")
        });
        format!(
            "atc's operator compiler misses the Python modules {modules}{more}; install them for \
             the python3 that is first in PATH"
        )
    }

    fn reported(&self, report: &Report) -> (ErrorKind, String) {
        let known = messages::message(&report.code);
        let kind = known.map_or(ErrorKind::Execution, |code| kind_of(code.class));
        let mut message = format!("atc failed with {}", report.code);
        let said = if report.text.is_empty() {
            known.map_or("", |code| code.meaning)
        } else {
            report.text.trim_end_matches('.')
        };
        let _ = write!(message, ": {said}");
        if let Some(trace) = &report.trace {
            let _ = write!(message, "; first of the trace: {trace}");
        }
        let own = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let cause = own(&report.cause).or_else(|| known.map(|code| code.cause.to_owned()));
        // what is known is of more use than "try again with a valid argument"
        let remedy = known
            .map(|code| code.remedy.to_owned())
            .or_else(|| own(&report.remedy));
        if let Some(cause) = cause {
            let _ = write!(message, "; usual cause: {}", cause.trim_end_matches('.'));
        }
        if let Some(remedy) = remedy {
            let _ = write!(message, "; what to do: {}", remedy.trim_end_matches('.'));
        }
        if let (Some(lacking), Class::Python | Class::Compile) = (
            self.lacking,
            known.map_or(Class::Internal, |code| code.class),
        ) {
            let _ = write!(message, "; python3 lacks {lacking}");
        }
        (kind, message)
    }

    /// The operators that are named; where only a type is, the model's nodes of that type.
    fn nodes(&self) -> Vec<String> {
        let mut nodes = Vec::new();
        for operator in self.answer.operators.items() {
            match operator {
                Operator { name: Some(_), .. } => nodes.push(operator.to_string()),
                Operator {
                    kind: Some(kind), ..
                } => {
                    let own = kind.rsplit("::").next().unwrap_or(kind);
                    let all = self.model.node.iter().enumerate();
                    let same = all.filter(|(_, node)| node.op_type == own);
                    nodes.extend(
                        same.map(|(index, node)| node.label(index))
                            .take(MOST_LISTED),
                    );
                }
                Operator { .. } => {}
            }
        }
        let more = nodes.len().saturating_sub(MOST_NAMES);
        nodes.truncate(MOST_NAMES);
        if more > 0 {
            nodes.push(format!("and {more} more"));
        }
        nodes
    }
}

fn signal_of(status: ExitStatus) -> Option<i32> {
    let by_shell = |code: i32| (SHELL_SIGNAL + 1..SHELL_SIGNAL + 65).contains(&code);
    status.signal().or_else(|| {
        let code = status.code().filter(|code| by_shell(*code))?;
        Some(code - SHELL_SIGNAL)
    })
}

fn kind_of(class: Class) -> ErrorKind {
    match class {
        Class::Option => ErrorKind::InvalidArgument,
        Class::File => ErrorKind::Io,
        Class::Model => ErrorKind::Format,
        Class::Unsupported => ErrorKind::Unsupported,
        Class::Python => ErrorKind::Library,
        Class::Internal => ErrorKind::Internal,
        _ => ErrorKind::Execution,
    }
}

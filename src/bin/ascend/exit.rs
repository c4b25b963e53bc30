//! Exit codes by cause.

use std::io;
use std::process::ExitCode;

use anyhow::Error;
use ascend_graph::{Text, Words, text};
use ascend_rt::language::Language;
use ascend_rt::{ErrorKind, errors};

use crate::language;
use crate::weights::escaped;

/// For `--help`.
pub(crate) const HELP: &str = "\
Exit codes: 0 done, 1 another failure (of diff and compare: they differ; of explain: nothing found),
2 wrong usage, 3 no CANN or one that does not start, 4 device, 5 out of memory, 6 argument, shape or
type that does not fit, 7 damaged or unknown file, 8 not supported, 9 file or output that cannot be
read or written, 10 execution failed, 11 of check: convertible, with warnings, 12 of check: not
convertible, 13 of doctor: warnings, 14 of doctor: faults, 15 of doctor: no NPU and nothing wrong,
70 internal, 130 ended by Ctrl-C, 143 by SIGTERM";

const IO: u8 = 9;

/// What `compare` answers when outputs differ.
pub(crate) const DIFFERENT: u8 = 1;

/// What `explain` answers when it finds nothing.
pub(crate) const NOTHING_FOUND: u8 = 1;

/// What `check` answers for a model that converts, but with warnings.
pub(crate) const WARNINGS: u8 = 11;

/// What `check` answers for a model that does not convert.
pub(crate) const NOT_CONVERTIBLE: u8 = 12;

/// What `doctor` answers for a machine with warnings.
pub(crate) const DOUBTFUL: u8 = 13;

/// What `doctor` answers for a machine with faults.
pub(crate) const FAULTY: u8 = 14;

/// What `doctor` answers for a machine without an NPU on which nothing is wrong.
pub(crate) const NO_NPU: u8 = 15;

/// The exit code for `error`.
pub(crate) fn code(error: &Error) -> ExitCode {
    if error.is::<io::Error>() {
        return ExitCode::from(IO);
    }
    let kind = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<ascend_rt::Error>());
    ExitCode::from(match kind.map(ascend_rt::Error::kind) {
        Some(ErrorKind::Library | ErrorKind::MissingSymbol) => 3,
        Some(ErrorKind::Device) => 4,
        Some(ErrorKind::OutOfMemory) => 5,
        Some(ErrorKind::InvalidArgument | ErrorKind::Shape) => 6,
        Some(ErrorKind::Format) => 7,
        Some(ErrorKind::Unsupported) => 8,
        Some(ErrorKind::Io) => IO,
        Some(ErrorKind::Execution) => 10,
        Some(ErrorKind::Internal) => 70,
        _ => 1,
    })
}

/// Whether the reader of our output went away, which is no failure of ours.
pub(crate) fn is_closed_pipe(error: &Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The error and its causes in one line, each cause once; what a terminal would act on is escaped.
pub(crate) fn message(error: &Error) -> String {
    let mut message = Text::default();
    // errors of reading and writing files come with their path; bare ones are of the output
    if error.is::<io::Error>() {
        message = text!("cannot write the output");
    }
    for cause in error.chain().map(text_of) {
        if message.ends_with(&*cause) || message.contains(&format!("{};", &*cause)) {
            continue;
        }
        message = if message.is_empty() {
            cause
        } else {
            text!("{doing}: {why}", doing = message, why = cause)
        };
    }
    escaped(&in_language(&message))
}

fn text_of(error: &(dyn std::error::Error + 'static)) -> Text {
    match error.downcast_ref::<ascend_rt::Error>() {
        Some(error) => error.text().clone(),
        None => error.to_string().into(),
    }
}

/// The message in the language of the program, with what the error book says in it.
fn in_language(message: &Text) -> String {
    let mut told = language::tell(message);
    if language::current() == Language::English {
        return told;
    }
    for entry in errors::find(message) {
        for text in [
            text!(": {meaning})", meaning = Words(entry.meaning)),
            text!("; usual cause: {cause}", cause = Words(entry.cause)),
            text!("; what to do: {remedy}", remedy = Words(entry.remedy)),
        ] {
            told = told.replacen(text.as_str(), &language::tell(&text), 1);
        }
    }
    told
}

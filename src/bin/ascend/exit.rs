//! Exit codes by cause.

use std::io;
use std::process::ExitCode;

use anyhow::Error;
use ascend_rt::ErrorKind;

/// For `--help`.
pub(crate) const HELP: &str = "\
Exit codes: 0 done, 1 another failure, 2 wrong usage, 3 no CANN or one that does not start,
4 device, 5 out of memory, 6 argument, shape or type that does not fit, 7 damaged or unknown file,
8 not supported, 9 file cannot be read or written, 10 execution failed, 70 internal";

/// The exit code for `error`.
pub(crate) fn code(error: &Error) -> ExitCode {
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
        Some(ErrorKind::Io) => 9,
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

//! What to do next about what the operating system refuses.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind};

/// Too many files are open in the process, and in the system.
const TOO_MANY_FILES: [i32; 2] = [24, 23];

/// The next step after a failure to read or write.
pub(super) fn after(error: &io::Error) -> &'static str {
    if error
        .raw_os_error()
        .is_some_and(|code| TOO_MANY_FILES.contains(&code))
    {
        return "raise the limit of open files (`ulimit -n`), or have fewer at once";
    }
    match error.kind() {
        ErrorKind::NotFound => "check the name, and that its folder is there",
        ErrorKind::PermissionDenied => "give this user the right to it, or name another place",
        ErrorKind::AlreadyExists => "give another name",
        ErrorKind::IsADirectory => "give a file's name",
        ErrorKind::NotADirectory => "check the path: a part of it is no folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space there",
        ErrorKind::ReadOnlyFilesystem => "name a place that can be written to",
        ErrorKind::UnexpectedEof => "get the whole of it again",
        ErrorKind::InvalidData | ErrorKind::InvalidInput => "check that it is the right file",
        ErrorKind::OutOfMemory => "free some memory of this machine",
        ErrorKind::BrokenPipe => "leave its reader running",
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            "check the network that it comes over"
        }
        _ => "check the disk or network that it is on",
    }
}

//! What to do next about what the operating system refuses.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind};

use ascend_graph::{Text, text};

/// Too many files are open in the process, and in the system.
const TOO_MANY_FILES: [i32; 2] = [24, 23];

/// What the system says of a failure to read or write, as far as a user meets it every day.
pub(super) fn why(error: &io::Error) -> Text {
    let why = match error.raw_os_error() {
        Some(2) => text!("No such file or directory (os error 2)"),
        Some(13) => text!("Permission denied (os error 13)"),
        Some(17) => text!("File exists (os error 17)"),
        Some(20) => text!("Not a directory (os error 20)"),
        Some(21) => text!("Is a directory (os error 21)"),
        Some(28) => text!("No space left on device (os error 28)"),
        _ => return error.to_string().into(),
    };
    let told = error.to_string();
    // other systems may have other words
    if why.as_str() == told {
        why
    } else {
        told.into()
    }
}

/// The next step after a failure to read or write.
pub(super) fn after(error: &io::Error) -> Text {
    if error
        .raw_os_error()
        .is_some_and(|code| TOO_MANY_FILES.contains(&code))
    {
        return text!("raise the limit of open files (`ulimit -n`), or have fewer at once");
    }
    match error.kind() {
        ErrorKind::NotFound => text!("check the name, and that its folder is there"),
        ErrorKind::PermissionDenied => {
            text!("give this user the right to it, or name another place")
        }
        ErrorKind::AlreadyExists => text!("give another name"),
        ErrorKind::IsADirectory => text!("give a file's name"),
        ErrorKind::NotADirectory => text!("check the path: a part of it is no folder"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => text!("free some space there"),
        ErrorKind::ReadOnlyFilesystem => text!("name a place that can be written to"),
        ErrorKind::UnexpectedEof => text!("get the whole of it again"),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            text!("check that it is the right file")
        }
        ErrorKind::OutOfMemory => text!("free some memory of this machine"),
        ErrorKind::BrokenPipe => text!("leave its reader running"),
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            text!("check the network that it comes over")
        }
        _ => text!("check the disk or network that it is on"),
    }
}

//! The log that programs write to by `aclAppLog`.

use std::ffi::CStr;
use std::io::{self, Write};
use std::process;

use crate::fault::Timestamp;

/// Bytes of one entry's text; the rest is cut off.
const MAX_TEXT: usize = 1024;

/// What stands where a text was cut.
const CUT: &str = "...";

/// The numbers of `aclLogLevel`.
pub(crate) struct Level;

impl Level {
    const DEBUG: u32 = 0;
    const INFO: u32 = 1;
    const WARNING: u32 = 2;
    pub(crate) const ERROR: u32 = 3;
}

/// What of the log is kept, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    /// The least level that is written.
    pub(crate) threshold: u32,
    pub(crate) to_stdout: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            threshold: Level::ERROR,
            to_stdout: false,
        }
    }
}

/// One entry, as C gives it: any of the texts may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) level: u32,
    pub(crate) function: Option<&'a CStr>,
    pub(crate) file: Option<&'a CStr>,
    pub(crate) line: u32,
    pub(crate) text: Option<&'a CStr>,
}

impl Log {
    pub(crate) fn write(self, entry: Entry<'_>) {
        let Some(line) = self.line(entry) else { return };
        match entry.level {
            Level::DEBUG => tracing::debug!(target: "app", "{line}"),
            Level::INFO => tracing::info!(target: "app", "{line}"),
            Level::WARNING => tracing::warn!(target: "app", "{line}"),
            _ => tracing::error!(target: "app", "{line}"),
        }
        if self.to_stdout {
            let name = match entry.level {
                Level::DEBUG => "DEBUG",
                Level::INFO => "INFO",
                Level::WARNING => "WARNING",
                _ => "ERROR",
            };
            let (pid, time) = (process::id(), Timestamp::now());
            // A program whose output is closed loses its log, and nothing else.
            let _ = writeln!(io::stdout().lock(), "[{name}] APP({pid}):{time} {line}");
        }
    }

    /// What is written of an entry; `None` for one that is not.
    fn line(self, entry: Entry<'_>) -> Option<String> {
        let (function, file) = (entry.function?, entry.file?);
        let text = entry.text?.to_bytes();
        if entry.level < self.threshold || entry.level > Level::ERROR {
            return None;
        }
        let file = file.to_string_lossy();
        let file = file.rsplit('/').next().unwrap_or_default();
        let function = function.to_string_lossy();
        let line = entry.line;
        let cut = text.len() > MAX_TEXT;
        let kept = if cut {
            MAX_TEXT - CUT.len()
        } else {
            text.len()
        };
        let text = String::from_utf8_lossy(&text[..kept]);
        let end = if cut { CUT } else { "" };
        Some(format!("[{file}:{line}] {function}: {text}{end}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: Option<&CStr>) -> Entry<'_> {
        Entry {
            level: Level::WARNING,
            function: Some(c"main"),
            file: Some(c"src/app.cpp"),
            line: 7,
            text,
        }
    }

    /// S
    #[test]
    fn r_223_the_log_takes_its_level_and_what_is_there() {
        let log = Log {
            threshold: Level::WARNING,
            to_stdout: false,
        };
        let written = log.line(entry(Some(c"loaded"))).unwrap();
        assert_eq!(written, "[app.cpp:7] main: loaded");
        let lower = Entry {
            level: Level::INFO,
            ..entry(Some(c"loaded"))
        };
        assert_eq!(log.line(lower), None);
        assert_eq!(log.line(entry(None)), None);
        for missing in [
            Entry {
                function: None,
                ..entry(Some(c"loaded"))
            },
            Entry {
                file: None,
                ..entry(Some(c"loaded"))
            },
        ] {
            assert_eq!(log.line(missing), None);
        }
    }

    /// S
    #[test]
    fn r_223_long_entries_are_cut_with_a_mark() {
        let log = Log::default();
        for (bytes, ending) in [(1024, "x"), (1025, "x...")] {
            let text = std::ffi::CString::new("x".repeat(bytes)).unwrap();
            let error = Entry {
                level: Level::ERROR,
                ..entry(Some(&text))
            };
            let line = log.line(error).unwrap();
            let kept = line.strip_prefix("[app.cpp:7] main: ").unwrap();
            assert_eq!(kept.len(), 1024);
            assert!(kept.ends_with(ending), "{bytes}");
        }
    }
}

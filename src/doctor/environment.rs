//! The environment that a file or pipe holds.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use ascend_graph::text;

use super::root::NONBLOCK;
use crate::error::{Error, ErrorKind, Result};

/// No environment is larger.
const MOST: usize = 4 << 20;
/// A pipe is waited for so long, as its program may take a while.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// Reads variables that end with NUL bytes, as in `/proc/PID/environ`, or lines, as `env` writes them.
pub(super) fn read(file: &Path) -> Result<Vec<(OsString, OsString)>> {
    let variables = variables(file, &content(file)?)?.into_iter();
    let variables =
        variables.map(|(name, value)| (OsString::from_vec(name), OsString::from_vec(value)));
    Ok(variables.collect())
}

/// All that the file has, or that comes out of the pipe until its other end is closed.
fn content(file: &Path) -> Result<Vec<u8>> {
    let cannot = |error| Error::of_io(text!("cannot read {file}", file = file.display()), error);
    let refused = |why: &str| {
        let message = format!(
            "{} {why}; give /proc/PID/environ, a file that `env` wrote, or <(env)",
            file.display()
        );
        Err(Error::new(ErrorKind::Io, message))
    };
    // before it is opened: opening a device may do anything
    let kind = fs::metadata(file).map_err(cannot)?.file_type();
    if kind.is_dir() {
        return refused("is a folder, and no environment");
    }
    if !kind.is_file() && !kind.is_fifo() {
        return refused("is a device or socket, and no environment");
    }
    let mut options = OpenOptions::new();
    let options = options.read(true).custom_flags(NONBLOCK);
    let mut opened = options.open(file).map_err(cannot)?;
    let begin = Instant::now();
    let (mut bytes, mut piece) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        match opened.read(&mut piece) {
            // a pipe that nobody writes to has not begun yet
            Ok(0) if kind.is_file() || !bytes.is_empty() => return Ok(bytes),
            Ok(0) => {}
            Ok(len) => bytes.extend_from_slice(&piece[..len]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // such as /proc/kmsg
                if kind.is_file() {
                    return refused("has no end that is known, and is no environment");
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(cannot(error)),
        }
        if bytes.len() > MOST {
            return refused("has more than 4 MiB, which no environment has");
        }
        if kind.is_fifo() && begin.elapsed() > PATIENCE {
            return refused(if bytes.is_empty() {
                "is a pipe that nothing came out of in 10 seconds"
            } else {
                "is a pipe that was not closed in 10 seconds"
            });
        }
        if kind.is_fifo() {
            thread::sleep(PAUSE);
        }
    }
}

/// A line that begins no variable goes on with the last one.
fn variables(file: &Path, bytes: &[u8]) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    let mut variables: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for variable in bytes.split(|byte| *byte == end) {
        if variable.is_empty() {
            continue;
        }
        let equals = variable.iter().position(|byte| *byte == b'=');
        // the bodies of exported functions have several lines
        let is_name = |name: &[u8]| end == 0 || !name.iter().any(u8::is_ascii_whitespace);
        let begins = equals.is_some_and(|equals| is_name(&variable[..equals]));
        if let (Some((_, value)), b'\n', false) = (variables.last_mut(), end, begins) {
            value.push(end);
            value.extend(variable);
            continue;
        }
        let Some(equals) = equals else {
            let message = format!(
                "{} is no environment: {:?} has no =; give /proc/PID/environ or what `env` prints",
                file.display(),
                String::from_utf8_lossy(&variable[..variable.len().min(60)])
            );
            return Err(Error::new(ErrorKind::Format, message));
        };
        let (name, value) = (&variable[..equals], &variable[equals + 1..]);
        variables.push((name.to_owned(), value.to_owned()));
    }
    Ok(variables)
}

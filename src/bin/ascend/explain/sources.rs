//! Where logs come from.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use ascend_rt::errors::{self, Search, Set};
use ascend_rt::{Error, ErrorKind, Result};

use crate::language::say;
use crate::progress::Progress;

/// Folders within folders are followed so far.
const MOST_DEPTH: usize = 16;
/// More files and folders than a folder of logs has.
const MOST_FILES: usize = 20_000;
/// Read at once.
const BUFFER: usize = 256 << 10;
/// So many bytes tell whether a file is a text.
const HEAD: usize = 4096;

/// What an argument stands for.
pub(super) enum Given {
    Stdin,
    File(PathBuf),
    Folder(PathBuf),
    Text(String),
}

impl Given {
    pub(super) fn of(argument: &OsStr) -> Result<Self> {
        if argument == "-" {
            return Ok(Self::Stdin);
        }
        let text = argument.to_string_lossy();
        let entry = errors::lookup(&text);
        let path = Path::new(argument);
        let there = fs::metadata(path);
        // a file may have the name of a failure, but hardly that of a code
        let is_code = entry.is_some_and(|entry| entry.set != Set::Text);
        match there {
            Ok(_) if is_code => Ok(Self::Text(text.into_owned())),
            Ok(there) if there.is_dir() => Ok(Self::Folder(path.to_owned())),
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) if is_meant_as_path(&text) => Err(cannot_read(path, error)),
            Err(_) => Ok(Self::Text(text.into_owned())),
        }
    }
}

/// Whether a text that names no file was meant to.
fn is_meant_as_path(text: &str) -> bool {
    let is_word = !text.contains(char::is_whitespace);
    let is_log = [".log", ".txt", ".out"]
        .iter()
        .any(|end| text.ends_with(end));
    is_word && (text.contains('/') || is_log) && errors::find(text).is_empty()
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) files: usize,
    /// Files in folders that could not be read, with the reason.
    pub(super) unread: Vec<(PathBuf, String)>,
    /// Files in folders that are no texts, links, and others that are no files.
    pub(super) passed: usize,
    /// Folders within folders.
    folders: usize,
    /// Whether a folder has more files or levels than are followed.
    pub(super) is_cut: bool,
}

impl Read {
    /// Reads a file that was named.
    pub(super) fn file(&mut self, path: &Path, search: &mut Search) -> Result<()> {
        let cannot = |error| cannot_read(path, error);
        // before it is opened: opening a pipe would wait for its other end
        let there = fs::metadata(path).map_err(cannot)?;
        if !there.is_file() {
            let message = say!(
                "{file} is no regular file; copy its content into one, or give - and pipe it in",
                file = path.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        }
        let file = File::open(path).map_err(cannot)?;
        self.files += 1;
        let watched = Watched {
            // what is written meanwhile is not waited for
            file: file.take(there.len()),
            len: there.len(),
            progress: Progress::new("reading"),
        };
        let reader = BufReader::with_capacity(BUFFER, watched);
        search.read(Some(path), reader).map_err(cannot)
    }

    /// Reads all logs in a folder and its folders, in the order of their names. Links are not followed.
    pub(super) fn folder(&mut self, path: &Path, search: &mut Search) -> Result<()> {
        let entries = fs::read_dir(path).map_err(|error| cannot_read(path, error))?;
        self.entries(entries, 1, search);
        Ok(())
    }

    fn entries(&mut self, entries: fs::ReadDir, depth: usize, search: &mut Search) {
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .take(MOST_FILES + 1)
            .collect();
        self.is_cut |= paths.len() > MOST_FILES;
        paths.sort();
        for path in paths {
            let seen = self.files + self.unread.len() + self.passed + self.folders;
            if seen >= MOST_FILES {
                self.is_cut = true;
                return;
            }
            if let Err(error) = self.entry(&path, depth, search) {
                self.unread.push((path, error.to_string()));
            }
        }
    }

    fn entry(&mut self, path: &Path, depth: usize, search: &mut Search) -> io::Result<()> {
        let there = fs::symlink_metadata(path)?;
        if there.is_dir() && depth >= MOST_DEPTH {
            self.is_cut = true;
        } else if there.is_dir() {
            self.folders += 1;
            self.entries(fs::read_dir(path)?, depth + 1, search);
        } else if there.is_file() && is_text(path)? {
            self.files += 1;
            let file = File::open(path)?.take(there.len());
            search.read(Some(path), BufReader::with_capacity(BUFFER, file))?;
        } else {
            self.passed += 1;
        }
        Ok(())
    }
}

/// Whether a file begins as a text does; one that was cut while it was written may begin with zeros.
fn is_text(path: &Path) -> io::Result<bool> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?
        .take(u64::try_from(HEAD).unwrap_or(u64::MAX))
        .read_to_end(&mut head)?;
    let zeros = head.iter().take_while(|byte| **byte == 0).count();
    Ok(!head[zeros..].contains(&0))
}

pub(super) fn cannot_read(path: &Path, error: io::Error) -> Error {
    let what = say!("cannot read {file}", file = path.display());
    Error::of_io(what, error)
}

/// A file that tells how much of it is read.
struct Watched {
    file: io::Take<File>,
    len: u64,
    progress: Progress,
}

impl io::Read for Watched {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.progress.show(self.len - self.file.limit(), self.len);
        self.file.read(bytes)
    }
}

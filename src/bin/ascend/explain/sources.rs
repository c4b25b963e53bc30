//! Where logs come from.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};
use ascend_rt::convert::atc::quoted;
use ascend_rt::errors::{self, Search, Set};
use ascend_rt::{Error, ErrorKind, Result};
use flate2::bufread::MultiGzDecoder;

use super::form::{Form, HEAD};
use crate::language::{self, say};
use crate::progress::Progress;
use crate::weights::shown;

/// Folders within folders are followed so far.
const MOST_DEPTH: usize = 16;
/// More files and folders than a folder of logs has.
const MOST_FILES: usize = 20_000;
/// Read at once.
const BUFFER: usize = 256 << 10;
/// No more is read of what a compressed file holds.
const MOST_UNPACKED: u64 = 1 << 30;

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
        let watched = Watched {
            // what is written meanwhile is not waited for
            file: file.take(there.len()),
            len: there.len(),
            progress: Progress::new("reading"),
        };
        let reader = BufReader::with_capacity(BUFFER, watched);
        let form = self.content(Some(path), reader, search).map_err(cannot)?;
        refused(Some(path), form)
    }

    /// Reads the standard input.
    pub(super) fn stdin(&mut self, search: &mut Search) -> Result<()> {
        let cannot = |error| cannot_read("stdin".as_ref(), error);
        let form = self
            .content(None, io::stdin().lock(), search)
            .map_err(cannot)?;
        refused(None, form)
    }

    /// Reads a text, or what gzip made of one, and tells what else it is.
    fn content(
        &mut self,
        path: Option<&Path>,
        mut reader: impl BufRead,
        search: &mut Search,
    ) -> io::Result<Form> {
        let (head, read) = head(&mut reader);
        read?;
        let form = Form::of(head.get_ref());
        let whole = head.chain(reader);
        match form {
            Form::Text => search.read(path, whole)?,
            Form::Gzip => return Ok(self.unpacked(path, whole, search)),
            Form::Packed(..) | Form::Binary => return Ok(form),
        }
        self.files += usize::from(path.is_some());
        Ok(form)
    }

    /// Reads what gzip made of a text. One that is damaged is read as far as it goes.
    fn unpacked(&mut self, path: Option<&Path>, packed: impl BufRead, search: &mut Search) -> Form {
        let unpacked = MultiGzDecoder::new(packed).take(MOST_UNPACKED);
        let mut reader = BufReader::with_capacity(BUFFER, unpacked);
        let (head, mut read) = head(&mut reader);
        let form = Form::of(head.get_ref());
        if form == Form::Text && (read.is_ok() || !head.get_ref().is_empty()) {
            self.files += usize::from(path.is_some());
            read = search.read(path, head.chain(&mut reader)).and(read);
        }
        let why = match read {
            Err(error) => Some(text!(
                "the gzip data is damaged or cut, and was read to there; copy it anew: {error}",
                error = error.to_string()
            )),
            Ok(()) if reader.get_ref().limit() == 0 => Some(text!(
                "only its first {most} MiB were read; unpack it with `gunzip -k FILE`, and give a part of it",
                most = MOST_UNPACKED >> 20
            )),
            Ok(()) => None,
        };
        if let Some(why) = why {
            let name = path.unwrap_or("stdin".as_ref());
            self.unread.push((name.to_owned(), told(&why, path)));
        }
        match form {
            Form::Packed("tar", _) => Form::Packed("tar.gz", "tar xzf FILE"),
            Form::Gzip => Form::Packed("gzip.gz", "gunzip -k FILE"),
            form => form,
        }
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
        } else if there.is_file() {
            let file = File::open(path)?.take(there.len());
            let reader = BufReader::with_capacity(BUFFER, file);
            match self.content(Some(path), reader, search)? {
                Form::Binary => self.passed += 1,
                form => {
                    let why = form
                        .refusal()
                        .map(|why| (path.to_owned(), told(&why, Some(path))));
                    self.unread.extend(why);
                }
            }
        } else {
            self.passed += 1;
        }
        Ok(())
    }
}

/// The first bytes, however they come, and whether all was well until then.
fn head(reader: &mut impl io::Read) -> (io::Cursor<Vec<u8>>, io::Result<()>) {
    let mut head = Vec::with_capacity(HEAD);
    let most = u64::try_from(HEAD).unwrap_or(u64::MAX);
    let read = reader.take(most).read_to_end(&mut head);
    (io::Cursor::new(head), read.map(|_| ()))
}

/// The error of what was named and cannot be read as a text.
fn refused(path: Option<&Path>, form: Form) -> Result<()> {
    let Some(why) = form.refusal() else {
        return Ok(());
    };
    let name = path.unwrap_or("stdin".as_ref()).display();
    let why = told(&why, path);
    Err(Error::new(ErrorKind::Io, format!("{name} {why}")))
}

/// With the file's own name in the command, as a shell takes it.
fn told(why: &Text, path: Option<&Path>) -> String {
    let why = language::tell(why);
    match path {
        Some(path) => why.replace("FILE", &shown(&quoted([path.to_string_lossy()]))),
        None => why,
    }
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

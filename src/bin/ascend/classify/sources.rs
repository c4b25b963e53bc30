//! Which pictures a job is about, and in which order.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use ascend_graph::text;
use ascend_rt::{Error, ErrorKind};
use sha2::{Digest, Sha256};

use super::shard::Shard;
use crate::progress::Progress;

/// The extensions of the files that are taken from folders.
const TAKEN: [&str; 4] = ["jpg", "jpeg", "jpe", "png"];

/// No system has longer paths; a list with one is no list.
const LONGEST_PATH: u64 = 1 << 16;

/// Stands for a path, and is the same in every process: the first 16 bytes of the SHA-256 of the
/// path's bytes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key(u128);

impl Key {
    pub(super) fn of(path: &[u8]) -> Self {
        let digest = Sha256::digest(path);
        let (mut number, bytes) = (0, digest.iter().take(16));
        for byte in bytes {
            number = number << 8 | u128::from(*byte);
        }
        Self(number)
    }

    /// Its place among `count` shards: the first 8 bytes, as a number, modulo the count.
    pub(super) fn shard(self, count: u64) -> u64 {
        // the upper half always fits
        let upper = u64::try_from(self.0 >> 64).unwrap_or(u64::MAX);
        upper % count
    }
}

/// Paths in the order in which they were named. They lie behind one another: a million
/// of them take little more than their bytes.
#[derive(Debug, Default)]
pub(super) struct Sources {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Sources {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, index: usize) -> &Path {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Path::new(OsStr::from_bytes(&self.bytes[start..self.ends[index]]))
    }

    /// Those that have none of these keys.
    pub(super) fn without(self, keys: &HashSet<Key>) -> Self {
        if keys.is_empty() {
            return self;
        }
        let mut left = Self::default();
        for index in 0..self.len() {
            let path = self.get(index).as_os_str().as_bytes();
            if !keys.contains(&Key::of(path)) {
                left.push(path);
            }
        }
        left
    }

    fn push(&mut self, path: &[u8]) {
        self.bytes.extend_from_slice(path);
        self.ends.push(self.bytes.len());
    }
}

/// Finds the sources of a job, or of its shard.
pub(super) struct Search {
    shard: Option<Shard>,
    /// Those that are there, if each is wanted once.
    seen: Option<HashSet<Key>>,
    sources: Sources,
    /// Whether there were any, of this shard or another.
    has_any: bool,
    stdin_is_read: bool,
    progress: Progress,
}

impl Search {
    pub(super) fn new(shard: Option<Shard>, is_each_once: bool) -> Self {
        Self {
            shard,
            seen: is_each_once.then(HashSet::new),
            sources: Sources::default(),
            has_any: false,
            stdin_is_read: false,
            progress: Progress::new("looking for pictures:"),
        }
    }

    /// What the words of a command line name: pictures, folders, patterns, and lists (`@FILE`, `-`).
    ///
    /// # Errors
    ///
    /// `Io` when one is not there or cannot be read, `InvalidArgument` when one names no picture.
    pub(super) fn all(mut self, words: &[PathBuf]) -> Result<Sources, Error> {
        for word in words {
            self.word(word)?;
        }
        if self.has_any {
            return Ok(self.sources);
        }
        Err(invalid(
            "the lists are empty: there is no picture to classify".to_owned(),
        ))
    }

    fn word(&mut self, word: &Path) -> Result<(), Error> {
        let bytes = word.as_os_str().as_bytes();
        if word.is_dir() {
            return self.named_folder(word);
        }
        if bytes == b"-" || bytes == b"@-" {
            if std::mem::replace(&mut self.stdin_is_read, true) {
                return Err(invalid("stdin holds one list: give - once".to_owned()));
            }
            return self.list(Path::new("stdin"), io::stdin().lock());
        }
        if word.exists() {
            self.push(word);
            return Ok(());
        }
        if let Some(list) = bytes.strip_prefix(b"@") {
            let list = Path::new(OsStr::from_bytes(list));
            let file = File::open(list).map_err(|error| cannot_read(list, error))?;
            return self.list(list, BufReader::new(file));
        }
        let pattern = word.to_str().filter(|text| text.contains(['*', '?', '[']));
        match (pattern, fs::metadata(word)) {
            (Some(pattern), Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                self.pattern(pattern)
            }
            (_, Err(error)) => Err(cannot_read(word, error)),
            (_, Ok(_)) => {
                self.push(word);
                Ok(())
            }
        }
    }

    fn push(&mut self, path: &Path) {
        self.has_any = true;
        let bytes = path.as_os_str().as_bytes();
        let key = Key::of(bytes);
        let is_here = self.shard.is_none_or(|shard| shard.has(key));
        if is_here && self.seen.as_mut().is_none_or(|seen| seen.insert(key)) {
            self.sources.push(bytes);
            self.progress
                .say(format_args!("{} so far", self.sources.len()));
        }
    }

    fn pattern(&mut self, pattern: &str) -> Result<(), Error> {
        let fault =
            |error: glob::PatternError| invalid(format!("{pattern} is no pattern: {error}"));
        let mut is_empty = true;
        for found in glob::glob(pattern).map_err(fault)? {
            let path = found.map_err(|error| {
                let path = error.path().to_owned();
                cannot_read(&path, error.into())
            })?;
            is_empty = false;
            if path.is_dir() {
                self.folder(&path)?;
            } else {
                self.push(&path);
            }
        }
        if is_empty {
            let message = format!("cannot read {pattern}: nothing has such a name; check it");
            return Err(Error::new(ErrorKind::Io, message));
        }
        Ok(())
    }

    fn named_folder(&mut self, folder: &Path) -> Result<(), Error> {
        if self.folder(folder)? > 0 {
            return Ok(());
        }
        Err(invalid(format!(
            "the folder {} and those in it hold no .{}: give another one, or a list of files (@FILE)",
            folder.display(),
            TAKEN.join(", .")
        )))
    }

    /// The pictures of a folder and of those in it, in the order of their names' bytes; their number.
    ///
    /// What a link leads to is taken as if it were there, but for a folder that it lies in. Names
    /// that begin with a dot are left out.
    fn folder(&mut self, folder: &Path) -> Result<usize, Error> {
        let mut open = vec![Folder::open(folder)?];
        let mut found = 0;
        while let Some(inner) = open.last_mut() {
            let Some(path) = inner.entries.pop() else {
                open.pop();
                continue;
            };
            // A link that leads nowhere is a picture that cannot be read.
            let about = fs::metadata(&path).ok();
            if about.as_ref().is_some_and(fs::Metadata::is_dir) {
                let next = Folder::open(&path)?;
                if !open.iter().any(|outer| outer.place == next.place) {
                    open.push(next);
                }
            } else if is_taken(&path) && about.is_none_or(|about| about.is_file()) {
                found += 1;
                self.push(&path);
            }
        }
        Ok(found)
    }

    /// A list: one path a line, or with a 0 byte behind each, as `find -print0` writes them.
    fn list(&mut self, name: &Path, mut list: impl BufRead) -> Result<(), Error> {
        let cannot = |error| cannot_read(name, error);
        let has_zeros = list.fill_buf().map_err(cannot)?.contains(&0);
        let end = if has_zeros { 0 } else { b'\n' };
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut rest = list.by_ref().take(LONGEST_PATH);
            if rest.read_until(end, &mut line).map_err(cannot)? == 0 {
                return Ok(());
            }
            if rest.limit() == 0 {
                return Err(invalid(format!(
                    "{} is no list: a path in it has more than {LONGEST_PATH} bytes; give one path a line",
                    name.display()
                )));
            }
            let mut path = line.strip_suffix(&[end]).unwrap_or(&line);
            if !has_zeros {
                path = path.strip_suffix(b"\r").unwrap_or(path);
                if path.starts_with(b"#") {
                    continue;
                }
            }
            if !path.is_empty() {
                self.push(Path::new(OsStr::from_bytes(path)));
            }
        }
    }
}

/// A folder that is walked through.
struct Folder {
    /// Device and inode.
    place: (u64, u64),
    /// What is left of it, the next one last.
    entries: Vec<PathBuf>,
}

impl Folder {
    fn open(path: &Path) -> Result<Self, Error> {
        let cannot = |error| cannot_read(path, error);
        let about = fs::metadata(path).map_err(cannot)?;
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            if !entry.file_name().as_bytes().starts_with(b".") {
                entries.push(entry.path());
            }
        }
        entries.sort_unstable_by(|a, b| b.as_os_str().as_bytes().cmp(a.as_os_str().as_bytes()));
        Ok(Self {
            place: (about.dev(), about.ino()),
            entries,
        })
    }
}

fn is_taken(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|own| TAKEN.iter().any(|taken| own.eq_ignore_ascii_case(taken)))
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    Error::of_io(text!("cannot read {file}", file = path.display()), error)
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(sources: &Sources) -> Vec<String> {
        let paths = (0..sources.len()).map(|index| sources.get(index));
        paths
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn folders_are_walked_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/inner")).unwrap();
        for name in [
            "c.PNG",
            "a.jpg",
            "a.txt",
            ".hidden.jpg",
            "b/2.jpeg",
            "b/inner/1.jpg",
            "b.jpg",
        ] {
            fs::write(at(name), "").unwrap();
        }
        symlink("..", at("b/loop")).unwrap();
        symlink("nowhere", at("d.jpg")).unwrap();
        symlink("../a.jpg", at("b/link.jpg")).unwrap();
        let sources = Search::new(None, true)
            .all(&[folder.path().to_owned()])
            .unwrap();
        let expected = [
            "a.jpg",
            "b/2.jpeg",
            "b/inner/1.jpg",
            "b/link.jpg",
            "b.jpg",
            "c.PNG",
            "d.jpg",
        ];
        let expected = expected.map(|name| at(name).to_string_lossy().into_owned());
        assert_eq!(names(&sources), expected);
    }

    #[test]
    fn lists_are_read_byte_by_byte() {
        let listed = |bytes: &[u8]| {
            let mut search = Search::new(None, true);
            search.list(Path::new("list"), bytes).unwrap();
            names(&search.sources)
        };
        assert_eq!(listed(b"b\r\n\n# c\na\nb"), ["b", "a"]);
        assert_eq!(listed(b"a\nb\0#c\0"), ["a\nb", "#c"]);
        assert_eq!(listed(b"\xff.jpg\n"), ["\u{fffd}.jpg"]);
        assert!(listed(b"").is_empty());
        let mut search = Search::new(None, true);
        let endless = BufReader::new(io::repeat(b'x'));
        let error = search.list(Path::new("list"), endless).unwrap_err();
        assert!(error.to_string().contains("is no list"), "{error}");
    }
}

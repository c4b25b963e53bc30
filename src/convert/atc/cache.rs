//! Results of earlier runs, by all that they depend on.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ascend_graph::Rope;
use sha2::{Digest, Sha256};

use super::options::Cache as Place;
use super::outcome::Made;

/// What all entries together may take, in bytes; the oldest go first.
const MOST_BYTES: u64 = 8 << 30;
/// The list of an entry's files: digest and name, one a line.
const LIST: &str = ".list";

/// A hash over everything that a result depends on.
#[derive(Clone, Debug)]
pub(super) struct Key(Sha256);

impl Key {
    pub(super) fn new() -> Self {
        let mut key = Self(Sha256::new());
        key.add(concat!("ascend-rt ", env!("CARGO_PKG_VERSION"), " atc"));
        key
    }

    /// Adds bytes such that their borders count.
    pub(super) fn add(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn add_file(&mut self, path: &Path) -> io::Result<()> {
        self.add(digest_of(path)?);
        Ok(())
    }

    /// As a file with these bytes.
    pub(super) fn add_rope(&mut self, rope: &Rope) -> io::Result<()> {
        let mut hasher = Hasher(Sha256::new());
        rope.write_to(&mut hasher)?;
        self.add(hex(&hasher.0.finalize()));
        Ok(())
    }

    fn name(self) -> String {
        hex(&self.0.finalize())
    }
}

/// A folder of results.
#[derive(Clone, Debug)]
pub(super) struct Cache(PathBuf);

impl Cache {
    /// The folder that was asked for, if there is to be one.
    pub(super) fn at(place: &Place) -> Option<Self> {
        let folder = match place {
            Place::Off => return None,
            Place::Folder(folder) => folder.clone(),
            Place::User => {
                let whole = |name| {
                    env::var_os(name)
                        .map(PathBuf::from)
                        .filter(|path| path.is_absolute())
                };
                let base =
                    whole("XDG_CACHE_HOME").or_else(|| Some(whole("HOME")?.join(".cache")))?;
                base.join("ascend-rt").join("atc")
            }
        };
        Some(Self(folder))
    }

    /// The result under `key`, if it is there and whole.
    pub(super) fn find(&self, key: &Key) -> Option<Made> {
        let entry = self.0.join(key.clone().name());
        let list = fs::read_to_string(entry.join(LIST)).ok()?;
        let made = Self::read(&entry, &list);
        if made.is_none() {
            // damaged: it would be in the way of the new one
            let _ = fs::remove_dir_all(&entry);
            return None;
        }
        // what is used is young again
        let file = File::options().append(true).open(entry.join(LIST));
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
        made
    }

    fn read(entry: &Path, list: &str) -> Option<Made> {
        let mut files = list.lines().map(|line| {
            let (digest, name) = line.split_once(' ')?;
            let path = entry.join(name);
            let is_inside = !name.contains(['/', '\\']) && name != "..";
            (is_inside && digest_of(&path).ok()? == digest).then_some(path)
        });
        let om = files.next()??;
        let weights = files.collect::<Option<_>>()?;
        Some(Made { om, weights })
    }

    /// Keeps a result, and lets old ones go. Another run may have kept it before.
    pub(super) fn keep(&self, key: &Key, made: &Made) -> io::Result<()> {
        let bytes = made.bytes()?;
        if bytes > MOST_BYTES / 2 {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        self.make_room(MOST_BYTES - bytes)?;
        let part = tempfile::Builder::new()
            .prefix(".part-")
            .tempdir_in(&self.0)?;
        let mut list = Vec::new();
        for file in made.files() {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let copy = part.path().join(&*name);
            fs::copy(file, &copy)?;
            writeln!(list, "{} {name}", digest_of(&copy)?)?;
        }
        File::create(part.path().join(LIST))?.write_all(&list)?;
        if fs::rename(part.path(), self.0.join(key.clone().name())).is_ok() {
            // it has left its place, where there is nothing to remove
            let _ = part.keep();
        }
        Ok(())
    }

    /// Removes the oldest entries until all take at most `most` bytes.
    fn make_room(&self, most: u64) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let is_entry = path.file_name().is_some_and(|name| name.len() == 64);
            let Ok(used) = fs::metadata(path.join(LIST)).and_then(|list| list.modified()) else {
                continue;
            };
            if is_entry {
                entries.push((used, folder_bytes(&path), path));
            }
        }
        entries.sort();
        let mut all = entries
            .iter()
            .fold(0_u64, |sum, (_, bytes, _)| sum.saturating_add(*bytes));
        for (_, bytes, path) in entries {
            if all <= most {
                break;
            }
            fs::remove_dir_all(path)?;
            all -= bytes;
        }
        Ok(())
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = files.filter_map(|file| Some(file.metadata().ok()?.len()));
    sizes.fold(0, u64::saturating_add)
}

/// The SHA-256 of a file's content in hexadecimal digits.
pub(super) fn digest_of(path: &Path) -> io::Result<String> {
    let mut hasher = Hasher(Sha256::new());
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(hex(&hasher.0.finalize()))
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |number: u8| char::from_digit(number.into(), 16).unwrap_or_default();
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(word: &str) -> Key {
        let mut key = Key::new();
        key.add(word);
        key
    }

    #[test]
    fn results_are_found_until_they_are_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let (om, weight) = (folder.path().join("x_linux.om"), folder.path().join("w"));
        fs::write(&om, "model").unwrap();
        fs::write(&weight, "weight").unwrap();
        let made = Made {
            om,
            weights: vec![weight],
        };
        let cache = Cache::at(&Place::Folder(folder.path().join("a/b"))).unwrap();
        assert!(cache.find(&key("one")).is_none());
        for _ in 0..2 {
            cache.keep(&key("one"), &made).unwrap();
        }
        let found = cache.find(&key("one")).unwrap();
        assert_eq!(fs::read(&found.om).unwrap(), b"model");
        assert_eq!(fs::read(&found.weights[0]).unwrap(), b"weight");
        assert!(cache.find(&key("other")).is_none());
        let entries = fs::read_dir(&cache.0).unwrap().count();
        assert_eq!(entries, 1, "no parts are left");
        fs::write(&found.weights[0], "weighs").unwrap();
        assert!(cache.find(&key("one")).is_none());
        assert!(!found.om.exists(), "what is damaged is removed");
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let om = folder.path().join("om");
        fs::write(&om, [0; 100]).unwrap();
        let made = Made {
            om,
            weights: Vec::new(),
        };
        let cache = Cache(folder.path().join("cache"));
        for word in ["a", "b", "c"] {
            cache.keep(&key(word), &made).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        cache.find(&key("a")).unwrap();
        cache.make_room(400).unwrap();
        assert!(cache.find(&key("b")).is_none());
        assert!(cache.find(&key("a")).is_some() && cache.find(&key("c")).is_some());
    }

    #[test]
    fn borders_count() {
        let of = |parts: &[&str]| {
            let mut key = Key::new();
            for part in parts {
                key.add(part);
            }
            key.name()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
    }
}

//! Results of earlier runs, by all that they depend on.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ascend_graph::Rope;
use sha2::{Digest, Sha256};

use super::options::Cache as Place;
use super::outcome::Made;

/// What all entries together may take, in bytes; the oldest go first.
const MOST_BYTES: u64 = 8 << 30;
/// The list of an entry's files: digest and name, one a line.
const LIST: &str = ".list";
/// The beginning of the name of an entry that is not whole yet.
const PART: &str = ".part-";
/// What is not whole after this time was left by a run that was ended.
const PATIENCE: Duration = Duration::from_hours(24);
/// The most files and folders of custom operators, and folders within each other, that are listed.
const MOST_LISTED: usize = 100_000;
const MOST_DEEP: usize = 32;

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

    /// Adds path, size and time of all files below `folder`, and tells whether it is done: not where
    /// there are too many.
    pub(super) fn add_listing(&mut self, folder: &Path) -> bool {
        let mut files = Vec::new();
        let mut folders = vec![(folder.to_owned(), 0)];
        let mut seen = 0;
        while let Some((folder, depth)) = folders.pop() {
            for file in fs::read_dir(&folder).into_iter().flatten().flatten() {
                seen += 1;
                // the depth bounds circles of links
                if seen > MOST_LISTED || depth > MOST_DEEP {
                    return false;
                }
                let path = file.path();
                match fs::metadata(&path) {
                    Ok(facts) if facts.is_dir() => folders.push((path, depth + 1)),
                    Ok(facts) => files.push((path, facts.len(), facts.modified().ok())),
                    Err(_) => {}
                }
            }
        }
        files.sort();
        for (path, bytes, modified) in files {
            self.add(path.as_os_str().as_encoded_bytes());
            self.add(format!("{bytes} {modified:?}"));
        }
        true
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
        let list = fs::read_to_string(entry.join(LIST)).ok();
        let made = list.and_then(|list| Self::read(&entry, &list));
        if made.is_none() {
            // damaged: it would be in the way of the new one
            let _ = remove(&entry);
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
            return Err(io::Error::other(format!(
                "it has {bytes} bytes, and one may have at most {}",
                MOST_BYTES / 2
            )));
        }
        fs::create_dir_all(&self.0)?;
        self.make_room(MOST_BYTES - bytes)?;
        let part = tempfile::Builder::new().prefix(PART).tempdir_in(&self.0)?;
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

    /// Removes what no run can use, and the oldest entries until all take at most `most` bytes.
    fn make_room(&self, most: u64) -> io::Result<()> {
        let mut entries = Vec::new();
        let mut all = 0_u64;
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_entry = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_part = name.starts_with(PART);
            let modified = |path: &Path| fs::symlink_metadata(path)?.modified();
            let age = modified(&path).ok().and_then(|at| at.elapsed().ok());
            if is_entry && let Ok(used) = modified(&path.join(LIST)) {
                let bytes = folder_bytes(&path);
                all = all.saturating_add(bytes);
                entries.push((used, bytes, path));
            } else if is_entry || is_part && age.is_some_and(|age| age > PATIENCE) {
                remove(&path)?;
            } else if is_part {
                all = all.saturating_add(folder_bytes(&path));
            }
        }
        entries.sort();
        for (_, bytes, path) in entries {
            if all <= most {
                break;
            }
            remove(&path)?;
            all = all.saturating_sub(bytes);
        }
        Ok(())
    }
}

/// Removes an entry, which another run may have done.
fn remove(entry: &Path) -> io::Result<()> {
    match fs::remove_dir_all(entry) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = files.filter_map(|file| Some(file.metadata().ok()?.len()));
    sizes.fold(0, u64::saturating_add)
}

/// The SHA-256 of the bytes in hexadecimal digits.
pub(super) fn digest_of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
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
            std::thread::sleep(Duration::from_millis(20));
        }
        cache.find(&key("a")).unwrap();
        cache.make_room(400).unwrap();
        assert!(cache.find(&key("b")).is_none());
        assert!(cache.find(&key("a")).is_some() && cache.find(&key("c")).is_some());
    }

    #[test]
    fn what_no_run_can_use_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let om = folder.path().join("om");
        fs::write(&om, "model").unwrap();
        let weights = Vec::new();
        let made = Made { om, weights };
        let cache = Cache(folder.path().join("cache"));
        for word in ["one", "two"] {
            cache.keep(&key(word), &made).unwrap();
            let entry = cache.0.join(key(word).name());
            fs::remove_file(entry.join(LIST)).unwrap();
        }
        assert!(cache.find(&key("one")).is_none());
        cache.keep(&key("one"), &made).unwrap();
        assert!(
            cache.find(&key("one")).is_some(),
            "the new one has its place"
        );
        assert!(!cache.0.join(key("two").name()).exists());
        for name in [".part-old", ".part-new", "of the user"] {
            fs::create_dir(cache.0.join(name)).unwrap();
        }
        let old = File::open(cache.0.join(".part-old")).unwrap();
        old.set_modified(SystemTime::now() - 2 * PATIENCE).unwrap();
        cache.make_room(1000).unwrap();
        let is_there = |name: &str| cache.0.join(name).exists();
        assert!(!is_there(".part-old") && is_there(".part-new") && is_there("of the user"));
    }

    #[test]
    fn a_listing_changes_with_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let name = || {
            let mut key = key("");
            assert!(key.add_listing(folder.path()));
            key.name()
        };
        let empty = name();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/kernel.o"), "1").unwrap();
        let one = name();
        assert_ne!(empty, one);
        assert_eq!(one, name());
        fs::write(folder.path().join("a/b/kernel.o"), "22").unwrap();
        assert_ne!(one, name());
        std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
        assert!(!key("").add_listing(folder.path()), "it has no end");
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

//! Where the dynamic linker finds a library.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::machine::Machine;
use super::root::Root;

const CACHE: &str = "/etc/ld.so.cache";
const CONFIGURATION: &str = "/etc/ld.so.conf";
/// The beginning of the cache that glibc has written since 2.2, alone or behind the older one.
const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// Bytes before the entries, and of each.
const HEADER: usize = 48;
const ENTRY: usize = 24;
/// No cache is larger.
const MOST_CACHE: u64 = 64 << 20;
/// No name or path in it is longer, and all together are no longer than this times the cache.
const MOST_NAME: usize = 4096;
const MOST_SHARED: usize = 4;
/// More configurations, lines that include some, and folders than any machine has.
const MOST_CONFIGURATIONS: usize = 256;
const MOST_INCLUDES: usize = 32;
const MOST_FOLDERS: usize = 256;

/// The linker of a machine, for programs that start in its environment.
#[derive(Debug)]
pub(super) struct Linker<'m> {
    root: &'m Root,
    /// `LD_LIBRARY_PATH`.
    pub(super) listed: Vec<PathBuf>,
    /// The cache, by name; `None` where there is none that can be read.
    cache: Option<BTreeMap<String, PathBuf>>,
    /// The folders that `/etc/ld.so.conf` names.
    pub(super) configured: Vec<PathBuf>,
    always: Vec<PathBuf>,
}

impl<'m> Linker<'m> {
    pub(super) fn of(machine: &'m Machine) -> Self {
        let root = &machine.root;
        let mut configured = Configured::default();
        configured.read(root, Path::new(CONFIGURATION));
        let mut listed = machine.folders("LD_LIBRARY_PATH");
        keep_first(&mut listed, MOST_FOLDERS);
        let triple = format!("{}-linux-gnu", machine.architecture());
        let always = [
            format!("/lib/{triple}"),
            format!("/usr/lib/{triple}"),
            "/lib64".to_owned(),
            "/usr/lib64".to_owned(),
            "/lib".to_owned(),
            "/usr/lib".to_owned(),
        ];
        Self {
            root,
            listed,
            cache: cache(root),
            configured: configured.folders,
            always: always.map(PathBuf::from).into(),
        }
    }

    /// The file that a library's name stands for, where `first` and `last` are looked at before and after
    /// `LD_LIBRARY_PATH`.
    pub(super) fn find(&self, name: &str, first: &[PathBuf], last: &[PathBuf]) -> Option<PathBuf> {
        let own = first.iter().chain(&self.listed).chain(last);
        let in_folders = |folders: &mut dyn Iterator<Item = &PathBuf>| {
            folders
                .map(|folder| folder.join(name))
                .find(|file| self.root.is_file(file))
        };
        in_folders(&mut own.into_iter())
            .or_else(|| {
                let cached = self.cache.as_ref()?.get(name)?;
                self.root.is_file(cached).then(|| cached.clone())
            })
            .or_else(|| {
                // without a cache, what it would be made from
                let configured = self.configured.iter().filter(|_| self.cache.is_none());
                in_folders(&mut configured.chain(&self.always))
            })
    }

    /// The configured folders of Ascend that hold libraries of which the cache has none.
    pub(super) fn not_cached(&self) -> Vec<&Path> {
        let Some(cache) = &self.cache else {
            return Vec::new();
        };
        let parents: BTreeSet<&Path> = cache.values().filter_map(|file| file.parent()).collect();
        // looked up once, and only where one is asked for that is not known by its own path
        let real = LazyCell::new(|| {
            let real = parents.iter().filter_map(|parent| self.root.real(parent));
            real.collect::<BTreeSet<PathBuf>>()
        });
        let is_cached = |folder: &Path| {
            parents.contains(folder)
                || self
                    .root
                    .real(folder)
                    .is_some_and(|folder| real.contains(&folder))
        };
        let configured = self.configured.iter().map(PathBuf::as_path);
        configured
            .filter(|folder| folder.to_string_lossy().to_lowercase().contains("ascend"))
            .filter(|folder| {
                self.root
                    .names(folder)
                    .iter()
                    .any(|name| name.contains(".so"))
            })
            .filter(|folder| !is_cached(folder))
            .collect()
    }
}

/// Keeps the first of what is there several times, and no more than `most` of all.
pub(super) fn keep_first(folders: &mut Vec<PathBuf>, most: usize) {
    let mut seen = BTreeSet::new();
    folders.retain(|folder| seen.len() < most && seen.insert(folder.clone()));
}

/// What configurations name that include each other.
#[derive(Debug, Default)]
struct Configured {
    /// The configurations, without links, and what includes some.
    files: BTreeSet<PathBuf>,
    patterns: BTreeSet<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Configured {
    fn read(&mut self, root: &Root, file: &Path) {
        let is_new = self.files.len() < MOST_CONFIGURATIONS
            && root.real(file).is_some_and(|real| self.files.insert(real));
        if !is_new {
            return;
        }
        let text = root.text(file).plain().unwrap_or_default();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if let Some(pattern) = line.strip_prefix("include ") {
                let folder = file.parent().unwrap_or(Path::new("/"));
                self.include(root, &folder.join(pattern.trim()));
            } else if line.starts_with('/') && self.folders.len() < MOST_FOLDERS {
                self.folders.push(PathBuf::from(line));
            }
        }
    }

    fn include(&mut self, root: &Root, pattern: &Path) {
        let (Some(folder), Some(name)) = (pattern.parent(), pattern.file_name()) else {
            return;
        };
        let name = name.to_string_lossy();
        let (before, after) = name.split_once('*').unwrap_or((&name, ""));
        let is_included = |known: &String| {
            known == &*name
                || name.contains('*')
                    && known.len() >= before.len() + after.len()
                    && known.starts_with(before)
                    && known.ends_with(after)
        };
        if self.patterns.len() < MOST_INCLUDES && self.patterns.insert(pattern.to_owned()) {
            for known in root.names(folder).into_iter().filter(is_included) {
                self.read(root, &folder.join(known));
            }
        }
    }
}

fn cache(root: &Root) -> Option<BTreeMap<String, PathBuf>> {
    let file = root.open(Path::new(CACHE)).ok()?;
    let mut bytes = Vec::new();
    file.take(MOST_CACHE).read_to_end(&mut bytes).ok()?;
    read_cache(&bytes)
}

fn read_cache(bytes: &[u8]) -> Option<BTreeMap<String, PathBuf>> {
    let start = bytes.windows(MAGIC.len()).position(|part| part == MAGIC)?;
    let bytes = &bytes[start..];
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let text = |at: usize| {
        let rest = bytes.get(at..)?;
        let end = rest.iter().take(MOST_NAME).position(|byte| *byte == 0)?;
        str::from_utf8(&rest[..end]).ok()
    };
    let count = number(MAGIC.len())?.min(bytes.len() / ENTRY);
    let (mut known, mut len) = (BTreeMap::new(), 0);
    for entry in 0..count {
        let at = HEADER + entry * ENTRY;
        let (name, file) = (text(number(at + 4)?)?, text(number(at + 8)?)?);
        len += name.len() + file.len();
        if len > MOST_SHARED * bytes.len() {
            return None;
        }
        known
            .entry(name.to_owned())
            .or_insert_with(|| PathBuf::from(file));
    }
    Some(known)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A cache as `ldconfig` writes it.
    fn made(files: &[(&str, &str)]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let (mut strings, start) = (Vec::new(), HEADER + files.len() * ENTRY);
        bytes.extend(number(files.len()));
        bytes.resize(HEADER, 0);
        for (name, file) in files {
            bytes.extend(number(1));
            for text in [name, file] {
                bytes.extend(number(start + strings.len()));
                strings.extend(text.as_bytes());
                strings.push(0);
            }
            bytes.resize(bytes.len() + 12, 0);
        }
        [bytes, strings].concat()
    }

    #[test]
    fn the_search_has_its_order() {
        let place = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: &[u8]| {
            let path = place.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        for folder in ["rpath", "listed", "runpath", "cached", "usr/lib64"] {
            write(&format!("{folder}/liba.so"), b"");
        }
        write("opt/Ascend/lib64/libb.so", b"");
        write("usr/lib64/libc.so", b"");
        write(
            "etc/ld.so.conf",
            b"# libraries\ninclude ld.so.conf.d/*.conf\n",
        );
        write(
            "etc/ld.so.conf.d/ascend.conf",
            b"/opt/Ascend/lib64 # of Ascend\n",
        );
        write("etc/ld.so.conf.d/other.txt", b"/none\n");
        let find = |name: &str, listed: &str, first: &[PathBuf], last: &[PathBuf]| {
            let machine = Machine::at(place.path()).unwrap();
            let machine = machine.with_environment([("LD_LIBRARY_PATH".into(), listed.into())]);
            let linker = Linker::of(&machine);
            let found = linker.find(name, first, last);
            let missed = linker.not_cached().len();
            (found.map(|file| file.display().to_string()), missed)
        };
        let [rpath, runpath] = ["/rpath", "/runpath"].map(|path| vec![PathBuf::from(path)]);
        let found = |path: &str, missed: usize| (Some(path.to_owned()), missed);
        assert_eq!(
            find("libb.so", "", &[], &[]),
            found("/opt/Ascend/lib64/libb.so", 0)
        );
        write(
            "etc/ld.so.cache",
            &made(&[("liba.so", "/cached/liba.so"), ("libd.so", "/gone/libd.so")]),
        );
        assert_eq!(
            find("liba.so", "/none:/listed", &rpath, &runpath),
            found("/rpath/liba.so", 1)
        );
        assert_eq!(
            find("liba.so", "/none:/listed", &[], &runpath),
            found("/listed/liba.so", 1)
        );
        assert_eq!(
            find("liba.so", "", &[], &runpath),
            found("/runpath/liba.so", 1)
        );
        assert_eq!(find("liba.so", "", &[], &[]), found("/cached/liba.so", 1));
        assert_eq!(
            find("libc.so", "", &[], &[]),
            found("/usr/lib64/libc.so", 1)
        );
        assert_eq!(find("libd.so", "", &[], &[]), (None, 1));
        assert_eq!(
            find("libb.so", "", &[], &[]),
            (None, 1),
            "the cache is what counts"
        );
        let whole = made(&[("liba.so", "/cached/liba.so")]);
        for len in 0..whole.len() {
            let _ = read_cache(&whole[..len]);
        }
        assert_eq!(
            read_cache(&[b"ld.so-1.7.0 and more", &whole[..]].concat())
                .unwrap()
                .len(),
            1
        );
        let mut wrong = whole;
        wrong[HEADER + 4..HEADER + 8].fill(255);
        assert_eq!(read_cache(&wrong), None);
    }

    #[test]
    fn configurations_that_include_themselves_are_read_once() {
        let place = tempfile::tempdir().unwrap();
        let etc = place.path().join("etc");
        fs::create_dir(&etc).unwrap();
        let includes = "include ld.so.conf\ninclude ld.*\n".repeat(60);
        fs::write(etc.join("ld.so.conf"), format!("{includes}/first\n")).unwrap();
        std::os::unix::fs::symlink("ld.so.conf", etc.join("ld.link")).unwrap();
        let many: Vec<_> = (0..1000).map(|number| format!("/{number}")).collect();
        fs::write(etc.join("ld.many"), many.join("\n")).unwrap();
        let machine = Machine::at(place.path()).unwrap();
        let folders = Linker::of(&machine).configured;
        assert_eq!(folders.len(), MOST_FOLDERS);
        let first = Path::new("/first");
        assert!(folders.iter().filter(|folder| *folder == first).count() <= 1);
    }

    #[test]
    fn a_cache_of_entries_that_share_a_long_name_is_refused() {
        let name = "a".repeat(3000);
        let mut bytes = made(&vec![("", ""); 4096]);
        let start = u32::try_from(bytes.len()).unwrap();
        bytes.extend(name.bytes().chain([0]));
        for entry in 0..4096 {
            let at = HEADER + entry * ENTRY;
            bytes[at + 4..at + 8].copy_from_slice(&start.to_le_bytes());
        }
        assert_eq!(read_cache(&bytes), None);
        let long = "a".repeat(MOST_NAME);
        assert_eq!(read_cache(&made(&[(&long, "/a")])), None);
        assert!(read_cache(&made(&[(&name, "/a")])).is_some());
    }
}

//! A folder that stands for `/`, whose links stay inside it.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use ascend_graph::{Text, text};

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;
/// As long a path as Linux takes.
pub(super) const MOST_PATH: usize = 4096;
/// No text that is looked at is longer.
const MOST_TEXT: u64 = 1 << 20;
/// No folder that is looked at has more entries.
const MOST_ENTRIES: usize = 1 << 16;
/// Where files look ordinary and are none: reading some never ends, or takes what others wait for.
const KERNEL: [&str; 2] = ["/proc", "/sys"];
/// `O_NONBLOCK` of Linux, the same for x86-64 and ARM64.
pub(super) const NONBLOCK: i32 = 0o4000;

/// What a file holds that should be a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// It is not there.
    Missing,
    /// It is there, and cannot be taken for a text: why.
    Strange(Text),
    /// A text.
    Plain(String),
}

impl Content {
    pub(super) fn plain(self) -> Option<String> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Missing | Self::Strange(_) => None,
        }
    }
}

/// The files that are looked at. Paths are those that a program would use that runs in it.
#[derive(Clone, Debug)]
pub(super) struct Root {
    folder: PathBuf,
}

impl Root {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where `path`, which has no links any more, lies on this machine.
    fn outside(&self, path: &Path) -> PathBuf {
        let inside = path.strip_prefix("/").unwrap_or(path);
        if inside.as_os_str().is_empty() {
            return self.folder.clone();
        }
        self.folder.join(inside)
    }

    /// The path without links, if something is there; links lead nowhere outside.
    pub(super) fn real(&self, path: &Path) -> Option<PathBuf> {
        if path.as_os_str().len() > MOST_PATH {
            return None;
        }
        let mut left: VecDeque<OsString> = parts(path).collect();
        let (mut real, mut links) = (PathBuf::from("/"), 0);
        while let Some(part) = left.pop_front() {
            if part == ".." {
                real.pop();
                continue;
            }
            let next = real.join(&part);
            let facts = fs::symlink_metadata(self.outside(&next)).ok()?;
            if !facts.is_symlink() {
                real = next;
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return None;
            }
            let target = fs::read_link(self.outside(&next)).ok()?;
            if target.is_absolute() {
                real = PathBuf::from("/");
            }
            for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                left.push_front(part);
            }
        }
        Some(real)
    }

    /// Where the file lies on this machine, for whoever reads it himself.
    pub(super) fn find(&self, path: &Path) -> Option<PathBuf> {
        self.real(path).map(|real| self.outside(&real))
    }

    pub(super) fn facts(&self, path: &Path) -> Option<Metadata> {
        fs::symlink_metadata(self.find(path)?).ok()
    }

    pub(super) fn exists(&self, path: &Path) -> bool {
        self.real(path).is_some()
    }

    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.facts(path).is_some_and(|facts| facts.is_dir())
    }

    pub(super) fn is_file(&self, path: &Path) -> bool {
        self.facts(path).is_some_and(|facts| facts.is_file())
    }

    /// What the link at `path` says, wherever that may lead.
    pub(super) fn link(&self, path: &Path) -> Option<PathBuf> {
        let folder = self.real(path.parent()?)?;
        fs::read_link(self.outside(&folder.join(path.file_name()?))).ok()
    }

    /// The names in a folder, in order; none if it cannot be read.
    pub(super) fn names(&self, folder: &Path) -> Vec<String> {
        self.listed(folder).unwrap_or_default()
    }

    /// As [`Self::names`], where it matters whether the folder can be read.
    pub(super) fn listed(&self, folder: &Path) -> Option<Vec<String>> {
        let entries = fs::read_dir(self.find(folder)?).ok()?;
        let entries = entries.take(MOST_ENTRIES).flatten();
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        Some(names)
    }

    /// Opens an ordinary file; why it cannot be is told to come after its name. No link leads to the files of
    /// the kernel, and none that is read blocks.
    pub(super) fn open(&self, path: &Path) -> Result<File, Text> {
        let real = self.real(path).ok_or_else(|| text!("is not there"))?;
        let is_kernels = |path: &Path| KERNEL.iter().any(|folder| path.starts_with(folder));
        if is_kernels(&real) && !is_kernels(path) {
            return Err(text!(
                "leads to {real}, a file of the kernel",
                real = real.display()
            ));
        }
        let place = self.outside(&real);
        let cannot = |error: io::Error| text!("cannot be read: {error}", error = error.to_string());
        // a pipe would never end, and opening a device may do anything
        if !fs::symlink_metadata(&place).map_err(cannot)?.is_file() {
            return Err(text!("is no file"));
        }
        let mut options = OpenOptions::new();
        let options = options.read(true).custom_flags(NONBLOCK);
        let file = options.open(&place).map_err(cannot)?;
        // it may be another by now
        if !file.metadata().map_err(cannot)?.is_file() {
            return Err(text!("is no file"));
        }
        Ok(file)
    }

    pub(super) fn text(&self, path: &Path) -> Content {
        if self.real(path).is_none() {
            return match self.link(path) {
                Some(target) => Content::Strange(text!(
                    "is a link to {target}, which is not there",
                    target = target.display()
                )),
                None => Content::Missing,
            };
        }
        let file = match self.open(path) {
            Ok(file) => file,
            Err(why) => return Content::Strange(why),
        };
        let mut bytes = Vec::new();
        if let Err(error) = file.take(MOST_TEXT + 1).read_to_end(&mut bytes) {
            return Content::Strange(text!("cannot be read: {error}", error = error.to_string()));
        }
        if bytes.len() as u64 > MOST_TEXT {
            return Content::Strange(text!("has more than {most} KiB", most = MOST_TEXT >> 10));
        }
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Content::Plain(text),
            _ => Content::Strange(text!("is no text")),
        }
    }
}

fn parts(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().filter_map(|part| match part {
        Component::Normal(_) | Component::ParentDir => Some(part.as_os_str().to_owned()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_stay_inside() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        fs::create_dir_all(at("opt/8.0/lib64")).unwrap();
        fs::write(at("opt/8.0/version"), "8.0").unwrap();
        symlink("8.0", at("opt/latest")).unwrap();
        symlink("/opt/latest/version", at("absolute")).unwrap();
        symlink("../../../../../opt/8.0", at("above")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("/etc/passwd", at("outside")).unwrap();
        let root = Root::new(place.path().into());
        for (path, real) in [
            ("/", Some("/")),
            ("/opt/latest/lib64", Some("/opt/8.0/lib64")),
            ("/opt/latest/../8.0/version", Some("/opt/8.0/version")),
            ("/absolute", Some("/opt/8.0/version")),
            ("/above/lib64", Some("/opt/8.0/lib64")),
            ("/loop", None),
            ("/outside", None),
            ("/opt/8.0/version/none", None),
        ] {
            assert_eq!(root.real(path.as_ref()), real.map(PathBuf::from), "{path}");
        }
        assert_eq!(
            root.text("/absolute".as_ref()),
            Content::Plain("8.0".into())
        );
        assert_eq!(root.names("/opt".as_ref()), ["8.0", "latest"]);
        assert_eq!(root.link("/opt/latest".as_ref()), Some("8.0".into()));
        assert!(
            matches!(root.text("/outside".as_ref()), Content::Strange(why) if why.contains("not there"))
        );
        assert_eq!(root.text("/opt/none".as_ref()), Content::Missing);
        fs::write(at("binary"), [0, 159, 146]).unwrap();
        fs::write(at("huge"), vec![b'a'; 2 << 20]).unwrap();
        fs::create_dir(at("proc")).unwrap();
        fs::write(at("proc/version"), "6.8").unwrap();
        symlink("../proc/version", at("opt/kernel")).unwrap();
        assert_eq!(
            root.text("/proc/version".as_ref()),
            Content::Plain("6.8".into())
        );
        let long = format!("/{}", "opt/../".repeat(1 << 10));
        assert_eq!(root.real(long.as_ref()), None);
        for (path, why) in [
            ("/opt/kernel", "a file of the kernel"),
            ("/opt/../proc/version", "a file of the kernel"),
            ("/binary", "no text"),
            ("/huge", "1024 KiB"),
            ("/opt", "no file"),
        ] {
            assert!(
                matches!(root.text(path.as_ref()), Content::Strange(told) if told.contains(why))
            );
        }
    }
}

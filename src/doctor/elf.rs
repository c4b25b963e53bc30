//! What the dynamic linker reads of a library: for which processor it is, and what it needs.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::root::{MOST_PATH, Root};

const MAGIC: &[u8] = b"\x7fELF";
const CLASS_64: u8 = 2;
const LITTLE_ENDIAN: u8 = 1;
/// Bytes of the file's header, of a program header, and of an entry of the dynamic section.
const HEADER: usize = 64;
const SEGMENT: usize = 56;
const ENTRY: usize = 16;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
/// Tags of the dynamic section.
const NEEDED: u64 = 1;
const STRINGS: u64 = 5;
const RPATH: u64 = 15;
const RUNPATH: u64 = 29;
/// More than any library has.
const MOST_SEGMENTS: usize = 1024;
const MOST_DYNAMIC: u64 = 1 << 20;
const MOST_NEEDED: usize = 1024;
const MOST_NAME: usize = 4096;
pub(super) const MOST_FOLDERS: usize = 64;

/// A program or library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Elf {
    /// The processor, as Rust and `uname -m` call it.
    pub(super) architecture: String,
    /// The names of the libraries that it needs.
    pub(super) needed: Vec<String>,
    /// Where these are looked for before `LD_LIBRARY_PATH`, and after it.
    pub(super) rpath: Option<String>,
    pub(super) runpath: Option<String>,
}

/// The architecture of a tree, as its own programs tell it.
pub(super) fn architecture_of(root: &Root) -> Option<&'static str> {
    const PROGRAMS: [&str; 4] = ["/bin/sh", "/usr/bin/env", "/bin/ls", "/sbin/ldconfig"];
    PROGRAMS.iter().find_map(|path| {
        let elf = Elf::read(root, Path::new(path)).ok()?;
        ["x86_64", "aarch64"]
            .into_iter()
            .find(|known| *known == elf.architecture)
    })
}

impl Elf {
    /// Reads a file; what is wrong with it is told to come after its name.
    pub(super) fn read(root: &Root, path: &Path) -> Result<Self, String> {
        let file = root.open(path)?;
        let mut header = [0; HEADER];
        let is_read = file.read_exact_at(&mut header, 0);
        if is_read.is_err() || !header.starts_with(MAGIC) {
            return Err("is no library: it does not begin as ELF files do".to_owned());
        }
        let is_big = header[5] != LITTLE_ENDIAN;
        let machine = [header[18], header[19]];
        let machine = if is_big {
            u16::from_be_bytes(machine)
        } else {
            u16::from_le_bytes(machine)
        };
        let mut elf = Self {
            architecture: architecture(machine),
            ..Self::default()
        };
        // others are of no Ascend machine, and their name is all that is told
        if header[4] == CLASS_64 && !is_big {
            elf.read_dynamic(&file, &header)
                .ok_or("is a damaged library: its tables lead nowhere")?;
        }
        Ok(elf)
    }

    fn read_dynamic(&mut self, file: &File, header: &[u8; HEADER]) -> Option<()> {
        let start = word(header, 32)?;
        let count = usize::from(u16::from_le_bytes([header[56], header[57]]));
        let bytes = read(file, start, count.min(MOST_SEGMENTS) * SEGMENT)?;
        let segments: Vec<&[u8]> = bytes.chunks_exact(SEGMENT).collect();
        let of_kind = |kind: u32| {
            let all = segments.iter();
            all.filter(move |segment| segment[..4] == kind.to_le_bytes())
        };
        // (in the file, in memory, bytes in the file)
        let place =
            |segment: &[u8]| Some((word(segment, 8)?, word(segment, 16)?, word(segment, 32)?));
        let Some(dynamic) = of_kind(DYNAMIC).next() else {
            return Some(()); // a static program
        };
        let (offset, _, len) = place(dynamic)?;
        let bytes = read(file, offset, usize::try_from(len.min(MOST_DYNAMIC)).ok()?)?;
        let entries = bytes.chunks_exact(ENTRY);
        let entries = entries
            .map_while(|entry| Some((word(entry, 0).filter(|tag| *tag != 0)?, word(entry, 8)?)));
        let entries: Vec<(u64, u64)> = entries.collect();
        let Some(&(_, strings)) = entries.iter().find(|(tag, _)| *tag == STRINGS) else {
            return Some(());
        };
        let loaded = of_kind(LOAD).filter_map(|segment| place(segment));
        let strings = loaded.into_iter().find_map(|(offset, address, len)| {
            let inside = strings
                .checked_sub(address)
                .filter(|inside| *inside < len)?;
            offset.checked_add(inside)
        })?;
        let name = |at: u64| text(file, strings.checked_add(at)?);
        for &(tag, value) in entries.iter().take(MOST_NEEDED) {
            match tag {
                NEEDED => self.needed.push(name(value)?),
                RPATH => self.rpath = Some(name(value)?),
                RUNPATH => self.runpath = Some(name(value)?),
                _ => {}
            }
        }
        Some(())
    }

    /// The folders in a search path of the file that lies in `folder`.
    pub(super) fn folders(path: Option<&str>, folder: &Path) -> Vec<PathBuf> {
        let origin = folder.to_string_lossy();
        let parts = path
            .unwrap_or_default()
            .split(':')
            .filter(|part| !part.is_empty());
        parts
            .map(|part| {
                PathBuf::from(
                    part.replace("${ORIGIN}", &origin)
                        .replace("$ORIGIN", &origin),
                )
            })
            .filter(|folder| folder.as_os_str().len() <= MOST_PATH)
            .take(MOST_FOLDERS)
            .collect()
    }
}

fn architecture(machine: u16) -> String {
    match machine {
        3 => "x86",
        40 => "arm",
        62 => "x86_64",
        183 => "aarch64",
        243 => "riscv64",
        other => return format!("processor {other}"),
    }
    .to_owned()
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

fn read(file: &File, offset: u64, len: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len];
    file.read_exact_at(&mut bytes, offset).ok()?;
    Some(bytes)
}

fn text(file: &File, offset: u64) -> Option<String> {
    let mut bytes = vec![0; MOST_NAME];
    let len = file.read_at(&mut bytes, offset).ok()?;
    let end = bytes[..len].iter().position(|byte| *byte == 0)?;
    bytes.truncate(end);
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs;

    use super::*;

    #[test]
    fn this_program_is_read_and_none_of_its_pieces_is_trusted() {
        let own = env::current_exe().unwrap();
        let root = Root::new("/".into());
        let elf = Elf::read(&root, &own).unwrap();
        assert_eq!(elf.architecture, env::consts::ARCH);
        assert!(elf.needed.iter().any(|name| name == "libc.so.6"), "{elf:?}");
        let file = File::open(own).unwrap();
        let mut head = read(&file, 0, 4096).unwrap();
        let place = tempfile::tempdir().unwrap();
        let cut = place.path().join("cut.so");
        for len in [0, 3, 63, 64, 100, 4096] {
            fs::write(&cut, &head[..len]).unwrap();
            let told = Elf::read(&root, &cut).unwrap_err();
            assert!(
                told.contains("no library") || told.contains("damaged"),
                "{len}: {told}"
            );
        }
        head[18] = 183;
        head[4] = 1;
        fs::write(&cut, head).unwrap();
        assert_eq!(Elf::read(&root, &cut).unwrap().architecture, "aarch64");
        let origin = Elf::folders(Some("$ORIGIN/../lib64::/opt/${ORIGIN}"), Path::new("/a"));
        assert_eq!(origin, ["/a/../lib64", "/opt//a"].map(PathBuf::from));
        let many = "/a:".repeat(MOST_NAME);
        assert_eq!(
            Elf::folders(Some(&many), Path::new("/")).len(),
            MOST_FOLDERS
        );
        let long = "$ORIGIN".repeat(MOST_NAME / 8);
        assert!(Elf::folders(Some(&long), Path::new("/home/of/libraries")).is_empty());
    }
}

//! What the dynamic linker reads of a library: for which processor it is, and what it needs.

use std::fs::File;
use std::path::{Path, PathBuf};

use ascend_graph::{Text, text};
use object::elf::{
    DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_STRTAB, FileHeader32, FileHeader64, Machine,
    PN_XNUM, PT_DYNAMIC, PT_LOAD,
};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};
use object::read::{ReadCache, ReadRef, StringTable};
use object::{Endianness, LittleEndian};

use super::root::{MOST_PATH, Root};

type Header = FileHeader64<LittleEndian>;

const LITTLE: LittleEndian = LittleEndian;
/// More than any library has.
const MOST_DYNAMIC: u64 = 1 << 20;
const MOST_NEEDED: usize = 1024;
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
    pub(super) fn read(root: &Root, path: &Path) -> Result<Self, Text> {
        let data = ReadCache::new(root.open(path)?);
        let machine = machine(&data);
        let machine =
            machine.ok_or_else(|| text!("is no library: it does not begin as ELF files do"))?;
        let mut elf = Self {
            architecture: architecture(machine),
            ..Self::default()
        };
        // others are of no Ascend machine, and their name is all that is told
        if let Some(header) = Header::parse(&data)
            .ok()
            .filter(|header| header.is_little_endian())
        {
            elf.read_dynamic(&data, header)
                .ok_or_else(|| text!("is a damaged library: its tables lead nowhere"))?;
        }
        Ok(elf)
    }

    fn read_dynamic(&mut self, data: &ReadCache<File>, header: &Header) -> Option<()> {
        // so many segments are counted elsewhere, where no linker looks
        if header.e_phnum(LITTLE) == PN_XNUM {
            return None;
        }
        let segments = header.program_headers(LITTLE, data).ok()?;
        let mut of_kind = segments
            .iter()
            .filter(|one| one.p_type(LITTLE) == PT_DYNAMIC);
        let Some(dynamic) = of_kind.next() else {
            return Some(()); // a static program
        };
        if dynamic.p_filesz(LITTLE) > MOST_DYNAMIC {
            return None;
        }
        let entries = dynamic.dynamic(LITTLE, data).ok()??.iter();
        let entries = entries.map(|entry| (entry.d_tag(LITTLE), entry.d_val(LITTLE)));
        let entries: Vec<_> = entries.take_while(|(tag, _)| *tag != DT_NULL).collect();
        let Some(&(_, address)) = entries.iter().find(|(tag, _)| *tag == DT_STRTAB) else {
            return Some(());
        };
        let strings = segments.iter().find_map(|one| {
            let inside = address.checked_sub(one.p_vaddr(LITTLE))?;
            let is_in = one.p_type(LITTLE) == PT_LOAD && inside < one.p_filesz(LITTLE);
            one.p_offset(LITTLE).checked_add(inside).filter(|_| is_in)
        })?;
        let strings = StringTable::new(data, strings, data.len().ok()?);
        let name = |at: u64| {
            let name = strings.get(u32::try_from(at).ok()?).ok()?;
            String::from_utf8(name.to_vec()).ok()
        };
        for &(tag, value) in entries.iter().take(MOST_NEEDED) {
            match tag {
                DT_NEEDED => self.needed.push(name(value)?),
                DT_RPATH => self.rpath = Some(name(value)?),
                DT_RUNPATH => self.runpath = Some(name(value)?),
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

/// The processor of a file, of whatever width and order.
fn machine(data: &ReadCache<File>) -> Option<Machine> {
    fn of<'d, H: FileHeader<Endian = Endianness>>(data: &'d ReadCache<File>) -> Option<Machine> {
        let header = H::parse::<&'d ReadCache<File>>(data).ok()?;
        Some(header.e_machine(header.endian().ok()?))
    }
    of::<FileHeader64<Endianness>>(data).or_else(|| of::<FileHeader32<Endianness>>(data))
}

fn architecture(machine: Machine) -> String {
    match machine.0 {
        3 => "x86",
        40 => "arm",
        62 => "x86_64",
        183 => "aarch64",
        243 => "riscv64",
        other => return format!("processor {other}"),
    }
    .to_owned()
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
        let mut head = fs::read(own).unwrap();
        head.truncate(4096);
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
        // so many segments that another table would count them
        let mut wrong = head.clone();
        wrong[56..58].fill(0xFF);
        fs::write(&cut, &wrong).unwrap();
        assert!(Elf::read(&root, &cut).unwrap_err().contains("damaged"));
        head[18] = 183;
        head[4] = 1;
        fs::write(&cut, head).unwrap();
        assert_eq!(Elf::read(&root, &cut).unwrap().architecture, "aarch64");
        let origin = Elf::folders(Some("$ORIGIN/../lib64::/opt/${ORIGIN}"), Path::new("/a"));
        assert_eq!(origin, ["/a/../lib64", "/opt//a"].map(PathBuf::from));
        let many = "/a:".repeat(MOST_PATH);
        assert_eq!(
            Elf::folders(Some(&many), Path::new("/")).len(),
            MOST_FOLDERS
        );
        let long = "$ORIGIN".repeat(MOST_PATH / 8);
        assert!(Elf::folders(Some(&long), Path::new("/home/of/libraries")).is_empty());
    }
}

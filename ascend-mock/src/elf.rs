//! The symbols of an ELF file: enough of the format to know a kernel binary and what is in it.

use std::ops::Range;

/// Why a file is no kernel binary, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Error {
    what: &'static str,
    offset: u64,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.what, self.offset)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SymbolKind {
    Function,
    Object,
}

/// A symbol that the file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// Where the name stands in the file.
    pub(crate) name: Range<usize>,
    pub(crate) kind: SymbolKind,
    pub(crate) bytes: u64,
}

const HEADER_BYTES: u64 = 64;
const SECTION_BYTES: u64 = 64;
const SYMBOL_BYTES: u64 = 24;

/// Numbers of section types.
const SYMBOL_TABLE: u32 = 2;
const DYNAMIC_SYMBOLS: u32 = 11;

/// What stands for no section: the symbol is defined elsewhere.
const UNDEFINED: u16 = 0;

/// All functions and objects that `file` defines, in the file's order.
pub(crate) fn symbols(file: &[u8]) -> Result<Vec<Symbol>, Error> {
    let reader = Reader(file);
    if file.get(..4) != Some(b"\x7FELF") {
        return Err(error("not an ELF file", 0));
    }
    if reader.take::<2>(4)? != [2, 1] {
        return Err(error("not a 64-bit little-endian ELF file", 4));
    }
    let table = reader.u64(40)?;
    let entry_bytes = reader.u16(58)?;
    let count = reader.u16(60)?;
    if count > 0 && u64::from(entry_bytes) != SECTION_BYTES {
        return Err(error("section headers are not 64 bytes long", 58));
    }
    if count > 0 && table < HEADER_BYTES {
        return Err(error(
            "the section headers lie within the file's header",
            40,
        ));
    }
    let mut symbols = Vec::new();
    for index in 0..u64::from(count) {
        let section = Section::read(reader, table, index)?;
        if matches!(section.kind, SYMBOL_TABLE | DYNAMIC_SYMBOLS) {
            let names = Section::read(reader, table, section.link.into())?;
            read_symbols(reader, &section, &names, &mut symbols)?;
        }
    }
    Ok(symbols)
}

fn read_symbols(
    reader: Reader<'_>,
    section: &Section,
    names: &Section,
    symbols: &mut Vec<Symbol>,
) -> Result<(), Error> {
    let names = reader.range(names.offset, names.bytes)?;
    // Checked as a whole, so that no more symbols are looked for than the file has bytes.
    reader.range(section.offset, section.bytes)?;
    for index in 0..section.bytes / SYMBOL_BYTES {
        let at = section.offset + index * SYMBOL_BYTES;
        let [info] = reader.take::<1>(at + 4)?;
        let kind = match info & 0xF {
            1 => SymbolKind::Object,
            2 => SymbolKind::Function,
            _ => continue,
        };
        if reader.u16(at + 6)? == UNDEFINED {
            continue;
        }
        let name = reader.u32(at)? as usize;
        let start = names
            .start
            .checked_add(name)
            .filter(|start| *start < names.end);
        let start = start.ok_or_else(|| error("a symbol's name lies outside the names", at))?;
        let length = reader.0[start..names.end]
            .iter()
            .position(|&byte| byte == 0);
        let length = length.ok_or_else(|| error("a symbol's name has no end", at))?;
        symbols.push(Symbol {
            name: start..start + length,
            kind,
            bytes: reader.u64(at + 16)?,
        });
    }
    Ok(())
}

struct Section {
    kind: u32,
    offset: u64,
    bytes: u64,
    link: u32,
}

impl Section {
    fn read(reader: Reader<'_>, table: u64, index: u64) -> Result<Self, Error> {
        let at = index
            .checked_mul(SECTION_BYTES)
            .and_then(|offset| offset.checked_add(table));
        let at = at.ok_or_else(|| error("the section headers lie outside the file", table))?;
        reader.range(at, SECTION_BYTES)?;
        Ok(Self {
            kind: reader.u32(at + 4)?,
            offset: reader.u64(at + 24)?,
            bytes: reader.u64(at + 32)?,
            link: reader.u32(at + 40)?,
        })
    }
}

#[derive(Clone, Copy)]
struct Reader<'f>(&'f [u8]);

impl Reader<'_> {
    fn range(self, offset: u64, bytes: u64) -> Result<Range<usize>, Error> {
        let outside = || error("the file ends too early", offset);
        let end = offset.checked_add(bytes).ok_or_else(outside)?;
        let start = usize::try_from(offset).map_err(|_| outside())?;
        let end = usize::try_from(end).map_err(|_| outside())?;
        if end > self.0.len() {
            return Err(outside());
        }
        Ok(start..end)
    }

    fn take<const N: usize>(self, offset: u64) -> Result<[u8; N], Error> {
        let range = self.range(offset, N as u64)?;
        let bytes = self.0.get(range).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| error("the file ends too early", offset))
    }

    fn u16(self, offset: u64) -> Result<u16, Error> {
        self.take(offset).map(u16::from_le_bytes)
    }

    fn u32(self, offset: u64) -> Result<u32, Error> {
        self.take(offset).map(u32::from_le_bytes)
    }

    fn u64(self, offset: u64) -> Result<u64, Error> {
        self.take(offset).map(u64::from_le_bytes)
    }
}

fn error(what: &'static str, offset: u64) -> Error {
    Error { what, offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test program's own file is an ELF file with many symbols.
    #[test]
    fn symbols_of_a_real_file_are_found() {
        let file = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let symbols = symbols(&file).unwrap();
        let named = |wanted: &str| {
            let mut names = symbols.iter().map(|symbol| &file[symbol.name.clone()]);
            names.any(|name| name == wanted.as_bytes())
        };
        assert!(named("main") && !named("no_such_function"));
        let main = symbols
            .iter()
            .find(|symbol| &file[symbol.name.clone()] == b"main")
            .unwrap();
        assert_eq!(main.kind, SymbolKind::Function);
        assert!(main.bytes > 0);
    }
}

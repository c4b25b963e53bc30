//! The symbols of an ELF file: enough to know a kernel binary and what is in it.

use object::LittleEndian;
use object::elf::{FileHeader64, SHT_DYNSYM, SHT_SYMTAB, STT_FUNC, STT_OBJECT};
use object::read::elf::{FileHeader, SectionHeader, SectionTable, Sym, SymbolTable};
use object::read::{Result, StringTable};

type Header = FileHeader64<LittleEndian>;

const LITTLE: LittleEndian = LittleEndian;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SymbolKind {
    Function,
    Object,
}

/// A symbol that the file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) name: Box<[u8]>,
    pub(crate) kind: SymbolKind,
    pub(crate) bytes: u64,
}

/// All functions and objects that `file` defines, in the file's order.
pub(crate) fn symbols(file: &[u8]) -> Result<Vec<Symbol>> {
    let header = Header::parse(file)?;
    // without the names of sections, which a kernel's binary need not have
    let headers = header.section_headers(LITTLE, file)?;
    let sections = SectionTable::<Header>::new(headers, StringTable::default());
    let mut symbols = Vec::new();
    for (index, section) in sections.enumerate() {
        let kind = section.sh_type(LITTLE);
        if kind == SHT_SYMTAB || kind == SHT_DYNSYM {
            let table = SymbolTable::parse(LITTLE, file, &sections, index, section)?;
            add_defined(&table, &mut symbols)?;
        }
    }
    Ok(symbols)
}

fn add_defined(table: &SymbolTable<'_, Header>, symbols: &mut Vec<Symbol>) -> Result<()> {
    for symbol in table.iter().filter(|symbol| !symbol.is_undefined(LITTLE)) {
        let kind = match symbol.st_type() {
            STT_OBJECT => SymbolKind::Object,
            STT_FUNC => SymbolKind::Function,
            _ => continue,
        };
        symbols.push(Symbol {
            name: table.symbol_name(LITTLE, symbol)?.into(),
            kind,
            bytes: symbol.st_size(LITTLE),
        });
    }
    Ok(())
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
            let mut names = symbols.iter().map(|symbol| &symbol.name);
            names.any(|name| **name == *wanted.as_bytes())
        };
        assert!(named("main") && !named("no_such_function"));
        let main = symbols
            .iter()
            .find(|symbol| *symbol.name == *b"main")
            .unwrap();
        assert_eq!(main.kind, SymbolKind::Function);
        assert!(main.bytes > 0);
    }
}

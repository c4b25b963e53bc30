use std::collections::HashMap;
use std::io::Read;

use bytes::Bytes;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};
use serde_json::Value;

use crate::{Error, Result};

/// The most bytes that one description may have.
const MOST_OF_ONE: u64 = 4 << 20;
/// The most bytes that all descriptions together may have.
const MOST_OF_ALL: u64 = 64 << 20;
/// The most entries that an archive may have.
const MOST_ENTRIES: usize = 1 << 20;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// The name, folders and all.
    pub name: String,
    /// The bytes that it has, as the archive's directory tells.
    pub bytes: u64,
    /// The bytes that it takes in the archive.
    pub stored_bytes: u64,
    /// It is there as it is, not compressed.
    pub is_stored: bool,
    /// Where it is in the archive.
    start: usize,
    is_deflated: bool,
}

/// An archive, checked.
pub(super) struct Zip<'f> {
    file: &'f Bytes,
    entries: Vec<ArchiveEntry>,
    numbers: HashMap<String, usize>,
    /// The bytes of descriptions that may still be read.
    left: u64,
}

impl<'f> Zip<'f> {
    pub(super) fn open(file: &'f Bytes) -> Result<Self> {
        let damaged = |error| Error::format(format!("the zip archive is damaged: {error}"));
        let archive = ZipArchive::from_slice(&file[..]).map_err(damaged)?;
        let mut entries = Vec::new();
        let mut numbers = HashMap::new();
        for record in archive.entries() {
            let record = record.map_err(damaged)?;
            let name = name(record.file_path().as_bytes())?;
            if record.is_dir() {
                continue;
            }
            let data = archive.get_entry(record.wayfinder());
            let (start, end) = data.map_err(damaged)?.compressed_data_range();
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            if end > file.len() as u64 {
                return Err(Error::format(format!("`{name}` leads outside of the file")));
            }
            if numbers.insert(name.clone(), entries.len()).is_some() {
                return Err(Error::format(format!("`{name}` is there twice")));
            }
            let method = record.compression_method();
            entries.push(ArchiveEntry {
                name,
                bytes: record.uncompressed_size_hint(),
                stored_bytes: end.saturating_sub(start as u64),
                is_stored: method == CompressionMethod::STORE,
                start,
                is_deflated: method == CompressionMethod::DEFLATE,
            });
            if entries.len() > MOST_ENTRIES {
                return Err(Error::unsupported(format!(
                    "there are more than {MOST_ENTRIES} entries"
                )));
            }
        }
        check_places(&entries)?;
        Ok(Self {
            file,
            entries,
            numbers,
            left: MOST_OF_ALL,
        })
    }

    pub(super) fn entries(&self) -> &[ArchiveEntry] {
        &self.entries
    }

    pub(super) fn into_entries(self) -> Vec<ArchiveEntry> {
        self.entries
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.numbers.contains_key(name)
    }

    /// The content of an entry that is not compressed, a slice of the file.
    pub(super) fn stored(&self, name: &str) -> Option<Bytes> {
        let entry = &self.entries[*self.numbers.get(name)?];
        entry.is_stored.then(|| self.raw(entry))
    }

    /// The content of a description.
    pub(super) fn json(&mut self, name: &str) -> Result<Value> {
        let number = self.numbers.get(name);
        let number = number.ok_or_else(|| Error::format(format!("there is no `{name}` in it")))?;
        let entry = &self.entries[*number];
        let raw = self.raw(entry);
        let most = MOST_OF_ONE.min(self.left);
        let text = if entry.is_stored {
            raw
        } else if entry.is_deflated {
            inflate(&raw, most).map_err(|error| error.within(name))?
        } else {
            return Err(Error::unsupported(format!(
                "`{name}` is compressed by a method other than deflate"
            )));
        };
        if text.len() as u64 > most {
            return Err(Error::unsupported(format!(
                "`{name}` is a description of more than {most} bytes"
            )));
        }
        self.left -= text.len() as u64;
        serde_json::from_slice(&text)
            .map_err(|error| Error::format(format!("`{name}` is no JSON: {error}")))
    }

    /// What the file has of an entry.
    fn raw(&self, entry: &ArchiveEntry) -> Bytes {
        let len = usize::try_from(entry.stored_bytes).unwrap_or(0);
        self.file.slice(entry.start..entry.start + len)
    }
}

/// Inflates up to one byte more than `most`.
fn inflate(deflated: &[u8], most: u64) -> Result<Bytes> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(deflated)
        .take(most.saturating_add(1))
        .read_to_end(&mut inflated)
        .map_err(|error| Error::format(format!("the deflated data are damaged: {error}")))?;
    Ok(inflated.into())
}

/// Refuses a name that would lead out of a folder that the archive is unpacked to.
fn name(bytes: &[u8]) -> Result<String> {
    let name = str::from_utf8(bytes)
        .map_err(|_| Error::format("an entry has a name that is not UTF-8"))?;
    let leads_out = name.split(['/', '\\']).any(|part| part == "..")
        || name.starts_with(['/', '\\'])
        || name.contains([':', '\0']);
    if leads_out {
        return Err(Error::format(format!(
            "an entry has the name {name:?}, which leads out of the archive"
        )));
    }
    Ok(name.to_owned())
}

/// Refuses entries in one place: many that share their bytes are large at no cost.
fn check_places(entries: &[ArchiveEntry]) -> Result<()> {
    let mut sorted: Vec<&ArchiveEntry> = entries.iter().collect();
    sorted.sort_unstable_by_key(|entry| (entry.start, entry.stored_bytes));
    for pair in sorted.windows(2) {
        if pair[0].start as u64 + pair[0].stored_bytes > pair[1].start as u64 {
            return Err(Error::format(format!(
                "`{}` and `{}` are in the same place",
                pair[0].name, pair[1].name
            )));
        }
    }
    Ok(())
}

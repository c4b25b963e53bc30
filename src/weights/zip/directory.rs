//! The records of a zip archive by the directory at its end, read strictly: what two places tell
//! must agree, and nothing is guessed. Readers that guess differ in what they see in one file.

use std::collections::HashMap;

use super::Record;
use crate::error::Result;
use crate::map::{Content, Glances};
use crate::weights::budget::Budget;
use crate::weights::{Fault, damaged, unsupported, wrong};

const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";
const ZIP64_LOCATOR_LEN: usize = 20;
const ZIP64_END: &[u8] = b"PK\x06\x06";
const ZIP64_END_LEN: usize = 56;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LEN: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_LEN: usize = 30;
const ZIP64_EXTRA: u16 = 1;
const ENCRYPTED: u16 = 1;

/// Where the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Directory {
    start: u64,
    len: u64,
    count: u64,
}

/// The records of `content` by name; folders are left out.
pub(super) fn records<'f>(
    content: &'f Content,
    budget: &Budget,
) -> Result<HashMap<&'f str, Record>> {
    let file = &content.bytes[..];
    let directory = locate(file)?;
    let start = narrow(directory.start)?;
    let end = narrow(directory.start.saturating_add(directory.len))?;
    let mut rest = file.get(start..end).ok_or_else(beyond)?;
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (entry, after) = Entry::read(rest)?;
        budget.push(&mut entries, entry)?;
        rest = after;
    }
    if entries.len() as u64 != directory.count {
        let (count, claimed) = (entries.len() as u64, directory.count);
        // those that are not counted are missing to whoever believes the count
        let fault = if count > claimed {
            Fault::MissingRecord
        } else {
            Fault::BadZip
        };
        return Err(wrong(
            fault,
            format!("the zip directory lists {count} records and claims {claimed}"),
        ));
    }
    entries.sort_unstable_by_key(|entry| entry.local);
    check_places(&entries)?;
    budget.charge(2 * entries.len() * size_of::<(&str, Record)>())?;
    let mut records = HashMap::with_capacity(entries.len());
    let mut headers = content.glances();
    let mut before = ("", 0);
    for entry in entries {
        let local = entry.local;
        let (name, record) = entry.record(file.len(), &mut headers)?;
        let end = record.start + record.stored_len;
        if end > start {
            let message = format!("the record {name:?} reaches into the zip directory");
            return Err(wrong(Fault::OutOfBounds, message));
        }
        if before.1 > local {
            let message = format!("the records {:?} and {name:?} overlap", before.0);
            return Err(wrong(Fault::Overlap, message));
        }
        before = (name, end);
        let is_folder = name.ends_with('/');
        if !is_folder && records.insert(name, record).is_some() {
            let message = format!("the record {name:?} is there twice");
            return Err(wrong(Fault::Duplicate, message));
        }
    }
    Ok(records)
}

/// Refuses two records in one place.
fn check_places(sorted: &[Entry<'_>]) -> Result<()> {
    match sorted
        .windows(2)
        .find(|pair| pair[0].local == pair[1].local)
    {
        Some(pair) => {
            let (one, other) = (pair[0].name, pair[1].name);
            let fault = if one == other {
                Fault::Duplicate
            } else {
                Fault::Overlap
            };
            let message = format!("the records {one:?} and {other:?} are in the same place");
            Err(wrong(fault, message))
        }
        None => Ok(()),
    }
}

fn locate(file: &[u8]) -> Result<Directory> {
    let missing = || {
        damaged(
            "the zip directory is missing from the file's end; the file is truncated: download or copy it again",
        )
    };
    // the end record is followed by a comment of at most 65535 bytes, and by nothing else
    let highest = file.len().checked_sub(END_LEN).ok_or_else(missing)?;
    let lowest = highest.saturating_sub(u16::MAX.into());
    let is_end = |at: &usize| {
        file[*at..].starts_with(END) && usize::from(u16_at(file, at + 20)) == highest - at
    };
    let at = (lowest..=highest).rev().find(is_end).ok_or_else(missing)?;
    let end = &file[at..];
    let classic = Directory {
        start: u32_at(end, 16).into(),
        len: u32_at(end, 12).into(),
        count: u16_at(end, 10).into(),
    };
    if u16_at(end, 4) != u16_at(end, 6) || u16_at(end, 8) != u16_at(end, 10) {
        return Err(unsupported(
            "the archive is split over several files; join them first",
        ));
    }
    let Some(locator_at) = at.checked_sub(ZIP64_LOCATOR_LEN) else {
        return Ok(classic);
    };
    if !file[locator_at..].starts_with(ZIP64_LOCATOR) {
        return within(classic, at);
    }
    let zip64_at = narrow(u64_at(&file[locator_at..], 8))?;
    let zip64 = file
        .get(zip64_at..locator_at)
        .filter(|record| record.len() >= ZIP64_END_LEN && record.starts_with(ZIP64_END));
    let zip64 = zip64.ok_or_else(|| damaged("the zip64 end record is not where it should be"))?;
    let wide = Directory {
        start: u64_at(zip64, 48),
        len: u64_at(zip64, 40),
        count: u64_at(zip64, 32),
    };
    let agrees = |narrow: u64, wide: u64, full: u64| narrow == wide || narrow == full;
    if agrees(classic.start, wide.start, u32::MAX.into())
        && agrees(classic.len, wide.len, u32::MAX.into())
        && agrees(classic.count, wide.count, u16::MAX.into())
    {
        within(wide, zip64_at)
    } else {
        Err(damaged(
            "the two end records of the zip archive contradict each other",
        ))
    }
}

/// The directory, if it ends where the end records begin.
fn within(directory: Directory, end: usize) -> Result<Directory> {
    if directory.start.checked_add(directory.len) == Some(end as u64) {
        Ok(directory)
    } else {
        Err(damaged(
            "the zip directory is not where its end record tells",
        ))
    }
}

/// What the directory tells of a record.
struct Entry<'f> {
    name: &'f str,
    local: usize,
    stored_len: usize,
    len: usize,
    crc: u32,
    method: u16,
}

impl<'f> Entry<'f> {
    /// The first entry of the directory's `rest`, and what follows it.
    fn read(rest: &'f [u8]) -> Result<(Self, &'f [u8])> {
        if rest.len() < ENTRY_LEN || !rest.starts_with(ENTRY) {
            return Err(damaged("the zip directory is damaged"));
        }
        let (fixed, rest) = rest.split_at(ENTRY_LEN);
        let (name, rest) = rest
            .split_at_checked(u16_at(fixed, 28).into())
            .ok_or_else(beyond)?;
        let (extra, rest) = rest
            .split_at_checked(u16_at(fixed, 30).into())
            .ok_or_else(beyond)?;
        let (_, rest) = rest
            .split_at_checked(u16_at(fixed, 32).into())
            .ok_or_else(beyond)?;
        let name =
            std::str::from_utf8(name).map_err(|_| damaged("a record whose name is not UTF-8"))?;

        let mut zip64 = zip64_fields(extra);
        let mut wide = |value: u32| match value {
            u32::MAX => zip64
                .next()
                .ok_or_else(|| damaged(format!("the record {name:?} lacks its zip64 sizes"))),
            value => Ok(value.into()),
        };
        let len = narrow(wide(u32_at(fixed, 24))?)?;
        let stored_len = narrow(wide(u32_at(fixed, 20))?)?;
        let local = narrow(wide(u32_at(fixed, 42))?)?;
        if u16_at(fixed, 8) & ENCRYPTED != 0 {
            return Err(unsupported(format!(
                "the record {name:?} is encrypted; save the file without a password"
            )));
        }
        let entry = Self {
            name,
            local,
            stored_len,
            len,
            crc: u32_at(fixed, 16),
            method: u16_at(fixed, 10),
        };
        Ok((entry, rest))
    }

    /// The record with the place of its data.
    fn record(self, file_len: usize, headers: &mut Glances<'_>) -> Result<(&'f str, Record)> {
        let Self {
            name,
            local,
            stored_len,
            len,
            crc,
            method,
        } = self;
        let is_deflated = match method {
            0 => false,
            8 => true,
            other => {
                return Err(unsupported(format!(
                    "the record {name:?} is compressed by method {other}; unpack the archive and \
                     zip it again, stored"
                )));
            }
        };
        if !is_deflated && len != stored_len {
            return Err(damaged(format!(
                "the record {name:?} has two lengths, {len} and {stored_len} bytes"
            )));
        }
        let start = data_start(headers, local, name, method)?;
        if start
            .checked_add(stored_len)
            .is_none_or(|end| end > file_len)
        {
            let message = format!("the record {name:?} is longer than the file");
            return Err(wrong(Fault::OutOfBounds, message));
        }
        let record = Record {
            start,
            stored_len,
            len,
            crc,
            is_deflated,
        };
        Ok((name, record))
    }
}

/// Where the data of a record begin: behind its own header, whose lengths the directory lacks.
fn data_start(headers: &mut Glances<'_>, local: usize, name: &str, method: u16) -> Result<usize> {
    let header = headers.at(local, LOCAL_LEN + name.len());
    let header = header.filter(|header| header.starts_with(LOCAL));
    let header = header
        .ok_or_else(|| damaged(format!("no record {name:?} where the zip directory tells")))?;
    let (name_len, extra_len) = (
        usize::from(u16_at(header, 26)),
        usize::from(u16_at(header, 28)),
    );
    let is_named_so = name_len == name.len() && header.ends_with(name.as_bytes());
    if !is_named_so || u16_at(header, 8) != method {
        return Err(damaged(format!(
            "the zip directory and the record {name:?} contradict each other"
        )));
    }
    Ok(local + LOCAL_LEN + name_len + extra_len)
}

/// The 64-bit numbers of an entry's zip64 field, if it has one.
fn zip64_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut fields: &[u8] = &[];
    while extra.len() >= 4 {
        let (id, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some((field, rest)) = extra[4..].split_at_checked(len) else {
            break;
        };
        if id == ZIP64_EXTRA {
            fields = field;
        }
        extra = rest;
    }
    fields
        .as_chunks()
        .0
        .iter()
        .map(|&field| u64::from_le_bytes(field))
}

fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}

fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}

fn narrow(position: u64) -> Result<usize> {
    usize::try_from(position).map_err(|_| beyond())
}

fn beyond() -> crate::error::Error {
    damaged("the zip directory points beyond the file")
}

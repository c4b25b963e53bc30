//! A zip archive as named ranges of the file.

mod directory;

use std::collections::HashMap;
use std::io::Read;

use bytes::Bytes;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::budget::Budget;
use super::{Fault, damaged, or_fault, wrong};
use crate::error::Result;
use crate::map::Content;

/// A zip archive whose records are known by name.
#[derive(Debug)]
pub(crate) struct Archive<'f> {
    file: &'f Bytes,
    records: HashMap<&'f str, Record>,
    budget: Budget,
}

/// Where a record lies, in bytes of the file.
#[derive(Clone, Copy, Debug)]
struct Record {
    /// Where its data begin.
    start: usize,
    stored_len: usize,
    /// The length of the data when inflated.
    len: usize,
    crc: u32,
    is_deflated: bool,
}

impl<'f> Archive<'f> {
    /// Reads the directory of `file`, within the budget for it and what its records inflate to.
    ///
    /// Sizes come from the directory alone, since torch leaves them zero in front of the data.
    ///
    /// # Errors
    /// `Format` if the directory is damaged, contradicts the records' own headers, or names a
    /// record twice, or if records overlap; `Unsupported` for encryption and other compressions.
    pub(crate) fn read(file: &'f Content, budget: &Budget) -> Result<Self> {
        let records = directory::records(file, budget);
        let records = records.map_err(|error| or_fault(error, Fault::BadZip))?;
        Ok(Self {
            file: &file.bytes,
            records,
            budget: budget.clone(),
        })
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'f str> {
        self.records.keys().copied()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.records.contains_key(name)
    }

    /// The content of a record: a slice of the file if it is stored, inflated otherwise.
    pub(crate) fn content(&mut self, name: &str) -> Result<Option<Bytes>> {
        let Some(&record) = self.records.get(name) else {
            return Ok(None);
        };
        let stored = self
            .file
            .slice(record.start..record.start + record.stored_len);
        if !record.is_deflated {
            return Ok(Some(stored));
        }
        // what inflates to less than it is would be read many times at no cost
        if record.stored_len > record.len + record.len / 8 + 64 {
            let message = format!("the record {name:?} is longer than what it inflates to");
            return Err(wrong(Fault::BadZip, message));
        }
        let booked = self.budget.charge(record.len);
        booked.map_err(|error| error.while_doing(format_args!("record {name:?}, inflated")))?;
        inflate(&stored, record).map(Some).map_err(|error| {
            or_fault(error, Fault::BadZip).while_doing(format_args!("record {name:?}"))
        })
    }

    /// Compares every record with its checksum. Reads all of the file.
    pub(super) fn verify(&mut self) -> Result<()> {
        let mut records: Vec<_> = self
            .records
            .iter()
            .map(|(&name, &record)| (name, record))
            .collect();
        records.sort_unstable_by_key(|(_, record)| record.start);
        for (name, record) in records {
            let left = self.budget.left();
            let content = self.content(name)?;
            // it is kept for the comparison only
            self.budget.refund(left - self.budget.left());
            if record.is_deflated {
                continue; // compared when it was inflated
            }
            let mut crc = Crc::new();
            crc.update(&content.unwrap_or_default());
            if crc.sum() != record.crc {
                let message = format!("the record {name:?} differs from its checksum");
                return Err(wrong(Fault::BadZip, message));
            }
        }
        Ok(())
    }

    /// How often the bytes of a record are as many as in the file.
    pub(super) fn ratio(&self, name: &str) -> usize {
        self.records
            .get(name)
            .map_or(1, |record| record.len / record.stored_len.max(1))
    }
}

/// Inflates to the length that the directory tells, and no further.
fn inflate(deflated: &[u8], record: Record) -> Result<Bytes> {
    // deflate cannot do better than about 1032 to 1: a claim beyond that is not reserved for
    let mut inflated = Vec::with_capacity(record.len.min(deflated.len().saturating_mul(1032)));
    let limit = (record.len as u64).saturating_add(1);
    DeflateDecoder::new(deflated)
        .take(limit)
        .read_to_end(&mut inflated)
        .map_err(|cause| damaged("the deflated data are damaged").with_source(cause))?;
    let mut crc = Crc::new();
    crc.update(&inflated);
    if inflated.len() != record.len || crc.sum() != record.crc {
        return Err(damaged(
            "the deflated data differ from what the zip directory tells of them",
        ));
    }
    Ok(Bytes::from(inflated))
}

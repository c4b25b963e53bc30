//! A zip archive as torch lays it out: records stored, their data at multiples of 64 bytes, sizes
//! behind the data and in the directory, and zip64 end records always.

use flate2::Crc;

use super::out::Out;
use crate::error::Result;

/// Where data begin.
pub(super) const ALIGNMENT: u64 = 64;

/// Names are UTF-8.
const UTF8: u16 = 0x0800;

/// Checksum and sizes follow the data.
const DESCRIBED: u16 = 0x0008;

const LOCAL_LEN: u64 = 30;
const FULL_16: u16 = u16::MAX;
const FULL_32: u32 = u32::MAX;
const ZIP64_EXTRA: u16 = 1;

/// An archive that is being written.
#[derive(Default)]
pub(crate) struct Zip {
    records: Vec<Record>,
    /// The checksum of all names and data so far.
    content: Crc,
}

struct Record {
    name: String,
    start: u64,
    len: u64,
    crc: u32,
}

impl Zip {
    /// Adds a record of `len` bytes, which `data` writes with what it is given.
    pub(crate) fn record(
        &mut self,
        out: &mut Out<'_, '_>,
        name: String,
        len: u64,
        data: impl FnOnce(&mut Out<'_, '_>, &mut Crc) -> Result<()>,
    ) -> Result<()> {
        let start = out.at;
        let wide = wide_fields(len, start);
        let name_len = u16::try_from(name.len()).unwrap_or(FULL_16);
        let headers = start + LOCAL_LEN + u64::from(name_len) + wide.len() as u64 + 4;
        // at most 63
        let padding = u16::try_from(headers.next_multiple_of(ALIGNMENT) - headers).unwrap_or(0);
        let extra_len = u16::try_from(wide.len()).unwrap_or(0) + 4 + padding;
        out.put(b"PK\x03\x04\0\0")?;
        out.put(&flags(len).to_le_bytes())?;
        // stored; no time, checksum and sizes
        out.put(&[0; 18])?;
        out.put(&name_len.to_le_bytes())?;
        out.put(&extra_len.to_le_bytes())?;
        out.put(name.as_bytes())?;
        out.put(&wide)?;
        out.put(b"FB")?;
        out.put(&padding.to_le_bytes())?;
        out.put(&vec![b'Z'; padding.into()])?;

        let mut crc = Crc::new();
        data(out, &mut crc)?;
        let crc = crc.sum();
        if len > 0 {
            out.put(b"PK\x07\x08")?;
            out.put(&crc.to_le_bytes())?;
            match u32::try_from(len) {
                Ok(len) if wide.is_empty() => out.put(&[len.to_le_bytes(); 2].concat())?,
                _ => out.put(&[len.to_le_bytes(); 2].concat())?,
            }
        }
        self.content.update(name.as_bytes());
        self.content.update(&crc.to_le_bytes());
        self.records.push(Record {
            name,
            start,
            len,
            crc,
        });
        Ok(())
    }

    /// Adds a record that is there already.
    pub(super) fn whole(&mut self, out: &mut Out<'_, '_>, name: String, data: &[u8]) -> Result<()> {
        self.record(out, name, data.len() as u64, |out, crc| {
            crc.update(data);
            out.put(data)
        })
    }

    /// A number that follows from all that was written.
    pub(super) fn content(&self) -> u32 {
        self.content.sum()
    }

    /// Writes the directory.
    pub(crate) fn finish(self, out: &mut Out<'_, '_>) -> Result<()> {
        let start = out.at;
        let count = self.records.len() as u64;
        for record in self.records {
            let Record {
                name,
                start,
                len,
                crc,
            } = record;
            let (wide, flags) = (wide_fields(len, start), flags(len));
            let len = u32::try_from(len).unwrap_or(FULL_32);
            let start = u32::try_from(start).unwrap_or(FULL_32);
            out.put(b"PK\x01\x02\0\0\0\0")?;
            out.put(&flags.to_le_bytes())?;
            out.put(&[0; 6])?;
            out.put(&[crc.to_le_bytes(), len.to_le_bytes(), len.to_le_bytes()].concat())?;
            let name_len = u16::try_from(name.len()).unwrap_or(FULL_16);
            let wide_len = u16::try_from(wide.len()).unwrap_or(0);
            out.put(&[name_len.to_le_bytes(), wide_len.to_le_bytes()].concat())?;
            out.put(&[0; 10])?;
            out.put(&start.to_le_bytes())?;
            out.put(name.as_bytes())?;
            out.put(&wide)?;
        }
        let (end, len) = (out.at, out.at - start);
        out.put(b"PK\x06\x06")?;
        // the length of what follows, made by and needs version 4.5, one disk
        out.put(&44u64.to_le_bytes())?;
        out.put(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        for number in [count, count, len, start] {
            out.put(&number.to_le_bytes())?;
        }
        out.put(b"PK\x06\x07\0\0\0\0")?;
        out.put(&end.to_le_bytes())?;
        out.put(&1u32.to_le_bytes())?;
        let count = u16::try_from(count).unwrap_or(FULL_16);
        out.put(b"PK\x05\x06\0\0\0\0")?;
        out.put(&[count.to_le_bytes(), count.to_le_bytes()].concat())?;
        for number in [len, start] {
            out.put(&u32::try_from(number).unwrap_or(FULL_32).to_le_bytes())?;
        }
        out.put(&[0; 2])
    }
}

/// An empty record has no data for a description to follow.
fn flags(len: u64) -> u16 {
    if len > 0 { UTF8 | DESCRIBED } else { UTF8 }
}

/// The zip64 field of a record that is large or lies far in, in its own header and the directory.
fn wide_fields(len: u64, start: u64) -> Vec<u8> {
    let mut numbers = Vec::new();
    if len >= FULL_32.into() {
        numbers.extend([len, len]);
    }
    if start >= FULL_32.into() {
        numbers.push(start);
    }
    if numbers.is_empty() {
        return Vec::new();
    }
    let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    let len = u16::try_from(bytes.len()).unwrap_or(0);
    [&ZIP64_EXTRA.to_le_bytes()[..], &len.to_le_bytes(), &bytes].concat()
}

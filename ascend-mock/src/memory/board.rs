//! What processes tell each other of the memory that they share: records in a file in memory,
//! which others open through `/proc`.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::process;

use super::mapping::MemoryFile;

const MAGIC: u64 = 0x6d65_6d62_6f61_7264;
/// Of a record: a head of numbers, then the processes that are let in.
const RECORD: u64 = 8192;
const HEAD: usize = 8;
pub(super) const PIDS: usize = 1024;
/// Records are not used again, so that an old key never opens something else.
const RECORDS: u64 = 1 << 16;

/// Names a record of a process of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) pid: u32,
    file: u16,
    record: u16,
}

impl Name {
    pub(super) fn is_own(self) -> bool {
        self.pid == process::id()
    }

    /// As a shareable handle.
    pub(super) fn number(self) -> u64 {
        u64::from(self.pid) << 32 | u64::from(self.file) << 16 | u64::from(self.record)
    }

    pub(super) fn of_number(number: u64) -> Option<Self> {
        let low = |shift: u32| u16::try_from(number >> shift & 0xFFFF).ok();
        Some(Self {
            pid: u32::try_from(number >> 32).ok()?,
            file: low(16)?,
            record: low(0)?,
        })
    }

    /// As the key of shared memory.
    pub(super) fn text(self) -> String {
        format!("ascend-mock-{:016x}", self.number())
    }

    pub(super) fn of_text(text: &str) -> Option<Self> {
        let number = text.strip_prefix("ascend-mock-")?;
        Self::of_number(u64::from_str_radix(number, 16).ok()?)
    }
}

/// One piece of shared memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Of the file that the memory is in, in its process.
    pub(super) file: i32,
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) device: u32,
    /// Every process may come in.
    pub(super) is_open: bool,
    pub(super) pids: Vec<i32>,
}

impl Record {
    pub(super) fn lets_in(&self, pid: u32) -> bool {
        let pid = i32::try_from(pid).ok();
        self.is_open || pid.is_some_and(|pid| self.pids.contains(&pid))
    }

    fn encode(&self) -> Vec<u8> {
        let head: [u64; HEAD] = [
            MAGIC,
            u64::from(self.file.cast_unsigned()),
            self.offset,
            self.bytes,
            u64::from(self.device),
            u64::from(self.is_open),
            self.pids.len() as u64,
            0,
        ];
        let head = head.iter().flat_map(|number| number.to_le_bytes());
        head.chain(self.pids.iter().flat_map(|pid| pid.to_le_bytes()))
            .collect()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let number = |index: usize| {
            let bytes = bytes.get(index * 8..)?.first_chunk()?;
            Some(u64::from_le_bytes(*bytes))
        };
        if number(0)? != MAGIC {
            return None;
        }
        let count = usize::try_from(number(6)?).ok()?.min(PIDS);
        let pids = bytes.get(HEAD * 8..)?.chunks_exact(4).take(count);
        Some(Self {
            file: u32::try_from(number(1)?).ok()?.cast_signed(),
            offset: number(2)?,
            bytes: number(3)?,
            device: u32::try_from(number(4)?).ok()?,
            is_open: number(5)? != 0,
            pids: pids
                .filter_map(|pid| pid.first_chunk().map(|pid| i32::from_le_bytes(*pid)))
                .collect(),
        })
    }
}

/// The records of this process.
pub(super) struct Board {
    file: MemoryFile,
    next: u16,
}

impl Board {
    pub(super) fn new() -> io::Result<Self> {
        let file = MemoryFile::new(RECORD * RECORDS)?;
        Ok(Self { file, next: 0 })
    }

    pub(super) fn add(&mut self, record: &Record) -> io::Result<Name> {
        let full = || io::Error::other("all records of this process are used up");
        let number = self.next;
        self.next = number.checked_add(1).ok_or_else(full)?;
        let file = u16::try_from(self.file.0.as_raw_fd()).map_err(io::Error::other)?;
        let name = Name {
            pid: process::id(),
            file,
            record: number,
        };
        self.set(name, record)?;
        Ok(name)
    }

    pub(super) fn set(&self, name: Name, record: &Record) -> io::Result<()> {
        self.file.0.write_all_at(&record.encode(), place(name))
    }

    pub(super) fn get(&self, name: Name) -> Option<Record> {
        read(&self.file.0, name).ok()
    }

    pub(super) fn remove(&self, name: Name) -> io::Result<()> {
        self.file.0.write_all_at(&[0; 8], place(name))
    }

    /// Removes the records of a device's memory.
    pub(super) fn withdraw(&self, device: u32) -> io::Result<()> {
        let file = u16::try_from(self.file.0.as_raw_fd()).map_err(io::Error::other)?;
        let names = (0..self.next).map(|record| Name {
            pid: process::id(),
            file,
            record,
        });
        for name in names {
            if self.get(name).is_some_and(|record| record.device == device) {
                self.remove(name)?;
            }
        }
        Ok(())
    }
}

fn place(name: Name) -> u64 {
    u64::from(name.record) * RECORD
}

fn read(file: &File, name: Name) -> io::Result<Record> {
    let mut bytes = [0; HEAD * 8 + PIDS * 4];
    file.read_exact_at(&mut bytes, place(name))?;
    Record::decode(&bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// The record of another process, or of this one.
pub(super) fn find(name: Name) -> io::Result<Record> {
    read(&open(name.pid, i32::from(name.file))?, name)
}

/// A file of another process.
pub(super) fn open(pid: u32, file: i32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK);
    let file = options.open(format!("/proc/{pid}/fd/{file}"))?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_by_name_until_they_are_removed() {
        let mut board = Board::new().unwrap();
        let record = Record {
            file: 7,
            offset: 1 << 40,
            bytes: 12,
            device: 3,
            is_open: false,
            pids: vec![1, i32::MAX],
        };
        let first = board.add(&record).unwrap();
        let second = board
            .add(&Record {
                is_open: true,
                ..record.clone()
            })
            .unwrap();
        assert_eq!(Name::of_text(&first.text()), Some(first));
        assert_eq!(Name::of_number(second.number()), Some(second));
        assert_eq!(find(first).unwrap(), record);
        assert!(find(second).unwrap().lets_in(9));
        assert!(!record.lets_in(9) && record.lets_in(1));
        board.remove(first).unwrap();
        assert!(find(first).is_err());
        assert!(
            find(Name {
                record: 99,
                ..first
            })
            .is_err()
        );
        for text in ["", "ascend-mock-", "ascend-mock-xyz", "other"] {
            assert_eq!(Name::of_text(text), None);
        }
    }
}

use crate::{Error, Result};

/// Reads little-endian numbers from front to back and says where a file ends too early.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The bytes that are left.
    pub(super) fn rest(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn take(&mut self, len: u64, what: &str) -> Result<&'a [u8]> {
        let end = usize::try_from(len)
            .ok()
            .and_then(|len| self.at.checked_add(len));
        let Some(taken) = end.and_then(|end| self.bytes.get(self.at..end)) else {
            return Err(Error::format(format!(
                "{what} at byte {} needs {len} bytes, {} follow",
                self.at,
                self.rest()
            )));
        };
        self.at += taken.len();
        Ok(taken)
    }

    pub(super) fn u8(&mut self, what: &str) -> Result<u8> {
        Ok(self.array::<1>(what)?[0])
    }

    pub(super) fn u16(&mut self, what: &str) -> Result<u16> {
        self.array(what).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32> {
        self.array(what).map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self, what: &str) -> Result<i32> {
        self.array(what).map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// Takes a number of entries and refuses one that the rest of the bytes cannot hold.
    pub(super) fn count(&mut self, entry_bytes: usize, what: &str) -> Result<usize> {
        let at = self.at;
        let count = self.u32(what)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.rest() / entry_bytes => Ok(count),
            _ => Err(Error::format(format!(
                "{what} at byte {at} is {count}, which the {} bytes that follow cannot hold",
                self.rest()
            ))),
        }
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64, what)?);
        Ok(array)
    }
}

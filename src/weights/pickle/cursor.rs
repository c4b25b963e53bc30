//! A position in a pickle that never leaves it.

use super::value::Span;
use crate::error::Result;
use crate::weights::{Fault, damaged, wrong};

#[derive(Debug)]
pub(super) struct Cursor<'p> {
    bytes: &'p [u8],
    position: usize,
}

impl<'p> Cursor<'p> {
    pub(super) fn new(bytes: &'p [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The next `len` bytes. Lengths come from the file: they are compared with what is left first.
    #[inline]
    pub(super) fn take(&mut self, len: u64) -> Result<&'p [u8]> {
        let left = self.remaining();
        match usize::try_from(len) {
            Ok(len) if len <= left => {
                let taken = &self.bytes[self.position..self.position + len];
                self.position += len;
                Ok(taken)
            }
            _ => Err(wrong(
                Fault::Truncated,
                format!(
                    "it needs {len} more bytes and has {left}; the file is truncated or damaged"
                ),
            )),
        }
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64)?);
        Ok(array)
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    #[inline]
    pub(super) fn i32(&mut self) -> Result<i32> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A float as pickles write it, the highest byte first.
    pub(super) fn f64(&mut self) -> Result<f64> {
        self.array().map(f64::from_be_bytes)
    }

    /// The next `len` bytes by place.
    #[inline]
    pub(super) fn span(&mut self, len: u64) -> Result<Span> {
        let start = self.position;
        let taken = self.take(len)?;
        Span::new(start, taken.len())
    }

    /// The bytes at a place.
    pub(super) fn of(&self, span: Span) -> &'p [u8] {
        span.of(self.bytes)
    }

    /// Text up to the end of the line, which is passed over.
    pub(super) fn line(&mut self) -> Result<&'p str> {
        let rest = &self.bytes[self.position..];
        let Some(len) = rest.iter().position(|&byte| byte == b'\n') else {
            return Err(wrong(
                Fault::Truncated,
                "a line without end; the file is truncated or damaged",
            ));
        };
        self.position += len + 1;
        std::str::from_utf8(&rest[..len]).map_err(|_| damaged("a name that is not UTF-8"))
    }
}

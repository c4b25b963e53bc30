use std::io::{self, Write};

use bytes::Bytes;

/// Below this many bytes a piece is copied into its neighbour: one write is dearer than the copy.
const SMALL: usize = 4096;

static ZEROS: [u8; 4096] = [0; 4096];

/// A file that is about to be written: pieces in order, the large ones shared with their owner.
#[derive(Clone, Debug, Default)]
pub struct Rope {
    pieces: Vec<Bytes>,
    tail: Vec<u8>,
    len: u64,
}

impl Rope {
    /// Gives an empty rope.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Tells whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends `bytes`; large ones are shared, not copied.
    pub fn push(&mut self, bytes: Bytes) {
        if bytes.len() < SMALL {
            self.extend_from_slice(&bytes);
        } else {
            self.flush_tail();
            self.len += bytes.len() as u64;
            self.pieces.push(bytes);
        }
    }

    /// Appends a copy of `bytes`.
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.tail.extend_from_slice(bytes);
    }

    /// Appends all pieces of `other`.
    pub fn append(&mut self, other: &Rope) {
        for piece in &other.pieces {
            self.push(piece.clone());
        }
        self.extend_from_slice(&other.tail);
    }

    /// Appends zeros until the rope is at least `len` bytes long.
    pub fn pad_to(&mut self, len: u64) {
        while self.len < len {
            let missing = usize::try_from(len - self.len).unwrap_or(usize::MAX);
            self.extend_from_slice(&ZEROS[..missing.min(ZEROS.len())]);
        }
    }

    /// Gives `len` bytes from `start` on, as far as there are any; large pieces are shared.
    #[must_use]
    pub fn slice(&self, start: u64, len: u64) -> Self {
        let mut slice = Self::new();
        let mut at = 0;
        let tail = Bytes::copy_from_slice(&self.tail);
        for piece in self.pieces.iter().chain([&tail]) {
            let bytes = piece.len() as u64;
            let from = start.clamp(at, at + bytes) - at;
            let to = start.saturating_add(len).clamp(at, at + bytes) - at;
            if let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to))
                && from < to
            {
                slice.push(piece.slice(from..to));
            }
            at += bytes;
        }
        slice
    }

    /// Writes all bytes in order.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        for piece in &self.pieces {
            out.write_all(piece)?;
        }
        out.write_all(&self.tail)
    }

    /// Gives all bytes in one buffer, which costs a copy of them.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut all = Vec::with_capacity(usize::try_from(self.len).unwrap_or(0));
        for piece in &self.pieces {
            all.extend_from_slice(piece);
        }
        all.extend_from_slice(&self.tail);
        all.into()
    }

    fn flush_tail(&mut self) {
        if !self.tail.is_empty() {
            self.pieces.push(std::mem::take(&mut self.tail).into());
        }
    }
}

impl From<Bytes> for Rope {
    fn from(bytes: Bytes) -> Self {
        let mut rope = Self::new();
        rope.push(bytes);
        rope
    }
}

impl From<Vec<u8>> for Rope {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_shares_large_pieces() {
        let large = Bytes::from(vec![7; SMALL]);
        let mut rope = Rope::new();
        rope.extend_from_slice(b"ab");
        rope.push(large.clone());
        rope.pad_to(SMALL as u64 + 5);
        let mut twice = Rope::from(b"x".to_vec());
        twice.append(&rope);
        assert_eq!(twice.len(), SMALL as u64 + 6);
        assert!(
            twice
                .pieces
                .iter()
                .any(|piece| piece.as_ptr() == large.as_ptr())
        );
        let mut written = Vec::new();
        twice.write_to(&mut written).unwrap();
        assert_eq!(written, twice.to_bytes());
        assert_eq!(&written[..4], b"xab\x07");
        assert_eq!(&written[written.len() - 4..], b"\x07\0\0\0");
        for (start, len) in [(0, 2), (1, 5000), (2, 9), (4095, 4), (4100, 99), (9000, 1)] {
            let end = written.len().min(start + len);
            let part = written.get(start..end).unwrap_or_default();
            assert_eq!(twice.slice(start as u64, len as u64).to_bytes(), part);
        }
    }
}

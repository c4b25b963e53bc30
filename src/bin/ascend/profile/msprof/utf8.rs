//! Text of others as UTF-8: spreadsheets save tables in UTF-16 too, and with a mark at the beginning.

use std::io::{self, Read};

/// What is read at once, in bytes.
const BLOCK: usize = 8 << 10;

/// A reader of text in UTF-8 or UTF-16 that gives UTF-8, without a mark of the byte order.
pub(in super::super) struct Utf8<R> {
    inner: R,
    form: Option<Form>,
    /// Bytes that were read and not decoded.
    raw: Vec<u8>,
    /// What is to be given next, and how much of it was given.
    ready: Vec<u8>,
    given: usize,
    is_over: bool,
}

#[derive(Clone, Copy)]
enum Form {
    Utf8,
    /// How two bytes make a unit.
    Utf16(fn([u8; 2]) -> u16),
}

impl<R: Read> Utf8<R> {
    pub(in super::super) fn new(inner: R) -> Self {
        Self {
            inner,
            form: None,
            raw: Vec::new(),
            ready: Vec::new(),
            given: 0,
            is_over: false,
        }
    }

    /// Tells the form from the first bytes: by a mark, or by the zeros that letters have in UTF-16.
    fn begin(&mut self) -> io::Result<Form> {
        let mut start = [0; 3];
        let mut length = 0;
        while length < start.len() {
            match self.inner.read(&mut start[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let start = &start[..length];
        let (form, mark) = match start {
            [0xef, 0xbb, 0xbf] => (Form::Utf8, 3),
            [0xff, 0xfe, ..] => (Form::Utf16(u16::from_le_bytes), 2),
            [0xfe, 0xff, ..] => (Form::Utf16(u16::from_be_bytes), 2),
            [1..=0x7f, 0, ..] => (Form::Utf16(u16::from_le_bytes), 0),
            [0, 1..=0x7f, ..] => (Form::Utf16(u16::from_be_bytes), 0),
            _ => (Form::Utf8, 0),
        };
        let rest = &start[mark..];
        match form {
            Form::Utf8 => self.ready.extend(rest),
            Form::Utf16(_) => self.raw.extend(rest),
        }
        self.form = Some(form);
        Ok(form)
    }

    /// Decodes the next block.
    fn more(&mut self, unit: fn([u8; 2]) -> u16) -> io::Result<()> {
        let mut block = [0; BLOCK];
        let read = self.inner.read(&mut block)?;
        self.is_over = read == 0;
        self.raw.extend(&block[..read]);
        let (pairs, _) = self.raw.as_chunks();
        let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        // The other half of a character comes with the next block.
        if !self.is_over {
            units.pop_if(|last| (0xd800..0xdc00).contains(last));
        }
        self.raw.drain(..2 * units.len());
        let characters = char::decode_utf16(units);
        let text: String = characters
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.ready = text.into_bytes();
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let form = match self.form {
            Some(form) => form,
            None => self.begin()?,
        };
        if let Form::Utf16(unit) = form {
            while self.given == self.ready.len() && !self.is_over {
                self.more(unit)?;
            }
        }
        let rest = &self.ready[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        match form {
            Form::Utf8 if length < buffer.len() => {
                Ok(length + self.inner.read(&mut buffer[length..])?)
            }
            _ => Ok(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.0.len()).min(5);
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn read(bytes: &[u8]) -> String {
        let (mut text, mut slow) = (String::new(), String::new());
        Utf8::new(bytes).read_to_string(&mut text).unwrap();
        Utf8::new(Slow(bytes)).read_to_string(&mut slow).unwrap();
        assert_eq!(text, slow);
        text
    }

    #[test]
    fn text_is_the_same_in_every_form() {
        let long = "Op Name,算子\n🦀,".repeat(5000);
        for text in [
            "",
            "a",
            "a,b\nc,d\n",
            "\u{7b97}\u{5b50}",
            "🦀🦀🦀",
            long.as_str(),
        ] {
            let units = || text.encode_utf16();
            let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(text.as_bytes()), text);
            assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
            assert_eq!(read(&[b"\xff\xfe", &little[..]].concat()), text);
            assert_eq!(read(&[b"\xfe\xff", &big[..]].concat()), text);
            if text.starts_with(|first: char| first.is_ascii()) {
                assert_eq!(read(&little), text);
                assert_eq!(read(&big), text);
            }
        }
    }

    #[test]
    fn what_is_damaged_is_replaced() {
        assert_eq!(read(b"\xff\xfea\0\0\xd8"), "a\u{fffd}");
        assert_eq!(read(b"\xff\xfea\0b"), "a");
        assert_eq!(read(b"\xff\xfe"), "");
    }
}

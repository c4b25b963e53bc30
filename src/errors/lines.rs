//! The lines of a log, in whatever characters it is written.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

/// A longer line is taken in pieces.
pub(super) const MOST_OF_A_LINE: usize = 64 << 10;
/// So many bytes of UTF-16 are taken at a time.
const PIECE: usize = 16 << 10;

/// What a file without content is full of, such as one that was cut while it was written.
static NOTHING: [u8; MOST_OF_A_LINE] = [0; MOST_OF_A_LINE];

/// Those characters of GBK that stand beside numbers and tell what they are.
const OF_GBK: [([u8; 2], char); 12] = [
    ([0xA1, 0xA3], '。'),
    ([0xA3, 0xAC], '，'),
    ([0xA3, 0xBA], '：'),
    ([0xB4, 0xED], '错'),
    ([0xB7, 0xB5], '返'),
    ([0xBB, 0xD8], '回'),
    ([0xC2, 0xEB], '码'),
    ([0xCA, 0xC7], '是'),
    ([0xCE, 0xAA], '为'),
    ([0xCE, 0xF3], '误'),
    ([0xD6, 0xB5], '值'),
    ([0xA3, 0xBD], '＝'),
];

/// Gives each line to `take`, with its number. UTF-16 is known by the mark at its beginning.
pub(super) fn each(mut reader: impl BufRead, mut take: impl FnMut(&str, u64)) -> io::Result<()> {
    let is_big = match beginning(&mut reader)? {
        [0xFE, 0xFF, ..] => true,
        [0xFF, 0xFE, ..] => false,
        _ => return each_of_bytes(reader, &mut take),
    };
    reader.consume(2);
    each_of_bytes(BufReader::new(Utf16::new(reader, is_big)), &mut take)
}

/// What the reader has at hand.
fn beginning(reader: &mut impl BufRead) -> io::Result<&[u8]> {
    while let Err(error) = reader.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    reader.fill_buf()
}

fn each_of_bytes(mut reader: impl BufRead, take: &mut impl FnMut(&str, u64)) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut number = 1;
    loop {
        bytes.clear();
        let limit = u64::try_from(MOST_OF_A_LINE).unwrap_or(u64::MAX);
        let read = (&mut reader).take(limit).read_until(b'\n', &mut bytes);
        if bytes.is_empty() {
            return read.map(|_| ());
        }
        let is_whole = bytes.ends_with(b"\n");
        if bytes[..] != NOTHING[..bytes.len()] {
            take(text(&bytes).trim_matches(['\0', '\r', '\n']), number);
        }
        // what came before it is taken still
        read?;
        number += u64::from(is_whole);
    }
}

/// The text of a line, which is UTF-8, or else of the encodings of China.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.into();
    }
    let (mut broken, mut fits) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        fits += chunk.valid().chars().filter(|c| *c >= '\u{800}').count();
    }
    if fits > broken {
        String::from_utf8_lossy(bytes)
    } else {
        of_gbk(bytes).into()
    }
}

/// What is in GBK or GB18030, of whose characters the second byte may look like a letter or digit.
fn of_gbk(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let is_lead = |byte: u8| (0x81..=0xFE).contains(&byte);
    while !bytes.is_empty() {
        let (len, letter) = match *bytes {
            [first, ..] if first.is_ascii() => (1, char::from(first)),
            [first, b'0'..=b'9', third, b'0'..=b'9', ..] if is_lead(first) && is_lead(third) => {
                (4, char::REPLACEMENT_CHARACTER)
            }
            [first, second @ (0x40..=0x7E | 0x80..=0xFE), ..] if is_lead(first) => {
                let known = OF_GBK.iter().find(|(pair, _)| *pair == [first, second]);
                (
                    2,
                    known.map_or(char::REPLACEMENT_CHARACTER, |(_, letter)| *letter),
                )
            }
            _ => (1, char::REPLACEMENT_CHARACTER),
        };
        text.push(letter);
        bytes = &bytes[len..];
    }
    text
}

/// UTF-16 that is read as UTF-8.
struct Utf16<R> {
    reader: R,
    is_big: bool,
    /// What is not decoded yet: less than a character.
    left: Vec<u8>,
    text: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Utf16<R> {
    fn new(reader: R, is_big: bool) -> Self {
        Self {
            reader,
            is_big,
            left: Vec::new(),
            text: Vec::new(),
            given: 0,
        }
    }

    /// Decodes a piece more.
    fn decode(&mut self) -> io::Result<()> {
        let bytes = self.reader.fill_buf()?;
        let len = bytes.len().min(PIECE);
        self.left.extend_from_slice(&bytes[..len]);
        self.reader.consume(len);
        let of_pair = |pair: &[u8]| match (pair, self.is_big) {
            (&[one, next], true) => u16::from_be_bytes([one, next]),
            (&[one, next], false) => u16::from_le_bytes([one, next]),
            _ => 0,
        };
        let mut units: Vec<u16> = self.left.chunks_exact(2).map(of_pair).collect();
        // the first half of a character waits for the second
        let is_cut = len > 0 && matches!(units.last(), Some(0xD800..=0xDBFF));
        units.truncate(units.len() - usize::from(is_cut));
        self.left.drain(..2 * units.len());
        let letters = char::decode_utf16(units);
        let letters = letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.text = letters.collect::<String>().into_bytes();
        self.given = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            self.decode()?;
            if self.text.is_empty() && self.reader.fill_buf()?.is_empty() {
                return Ok(0);
            }
        }
        let rest = &self.text[self.given..];
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        self.given += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(reader: impl BufRead) -> Vec<String> {
        let mut lines = Vec::new();
        each(reader, |line, number| {
            lines.push(format!("{number} {line}"));
        })
        .unwrap();
        lines
    }

    #[test]
    fn utf_16_is_known_by_its_mark() {
        let said = "错误码：507018\r\n😀 ret=107001";
        for (mark, is_big) in [([0xFF, 0xFE], false), ([0xFE, 0xFF], true)] {
            let to_bytes = |unit: u16| {
                if is_big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            let units = said.encode_utf16().flat_map(to_bytes);
            let bytes: Vec<u8> = mark.into_iter().chain(units).collect();
            // whatever pieces it comes in
            for capacity in [2, 3, 5, 7, 4096] {
                let reader = BufReader::with_capacity(capacity, &bytes[..]);
                let expected = ["1 错误码：507018", "2 😀 ret=107001"];
                assert_eq!(lines(reader), expected, "{capacity}");
            }
            let cut = &bytes[..bytes.len() - 1];
            assert_eq!(lines(cut)[1], "2 😀 ret=10700");
        }
        assert_eq!(lines(&[0xFF, 0xFE][..]), [""; 0]);
        // half a character at the end is none
        assert_eq!(lines(&[0xFF, 0xFE, 0x3D, 0xD8][..]), [""; 0]);
        assert_eq!(lines(&[0xFF, 0xFE, 7][..]), [""; 0]);
    }

    #[test]
    fn of_gbk_is_known_what_stands_beside_numbers() {
        for (bytes, expected) in [
            (
                &b"\xb4\xed\xce\xf3\xc2\xeb\xa3\xba507018"[..],
                "错误码：507018",
            ),
            (b"\xb5\xf7\xd3\xc3E10001", "��E10001"),
            // second bytes that look like letters and digits
            (b"\x81\x45\x90\x7aE10001", "��E10001"),
            (b"\x81\x30\x81\x30507018", "�507018"),
            (b"\xff\xb4", "��"),
        ] {
            assert_eq!(of_gbk(bytes), expected);
            assert_eq!(text(bytes), expected);
        }
        assert_eq!(
            text("错误码：507018 \u{7f}".as_bytes()),
            "错误码：507018 \u{7f}"
        );
        let broken = ["错误码：507018".as_bytes(), b" \xff"].concat();
        assert_eq!(text(&broken), "错误码：507018 �");
    }
}

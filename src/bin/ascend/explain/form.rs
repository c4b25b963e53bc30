//! What a file holds: a text, or something that has to be unpacked first.

use ascend_graph::{Text, text};

/// So many bytes tell it.
pub(super) const HEAD: usize = 4096;
/// One byte of so many may be none of a text, as logs are cut while they are written.
const MOST_STRANGE: usize = 20;
/// So many zeros in a row are what was not written of a text before the machine or program went down.
const GAP: usize = 4;
/// Where a tar archive has its mark.
const TAR: usize = 257;

/// Archives by how they begin, with the command that unpacks them.
const PACKED: [(&[u8], &str, &str); 7] = [
    (b"PK\x03\x04", "zip", "unzip -d FOLDER FILE"),
    (b"PK\x05\x06", "zip", "unzip -d FOLDER FILE"),
    (b"BZh", "bzip2", "bzip2 -dk FILE"),
    (b"\xfd7zXZ\0", "xz", "xz -dk FILE"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd -d FILE"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7z x FILE"),
    (b"Rar!", "rar", "unrar x FILE"),
];

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// Compressed by gzip, which is read as it is.
    Gzip,
    /// The format of an archive, and the command that unpacks it.
    Packed(&'static str, &'static str),
    Binary,
}

impl Form {
    /// By the first bytes of a file.
    pub(super) fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        let packed = PACKED.iter().find(|(mark, ..)| head.starts_with(mark));
        if let Some((_, what, command)) = packed {
            return Self::Packed(what, command);
        }
        if head
            .get(TAR..)
            .is_some_and(|mark| mark.starts_with(b"ustar"))
        {
            return Self::Packed("tar", "tar xf FILE");
        }
        let is_utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        let parts = head.chunk_by(|one, next| (*one == 0) == (*next == 0));
        let parts = parts.filter(|part| part[0] != 0 || part.len() < GAP);
        let rest: Vec<u8> = parts.flatten().copied().collect();
        let strange = rest.iter().filter(|byte| is_strange(**byte)).count();
        let is_text = is_utf16 || strange * MOST_STRANGE <= rest.len();
        if is_text && !head.starts_with(b"\x7fELF") {
            Self::Text
        } else {
            Self::Binary
        }
    }

    /// Why it is not read, to come after its name; nothing of what is.
    pub(super) fn refusal(self) -> Option<Text> {
        match self {
            Self::Text | Self::Gzip => None,
            Self::Packed(format, command) => Some(text!(
                "is packed as {format}; unpack it with `{command}`, and give what comes out",
                format,
                command
            )),
            Self::Binary => Some(text!(
                "is binary and no text, so that nothing was looked for in it; give the log beside it"
            )),
        }
    }
}

/// Whether a text has no such byte, but for tabs, ends of lines and pages, and colours.
fn is_strange(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 8 | 12 | 27) || byte == 127
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_how_it_begins() {
        let mut tar = vec![b'a'; 512];
        tar[TAR..TAR + 5].copy_from_slice(b"ustar");
        for (head, form) in [
            (&b""[..], Form::Text),
            (b"[ERROR] \x1b[31mred\x1b[0m\r\n", Form::Text),
            (b"\0\0\0\0[ERROR]\0\0\0\0", Form::Text),
            (b"\0\0\0\0", Form::Text),
            (
                b"[ERROR] one\n\0\0\0\0\0\0\0\0\0\0\0\0[ERROR] next\n",
                Form::Text,
            ),
            (b"E\x001\x000\x000\x000\x001\0", Form::Binary),
            (b"one zero\0 among the letters of a line", Form::Text),
            ("\u{feff}错误".as_bytes(), Form::Text),
            (b"\xb4\xed\xce\xf3", Form::Text),
            (b"\xff\xfeE\x001\x000\0", Form::Text),
            (b"\x1f\x8b\x08", Form::Gzip),
            (b"\x7fELF\x02 and then letters of a text", Form::Binary),
            (b"a\x01\x02\x03", Form::Binary),
        ] {
            assert_eq!(Form::of(head), form, "{head:?}");
        }
        for (head, command) in [(&b"PK\x03\x04x"[..], "unzip"), (&tar, "tar xf")] {
            let refusal = Form::of(head).refusal().unwrap();
            assert!(refusal.contains(command), "{refusal}");
        }
    }
}

//! Recognises files that are sent where a model belongs.

use std::str;

/// How much of a file is looked at to recognise text.
const SNIFFED_BYTES: usize = 512;

/// Tells whether a file is what Git LFS leaves in place of the real one.
pub(crate) fn is_lfs_pointer(file: &[u8]) -> bool {
    file.starts_with(b"version http")
}

/// Tells whether a file starts like text. Binary files have control bytes among their first.
pub(crate) fn is_text(file: &[u8]) -> bool {
    let start = &file[..file.len().min(SNIFFED_BYTES)];
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        // A character may be cut at the end of what is looked at.
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    !text.is_empty() && !text.chars().any(is_control)
}

/// Tells whether the outermost fields of a file are those of an ONNX model, as far as to its graph, which
/// may be cut short.
#[must_use]
pub fn is_onnx(file: &[u8]) -> bool {
    const GRAPH: u64 = 7;
    const IR_VERSION: u64 = 1;
    let mut rest = file;
    let mut fields = 0;
    while let Some(key) = varint(&mut rest) {
        let len = match (key >> 3, key & 7) {
            (IR_VERSION, 0) => {
                // The first field that writers write; its numbers are small.
                if varint(&mut rest).is_none_or(|version| !(1..=99).contains(&version)) {
                    return false;
                }
                0
            }
            (5, 0) => {
                let _ = varint(&mut rest);
                0
            }
            (GRAPH, 2) => return varint(&mut rest).is_some() && fields > 0,
            (2..=4 | 6 | 8 | 14 | 20 | 25 | 26, 2) => match varint(&mut rest) {
                Some(len) => len,
                None => return false,
            },
            _ => return false,
        };
        fields += 1;
        let Some(next) = usize::try_from(len).ok().and_then(|len| rest.get(len..)) else {
            return false;
        };
        rest = next;
    }
    false
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn onnx_is_told_by_its_fields() {
        for (file, expected) in [
            (&b"\x08\x08\x3a\x00"[..], true),
            (b"\x08\x08\x12\x01p\x3a\x7f", true),
            (b"\x08\x08\x12\x7f", false),
            (b"\x08\x00\x3a\x00", false),
            (b"\x3a\x00", false),
            (b"", false),
            // safetensors, whose header has 264 bytes
            (b"\x08\x01\0\0\0\0\0\0{\"w\"", false),
        ] {
            assert_eq!(is_onnx(file), expected, "{file:?}");
        }
    }
}

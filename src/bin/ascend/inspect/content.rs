//! What a file is, told by its content; by its extension only where the content tells nothing.

use std::path::Path;

use ascend_rt::files;
use bytes::Bytes;
use serde_json::Value;

use super::om::header::RawHeader;

/// A kind of file, with its content where that is needed as a whole.
pub(super) enum Content {
    Om(Bytes),
    Onnx(Bytes),
    /// Or something else, of which the reader of checkpoints says what it is.
    Checkpoint,
}

impl Content {
    /// The header of an `.om`, field by field.
    pub(super) fn header(&self) -> Option<Value> {
        match self {
            Self::Om(file) => RawHeader::of(file).map(|header| header.json()),
            Self::Onnx(_) | Self::Checkpoint => None,
        }
    }
}

/// The end of a zip archive in which its table of entries is looked for.
const TABLE: usize = 1 << 20;

/// An entry that only an `.om` in the form of a zip archive has.
const OM_ENTRY: &[u8] = b"model_meta.json";

pub(super) fn of(path: &Path) -> Content {
    // What cannot be opened the reader of checkpoints words.
    let Ok(file) = files::map(path) else {
        return Content::Checkpoint;
    };
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_zip = file.starts_with(b"PK\x03\x04");
    let table = &file[file.len().saturating_sub(TABLE)..];
    let is_om_zip = is_zip && table.windows(OM_ENTRY.len()).any(|part| part == OM_ENTRY);
    if file.starts_with(b"IMOD") || file.starts_with(b"PICO") || is_om_zip {
        Content::Om(file)
    } else if is_onnx(&file) {
        Content::Onnx(file)
    } else if extension == "om" {
        Content::Om(file)
    } else if extension == "onnx" {
        Content::Onnx(file)
    } else {
        Content::Checkpoint
    }
}

/// Whether the outermost fields of the file are those of an ONNX model, as far as to its graph, which
/// may be cut short.
fn is_onnx(file: &[u8]) -> bool {
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

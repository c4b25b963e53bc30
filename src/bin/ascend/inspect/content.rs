//! What a file is, told by its content; by its extension only where the content tells nothing.

use std::path::Path;

use ascend_graph::onnx;
use ascend_rt::dump::DumpFolder;
use ascend_rt::files;
use ascend_rt::tensor::Npy;
use bytes::Bytes;
use serde_json::Value;

use super::om::header::RawHeader;

/// A kind of file, with its content where that is needed as a whole.
pub(super) enum Content {
    Om(Bytes),
    Onnx(Bytes),
    Dump(DumpFolder),
    Npy(Bytes),
    Npz,
    /// Or something else, of which the reader of checkpoints says what it is.
    Checkpoint,
}

impl Content {
    /// The header of an `.om`, field by field.
    pub(super) fn header(&self) -> Option<Value> {
        match self {
            Self::Om(file) => RawHeader::of(file).map(|header| header.json()),
            Self::Onnx(_) | Self::Dump(_) | Self::Npy(_) | Self::Npz | Self::Checkpoint => None,
        }
    }
}

/// The end of a zip archive in which its table of entries is looked for.
const TABLE: usize = 1 << 20;

/// An entry that only an `.om` in the form of a zip archive has.
const OM_ENTRY: &[u8] = b"model_meta.json";

/// An entry that every zip archive of PyTorch has.
const TORCH_ENTRY: &[u8] = b"/data.pkl";

/// What Git LFS leaves in a file's place, which the reader of checkpoints words.
const POINTER: &[u8] = b"version https://git-lfs";

pub(super) fn of(path: &Path) -> Content {
    // Dumps are told by their names, which no other files have.
    if let Ok(dumps) = DumpFolder::open(path) {
        return Content::Dump(dumps);
    }
    // What cannot be opened the reader of checkpoints words.
    let Ok(file) = files::map(path) else {
        return Content::Checkpoint;
    };
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_zip = file.starts_with(b"PK\x03\x04");
    let table = &file[file.len().saturating_sub(TABLE)..];
    let has_entry = |entry: &[u8]| is_zip && table.windows(entry.len()).any(|part| part == entry);
    let is_om_zip = has_entry(OM_ENTRY);
    if file.starts_with(b"IMOD") || file.starts_with(b"PICO") || is_om_zip {
        Content::Om(file)
    } else if onnx::is_onnx(&file) {
        Content::Onnx(file)
    } else if Npy::of(&file).is_ok() {
        Content::Npy(file)
    } else if has_entry(b".npy") && !has_entry(TORCH_ENTRY) {
        Content::Npz
    } else if extension == "om" {
        Content::Om(file)
    } else if extension == "onnx" {
        Content::Onnx(file)
    } else if file.starts_with(POINTER) {
        Content::Checkpoint
    } else if extension == "npy" {
        Content::Npy(file)
    } else if extension == "npz" {
        Content::Npz
    } else {
        Content::Checkpoint
    }
}

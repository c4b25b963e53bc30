//! The form of a file, told by its content; and for files that are not read, what they are.

use std::path::Path;

use ascend_graph::Text;

use super::safetensors::MAX_HEADER;
use super::zip::Archive;
use super::{Fault, unsupported, wrong};
use crate::error::Error;

/// The forms that begin in a way of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Safetensors,
    Zip,
    Legacy,
    Tar,
    Index,
}

/// How `file` is to be read.
///
/// # Errors
/// `Unsupported` if it is a checkpoint of a form that is not read, `Format` if it is none.
pub(super) fn container(file: &[u8]) -> Result<Container, Error> {
    if is_safetensors(file) {
        Ok(Container::Safetensors)
    } else if file.starts_with(b"PK\x03\x04") || file == b"PK" {
        Ok(Container::Zip)
    } else if matches!(file, [0x80, 2..=5, ..]) {
        Ok(Container::Legacy)
    } else if file.first_chunk().is_some_and(is_tar) {
        Ok(Container::Tar)
    } else if is_index(file) {
        Ok(Container::Index)
    } else {
        Err(other(file))
    }
}

/// Whether a file that has no known beginning may be damaged safetensors, which its name says it is.
pub(super) fn is_said_to_be_safetensors(path: &Path, error: &Error) -> bool {
    let is_unknown = error.fault() == Some(Fault::UnknownForm);
    let is_named = path.extension().is_some_and(|end| end == "safetensors");
    is_unknown && is_named
}

/// Whether `file` has a beginning that tells what it is.
pub(super) fn is_told(file: &[u8]) -> bool {
    let is_text = beginning_of_text(&file[..file.len().min(64 << 10)]).is_some();
    is_text && !file.is_empty() || BEGINNINGS.iter().any(|(start, _)| file.starts_with(start))
}

fn is_safetensors(file: &[u8]) -> bool {
    let Some((len, header)) = file.split_first_chunk() else {
        return false;
    };
    let len = u64::from_le_bytes(*len);
    match header {
        [b'{', ..] if len <= MAX_HEADER => true,
        // a length that is no length, in front of what can hardly be anything else
        [b'{', b'"', ..] => true,
        [b' ' | b'\n' | b'[' | 0xef, ..] => {
            len > 1 && len <= header.len() as u64 && len < MAX_HEADER
        }
        _ => false,
    }
}

/// How far the map of an index is looked for.
const MAX_INDEX: usize = 64 << 20;

fn is_index(file: &[u8]) -> bool {
    // the head of a file that is text: a map of names may be long, and its key may come last
    let head = &file[..file.len().min(64 << 10)];
    let Some(text) = beginning_of_text(head) else {
        return false;
    };
    text.starts_with('{')
        && (contains(&file[..file.len().min(MAX_INDEX)], b"\"weight_map\"")
            || contains(head, b"\"metadata\""))
}

/// Beginnings of files that are taken for checkpoints, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "it is an empty zip archive"),
    (
        b"\x93NUMPY",
        "it is a numpy array; load it with numpy, and save it in a dict of tensors",
    ),
    (
        b"\x89HDF\r\n\x1a\n",
        "it is an HDF5 file, as Keras writes; convert the model to PyTorch or ONNX first",
    ),
    (
        b"GGUF",
        "it is a GGUF file of llama.cpp; get the PyTorch or safetensors weights of the model",
    ),
    (
        b"version https://git-lfs",
        "it is a Git LFS pointer, not the file itself; run `git lfs pull`",
    ),
    (b"Salted__", "it is encrypted by OpenSSL; decrypt it first"),
    (
        b"age-encryption.org",
        "it is encrypted by age; decrypt it first",
    ),
    (b"\x1f\x8b", "it is compressed by gzip; unpack it first"),
    (
        b"\x28\xb5\x2f\xfd",
        "it is compressed by zstd; unpack it first",
    ),
    (b"\xfd7zXZ\0", "it is compressed by xz; unpack it first"),
    (b"BZh", "it is compressed by bzip2; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive; unpack it first"),
    (b"Rar!", "it is a RAR archive; unpack it first"),
    (
        b"IMOD",
        "it is an .om model, which holds its weights compiled; open it as a model",
    ),
];

/// What TensorFlow's checkpoint index ends with.
const TENSORFLOW_END: &[u8] = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb";

fn unknown(what: impl Into<Text>) -> Error {
    wrong(Fault::UnknownForm, what)
}

fn known(what: &str) -> Error {
    unsupported(what).with_fault(Fault::UnsupportedContainer)
}

fn other(file: &[u8]) -> Error {
    if file.is_empty() {
        return unknown("it is empty; the download or copy did not finish");
    }
    if let Some((start, what)) = BEGINNINGS.iter().find(|(start, _)| file.starts_with(start)) {
        let is_zip = start.starts_with(b"PK");
        return if is_zip {
            wrong(Fault::BadZip, *what)
        } else {
            unknown(*what)
        };
    }
    if file.get(4..8) == Some(b"TFL3") {
        return unknown(
            "it is a TensorFlow Lite model; convert the original model to PyTorch or ONNX first",
        );
    }
    if file[0] == 0x0a && contains(&file[..file.len().min(512)], b"Float32") {
        return unknown(
            "it looks like a checkpoint of MindSpore; in Python, load it by mindspore.load_checkpoint \
             and save the arrays by safetensors.numpy.save_file",
        );
    }
    if file.ends_with(TENSORFLOW_END) {
        return unknown(
            "it is the index of a TensorFlow checkpoint; convert the model to PyTorch or ONNX first",
        );
    }
    let head = &file[..file.len().min(64 << 10)];
    if let Some(text) = beginning_of_text(head) {
        return self::text(text);
    }
    unknown(format!(
        "it begins with {:02x?}, like no checkpoint",
        &file[..file.len().min(8)]
    ))
}

/// What a pickle is that is no legacy stream.
pub(super) fn other_pickle() -> Error {
    unknown("it is a pickle, but not one that torch.save writes; save the tensors with torch.save")
}

/// Whether the first block is a tar header: marked as one, or with a checksum that is right.
fn is_tar(header: &[u8; 512]) -> bool {
    &header[257..262] == b"ustar" || is_tar_header(header)
}

/// Whether a block is a tar header whose checksum is right.
pub(super) fn is_tar_header(header: &[u8; 512]) -> bool {
    let field = std::str::from_utf8(&header[148..156]).unwrap_or_default();
    let Ok(checksum) = u32::from_str_radix(field.trim_matches(['\0', ' ']), 8) else {
        return false;
    };
    let spaces = 8 * u32::from(b' ');
    let fields = header[..148].iter().chain(&header[156..]);
    checksum == fields.map(|&byte| u32::from(byte)).sum::<u32>() + spaces
}

/// What a tar archive is that is no checkpoint.
pub(super) fn other_tar() -> Error {
    unknown("it is a tar archive without a checkpoint's members; unpack it first")
}

/// The beginning of `head` if all of it is text.
fn beginning_of_text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // a character may be cut at the end
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_text = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    is_text.then(|| text.trim_start())
}

fn text(text: &str) -> Error {
    let lower = text.get(..9).unwrap_or(text).to_ascii_lowercase();
    if lower.starts_with("<!doctype") || lower.starts_with("<html") {
        return unknown("it is a web page; the download gave a page in place of the file");
    }
    let start: String = text.chars().take(40).collect();
    unknown(format!("it is a text file that begins with {start:?}"))
}

/// What a zip archive is that holds no `data.pkl`.
pub(super) fn other_zip(archive: &Archive<'_>) -> Error {
    let any = |test: &dyn Fn(&str) -> bool| archive.names().any(test);
    if any(&|name| name == "archive_format" || name.ends_with("/archive_format")) {
        known(
            "it is a torch.export archive (.pt2), a program and not a checkpoint; in Python, \
             torch.save(torch.export.load(path).state_dict, new_path)",
        )
    } else if any(&|name| name.ends_with("/model.json") || name.ends_with("/attributes.pkl")) {
        known(
            "it is a TorchScript archive from before PyTorch 1.4; in Python, \
             torch.save(torch.jit.load(path).state_dict(), new_path)",
        )
    } else if any(&|name| name.ends_with(".weights.h5")) {
        unknown("it is a Keras archive; convert the model to PyTorch or ONNX first")
    } else if any(&|name| Path::new(name).extension() == Some("npy".as_ref())) {
        unknown("it is a numpy archive (.npz); load it with numpy, and save a dict of tensors")
    } else {
        unknown(
            "it is a zip archive without a data.pkl, so not one that torch.save writes; maybe the checkpoint is in it",
        )
    }
}

/// What a directory is that was opened as a file.
pub(super) fn directory(path: &Path) -> Error {
    let has = |name: &str| path.join(name).exists();
    if has(".metadata") {
        known(
            "it is a checkpoint of torch.distributed.checkpoint, which is not read; in Python, \
             torch.distributed.checkpoint.format_utils.dcp_to_torch_save(path, new_path)",
        )
    } else if has("saved_model.pb") {
        unknown("it is a TensorFlow SavedModel; convert the model to PyTorch or ONNX first")
    } else {
        unknown("it is a directory without a checkpoint of a usual name; open the file in it")
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

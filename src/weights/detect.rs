//! The form of a file, told by its content; and for files that are not read, what they are.

use std::path::Path;

use super::checkpoint::Form;
use super::zip::Archive;
use super::{damaged, unsupported};
use crate::error::{Error, Result};

/// Header lengths above this are not safetensors; the format's own limit.
const MAX_SAFETENSORS_HEADER: u64 = 100_000_000;

/// The number that the legacy stream begins with, as a pickled integer.
const LEGACY_MAGIC: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// Which form `file` is of.
///
/// # Errors
/// `Unsupported` if it is a checkpoint of a form that is not read, `Format` if it is none.
pub(super) fn form(file: &[u8]) -> Result<Form> {
    if is_safetensors(file) {
        Ok(Form::Safetensors)
    } else if file.starts_with(b"PK\x03\x04") {
        Ok(Form::TorchZip)
    } else {
        Err(other(file))
    }
}

fn is_safetensors(file: &[u8]) -> bool {
    match (file.first_chunk(), file.get(8)) {
        (Some(len), Some(b'{')) => u64::from_le_bytes(*len) <= MAX_SAFETENSORS_HEADER,
        _ => false,
    }
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

fn other(file: &[u8]) -> Error {
    if file.is_empty() {
        return damaged("it is empty; the download or copy did not finish");
    }
    if let Some((_, what)) = BEGINNINGS.iter().find(|(start, _)| file.starts_with(start)) {
        return damaged(*what);
    }
    if let [0x80, 2..=5, ..] = file {
        return pickle(file);
    }
    if is_tar(file) {
        return tar(file);
    }
    if file.ends_with(TENSORFLOW_END) {
        return damaged(
            "it is the index of a TensorFlow checkpoint; convert the model to PyTorch or ONNX first",
        );
    }
    let head = &file[..file.len().min(64 << 10)];
    if let Some(text) = beginning_of_text(head) {
        return self::text(text, head);
    }
    damaged(format!(
        "it begins with {:02x?}, like no checkpoint",
        &file[..file.len().min(8)]
    ))
}

fn pickle(file: &[u8]) -> Error {
    // behind the protocol there may be a frame
    if contains(&file[..file.len().min(24)], LEGACY_MAGIC) {
        unsupported(
            "it is a checkpoint of PyTorch's legacy stream form, the default before 1.6, which is not read \
             yet; in Python, torch.save(torch.load(path, map_location=\"cpu\"), new_path)",
        )
    } else {
        damaged(
            "it is a pickle, but not one that torch.save writes; save the tensors with torch.save",
        )
    }
}

/// Whether the first 512 bytes are a tar header: marked as one, or with a checksum that is right.
fn is_tar(file: &[u8]) -> bool {
    let Some(header) = file.first_chunk::<512>() else {
        return false;
    };
    if &header[257..262] == b"ustar" {
        return true;
    }
    let field = std::str::from_utf8(&header[148..156]).unwrap_or_default();
    let Ok(checksum) = u32::from_str_radix(field.trim_matches(['\0', ' ']), 8) else {
        return false;
    };
    let spaces = 8 * u32::from(b' ');
    let fields = header[..148].iter().chain(&header[156..]);
    checksum == fields.map(|&byte| u32::from(byte)).sum::<u32>() + spaces
}

fn tar(file: &[u8]) -> Error {
    const MEMBERS: [&[u8]; 4] = [b"pickle\0", b"tensors\0", b"storages\0", b"sys_info\0"];
    if MEMBERS.iter().any(|member| file.starts_with(member)) {
        unsupported(
            "it is a checkpoint of PyTorch's tar form, of 0.1.10 and before, which is not read yet; in Python, \
             torch.save(torch.load(path, map_location=\"cpu\"), new_path)",
        )
    } else {
        damaged("it is a tar archive; unpack it first")
    }
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

fn text(text: &str, head: &[u8]) -> Error {
    let lower = text.get(..9).unwrap_or(text).to_ascii_lowercase();
    if lower.starts_with("<!doctype") || lower.starts_with("<html") {
        return damaged("it is a web page; the download gave a page in place of the file");
    }
    if text.starts_with('{') && contains(head, b"\"weight_map\"") {
        return unsupported(
            "it is the index of a checkpoint in several files, which is not read yet; open the files one by \
             one, or save the state dict into one file",
        );
    }
    let start: String = text.chars().take(40).collect();
    damaged(format!("it is a text file that begins with {start:?}"))
}

/// What a zip archive is that holds no `data.pkl`.
pub(super) fn other_zip(archive: &Archive<'_>) -> Error {
    let any = |test: &dyn Fn(&str) -> bool| archive.names().any(test);
    if any(&|name| name == "archive_format" || name.ends_with("/archive_format")) {
        unsupported(
            "it is a torch.export archive (.pt2), a program and not a checkpoint; in Python, \
             torch.save(torch.export.load(path).state_dict, new_path)",
        )
    } else if any(&|name| name.ends_with("/model.json") || name.ends_with("/attributes.pkl")) {
        unsupported(
            "it is a TorchScript archive from before PyTorch 1.4; in Python, \
             torch.save(torch.jit.load(path).state_dict(), new_path)",
        )
    } else if any(&|name| name.ends_with(".weights.h5")) {
        damaged("it is a Keras archive; convert the model to PyTorch or ONNX first")
    } else if any(&|name| Path::new(name).extension() == Some("npy".as_ref())) {
        damaged("it is a numpy archive (.npz); load it with numpy, and save a dict of tensors")
    } else {
        damaged(
            "it is a zip archive without a data.pkl, so not one that torch.save writes; maybe the checkpoint is in it",
        )
    }
}

/// What a directory is that was opened as a file.
pub(super) fn directory(path: &Path) -> Error {
    let has = |name: &str| path.join(name).exists();
    if has(".metadata") {
        unsupported(
            "it is a checkpoint of torch.distributed.checkpoint, which is not read; in Python, \
             torch.distributed.checkpoint.format_utils.dcp_to_torch_save(path, new_path)",
        )
    } else if has("saved_model.pb") {
        damaged("it is a TensorFlow SavedModel; convert the model to PyTorch or ONNX first")
    } else {
        damaged("it is a directory; open the checkpoint in it")
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

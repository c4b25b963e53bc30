//! The stream that `torch.save` wrote before 1.6: five pickles, then the storages one after the
//! other.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use ascend_graph::counted;
use bytes::Bytes;

use super::budget::Budget;
use super::detect;
use super::objects::{Contents, Objects};
use super::options::OpenOptions;
use super::pickle::{self, Heap, Part, Ref, Value};
use super::rebuild::{Identity, MAX_KEY, Storages};
use super::{Fault, damaged, or_fault, unsupported, wrong};
use crate::error::{Error, Result};

/// 0x1950a86a20f9469cfc6c, as a pickle writes it.
const MAGIC: &[u8] = b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
const PROTOCOL: i64 = 1001;

/// Bytes in front of each storage: how many elements it has.
const COUNT: usize = 8;

/// Storages of this many bytes were never written: they are no sign of truncation.
const LONGEST: usize = 1 << 48;

/// Reads the tensors of `file`, in the order of the state dict.
pub(super) fn read(file: &Bytes, options: &OpenOptions, budget: &Budget) -> Result<Contents> {
    let part = |at: usize| pickle::read_at(file, at, budget);
    let magic = part(0).map_err(|error| match error.fault() {
        Some(Fault::ForbiddenGlobal | Fault::Limit) => error,
        // most pickles are no checkpoints, whatever else is wrong with them
        _ => detect::other_pickle(),
    })?;
    if !is_magic(&magic) {
        return Err(detect::other_pickle());
    }
    let protocol = part(magic.end)?;
    match protocol.heap.value(protocol.root) {
        Value::Int(PROTOCOL) => {}
        Value::Int(other) => {
            return Err(unsupported(format!(
                "protocol {other} of the legacy stream; {PROTOCOL} is the only one that torch wrote"
            )));
        }
        other => return Err(damaged(format!("{} as the protocol", other.noun()))),
    }
    // what it tells of the writer's machine does not matter: data are little-endian always
    let system = part(protocol.end)?;
    let object = part(system.end)?;
    let keys = part(object.end).map_err(|error| match error.fault() {
        Some(Fault::ForbiddenGlobal) => error,
        _ if object.end == file.len() => wrong(
            Fault::Truncated,
            "it ends where the list of storages should be; download or copy it again",
        ),
        _ => error.while_doing("the list of storages"),
    })?;
    let described = described(&object.heap)?;
    let (data, end) = storages(file, &keys, &described)?;
    let content = file.slice(system.end..object.end);
    let objects = Objects {
        heap: &object.heap,
        root: object.root,
        content,
        storages: Stream { data },
        script: None,
    };
    let mut contents = objects.read(options)?;
    let report = &mut contents.report;
    report.written_by = Some("torch before 1.6, or a later one in the old form".to_owned());
    if end < file.len() {
        let rest = file.len() - end;
        report.notes.push(format!(
            "ignored {} behind the last storage",
            counted(rest, "byte")
        ));
    }
    Ok(contents)
}

fn is_magic(magic: &Part<'_>) -> bool {
    match magic.heap.value(magic.root) {
        Value::BigInt(span) => magic.heap.raw_text(span) == MAGIC,
        _ => false,
    }
}

/// What the objects tell of a storage.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Described {
    /// Bytes per element.
    width: usize,
    /// In elements, if it is an integer.
    len: Option<i64>,
}

/// The storages that the objects name, by key.
fn described<'h>(heap: &'h Heap<'_>) -> Result<HashMap<&'h [u8], Described>> {
    let malformed = |error| or_fault(error, Fault::MalformedPickle);
    let mut described = HashMap::new();
    for identity in heap.persistent() {
        let identity = Identity::read(heap, identity).map_err(malformed)?;
        let key = key(heap, identity.key)
            .ok_or_else(|| malformed(damaged("a storage whose key is no short text")))?;
        let dtype = identity.dtype(heap);
        let dtype = dtype.map_err(|reason| wrong(Fault::DType, reason))?;
        let width = dtype.map_or(1, |dtype| dtype.bits() / 8);
        let len = match heap.value(identity.len) {
            Value::Int(len) => Some(len),
            _ => None,
        };
        let this = Described { width, len };
        if !described.contains_key(key) {
            let slot = size_of::<&[u8]>() + size_of::<Described>();
            heap.budget().charge(2 * slot)?;
        }
        let first = *described.entry(key).or_insert(this);
        if first != this {
            let fault = if first.width == width {
                Fault::SizeMismatch
            } else {
                Fault::DType
            };
            return Err(wrong(fault, "a storage is described in two ways"));
        }
    }
    Ok(described)
}

fn key<'p>(heap: &Heap<'p>, key: Ref) -> Option<&'p [u8]> {
    match heap.value(key) {
        // one long key may be mentioned many times, and is looked through each time
        Value::Text(span) => Some(heap.raw_text(span)).filter(|key| key.len() <= MAX_KEY),
        _ => None,
    }
}

type Ranges = HashMap<String, Bytes>;

/// The storages by key, and where the last ends.
fn storages(
    file: &Bytes,
    keys: &Part<'_>,
    described: &HashMap<&[u8], Described>,
) -> Result<(Ranges, usize)> {
    let Value::List(list) = keys.heap.value(keys.root) else {
        return Err(wrong(
            Fault::MalformedPickle,
            "the keys of the storages are no list",
        ));
    };
    let mut at = keys.end;
    let mut ranges = Ranges::new();
    for &listed in keys.heap.list(list) {
        let raw = key(&keys.heap, listed).ok_or_else(|| {
            let noun = keys.heap.value(listed).noun();
            wrong(
                Fault::MalformedPickle,
                format!("{noun} as the key of a storage"),
            )
        })?;
        let name = String::from_utf8_lossy(raw).into_owned();
        let &Described { width, len } = described.get(raw).ok_or_else(|| {
            let message = format!("no object names the storage {name:?}, whose length is unknown");
            wrong(Fault::MissingRecord, message)
        })?;
        let cut = |there: usize| cut(&name, there);
        let count = file.get(at..at + COUNT).and_then(<[u8]>::first_chunk);
        let count = i64::from_le_bytes(*count.ok_or_else(|| cut(file.len() - at))?);
        let count = usize::try_from(count).map_err(|_| {
            let message = format!("the storage {name:?} has {count} elements, which is negative");
            wrong(Fault::Negative, message)
        })?;
        at += COUNT;
        let left = file.len() - at;
        let bytes = count.checked_mul(width).filter(|&bytes| bytes < LONGEST);
        let bytes = bytes.ok_or_else(|| {
            let message = format!("the storage {name:?} claims {count} elements");
            wrong(Fault::OutOfBounds, message)
        })?;
        if len.is_some_and(|len| usize::try_from(len) != Ok(count)) {
            let len = len.unwrap_or_default();
            let message = format!("the storage {name:?} has {count} elements in place of {len}");
            return Err(wrong(Fault::SizeMismatch, message));
        }
        if bytes > left {
            return Err(cut(left));
        }
        let slot = size_of::<String>() + size_of::<Bytes>();
        keys.heap.budget().charge(2 * slot + name.len())?;
        match ranges.entry(name) {
            Slot::Vacant(slot) => slot.insert(file.slice(at..at + bytes)),
            Slot::Occupied(slot) => {
                let message = format!("the storage {:?} is listed twice", slot.key());
                return Err(wrong(Fault::Duplicate, message));
            }
        };
        at += bytes;
    }
    Ok((ranges, at))
}

fn cut(name: &str, there: usize) -> Error {
    wrong(
        Fault::Truncated,
        format!("it ends {there} bytes into the storage {name:?}; download or copy it again"),
    )
}

/// The storages of one stream.
struct Stream {
    data: Ranges,
}

impl Storages for Stream {
    fn storage(&mut self, key: &str) -> Result<Option<Bytes>> {
        Ok(self.data.get(key).cloned())
    }

    fn is_big_endian(&self) -> bool {
        false
    }
}

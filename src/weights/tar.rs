//! What torch 0.1.10 and before wrote: a tar archive of the objects, the tensors and the storages.

use std::collections::HashMap;

use bytes::Bytes;

use super::budget::Budget;
use super::detect;
use super::dtype::DataType;
use super::objects::{Contents, Objects};
use super::options::OpenOptions;
use super::pickle::{self, Meaning, Part, Ref, Value};
use super::rebuild::{Storages, View};
use super::tensor::Entry;
use super::{Fault, damaged, or_fault, unsupported, wrong};
use crate::error::{Error, Result};

const BLOCK: usize = 512;
const MAX_RANK: i32 = 64;

/// Bytes of the longest key.
const MAX_NAME: usize = 100;

/// Bytes of memory to book for a member or a storage, with its share of the room for growth.
const SLOT: usize = 2 * (size_of::<String>() + size_of::<Storage>());

/// Reads the tensors of `file`, in the order of the objects.
pub(super) fn read(file: &Bytes, options: &OpenOptions, budget: &Budget) -> Result<Contents> {
    let members = members(file, budget).map_err(|error| or_fault(error, Fault::BadZip))?;
    let member = |name: &str| {
        members.get(name).cloned().ok_or_else(|| {
            let message = format!("the archive lacks the member {name:?}");
            wrong(Fault::MissingRecord, message)
        })
    };
    if !members.contains_key("pickle") {
        return Err(detect::other_tar());
    }
    let within = |name: &'static str| {
        move |error| {
            or_fault(error, Fault::MalformedPickle).while_doing(format_args!("member {name:?}"))
        }
    };
    let content = member("pickle")?;
    let (mut heap, root) = pickle::read(&content, budget).map_err(within("pickle"))?;
    heap.keep_tensors_outside();
    if let Some(system) = members.get("sys_info") {
        // it tells nothing that matters, and may be an attack
        pickle::read(system, budget).map_err(within("sys_info"))?;
    }
    let storages = storages(&member("storages")?, budget).map_err(within("storages"))?;
    let tensors = tensors(&member("tensors")?, &storages, budget).map_err(within("tensors"))?;
    let objects = Objects {
        heap: &heap,
        root,
        content: content.clone(),
        storages: Kept {
            tensors,
            budget: budget.clone(),
        },
        script: None,
    };
    let mut contents = objects.read(options)?;
    contents.report.written_by = Some("torch 0.1.10 or before".to_owned());
    Ok(contents)
}

/// The members of the archive by name.
fn members(file: &Bytes, budget: &Budget) -> Result<HashMap<String, Bytes>> {
    let mut members = HashMap::new();
    let mut at = 0;
    while let Some(header) = file.get(at..at + BLOCK).and_then(<[u8]>::first_chunk) {
        if header.iter().all(|&byte| byte == 0) {
            break; // the archive ends with blocks of zeros
        }
        if !detect::is_tar_header(header) {
            return Err(damaged(format!(
                "byte {at}: the header of a member is damaged"
            )));
        }
        let name = header[..100].split(|&byte| byte == 0).next();
        let name = String::from_utf8_lossy(name.unwrap_or_default());
        let name = name.trim_start_matches("./").to_owned();
        let len = usize::try_from(number(&header[124..136])?)
            .map_err(|_| damaged("a member beyond any file"))?;
        at += BLOCK;
        match header[156] {
            b'0' | 0 => {
                let data = at.checked_add(len).filter(|&end| end <= file.len());
                let data = data.map(|end| file.slice(at..end)).ok_or_else(|| {
                    let message = format!("the member {name:?} is longer than the file");
                    wrong(Fault::Truncated, message)
                })?;
                budget.charge(SLOT + 2 * name.len())?;
                if members.insert(name.clone(), data).is_some() {
                    return Err(twice("member", &name));
                }
            }
            // folders, and what other programs note about the next member
            b'5' | b'x' | b'g' | b'L' => {}
            _ => {
                return Err(unsupported(format!(
                    "the member {name:?} is a link or a device, which no checkpoint needs"
                )));
            }
        }
        at = len
            .checked_next_multiple_of(BLOCK)
            .and_then(|len| at.checked_add(len))
            .ok_or_else(|| damaged("a member beyond any file"))?;
    }
    Ok(members)
}

/// A number of a header: octal digits, or binary where the first bit is set.
fn number(field: &[u8]) -> Result<u64> {
    let damaged = || damaged("a number in the header of a member is damaged");
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        let (high, low) = field.split_at(field.len() - 8);
        let is_short = high[0] == 0x80 && high[1..].iter().all(|&byte| byte == 0);
        let low = low.first_chunk().filter(|_| is_short).ok_or_else(damaged)?;
        return Ok(u64::from_be_bytes(*low));
    }
    let digits = std::str::from_utf8(field).map_err(|_| damaged())?;
    u64::from_str_radix(digits.trim_matches(['\0', ' ']), 8).map_err(|_| damaged())
}

/// A storage, with the type of its elements.
#[derive(Clone)]
struct Storage {
    dtype: DataType,
    data: Bytes,
    id: usize,
}

/// A member that is pickles and numbers in turn.
struct Reader<'m> {
    member: &'m Bytes,
    at: usize,
    budget: &'m Budget,
}

impl<'m> Reader<'m> {
    fn pickle(&mut self) -> Result<Part<'m>> {
        let part = pickle::read_at(self.member, self.at, self.budget)?;
        self.at = part.end;
        Ok(part)
    }

    fn take(&mut self, len: usize) -> Result<Bytes> {
        let end = self
            .at
            .checked_add(len)
            .filter(|&end| end <= self.member.len());
        let end = end.ok_or_else(|| {
            let left = self.member.len() - self.at;
            wrong(
                Fault::Truncated,
                format!("it needs {len} more bytes and has {left}"),
            )
        })?;
        let taken = self.member.slice(self.at..end);
        self.at = end;
        Ok(taken)
    }

    /// A length of 64 bits, which may not be negative.
    fn length(&mut self, what: &str) -> Result<usize> {
        let bytes = self.take(8)?;
        let number = i64::from_le_bytes(*bytes.first_chunk().unwrap_or(&[0; 8]));
        length(number, what)
    }

    /// How many things follow.
    fn count(&mut self) -> Result<usize> {
        let part = self.pickle()?;
        match part.heap.value(part.root) {
            Value::Int(count) => length(count, "count"),
            other => Err(damaged(format!("{} as a count", other.noun()))),
        }
    }
}

fn length(number: i64, what: &str) -> Result<usize> {
    usize::try_from(number).map_err(|_| {
        let message = format!("the {what} is {number}, which is negative");
        wrong(Fault::Negative, message)
    })
}

/// A key as text: an integer, or text already.
fn key(part: &Part<'_>, at: Ref) -> Result<String> {
    match part.heap.value(at) {
        Value::Int(number) => Ok(number.to_string()),
        Value::Text(span) if part.heap.raw_text(span).len() <= MAX_NAME => {
            Ok(String::from_utf8_lossy(part.heap.raw_text(span)).into_owned())
        }
        other => Err(damaged(format!("{} as a key", other.noun()))),
    }
}

fn storages(member: &Bytes, budget: &Budget) -> Result<HashMap<String, Storage>> {
    let mut reader = Reader {
        member,
        at: 0,
        budget,
    };
    let count = reader.count()?;
    let mut storages = HashMap::new();
    for id in 0..count {
        budget.charge(SLOT + 2 * MAX_NAME)?;
        let part = reader.pickle()?;
        let parts = part.heap.tuple(part.root).unwrap_or_default();
        let &[name, _location, class] = parts else {
            return Err(damaged("a storage that is no (key, location, type)"));
        };
        let name = key(&part, name)?;
        let dtype = match part.heap.value(class) {
            Value::Global(class) => match part.heap.global(class).meaning {
                Meaning::Storage(dtype) if !dtype.is_quantised() => Some(dtype),
                _ => None,
            },
            _ => None,
        };
        let dtype = dtype.ok_or_else(|| {
            let message = format!("the storage {name:?} is of a type that is not known");
            wrong(Fault::DType, message)
        })?;
        let len = reader.length("length of a storage")?;
        let bytes = len.checked_mul(dtype.bits() / 8).ok_or_else(|| {
            wrong(
                Fault::Overflow,
                format!("the storage {name:?} has {len} elements"),
            )
        })?;
        let data = reader.take(bytes)?;
        let storage = Storage { dtype, data, id };
        if storages.insert(name.clone(), storage).is_some() {
            return Err(twice("storage", &name));
        }
    }
    views(&mut reader, &mut storages)?;
    Ok(storages)
}

/// Adds the storages that are views `(key, key of the whole, offset, length)` of others.
fn views(reader: &mut Reader<'_>, storages: &mut HashMap<String, Storage>) -> Result<()> {
    let part = reader.pickle()?;
    let Value::List(views) = part.heap.value(part.root) else {
        return Err(damaged("the views of storages are no list"));
    };
    for &view in part.heap.list(views) {
        let &[name, root, offset, len] = part.heap.tuple(view).unwrap_or_default() else {
            return Err(damaged(
                "a view of a storage that is no (key, root, offset, length)",
            ));
        };
        let (name, root) = (key(&part, name)?, key(&part, root)?);
        let number = |at| match part.heap.value(at) {
            Value::Int(number) => length(number, "place of a view"),
            other => Err(damaged(format!("{} as the place of a view", other.noun()))),
        };
        let (offset, len) = (number(offset)?, number(len)?);
        let whole = storages.get(&root).ok_or_else(|| lacks_storage(&root))?;
        let width = whole.dtype.bits() / 8;
        let from = offset.checked_mul(width);
        let to = offset
            .checked_add(len)
            .and_then(|end| end.checked_mul(width));
        let (Some(from), Some(to)) = (from, to.filter(|&to| to <= whole.data.len())) else {
            let message = format!("a view of {len} elements from {offset} of {root:?}");
            return Err(wrong(Fault::OutOfBounds, message));
        };
        let part = Storage {
            data: whole.data.slice(from..to),
            ..whole.clone()
        };
        reader.budget.charge(SLOT + 2 * name.len())?;
        if storages.insert(name.clone(), part).is_some() {
            return Err(twice("storage", &name));
        }
    }
    Ok(())
}

fn tensors(
    member: &Bytes,
    storages: &HashMap<String, Storage>,
    budget: &Budget,
) -> Result<HashMap<String, Entry>> {
    let mut reader = Reader {
        member,
        at: 0,
        budget,
    };
    let count = reader.count()?;
    let mut tensors = HashMap::new();
    for _ in 0..count {
        let part = reader.pickle()?;
        let parts = part.heap.tuple(part.root).unwrap_or_default();
        let &[name, storage, _class] = parts else {
            return Err(damaged("a tensor that is no (key, storage, type)"));
        };
        let (name, storage) = (key(&part, name)?, key(&part, storage)?);
        let storage = storages
            .get(&storage)
            .ok_or_else(|| lacks_storage(&storage))?;
        let rank = reader.take(8)?; // the rank in four bytes, and four that mean nothing
        let rank = i32::from_le_bytes(*rank.first_chunk().unwrap_or(&[0; 4]));
        if !(0..=MAX_RANK).contains(&rank) {
            let message = format!("a tensor of {rank} axes; up to {MAX_RANK} are read");
            return Err(wrong(Fault::Limit, message));
        }
        let mut lengths = |what| {
            (0..rank)
                .map(|_| reader.length(what))
                .collect::<Result<_>>()
        };
        let (shape, strides) = (lengths("size of a tensor")?, lengths("stride of a tensor")?);
        let offset = reader.length("offset of a tensor")?;
        let view = View {
            dtype: storage.dtype,
            shape,
            strides,
            offset,
        };
        let mut entry = view
            .entry(&storage.data, budget)
            .map_err(|error| error.while_doing(format_args!("tensor {name:?}")))?;
        entry.storage = Some(storage.id);
        budget.charge(2 * (size_of::<String>() + size_of::<Entry>()) + 2 * name.len())?;
        if tensors.insert(name.clone(), entry).is_some() {
            return Err(twice("tensor", &name));
        }
    }
    Ok(tensors)
}

fn twice(what: &str, name: &str) -> Error {
    wrong(
        Fault::Duplicate,
        format!("the {what} {name:?} is there twice"),
    )
}

fn lacks_storage(key: &str) -> Error {
    wrong(
        Fault::MissingRecord,
        format!("the file lacks the storage {key:?}"),
    )
}

/// The tensors of one archive.
struct Kept {
    tensors: HashMap<String, Entry>,
    budget: Budget,
}

impl Storages for Kept {
    fn storage(&mut self, _key: &str) -> Result<Option<Bytes>> {
        Ok(None)
    }

    fn tensor(&mut self, key: &str) -> Result<Option<Entry>> {
        let kept = self.tensors.get(key);
        if let Some(kept) = kept {
            self.budget.charge(Entry::axes_bytes(kept.shape.len()))?;
        }
        Ok(kept.cloned())
    }

    fn is_big_endian(&self) -> bool {
        false
    }
}

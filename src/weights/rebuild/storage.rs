//! Storages, as the identities of things outside of the pickle name them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use bytes::Bytes;

use super::{MAX_TOLD, Rebuilder, Stop};
use crate::error::Result;
use crate::weights::dtype::DataType;
use crate::weights::fault::Fault;
use crate::weights::pickle::{Heap, Meaning, Ref, Value};
use crate::weights::tensor::Entry;
use crate::weights::{damaged, wrong};

/// Bytes of the longest location that is told.
const MAX_LOCATION: usize = 100;

/// Where the data of storages are.
pub(in crate::weights) trait Storages {
    /// The bytes of the storage `key`, if there is one.
    fn storage(&mut self, key: &str) -> Result<Option<Bytes>>;

    /// The tensor `key`, for the form that keeps tensors outside of the pickle.
    fn tensor(&mut self, key: &str) -> Result<Option<Entry>> {
        Err(damaged(format!(
            "a storage {key:?} where a tensor is expected"
        )))
    }

    /// Whether numbers are written with the highest byte first.
    fn is_big_endian(&self) -> bool;
}

/// A storage as a persistent id describes it. All mentions of one key must agree.
#[derive(Clone)]
pub(super) struct Storage {
    /// `None` if it is untyped.
    pub(super) dtype: Option<DataType>,
    /// In elements, or in bytes if it is untyped.
    len: usize,
    pub(super) data: Bytes,
    /// A number of its own.
    pub(super) id: usize,
}

impl Storage {
    /// The same storage as it is described once more.
    fn again(&self, key: &str, dtype: Option<DataType>, len: usize) -> Result<Self> {
        let agrees = self.dtype == dtype && self.len == len;
        if agrees || (len == 0 && self.data.is_empty()) {
            return Ok(Self {
                dtype,
                len,
                ..self.clone()
            });
        }
        let fault = if self.dtype == dtype {
            Fault::SizeMismatch
        } else {
            Fault::DType
        };
        let message = format!("the storage {key:?} is described in two ways");
        Err(wrong(fault, message))
    }
}

pub(super) type Met<'p> = HashMap<Cow<'p, str>, Storage>;

/// `('storage', class, key, location, length)`, in the legacy stream with a view at the end.
pub(in crate::weights) struct Identity<'h> {
    pub(in crate::weights) class: u32,
    pub(in crate::weights) key: Ref,
    location: Ref,
    pub(in crate::weights) len: Ref,
    view: Option<&'h [Ref]>,
}

impl<'h> Identity<'h> {
    /// Reads the identity of a storage.
    pub(in crate::weights) fn read(heap: &'h Heap<'_>, identity: Ref) -> Result<Self> {
        let parts = heap.tuple(identity).unwrap_or_default();
        let Some((&[kind, class, key, location, len], rest)) = parts.split_first_chunk::<5>()
        else {
            return Err(damaged(
                "a storage that is not named by (kind, type, key, location, length)",
            ));
        };
        let is_storage = match heap.value(kind) {
            Value::Text(kind) => heap.raw_text(kind) == b"storage",
            _ => false,
        };
        if !is_storage {
            return Err(damaged("a persistent id of something else than a storage"));
        }
        let Value::Global(class) = heap.value(class) else {
            let noun = heap.value(class).noun();
            return Err(damaged(format!("{noun} as the type of a storage")));
        };
        let view = match rest {
            [] => None,
            &[view] => match heap.value(view) {
                Value::None => None,
                _ => Some(
                    heap.tuple(view)
                        .ok_or_else(|| damaged("the view of a storage is no tuple"))?,
                ),
            },
            _ => return Err(damaged("a storage that is named by too many things")),
        };
        Ok(Self {
            class,
            key,
            location,
            len,
            view,
        })
    }

    /// The type of the elements, `None` if it is untyped.
    pub(in crate::weights) fn dtype(&self, heap: &Heap<'_>) -> Result<Option<DataType>, String> {
        let class = heap.global(self.class);
        match class.meaning {
            Meaning::Storage(dtype) => Ok(Some(dtype)),
            Meaning::UntypedStorage => Ok(None),
            _ => {
                let class = format!("{}.{}", class.module, class.name);
                Err(format!("its storage is a {class}, which is not known"))
            }
        }
    }
}

impl<'p, S: Storages> Rebuilder<'_, 'p, S> {
    /// The storage that a persistent id names.
    pub(super) fn storage(&mut self, at: Ref) -> Result<Storage, Stop> {
        let Value::Persistent(identity) = self.heap.value(at) else {
            let noun = self.heap.value(at).noun();
            return Err(damaged(format!("{noun} where a storage is expected")).into());
        };
        let identity = Identity::read(self.heap, identity)?;
        let dtype = identity
            .dtype(self.heap)
            .map_err(|reason| Stop::Refused(Fault::DType, reason))?;
        let key = self
            .text(identity.key)
            .ok_or_else(|| damaged("a storage whose key is no short text"))?;
        let len = self.length(identity.len, "storage length")?;
        self.note_location(identity.location);
        let root = self.meet(key, dtype, len)?;
        match identity.view {
            None => Ok(root),
            Some(view) => Ok(self.part(&root, view)?),
        }
    }

    fn note_location(&mut self, location: Ref) {
        if let Value::Text(span) = self.heap.value(location) {
            let is_short = self.heap.raw_text(span).len() <= MAX_LOCATION;
            let location = self.heap.text(span).filter(|_| is_short);
            let locations = &mut self.seen.locations;
            if let Some(location) = location
                && locations.len() < MAX_TOLD
                && !locations.contains(location)
            {
                locations.insert(location.to_owned());
            }
        }
    }

    /// The part `(key, offset, length)` of a storage that is a view of another.
    fn part(&self, root: &Storage, view: &[Ref]) -> Result<Storage> {
        let &[_, offset, len] = view else {
            return Err(damaged("the view of a storage is no (key, offset, length)"));
        };
        let offset = self.length(offset, "offset of a storage")?;
        let len = self.length(len, "length of a storage")?;
        let end = offset.checked_add(len).filter(|&end| end <= root.len);
        let end = end.ok_or_else(|| {
            wrong(
                Fault::OutOfBounds,
                format!(
                    "a view of {len} elements from {offset} of a storage of {}",
                    root.len
                ),
            )
        })?;
        let width = root.dtype.map_or(1, |dtype| dtype.bits() / 8);
        Ok(Storage {
            len,
            data: root.data.slice(offset * width..end * width),
            ..root.clone()
        })
    }

    fn meet(&mut self, key: Cow<'p, str>, dtype: Option<DataType>, len: usize) -> Result<Storage> {
        let id = self.met.len();
        let slot = match self.met.entry(key) {
            Slot::Vacant(slot) => slot,
            Slot::Occupied(met) => return met.get().again(met.key(), dtype, len),
        };
        let key = slot.key();
        let width = dtype.map_or(1, |dtype| dtype.bits() / 8);
        let data = self.storages.storage(key)?.ok_or_else(|| {
            let message = format!("the file lacks the storage {key:?}");
            wrong(Fault::MissingRecord, message)
        })?;
        let there = data.len();
        let fault = match len.checked_mul(width) {
            None => Some(Fault::Overflow),
            Some(_) if !there.is_multiple_of(width) => Some(Fault::SizeMismatch),
            Some(bytes) if bytes > there => Some(Fault::OutOfBounds),
            Some(bytes) if bytes < there => Some(Fault::SizeMismatch),
            Some(_) => None,
        };
        if let Some(fault) = fault {
            let message = format!(
                "the storage {key:?} has {there} bytes in place of {len} elements of {width} bytes"
            );
            return Err(wrong(fault, message));
        }
        let booked = size_of::<Cow<'_, str>>() + size_of::<Storage>();
        self.heap.budget().charge(2 * booked)?;
        let storage = Storage {
            dtype,
            len,
            data,
            id,
        };
        Ok(slot.insert(storage).clone())
    }
}

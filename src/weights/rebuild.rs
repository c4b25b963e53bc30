//! From the calls that stand for tensors to entries: arguments are read, nothing is called.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use bytes::Bytes;

use super::dtype::DataType;
use super::gather;
use super::pickle::{Heap, Meaning, Object, Rebuild, Ref, Value};
use super::tensor::{Entry, Origin, Writing};
use super::{damaged, within};
use crate::error::{Error, Result};

/// Bytes of the longest key of a storage; torch writes a few digits.
const MAX_KEY: usize = 1000;

/// More axes than any tensor has; one description may be shared by many tensors.
const MAX_RANK: usize = 64;

/// Where the data of storages are.
pub(super) trait Storages {
    /// The bytes of the storage `key`, if there is one.
    fn storage(&mut self, key: &str) -> Result<Option<Bytes>>;

    /// Whether numbers are written with the highest byte first.
    fn is_big_endian(&self) -> bool;
}

/// A tensor, or the reason why it cannot be given.
pub(super) enum Rebuilt {
    Entry(Entry),
    Refused(String),
}

/// Why a tensor is not rebuilt: the file is damaged, or the tensor is of a kind that is not read.
enum Stop {
    Damaged(Error),
    Refused(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Damaged(error)
    }
}

/// Reads the calls of one pickle.
pub(super) struct Rebuilder<'h, 'p, S> {
    heap: &'h Heap<'p>,
    storages: S,
    /// What is known of each storage that was met.
    met: HashMap<Cow<'p, str>, Storage>,
    /// The most bytes that one tensor may take outside of the file.
    memory: usize,
}

/// A storage as a persistent id describes it. All mentions of one key must agree.
#[derive(Clone)]
struct Storage {
    /// `None` if it is untyped.
    dtype: Option<DataType>,
    /// In elements, or in bytes if it is untyped.
    len: usize,
    data: Bytes,
}

/// A call of one of the functions that view a storage.
struct Call<'h> {
    names_type: bool,
    arguments: &'h [Ref],
}

impl<'h, 'p, S: Storages> Rebuilder<'h, 'p, S> {
    pub(super) fn new(heap: &'h Heap<'p>, storages: S, memory: usize) -> Self {
        let met = HashMap::new();
        Self {
            heap,
            storages,
            met,
            memory,
        }
    }

    /// The tensor `name` that `value` stands for.
    ///
    /// # Errors
    /// `Format` if the description is damaged or points outside of the file. What is in order but
    /// not read gives [`Rebuilt::Refused`].
    pub(super) fn rebuild(&mut self, name: &str, value: Ref) -> Result<Rebuilt> {
        match self.call(value).and_then(|call| self.view(name, &call)) {
            Ok(entry) => Ok(Rebuilt::Entry(entry)),
            Err(Stop::Refused(reason)) => Ok(Rebuilt::Refused(reason)),
            Err(Stop::Damaged(error)) => Err(within(format_args!("tensor {name:?}"), &error)),
        }
    }

    /// The call at the bottom of parameters and subclasses.
    fn call(&self, value: Ref) -> Result<Call<'h>, Stop> {
        let mut object = self.object(value)?;
        let (mut global, mut arguments) = (object.global, object.arguments);
        loop {
            let parts = self.heap.tuple(arguments).unwrap_or_default();
            let Meaning::Rebuild(function) = self.heap.global(global).meaning else {
                return Err(Stop::Refused(self.foreign(global, object.state)));
            };
            match (function, parts) {
                (Rebuild::Refused(reason), _) => return Err(Stop::Refused(reason.to_owned())),
                (Rebuild::Parameter, &[tensor, ..]) => {
                    object = self.object(tensor)?;
                    (global, arguments) = (object.global, object.arguments);
                }
                (Rebuild::FromType, &[function, _, inner, ..]) => {
                    let Value::Global(function) = self.heap.value(function) else {
                        return Err(
                            damaged("a tensor made by something else than a function").into()
                        );
                    };
                    (global, arguments) = (function, inner);
                }
                (Rebuild::Parameter | Rebuild::FromType, _) => return Err(too_few(parts).into()),
                (Rebuild::FromStorage { names_type }, arguments) => {
                    if object.state.is_some() {
                        let reason = "it was changed after it was made; save tensor.clone()";
                        return Err(Stop::Refused(reason.to_owned()));
                    }
                    return Ok(Call {
                        names_type,
                        arguments,
                    });
                }
            }
        }
    }

    fn object(&self, value: Ref) -> Result<&'h Object> {
        match self.heap.value(value) {
            Value::Object(at) => Ok(self.heap.object(at)),
            other => Err(damaged(format!(
                "{} where a tensor is expected",
                other.noun()
            ))),
        }
    }

    /// Why an object that holds tensors is not one.
    fn foreign(&self, global: u32, state: Option<Ref>) -> String {
        let global = self.heap.global(global);
        let class = format!("{}.{}", global.module, global.name);
        let is_module = state.is_some_and(|state| match self.heap.value(state) {
            Value::Dict(dict) => {
                // torch sets its own attributes first; one state may be shared by many objects
                let first = self.heap.dict(dict).iter().take(64);
                let mut keys = first.map(|&(key, _)| self.text(key));
                keys.any(|key| key.as_deref() == Some("_modules"))
            }
            _ => false,
        });
        if is_module {
            format!(
                "it is a whole model, of class {class}, not a state dict, which is not read yet; \
                 where its code is installed, save model.state_dict()"
            )
        } else {
            format!("it is an object of {class}, not a tensor; save the tensors in it as a dict")
        }
    }

    fn view(&mut self, name: &str, call: &Call<'h>) -> Result<Entry, Stop> {
        let too_few = || too_few(call.arguments);
        let (&[storage, offset, size, stride], rest) = call
            .arguments
            .split_first_chunk::<4>()
            .ok_or_else(too_few)?;
        // requires_grad and hooks do not matter here
        let rest = rest.get(2..).unwrap_or_default();
        let (named, metadata) = match (call.names_type, rest) {
            (true, &[named, ref rest @ ..]) => (Some(named), rest.first()),
            (true, []) => return Err(too_few().into()),
            (false, rest) => (None, rest.first()),
        };
        let storage = self.storage(storage)?;
        let dtype = self.element_type(&storage, named)?;
        let writing = self.writing(dtype, metadata.copied())?;
        let (shape, strides) = (self.lengths(size, "size")?, self.lengths(stride, "stride")?);
        let offset = self.length(offset, "offset")?;
        let width = dtype.bits() / 8;
        let range = range(&shape, &strides, offset, width, storage.data.len())?;
        let data = storage.data.slice(range);
        let copied = shape
            .iter()
            .try_fold(width, |bytes, &len| bytes.checked_mul(len));
        let is_copied = !data.is_empty() && !gather::is_row_major(&shape, &strides);
        if is_copied && copied.is_none_or(|bytes| bytes > self.memory) {
            let len = data.len();
            return Err(Stop::Refused(format!(
                "it repeats {len} bytes to a shape of {shape:?}, past the limit; if the file is \
                 trusted, raise it with OpenOptions::memory_limit"
            )));
        }
        let name = name.to_owned();
        Ok(Entry {
            name,
            dtype,
            shape,
            strides,
            data,
            writing,
            path: Vec::new(),
            origin: Origin::Tensor,
            quantisation: None,
            storage: None,
        })
    }

    /// The storage that a persistent id names.
    fn storage(&mut self, at: Ref) -> Result<Storage, Stop> {
        let Value::Persistent(identity) = self.heap.value(at) else {
            let noun = self.heap.value(at).noun();
            return Err(damaged(format!("{noun} where a storage is expected")).into());
        };
        let identity = self
            .heap
            .tuple(identity)
            .and_then(|parts| parts.first_chunk::<5>());
        let Some(&[kind, class, key, _location, len]) = identity else {
            let expected = "a storage that is not named by (kind, type, key, location, length)";
            return Err(damaged(expected).into());
        };
        if self.text(kind).as_deref() != Some("storage") {
            return Err(damaged("a persistent id of something else than a storage").into());
        }
        let Value::Global(class) = self.heap.value(class) else {
            let noun = self.heap.value(class).noun();
            return Err(damaged(format!("{noun} as the type of a storage")).into());
        };
        let class = self.heap.global(class);
        let dtype = match class.meaning {
            Meaning::Storage(dtype) => Some(dtype),
            Meaning::UntypedStorage => None,
            _ => {
                let class = format!("{}.{}", class.module, class.name);
                return Err(Stop::Refused(format!(
                    "its storage is a {class}, which is not known"
                )));
            }
        };
        let key = self
            .text(key)
            .ok_or_else(|| damaged("a storage whose key is no short text"))?;
        let len = self.length(len, "storage length")?;
        Ok(self.meet(key, dtype, len)?)
    }

    fn meet(&mut self, key: Cow<'p, str>, dtype: Option<DataType>, len: usize) -> Result<Storage> {
        if let Some(met) = self.met.get(&key) {
            let agrees = met.dtype == dtype && met.len == len;
            return if agrees || (len == 0 && met.data.is_empty()) {
                let data = met.data.clone();
                Ok(Storage { dtype, len, data })
            } else {
                Err(damaged(format!(
                    "the storage {key:?} is described in two ways"
                )))
            };
        }
        let width = dtype.map_or(1, |dtype| dtype.bits() / 8);
        let data = self.storages.storage(&key)?;
        let data = data.ok_or_else(|| damaged(format!("the file lacks the storage {key:?}")))?;
        if len.checked_mul(width) != Some(data.len()) {
            let there = data.len();
            return Err(damaged(format!(
                "the storage {key:?} has {there} bytes in place of {len} elements of {width} bytes"
            )));
        }
        let storage = Storage { dtype, len, data };
        self.met.insert(key, storage.clone());
        Ok(storage)
    }

    fn element_type(&self, storage: &Storage, named: Option<Ref>) -> Result<DataType, Stop> {
        let dtype = match (named.map(|named| self.heap.value(named)), storage.dtype) {
            (Some(Value::Global(at)), _) => {
                let named = self.heap.global(at);
                let Meaning::DataType(dtype) = named.meaning else {
                    let reason = format!("its elements are {}, which is not known", named.name);
                    return Err(Stop::Refused(reason));
                };
                dtype
            }
            (Some(other), _) => {
                return Err(damaged(format!("{} as an element type", other.noun())).into());
            }
            (None, Some(dtype)) => dtype,
            (None, None) => {
                return Err(damaged("an untyped storage without an element type").into());
            }
        };
        if dtype.is_quantised() {
            let reason = format!("its elements are quantised ({dtype}), without their scale");
            return Err(Stop::Refused(reason));
        }
        Ok(dtype)
    }

    /// Reads the marks `{'conj': True, 'neg': True}` of lazily negated tensors. An integer in their
    /// place is a device format of early NPU builds, which does not change the data.
    fn writing(&self, dtype: DataType, metadata: Option<Ref>) -> Result<Writing, Stop> {
        let big_endian = self.storages.is_big_endian();
        let mut writing = Writing {
            big_endian,
            ..Writing::default()
        };
        let pairs = match metadata.map(|metadata| self.heap.value(metadata)) {
            None | Some(Value::None | Value::Int(_)) => return Ok(writing),
            Some(Value::Dict(dict)) => self.heap.dict(dict),
            Some(other) => {
                return Err(Stop::Refused(format!(
                    "{} is set on it, which is not known",
                    other.noun()
                )));
            }
        };
        for &(key, value) in pairs {
            let key = self.text(key).unwrap_or_default();
            match (&*key, self.heap.value(value)) {
                ("conj", Value::Bool(set)) if dtype.is_complex() => writing.conjugated = set,
                ("neg", Value::Bool(set)) if dtype.is_signed_float() => writing.negated = set,
                _ => {
                    return Err(Stop::Refused(format!(
                        "{key:?} is set on it, which is not known"
                    )));
                }
            }
        }
        Ok(writing)
    }

    /// Short text, or an integer as Python would put it into text.
    fn text(&self, at: Ref) -> Option<Cow<'p, str>> {
        match self.heap.value(at) {
            Value::Text(span) if self.heap.raw_text(span).len() <= MAX_KEY => {
                self.heap.text(span).map(Cow::Borrowed)
            }
            Value::Int(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    fn lengths(&self, at: Ref, what: &str) -> Result<Vec<usize>> {
        let parts = self
            .heap
            .tuple(at)
            .ok_or_else(|| damaged(format!("the {what} is no tuple")))?;
        if parts.len() > MAX_RANK {
            let rank = parts.len();
            return Err(damaged(format!(
                "the {what} has {rank} axes; up to {MAX_RANK} are read"
            )));
        }
        parts.iter().map(|&part| self.length(part, what)).collect()
    }

    fn length(&self, at: Ref, what: &str) -> Result<usize> {
        match self.heap.value(at) {
            Value::Int(number) => usize::try_from(number)
                .map_err(|_| damaged(format!("the {what} has {number}, which is negative"))),
            Value::BigInt => Err(damaged(format!("the {what} has a number beyond 64 bits"))),
            other => Err(damaged(format!("the {what} has {}", other.noun()))),
        }
    }
}

fn too_few(arguments: &[Ref]) -> Error {
    let count = arguments.len();
    damaged(format!(
        "a call with {count} arguments, which are too few to make a tensor"
    ))
}

/// The bytes from the first element of a view to its last, which must lie in the storage.
fn range(
    shape: &[usize],
    strides: &[usize],
    offset: usize,
    width: usize,
    available: usize,
) -> Result<Range<usize>> {
    if shape.len() != strides.len() {
        let (rank, other) = (shape.len(), strides.len());
        return Err(damaged(format!(
            "the size has {rank} axes and the stride {other}"
        )));
    }
    if shape.contains(&0) {
        return Ok(0..0);
    }
    let bytes = shape
        .iter()
        .try_fold(width, |bytes, &len| bytes.checked_mul(len));
    let mut axes = shape.iter().zip(strides);
    let last = axes.try_fold(offset, |last, (&len, &stride)| {
        last.checked_add(stride.checked_mul(len - 1)?)
    });
    let end = last.and_then(|last| last.checked_add(1)?.checked_mul(width));
    match (bytes, end) {
        (Some(_), Some(end)) if end <= available => Ok(offset * width..end),
        (Some(_), Some(end)) => Err(damaged(format!(
            "its last element ends at byte {end} of a storage of {available} bytes; if an early \
             torch_npu saved a slice, save tensor.cpu().contiguous() there"
        ))),
        _ => Err(damaged(format!(
            "the shape {shape:?} with the strides {strides:?} from element {offset} overflows"
        ))),
    }
}

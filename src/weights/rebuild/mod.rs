//! From the calls that stand for tensors to entries: arguments are read, nothing is called.

mod call;
mod numpy;
mod quantised;
mod storage;
mod view;
mod writing;

use call::Call;
pub(super) use storage::{Identity, Storages};
use storage::{Met, Storage};
pub(super) use view::View;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::dtype::DataType;
use super::fault::Fault;
use super::gather;
use super::pickle::{Heap, Meaning, Rebuild, Ref, Value};
use super::tensor::Entry;
use super::{damaged, or_fault, wrong};
use crate::error::{Error, Result};

/// Bytes of the longest key of a storage; torch writes a few digits.
pub(super) const MAX_KEY: usize = 100;

/// More axes than any tensor has; one description may be shared by many tensors.
const MAX_RANK: usize = 64;

/// Locations of storages and device formats that are told apart; others are left out of reports.
const MAX_TOLD: usize = 16;

/// A tensor, or the reason why it cannot be given.
pub(super) enum Rebuilt {
    Entry(Entry),
    Refused(Fault, String),
}

/// Why a tensor is not rebuilt: the file is damaged, or the tensor is of a kind that is not read.
enum Stop {
    Damaged(Error),
    Refused(Fault, String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Damaged(error)
    }
}

fn refused(reason: impl Into<String>) -> Stop {
    Stop::Refused(Fault::Unsupported, reason.into())
}

/// What was met on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Where storages were when they were saved.
    pub(super) locations: BTreeSet<String>,
    /// Tensors by the device format that `torch_npu` noted for them.
    pub(super) npu_formats: BTreeMap<Option<i64>, usize>,
    /// Names of tensors whose sign or conjugation was pending.
    pub(super) resolved: usize,
    /// How many tensors have attributes, as parameters and subclasses may.
    pub(super) with_attributes: usize,
}

/// Reads the calls of one pickle.
pub(super) struct Rebuilder<'h, 'p, S> {
    heap: &'h Heap<'p>,
    /// The pickle.
    content: Bytes,
    storages: S,
    /// What is known of each storage that was met.
    met: Met<'p>,
    seen: Seen,
}

impl<'h, 'p, S: Storages> Rebuilder<'h, 'p, S> {
    pub(super) fn new(heap: &'h Heap<'p>, content: Bytes, storages: S) -> Self {
        Self {
            heap,
            content,
            storages,
            met: Met::default(),
            seen: Seen::default(),
        }
    }

    /// What was met while rebuilding.
    pub(super) fn seen(self) -> Seen {
        self.seen
    }

    /// The tensor that `value` stands for, without a name; `name` is for messages.
    ///
    /// # Errors
    /// `Format` if the description is damaged or points outside of the file. What is in order but
    /// not read gives [`Rebuilt::Refused`].
    pub(super) fn rebuild(&mut self, name: &str, value: Ref) -> Result<Rebuilt> {
        match self.entry(value) {
            Ok(entry) => Ok(Rebuilt::Entry(entry)),
            Err(Stop::Refused(fault, reason)) => Ok(Rebuilt::Refused(fault, reason)),
            Err(Stop::Damaged(error)) => Err(or_fault(error, Fault::MalformedPickle)
                .while_doing(format_args!("tensor {name:?}"))),
        }
    }

    fn entry(&mut self, value: Ref) -> Result<Entry, Stop> {
        if let Some(scalar) = self.numpy_scalar(value) {
            return self.scalar(scalar);
        }
        let (call, wanted) = self.call(value)?;
        let entry = match call {
            Call::View {
                function,
                arguments,
            } => self.view(function, arguments),
            Call::Array(function, object) => self.array(function, object),
            Call::Kept(identity) => {
                let key = self
                    .text(identity)
                    .ok_or_else(|| damaged("a tensor whose key is no text"))?;
                let entry = self.storages.tensor(&key)?;
                entry.ok_or_else(|| {
                    let message = format!("the file lacks the tensor {key:?}");
                    wrong(Fault::MissingRecord, message).into()
                })
            }
        }?;
        match wanted {
            Some(wanted) if wanted != entry.dtype => Err(refused(format!(
                "its data are {} and stand for {wanted}, which its device could not give; save \
                 tensor.cpu()",
                entry.dtype
            ))),
            _ => Ok(entry),
        }
    }

    /// A tensor that is a part of the description of another: a view, and nothing quantised, so
    /// that descriptions do not nest.
    fn plain_entry(&mut self, value: Ref) -> Result<Entry, Stop> {
        match self.call(value)?.0 {
            Call::View {
                function: function @ Rebuild::FromStorage { .. },
                arguments,
            } => self.view(function, arguments),
            _ => Err(refused("a part of it is no plain tensor")),
        }
    }

    /// A `torch.dtype`.
    fn data_type(&self, at: Ref) -> Option<DataType> {
        match self.heap.value(at) {
            Value::Global(at) => match self.heap.global(at).meaning {
                Meaning::DataType(dtype) => Some(dtype),
                _ => None,
            },
            _ => None,
        }
    }

    fn view(&mut self, function: Rebuild, arguments: &'h [Ref]) -> Result<Entry, Stop> {
        let (&[storage, offset, size, stride], rest) = arguments
            .split_first_chunk::<4>()
            .ok_or_else(|| too_few(arguments))?;
        let (quantiser, rest) = match (function, rest) {
            (Rebuild::Quantised, &[quantiser, ref rest @ ..]) => (Some(quantiser), rest),
            (Rebuild::Quantised, []) => return Err(too_few(arguments).into()),
            (_, rest) => (None, rest),
        };
        // requires_grad and hooks do not matter here
        let rest = rest.get(2..).unwrap_or_default();
        let (named, metadata) = match (function, rest) {
            (Rebuild::FromStorage { names_type: true }, &[named, ref rest @ ..]) => {
                (Some(named), rest.first())
            }
            (Rebuild::FromStorage { names_type: true }, []) => {
                return Err(too_few(arguments).into());
            }
            (_, rest) => (None, rest.first()),
        };
        let storage = self.storage(storage)?;
        let dtype = self.element_type(&storage, named)?;
        let quantisation = match quantiser {
            Some(_) if !dtype.is_quantised() => {
                return Err(damaged(format!("a quantised tensor of {dtype}")).into());
            }
            Some(quantiser) => Some(Box::new(self.quantisation(quantiser, size)?)),
            None if dtype.is_quantised() => {
                return Err(refused(format!(
                    "its elements are quantised ({dtype}), without their scale"
                )));
            }
            None => None,
        };
        let writing = self.writing(dtype, function, metadata.copied())?;
        let (shape, strides) = (self.lengths(size, "size")?, self.lengths(stride, "stride")?);
        let offset = self.length(offset, "offset")?;
        // an element of torch's is a pair of these
        let is_pair = dtype == DataType::F4;
        let view = View {
            dtype: if is_pair { DataType::U8 } else { dtype },
            shape,
            strides,
            offset,
        };
        let mut entry = view.of(&storage.data, self.heap.budget())?;
        if is_pair {
            unpack(&mut entry)?;
        }
        entry.writing = writing;
        entry.quantisation = quantisation;
        entry.storage = Some(storage.id);
        Ok(entry)
    }

    fn element_type(&self, storage: &Storage, named: Option<Ref>) -> Result<DataType, Stop> {
        let Some(named) = named else {
            let dtype = storage.dtype;
            let untyped = || damaged("an untyped storage without an element type").into();
            return dtype.ok_or_else(untyped);
        };
        self.data_type(named)
            .ok_or_else(|| match self.heap.value(named) {
                Value::Global(at) => {
                    let name = self.heap.global(at).name;
                    let reason = format!("its elements are {name}, which is not known");
                    Stop::Refused(Fault::DType, reason)
                }
                other => damaged(format!("{} as an element type", other.noun())).into(),
            })
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

    /// Whether an integer beyond 64 bits is below zero.
    fn is_negative(&self, at: Ref) -> bool {
        match self.heap.value(at) {
            Value::BigInt(span) => {
                let top = self.heap.raw_text(span).last();
                top.is_some_and(|top| top & 0x80 != 0)
            }
            Value::BigDecimal(span) => self.heap.raw_text(span).starts_with(b"-"),
            _ => false,
        }
    }

    fn lengths(&self, at: Ref, what: &str) -> Result<Vec<usize>> {
        let parts = match self.heap.value(at) {
            Value::Tuple(span) => self.heap.members(span),
            Value::List(list) => self.heap.list(list),
            _ => return Err(damaged(format!("the {what} is no tuple"))),
        };
        if parts.len() > MAX_RANK {
            let rank = parts.len();
            return Err(wrong(
                Fault::Limit,
                format!("the {what} has {rank} axes; up to {MAX_RANK} are read"),
            ));
        }
        parts.iter().map(|&part| self.length(part, what)).collect()
    }

    fn length(&self, at: Ref, what: &str) -> Result<usize> {
        match self.heap.value(at) {
            Value::Int(number) => usize::try_from(number).map_err(|_| {
                let message = format!("the {what} has {number}, which is negative");
                wrong(Fault::Negative, message)
            }),
            Value::BigInt(_) | Value::BigDecimal(_) => Err(wrong(
                if self.is_negative(at) {
                    Fault::Negative
                } else {
                    Fault::Overflow
                },
                format!("the {what} has a number beyond 64 bits"),
            )),
            other => Err(damaged(format!("the {what} has {}", other.noun()))),
        }
    }
}

/// Counts the elements of pairs one by one, as safetensors does.
fn unpack(entry: &mut Entry) -> Result<(), Stop> {
    let is_packed = gather::is_row_major(&entry.shape, &entry.strides);
    let doubled = entry.shape.last_mut().filter(|_| is_packed);
    let doubled = doubled.and_then(|len| {
        *len = len.checked_mul(2)?;
        Some(())
    });
    doubled.ok_or_else(|| {
        refused("its elements are pairs of four bits that do not follow each other; save tensor.contiguous()")
    })?;
    entry.dtype = DataType::F4;
    entry.strides = gather::row_major(&entry.shape);
    Ok(())
}

fn too_few(arguments: &[Ref]) -> Error {
    let count = arguments.len();
    damaged(format!(
        "a call with {count} arguments, which are too few to make a tensor"
    ))
}

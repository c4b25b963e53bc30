//! The inert values that a pickle describes.

use std::ops::Range;

use super::globals::Meaning;
use crate::error::Result;
use crate::weights::over_limit;

/// A value in a [`Heap`](super::Heap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ref(pub(super) u32);

/// A run of bytes in the pickle, or of members in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub(super) fn new(start: usize, len: usize) -> Result<Self> {
        Ok(Self {
            start: narrow(start)?,
            len: narrow(len)?,
        })
    }

    pub(super) fn of<T>(self, whole: &[T]) -> &[T] {
        &whole[self.range()]
    }

    /// Where the bytes of a run in the pickle are.
    pub(crate) fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.len as usize
    }
}

/// One value. Whatever has parts refers to them by index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// An integer beyond 64 bits, in two's complement with the lowest byte first.
    BigInt(Span),
    /// One in decimal digits.
    BigDecimal(Span),
    Float(f64),
    /// Text, of any encoding: UTF-8 is checked where it matters.
    Text(Span),
    Bytes(Span),
    Tuple(Span),
    List(u32),
    Set(u32),
    Dict(u32),
    Global(u32),
    Object(u32),
    /// Something outside of the pickle, by its identity.
    Persistent(Ref),
}

/// A mapping in the order of writing; keys may occur twice.
#[derive(Debug, Default)]
pub(super) struct Dict {
    pub(super) pairs: Vec<(Ref, Ref)>,
    /// Whether it may have attributes, which only subclasses of `dict` do.
    pub(super) is_subclass: bool,
    pub(super) state: Option<Ref>,
}

impl Dict {
    pub(super) fn subclass() -> Self {
        Self {
            is_subclass: true,
            ..Self::default()
        }
    }
}

/// A name that a pickle refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Global<'p> {
    pub(crate) module: &'p str,
    pub(crate) name: &'p str,
    pub(crate) meaning: Meaning,
}

/// What a call or a class would have given: the name, the arguments, and what was put in later.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) global: u32,
    /// A tuple.
    pub(crate) arguments: Ref,
    pub(crate) state: Option<Ref>,
    pub(crate) items: Vec<Ref>,
    pub(crate) pairs: Vec<(Ref, Ref)>,
}

impl Ref {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Value {
    /// What it is, for messages.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a bool",
            Self::Int(_) | Self::BigInt(_) | Self::BigDecimal(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Tuple(_) => "a tuple",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Dict(_) => "a dict",
            Self::Global(_) => "a class or function",
            Self::Object(_) => "an object",
            Self::Persistent(_) => "a storage",
        }
    }
}

/// Indices are 32 bits wide; a pickle that needs more is beyond any limit.
pub(super) fn narrow(index: usize) -> Result<u32> {
    u32::try_from(index).map_err(|_| over_limit("the pickle is larger than 4 GiB"))
}

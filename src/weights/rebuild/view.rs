//! Views of storages.

use std::ops::Range;

use bytes::Bytes;

use super::Stop;
use crate::error::Result;
use crate::weights::budget::Budget;
use crate::weights::dtype::DataType;
use crate::weights::fault::Fault;
use crate::weights::gather;
use crate::weights::tensor::{Entry, Origin, Writing};
use crate::weights::{damaged, wrong};

/// Which elements of a storage are a tensor.
pub(in crate::weights) struct View {
    pub(in crate::weights) dtype: DataType,
    pub(in crate::weights) shape: Vec<usize>,
    /// In elements, as the offset.
    pub(in crate::weights) strides: Vec<usize>,
    pub(in crate::weights) offset: usize,
}

impl View {
    /// The tensor in `storage`, without a name. If it is not row-major there, its copy may take
    /// as much as the limit.
    pub(super) fn of(self, storage: &Bytes, budget: &Budget) -> Result<Entry, Stop> {
        let width = self.dtype.bits() / 8;
        let data = storage.slice(self.range(width, storage.len())?);
        let Self {
            dtype,
            shape,
            strides,
            ..
        } = self;
        let copied = shape
            .iter()
            .try_fold(width, |bytes, &len| bytes.checked_mul(len));
        let is_copied = !data.is_empty() && !gather::is_row_major(&shape, &strides);
        if is_copied && copied.is_none_or(|bytes| bytes > budget.limit()) {
            let len = data.len();
            let reason = format!(
                "it repeats {len} bytes to a shape of {shape:?}, past the limit; if the file is \
                 trusted, raise it with OpenOptions::memory_limit, or --memory-limit of the \
                 program"
            );
            return Err(Stop::Refused(Fault::Limit, reason));
        }
        budget.charge(Entry::axes_bytes(shape.len()))?;
        Ok(Entry {
            name: String::new(),
            path: Vec::new(),
            dtype,
            shape,
            strides,
            data,
            writing: Writing::default(),
            origin: Origin::Tensor,
            quantisation: None,
            storage: None,
        })
    }

    /// The same where a refusal is an error too.
    pub(in crate::weights) fn entry(self, storage: &Bytes, budget: &Budget) -> Result<Entry> {
        self.of(storage, budget).map_err(|stop| match stop {
            Stop::Damaged(error) => error,
            Stop::Refused(fault, reason) => wrong(fault, reason),
        })
    }

    /// The bytes from the first element to the last, which must lie in the storage.
    fn range(&self, width: usize, available: usize) -> Result<Range<usize>> {
        let Self {
            shape,
            strides,
            offset,
            ..
        } = self;
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
        let last = axes.try_fold(*offset, |last, (&len, &stride)| {
            last.checked_add(stride.checked_mul(len - 1)?)
        });
        let end = last.and_then(|last| last.checked_add(1)?.checked_mul(width));
        match (bytes, end) {
            (Some(_), Some(end)) if end <= available => Ok(offset * width..end),
            (Some(_), Some(end)) => Err(wrong(
                Fault::OutOfBounds,
                format!(
                    "its last element ends at byte {end} of a storage of {available} bytes; if a \
                     torch_npu from before May 2023 saved a slice, it kept the place on the device \
                     beside the compact copy: save tensor.cpu().contiguous() there"
                ),
            )),
            _ => Err(wrong(
                Fault::Overflow,
                format!(
                    "the shape {shape:?} with the strides {strides:?} from element {offset} \
                     overflows"
                ),
            )),
        }
    }
}

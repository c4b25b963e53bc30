//! Data buffers, tensor descriptions and datasets.

use std::ffi::*;
use std::slice;

use ascend_sys::*;

use super::pointers::{Place, handle, number, opaque};
use crate::entry::{Entry, Otherwise};
use crate::fault::Fault;
use crate::model::{Span, TensorDesc};
use crate::sync::lock;

pub(super) unsafe fn aclCreateDataBuffer(
    call: &Entry<'_>,
    data: *mut c_void,
    bytes: usize,
) -> Result<*mut aclDataBuffer, Fault> {
    Ok(opaque(call.create_data_buffer(Span::new(data, bytes))))
}

pub(super) unsafe fn aclDestroyDataBuffer(
    call: &Entry<'_>,
    buffer: *const aclDataBuffer,
) -> Result<(), Fault> {
    let buffer = handle("dataBuffer", buffer)?;
    call.check_object(buffer);
    call.world.data_buffers.remove(buffer).map(|_| ())
}

pub(super) unsafe fn aclGetDataBufferAddr(
    call: &Entry<'_>,
    buffer: *const aclDataBuffer,
) -> Result<*mut c_void, Fault> {
    let buffer = handle("dataBuffer", buffer)?;
    Ok(call.world.data_buffers.get(buffer)?.span().pointer())
}

/// Sizes above 32 bits are cut.
pub(super) unsafe fn aclGetDataBufferSize(
    call: &Entry<'_>,
    buffer: *const aclDataBuffer,
) -> Result<u32, Fault> {
    let buffer = handle("dataBuffer", buffer)?;
    let bytes = call.world.data_buffers.get(buffer)?.span().bytes;
    #[allow(clippy::cast_possible_truncation, reason = "what the C function does")]
    Ok(bytes as u32)
}

pub(super) unsafe fn aclGetDataBufferSizeV2(
    call: &Entry<'_>,
    buffer: *const aclDataBuffer,
) -> Result<usize, Fault> {
    let buffer = handle("dataBuffer", buffer)?;
    Ok(call.world.data_buffers.get(buffer)?.span().bytes)
}

pub(super) unsafe fn aclUpdateDataBuffer(
    call: &Entry<'_>,
    buffer: *mut aclDataBuffer,
    data: *mut c_void,
    bytes: usize,
) -> Result<(), Fault> {
    let buffer = handle("dataBuffer", buffer)?;
    let buffer = call.world.data_buffers.get(buffer)?;
    buffer.set(Span::new(data, bytes));
    Ok(())
}

pub(super) unsafe fn aclCreateTensorDesc(
    call: &Entry<'_>,
    dtype: aclDataType,
    rank: c_int,
    dims: *const i64,
    format: aclFormat,
) -> Result<*mut aclTensorDesc, Fault> {
    let rank = usize::try_from(rank)
        .map_err(|_| Fault::argument(format!("numDims is {rank}, below 0")))?;
    let dims = match rank {
        0 => Vec::new(),
        _ if dims.is_null() => return Err(Fault::null("dims")),
        // SAFETY: the C function demands `rank` readable dims.
        _ => unsafe { slice::from_raw_parts(dims, rank) }.to_vec(),
    };
    let desc = TensorDesc::new(dtype, dims, format);
    Ok(opaque(call.create_tensor_desc(desc)))
}

pub(super) unsafe fn aclDestroyTensorDesc(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
) -> Result<(), Fault> {
    match number(desc) {
        0 => Ok(()),
        desc => call.destroy_tensor_desc(desc),
    }
}

/// A function that answers one fact of a tensor description.
macro_rules! desc_fact {
    ($symbol:ident -> $kind:ty, |$desc:ident| $fact:expr) => {
        pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            desc: *const aclTensorDesc,
        ) -> Result<$kind, Fault> {
            let $desc = call.world.tensor_descs.get(handle("desc", desc)?)?;
            Ok($fact)
        }
    };
}

desc_fact!(aclGetTensorDescType -> aclDataType, |desc| desc.dtype);
desc_fact!(aclGetTensorDescFormat -> aclFormat, |desc| desc.format);
desc_fact!(aclGetTensorDescSize -> usize, |desc| desc.bytes());
desc_fact!(aclGetTensorDescElementCount -> usize, |desc| desc.element_count());
desc_fact!(aclGetTensorDescNumDims -> usize, |desc| desc.rank());

/// The deprecated form answers −1 for what is not there.
pub(super) unsafe fn aclGetTensorDescDim(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
    index: usize,
) -> Otherwise<i64> {
    let desc = handle("desc", desc).and_then(|desc| call.world.tensor_descs.get(desc));
    Otherwise(desc.and_then(|desc| dim(&desc, index)), -1)
}

pub(super) unsafe fn aclGetTensorDescDimV2(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
    index: usize,
    extent: *mut i64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("dimSize", extent) }?;
    let desc = call.world.tensor_descs.get(handle("desc", desc)?)?;
    place.set(dim(&desc, index)?);
    Ok(())
}

fn dim(desc: &TensorDesc, index: usize) -> Result<i64, Fault> {
    desc.dims.get(index).copied().ok_or_else(|| {
        Fault::argument(format!(
            "the tensor has {} dims, no dim {index}",
            desc.dims.len()
        ))
    })
}

pub(super) unsafe fn aclmdlCreateDataset(call: &Entry<'_>) -> Result<*mut aclmdlDataset, Fault> {
    Ok(opaque(call.create_dataset()))
}

pub(super) unsafe fn aclmdlDestroyDataset(
    call: &Entry<'_>,
    dataset: *const aclmdlDataset,
) -> Result<(), Fault> {
    call.destroy_dataset(handle("dataset", dataset)?)
}

pub(super) unsafe fn aclmdlAddDatasetBuffer(
    call: &Entry<'_>,
    dataset: *mut aclmdlDataset,
    buffer: *mut aclDataBuffer,
) -> Result<(), Fault> {
    call.add_buffer(handle("dataset", dataset)?, handle("dataBuffer", buffer)?)
}

pub(super) unsafe fn aclmdlGetDatasetNumBuffers(
    call: &Entry<'_>,
    dataset: *const aclmdlDataset,
) -> Result<usize, Fault> {
    let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
    Ok(lock(&dataset.0).len())
}

pub(super) unsafe fn aclmdlGetDatasetBuffer(
    call: &Entry<'_>,
    dataset: *const aclmdlDataset,
    index: usize,
) -> Result<*mut aclDataBuffer, Fault> {
    let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
    Ok(opaque(dataset.buffer(index).unwrap_or(0)))
}

pub(super) unsafe fn aclmdlSetDatasetTensorDesc(
    call: &Entry<'_>,
    dataset: *mut aclmdlDataset,
    desc: *mut aclTensorDesc,
    index: usize,
) -> Result<(), Fault> {
    let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
    let desc = match number(desc) {
        0 => None,
        desc => Some(TensorDesc::clone(&*call.world.tensor_descs.get(desc)?)),
    };
    call.world.set_desc(&dataset, index, desc, call.origin)
}

pub(super) unsafe fn aclmdlGetDatasetTensorDesc(
    call: &Entry<'_>,
    dataset: *const aclmdlDataset,
    index: usize,
) -> Result<*mut aclTensorDesc, Fault> {
    let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
    Ok(opaque(dataset.desc(index).unwrap_or(0)))
}

//! Data buffers, tensor descriptions and datasets.

use std::ffi::{c_int, c_void};
use std::{ptr, slice};

use ascend_sys::{aclDataBuffer, aclDataType, aclError, aclFormat, aclTensorDesc, aclmdlDataset};

use super::pointers::{Place, handle, number, opaque};
use crate::entry::{entry, value};
use crate::fault::Fault;
use crate::model::{Span, TensorDesc};
use crate::sync::lock;

pub(super) unsafe extern "C" fn aclCreateDataBuffer<const SLOT: usize>(
    data: *mut c_void,
    bytes: usize,
) -> *mut aclDataBuffer {
    value(SLOT, "aclCreateDataBuffer", ptr::null_mut(), |call| {
        Ok(opaque(call.create_data_buffer(Span::new(data, bytes))))
    })
}

pub(super) unsafe extern "C" fn aclDestroyDataBuffer<const SLOT: usize>(
    buffer: *const aclDataBuffer,
) -> aclError {
    entry(SLOT, "aclDestroyDataBuffer", |call| {
        let buffer = handle("dataBuffer", buffer)?;
        call.world.data_buffers.remove(buffer).map(|_| ())
    })
}

pub(super) unsafe extern "C" fn aclGetDataBufferAddr<const SLOT: usize>(
    buffer: *const aclDataBuffer,
) -> *mut c_void {
    value(SLOT, "aclGetDataBufferAddr", ptr::null_mut(), |call| {
        let buffer = handle("dataBuffer", buffer)?;
        Ok(call.world.data_buffers.get(buffer)?.span().pointer())
    })
}

/// Sizes above 32 bits are cut.
pub(super) unsafe extern "C" fn aclGetDataBufferSize<const SLOT: usize>(
    buffer: *const aclDataBuffer,
) -> u32 {
    value(SLOT, "aclGetDataBufferSize", 0, |call| {
        let buffer = handle("dataBuffer", buffer)?;
        let bytes = call.world.data_buffers.get(buffer)?.span().bytes;
        #[allow(clippy::cast_possible_truncation, reason = "what the C function does")]
        Ok(bytes as u32)
    })
}

pub(super) unsafe extern "C" fn aclGetDataBufferSizeV2<const SLOT: usize>(
    buffer: *const aclDataBuffer,
) -> usize {
    value(SLOT, "aclGetDataBufferSizeV2", 0, |call| {
        let buffer = handle("dataBuffer", buffer)?;
        Ok(call.world.data_buffers.get(buffer)?.span().bytes)
    })
}

pub(super) unsafe extern "C" fn aclUpdateDataBuffer<const SLOT: usize>(
    buffer: *mut aclDataBuffer,
    data: *mut c_void,
    bytes: usize,
) -> aclError {
    entry(SLOT, "aclUpdateDataBuffer", |call| {
        let buffer = handle("dataBuffer", buffer)?;
        let buffer = call.world.data_buffers.get(buffer)?;
        buffer.set(Span::new(data, bytes));
        Ok(())
    })
}

pub(super) unsafe extern "C" fn aclCreateTensorDesc<const SLOT: usize>(
    dtype: aclDataType,
    rank: c_int,
    dims: *const i64,
    format: aclFormat,
) -> *mut aclTensorDesc {
    value(SLOT, "aclCreateTensorDesc", ptr::null_mut(), |call| {
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
    })
}

pub(super) unsafe extern "C" fn aclDestroyTensorDesc<const SLOT: usize>(
    desc: *const aclTensorDesc,
) {
    value(SLOT, "aclDestroyTensorDesc", (), |call| {
        match number(desc) {
            0 => Ok(()),
            desc => call.destroy_tensor_desc(desc),
        }
    });
}

/// A function that answers one fact of a tensor description, and `$otherwise` for a bad one.
macro_rules! desc_fact {
    ($symbol:ident -> $kind:ty, $otherwise:expr, |$desc:ident| $fact:expr) => {
        pub(super) unsafe extern "C" fn $symbol<const SLOT: usize>(
            desc: *const aclTensorDesc,
        ) -> $kind {
            value(SLOT, stringify!($symbol), $otherwise, |call| {
                let $desc = call.world.tensor_descs.get(handle("desc", desc)?)?;
                Ok($fact)
            })
        }
    };
}

desc_fact!(aclGetTensorDescType -> aclDataType, aclDataType::ACL_DT_UNDEFINED, |desc| desc.dtype);
desc_fact!(aclGetTensorDescFormat -> aclFormat, aclFormat::ACL_FORMAT_UNDEFINED, |desc| desc.format);
desc_fact!(aclGetTensorDescSize -> usize, 0, |desc| desc.bytes());
desc_fact!(aclGetTensorDescElementCount -> usize, 0, |desc| desc.element_count());
desc_fact!(aclGetTensorDescNumDims -> usize, 0, |desc| desc.rank());

/// The deprecated form answers −1 for what is not there.
pub(super) unsafe extern "C" fn aclGetTensorDescDim<const SLOT: usize>(
    desc: *const aclTensorDesc,
    index: usize,
) -> i64 {
    value(SLOT, "aclGetTensorDescDim", -1, |call| {
        let desc = call.world.tensor_descs.get(handle("desc", desc)?)?;
        dim(&desc, index)
    })
}

pub(super) unsafe extern "C" fn aclGetTensorDescDimV2<const SLOT: usize>(
    desc: *const aclTensorDesc,
    index: usize,
    extent: *mut i64,
) -> aclError {
    entry(SLOT, "aclGetTensorDescDimV2", |call| {
        // SAFETY: NULL, or a place for the answer.
        let place = unsafe { Place::new("dimSize", extent) }?;
        let desc = call.world.tensor_descs.get(handle("desc", desc)?)?;
        place.set(dim(&desc, index)?);
        Ok(())
    })
}

fn dim(desc: &TensorDesc, index: usize) -> Result<i64, Fault> {
    desc.dims.get(index).copied().ok_or_else(|| {
        Fault::argument(format!(
            "the tensor has {} dims, no dim {index}",
            desc.dims.len()
        ))
    })
}

pub(super) unsafe extern "C" fn aclmdlCreateDataset<const SLOT: usize>() -> *mut aclmdlDataset {
    value(SLOT, "aclmdlCreateDataset", ptr::null_mut(), |call| {
        Ok(opaque(call.create_dataset()))
    })
}

pub(super) unsafe extern "C" fn aclmdlDestroyDataset<const SLOT: usize>(
    dataset: *const aclmdlDataset,
) -> aclError {
    entry(SLOT, "aclmdlDestroyDataset", |call| {
        call.destroy_dataset(handle("dataset", dataset)?)
    })
}

pub(super) unsafe extern "C" fn aclmdlAddDatasetBuffer<const SLOT: usize>(
    dataset: *mut aclmdlDataset,
    buffer: *mut aclDataBuffer,
) -> aclError {
    entry(SLOT, "aclmdlAddDatasetBuffer", |call| {
        call.add_buffer(handle("dataset", dataset)?, handle("dataBuffer", buffer)?)
    })
}

pub(super) unsafe extern "C" fn aclmdlGetDatasetNumBuffers<const SLOT: usize>(
    dataset: *const aclmdlDataset,
) -> usize {
    value(SLOT, "aclmdlGetDatasetNumBuffers", 0, |call| {
        let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
        Ok(lock(&dataset.0).len())
    })
}

pub(super) unsafe extern "C" fn aclmdlGetDatasetBuffer<const SLOT: usize>(
    dataset: *const aclmdlDataset,
    index: usize,
) -> *mut aclDataBuffer {
    value(SLOT, "aclmdlGetDatasetBuffer", ptr::null_mut(), |call| {
        let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
        Ok(opaque(dataset.buffer(index).unwrap_or(0)))
    })
}

pub(super) unsafe extern "C" fn aclmdlSetDatasetTensorDesc<const SLOT: usize>(
    dataset: *mut aclmdlDataset,
    desc: *mut aclTensorDesc,
    index: usize,
) -> aclError {
    entry(SLOT, "aclmdlSetDatasetTensorDesc", |call| {
        let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
        let desc = match number(desc) {
            0 => None,
            desc => Some(TensorDesc::clone(&*call.world.tensor_descs.get(desc)?)),
        };
        call.world.set_desc(&dataset, index, desc, call.origin)
    })
}

pub(super) unsafe extern "C" fn aclmdlGetDatasetTensorDesc<const SLOT: usize>(
    dataset: *const aclmdlDataset,
    index: usize,
) -> *mut aclTensorDesc {
    value(
        SLOT,
        "aclmdlGetDatasetTensorDesc",
        ptr::null_mut(),
        |call| {
            let dataset = call.world.datasets.get(handle("dataset", dataset)?)?;
            Ok(opaque(dataset.desc(index).unwrap_or(0)))
        },
    )
}

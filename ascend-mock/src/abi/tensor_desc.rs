//! What tensor descriptions hold besides type, shape and format.

use std::ffi::*;
use std::slice;
use std::sync::Arc;

use ascend_sys::*;

use super::pointers::{Place, handle, list, opaque, text};
use crate::entry::{Entry, Otherwise, present};
use crate::fault::Fault;
use crate::model::TensorDesc;

/// Descriptions do not say where a tensor is, but those of operators that failed.
pub(super) unsafe fn aclGetTensorDescAddress(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
) -> Result<*mut c_void, Fault> {
    call.world.tensor_descs.get(handle("desc", desc)?)?;
    Ok(std::ptr::null_mut())
}

/// The description at a place in a row; what a program makes is a row of one.
pub(super) unsafe fn aclGetTensorDescByIndex(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    index: usize,
) -> Result<*mut aclTensorDesc, Fault> {
    let first = call.world.tensor_descs.get(handle("desc", desc)?)?;
    let Some(behind) = index.checked_sub(1) else {
        return Ok(desc);
    };
    let found = first.row.get(behind).copied().ok_or_else(|| {
        let count = first.row.len() + 1;
        Fault::argument(format!(
            "the row has {count} tensor descriptions, no number {index}"
        ))
    })?;
    Ok(opaque(found))
}

pub(super) unsafe fn aclGetTensorDescDimRange(
    call: &Entry<'_>,
    desc: *const aclTensorDesc,
    index: usize,
    count: usize,
    range: *mut i64,
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    // SAFETY: NULL, or a place for two numbers, which the count below vouches for.
    let place = unsafe { Place::new("dimRange", range.cast::<[i64; 2]>()) }?;
    if count < 2 {
        return Err(Fault::argument(format!(
            "dimRangeNum is {count}, a range has 2 numbers"
        )));
    }
    let desc = call.world.tensor_descs.get(desc)?;
    let range = desc.shape_range.get(index).copied();
    place.set(range.ok_or_else(|| {
        let count = desc.shape_range.len();
        Fault::argument(format!("the tensor has {count} ranges, no range {index}"))
    })?);
    Ok(())
}

/// The name lives as long as the description has it.
pub(super) unsafe fn aclGetTensorDescName(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
) -> Otherwise<*const c_char> {
    let desc = handle("desc", desc).and_then(|desc| call.world.tensor_descs.get(desc));
    Otherwise(desc.map(|desc| desc.name.as_ptr()), c"".as_ptr())
}

pub(super) unsafe fn aclSetTensorDescName(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    name: *const c_char,
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    // SAFETY: the C function demands a text.
    let name: Arc<CStr> = unsafe { text("name", name) }?.into();
    call.change_tensor_desc(desc, |desc| desc.name = name)
}

pub(super) unsafe fn aclSetTensorDynamicInput(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    name: *const c_char,
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    // SAFETY: the C function demands a text.
    let name: Arc<CStr> = unsafe { text("dynamicInputName", name) }?.into();
    call.change_tensor_desc(desc, |desc| desc.dynamic_input = Some(name))
}

/// The elements are copied.
pub(super) unsafe fn aclSetTensorConst(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    data: *mut c_void,
    length: usize,
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    present("dataBuffer", data)?;
    if length == 0 {
        return Err(Fault::argument("length is 0"));
    }
    // SAFETY: the C function demands `length` readable bytes of the host.
    let bytes = unsafe { list("dataBuffer", data.cast::<u8>(), length) }?;
    let bytes: Arc<[u8]> = bytes.into();
    call.change_tensor_desc(desc, |desc| desc.constant = Some(bytes))
}

pub(super) unsafe fn aclSetTensorPlaceMent(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    placement: aclMemType,
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    if placement.0 > aclMemType::ACL_MEMTYPE_HOST_COMPILE_INDEPENDENT.0 {
        return Err(Fault::argument(format!(
            "{} is no kind of memory",
            placement.0
        )));
    }
    call.change_tensor_desc(desc, |desc| desc.placement = placement)
}

/// # Safety
///
/// `dims` is NULL or has `rank` readable numbers.
unsafe fn shape(rank: c_int, dims: *const i64) -> Result<Vec<i64>, Fault> {
    let rank = usize::try_from(rank)
        .map_err(|_| Fault::argument(format!("numDims is {rank}, below 0")))?;
    if rank == 0 {
        return Ok(Vec::new());
    }
    present("dims", dims)?;
    // SAFETY: the caller vouches for it.
    Ok(unsafe { slice::from_raw_parts(dims, rank) }.to_vec())
}

/// # Safety
///
/// `ranges` is NULL or has `count` readable pairs.
unsafe fn pairs(name: &str, count: usize, ranges: *mut [i64; 2]) -> Result<Vec<[i64; 2]>, Fault> {
    if count == 0 {
        return Ok(Vec::new());
    }
    present(name, ranges)?;
    // SAFETY: the caller vouches for it.
    Ok(unsafe { list(name, ranges, count) }?.to_vec())
}

/// Functions that set the shape, or the layout.
macro_rules! setters {
    ($(shape $shape:ident, |$desc:ident, $dims:ident| $set:expr;)*
     $(format $format:ident, |$of:ident, $value:ident| $put:expr;)*) => {
        $(pub(super) unsafe fn $shape(
            call: &Entry<'_>,
            desc: *mut aclTensorDesc,
            rank: c_int,
            dims: *const i64,
        ) -> Result<(), Fault> {
            let handle = handle("desc", desc)?;
            // SAFETY: the C function demands `rank` readable dims.
            let $dims = unsafe { shape(rank, dims) }?;
            call.change_tensor_desc(handle, |$desc| $set)
        })*
        $(pub(super) unsafe fn $format(
            call: &Entry<'_>,
            desc: *mut aclTensorDesc,
            $value: aclFormat,
        ) -> Result<(), Fault> {
            call.change_tensor_desc(handle("desc", desc)?, |$of| $put)
        })*
    };
}

setters! {
    shape aclSetTensorShape, |desc, dims| desc.storage_dims = Some(dims);
    shape aclSetTensorStorageShape, |desc, dims| desc.storage_dims = Some(dims);
    shape aclSetTensorOriginShape, |desc, dims| desc.dims = dims;
    format aclSetTensorFormat, |desc, format| desc.storage_format = Some(format);
    format aclSetTensorStorageFormat, |desc, format| desc.storage_format = Some(format);
    format aclSetTensorOriginFormat, |desc, format| desc.format = format;
}

pub(super) unsafe fn aclSetTensorShapeRange(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    count: usize,
    ranges: *mut [i64; 2],
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    // SAFETY: the C function demands `count` readable pairs.
    let ranges = unsafe { pairs("dimsRange", count, ranges) }?;
    call.change_tensor_desc(desc, |desc| desc.shape_range = ranges)
}

pub(super) unsafe fn aclSetTensorValueRange(
    call: &Entry<'_>,
    desc: *mut aclTensorDesc,
    count: usize,
    ranges: *mut [i64; 2],
) -> Result<(), Fault> {
    let desc = handle("desc", desc)?;
    // SAFETY: the C function demands `count` readable pairs.
    let ranges = unsafe { pairs("valueRange", count, ranges) }?;
    call.change_tensor_desc(desc, |desc| desc.value_range = ranges)
}

pub(super) unsafe fn aclTransTensorDescFormat(
    call: &Entry<'_>,
    source: *const aclTensorDesc,
    format: aclFormat,
    destination: *mut *mut aclTensorDesc,
) -> Result<(), Fault> {
    let source = handle("srcDesc", source)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("dstDesc", destination) }?;
    let made: TensorDesc = call.world.tensor_descs.get(source)?.in_format(format)?;
    place.set(opaque(call.create_tensor_desc(made)));
    Ok(())
}

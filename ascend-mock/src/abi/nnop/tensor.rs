//! Tensors that aclnn operators work on.

use std::ffi::*;

use ascend_sys::*;

use super::{given, place, values};
use crate::abi::pointers::opaque;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::Span;
use crate::nnop::{Tensor, refusal};

/// # Safety
///
/// The arrays are NULL, or have as many dims.
unsafe fn tensor(
    viewDims: *const i64,
    viewDimsNum: u64,
    dtype: aclDataType,
    stride: *const i64,
    offset: i64,
    format: aclFormat,
    storageDims: *const i64,
    storageDimsNum: u64,
    data: *mut c_void,
) -> Result<Tensor, Fault> {
    let strides = if stride.is_null() { 0 } else { viewDimsNum };
    let tensor = Tensor {
        dtype,
        // SAFETY: the caller vouches for the dims.
        view: unsafe { values("viewDims", viewDims, viewDimsNum) }?,
        // SAFETY: as above.
        strides: unsafe { values("stride", stride, strides) }?,
        offset,
        format,
        // SAFETY: as above.
        storage: unsafe { values("storageDims", storageDims, storageDimsNum) }?,
        data: Span::new(data, 0),
    };
    tensor.checked()
}

pub(in crate::abi) unsafe fn aclCreateTensor(
    call: &Entry<'_>,
    viewDims: *const i64,
    viewDimsNum: u64,
    dataType: aclDataType,
    stride: *const i64,
    offset: i64,
    format: aclFormat,
    storageDims: *const i64,
    storageDimsNum: u64,
    tensorData: *mut c_void,
) -> Result<*mut aclTensor, Fault> {
    // SAFETY: as the C function demands.
    let tensor = unsafe {
        tensor(
            viewDims,
            viewDimsNum,
            dataType,
            stride,
            offset,
            format,
            storageDims,
            storageDimsNum,
            tensorData,
        )
    }?;
    let (handle, _) = call.world.nnop.tensors.insert(call.origin, |_| tensor);
    Ok(opaque(handle))
}

pub(in crate::abi) unsafe fn aclInitTensor(
    call: &Entry<'_>,
    old: *mut aclTensor,
    viewDims: *const i64,
    viewDimsNum: u64,
    dataType: aclDataType,
    stride: *const i64,
    offset: i64,
    format: aclFormat,
    storageDims: *const i64,
    storageDimsNum: u64,
    tensorDataAddr: *mut c_void,
) -> Result<(), Fault> {
    let old = given("tensor", old)?;
    // SAFETY: as the C function demands.
    let new = unsafe {
        tensor(
            viewDims,
            viewDimsNum,
            dataType,
            stride,
            offset,
            format,
            storageDims,
            storageDimsNum,
            tensorDataAddr,
        )
    }?;
    let tensors = &call.world.nnop.tensors;
    tensors.change(old, |tensor| *tensor = new).map_err(refusal)
}

pub(in crate::abi) unsafe fn aclDestroyTensor(
    call: &Entry<'_>,
    tensor: *const aclTensor,
) -> Result<(), Fault> {
    let tensor = given("tensor", tensor)?;
    let tensors = &call.world.nnop.tensors;
    tensors.remove(tensor).map(|_| ()).map_err(refusal)
}

/// The functions that answer one fact of a tensor.
macro_rules! tensor_facts {
    ($($symbol:ident($name:literal: $kind:ty) |$tensor:ident| $fact:expr;)*) => {
        $(
            pub(in crate::abi) unsafe fn $symbol(
                call: &Entry<'_>,
                tensor: *const aclTensor,
                fact: *mut $kind,
            ) -> Result<(), Fault> {
                let tensor = given("tensor", tensor)?;
                // SAFETY: NULL, or a place for the answer.
                let place = unsafe { place($name, fact) }?;
                let $tensor = call.world.nnop.tensors.get(tensor).map_err(refusal)?;
                place.set($fact);
                Ok(())
            }
        )*
    };
}

tensor_facts! {
    aclGetDataType("dataType": aclDataType) |tensor| tensor.dtype;
    aclGetFormat("format": aclFormat) |tensor| tensor.format;
    aclGetViewOffset("offset": i64) |tensor| tensor.offset;
    aclGetRawTensorAddr("addr": *mut c_void) |tensor| tensor.data.pointer();
}

/// An array that the program ends with `delete[]`, which is `free` for integers.
fn array_of_program(values: &[i64]) -> Result<*mut i64, Fault> {
    let bytes = size_of_val(values).max(size_of::<i64>());
    // SAFETY: any size may be asked for.
    let start = unsafe { libc::malloc(bytes) }.cast::<i64>();
    if start.is_null() {
        return Err(Fault::new(
            ACL_ERROR_BAD_ALLOC,
            "there is no host memory left",
        ));
    }
    // SAFETY: the new block has room for the values, and lies apart from them.
    unsafe { start.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
    Ok(start)
}

/// The functions that answer a row of numbers, which the program owns then.
macro_rules! tensor_rows {
    ($($symbol:ident($row:literal, $count:literal) |$tensor:ident| $values:expr;)*) => {
        $(
            pub(in crate::abi) unsafe fn $symbol(
                call: &Entry<'_>,
                tensor: *const aclTensor,
                values: *mut *mut i64,
                count: *mut u64,
            ) -> Result<(), Fault> {
                let tensor = given("tensor", tensor)?;
                // SAFETY: NULL, or a place for the answer.
                let row = unsafe { place($row, values) }?;
                // SAFETY: as above.
                let length = unsafe { place($count, count) }?;
                let $tensor = call.world.nnop.tensors.get(tensor).map_err(refusal)?;
                let values: &[i64] = &$values;
                row.set(array_of_program(values)?);
                length.set(values.len() as u64);
                Ok(())
            }
        )*
    };
}

tensor_rows! {
    aclGetViewShape("viewDims", "viewDimsNum") |tensor| tensor.view;
    aclGetStorageShape("storageDims", "storageDimsNum") |tensor| tensor.storage;
    aclGetViewStrides("stridesValue", "stridesNum") |tensor| tensor.strides;
}

pub(in crate::abi) unsafe fn aclSetRawTensorAddr(
    call: &Entry<'_>,
    tensor: *mut aclTensor,
    addr: *mut c_void,
) -> Result<(), Fault> {
    let tensor = given("tensor", tensor)?;
    let data = Span::new(addr, 0);
    let tensors = &call.world.nnop.tensors;
    tensors
        .change(tensor, |tensor| tensor.data = data)
        .map_err(refusal)
}

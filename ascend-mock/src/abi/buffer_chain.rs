//! Shared buffers.

use std::ffi::*;
use std::slice;

use ascend_sys::*;

use super::pointers::{Place, handle, list, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtAllocBuf(
    call: &Entry<'_>,
    buf: *mut aclrtMbuf,
    size: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    place.set(opaque(call.allocate_buffer(size)?));
    Ok(())
}

pub(super) unsafe fn aclrtFreeBuf(call: &Entry<'_>, buf: aclrtMbuf) -> Result<(), Fault> {
    call.free_buffer(handle("buf", buf)?)
}

pub(super) unsafe fn aclrtCopyBufRef(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    newBuf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    let buf = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("newBuf", newBuf) }?;
    place.set(opaque(call.copy_buffer(buf)?));
    Ok(())
}

pub(super) unsafe fn aclrtGetBufData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let buf = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let data_place = unsafe { Place::new("dataPtr", dataPtr) }?;
    // SAFETY: NULL, or a place for the answer.
    let size_place = unsafe { Place::new("size", size) }?;
    let (address, bytes) = call.buffer_data(buf)?;
    data_place.set(opaque(address));
    size_place.set(bytes);
    Ok(())
}

pub(super) unsafe fn aclrtGetBufDataLen(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    len: *mut usize,
) -> Result<(), Fault> {
    let buf = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("len", len) }?;
    place.set(call.buffer_length(buf)?);
    Ok(())
}

pub(super) unsafe fn aclrtSetBufDataLen(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    len: usize,
) -> Result<(), Fault> {
    call.set_buffer_length(handle("buf", buf)?, len)
}

pub(super) unsafe fn aclrtGetBufUserData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *mut c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buf = handle("buf", buf)?;
    present("dataPtr", dataPtr)?;
    call.with_user_data(buf, (offset, size), |data| {
        // SAFETY: the C function demands a place of `size` bytes, which `data` has.
        let to = unsafe { slice::from_raw_parts_mut(dataPtr.cast(), size) };
        to.copy_from_slice(data);
    })
}

pub(super) unsafe fn aclrtSetBufUserData(
    call: &Entry<'_>,
    buf: aclrtMbuf,
    dataPtr: *const c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buf = handle("buf", buf)?;
    // SAFETY: the C function demands `size` bytes.
    let from = unsafe { list("dataPtr", dataPtr.cast::<u8>(), size) }?;
    call.with_user_data(buf, (offset, size), |data| data.copy_from_slice(from))
}

pub(super) unsafe fn aclrtAppendBufChain(
    call: &Entry<'_>,
    headBuf: aclrtMbuf,
    buf: aclrtMbuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    call.append_buffer(head, handle("buf", buf)?)
}

pub(super) unsafe fn aclrtGetBufChainNum(
    call: &Entry<'_>,
    headBuf: aclrtMbuf,
    num: *mut u32,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("num", num) }?;
    let count = call.buffer_chain(head)?.len();
    place.set(u32::try_from(count).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn aclrtGetBufFromChain(
    call: &Entry<'_>,
    headBuf: aclrtMbuf,
    index: u32,
    buf: *mut aclrtMbuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    let chain = call.buffer_chain(head)?;
    let found = chain.get(index as usize).ok_or_else(|| {
        let text = format!("index {index} is beyond a chain of {} buffers", chain.len());
        Fault::runtime_argument(text)
    })?;
    place.set(opaque(*found));
    Ok(())
}

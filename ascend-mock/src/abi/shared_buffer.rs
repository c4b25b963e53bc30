//! Buffers that queues pass on.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn acltdtAllocBuf(
    call: &Entry<'_>,
    size: usize,
    type_: u32,
    buf: *mut acltdtBuf,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    if type_ > 1 {
        return Err(Fault::argument(format!(
            "type is {type_}; it can be 0 or 1"
        )));
    }
    place.set(opaque(call.create_buffer(size)?));
    Ok(())
}

pub(super) unsafe fn acltdtFreeBuf(call: &Entry<'_>, buf: acltdtBuf) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.free(buffer, call.origin)
}

pub(super) unsafe fn acltdtCopyBufRef(
    call: &Entry<'_>,
    buf: acltdtBuf,
    newBuf: *mut acltdtBuf,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("newBuf", newBuf) }?;
    let buffer = call.world.queues.buffers.get(buffer)?;
    place.set(opaque(call.world.queues.share(&buffer, call.origin)));
    Ok(())
}

pub(super) unsafe fn acltdtAppendBufChain(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    buf: acltdtBuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    call.world.queues.append(head, handle("buf", buf)?)
}

pub(super) unsafe fn acltdtGetBufChainNum(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    num: *mut u32,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("num", num) }?;
    let length = call.world.queues.buffers.get(head)?.chain_length();
    place.set(u32::try_from(length).map_err(Fault::internal)?);
    Ok(())
}

pub(super) unsafe fn acltdtGetBufFromChain(
    call: &Entry<'_>,
    headBuf: acltdtBuf,
    index: u32,
    buf: *mut acltdtBuf,
) -> Result<(), Fault> {
    let head = handle("headBuf", headBuf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    place.set(opaque(call.world.queues.chained(head, index)?));
    Ok(())
}

pub(super) unsafe fn acltdtGetBufData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *mut *mut c_void,
    size: *mut usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let data = unsafe { Place::new("dataPtr", dataPtr) }?;
    // SAFETY: as above.
    let size = unsafe { Place::new("size", size) }?;
    let buffer = call.world.queues.buffers.get(buffer)?;
    let (address, bytes) = buffer.room();
    data.set(opaque(address));
    size.set(bytes);
    Ok(())
}

pub(super) unsafe fn acltdtGetBufDataLen(
    call: &Entry<'_>,
    buf: acltdtBuf,
    len: *mut usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("len", len) }?;
    place.set(call.world.queues.buffers.get(buffer)?.length());
    Ok(())
}

pub(super) unsafe fn acltdtSetBufDataLen(
    call: &Entry<'_>,
    buf: acltdtBuf,
    len: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.buffers.get(buffer)?.set_length(len)
}

/// # Safety
///
/// `bytes` may be written at the address.
pub(super) unsafe fn write(address: *mut c_void, bytes: &[u8]) {
    // SAFETY: the caller vouches for the room, which is the program's.
    unsafe { address.cast::<u8>().copy_from(bytes.as_ptr(), bytes.len()) }
}

pub(super) unsafe fn acltdtGetBufUserData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *mut c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    present("dataPtr", dataPtr)?;
    let data = call
        .world
        .queues
        .buffers
        .get(buffer)?
        .user_data(size, offset)?;
    // SAFETY: the C function demands `size` bytes at the address.
    unsafe { write(dataPtr, &data) };
    Ok(())
}

pub(super) unsafe fn acltdtSetBufUserData(
    call: &Entry<'_>,
    buf: acltdtBuf,
    dataPtr: *const c_void,
    size: usize,
    offset: usize,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    // SAFETY: NULL, or as many bytes as the caller says.
    let data = unsafe { list("dataPtr", dataPtr.cast::<u8>(), size) }?;
    call.world
        .queues
        .buffers
        .get(buffer)?
        .set_user_data(data, offset)
}

//! Queues of shared buffers.

use std::ffi::*;
use std::sync::Arc;

use ascend_sys::*;

use super::fields::{objects, put, take};
use super::pointers::{Place, array, handle, list, opaque, text};
use super::shared_buffer::write;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::queues::{Attr, Buffer};

objects! {
    queues:
    acltdtQueueAttr in attrs as Attr, "attr": acltdtCreateQueueAttr, acltdtDestroyQueueAttr;
}

/// The parameter of a name is the place of a pointer to it.
pub(super) unsafe fn acltdtSetQueueAttr(
    call: &Entry<'_>,
    attr: *mut acltdtQueueAttr,
    type_: acltdtQueueAttrType,
    len: usize,
    param: *const c_void,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    present("param", param)?;
    let attrs = &call.world.queues.attrs;
    match type_ {
        acltdtQueueAttrType::ACL_TDT_QUEUE_NAME_PTR => {
            // SAFETY: the C function demands `len` bytes at the address.
            let name = unsafe { take::<*const c_char>(param, len) }?;
            // SAFETY: NULL, or a text that ends with a zero byte.
            let name = unsafe { text("name", name) }?;
            Attr::check_name(name)?;
            attrs.change(attr, |attr| attr.name = Arc::from(name))
        }
        acltdtQueueAttrType::ACL_TDT_QUEUE_DEPTH_UINT32 => {
            // SAFETY: the C function demands `len` bytes at the address.
            let depth = unsafe { take::<u32>(param, len) }?;
            Attr::check_depth(depth)?;
            attrs.change(attr, |attr| attr.depth = depth)
        }
        acltdtQueueAttrType(other) => Err(Fault::argument(format!("type is {other}"))),
    }
}

pub(super) unsafe fn acltdtGetQueueAttr(
    call: &Entry<'_>,
    attr: *const acltdtQueueAttr,
    type_: acltdtQueueAttrType,
    len: usize,
    paramRetSize: *mut usize,
    param: *mut c_void,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    // SAFETY: NULL, or a place for the answer.
    let size = unsafe { Place::new("paramRetSize", paramRetSize) }?;
    present("param", param)?;
    let attr = call.world.queues.attrs.get(attr)?;
    match type_ {
        acltdtQueueAttrType::ACL_TDT_QUEUE_NAME_PTR => {
            // SAFETY: the C function demands `len` bytes at the address.
            unsafe { put(param, len, attr.name.as_ptr()) }?;
            size.set(size_of::<*const c_char>());
        }
        acltdtQueueAttrType::ACL_TDT_QUEUE_DEPTH_UINT32 => {
            // SAFETY: the C function demands `len` bytes at the address.
            unsafe { put(param, len, attr.depth) }?;
            size.set(size_of::<u32>());
        }
        acltdtQueueAttrType(other) => return Err(Fault::argument(format!("type is {other}"))),
    }
    Ok(())
}

pub(super) unsafe fn acltdtCreateQueue(
    call: &Entry<'_>,
    attr: *const acltdtQueueAttr,
    qid: *mut u32,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("qid", qid) }?;
    place.set(call.create_queue(attr)?);
    Ok(())
}

pub(super) unsafe fn acltdtDestroyQueue(call: &Entry<'_>, qid: u32) -> Result<(), Fault> {
    call.world.queues.destroy_queue(qid, call.origin)
}

pub(super) unsafe fn acltdtGrantQueue(
    call: &Entry<'_>,
    qid: u32,
    pid: i32,
    permission: u32,
    _timeout: i32,
) -> Result<(), Fault> {
    call.world.queues.grant(qid, pid, permission)
}

pub(super) unsafe fn acltdtAttachQueue(
    call: &Entry<'_>,
    qid: u32,
    _timeout: i32,
    permission: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("permission", permission) }?;
    place.set(call.world.queues.attach(qid)?);
    Ok(())
}

pub(super) unsafe fn acltdtEnqueue(
    call: &Entry<'_>,
    qid: u32,
    buf: acltdtBuf,
    timeout: i32,
) -> Result<(), Fault> {
    let buffer = handle("buf", buf)?;
    call.world.queues.enqueue(qid, buffer, timeout, call.origin)
}

pub(super) unsafe fn acltdtDequeue(
    call: &Entry<'_>,
    qid: u32,
    buf: *mut acltdtBuf,
    timeout: i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("buf", buf) }?;
    let (buffer, _) = call.world.queues.dequeue(qid, timeout, usize::MAX)?;
    place.set(opaque(buffer));
    Ok(())
}

pub(super) unsafe fn acltdtEnqueueData(
    call: &Entry<'_>,
    qid: u32,
    data: *const c_void,
    dataSize: usize,
    userData: *const c_void,
    userDataSize: usize,
    timeout: i32,
    rsv: u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or as many bytes as the caller says.
    let data = unsafe { list("data", data.cast::<u8>(), dataSize) }?;
    // SAFETY: as above.
    let user = unsafe { array("userData", userData.cast::<u8>(), userDataSize) }?;
    if rsv != 0 {
        return Err(Fault::argument(format!("rsv is {rsv}; it is reserved")));
    }
    let queues = &call.world.queues;
    let handle = call.create_buffer(data.len())?;
    let buffer = queues.buffers.get(handle)?;
    buffer.set_data(data);
    let sent = buffer.set_user_data(&user, 0);
    let sent = sent.and_then(|()| queues.enqueue(qid, handle, timeout, call.origin));
    if sent.is_err() {
        queues.free(handle, call.origin)?;
    }
    sent
}

pub(super) unsafe fn acltdtDequeueData(
    call: &Entry<'_>,
    qid: u32,
    data: *mut c_void,
    dataSize: usize,
    retDataSize: *mut usize,
    userData: *mut c_void,
    userDataSize: usize,
    timeout: i32,
) -> Result<(), Fault> {
    present("data", data)?;
    // SAFETY: NULL, or a place for the answer.
    let size = unsafe { Place::new("retDataSize", retDataSize) }?;
    if !userData.is_null() {
        Buffer::user_part(userDataSize, 0)?; // while the buffer is still in the queue
    }
    let queues = &call.world.queues;
    let (handle, length) = queues.dequeue(qid, timeout, dataSize)?;
    let buffer = queues.buffers.get(handle)?;
    let bytes = buffer.data(length);
    if !userData.is_null() {
        let user = buffer.user_data(userDataSize, 0)?;
        // SAFETY: the C function demands `userDataSize` bytes at the address.
        unsafe { write(userData, &user) };
    }
    // SAFETY: the C function demands `dataSize` bytes at the address; `length` was no more.
    unsafe { write(data, &bytes) };
    size.set(bytes.len());
    queues.free(handle, call.origin)
}

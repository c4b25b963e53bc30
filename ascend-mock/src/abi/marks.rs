//! Marks and ranges that a program sets while it is profiled.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, number, opaque, text};
use crate::entry::{Entry, Otherwise};
use crate::fault::Fault;
use crate::profiling::{self, Stamp};

pub(super) unsafe fn aclprofCreateStamp(call: &Entry<'_>) -> Result<*mut c_void, Fault> {
    let profiling = &call.world.profiling;
    profiling.create_stamp_check()?;
    let (stamp, _) = profiling.stamps.insert(call.origin, |_| Stamp::default());
    Ok(opaque(stamp))
}

pub(super) unsafe fn aclprofDestroyStamp(
    call: &Entry<'_>,
    stamp: *mut c_void,
) -> Result<(), Fault> {
    let stamp = handle("stamp", stamp)?;
    call.world.profiling.stamps.remove(stamp).map(|_| ())
}

pub(super) unsafe fn aclprofSetStampTraceMessage(
    call: &Entry<'_>,
    stamp: *mut c_void,
    msg: *const c_char,
    msgLen: u32,
) -> Result<(), Fault> {
    let stamp = handle("stamp", stamp)?;
    let length = usize::try_from(msgLen).unwrap_or(usize::MAX);
    // SAFETY: NULL, or as many bytes as the caller says.
    let bytes = unsafe { list("msg", msg.cast::<u8>(), length) }?;
    let message = profiling::message(bytes)?;
    let stamps = &call.world.profiling.stamps;
    stamps.change(stamp, |stamp| stamp.message = message)
}

/// What a stamp says.
fn said(call: &Entry<'_>, stamp: *mut c_void) -> Result<String, Fault> {
    let stamp = handle("stamp", stamp)?;
    Ok(call.world.profiling.stamps.get(stamp)?.message.clone())
}

pub(super) unsafe fn aclprofMark(call: &Entry<'_>, stamp: *mut c_void) -> Result<(), Fault> {
    let message = said(call, stamp)?;
    call.world.profiling.mark("mark", &message)
}

pub(super) unsafe fn aclprofMarkEx(
    call: &Entry<'_>,
    msg: *const c_char,
    msgLen: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or as many bytes as the caller says.
    let bytes = unsafe { list("msg", msg.cast::<u8>(), msgLen) }?;
    let message = profiling::message(bytes)?;
    call.own_stream(number(stream))?;
    call.world.profiling.mark("mark", &message)
}

pub(super) unsafe fn aclprofPush(call: &Entry<'_>, stamp: *mut c_void) -> Result<(), Fault> {
    let message = said(call, stamp)?;
    call.world.profiling.push(&message)
}

pub(super) unsafe fn aclprofPop(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.profiling.pop()
}

pub(super) unsafe fn aclprofRangeStart(
    call: &Entry<'_>,
    stamp: *mut c_void,
    rangeId: *mut u32,
) -> Result<(), Fault> {
    let message = said(call, stamp)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("rangeId", rangeId) }?;
    place.set(call.world.profiling.start_range(&message)?);
    Ok(())
}

pub(super) unsafe fn aclprofRangeStop(call: &Entry<'_>, rangeId: u32) -> Result<(), Fault> {
    call.world.profiling.stop_range(rangeId)
}

pub(super) unsafe fn aclprofRangePushEx(
    call: &Entry<'_>,
    attr: *mut aclprofEventAttributes,
) -> Result<(), Fault> {
    // SAFETY: NULL, or attributes.
    let attributes = unsafe { list("attr", attr.cast_const(), 1) }?;
    let [attributes] = attributes else {
        return Err(Fault::null("attr"));
    };
    if usize::from(attributes.size) != size_of::<aclprofEventAttributes>() {
        return Err(Fault::argument(format!(
            "the attributes have {} bytes, and say {}",
            size_of::<aclprofEventAttributes>(),
            attributes.size
        )));
    }
    if i32::from(attributes.version) != ACL_PROF_EVENT_ATTR_VERSION {
        return Err(Fault::argument(format!(
            "the attributes are of version {}, not {ACL_PROF_EVENT_ATTR_VERSION}",
            attributes.version
        )));
    }
    call.world.profiling.push("tensors")
}

pub(super) unsafe fn aclprofRangePop(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.profiling.pop()
}

pub(super) unsafe fn aclprofStr2Id(call: &Entry<'_>, message: *const c_char) -> Otherwise<u64> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let message = unsafe { text("message", message) };
    let profiling = &call.world.profiling;
    let number = message.map(|message| profiling.number_of(&message.to_string_lossy()));
    Otherwise(number, u64::MAX)
}

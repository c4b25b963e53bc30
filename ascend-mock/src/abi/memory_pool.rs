//! Pools of memory in the order of a stream.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, handle, list, number, opaque};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::PoolValue;

pub(super) unsafe fn aclrtMemPoolCreate(
    call: &Entry<'_>,
    memPool: *mut aclrtMemPool,
    poolProps: *const aclrtMemPoolProps,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("memPool", memPool) }?;
    // SAFETY: NULL, or properties.
    let props = unsafe { list("poolProps", poolProps, 1) }?;
    place.set(opaque(call.create_pool(&props[0])?));
    Ok(())
}

pub(super) unsafe fn aclrtMemPoolDestroy(
    call: &Entry<'_>,
    memPool: aclrtMemPool,
) -> Result<(), Fault> {
    call.destroy_pool(handle("memPool", memPool)?)
}

pub(super) unsafe fn aclrtMemPoolMallocAsync(
    call: &Entry<'_>,
    ptr: *mut *mut c_void,
    size: usize,
    memPool: aclrtMemPool,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("ptr", ptr) }?;
    let pool = handle("memPool", memPool)?;
    let stream = handle("stream", stream)?;
    if size > 0 {
        place.set(opaque(call.allocate_in_stream(size, pool, stream)?));
    }
    Ok(())
}

pub(super) unsafe fn aclrtMemPoolFreeAsync(
    call: &Entry<'_>,
    ptr: *mut c_void,
    stream: aclrtStream,
) -> Result<(), Fault> {
    call.free_in_stream(handle("ptr", ptr)?, number(stream))
}

pub(super) unsafe fn aclrtMemPoolTrimTo(
    call: &Entry<'_>,
    memPool: aclrtMemPool,
    minBytesToKeep: usize,
) -> Result<(), Fault> {
    call.trim_pool(handle("memPool", memPool)?, minBytesToKeep as u64)
}

pub(super) unsafe fn aclrtMemPoolGetAttr(
    call: &Entry<'_>,
    memPool: aclrtMemPool,
    attr: aclrtMemPoolAttr,
    value: *mut c_void,
) -> Result<(), Fault> {
    let pool = handle("memPool", memPool)?;
    present("value", value)?;
    match call.pool_attribute(pool, attr)? {
        // SAFETY: the C function demands a place as large as the attribute's value.
        PoolValue::Switch(switch) => unsafe { value.cast::<u32>().write_unaligned(switch) },
        // SAFETY: as above.
        PoolValue::Bytes(bytes) => unsafe { value.cast::<u64>().write_unaligned(bytes) },
    }
    Ok(())
}

pub(super) unsafe fn aclrtMemPoolSetAttr(
    call: &Entry<'_>,
    memPool: aclrtMemPool,
    attr: aclrtMemPoolAttr,
    value: *mut c_void,
) -> Result<(), Fault> {
    let pool = handle("memPool", memPool)?;
    present("value", value)?;
    let value = if PoolValue::is_switch(attr) {
        // SAFETY: the C function demands a value as large as the attribute's.
        PoolValue::Switch(unsafe { value.cast::<u32>().read_unaligned() })
    } else {
        // SAFETY: as above.
        PoolValue::Bytes(unsafe { value.cast::<u64>().read_unaligned() })
    };
    call.set_pool_attribute(pool, attr, value)
}

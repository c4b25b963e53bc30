//! Batches of copies.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, end, list, number};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::memory::{Copy, Direction, Rows};

/// The arguments of a batch, as C gives them.
struct Batch {
    dsts: *mut *mut c_void,
    rooms: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    count: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    indexes: *mut usize,
    attr_count: usize,
}

/// Which copy of a batch failed, when one did.
const NO_INDEX: usize = usize::MAX;

/// Checks a batch, then gives every copy to `run`.
///
/// # Safety
///
/// The arrays have as many entries as their counts say; host addresses are valid until the copies
/// are done.
unsafe fn copy_batch(
    call: &Entry<'_>,
    batch: &Batch,
    failed: &mut usize,
    run: impl Fn(Copy) -> Result<(), Fault>,
) -> Result<(), Fault> {
    *failed = NO_INDEX;
    let count = batch.count;
    if count == 0 {
        return Err(Fault::argument("numBatches is 0"));
    }
    // SAFETY: the caller vouches for it.
    let dsts = unsafe { list("dsts", batch.dsts, count) }?;
    // SAFETY: as above.
    let rooms = unsafe { list("destMaxs", batch.rooms, count) }?;
    // SAFETY: as above.
    let srcs = unsafe { list("srcs", batch.srcs, count) }?;
    // SAFETY: as above.
    let sizes = unsafe { list("sizes", batch.sizes, count) }?;
    // SAFETY: as above.
    let attrs = unsafe { list("attrs", batch.attrs, batch.attr_count) }?;
    // SAFETY: as above.
    let indexes = unsafe { list("attrsIndexes", batch.indexes, batch.attr_count) }?;
    let begins = indexes.first() == Some(&0);
    if !begins || !indexes.is_sorted_by(|one, two| one < two) {
        return Err(Fault::argument(
            "attrsIndexes do not begin with 0, or do not rise",
        ));
    }
    if attrs.iter().any(|attr| attr.rsv != [0; 16]) {
        return Err(Fault::argument("a reserved field of attrs is not 0"));
    }
    for (index, (size, room)) in sizes.iter().zip(rooms).enumerate() {
        if size > room {
            *failed = index;
            return Err(Fault::argument(format!(
                "batch {index}: {size} bytes do not fit into a destination of {room} bytes"
            )));
        }
    }
    for (index, &bytes) in sizes.iter().enumerate().filter(|(_, bytes)| **bytes > 0) {
        let attr = &attrs[indexes.partition_point(|begin| *begin <= index) - 1];
        // SAFETY: the caller vouches for the addresses.
        let copy = unsafe { batch_copy(call, dsts[index], srcs[index], bytes, attr) };
        copy.and_then(&run).map_err(|fault| {
            *failed = index;
            fault.within(&format!("batch {index}"))
        })?;
    }
    Ok(())
}

/// # Safety
///
/// See [`copy_batch`].
unsafe fn batch_copy(
    call: &Entry<'_>,
    to: *mut c_void,
    from: *mut c_void,
    bytes: usize,
    attr: &aclrtMemcpyBatchAttr,
) -> Result<Copy, Fault> {
    let is_device = |location: aclrtMemLocation| match location.type_ {
        aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE => Ok(true),
        aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST => Ok(false),
        other => Err(Fault::argument(format!("there is no location {}", other.0))),
    };
    let direction = match (is_device(attr.srcLoc)?, is_device(attr.dstLoc)?) {
        (false, true) => Direction::HostToDevice,
        (true, false) => Direction::DeviceToHost,
        _ => {
            let text = "batches are copied between host and device only";
            return Err(Fault::new(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text));
        }
    };
    // SAFETY: the caller vouches for it.
    let to = unsafe { end(call, "dst", to, bytes) }?;
    // SAFETY: as above.
    let from = unsafe { end(call, "src", from, bytes) }?;
    let rows = Rows::one(bytes);
    Ok(Copy {
        from,
        to,
        rows,
        direction,
    })
}

/// # Safety
///
/// As for [`copy_batch`]; `failIndex` is NULL or a place for a number.
unsafe fn copy_batch_telling(
    call: &Entry<'_>,
    batch: &Batch,
    failIndex: *mut usize,
    run: impl Fn(Copy) -> Result<(), Fault>,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("failIndex", failIndex) }?;
    let mut failed = NO_INDEX;
    // SAFETY: the caller vouches for it.
    let outcome = unsafe { copy_batch(call, batch, &mut failed, run) };
    place.set(failed);
    outcome
}

pub(super) unsafe fn aclrtMemcpyBatch(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    rooms: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    count: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    indexes: *mut usize,
    attr_count: usize,
    failIndex: *mut usize,
) -> Result<(), Fault> {
    let batch = Batch {
        dsts,
        rooms,
        srcs,
        sizes,
        count,
        attrs,
        indexes,
        attr_count,
    };
    // SAFETY: as the C function demands.
    unsafe { copy_batch_telling(call, &batch, failIndex, |copy| call.copy(&copy)) }
}

pub(super) unsafe fn aclrtMemcpyBatchV2(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    rooms: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    count: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    indexes: *mut usize,
    attr_count: usize,
) -> Result<(), Fault> {
    let batch = Batch {
        dsts,
        rooms,
        srcs,
        sizes,
        count,
        attrs,
        indexes,
        attr_count,
    };
    // SAFETY: as the C function demands.
    unsafe { copy_batch(call, &batch, &mut { NO_INDEX }, |copy| call.copy(&copy)) }
}

pub(super) unsafe fn aclrtMemcpyBatchAsync(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    rooms: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    count: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    indexes: *mut usize,
    attr_count: usize,
    failIndex: *mut usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let batch = Batch {
        dsts,
        rooms,
        srcs,
        sizes,
        count,
        attrs,
        indexes,
        attr_count,
    };
    let run = |copy| call.copy_in_stream(copy, number(stream));
    // SAFETY: as the C function demands.
    unsafe { copy_batch_telling(call, &batch, failIndex, run) }
}

pub(super) unsafe fn aclrtMemcpyBatchAsyncV2(
    call: &Entry<'_>,
    dsts: *mut *mut c_void,
    rooms: *mut usize,
    srcs: *mut *mut c_void,
    sizes: *mut usize,
    count: usize,
    attrs: *mut aclrtMemcpyBatchAttr,
    indexes: *mut usize,
    attr_count: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let batch = Batch {
        dsts,
        rooms,
        srcs,
        sizes,
        count,
        attrs,
        indexes,
        attr_count,
    };
    let run = |copy| call.copy_in_stream(copy, number(stream));
    // SAFETY: as the C function demands.
    unsafe { copy_batch(call, &batch, &mut { NO_INDEX }, run) }
}

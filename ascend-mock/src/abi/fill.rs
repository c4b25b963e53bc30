//! Fills of memory.

use std::ffi::*;

use ascend_sys::*;

use super::copy::check_room;
use super::pointers::{end, handle, number};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::{Fill, Location, Value};

/// What both filling functions check first; `None` when there is nothing to fill. Only
/// the lowest byte of the value counts.
///
/// # Safety
///
/// None beyond [`end`]: a host address is refused.
unsafe fn fill(
    call: &Entry<'_>,
    (to, room): (*mut c_void, usize),
    value: i32,
    bytes: usize,
) -> Result<Option<Fill>, Fault> {
    if bytes == 0 {
        return Ok(None);
    }
    present("devPtr", to)?;
    check_room(bytes, room)?;
    // SAFETY: host memory is refused before it is written to.
    let to = unsafe { end(call, "devPtr", to, bytes) }?;
    let value = Value::Byte(value.to_le_bytes()[0]);
    Ok(Some(Fill { to, bytes, value }))
}

pub(super) unsafe fn aclrtMemset(
    call: &Entry<'_>,
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill(call, (address, room), value, bytes) }?;
    fill.map_or(Ok(()), |fill| call.fill(&fill))
}

pub(super) unsafe fn aclrtMemsetAsync(
    call: &Entry<'_>,
    address: *mut c_void,
    room: usize,
    value: i32,
    bytes: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill(call, (address, room), value, bytes) }?;
    fill.map_or(Ok(()), |fill| call.fill_in_stream(fill, number(stream)))
}

/// What both fills with words check first; `None` when there is nothing to fill.
///
/// # Safety
///
/// None beyond [`end`]: a host address is refused.
unsafe fn fill_words(
    call: &Entry<'_>,
    address: *mut c_void,
    bytes: usize,
    value: u32,
    count: usize,
) -> Result<Option<Fill>, Fault> {
    let number = handle("ptr", address)?;
    if !number.is_multiple_of(4) {
        return Err(Fault::argument(format!("{address:?} is no multiple of 4")));
    }
    let filled = count.checked_mul(4).filter(|filled| *filled <= bytes);
    let Some(filled) = filled else {
        let text = format!("{count} words do not fit into {bytes} bytes");
        return Err(Fault::argument(text));
    };
    if call.locate(address) == Location::Pageable {
        let text = format!("{address:?} is no memory of this runtime");
        return Err(Fault::argument(text));
    }
    if filled == 0 {
        return Ok(None);
    }
    // SAFETY: pageable memory was refused.
    let to = unsafe { end(call, "ptr", address, filled) }?;
    Ok(Some(Fill {
        to,
        bytes: filled,
        value: Value::Word(value),
    }))
}

pub(super) unsafe fn aclrtMemsetD32(
    call: &Entry<'_>,
    ptr: *mut c_void,
    memSize: usize,
    value: u32,
    N: usize,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill_words(call, ptr, memSize, value, N) }?;
    fill.map_or(Ok(()), |fill| call.fill(&fill))
}

pub(super) unsafe fn aclrtMemsetD32Async(
    call: &Entry<'_>,
    ptr: *mut c_void,
    memSize: usize,
    value: u32,
    N: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    let fill = unsafe { fill_words(call, ptr, memSize, value, N) }?;
    fill.map_or(Ok(()), |fill| call.fill_in_stream(fill, number(stream)))
}

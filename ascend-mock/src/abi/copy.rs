//! Copies, of one piece and of rows.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{end, number};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::memory::{Copy, Direction, Rows};

/// Refuses to reach for more than the destination has.
pub(super) fn check_room(bytes: usize, room: usize) -> Result<(), Fault> {
    if bytes > room {
        return Err(Fault::runtime_argument(format!(
            "{bytes} bytes do not fit into a destination of {room} bytes"
        )));
    }
    Ok(())
}

/// What both copying functions check first; `None` when there is nothing to copy.
///
/// # Safety
///
/// Host addresses are valid until the copy is done; see [`end`].
unsafe fn copy(
    call: &Entry<'_>,
    (to, room): (*mut c_void, usize),
    (from, bytes): (*const c_void, usize),
    kind: aclrtMemcpyKind,
) -> Result<Option<Copy>, Fault> {
    if bytes == 0 {
        return Ok(None);
    }
    present("dst", to)?;
    present("src", from)?;
    let direction = Direction::from_c(kind)?;
    check_room(bytes, room)?;
    // SAFETY: the caller vouches for it.
    let to = unsafe { end(call, "dst", to, bytes) }?;
    // SAFETY: the caller vouches for it; a source is only read.
    let from = unsafe { end(call, "src", from.cast_mut(), bytes) }?;
    Ok(Some(Copy {
        from,
        to,
        rows: Rows::one(bytes),
        direction,
    }))
}

pub(super) unsafe fn aclrtMemcpy(
    call: &Entry<'_>,
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` valid bytes at host addresses.
    let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
    copy.map_or(Ok(()), |copy| call.copy(&copy))
}

pub(super) unsafe fn aclrtMemcpyAsync(
    call: &Entry<'_>,
    to: *mut c_void,
    room: usize,
    from: *const c_void,
    bytes: usize,
    kind: aclrtMemcpyKind,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the C function demands `bytes` valid bytes at host addresses until the stream
    // is synchronised.
    let copy = unsafe { copy(call, (to, room), (from, bytes), kind) }?;
    copy.map_or(Ok(()), |copy| call.copy_in_stream(copy, number(stream)))
}

/// The kind of copy that a host takes part in as page-locked memory; pageable memory makes it
/// blocking as `aclrtMemcpyAsync` is.
pub(super) unsafe fn aclrtMemcpyAsyncWithCondition(
    call: &Entry<'_>,
    dst: *mut c_void,
    destMax: usize,
    src: *const c_void,
    count: usize,
    kind: aclrtMemcpyKind,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: as the C function demands.
    unsafe { aclrtMemcpyAsync(call, dst, destMax, src, count, kind, stream) }
}

/// The most that a copy of rows takes.
const MAX_HEIGHT: usize = 5_242_880;
const MAX_WIDTH: usize = 5_000_000;

/// What both copies of rows check first; `None` when there is nothing to copy.
///
/// # Safety
///
/// Host addresses are valid until the copy is done; see [`end`].
unsafe fn copy_rows(
    call: &Entry<'_>,
    (to, to_pitch): (*mut c_void, usize),
    (from, from_pitch): (*const c_void, usize),
    (width, height): (usize, usize),
    kind: aclrtMemcpyKind,
    takes_device: bool,
) -> Result<Option<Copy>, Fault> {
    if width == 0 || height == 0 {
        return Ok(None);
    }
    present("dst", to)?;
    present("src", from)?;
    if width > to_pitch || width > from_pitch {
        return Err(Fault::argument(format!(
            "width {width} is beyond the pitches {to_pitch} and {from_pitch}"
        )));
    }
    let direction = match Direction::from_c(kind)? {
        Direction::HostToHost => {
            return Err(Fault::argument("rows are not copied from host to host"));
        }
        direction @ (Direction::HostToDevice | Direction::DeviceToHost) => direction,
        Direction::DeviceToDevice if takes_device => Direction::DeviceToDevice,
        other => {
            let text = format!("this function copies no rows of kind {other:?}");
            return Err(Fault::new(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text));
        }
    };
    if height > MAX_HEIGHT || width > MAX_WIDTH {
        return Err(Fault::runtime_argument(format!(
            "{height} rows of {width} bytes are more than {MAX_HEIGHT} rows of {MAX_WIDTH}"
        )));
    }
    let rows = Rows {
        width,
        height,
        from_pitch,
        to_pitch,
    };
    // SAFETY: the caller vouches for it.
    let to = unsafe { end(call, "dst", to, rows.extent(to_pitch)?) }?;
    // SAFETY: the caller vouches for it; a source is only read.
    let from = unsafe { end(call, "src", from.cast_mut(), rows.extent(from_pitch)?) }?;
    Ok(Some(Copy {
        from,
        to,
        rows,
        direction,
    }))
}

pub(super) unsafe fn aclrtMemcpy2d(
    call: &Entry<'_>,
    dst: *mut c_void,
    dpitch: usize,
    src: *const c_void,
    spitch: usize,
    width: usize,
    height: usize,
    kind: aclrtMemcpyKind,
) -> Result<(), Fault> {
    let (to, from) = ((dst, dpitch), (src, spitch));
    // SAFETY: the C function demands valid rows at host addresses.
    let copy = unsafe { copy_rows(call, to, from, (width, height), kind, false) }?;
    copy.map_or(Ok(()), |copy| call.copy(&copy))
}

pub(super) unsafe fn aclrtMemcpy2dAsync(
    call: &Entry<'_>,
    dst: *mut c_void,
    dpitch: usize,
    src: *const c_void,
    spitch: usize,
    width: usize,
    height: usize,
    kind: aclrtMemcpyKind,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let (to, from) = ((dst, dpitch), (src, spitch));
    // SAFETY: the C function demands valid rows at host addresses until the stream is
    // synchronised.
    let copy = unsafe { copy_rows(call, to, from, (width, height), kind, true) }?;
    copy.map_or(Ok(()), |copy| call.copy_in_stream(copy, number(stream)))
}

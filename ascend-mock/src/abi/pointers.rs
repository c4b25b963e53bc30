//! From C's pointers to values, and back.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::{self, NonNull};
use std::slice;
use std::time::Duration;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::memory::{End, HostSpan, is_device_address};
use crate::sync::Deadline;

/// A place of the caller's for one answer.
pub(super) struct Place<T>(NonNull<T>);

impl<T> Place<T> {
    /// Refuses NULL (100000).
    ///
    /// # Safety
    ///
    /// The address is NULL, or a `T` may be written there until the C call returns.
    pub(super) unsafe fn new(name: &str, address: *mut T) -> Result<Self, Fault> {
        NonNull::new(address)
            .map(Self)
            .ok_or_else(|| Fault::null(name))
    }

    pub(super) fn set(self, value: T) {
        // SAFETY: the maker of the place vouches for it.
        unsafe { self.0.write(value) }
    }
}

/// The text at `address`; refuses NULL (100000).
///
/// # Safety
///
/// The address is NULL, or that of a text that ends with a zero byte and lives for `'a`.
pub(super) unsafe fn text<'a>(name: &str, address: *const c_char) -> Result<&'a CStr, Fault> {
    if address.is_null() {
        return Err(Fault::null(name));
    }
    // SAFETY: the caller vouches for the text.
    Ok(unsafe { CStr::from_ptr(address) })
}

/// The `count` values at `address`; refuses NULL (100000).
///
/// # Safety
///
/// The address is NULL, or that of as many values, which live and stay as they are for `'a`.
pub(super) unsafe fn list<'a, T>(
    name: &str,
    address: *const T,
    count: usize,
) -> Result<&'a [T], Fault> {
    if address.is_null() {
        return Err(Fault::null(name));
    }
    if count
        .checked_mul(size_of::<T>())
        .is_none_or(|bytes| bytes > isize::MAX.cast_unsigned())
    {
        return Err(Fault::argument(format!(
            "{name} cannot have {count} entries"
        )));
    }
    // SAFETY: the caller vouches for the values.
    Ok(unsafe { slice::from_raw_parts(address, count) })
}

/// An argument that the program passes to a function of its own.
#[derive(Clone, Copy)]
pub(super) struct UserData(pub(super) *mut c_void);

// SAFETY: only the program's functions follow it; on which threads is in the C rules (R-141,
//
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    pub(super) fn raw(self) -> *mut c_void {
        self.0
    }
}

/// The `count` values at `address`; refuses NULL for more than none (100000).
///
/// # Safety
///
/// The address is NULL, or that of `count` values.
pub(super) unsafe fn array<T: Copy>(
    name: &str,
    address: *const T,
    count: usize,
) -> Result<Vec<T>, Fault> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if address.is_null() {
        return Err(Fault::null(name));
    }
    let bytes = count.checked_mul(size_of::<T>());
    if bytes.is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
        return Err(Fault::argument(format!(
            "{name} cannot have {count} elements"
        )));
    }
    // SAFETY: the caller vouches for the values, which are no more than memory can hold.
    Ok(unsafe { slice::from_raw_parts(address, count) }.to_vec())
}

/// Writes `text` with a zero byte at its end; refuses what does not fit (107000).
///
/// # Safety
///
/// `room` bytes may be written at `address`.
pub(super) unsafe fn put_text(
    name: &str,
    address: *mut c_char,
    room: usize,
    text: &str,
) -> Result<(), Fault> {
    if text.len() >= room {
        return Err(Fault::runtime_argument(format!(
            "{name} needs {} bytes, there is room for {room}",
            text.len() + 1
        )));
    }
    let bytes = text.bytes().chain([0]);
    for (offset, byte) in bytes.enumerate() {
        let place = address.wrapping_add(offset);
        // SAFETY: the caller vouches for the room, which was found to be enough.
        unsafe { place.write(c_byte(byte)) };
    }
    Ok(())
}

/// A byte as C's `char`, whatever its sign is.
pub(super) fn c_byte(byte: u8) -> c_char {
    c_char::from_ne_bytes([byte])
}

/// What C is shown of a handle or of a device address: nothing that could be followed.
pub(super) fn opaque<T>(number: u64) -> *mut T {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "handles and device addresses need the 64 bits of the supported targets"
    )]
    ptr::without_provenance_mut(number as usize)
}

/// The number of a handle, 0 for NULL.
pub(super) fn number<T>(handle: *const T) -> u64 {
    handle.addr() as u64
}

/// The number of a handle; refuses NULL (100000).
pub(super) fn handle<T>(name: &str, handle: *const T) -> Result<u64, Fault> {
    match number(handle) {
        0 => Err(Fault::null(name)),
        number => Ok(number),
    }
}

/// One end of a copy of `bytes` bytes; refuses NULL (100000).
///
/// # Safety
///
/// If the address is one of the host, `bytes` bytes may be read there (and written, if it is the
/// destination) until the copy is done: at once for the blocking functions, at the stream's next
/// synchronisation for the others.
pub(super) unsafe fn end(
    entry: &Entry<'_>,
    name: &str,
    address: *mut c_void,
    bytes: usize,
) -> Result<End, Fault> {
    let number = handle(name, address)?;
    if is_device_address(number) {
        let block = entry.world.space.describe(number);
        let is_managed = block.is_some_and(|block| block.holding.is_shared());
        return Ok(if is_managed {
            End::Managed(number)
        } else {
            End::Device(number)
        });
    }
    let pinned = entry.world.pinned.find(address.addr(), bytes)?;
    // SAFETY: the caller vouches for the bytes.
    Ok(End::Host(unsafe {
        HostSpan::new(address.cast(), bytes, pinned)
    }))
}

/// The outer layer's check of a timeout: −1 is the least.
pub(super) fn check_timeout(milliseconds: i32) -> Result<(), Fault> {
    if milliseconds < -1 {
        return Err(Fault::runtime_argument(format!(
            "timeout {milliseconds} ms is below -1, which stands for no limit"
        )));
    }
    Ok(())
}

/// The end of a wait that is checked already; 0 is refused by the runtime layer (107000).
pub(super) fn deadline(milliseconds: i32) -> Result<Deadline, Fault> {
    match u64::try_from(milliseconds) {
        Ok(0) => Err(Fault::runtime_argument(
            "timeout 0 ms leaves no time at all",
        )),
        Ok(time) => Ok(Deadline::after(Duration::from_millis(time))),
        Err(_) => Ok(Deadline::NEVER),
    }
}

//! Functions that are alike for many objects: they make them, and read and change their fields.

use std::ffi::c_void;

use crate::fault::Fault;

/// The functions that answer a field of an object.
macro_rules! getters {
    ($object:ident in $objects:ident, $name:literal: $($field:ident: $kind:tt = $symbol:ident;)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            object: *const $object,
        ) -> Result<getters!(@kind $kind), Fault> {
            let object = call.world.media.$objects.get(handle($name, object)?)?;
            Ok(getters!(@value $kind, object.$field))
        })*
    };
    (@kind pointer) => { *mut c_void };
    (@kind $kind:ty) => { $kind };
    (@value pointer, $value:expr) => { $value.pointer() };
    (@value $kind:ty, $value:expr) => { $value };
}
pub(super) use getters;

/// The functions that change a field of an object.
macro_rules! setters {
    ($object:ident in $objects:ident, $name:literal: $($field:ident: $kind:tt = $symbol:ident;)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            object: *mut $object,
            value: setters!(@kind $kind),
        ) -> Result<(), Fault> {
            let field = setters!(@value $kind, value);
            let object = handle($name, object)?;
            call.world.media.$objects.change(object, |object| object.$field = field)
        })*
    };
    (@kind pointer) => { *mut c_void };
    (@kind $kind:ty) => { $kind };
    (@value pointer, $value:expr) => { Span::new($value, 0) };
    (@value $kind:ty, $value:expr) => { $value };
}
pub(super) use setters;

/// The functions that make and destroy objects that begin with default values.
macro_rules! objects {
    ($area:ident: $($object:ident in $objects:ident as $made:ident, $name:literal:
        $create:ident, $destroy:ident;)*) => {
        $(
            pub(super) unsafe fn $create(call: &Entry<'_>) -> Result<*mut $object, Fault> {
                let objects = &call.world.$area.$objects;
                let (handle, _) = objects.insert(call.origin, |_| $made::default());
                Ok(opaque(handle))
            }

            pub(super) unsafe fn $destroy(
                call: &Entry<'_>,
                object: *const $object,
            ) -> Result<(), Fault> {
                let object = handle($name, object)?;
                call.world.$area.$objects.remove(object).map(|_| ())
            }
        )*
    };
}
pub(super) use objects;

/// The functions that make and destroy channels and their descriptions.
macro_rules! channels {
    ($($desc:ident in $channels:ident as $channel:ident:
        $create_desc:ident, $destroy_desc:ident, $create:ident, $destroy:ident;)*) => {
        $(
            pub(super) unsafe fn $create_desc(call: &Entry<'_>) -> Result<*mut $desc, Fault> {
                let channels = &call.world.media.$channels;
                Ok(opaque(channels.insert(call.origin, |_| $channel::default()).0))
            }

            pub(super) unsafe fn $destroy_desc(
                call: &Entry<'_>,
                channelDesc: *mut $desc,
            ) -> Result<(), Fault> {
                let channel = handle("channelDesc", channelDesc)?;
                Media::destroy(&call.world.media.$channels, channel)
            }

            pub(super) unsafe fn $create(
                call: &Entry<'_>,
                channelDesc: *mut $desc,
            ) -> Result<(), Fault> {
                let channel = handle("channelDesc", channelDesc)?;
                call.context()?;
                let media = &call.world.media;
                media.open(&media.$channels, channel)
            }

            pub(super) unsafe fn $destroy(
                call: &Entry<'_>,
                channelDesc: *mut $desc,
            ) -> Result<(), Fault> {
                let channel = handle("channelDesc", channelDesc)?;
                Media::close(&call.world.media.$channels, channel)
            }
        )*
    };
}
pub(super) use channels;

/// The functions that read and change the parameters of an object by their numbers.
macro_rules! parameters {
    ($object:ident in $objects:ident, $get:ident, $set:ident, $number:ident:
        $($parameter:ident = $field:ident: $kind:tt;)*) => {
        pub(super) unsafe fn $get(
            call: &Entry<'_>,
            object: *const $object,
            parameter: $number,
            length: usize,
            size: *mut usize,
            value: *mut c_void,
        ) -> Result<(), Fault> {
            let object = handle("channelDesc", object)?;
            // SAFETY: NULL, or a place for the answer.
            let size = unsafe { Place::new("paramRetSize", size) }?;
            present("param", value)?;
            let object = call.world.media.$objects.get(object)?;
            match parameter {
                $($number::$parameter => {
                    let field = getters!(@value $kind, object.$field);
                    // SAFETY: the C function demands `length` bytes at the address.
                    unsafe { put(value, length, field) }?;
                    size.set(size_of_val(&field));
                })*
                $number(other) => return Err(no_parameter(other)),
            }
            Ok(())
        }

        pub(super) unsafe fn $set(
            call: &Entry<'_>,
            object: *mut $object,
            parameter: $number,
            length: usize,
            value: *const c_void,
        ) -> Result<(), Fault> {
            let object = handle("channelDesc", object)?;
            present("param", value)?;
            let objects = &call.world.media.$objects;
            match parameter {
                $($number::$parameter => {
                    // SAFETY: the C function demands `length` bytes at the address.
                    let value = unsafe { take::<getters!(@kind $kind)>(value, length) }?;
                    let field = setters!(@value $kind, value);
                    objects.change(object, |object| object.$field = field)
                })*
                $number(other) => Err(no_parameter(other)),
            }
        }
    };
}
pub(super) use parameters;

pub(super) fn no_parameter(number: u32) -> Fault {
    Fault::argument(format!("there is no parameter {number}"))
}

/// Writes a parameter of C's; refuses too little room (100000).
///
/// # Safety
///
/// `length` bytes may be written at the address.
pub(super) unsafe fn put<T>(address: *mut c_void, length: usize, value: T) -> Result<(), Fault> {
    if length < size_of::<T>() {
        return Err(Fault::argument(format!(
            "the parameter has {} bytes, there is room for {length}",
            size_of::<T>()
        )));
    }
    // SAFETY: the caller vouches for the room, which was found to be enough.
    unsafe { address.cast::<T>().write_unaligned(value) };
    Ok(())
}

/// A parameter of C's; refuses another size than its own (100000).
///
/// # Safety
///
/// `length` bytes may be read at the address, and any bytes are a `T`.
pub(super) unsafe fn take<T>(address: *const c_void, length: usize) -> Result<T, Fault> {
    if length != size_of::<T>() {
        return Err(Fault::argument(format!(
            "the parameter has {} bytes, not {length}",
            size_of::<T>()
        )));
    }
    // SAFETY: the caller vouches for the bytes.
    Ok(unsafe { address.cast::<T>().read_unaligned() })
}

//! Which objects may be sent to another thread, and which shared: the compiler's half of the
//! rules that `AscendCL` leaves to the reader.

use ascend_rt::pool::{Answer, Request, Ticket};
use ascend_rt::{
    Acl, Context, Device, DeviceBuffer, Event, Model, Pending, PinnedBuffer, Pool, Session, Stream,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_impl_all!(Acl: Send, Sync);
assert_impl_all!(Device: Send, Sync);
assert_impl_all!(Context: Send, Sync);
assert_impl_all!(Event: Send, Sync);
assert_impl_all!(DeviceBuffer<f32>: Send, Sync);
assert_impl_all!(PinnedBuffer<f32>: Send, Sync);
assert_impl_all!(Model: Send, Sync);
assert_impl_all!(Pending<PinnedBuffer<f32>>: Send);
assert_impl_all!(Session: Send);
assert_impl_all!(Pool: Send, Sync);
assert_impl_all!(Request: Send, Sync);
assert_impl_all!(Answer: Send, Sync);
assert_impl_all!(Ticket: Send, Future, Unpin);
assert_impl_all!(Stream: Send);

assert_not_impl_any!(Stream: Sync, Clone);
assert_not_impl_any!(Session: Sync, Clone);
assert_not_impl_any!(Pool: Clone);
assert_not_impl_any!(Ticket: Clone);
assert_not_impl_any!(DeviceBuffer<f32>: Clone, std::ops::Deref);
assert_not_impl_any!(PinnedBuffer<f32>: Clone);
assert_not_impl_any!(Event: Clone);

/// Each assertion above is checked when this file is compiled.
#[test]
fn the_assertions_hold() {}

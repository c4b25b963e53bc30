//! Work in flight, and who keeps its buffers meanwhile.
//!
//! There are three doors to asynchronous copies. Blocking copies of the buffers themselves take
//! any slice. [`Stream::scope`](crate::Stream::scope) borrows and waits before it returns.
//! [`Stream::upload`](crate::Stream::upload) and its kin take the buffers and give a [`Pending`],
//! which gives them back. In none of them can a program touch, move or free a buffer that a device
//! still uses; if even the last wait fails, the buffers are leaked rather than freed.
//!
//! What would be unsound does not compile. A buffer in flight is not at hand:
//!
//! ```compile_fail,E0382
//! # use ascend_rt::{DeviceBuffer, PinnedBuffer, Stream};
//! fn reuse_before_the_end(stream: Stream, source: PinnedBuffer<u8>, target: DeviceBuffer<u8>) {
//!     let pending = stream.upload(source, target);
//!     println!("{}", source[0]);
//! }
//! ```
//!
//! A scope's copies keep what they borrow, and two of them cannot write to one buffer:
//!
//! ```compile_fail,E0499
//! # use ascend_rt::{DeviceBuffer, PinnedBuffer, Result, Stream};
//! fn write_twice(stream: &Stream, source: &PinnedBuffer<u8>, mut target: DeviceBuffer<u8>) -> Result<()> {
//!     stream.scope(|scope| {
//!         scope.upload(source, &mut target)?;
//!         scope.upload(source, &mut target)
//!     })
//! }
//! ```
//!
//! ```compile_fail,E0597
//! # use ascend_rt::{Context, DeviceBuffer, PinnedBuffer, Result, Stream};
//! fn borrow_from_inside(stream: &Stream, context: &Context, source: &PinnedBuffer<u8>) -> Result<()> {
//!     stream.scope(|scope| {
//!         let mut target = DeviceBuffer::<u8>::new(context, source.len())?;
//!         scope.upload(source, &mut target)
//!     })
//! }
//! ```
//!
//! A stream is not shared between threads, and device memory cannot be read in place:
//!
//! ```compile_fail,E0277
//! # use ascend_rt::Stream;
//! fn share(stream: &Stream) {
//!     std::thread::scope(|scope| {
//!         scope.spawn(|| stream.synchronize());
//!     });
//! }
//! ```
//!
//! ```compile_fail,E0608
//! # use ascend_rt::DeviceBuffer;
//! fn read(buffer: &DeviceBuffer<u8>) -> u8 {
//!     buffer[0]
//! }
//! ```

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::event::Event;
use crate::memory::{DeviceBuffer, Element, PinnedBuffer};
use crate::stream::{RawStream, Stream};

/// Values that queued work still uses.
///
/// Dropping it waits for the work; forgetting it leaks the values, and never frees what the
/// device writes to.
#[must_use = "dropping a pending value waits for its work at once"]
pub struct Pending<T> {
    value: ManuallyDrop<T>,
    done: Event,
    stream: Arc<RawStream>,
    /// The work is known to be over, so that the values may be dropped.
    finished: bool,
}

impl<T> Pending<T> {
    /// Queues the work of `submit` on `value`, and keeps the value until it is over.
    pub(crate) fn queue(
        stream: &Stream,
        value: T,
        submit: impl FnOnce(&T) -> Result<()>,
    ) -> Result<Self, Refused<T>> {
        let done = match Event::new(stream.context()) {
            Ok(done) => done,
            Err(error) => {
                return Err(Refused {
                    error,
                    value: Some(value),
                });
            }
        };
        // Whatever `submit` got into the queue must be over before the value can be free again.
        let value = ManuallyDrop::new(value);
        match submit(&value).and_then(|()| stream.record(&done)) {
            Ok(()) => Ok(Self {
                value,
                done,
                stream: stream.shared().clone(),
                finished: false,
            }),
            Err(error) => {
                let settled = stream.shared().settle().is_ok();
                let value = settled.then(|| ManuallyDrop::into_inner(value));
                Err(Refused { error, value })
            }
        }
    }

    /// Whether the work is over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device was lost.
    pub fn is_ready(&self) -> Result<bool> {
        self.done.is_complete()
    }

    /// Waits for the stream's work and gives the values back.
    ///
    /// # Errors
    ///
    /// The failure of the stream's work. The values are leaked then: nobody can say whether the
    /// device still uses them.
    pub fn wait(mut self) -> Result<T> {
        self.finish()?;
        // SAFETY: taken once: `self` is forgotten as `finished` keeps `drop` from touching it.
        Ok(unsafe { ManuallyDrop::take(&mut self.value) })
    }

    fn finish(&mut self) -> Result<()> {
        // Whatever comes of it, it is not tried twice: a failed wait leaks.
        self.finished = true;
        self.stream.synchronize()
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        match self.finish() {
            // SAFETY: the work is over, and nobody took the values.
            Ok(()) => unsafe { ManuallyDrop::drop(&mut self.value) },
            Err(error) => tracing::error!(%error, "leaked the buffers of failed work"),
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

/// Work that was refused or failed, and the values it was to use.
#[derive(Debug)]
pub struct Refused<T> {
    /// Why.
    pub error: Error,
    /// The values; `None` when the device may still use them, and they are leaked.
    pub value: Option<T>,
}

impl<T> From<Refused<T>> for Error {
    fn from(refused: Refused<T>) -> Self {
        refused.error
    }
}

impl<T> fmt::Display for Refused<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<T: fmt::Debug> std::error::Error for Refused<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// What [`Stream::scope`](crate::Stream::scope) gives: copies that borrow their buffers until the
/// scope ends.
pub struct Scope<'scope, 'env: 'scope> {
    stream: &'env Stream,
    /// Both lifetimes are exactly these, as in `std::thread::Scope`.
    _here: PhantomData<RefCell<&'scope ()>>,
    _env: PhantomData<RefCell<&'env ()>>,
}

impl<'scope, 'env> Scope<'scope, 'env> {
    pub(crate) fn run<R>(
        stream: &'env Stream,
        work: impl for<'s> FnOnce(&'s Scope<'s, 'env>) -> Result<R>,
    ) -> Result<R> {
        let scope = Scope {
            stream,
            _here: PhantomData,
            _env: PhantomData,
        };
        let result = catch_unwind(AssertUnwindSafe(|| work(&scope)));
        let settled = stream.shared().settle();
        let finished = settled.unwrap_or_else(|error| {
            // The borrowed buffers cannot be leaked, and a device may still write to them.
            tracing::error!(%error, "cannot tell whether the scope's work is over");
            std::process::abort()
        });
        match result {
            Ok(result) => result.and_then(|value| finished.map(|()| value)),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Queues a copy from the host to the device.
    ///
    /// # Errors
    ///
    /// As for [`Stream::upload`].
    #[doc(alias = "aclrtMemcpyAsync")]
    pub fn upload<T: Element>(
        &'scope self,
        source: &'env PinnedBuffer<T>,
        target: &'env mut DeviceBuffer<T>,
    ) -> Result<()> {
        // SAFETY: both are borrowed for longer than the scope, which waits before it ends.
        unsafe { self.stream.queue_upload(source, target) }
    }

    /// Queues a copy from the device to the host.
    ///
    /// # Errors
    ///
    /// As for [`Stream::upload`].
    #[doc(alias = "aclrtMemcpyAsync")]
    pub fn download<T: Element>(
        &'scope self,
        source: &'env DeviceBuffer<T>,
        target: &'env mut PinnedBuffer<T>,
    ) -> Result<()> {
        // SAFETY: both are borrowed for longer than the scope, which waits before it ends.
        unsafe { self.stream.queue_download(source, target) }
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("stream", self.stream)
            .finish()
    }
}

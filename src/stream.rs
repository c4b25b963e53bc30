//! Streams: queues of work that a device does in order.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ascend_sys::{aclrtStream, aclrtStreamStatus};

use crate::call::Current;
use crate::context::Context;
use crate::error::{ErrorKind, Result};
use crate::event::Event;
use crate::memory::copy::{self, Direction};
use crate::memory::{DeviceBuffer, Element, PinnedBuffer};
use crate::pending::{Pending, Refused, Scope};

/// The buffers of [`Stream::upload`]: source and target.
pub type Upload<T> = (PinnedBuffer<T>, DeviceBuffer<T>);

/// The buffers of [`Stream::download`]: source and target.
pub type Download<T> = (DeviceBuffer<T>, PinnedBuffer<T>);

/// A queue of work on a device: done in the order of submission, beside the other queues.
///
/// Calls that queue work return at once; failures of the work come out of
/// [`Stream::synchronize`], [`Pending::wait`] or [`Stream::scope`]. A stream may be sent to another
/// thread and not be shared, because the order of work that two threads submit is undefined.
///
/// Dropping a stream waits for its work.
///
/// C API: `aclrtCreateStream`, `aclrtDestroyStream`, `acl_rt.h`.
pub struct Stream {
    shared: Arc<RawStream>,
    _not_sync: PhantomData<Cell<()>>,
}

/// The handle, which work in flight keeps alive.
pub(crate) struct RawStream {
    raw: aclrtStream,
    context: Context,
}

// SAFETY: stream handles are process-wide (threads_and_async.md §2); submission is kept to one
// thread by `Stream` being `!Sync`, and waiting is allowed from several (R-116).
unsafe impl Send for RawStream {}
// SAFETY: as above.
unsafe impl Sync for RawStream {}

impl Stream {
    /// A new stream in `context`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when the device has no stream
    /// left, [`ErrorKind::Device`] when it was taken away.
    #[doc(alias = "aclrtCreateStream")]
    pub fn new(context: &Context) -> Result<Self> {
        let current = context.bind()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a valid pointer, and a context is current (R-103).
        let status = unsafe { current.api().aclrtCreateStream(&raw mut raw) };
        current.check("aclrtCreateStream", status)?;
        let shared = Arc::new(RawStream {
            raw,
            context: context.clone(),
        });
        Ok(Self {
            shared,
            _not_sync: PhantomData,
        })
    }

    /// The context of this stream.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.shared.context
    }

    pub(crate) fn raw(&self) -> aclrtStream {
        self.shared.raw
    }

    pub(crate) fn shared(&self) -> &Arc<RawStream> {
        &self.shared
    }

    /// Waits until all queued work is done.
    ///
    /// # Errors
    ///
    /// The failure of the work, if any, and [`ErrorKind::Device`] when the device was lost.
    #[doc(alias = "aclrtSynchronizeStream")]
    pub fn synchronize(&self) -> Result<()> {
        self.shared.synchronize()
    }

    /// Waits until all queued work is done, at most for `timeout` (whole milliseconds, at least
    /// one). After a timeout the work goes on.
    ///
    /// # Errors
    ///
    /// As for [`Stream::synchronize`]; code 507046 when the time is over.
    #[doc(alias = "aclrtSynchronizeStreamWithTimeout")]
    pub fn synchronize_timeout(&self, timeout: Duration) -> Result<()> {
        let (stream, end) = (&self.shared, Instant::now().checked_add(timeout));
        stream.synchronize_in(&stream.context.bind()?, end)
    }

    /// Whether all queued work is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when the device was lost.
    #[doc(alias = "aclrtStreamQuery")]
    pub fn is_idle(&self) -> Result<bool> {
        let current = self.shared.context.bind()?;
        let mut status = aclrtStreamStatus::ACL_STREAM_STATUS_NOT_READY;
        // SAFETY: the stream is alive, the pointer valid (R-123).
        let code = unsafe { current.api().aclrtStreamQuery(self.raw(), &raw mut status) };
        current.check("aclrtStreamQuery", code)?;
        Ok(status == aclrtStreamStatus::ACL_STREAM_STATUS_COMPLETE)
    }

    /// Queues a mark: `event` is complete once the work queued before it is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when the event is of another context.
    #[doc(alias = "aclrtRecordEvent")]
    pub fn record(&self, event: &Event) -> Result<()> {
        self.context().must_be(event.context(), "the event")?;
        let current = self.context().bind()?;
        // SAFETY: both are alive and of this context (R-153).
        let status = unsafe { current.api().aclrtRecordEvent(event.raw(), self.raw()) };
        current.check("aclrtRecordEvent", status)
    }

    /// Queues a wait: work that is queued later starts after the newest record of `event`, which
    /// may be of any stream.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when the event was never recorded or is of another runtime.
    #[doc(alias = "aclrtStreamWaitEvent")]
    pub fn wait(&self, event: &Event) -> Result<()> {
        self.context()
            .must_share_runtime(event.context(), "the event")?;
        let current = self.context().bind()?;
        // SAFETY: both are alive (R-160); events may order streams of different contexts (R-172).
        let status = unsafe { current.api().aclrtStreamWaitEvent(self.raw(), event.raw()) };
        current.check("aclrtStreamWaitEvent", status)
    }

    /// Queues a copy from the host to the device, and keeps both buffers until it is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the lengths differ,
    /// [`ErrorKind::InvalidArgument`] when the buffers are of
    /// another context. The buffers come back with the error.
    #[doc(alias = "aclrtMemcpyAsync")]
    pub fn upload<T: Element>(
        &self,
        source: PinnedBuffer<T>,
        target: DeviceBuffer<T>,
    ) -> Result<Pending<Upload<T>>, Refused<Upload<T>>> {
        Pending::queue(self, (source, target), |(source, target)| {
            // SAFETY: the pending value keeps both until the stream has passed.
            unsafe { self.queue_upload(source, target) }
        })
    }

    /// Queues a copy from the device to the host, and keeps both buffers until it is done.
    ///
    /// # Errors
    ///
    /// As for [`Stream::upload`].
    #[doc(alias = "aclrtMemcpyAsync")]
    pub fn download<T: Element>(
        &self,
        source: DeviceBuffer<T>,
        target: PinnedBuffer<T>,
    ) -> Result<Pending<Download<T>>, Refused<Download<T>>> {
        Pending::queue(self, (source, target), |(source, target)| {
            // SAFETY: the pending value keeps both until the stream has passed.
            unsafe { self.queue_download(source, target) }
        })
    }

    /// Lets work borrow buffers: everything queued in `work` is done when this returns, also when
    /// `work` panics.
    ///
    /// ```
    /// # use ascend_rt::{Acl, DeviceBuffer, PinnedBuffer, Stream};
    /// # fn main() -> ascend_rt::Result<()> {
    /// # let context = Acl::mock(Default::default())?.device(0)?.context();
    /// let stream = Stream::new(&context)?;
    /// let source = PinnedBuffer::from_slice(&context, &[1.0_f32, 2.0])?;
    /// let mut there = DeviceBuffer::<f32>::new(&context, 2)?;
    /// let mut back = PinnedBuffer::<f32>::new(&context, 2)?;
    /// stream.scope(|scope| {
    ///     scope.upload(&source, &mut there)
    /// })?;
    /// stream.scope(|scope| {
    ///     scope.download(&there, &mut back)
    /// })?;
    /// assert_eq!(&back[..], &[1.0, 2.0]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of `work`, or else of the work that it queued.
    ///
    /// # Aborts
    ///
    /// When the device is lost in a way that leaves open whether it still uses the buffers, the
    /// process is aborted: they are borrowed, so there is no way to keep them from being freed.
    pub fn scope<'env, R>(
        &'env self,
        work: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> Result<R>,
    ) -> Result<R> {
        Scope::run(self, work)
    }

    /// Queues a copy from the host to the device.
    ///
    /// # Safety
    ///
    /// Both buffers stay, untouched, until the stream has passed this point (R-208).
    pub(crate) unsafe fn queue_upload<T: Element>(
        &self,
        source: &PinnedBuffer<T>,
        target: &DeviceBuffer<T>,
    ) -> Result<()> {
        copy::check_lengths(source.len(), target.len())?;
        let current = self.context().bind()?;
        // SAFETY: as the caller promises.
        unsafe {
            self.queue_copy(
                &current,
                Direction::HostToDevice,
                (source, target),
                source.len(),
            )
        }
    }

    /// Queues a copy from the device to the host.
    ///
    /// # Safety
    ///
    /// As for [`Self::queue_upload`].
    pub(crate) unsafe fn queue_download<T: Element>(
        &self,
        source: &DeviceBuffer<T>,
        target: &PinnedBuffer<T>,
    ) -> Result<()> {
        copy::check_lengths(source.len(), target.len())?;
        let current = self.context().bind()?;
        // SAFETY: as the caller promises.
        unsafe {
            self.queue_copy(
                &current,
                Direction::DeviceToHost,
                (target, source),
                target.len(),
            )
        }
    }

    /// Queues a copy of the first `len` elements, in the context that is current.
    ///
    /// # Safety
    ///
    /// As for [`Self::queue_upload`].
    pub(crate) unsafe fn queue_copy<T: Element>(
        &self,
        current: &Current<'_>,
        direction: Direction,
        (host, device): (&PinnedBuffer<T>, &DeviceBuffer<T>),
        len: usize,
    ) -> Result<()> {
        let context = current.context();
        context.must_be(self.context(), "the stream")?;
        context.must_be(host.context(), "the pinned buffer")?;
        context.must_be(device.context(), "the device buffer")?;
        let (source, target) = match direction {
            Direction::DeviceToHost => (device.as_raw(), host.as_raw()),
            _ => (host.as_raw(), device.as_raw()),
        };
        // The shorter of both must hold all of it.
        copy::check_lengths(len, len.min(host.len()).min(device.len()))?;
        let bytes = len * size_of::<T>();
        // As in `copy::blocking`.
        if bytes == 0 {
            return Ok(());
        }
        // SAFETY: both are as long at least, and stay as the caller promises (R-204, R-208).
        let status = unsafe {
            current.api().aclrtMemcpyAsync(
                target,
                bytes,
                source,
                bytes,
                direction.kind(),
                self.raw(),
            )
        };
        current.check("aclrtMemcpyAsync", status)
    }
}

impl RawStream {
    pub(crate) fn synchronize(&self) -> Result<()> {
        self.synchronize_in(&self.context.bind()?, None)
    }

    /// Waits until all queued work is done, or until `end` if there is one.
    pub(crate) fn synchronize_in(&self, current: &Current<'_>, end: Option<Instant>) -> Result<()> {
        let _span = tracing::trace_span!("wait").entered();
        let Some(end) = end else {
            // SAFETY: the stream is alive (R-116, R-118).
            let status = unsafe { current.api().aclrtSynchronizeStream(self.raw) };
            return current.check("aclrtSynchronizeStream", status);
        };
        let left = end.saturating_duration_since(Instant::now()).as_micros();
        let left = i32::try_from(left.div_ceil(1000).max(1)).unwrap_or(i32::MAX);
        // SAFETY: as above (R-117).
        let status = unsafe {
            current
                .api()
                .aclrtSynchronizeStreamWithTimeout(self.raw, left)
        };
        current.check("aclrtSynchronizeStreamWithTimeout", status)
    }

    /// Waits until the queued work is certainly over, and tells how it went.
    ///
    /// A task's failure also ends a wait, and leaves open whether the tasks behind it are over
    /// (R-118, R-128), so it is waited for again. The outer error means that nobody can tell.
    pub(crate) fn settle(&self) -> Result<Result<()>> {
        self.settle_in(&self.context.bind()?, None)
    }

    /// As [`Self::settle`], in the context that is current, until `end` if there is one.
    pub(crate) fn settle_in(
        &self,
        current: &Current<'_>,
        end: Option<Instant>,
    ) -> Result<Result<()>> {
        let error = match self.synchronize_in(current, end) {
            Ok(()) => return Ok(Ok(())),
            Err(late) if late.is_timeout() => return Err(late),
            Err(error) => error,
        };
        match self.synchronize_in(current, end) {
            Err(again) if again.kind() != ErrorKind::Execution || again.is_timeout() => Err(again),
            _ => Ok(Err(error)),
        }
    }

    fn destroy(&self) -> Result<()> {
        // The header asks for a synchronise before; its error is the work's, not the stream's.
        let finished = self.synchronize();
        let current = self.context.bind()?;
        // SAFETY: nothing else holds the handle, and its context is current (R-109, R-111).
        let status = unsafe { current.api().aclrtDestroyStream(self.raw) };
        current.check("aclrtDestroyStream", status)?;
        finished
    }
}

impl Drop for RawStream {
    fn drop(&mut self) {
        if let Err(error) = self.destroy() {
            tracing::error!(%error, "a dropped stream had failed work, or could not be destroyed");
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("context", self.context())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RawStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawStream")
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

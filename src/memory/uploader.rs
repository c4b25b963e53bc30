//! From ordinary memory to the device at the speed of one copy.

use std::ffi::c_void;
use std::fmt;
use std::ptr;

use super::copy::{self, Direction};
use super::device::DeviceBuffer;
use super::element::Element;
use super::pinned::PinnedBuffer;
use crate::context::Context;
use crate::error::Result;
use crate::event::Event;
use crate::stream::Stream;

/// Bytes of each stage: small enough to stay in a cache between its two copies, large enough that
/// queueing them does not count.
const STAGE: usize = 1 << 20;

/// Stages: one that is filled, one that is copied, and two for when the two differ in pace.
const STAGES: usize = 4;

/// Where the copies of short sources begin in a stage.
const ALIGNMENT: usize = 64;

/// Copies ordinary memory, such as a mapped file, to a device through a few pinned stages that it
/// keeps: while the device copies one of them, the host fills the next.
///
/// ```
/// # use ascend_rt::{Acl, DeviceBuffer, Uploader};
/// # fn main() -> ascend_rt::Result<()> {
/// # let context = Acl::mock(Default::default())?.device(0)?.context();
/// let mut uploader = Uploader::new(&context)?;
/// let mut weight = DeviceBuffer::<u8>::new(&context, 8)?;
/// let mut bias = DeviceBuffer::<u8>::new(&context, 4)?;
/// uploader.upload([(&[1; 8][..], &mut weight), (&[2; 4][..], &mut bias)])?;
/// assert_eq!(bias.to_vec()?, [2; 4]);
/// # Ok(()) }
/// ```
///
/// C API: `aclrtMemcpyAsync`, `aclrtRecordEvent`, `acl_rt.h`.
pub struct Uploader {
    stages: Vec<Stage>,
    /// The stage that is filled.
    current: usize,
    /// Bytes of it that are taken.
    filled: usize,
    /// Behind the stages, so that they are freed after its last work.
    stream: Stream,
}

struct Stage {
    memory: PinnedBuffer<u8>,
    /// Recorded behind its last copy.
    done: Event,
    in_flight: bool,
}

impl Uploader {
    /// An uploader with its own stream and stages.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory) when the host cannot lock some
    /// megabytes.
    pub fn new(context: &Context) -> Result<Self> {
        let stage = |_| {
            Ok(Stage {
                memory: PinnedBuffer::new(context, STAGE)?,
                done: Event::new(context)?,
                in_flight: false,
            })
        };
        Ok(Self {
            stages: (0..STAGES).map(stage).collect::<Result<_>>()?,
            current: 0,
            filled: 0,
            stream: Stream::new(context)?,
        })
    }

    /// Copies each source into its target, and returns when all are there.
    ///
    /// A source is used only until the next pair is asked for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) when a source and its target differ in length,
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when a target is of another
    /// context, [`ErrorKind::Execution`](crate::ErrorKind::Execution) when a copy fails. Targets
    /// hold anything then.
    ///
    /// # Aborts
    ///
    /// As [`Stream::scope`] does, when nobody can tell whether the device still uses the buffers.
    pub fn upload<'target, S, T>(
        &mut self,
        pairs: impl IntoIterator<Item = (S, &'target mut DeviceBuffer<T>)>,
    ) -> Result<()>
    where
        S: AsRef<[u8]>,
        T: Element + 'target,
    {
        let _span = tracing::debug_span!("upload").entered();
        let Self {
            stages,
            current,
            filled,
            stream,
        } = self;
        // whatever ends this function, the copies end first
        let flight = Flight {
            stream,
            is_over: false,
        };
        let queued = pairs.into_iter().try_for_each(|(source, target)| {
            let source = source.as_ref();
            copy::check_lengths(source.len(), target.bytes())?;
            stream.context().must_be(target.context(), "the target")?;
            let mut done = 0;
            while done < source.len() {
                if *filled >= STAGE {
                    let stage = &mut stages[*current];
                    stream.record(&stage.done)?;
                    stage.in_flight = true;
                    *current = (*current + 1) % STAGES;
                    *filled = 0;
                }
                let stage = &mut stages[*current];
                if std::mem::take(&mut stage.in_flight) {
                    stage.done.synchronize()?;
                }
                let len = (source.len() - done).min(STAGE - *filled);
                let from = stage.memory.as_raw().cast::<u8>().wrapping_add(*filled);
                // SAFETY: the source has `len` bytes left from `done`, the stage `len` from `filled`;
                // nobody reads or writes these of the stage, as its last copies are over and the
                // ones since then end before `filled`.
                unsafe { ptr::copy_nonoverlapping(source[done..].as_ptr(), from, len) };
                let to = target.as_raw().cast::<u8>().wrapping_add(done);
                // SAFETY: `len` bytes at both; the stage is not touched before its event is over or
                // the flight is, and the target is borrowed for longer than the flight.
                unsafe { queue(stream, to.cast(), from.cast(), len) }?;
                done += len;
                *filled = (*filled + len).next_multiple_of(ALIGNMENT);
            }
            Ok(())
        });
        let finished = flight.end();
        for stage in stages {
            stage.in_flight = false;
        }
        *filled = 0;
        queued.and(finished)
    }
}

/// Queues a copy to the device.
///
/// # Safety
///
/// Both addresses are good for `bytes` bytes, pinned memory and the device's, and stay so,
/// untouched, until the stream has passed this point (R-208).
unsafe fn queue(
    stream: &Stream,
    target: *mut c_void,
    source: *const c_void,
    bytes: usize,
) -> Result<()> {
    let kind = Direction::HostToDevice.kind();
    let current = stream.context().bind()?;
    // SAFETY: as the caller promises (R-204, R-208).
    let status = unsafe {
        current
            .api()
            .aclrtMemcpyAsync(target, bytes, source, bytes, kind, stream.raw())
    };
    current.check("aclrtMemcpyAsync", status)
}

/// Copies that are under way on a stream.
struct Flight<'s> {
    stream: &'s Stream,
    is_over: bool,
}

impl Flight<'_> {
    /// Waits for them; how they went.
    fn end(mut self) -> Result<()> {
        self.is_over = true;
        self.settle()
    }

    fn settle(&self) -> Result<()> {
        self.stream.shared().settle().unwrap_or_else(|error| {
            // The targets are borrowed, and a device may still write to them.
            tracing::error!(%error, "cannot tell whether the uploads are over");
            std::process::abort()
        })
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if !self.is_over
            && let Err(error) = self.settle()
        {
            tracing::error!(%error, "an upload failed");
        }
    }
}

impl fmt::Debug for Uploader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploader")
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

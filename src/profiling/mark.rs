//! Moments and ranges that a program marks while it is profiled.

use std::ffi::c_void;
use std::marker::PhantomData;

use super::profiler::Profiler;
use crate::error::{Error, ErrorKind, Result};

/// A text for the profiler.
#[derive(Debug)]
struct Stamp<'p> {
    profiler: &'p Profiler,
    raw: *mut c_void,
}

impl<'p> Stamp<'p> {
    fn new(profiler: &'p Profiler, text: &str) -> Result<Self> {
        profiler.must_mark()?;
        let acl = profiler.acl();
        let prof = acl.prof()?;
        // SAFETY: no argument.
        let raw = acl.value(unsafe { prof.aclprofCreateStamp() })?;
        if raw.is_null() {
            return Err(acl.refused("aclprofCreateStamp", "the profiler takes no mark now"));
        }
        // From here on it is destroyed, also on the error path.
        let stamp = Self { profiler, raw };
        let bytes = u32::try_from(text.len()).map_err(|_| {
            let message = "the text of a mark is longer than 4 GiB: shorten it to a few words";
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        // SAFETY: a stamp that is alive, and as many bytes as are told.
        let status =
            unsafe { prof.aclprofSetStampTraceMessage(stamp.raw, text.as_ptr().cast(), bytes) };
        acl.check("aclprofSetStampTraceMessage", status)
            .map_err(|error| error.while_doing(format_args!("cannot mark {text:?}")))?;
        Ok(stamp)
    }
}

impl Drop for Stamp<'_> {
    fn drop(&mut self) {
        let acl = self.profiler.acl();
        let Ok(prof) = acl.prof() else { return };
        // SAFETY: ours, and no open range holds it.
        if let Err(missing) = unsafe { prof.aclprofDestroyStamp(self.raw) } {
            tracing::error!(%missing, "cannot give a mark back");
        }
    }
}

/// A range that may overlap others; it ends when it is dropped.
#[derive(Debug)]
#[must_use = "a range ends when it is dropped"]
pub struct Range<'p> {
    stamp: Stamp<'p>,
    id: u32,
}

/// A range within the ranges of this thread; it ends when it is dropped.
#[derive(Debug)]
#[must_use = "a range ends when it is dropped"]
pub struct Scope<'p> {
    stamp: Stamp<'p>,
    _this_thread: PhantomData<*const ()>,
}

impl Profiler {
    /// Marks this moment with `text`, of which CANN takes somewhat more than 100 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when the session collects no marks
    /// ([`Data::MARKS`](super::Data::MARKS)), or the text is empty or too long.
    #[doc(alias = "aclprofMark")]
    pub fn mark(&self, text: &str) -> Result<()> {
        let stamp = Stamp::new(self, text)?;
        // SAFETY: a stamp that is alive.
        let status = unsafe { self.acl().prof()?.aclprofMark(stamp.raw) };
        self.acl().check("aclprofMark", status)
    }

    /// Begins a range called `text`, which may overlap others.
    ///
    /// # Errors
    ///
    /// As for [`Profiler::mark`].
    #[doc(alias = "aclprofRangeStart")]
    #[doc(alias = "aclprofRangeStop")]
    pub fn range(&self, text: &str) -> Result<Range<'_>> {
        let stamp = Stamp::new(self, text)?;
        let mut id = 0;
        // SAFETY: a stamp that is alive, and a valid pointer.
        let status = unsafe { self.acl().prof()?.aclprofRangeStart(stamp.raw, &raw mut id) };
        self.acl().check("aclprofRangeStart", status)?;
        Ok(Range { stamp, id })
    }

    /// Begins a range called `text` within the open ones of this thread. Such ranges end in the
    /// reverse order, as values of one scope do.
    ///
    /// # Errors
    ///
    /// As for [`Profiler::mark`].
    #[doc(alias = "aclprofPush")]
    #[doc(alias = "aclprofPop")]
    pub fn scope(&self, text: &str) -> Result<Scope<'_>> {
        let stamp = Stamp::new(self, text)?;
        // SAFETY: a stamp that is alive.
        let status = unsafe { self.acl().prof()?.aclprofPush(stamp.raw) };
        self.acl().check("aclprofPush", status)?;
        Ok(Scope {
            stamp,
            _this_thread: PhantomData,
        })
    }
}

impl Drop for Range<'_> {
    fn drop(&mut self) {
        let acl = self.stamp.profiler.acl();
        let ended = acl.prof().and_then(|prof| {
            // SAFETY: a range that is open.
            let status = unsafe { prof.aclprofRangeStop(self.id) };
            acl.check("aclprofRangeStop", status)
        });
        if let Err(error) = ended {
            tracing::error!(%error, "cannot end a range");
        }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        let acl = self.stamp.profiler.acl();
        let ended = acl.prof().and_then(|prof| {
            // SAFETY: this thread's innermost range, for it cannot go to another thread.
            let status = unsafe { prof.aclprofPop() };
            acl.check("aclprofPop", status)
        });
        if let Err(error) = ended {
            tracing::error!(%error, "cannot end a range");
        }
    }
}

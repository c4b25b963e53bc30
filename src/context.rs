//! Contexts: where streams, events, memory and models live.
//!
//! AscendCL keeps the current context per thread. Here that state never shows: every object holds
//! its context, and each of its operations makes that context current on the calling thread
//! first. A program that mixes this crate with other users of AscendCL on one thread finds the
//! last used context current afterwards; [`Context::with_current`] is for calling such code.

use std::fmt;
use std::ptr;
use std::sync::Arc;

use ascend_sys::aclrtContext;

use crate::acl::Acl;
use crate::call::Current;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};

/// No context is current on this thread.
const CONTEXT_NULL: i32 = 107_002;

/// A context of a device.
///
/// A cheap handle; the context goes with the last object made in it. Usable from any thread, and
/// from several at once.
///
/// C API: `aclrtCreateContext`, `aclrtDestroyContext`, `aclrtSetCurrentContext`, `acl_rt.h`.
#[derive(Clone)]
pub struct Context(Arc<ContextInner>);

struct ContextInner {
    device: Device,
    raw: aclrtContext,
    /// Whether it is destroyed here; the device's primary context is not.
    owned: bool,
}

// SAFETY: the handle of a context is process-wide and may be used from any thread.
unsafe impl Send for ContextInner {}
// SAFETY: as above; nothing in here changes after it was made.
unsafe impl Sync for ContextInner {}

impl Context {
    pub(crate) fn primary(device: &Device) -> Self {
        Self(Arc::new(ContextInner {
            device: device.clone(),
            raw: device.primary(),
            owned: false,
        }))
    }

    pub(crate) fn create(device: &Device) -> Result<Self> {
        let acl = device.acl();
        let former = ThreadBinding::save(acl)?;
        let id = i32::try_from(device.ordinal()).unwrap_or_default();
        let mut raw = ptr::null_mut();
        // SAFETY: a valid pointer and a device that is open.
        let status = unsafe { acl.api().aclrtCreateContext(&raw mut raw, id) };
        let created = acl.check("aclrtCreateContext", status);
        former.restore(acl);
        created?;
        Ok(Self(Arc::new(ContextInner {
            device: device.clone(),
            raw,
            owned: true,
        })))
    }

    /// The device of this context.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.0.device
    }

    pub(crate) fn acl(&self) -> &Acl {
        self.0.device.acl()
    }

    /// Runs `work` with this context current on the thread, and puts the former one back
    /// afterwards, also when `work` panics.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when the context was destroyed by others.
    pub fn with_current<R>(&self, work: impl FnOnce() -> R) -> Result<R> {
        struct Restore<'a>(&'a Acl, ThreadBinding);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.1.restore(self.0);
            }
        }
        let _restore = Restore(self.acl(), ThreadBinding::save(self.acl())?);
        self.bind()?;
        Ok(work())
    }

    /// Makes this context current on the calling thread.
    ///
    /// The runtime is asked each time: other users of the process may have changed it.
    pub(crate) fn bind(&self) -> Result<Current<'_>> {
        let former = ThreadBinding::save(self.acl())?;
        if former.0 != self.0.raw {
            // SAFETY: the context is alive, `self` owns or shares it.
            let status = unsafe { self.acl().api().aclrtSetCurrentContext(self.0.raw) };
            self.acl().check("aclrtSetCurrentContext", status)?;
        }
        Ok(Current::new(self))
    }

    /// Refuses to mix objects of two runtimes in one call.
    pub(crate) fn must_share_runtime(&self, other: &Self, what: &str) -> Result<()> {
        if self.acl().is(other.acl()) {
            return Ok(());
        }
        let message = format!("{what} belongs to another runtime: make both from one `Acl`");
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }

    /// Refuses to mix objects of two contexts in one call.
    pub(crate) fn must_be(&self, other: &Self, what: &str) -> Result<()> {
        if self.acl().is(other.acl()) && self.0.raw == other.0.raw {
            return Ok(());
        }
        let message = format!(
            "{what} belongs to another context: use objects of one context in one call, or \
             make them with the same `Context`"
        );
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }
}

impl Drop for ContextInner {
    fn drop(&mut self) {
        if !self.owned {
            return;
        }
        let acl = self.device.acl();
        // SAFETY: ours, and streams, memory and models made in it hold it, so none is alive.
        let status = unsafe { acl.api().aclrtDestroyContext(self.raw) };
        if let Err(error) = acl.check("aclrtDestroyContext", status) {
            tracing::error!(%error, "cannot destroy the context");
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("device", &self.0.device)
            .finish_non_exhaustive()
    }
}

/// What was current on this thread, to be put back.
#[derive(Debug)]
pub(crate) struct ThreadBinding(aclrtContext);

impl ThreadBinding {
    pub(crate) fn save(acl: &Acl) -> Result<Self> {
        let mut raw = ptr::null_mut();
        // SAFETY: a valid pointer.
        let status = acl.value(unsafe { acl.api().aclrtGetCurrentContext(&raw mut raw) })?;
        match status {
            CONTEXT_NULL => {
                acl.forget_message();
                Ok(Self(ptr::null_mut()))
            }
            status => acl
                .check("aclrtGetCurrentContext", Ok(status))
                .map(|()| Self(raw)),
        }
    }

    /// Whether it is this context.
    pub(crate) fn is(&self, context: aclrtContext) -> bool {
        self.0 == context
    }

    /// Puts it back. A context that died meanwhile stays away; nothing can be done about that.
    pub(crate) fn restore(&self, acl: &Acl) {
        if self.0.is_null() {
            return;
        }
        // SAFETY: the runtime checks the handle.
        let status = unsafe { acl.api().aclrtSetCurrentContext(self.0) };
        if let Err(error) = acl.check("aclrtSetCurrentContext", status) {
            tracing::debug!(%error, "the thread's former context is gone");
        }
    }
}

//! A device: one NPU, or one CPU device.

use std::fmt;
use std::ptr;
use std::sync::{Arc, PoisonError};

use ascend_graph::text;
use ascend_sys::{aclrtContext, aclrtMemAttr};

use crate::acl::Acl;
use crate::context::{Context, ThreadBinding};
use crate::error::{Error, ErrorKind, Result};

/// One device of the machine.
///
/// A cheap handle: all handles of one ordinal share the device, and the last object made from it
/// gives it back. Usable from any thread, and opening it leaves the calling thread's own current
/// context as it was.
///
/// C API: `aclrtSetDevice`, `aclrtResetDevice`, `acl_rt.h`.
#[derive(Clone)]
pub struct Device(Arc<DeviceInner>);

pub(crate) struct DeviceInner {
    acl: Acl,
    ordinal: u32,
    primary: aclrtContext,
}

// SAFETY: the handle of a context is process-wide and may be used from any thread.
unsafe impl Send for DeviceInner {}
// SAFETY: as above; nothing in here changes after it was made.
unsafe impl Sync for DeviceInner {}

/// How much memory a device has, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryInfo {
    /// What can still be allocated.
    pub free_bytes: usize,
    /// What there is in all.
    pub total_bytes: usize,
}

impl Device {
    pub(crate) fn open(acl: &Acl, ordinal: u32) -> Result<Self> {
        let mut devices = acl.devices().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(device) = devices.get(&ordinal).and_then(std::sync::Weak::upgrade) {
            return Ok(Self(device));
        }
        let former = ThreadBinding::save(acl)?;
        let device = DeviceInner::open(acl, ordinal);
        former.restore(acl);
        let device = Arc::new(device?);
        devices.insert(ordinal, Arc::downgrade(&device));
        Ok(Self(device))
    }

    /// The runtime that this device belongs to.
    #[must_use]
    pub fn acl(&self) -> &Acl {
        &self.0.acl
    }

    /// The device's number, counted from 0 among those that this process can see.
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.0.ordinal
    }

    /// The context that all users of this device in the process share.
    ///
    /// Enough for most programs; [`Device::create_context`] makes one apart.
    #[must_use]
    pub fn context(&self) -> Context {
        Context::primary(self)
    }

    /// A context of its own, with its own default stream.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when the device was taken away.
    #[doc(alias = "aclrtCreateContext")]
    pub fn create_context(&self) -> Result<Context> {
        Context::create(self)
    }

    /// Free and total memory of the device.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when the device was taken away.
    #[doc(alias = "aclrtGetMemInfo")]
    pub fn memory(&self) -> Result<MemoryInfo> {
        let context = self.context();
        let current = context.bind()?;
        let (mut free_bytes, mut total_bytes) = (0, 0);
        // SAFETY: two valid pointers; chips without HBM answer for their DDR.
        let status = unsafe {
            current.api().aclrtGetMemInfo(
                aclrtMemAttr::ACL_HBM_MEM,
                &raw mut free_bytes,
                &raw mut total_bytes,
            )
        };
        current.check("aclrtGetMemInfo", status)?;
        Ok(MemoryInfo {
            free_bytes,
            total_bytes,
        })
    }

    pub(crate) fn primary(&self) -> aclrtContext {
        self.0.primary
    }
}

impl DeviceInner {
    fn open(acl: &Acl, ordinal: u32) -> Result<Self> {
        let _span = tracing::debug_span!("open device", device = ordinal).entered();
        let id = i32::try_from(ordinal).map_err(|_| no_such_device(acl, ordinal))?;
        // SAFETY: any number is checked by the runtime.
        let status = unsafe { acl.api().aclrtSetDevice(id) };
        acl.check("aclrtSetDevice", status)
            .map_err(|error| match error.code() {
                Some(code) if code.get() == 107_001 => {
                    no_such_device(acl, ordinal).with_source(error)
                }
                _ => error.while_doing(text!("cannot open device {ordinal}", ordinal)),
            })?;
        // From here on the device is ours to give back, also on the error path.
        let mut device = Self {
            acl: acl.clone(),
            ordinal,
            primary: ptr::null_mut(),
        };
        // SAFETY: a valid pointer; the device's own context is current now.
        let status = unsafe { acl.api().aclrtGetCurrentContext(&raw mut device.primary) };
        acl.check("aclrtGetCurrentContext", status)?;
        Ok(device)
    }
}

fn no_such_device(acl: &Acl, ordinal: u32) -> Error {
    let there = match acl.device_count() {
        Ok(0) => text!("this process sees none"),
        Ok(1) => text!("the only one is device 0"),
        Ok(count) => text!("there are devices 0 to {last}", last = count - 1),
        Err(_) => text!("and the driver cannot tell how many there are"),
    };
    let message = text!(
        "there is no device {ordinal}: {there}; choose another, or check ASCEND_RT_VISIBLE_DEVICES",
        ordinal,
        there
    );
    Error::new(ErrorKind::Device, message)
}

impl Drop for DeviceInner {
    fn drop(&mut self) {
        let former = ThreadBinding::save(&self.acl);
        let id = i32::try_from(self.ordinal).unwrap_or_default();
        // SAFETY: this count of the device is ours; contexts, streams and memory
        // made from it hold this value, so none is alive.
        let status = unsafe { self.acl.api().aclrtResetDevice(id) };
        if let Err(error) = self.acl.check("aclrtResetDevice", status) {
            tracing::error!(device = self.ordinal, %error, "cannot give the device back");
        }
        // the device's own context is gone with it
        if let Ok(former) = former
            && !former.is(self.primary)
        {
            former.restore(&self.acl);
        }
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("ordinal", &self.0.ordinal)
            .finish_non_exhaustive()
    }
}

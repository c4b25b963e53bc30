//! A session of profiling, whose data is left in a folder.

use std::ffi::CString;
use std::fs;
use std::mem;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;

use ascend_sys::{ProfApi, aclprofConfig};

use super::data::{Data, Metrics};
use crate::acl::Acl;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};

/// How a session of profiling collects: from which devices, and what.
#[derive(Clone, Debug)]
pub struct ProfilerOptions {
    devices: Vec<Device>,
    data: Data,
    metrics: Option<Metrics>,
}

impl Default for ProfilerOptions {
    fn default() -> Self {
        Self {
            devices: Vec::new(),
            data: Data::API | Data::TASK_TIME | Data::AICORE_METRICS | Data::AICPU | Data::MARKS,
            metrics: Some(Metrics::Pipe),
        }
    }
}

impl ProfilerOptions {
    /// What tells of operators, calls and marks; name the devices too.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Collects from this device too.
    #[must_use]
    pub fn device(mut self, device: &Device) -> Self {
        self.devices.push(device.clone());
        self
    }

    /// Collects this. Without a device only [`Data::API`], [`Data::RUNTIME_API`] and
    /// [`Data::MARKS`] are possible, which the host has.
    #[must_use]
    pub fn data(mut self, data: Data) -> Self {
        self.data = data;
        self
    }

    /// Reads these counters of the AI cores, if [`Data::AICORE_METRICS`] are collected.
    #[must_use]
    pub fn metrics(mut self, metrics: Option<Metrics>) -> Self {
        self.metrics = metrics;
        self
    }
}

/// A session of profiling: it collects until it is dropped or [stopped](Profiler::stop).
///
/// There is one in a process at a time, and none beside a [`Subscription`](super::Subscription):
/// the runtime refuses it with a code that the error explains. Usable from any thread.
///
/// On an NPU the folder then holds raw data in `PROF_…`, which `msprof --export=on --output=FOLDER`
/// makes tables of; the CPU device writes the tables at once. `ascend profile FOLDER` reads both.
///
/// C API: `aclprofInit`, `aclprofStart`, `aclprofStop`, `aclprofFinalize`, `acl_prof.h`.
#[derive(Debug)]
pub struct Profiler {
    acl: Acl,
    config: *const aclprofConfig,
    is_started: bool,
    is_open: bool,
    folder: PathBuf,
    data: Data,
    /// Kept, for a session ends before its devices are given back.
    _devices: Vec<Device>,
}

// SAFETY: a configuration belongs to the process, not to a thread.
unsafe impl Send for Profiler {}
// SAFETY: as above; marks have stamps of their own, and nothing in here changes while it is shared.
unsafe impl Sync for Profiler {}

impl Acl {
    /// Begins a session of profiling that leaves its data in `folder`, which is made if it is not
    /// there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the folder cannot be made, [`ErrorKind::InvalidArgument`] when another
    /// session or a subscription is alive in this process or an option is not possible,
    /// [`ErrorKind::Unsupported`] when the chip lacks a kind of data, [`ErrorKind::Library`] when
    /// CANN's profiler is not installed.
    #[doc(alias = "aclprofInit")]
    #[doc(alias = "aclprofStart")]
    pub fn profile(&self, folder: impl AsRef<Path>, options: &ProfilerOptions) -> Result<Profiler> {
        let folder = folder.as_ref();
        let session = self.begin_profile(folder, options);
        session.map_err(|error| {
            error.while_doing(format_args!("cannot profile into {}", folder.display()))
        })
    }

    fn begin_profile(&self, folder: &Path, options: &ProfilerOptions) -> Result<Profiler> {
        let mut devices = Vec::new();
        for device in &options.devices {
            if !device.acl().is(self) {
                let message = "a device belongs to another runtime: make both from one `Acl`";
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            devices.push(device.ordinal());
        }
        let prof = self.prof()?;
        let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize());
        let folder = made.map_err(|error| {
            let message = format!("{error}: choose a folder that can be written");
            Error::new(ErrorKind::Io, message)
        })?;
        let path = CString::new(folder.as_os_str().as_bytes())
            .map_err(|_| Error::new(ErrorKind::Io, "the path holds a NUL: choose another"))?;
        // SAFETY: a NUL-terminated text and its length.
        let status = unsafe { prof.aclprofInit(path.as_ptr(), path.as_bytes().len()) };
        self.check("aclprofInit", status)?;
        // From here on the session is ours to end, also on the error path.
        let mut profiler = Profiler {
            acl: self.clone(),
            config: ptr::null(),
            is_started: false,
            is_open: true,
            folder,
            data: options.data,
            _devices: options.devices.clone(),
        };
        profiler.start(prof, &mut devices, options)?;
        Ok(profiler)
    }
}

impl Profiler {
    fn start(
        &mut self,
        prof: &ProfApi,
        devices: &mut [u32],
        options: &ProfilerOptions,
    ) -> Result<()> {
        let count = u32::try_from(devices.len()).unwrap_or(u32::MAX);
        let list = if devices.is_empty() {
            ptr::null_mut()
        } else {
            devices.as_mut_ptr()
        };
        let metrics = Metrics::raw(options.metrics);
        let data = options.data.bits();
        // SAFETY: as many numbers as are told, read during the call; events are reserved.
        let config = unsafe { prof.aclprofCreateConfig(list, count, metrics, ptr::null(), data) };
        let config = self.acl.value(config)?;
        if config.is_null() {
            return Err(self.acl.refused(
                "aclprofCreateConfig",
                "the options of profiling are not possible: check the devices and the metrics",
            ));
        }
        self.config = config;
        // SAFETY: a configuration that is alive.
        let status = unsafe { prof.aclprofStart(self.config) };
        self.acl.check("aclprofStart", status)?;
        self.is_started = true;
        Ok(())
    }

    /// The folder that the data is left in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the session and tells its folder.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the data cannot be written, [`ErrorKind::Execution`] when the profiler
    /// failed. The session is over in any case.
    #[doc(alias = "aclprofStop")]
    #[doc(alias = "aclprofFinalize")]
    pub fn stop(mut self) -> Result<PathBuf> {
        self.end().map_err(|error| {
            let folder = self.folder.display();
            error.while_doing(format_args!("cannot end the profile in {folder}"))
        })?;
        Ok(self.folder.clone())
    }

    /// Goes through all steps, whatever one of them says.
    fn end(&mut self) -> Result<()> {
        if !self.is_open {
            return Ok(());
        }
        self.is_open = false;
        let acl = self.acl.clone();
        let prof = acl.prof()?;
        let mut stopped = Ok(());
        if self.is_started {
            // SAFETY: the configuration that was started.
            let status = unsafe { prof.aclprofStop(self.config) };
            stopped = self.acl.check("aclprofStop", status);
        }
        let mut destroyed = Ok(());
        if stopped.is_ok() {
            destroyed = self.destroy(prof);
        }
        // SAFETY: the session is ours.
        let status = unsafe { prof.aclprofFinalize() };
        let finalized = self.acl.check("aclprofFinalize", status);
        // What is collected still is not destroyed.
        if finalized.is_ok() {
            destroyed = destroyed.and(self.destroy(prof));
        }
        stopped.and(destroyed).and(finalized)
    }

    /// Destroys the configuration, by which nothing may be collected any more.
    fn destroy(&mut self, prof: &ProfApi) -> Result<()> {
        let config = mem::replace(&mut self.config, ptr::null());
        if config.is_null() {
            return Ok(());
        }
        // SAFETY: ours, and nothing is collected by it any more.
        let status = unsafe { prof.aclprofDestroyConfig(config) };
        self.acl.check("aclprofDestroyConfig", status)
    }

    pub(super) fn acl(&self) -> &Acl {
        &self.acl
    }

    /// Refuses marks in a session that does not collect them.
    pub(super) fn must_mark(&self) -> Result<()> {
        if self.data.contains(Data::MARKS) {
            return Ok(());
        }
        let message = "this session of profiling collects no marks: start it with Data::MARKS";
        Err(Error::new(ErrorKind::InvalidArgument, message))
    }
}

impl Drop for Profiler {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, folder = %self.folder.display(), "cannot end the profile");
        }
    }
}

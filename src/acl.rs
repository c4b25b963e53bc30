//! The loaded runtime: CANN's libraries, or the CPU device.

mod origin;

use std::collections::HashMap;
use std::ffi::CStr;
use std::fmt;
use std::path::Path;
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use ascend_graph::text;
use ascend_sys::{AclApi, Libraries, LoadError, ProfApi, aclrtRunMode};

pub(crate) use self::origin::Origin;
use self::origin::not_loaded;
use crate::acl_config::{AclConfig, Handed};
use crate::device::{Device, DeviceInner};
use crate::error::{Error, ErrorKind, Result};
use crate::exception::Registered;

/// The initialised runtime that everything else is made from.
///
/// A cheap handle: clones share one runtime, which is finalised when the last object made from
/// it is gone. Usable from any thread.
///
/// C API: `aclInit`, `aclFinalizeReference`, `acl.h`.
#[derive(Clone)]
pub struct Acl(Arc<Loaded>);

pub(crate) struct Loaded {
    pub(crate) api: AclApi,
    pub(crate) origin: Origin,
    /// The profiler's functions, once they were needed.
    pub(crate) prof: OnceLock<ProfApi>,
    devices: Mutex<HashMap<u32, Weak<DeviceInner>>>,
    exceptions: Registered,
}

/// CANN's own state is process-wide, so the library is loaded once and shared.
static CANN: Mutex<Weak<Loaded>> = Mutex::new(Weak::new());

impl Acl {
    /// The CANN installed on this machine.
    ///
    /// Looked for in `LD_LIBRARY_PATH`, `ASCEND_TOOLKIT_HOME`, `ASCEND_HOME_PATH` and the usual
    /// install folders, in this order, as the dynamic linker would for a program linked to it.
    /// The environment is trusted as far as that linker trusts it. [`AclConfig::load`] starts it with
    /// a configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Library`] when no CANN is found (the text lists where it was looked for), or
    /// when one is found that cannot be opened or initialised.
    #[doc(alias = "aclInit")]
    pub fn load() -> Result<Self> {
        // SAFETY: the environment names the CANN libraries, as it does for linked programs.
        Self::intern(|| unsafe { Libraries::open() }, None)
    }

    /// The CANN library in this file or folder.
    ///
    /// If a CANN is loaded already, that one is returned: its state is process-wide.
    ///
    /// # Errors
    ///
    /// As for [`Acl::load`].
    ///
    /// # Safety
    ///
    /// The path leads to CANN's libraries, or to ones that keep to the same C interface.
    pub unsafe fn load_from(path: &Path) -> Result<Self> {
        // SAFETY: the caller vouches for the path.
        Self::intern(|| unsafe { Libraries::open_path(path) }, None)
    }

    /// The runtime behind a table of C functions.
    ///
    /// # Errors
    ///
    /// What `aclInit` answers.
    ///
    /// # Safety
    ///
    /// The functions keep to AscendCL's rules for as long as the process runs.
    pub unsafe fn from_api(api: AclApi) -> Result<Self> {
        Self::init(api, Origin::Table, None)
    }

    /// As [`Acl::from_api`], started with a configuration.
    ///
    /// # Errors
    ///
    /// As for [`Acl::from_api`] and [`AclConfig::to_json`].
    ///
    /// # Safety
    ///
    /// As for [`Acl::from_api`].
    pub unsafe fn from_api_with(api: AclApi, config: &AclConfig) -> Result<Self> {
        Self::init(api, Origin::Table, config.hand_over()?.as_ref())
    }

    pub(crate) fn load_configured(config: &AclConfig) -> Result<Self> {
        let file = config.hand_over()?;
        // SAFETY: as in `load`.
        Self::intern(|| unsafe { Libraries::open() }, file.as_ref())
    }

    #[cfg(feature = "mock")]
    pub(crate) fn mock_configured(
        mock: ascend_mock::MockConfig,
        config: &AclConfig,
    ) -> Result<Self> {
        let file = config.hand_over()?;
        let (api, lease) = ascend_mock::lease(mock)?;
        Self::init(api, Origin::Mock { lease }, file.as_ref())
    }

    #[cfg(feature = "mock")]
    pub(crate) fn auto_configured(
        mock: ascend_mock::MockConfig,
        config: &AclConfig,
    ) -> Result<Self> {
        // SAFETY: as in `load`.
        match unsafe { Libraries::open() } {
            Err(LoadError::NotInstalled { .. }) => {
                tracing::warn!("no CANN is installed: using the built-in CPU device");
                Self::mock_configured(mock, config)
            }
            found => Self::intern(|| found, config.hand_over()?.as_ref()),
        }
    }

    /// A CPU device of its own: several may live side by side in one process.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when too many are alive at once, and
    /// [`ErrorKind::InvalidArgument`] when the configuration asks for what there is not.
    #[cfg(feature = "mock")]
    pub fn mock(config: ascend_mock::MockConfig) -> Result<Self> {
        Self::mock_configured(config, &AclConfig::default())
    }

    /// CANN where it is installed, and otherwise the CPU device, with a warning in the log.
    ///
    /// A CANN that is installed and fails is an error, never a reason to fall back. The CPU device
    /// is the one that the environment describes
    /// ([`MockConfig::from_env`](ascend_mock::MockConfig::from_env)).
    ///
    /// # Errors
    ///
    /// As for [`Acl::load`], except that a missing CANN is none, and as for [`Acl::mock`].
    #[cfg(feature = "mock")]
    pub fn auto() -> Result<Self> {
        Self::auto_with(ascend_mock::MockConfig::from_env()?)
    }

    /// As [`Acl::auto`], with a CPU device of this configuration.
    ///
    /// # Errors
    ///
    /// As for [`Acl::auto`].
    #[cfg(feature = "mock")]
    pub fn auto_with(config: ascend_mock::MockConfig) -> Result<Self> {
        Self::auto_configured(config, &AclConfig::default())
    }

    fn intern(
        open: impl FnOnce() -> Result<Libraries, LoadError>,
        config: Option<&Handed>,
    ) -> Result<Self> {
        let mut interned = CANN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = interned.upgrade() {
            return match config {
                Some(file) => Err(runs_already(file)),
                None => Ok(Self(loaded)),
            };
        }
        let libraries =
            open().map_err(|error| Error::new(ErrorKind::Library, not_loaded(&error)))?;
        let path = libraries.paths().next().unwrap_or(Path::new("")).to_owned();
        // SAFETY: these are CANN's libraries, whose functions have the header's signatures.
        let api = unsafe { AclApi::from_libraries(&libraries) };
        let acl = Self::init(api, Origin::Cann { path, libraries }, config)?;
        tracing::info!(library = %acl.0.origin, version = ?acl.version(), "loaded");
        *interned = Arc::downgrade(&acl.0);
        Ok(acl)
    }

    #[allow(
        clippy::large_types_passed_by_value,
        reason = "it moves into the handle"
    )]
    fn init(api: AclApi, origin: Origin, config: Option<&Handed>) -> Result<Self> {
        /// Another part of the process was first: the count rises all the same.
        const REPEAT_INITIALIZE: i32 = 100_002;
        let _span = tracing::debug_span!("start", runtime = %origin).entered();
        let acl = Self(Arc::new(Loaded {
            api,
            origin,
            prof: OnceLock::new(),
            devices: Mutex::default(),
            exceptions: Registered::default(),
        }));
        let path = config.map_or(ptr::null(), |file| file.c_path().as_ptr());
        // SAFETY: NULL, or the NUL-terminated path of a file that stays during the call.
        let status = unsafe { acl.api().aclInit(path) };
        let Err(error) = acl.check("aclInit", status) else {
            return Ok(acl);
        };
        let is_repeated = error
            .code()
            .is_some_and(|code| code.get() == REPEAT_INITIALIZE);
        match config {
            None if is_repeated => Ok(acl),
            Some(file) if is_repeated => Err(runs_already(file)),
            None => Err(error.while_doing(text!(
                "cannot start {runtime}",
                runtime = acl.0.origin.text()
            ))),
            Some(file) => {
                let doing = text!(
                    "cannot start {runtime} with {file}",
                    runtime = acl.0.origin.text(),
                    file = file.told()
                );
                Err(error.while_doing(doing))
            }
        }
    }

    pub(crate) fn loaded(&self) -> &Loaded {
        &self.0
    }

    pub(crate) fn devices(&self) -> &Mutex<HashMap<u32, Weak<DeviceInner>>> {
        &self.0.devices
    }

    /// Who listens to exceptions.
    pub(crate) fn exceptions(&self) -> &Registered {
        &self.0.exceptions
    }

    /// Whether `self` and `other` are the same runtime.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The library file that the functions come from, or `None` for the CPU device.
    #[must_use]
    pub fn library(&self) -> Option<&Path> {
        if let Origin::Cann { path, .. } = &self.0.origin {
            Some(path)
        } else {
            None
        }
    }

    /// Whether this is the built-in CPU device.
    #[must_use]
    pub fn is_mock(&self) -> bool {
        match &self.0.origin {
            #[cfg(feature = "mock")]
            Origin::Mock { .. } => true,
            _ => false,
        }
    }

    /// The interface's version: major, minor, patch.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingSymbol`] when the library is too old to say.
    #[doc(alias = "aclrtGetVersion")]
    pub fn version(&self) -> Result<(i32, i32, i32)> {
        let (mut major, mut minor, mut patch) = (0, 0, 0);
        // SAFETY: three valid pointers.
        let status = unsafe {
            self.api()
                .aclrtGetVersion(&raw mut major, &raw mut minor, &raw mut patch)
        };
        self.check("aclrtGetVersion", status)?;
        Ok((major, minor, patch))
    }

    /// The chip's name, such as `Ascend310P3`: what `atc --soc_version` takes.
    ///
    /// `None` where the driver cannot tell.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingSymbol`] when the library lacks the function.
    #[doc(alias = "aclrtGetSocName")]
    pub fn soc_name(&self) -> Result<Option<String>> {
        // SAFETY: no argument.
        let name = self.value(unsafe { self.api().aclrtGetSocName() })?;
        if name.is_null() {
            return Ok(None);
        }
        // SAFETY: a text that lives as long as the process.
        Ok(Some(
            unsafe { CStr::from_ptr(name) }
                .to_string_lossy()
                .into_owned(),
        ))
    }

    /// Whether this process runs on the device's own processor, as on a board, rather than on a
    /// host beside it.
    ///
    /// # Errors
    ///
    /// What `aclrtGetRunMode` answers.
    #[doc(alias = "aclrtGetRunMode")]
    pub fn runs_on_device(&self) -> Result<bool> {
        let mut mode = aclrtRunMode::ACL_HOST;
        // SAFETY: a valid pointer.
        let status = unsafe { self.api().aclrtGetRunMode(&raw mut mode) };
        self.check("aclrtGetRunMode", status)?;
        Ok(mode == aclrtRunMode::ACL_DEVICE)
    }

    /// How many devices this process can see.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when the driver cannot tell.
    #[doc(alias = "aclrtGetDeviceCount")]
    pub fn device_count(&self) -> Result<u32> {
        let mut count = 0;
        // SAFETY: a valid pointer.
        let status = unsafe { self.api().aclrtGetDeviceCount(&raw mut count) };
        self.check("aclrtGetDeviceCount", status)?;
        Ok(count)
    }

    /// Opens device `ordinal`, counted from 0.
    ///
    /// Handles of one device share it; the last one gives it back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when there is no such device or it cannot be started.
    #[doc(alias = "aclrtSetDevice")]
    pub fn device(&self, ordinal: u32) -> Result<Device> {
        Device::open(self, ordinal)
    }
}

fn runs_already(file: &Handed) -> Error {
    let message = format!(
        "the runtime of this process was started before {} could be given to it: start it with that first, \
         before anything else loads it",
        file.told()
    );
    Error::new(ErrorKind::InvalidArgument, message)
}

impl fmt::Debug for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Acl").field(&self.0.origin).finish()
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // The last of its functions may be there still.
        self.exceptions.end(&self.api);
        // Counted: another part of the process may still use the runtime. Where
        // the function is missing, not finalising is the only safe thing.
        // SAFETY: the count's output may be left out; all objects made from this runtime
        // hold it, so none is alive.
        if let Ok(status @ 1..) = unsafe { self.api.aclFinalizeReference(ptr::null_mut()) } {
            tracing::error!(status, "aclFinalizeReference failed");
        }
    }
}

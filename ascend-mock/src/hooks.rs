//! Functions of the program that initialisation, devices and streams call as they come and go.

use std::ffi::OsStr;
use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_INTERNAL_ERROR, aclError, aclRegisterCallbackType, aclrtDeviceState,
    aclrtDeviceTaskAbortStage, aclrtStreamState,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;
use crate::threads;

/// Gets the text of the configuration file.
pub(crate) type InitHook = Arc<dyn Fn(&[u8]) -> aclError + Send + Sync>;
pub(crate) type FinalizeHook = Arc<dyn Fn() -> aclError + Send + Sync>;
/// Gets a stream's handle.
pub(crate) type StreamHook = Arc<dyn Fn(u64, aclrtStreamState) + Send + Sync>;
pub(crate) type DeviceHook = Arc<dyn Fn(u32, aclrtDeviceState) + Send + Sync>;
/// Gets a device, and the milliseconds that the abort of its tasks may take.
pub(crate) type AbortHook =
    Arc<dyn Fn(u32, aclrtDeviceTaskAbortStage, u32) -> aclError + Send + Sync>;

/// All that the program registered.
#[derive(Default)]
pub(crate) struct Hooks {
    init: Components<InitHook>,
    finalize: Components<FinalizeHook>,
    pub(crate) streams: Named<StreamHook>,
    pub(crate) devices: Named<DeviceHook>,
    pub(crate) aborts: Named<AbortHook>,
}

/// Which part of the program registers a function, and the function's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    component: aclRegisterCallbackType,
    function: usize,
}

impl Key {
    /// Refuses a component that there is not.
    pub(crate) fn new(component: aclRegisterCallbackType, function: usize) -> Result<Self, Fault> {
        let last = aclRegisterCallbackType::ACL_REG_TYPE_ACL_RETR;
        if component.0 > last.0 && !is_other(component) {
            return Err(Fault::argument(format!(
                "{} is no type of callback",
                component.0
            )));
        }
        Ok(Self {
            component,
            function,
        })
    }
}

/// The only component that may have several functions.
fn is_other(component: aclRegisterCallbackType) -> bool {
    component == aclRegisterCallbackType::ACL_REG_TYPE_OTHER
}

/// Functions by component, in order of registration.
struct Components<F>(Mutex<Vec<(Key, F)>>);

impl<F> Default for Components<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F: Clone> Components<F> {
    ///
    fn add(&self, key: Key, function: F) -> Result<(), Fault> {
        let mut functions = lock(&self.0);
        let same = |(known, _): &(Key, F)| known.component == key.component;
        if !is_other(key.component) && functions.iter().any(same) {
            return Err(Fault::new(
                ACL_ERROR_INTERNAL_ERROR,
                format!(
                    "component {} has registered a callback already",
                    key.component.0
                ),
            ));
        }
        functions.push((key, function));
        Ok(())
    }

    ///
    fn remove(&self, key: Key) -> Result<(), Fault> {
        let mut functions = lock(&self.0);
        let position = functions.iter().position(|(known, _)| *known == key);
        let position = position.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_INTERNAL_ERROR,
                "this callback was not registered for this component",
            )
        })?;
        functions.remove(position);
        Ok(())
    }

    /// Calls all; the first code that is not 0 ends it.
    fn call(&self, mut call: impl FnMut(&F) -> aclError) -> Result<(), Fault> {
        let functions: Vec<F> = lock(&self.0).iter().map(|(_, f)| f.clone()).collect();
        functions
            .iter()
            .try_for_each(|function| check(call(function)))
    }
}

fn check(code: aclError) -> Result<(), Fault> {
    match code {
        0 => Ok(()),
        code => Err(Fault::new(code, "a registered callback answered this code")),
    }
}

/// Functions by names that are given once.
pub(crate) struct Named<F>(Mutex<Vec<(Vec<u8>, F)>>);

impl<F> Default for Named<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F: Clone> Named<F> {
    /// Registers a function, or takes it back with `None`.
    pub(crate) fn set(&self, name: &[u8], function: Option<F>) -> Result<(), Fault> {
        let mut functions = lock(&self.0);
        let position = functions.iter().position(|(known, _)| known == name);
        match (position, function) {
            (None, Some(function)) => functions.push((name.to_vec(), function)),
            (Some(position), None) => drop(functions.remove(position)),
            (Some(_), Some(_)) => {
                let name = String::from_utf8_lossy(name);
                return Err(Fault::runtime_argument(format!(
                    "a callback is registered as {name:?} already"
                )));
            }
            (None, None) => {
                let name = String::from_utf8_lossy(name);
                return Err(Fault::runtime_argument(format!(
                    "no callback is registered as {name:?}"
                )));
            }
        }
        Ok(())
    }

    /// Calls all, on the calling thread.
    pub(crate) fn call(&self, mut call: impl FnMut(&F)) {
        let functions: Vec<F> = lock(&self.0).iter().map(|(_, f)| f.clone()).collect();
        functions.iter().for_each(&mut call);
    }
}

impl Entry<'_> {
    /// `aclInit`, with the callbacks.
    pub(crate) fn initialize(&self, path: Option<&OsStr>) -> Result<(), Fault> {
        self.world.initialize(path)?;
        let config = self.world.configuration();
        let outcome = self.world.hooks.init.call(|hook| hook(&config));
        if outcome.is_err() {
            self.world.take_back_initialization();
        }
        outcome
    }

    pub(crate) fn finalize(&self) -> Result<(), Fault> {
        if self.world.is_initialized() {
            self.world.hooks.finalize.call(|hook| hook())?;
        }
        self.tear_down()
    }

    /// The callbacks run when the last initialisation is taken back.
    pub(crate) fn finalize_reference(&self) -> (u64, Result<(), Fault>) {
        if self.world.is_initialized_once()
            && let Err(fault) = self.world.hooks.finalize.call(|hook| hook())
        {
            return (1, Err(fault));
        }
        self.take_back_reference()
    }

    /// A library that is initialised already calls the function at once.
    pub(crate) fn register_init_hook(&self, key: Key, hook: &InitHook) -> Result<(), Fault> {
        self.world.hooks.init.add(key, Arc::clone(hook))?;
        if self.world.is_initialized() {
            return check(hook(&self.world.configuration()));
        }
        Ok(())
    }

    pub(crate) fn unregister_init_hook(&self, key: Key) -> Result<(), Fault> {
        self.world.hooks.init.remove(key)
    }

    pub(crate) fn register_finalize_hook(&self, key: Key, hook: FinalizeHook) -> Result<(), Fault> {
        self.world.hooks.finalize.add(key, hook)
    }

    pub(crate) fn unregister_finalize_hook(&self, key: Key) -> Result<(), Fault> {
        self.world.hooks.finalize.remove(key)
    }

    /// Tells of a stream that was made.
    pub(crate) fn stream_came(&self, stream: u64) {
        let state = aclrtStreamState::ACL_RT_STREAM_STATE_CREATE_POST;
        threads::as_callback(|| self.world.hooks.streams.call(|hook| hook(stream, state)));
    }

    /// Tells of a stream that is about to go.
    pub(crate) fn stream_goes(&self, stream: u64) {
        let state = aclrtStreamState::ACL_RT_STREAM_STATE_DESTROY_PRE;
        threads::as_callback(|| self.world.hooks.streams.call(|hook| hook(stream, state)));
    }

    /// Tells of a device that comes or goes.
    pub(crate) fn device_changes(&self, device: u32, state: aclrtDeviceState) {
        threads::as_callback(|| self.world.hooks.devices.call(|hook| hook(device, state)));
    }

    /// Tells of an abort of a device's tasks. The first answer that is not 0 ends it.
    pub(crate) fn abort_comes(
        &self,
        device: u32,
        stage: aclrtDeviceTaskAbortStage,
        milliseconds: u32,
    ) -> Result<(), Fault> {
        let mut outcome = Ok(());
        let mut call = |hook: &AbortHook| {
            if outcome.is_ok() {
                outcome = check(hook(device, stage, milliseconds));
            }
        };
        threads::as_callback(|| self.world.hooks.aborts.call(&mut call));
        outcome
    }
}

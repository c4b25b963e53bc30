//! The runtime's one callback.
//!
//! The C function has no argument for the program's own data, so each runtime gets one of a few C
//! functions that differ in a number, by which the functions of its program are found. It is
//! registered for the first of them, and stays so until the runtime ends: taking it back may wait for
//! a call that is under way, and so for the program.

use std::panic::catch_unwind;
use std::sync::{Arc, Mutex, OnceLock};

use ascend_sys::{
    ACL_ERROR_API_NOT_SUPPORT, ACL_ERROR_RT_FEATURE_NOT_SUPPORT, AclApi, MissingSymbol, aclError,
    aclrtExceptionInfo, aclrtExceptionInfoCallback,
};

use super::hub::{Hub, Questions, lock};
use crate::acl::Acl;
use crate::error::{AclCode, Error, ErrorKind, Result};

/// Runtimes that had handlers and did not end, which there can be in a process at once.
const SLOTS: usize = 16;

/// What belongs to the C functions, by their numbers.
static PLACES: [Mutex<Place>; SLOTS] = [const { Mutex::new(Place::NEW) }; SLOTS];

/// The C functions.
const CALLBACKS: [aclrtExceptionInfoCallback; SLOTS] = [
    Some(told::<0>),
    Some(told::<1>),
    Some(told::<2>),
    Some(told::<3>),
    Some(told::<4>),
    Some(told::<5>),
    Some(told::<6>),
    Some(told::<7>),
    Some(told::<8>),
    Some(told::<9>),
    Some(told::<10>),
    Some(told::<11>),
    Some(told::<12>),
    Some(told::<13>),
    Some(told::<14>),
    Some(told::<15>),
];

/// What belongs to a C function.
struct Place {
    /// The library that may call it, which stays: nobody can be sure that it never does so again, and
    /// what it hands over is of no use to another one.
    questions: Option<Questions>,
    /// Whose it is, until that runtime took it back.
    hub: Option<Arc<Hub>>,
}

/// What a runtime has registered.
#[derive(Default)]
pub(crate) struct Registered {
    set: OnceLock<(Slot, Arc<Hub>)>,
    /// Held while the runtime is told; by nothing else.
    telling: Mutex<()>,
}

#[derive(Clone, Copy)]
struct Slot {
    index: usize,
    /// By the function of which there can be several, rather than by that of the one place.
    is_one_of_many: bool,
}

impl Place {
    const NEW: Self = Self {
        questions: None,
        hub: None,
    };

    /// Takes it for `hub`, if it is free.
    fn take(&mut self, hub: &Arc<Hub>) -> bool {
        let known = self.questions.get_or_insert(hub.questions);
        let is_free = self.hub.is_none() && known.are(&hub.questions);
        if is_free {
            self.hub = Some(Arc::clone(hub));
        }
        is_free
    }
}

impl Registered {
    /// Where failures go, if the runtime was told.
    pub(super) fn hub(&self) -> Option<&Arc<Hub>> {
        self.set.get().map(|(_, hub)| hub)
    }

    /// Where failures go, of which the runtime is told if it is not yet.
    pub(super) fn listen(&self, acl: &Acl) -> Result<&Arc<Hub>> {
        let _telling = lock(&self.telling);
        if let Some((slot, hub)) = self.set.get() {
            // Other code may have taken the one place meanwhile.
            if !slot.is_one_of_many {
                set(acl, slot.index)?;
            }
            return Ok(hub);
        }
        let registered = register(acl)?;
        Ok(&self.set.get_or_init(|| registered).1)
    }

    /// Takes the C function back as the runtime ends.
    pub(crate) fn end(&mut self, api: &AclApi) {
        let Some((slot, hub)) = self.set.take() else {
            return;
        };
        let handlers = hub.clear();
        let (symbol, status) = slot.unregister(api);
        if status == Ok(0) {
            lock(&PLACES[slot.index]).hub = None;
        } else {
            // It may go on to call it, and nobody else may get that.
            tracing::error!(symbol, "cannot take back the function for exceptions");
        }
        drop(handlers);
    }
}

impl Slot {
    /// Takes the C function back from the runtime.
    fn unregister(self, api: &AclApi) -> (&'static str, Result<aclError, MissingSymbol>) {
        if self.is_one_of_many {
            // SAFETY: it was registered.
            let status = unsafe { api.aclrtExceptionInfoCallbackUnregister(CALLBACKS[self.index]) };
            ("aclrtExceptionInfoCallbackUnregister", status)
        } else {
            // SAFETY: NULL clears it.
            let status = unsafe { api.aclrtSetExceptionInfoCallback(None) };
            ("aclrtSetExceptionInfoCallback", status)
        }
    }
}

/// Takes a free C function, and hands it to the runtime.
fn register(acl: &Acl) -> Result<(Slot, Arc<Hub>)> {
    let hub = Arc::new(Hub::new(acl.api()));
    let Some(index) = PLACES.iter().position(|place| lock(place).take(&hub)) else {
        let message = format!(
            "cannot listen to exceptions: {SLOTS} runtimes of this process do so already, or could not be kept from \
             it; end one of them first"
        );
        return Err(Error::new(ErrorKind::OutOfMemory, message));
    };
    match hand_over(acl, index) {
        Ok(slot) => Ok((slot, hub)),
        Err(error) => {
            lock(&PLACES[index]).hub = None;
            Err(error.while_doing("cannot listen to exceptions"))
        }
    }
}

fn hand_over(acl: &Acl, index: usize) -> Result<Slot> {
    let api = acl.api();
    let slot = |is_one_of_many| Slot {
        index,
        is_one_of_many,
    };
    if api.aclrtExceptionInfoCallbackRegister.is_some() {
        // SAFETY: a function that lives as long as the process.
        let status = unsafe { api.aclrtExceptionInfoCallbackRegister(CALLBACKS[index]) };
        match acl.check("aclrtExceptionInfoCallbackRegister", status) {
            Err(error) if is_unsupported(&error) => {}
            registered => return registered.map(|()| slot(true)),
        }
    }
    set(acl, index)?;
    Ok(slot(false))
}

/// Puts a C function into the one place.
fn set(acl: &Acl, index: usize) -> Result<()> {
    // SAFETY: a function that lives as long as the process.
    let status = unsafe { acl.api().aclrtSetExceptionInfoCallback(CALLBACKS[index]) };
    acl.check("aclrtSetExceptionInfoCallback", status)
}

fn is_unsupported(error: &Error) -> bool {
    let code = error.code().map(AclCode::get);
    matches!(
        code,
        Some(ACL_ERROR_RT_FEATURE_NOT_SUPPORT | ACL_ERROR_API_NOT_SUPPORT)
    )
}

/// What the runtime calls for each failure of the runtime that has this number.
unsafe extern "C" fn told<const SLOT: usize>(info: *mut aclrtExceptionInfo) {
    let tell = || {
        let hub = lock(&PLACES[SLOT]).hub.clone();
        if let Some(hub) = hub.filter(|hub| hub.has_listeners()) {
            // SAFETY: the runtime hands it to this call.
            let exception = unsafe { hub.questions.ask(info) };
            hub.tell(&exception);
        }
    };
    // A panic must not get into C.
    if catch_unwind(tell).is_err() {
        tracing::error!("a failure of a device could not be told");
    }
}

//! The places for worlds in this process. C functions have no `self`: each slot has functions of
//! its own, and they find their world by the slot's number.

use std::error::Error;
use std::ffi::CStr;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::time::Duration;

use ascend_sys::AclApi;

use crate::abi;
use crate::config::{ConfigError, MockConfig};
use crate::findings::Finding;
use crate::injection::Injection;
use crate::ledger::{Call, Ledger};
use crate::log;
use crate::sync::{Deadline, lock, read, wait_until, write};
use crate::world::World;

/// How many worlds a process can hold at once.
pub(crate) const SLOTS: usize = 8;

/// How long [`lease`] waits for a slot.
const PATIENCE: Duration = Duration::from_mins(1);

static WORLDS: [RwLock<Option<Arc<World>>>; SLOTS] = [const { RwLock::new(None) }; SLOTS];
static TAKEN: Mutex<[bool; SLOTS]> = Mutex::new([false; SLOTS]);
static RELEASED: Condvar = Condvar::new();

pub(crate) fn world(slot: usize) -> Option<Arc<World>> {
    read(&WORLDS[slot]).clone()
}

/// Why there is no CPU device to have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaseError {
    /// Every slot stayed in use.
    NoSlot {
        /// How many CPU devices a process can hold at once.
        slots: usize,
        /// How long a free one was waited for.
        waited: Duration,
    },
    /// There is no device of this configuration.
    Config(ConfigError),
}

impl fmt::Display for LeaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlot { slots, waited } => write!(
                f,
                "all {slots} CPU devices of this process were in use for {} s; drop one first",
                waited.as_secs()
            ),
            Self::Config(error) => error.fmt(f),
        }
    }
}

impl Error for LeaseError {}

impl From<ConfigError> for LeaseError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// Makes a CPU device that nobody else shares, and the C functions that reach it.
///
/// A process holds 8 of them at most; when all are in use this waits up to 60 s for one.
///
/// # Errors
///
/// When no slot became free in time, and when the configuration asks for what there is not.
pub fn lease(config: MockConfig) -> Result<(AclApi, Lease), LeaseError> {
    let slot = take_slot(PATIENCE)?;
    let world = World::new(slot, config).inspect_err(|_| give_back_slot(slot))?;
    let world = Arc::new(world);
    *write(&WORLDS[slot]) = Some(Arc::clone(&world));
    Ok((abi::TABLES[slot], Lease { world }))
}

fn take_slot(patience: Duration) -> Result<usize, LeaseError> {
    let deadline = Deadline::after(patience);
    let mut taken = lock(&TAKEN);
    loop {
        if let Some(slot) = taken.iter().position(|taken| !taken) {
            taken[slot] = true;
            return Ok(slot);
        }
        if deadline.is_over() {
            return Err(LeaseError::NoSlot {
                slots: SLOTS,
                waited: patience,
            });
        }
        taken = wait_until(&RELEASED, taken, deadline);
    }
}

fn give_back_slot(slot: usize) {
    lock(&TAKEN)[slot] = false;
    RELEASED.notify_one();
}

/// Holds a CPU device; dropping it ends the device.
///
/// Dropping tells what the program has not given back, if `aclFinalize` has not told it
/// ([`MockConfig::report`]), waits for work that runs, and drops work that has not begun. The C functions of the lease answer 100001
/// from then on.
pub struct Lease {
    world: Arc<World>,
}

impl Lease {
    /// What the program has made and not given back.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.world.ledger()
    }

    /// The calls so far, oldest first; empty unless
    /// [`record_calls`](MockConfig::record_calls) is set.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.world.calls).clone()
    }

    /// The mistakes that strict mode found so far, oldest first.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        lock(&self.world.findings).clone()
    }

    /// Adds a rule by which calls meet with faults from now on.
    ///
    /// # Errors
    ///
    /// When the rule could never apply.
    pub fn inject(&self, rule: Injection) -> Result<(), ConfigError> {
        rule.check().map_err(ConfigError)?;
        self.world.faults.add(rule);
        Ok(())
    }

    /// Tells the report that dropping the lease tells, for a lease that is never dropped: at the
    /// end of the process. Nothing is told twice.
    pub fn report_at_end(&self) {
        self.world.report_at_end();
    }

    /// Writes to the log, as `aclAppLog` does: nothing if one of the texts is missing or the level
    /// is below [`MockConfig::log_level`]; a text above 1024 bytes is cut.
    pub fn app_log(
        &self,
        level: u32,
        function: Option<&CStr>,
        file: Option<&CStr>,
        line: u32,
        text: Option<&CStr>,
    ) {
        self.world.config.environment.log.write(log::Entry {
            level,
            function,
            file,
            line,
            text,
        });
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    #[cfg(test)]
    pub(crate) fn slot(&self) -> usize {
        self.world.slot
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("slot", &self.world.slot)
            .field("config", &self.world.config)
            .finish_non_exhaustive()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Exception callbacks ask the world about what failed.
        self.world.exceptions.end_devices();
        *write(&WORLDS[self.world.slot]) = None;
        self.world.report_at_end();
        self.world.shut_down();
        give_back_slot(self.world.slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_stays_taken_is_reported() {
        // Other tests give slots back meanwhile: these are taken, too.
        let mut held = Vec::new();
        let error = loop {
            match take_slot(Duration::from_millis(20)) {
                Ok(slot) => held.push(slot),
                Err(error) => break error,
            }
        };
        held.into_iter().for_each(give_back_slot);
        assert!(matches!(error, LeaseError::NoSlot { slots: SLOTS, .. }));
        assert!(error.to_string().starts_with("all 8 CPU devices"));
        let (_, lease) = lease(MockConfig::default()).unwrap();
        assert!(lease.ledger().is_empty());
    }
}

//! Snapshots of the process: who may do what when. The CPU device keeps its memory between backup
//! and restore, since nothing takes it away.

use std::ffi::{c_int, c_void};

use ascend_sys::{
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_SNAPSHOT_BACKUP_FAILED,
    ACL_ERROR_SNAPSHOT_LOCK_FAILED, ACL_ERROR_SNAPSHOT_REGISTER_CALLBACK_FAILED,
    ACL_ERROR_SNAPSHOT_RESTORE_FAILED, ACL_ERROR_SNAPSHOT_UNLOCK_FAILED, aclError,
    aclrtSnapShotCallBack, aclrtSnapShotStage,
};

use crate::fault::Fault;
use crate::sync::lock;
use crate::world::World;

/// What the process is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Running,
    Locked,
    BackedUp,
}

#[derive(Default)]
pub(crate) struct Snapshot {
    phase: Phase,
    callbacks: Vec<Callback>,
}

/// A function of the program's, called with each device that is in use.
#[derive(Clone, Copy)]
pub(crate) struct Callback {
    pub(crate) stage: aclrtSnapShotStage,
    pub(crate) function: aclrtSnapShotCallBack,
    /// The program's own, as a number.
    pub(crate) data: usize,
}

impl Callback {
    fn is(&self, stage: aclrtSnapShotStage, function: aclrtSnapShotCallBack) -> bool {
        let address = |function: aclrtSnapShotCallBack| function.map(|function| function as usize);
        self.stage == stage && address(self.function) == address(function)
    }
}

/// A change from one phase to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Lock,
    Backup,
    Restore,
    Unlock,
}

impl Step {
    /// The phases that it starts in, the one that it ends in, and the code of a wrong order.
    fn way(self) -> (&'static [Phase], Phase, aclError) {
        use Phase::{BackedUp, Locked, Running};
        match self {
            Self::Lock => (&[Running], Locked, ACL_ERROR_SNAPSHOT_LOCK_FAILED),
            Self::Backup => (&[Locked], BackedUp, ACL_ERROR_SNAPSHOT_BACKUP_FAILED),
            Self::Restore => (&[BackedUp], Locked, ACL_ERROR_SNAPSHOT_RESTORE_FAILED),
            Self::Unlock => (
                &[Locked, BackedUp],
                Running,
                ACL_ERROR_SNAPSHOT_UNLOCK_FAILED,
            ),
        }
    }

    /// The stages whose functions are called before and after the step.
    pub(crate) fn stages(self) -> (Option<aclrtSnapShotStage>, Option<aclrtSnapShotStage>) {
        use ascend_sys::aclrtSnapShotStage as Stage;
        match self {
            Self::Lock => (Some(Stage::ACL_RT_SNAPSHOT_LOCK_PRE), None),
            Self::Backup => (
                Some(Stage::ACL_RT_SNAPSHOT_BACKUP_PRE),
                Some(Stage::ACL_RT_SNAPSHOT_BACKUP_POST),
            ),
            Self::Restore => (
                Some(Stage::ACL_RT_SNAPSHOT_RESTORE_PRE),
                Some(Stage::ACL_RT_SNAPSHOT_RESTORE_POST),
            ),
            Self::Unlock => (None, Some(Stage::ACL_RT_SNAPSHOT_UNLOCK_POST)),
        }
    }
}

impl World {
    /// Checks what every function of snapshots checks.
    pub(crate) fn check_snapshot(&self, pid: c_int, reserved: *const c_void) -> Result<(), Fault> {
        let own = std::process::id();
        if u32::try_from(pid) != Ok(own) {
            return Err(Fault::argument(format!(
                "process {pid} is not the calling one, {own}; no other can be reached"
            )));
        }
        if !reserved.is_null() {
            return Err(Fault::argument("the last argument is reserved for NULL"));
        }
        if !self.system.family.is_recent() {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                format!("{} has no snapshots", self.profile.name),
            ));
        }
        Ok(())
    }

    /// Checks that a step is the next one.
    pub(crate) fn check_step(&self, step: Step) -> Result<(), Fault> {
        let (from, _, code) = step.way();
        let phase = lock(&self.system.snapshot).phase;
        if !from.contains(&phase) {
            return Err(Fault::new(
                code,
                format!("{step:?} comes after {from:?}, the process is {phase:?}"),
            ));
        }
        Ok(())
    }

    /// Takes a step that was checked.
    pub(crate) fn take_step(&self, step: Step) {
        let (_, to, _) = step.way();
        lock(&self.system.snapshot).phase = to;
    }

    pub(crate) fn snapshot_callbacks(&self, stage: aclrtSnapShotStage) -> Vec<Callback> {
        let snapshot = lock(&self.system.snapshot);
        let chosen = snapshot.callbacks.iter();
        chosen.filter(|call| call.stage == stage).copied().collect()
    }

    pub(crate) fn add_snapshot_callback(&self, callback: Callback) -> Result<(), Fault> {
        let Callback {
            stage, function, ..
        } = callback;
        if function.is_none() {
            return Err(Fault::runtime_argument("callback is NULL"));
        }
        if stage.0 > aclrtSnapShotStage::ACL_RT_SNAPSHOT_UNLOCK_POST.0 {
            return Err(Fault::runtime_argument(format!("{} is no stage", stage.0)));
        }
        let mut snapshot = lock(&self.system.snapshot);
        if snapshot.callbacks.iter().any(|old| old.is(stage, function)) {
            return Err(Fault::new(
                ACL_ERROR_SNAPSHOT_REGISTER_CALLBACK_FAILED,
                "the function is registered for this stage already",
            ));
        }
        snapshot.callbacks.push(callback);
        Ok(())
    }

    pub(crate) fn remove_snapshot_callback(
        &self,
        stage: aclrtSnapShotStage,
        function: aclrtSnapShotCallBack,
    ) -> Result<(), Fault> {
        let mut snapshot = lock(&self.system.snapshot);
        let before = snapshot.callbacks.len();
        snapshot.callbacks.retain(|old| !old.is(stage, function));
        if snapshot.callbacks.len() == before {
            return Err(Fault::runtime_argument(
                "the function is not registered for this stage",
            ));
        }
        Ok(())
    }
}

//! Devices: counted references, and the default context that they keep.

use ascend_sys::{
    ACL_ERROR_RT_CONTEXT_RELEASE_ERROR, ACL_ERROR_RT_NO_DEVICE, aclrtDeviceState,
    aclrtFloatOverflowMode,
};

use crate::context::Queued;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::sync::lock;
use crate::threads;

#[derive(Default)]
pub(crate) struct Device {
    /// One for each `aclrtSetDevice` that no reset has taken back.
    references: Vec<Origin>,
    /// The default context, while there are references or threads use the device by default.
    primary: Option<u64>,
    /// What the program left of the cores of each kind for its operators.
    pub(crate) cores: [Option<u32>; 2],
    /// What the program chose for results that are too large.
    pub(crate) overflow_mode: Option<aclrtFloatOverflowMode>,
}

impl Device {
    pub(crate) fn is_unreferenced(&self) -> bool {
        self.references.is_empty()
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = Live> {
        self.references.iter().map(|&origin| Live {
            kind: Kind::DeviceReference,
            origin,
            bytes: 0,
        })
    }
}

/// How many references a reset takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    One,
    All,
}

impl Entry<'_> {
    /// The devices that the program sees, each by its number among all.
    pub(crate) fn visible(&self) -> Result<&[u32], Fault> {
        let visible = self.world.visible.0.as_deref();
        visible.map_err(|why| Fault::new(ACL_ERROR_RT_NO_DEVICE, why))
    }

    /// R-055…R-059.
    pub(crate) fn set_device(&self, id: i32) -> Result<(), Fault> {
        let ordinal = self.ordinal(id)?;
        self.world.check_stack()?;
        let starts = lock(&self.world.devices)[ordinal as usize].is_unreferenced();
        if starts {
            self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_SET_PRE);
        }
        let mut devices = lock(&self.world.devices);
        let device = &mut devices[ordinal as usize];
        device.references.push(self.origin);
        let primary = self.primary_of(device, ordinal);
        drop(devices);
        threads::bind(self.world, Some(primary));
        if starts {
            self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_SET_POST);
        }
        Ok(())
    }

    fn primary_of(&self, device: &mut Device, ordinal: u32) -> u64 {
        let primary = &mut device.primary;
        *primary.get_or_insert_with(|| self.make_context(ordinal, true))
    }

    /// The default context of a device that a thread uses without setting it.
    pub(crate) fn primary_context(&self, ordinal: u32) -> u64 {
        let mut devices = lock(&self.world.devices);
        self.primary_of(&mut devices[ordinal as usize], ordinal)
    }

    /// Takes the default context of a device that no thread set.
    pub(crate) fn take_unreferenced(&self, ordinal: u32) -> Option<u64> {
        let mut devices = lock(&self.world.devices);
        let device = &mut devices[ordinal as usize];
        device.primary.take_if(|_| device.references.is_empty())
    }

    /// Whether a device is set.
    pub(crate) fn is_active(&self, id: i32) -> Result<bool, Fault> {
        let ordinal = self.ordinal(id)?;
        Ok(!lock(&self.world.devices)[ordinal as usize].is_unreferenced())
    }

    /// R-061…R-070.
    pub(crate) fn reset_device(&self, id: i32, reset: Reset) -> Result<(), Fault> {
        let ordinal = self.ordinal(id)?;
        let mut devices = lock(&self.world.devices);
        let device = &mut devices[ordinal as usize];
        if device.references.pop().is_none() {
            return Err(Fault::new(
                ACL_ERROR_RT_CONTEXT_RELEASE_ERROR,
                format!("device {id} is not set, or was reset already"),
            ));
        }
        if reset == Reset::All {
            device.references.clear();
        }
        if !device.references.is_empty() {
            return Ok(());
        }
        let primary = device.primary.take();
        drop(devices);
        self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_RESET_PRE);
        if let Some(primary) = primary {
            // A forced reset does not wait for work that may never end.
            let queued = match reset {
                Reset::One => Queued::Runs,
                Reset::All => Queued::IsDropped,
            };
            self.end_context(primary, queued);
        }
        self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_RESET_POST);
        Ok(())
    }
}

//! Devices: counted references, and the default context that they keep.

use ascend_sys::{ACL_ERROR_RT_CONTEXT_RELEASE_ERROR, aclrtDeviceState};

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
    /// The default context, while there are references.
    primary: Option<u64>,
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
    /// R-055…R-059.
    pub(crate) fn set_device(&self, id: i32) -> Result<(), Fault> {
        let ordinal = self.ordinal(id)?;
        let starts = lock(&self.world.devices)[ordinal as usize].is_unreferenced();
        if starts {
            self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_SET_PRE);
        }
        let mut devices = lock(&self.world.devices);
        let device = &mut devices[ordinal as usize];
        device.references.push(self.origin);
        let primary = *device
            .primary
            .get_or_insert_with(|| self.make_context(ordinal, true));
        drop(devices);
        threads::bind(self.world, Some(primary));
        if starts {
            self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_SET_POST);
        }
        Ok(())
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
            self.end_context(primary, Queued::Runs);
        }
        self.device_changes(ordinal, aclrtDeviceState::ACL_RT_DEVICE_STATE_RESET_POST);
        Ok(())
    }
}

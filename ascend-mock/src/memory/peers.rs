//! Access of devices to each other's memory.

use ascend_sys::ACL_ERROR_FEATURE_UNSUPPORTED;

use crate::entry::Entry;
use crate::fault::Fault;

impl Entry<'_> {
    /// Two devices, which are not the same.
    pub(crate) fn peers(&self, device: i32, peer: i32) -> Result<[u32; 2], Fault> {
        if device == peer {
            let text = format!("device {device} is no peer of itself");
            return Err(Fault::argument(text));
        }
        Ok([self.ordinal(device)?, self.ordinal(peer)?])
    }

    /// Lets the current device reach the memory of `peer`, or no longer; not the other way round
    ///
    pub(crate) fn set_peer_access(&self, peer: i32, flags: u32, access: bool) -> Result<(), Fault> {
        if flags != 0 {
            let text = format!("flags are {flags}, must be 0");
            return Err(Fault::new(ACL_ERROR_FEATURE_UNSUPPORTED, text));
        }
        let device = self.context()?.device;
        let device = i32::try_from(device).map_err(Fault::internal)?;
        let [device, peer] = self.peers(device, peer)?;
        self.world.space.set_peer(device, peer, access);
        Ok(())
    }
}

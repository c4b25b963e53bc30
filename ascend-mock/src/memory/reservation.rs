//! Device memory without an address, for what only counts.

use std::sync::Arc;

use crate::fault::Fault;
use crate::sync::write;

use super::space::Space;

impl Space {
    /// Books bytes that have no address.
    pub(crate) fn reserve(
        space: &Arc<Self>,
        device: u32,
        bytes: u64,
    ) -> Result<Reservation, Fault> {
        let mut state = write(&space.state);
        space.check_room(&state, device, bytes)?;
        state.book(device, bytes);
        Ok(Reservation {
            space: Arc::clone(space),
            device,
            age: state.ages[device as usize],
            bytes,
        })
    }
}

/// Bytes of a device that are taken while this lives.
pub(crate) struct Reservation {
    space: Arc<Space>,
    device: u32,
    age: u64,
    bytes: u64,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        write(&self.space.state).unbook(self.device, self.age, self.bytes);
    }
}

//! Ranges of device addresses, and where the device itself finds the bytes behind them.

use std::collections::BTreeMap;
use std::io;
use std::ptr::NonNull;
use std::sync::RwLock;

use crate::sync::{read, write};

use super::mapping::{Mapping, MemoryFile, is_mapped};
use super::region;

/// The ranges of all worlds of the process, by their starts.
static RANGES: RwLock<BTreeMap<u64, Known>> = RwLock::new(BTreeMap::new());

#[derive(Clone, Copy)]
struct Known {
    end: u64,
    /// The host may follow the addresses too.
    is_shared: bool,
}

fn known(address: u64) -> Option<Known> {
    let ranges = read(&RANGES);
    let (_, known) = ranges.range(..=address).next_back()?;
    (address < known.end).then_some(*known)
}

/// Whether `address` is one that a device had and gave back, so that nothing is there.
fn is_given_back(address: u64) -> bool {
    region::holds(address) && !is_mapped(address)
}

/// Whether `address` is one of a device, of whatever world, in use or not.
pub(crate) fn is_device_address(address: u64) -> bool {
    known(address).is_some() || is_given_back(address)
}

/// Whether `address` is one of a device that the host must not follow.
pub(crate) fn is_beyond_host(address: u64) -> bool {
    match known(address) {
        Some(known) => !known.is_shared,
        None => is_given_back(address),
    }
}

/// A range of device addresses. The host faults when it follows one, unless host and device share
/// memory; the device reaches the bytes at another place.
pub(crate) struct Arena {
    addresses: Mapping,
    /// Where the device reaches the bytes; `None` if that is where the program does.
    memory: Option<Mapping>,
    /// From the mapping's start to the first address.
    lead: usize,
    bytes: usize,
}

impl Arena {
    /// Addresses for the bytes of a file from `offset`, a multiple of the page size.
    pub(crate) fn of(
        file: &MemoryFile,
        offset: u64,
        bytes: usize,
        host_access: bool,
    ) -> io::Result<Self> {
        let hint = region::next(bytes);
        let (addresses, memory) = if host_access {
            (Mapping::of(file, offset, bytes, hint)?, None)
        } else {
            let addresses = Mapping::reserved(bytes, hint)?;
            (addresses, Some(Mapping::of(file, offset, bytes, 0)?))
        };
        Ok(Self::known(addresses, memory, 0, bytes))
    }

    /// Addresses at a multiple of `alignment` for memory that is put there later, at `hint` if
    /// there is one and they are free.
    pub(crate) fn empty(bytes: usize, alignment: usize, hint: usize) -> io::Result<Self> {
        let whole = bytes
            .checked_add(alignment)
            .ok_or(io::ErrorKind::OutOfMemory)?;
        let hint = if hint == 0 { region::next(bytes) } else { hint };
        let hinted = Mapping::reserved(bytes, hint).ok();
        let hinted = hinted.filter(|mapping| mapping.start() == hint);
        let addresses = match hinted {
            Some(addresses) => addresses,
            None => Mapping::reserved(whole, 0)?,
        };
        let lead = addresses.start().next_multiple_of(alignment) - addresses.start();
        let memory = Some(Mapping::anonymous(addresses.bytes(), 0)?);
        Ok(Self::known(addresses, memory, lead, bytes))
    }

    /// Memory that host and device reach at the same addresses.
    pub(crate) fn shared(bytes: usize) -> io::Result<Self> {
        let addresses = Mapping::anonymous(bytes, region::next(bytes))?;
        Ok(Self::known(addresses, None, 0, bytes))
    }

    fn known(addresses: Mapping, memory: Option<Mapping>, lead: usize, bytes: usize) -> Self {
        let arena = Self {
            addresses,
            memory,
            lead,
            bytes,
        };
        let start = arena.start();
        let known = Known {
            end: start + bytes as u64,
            is_shared: arena.memory.is_none(),
        };
        write(&RANGES).insert(start, known);
        arena
    }

    /// Puts a part of a file behind the addresses at `at`.
    pub(crate) fn put(
        &self,
        at: usize,
        (file, offset): (&MemoryFile, u64),
        bytes: usize,
        host_access: bool,
    ) -> io::Result<()> {
        if host_access {
            self.addresses.put(self.lead + at, file, offset, bytes)?;
        }
        let memory = self.memory.as_ref();
        memory.map_or(Ok(()), |memory| {
            memory.put(self.lead + at, file, offset, bytes)
        })
    }

    /// Takes away what was put at `at`.
    pub(crate) fn take_away(&self, at: usize, bytes: usize) -> io::Result<()> {
        self.addresses.close(self.lead + at, bytes)?;
        let memory = self.memory.as_ref();
        memory.map_or(Ok(()), |memory| memory.clear(self.lead + at, bytes))
    }

    pub(crate) fn start(&self) -> u64 {
        (self.addresses.start() + self.lead) as u64
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Where the device finds `bytes` bytes from `address`, if they lie in the arena.
    pub(crate) fn reach(&self, address: u64, bytes: usize) -> Option<NonNull<u8>> {
        let offset = usize::try_from(address.checked_sub(self.start())?).ok()?;
        if bytes > self.bytes.checked_sub(offset)? {
            return None;
        }
        let memory = self.memory.as_ref().unwrap_or(&self.addresses);
        memory.at(self.lead + offset, bytes)
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        write(&RANGES).remove(&self.start());
    }
}

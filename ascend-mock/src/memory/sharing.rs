//! Memory shared between processes of one machine.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsRawFd;
use std::process;
use std::sync::Arc;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;

use super::arena::Arena;
use super::block::{Block, Holding};
use super::board::{self, Board, Name, PIDS, Record};
use super::mapping::{MemoryFile, PAGE};
use super::physical::Physical;

/// What this process shows to others, and what it has of them.
#[derive(Default)]
pub(crate) struct Sharing {
    board: Option<Board>,
    /// Addresses of imported memory, by the key's name.
    imported: BTreeMap<Name, u64>,
}

impl Sharing {
    fn show(&mut self, record: &Record) -> Result<Name, Fault> {
        if self.board.is_none() {
            self.board = Some(Board::new().map_err(|error| unshared(&error))?);
        }
        let board = self.board.as_mut();
        let name = board
            .map(|board| board.add(record))
            .transpose()
            .map_err(|error| unshared(&error))?;
        name.ok_or_else(|| Fault::internal("the board that was just made is missing"))
    }

    /// Ends the exports of memory that a device has lost.
    pub(crate) fn withdraw(&self, device: u32) {
        let withdrawn = self.board.as_ref().map(|board| board.withdraw(device));
        if let Some(Err(error)) = withdrawn {
            tracing::error!("exports of memory of device {device} stay: {error}");
        }
    }

    /// Lets more processes in.
    fn let_in(&self, name: Name, pids: &[i32]) -> Result<(), Fault> {
        let board = self.board.as_ref().filter(|_| name.is_own());
        let found = board.and_then(|board| Some((board, board.get(name)?)));
        let Some((board, mut record)) = found else {
            return Err(unknown("this process exports no memory under it"));
        };
        record.pids.extend(pids);
        if record.pids.len() > PIDS {
            return Err(Fault::runtime_argument(format!(
                "{} processes are more than {PIDS}",
                record.pids.len()
            )));
        }
        board.set(name, &record).map_err(|error| unshared(&error))
    }
}

fn unshared(error: &io::Error) -> Fault {
    Fault::internal(format!("memory cannot be shared: {error}"))
}

fn unknown(why: &str) -> Fault {
    Fault::runtime_argument(format!("the key names no shared memory: {why}"))
}

/// Finds what `name` stands for, if this process may have it.
fn find(name: Name) -> Result<(Record, MemoryFile), Fault> {
    let gone =
        |error: io::Error| unknown(&format!("process {} has it no longer: {error}", name.pid));
    let record = board::find(name).map_err(gone)?;
    if !name.is_own() && !record.lets_in(process::id()) {
        return Err(Fault::runtime_argument(format!(
            "process {} does not let process {} import its memory; give it the pid, or export \
             without the check of pids",
            name.pid,
            process::id()
        )));
    }
    let file = board::open(name.pid, record.file).map_err(gone)?;
    Ok((record, MemoryFile(file)))
}

fn check_flags(flags: u64) -> Result<(), Fault> {
    if flags > 1 {
        return Err(Fault::runtime_argument(format!(
            "flags are {flags}, must be 0 or 1"
        )));
    }
    Ok(())
}

impl Entry<'_> {
    /// Shows device memory to other processes: answers the key that they import it by.
    pub(crate) fn export_memory(
        &self,
        address: u64,
        bytes: usize,
        flags: u64,
    ) -> Result<String, Fault> {
        if bytes == 0 {
            return Err(Fault::runtime_argument("size is 0"));
        }
        check_flags(flags)?;
        self.world.span(address, bytes, self.origin)?;
        let (file, offset, device) = self.world.space.file_behind(address).ok_or_else(|| {
            Fault::runtime_argument(format!("{address:#x} is not memory of aclrtMalloc"))
        })?;
        let record = Record {
            file: file.0.as_raw_fd(),
            offset,
            bytes: bytes as u64,
            device,
            is_open: flags == 1,
            pids: Vec::new(),
        };
        Ok(lock(&self.world.sharing).show(&record)?.text())
    }

    pub(crate) fn let_key_in(&self, key: &str, pids: &[i32]) -> Result<(), Fault> {
        let name = Name::of_text(key).ok_or_else(|| unknown("it is of another make"))?;
        lock(&self.world.sharing).let_in(name, pids)
    }

    /// Gives the shared memory behind `key` an address in this process.
    pub(crate) fn import_memory(&self, key: &str, flags: u64) -> Result<u64, Fault> {
        check_flags(flags)?;
        let current = self.context()?.device;
        let name = Name::of_text(key).ok_or_else(|| unknown("it is of another make"))?;
        let mut sharing = lock(&self.world.sharing);
        if sharing.imported.contains_key(&name) {
            return Err(Fault::runtime_argument("the key is imported already"));
        }
        let (record, file) = find(name)?;
        let bytes = usize::try_from(record.bytes).map_err(Fault::internal)?;
        let start = record.offset / PAGE * PAGE;
        let lead = record.offset - start;
        let whole = usize::try_from(lead + record.bytes).map_err(Fault::internal)?;
        let host_access = self.world.config.host_access;
        let arena =
            Arena::of(&file, start, whole, host_access).map_err(|error| unshared(&error))?;
        let known = record.device < self.world.config.devices;
        let device = if known { record.device } else { current };
        if flags == 1 {
            self.world.space.set_peer(current, device, true);
        }
        let base = self.world.space.adopt(arena, |arena| Block {
            base: arena.start() + lead,
            bytes,
            booked: 0,
            device,
            holding: Holding::Imported,
            origin: self.origin,
            arena,
            length: 0,
            age: 0,
        });
        sharing.imported.insert(name, base);
        Ok(base)
    }

    /// Ends what this process has of `key`: the import, else the export.
    pub(crate) fn close_memory(&self, key: &str) -> Result<(), Fault> {
        let name = Name::of_text(key).ok_or_else(|| unknown("it is of another make"))?;
        let mut sharing = lock(&self.world.sharing);
        if let Some(base) = sharing.imported.remove(&name) {
            let space = &self.world.space;
            let freed = space.free(base, self.origin, &[Holding::Imported]);
            return freed.map_err(|refusal| self.world.refused(refusal, self.origin));
        }
        let board = sharing.board.as_ref().filter(|_| name.is_own());
        let board = board.filter(|board| board.get(name).is_some());
        let board = board.ok_or_else(|| unknown("it was closed, or is of another process"))?;
        board.remove(name).map_err(|error| unshared(&error))
    }

    /// A number that other processes import physical memory by.
    pub(crate) fn export_physical(&self, handle: u64, flags: u64) -> Result<u64, Fault> {
        check_flags(flags)?;
        let physical = Arc::clone(&self.world.physical.get(handle)?.0);
        physical.check_kept(|device| self.world.space.age(device))?;
        let record = Record {
            file: physical.file.0.as_raw_fd(),
            offset: physical.offset,
            bytes: physical.bytes as u64,
            device: physical.device,
            is_open: flags == 1,
            pids: Vec::new(),
        };
        Ok(lock(&self.world.sharing).show(&record)?.number())
    }

    pub(crate) fn let_number_in(&self, number: u64, pids: &[i32]) -> Result<(), Fault> {
        let name = Name::of_number(number).ok_or_else(|| unknown("it is of another make"))?;
        lock(&self.world.sharing).let_in(name, pids)
    }

    /// A handle for physical memory of another process.
    pub(crate) fn import_physical(&self, number: u64, device: u32) -> Result<u64, Fault> {
        let name = Name::of_number(number).ok_or_else(|| unknown("it is of another make"))?;
        let (record, file) = find(name)?;
        let end = record.offset.saturating_add(record.bytes);
        let physical = Physical::imported(file, &(record.offset..end), device)?;
        Ok(self.hand_out(Arc::new(physical)))
    }
}

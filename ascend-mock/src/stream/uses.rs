//! What strict mode makes of the memory and the objects that tasks name.

use std::ops::Range;
use std::sync::Arc;

use crate::entry::Entry;
use crate::findings::{Finding, Mistake};
use crate::ledger::Origin;
use crate::memory::is_device_address;
use crate::world::World;

use super::task::{Task, Use, Uses};

/// What a look at queued tasks asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Any,
    Write,
}

impl Use {
    fn range(self) -> Option<(Range<u64>, Access)> {
        match self {
            Self::Reads { address, bytes, .. } => {
                Some((address..address.saturating_add(bytes), Access::Any))
            }
            Self::Writes { address, bytes } => {
                Some((address..address.saturating_add(bytes), Access::Write))
            }
            Self::Object(_) => None,
        }
    }

    /// Whether it touches some of `range`, as `access` says.
    fn touches(self, range: &Range<u64>, access: Access) -> bool {
        self.range().is_some_and(|(own, kind)| {
            let meets = own.start < range.end && range.start < own.end;
            meets && (access == Access::Any || kind == Access::Write)
        })
    }
}

impl World {
    /// The call that queued unfinished work which writes to `range`.
    pub(crate) fn unfinished(&self, range: &Range<u64>) -> Option<Origin> {
        self.find_use(|usage| usage.touches(range, Access::Write))
    }

    /// The call that queued unfinished work which names something of `range`.
    fn named(&self, range: &Range<u64>) -> Option<Origin> {
        self.find_use(|usage| usage.touches(range, Access::Any))
    }

    fn find_use(&self, which: impl Fn(Use) -> bool) -> Option<Origin> {
        if !self.config.strict {
            return None;
        }
        let queues = self.scheduler.queues();
        let names = |uses: &Uses| uses.iter().any(&which);
        queues.iter().find_map(|queue| queue.find(names))
    }

    /// Looks at a task that is about to run: whether all it names is still as it was.
    pub(super) fn check_uses(&self, task: &Task) {
        if !self.config.strict {
            return;
        }
        for usage in task.uses.iter() {
            match usage {
                Use::Reads { address, bytes, .. } | Use::Writes { address, bytes }
                    if is_device_address(address) =>
                {
                    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                    if let Err(refusal) = self.look_up(address, bytes) {
                        self.is_gone(refusal, task.origin);
                    }
                }
                Use::Reads {
                    address,
                    bytes,
                    sum: Some(sum),
                } if self
                    .pinned
                    .checksum(address, bytes)
                    .is_some_and(|now| now != sum) =>
                {
                    let text = format!(
                        "the {bytes} bytes of host memory at {address:#x} were changed before the \
                         queued work read them; synchronise the stream first"
                    );
                    self.find(Mistake::HostBufferReused, text, task.origin);
                }
                _ => {}
            }
        }
    }

    fn find(&self, mistake: Mistake, text: String, found_by: Origin) {
        self.report(Finding {
            mistake,
            text,
            found_by,
            made_by: None,
        });
    }

    /// Lets work go on when a program asks again and again whether it is done.
    pub(crate) fn poll_answered(self: &Arc<Self>) {
        if self.config.strict {
            self.scheduler.poll(self);
        }
    }
}

impl Entry<'_> {
    /// Notes the state of host memory that a task will read.
    pub(super) fn check_submitted(&self, task: &mut Task) {
        if !self.world.config.strict {
            return;
        }
        task.uses.each(|usage| {
            if let Use::Reads {
                address,
                bytes,
                sum,
            } = usage
                && !is_device_address(*address)
            {
                *sum = self.world.pinned.checksum(*address, *bytes);
            }
        });
    }

    /// Looks at memory that is about to be freed: whether queued work names it.
    pub(crate) fn check_free(&self, address: u64, bytes: u64) {
        let range = address..address.saturating_add(bytes.max(1));
        if let Some(origin) = self.world.named(&range) {
            self.report(
                Mistake::FreedWhileInUse,
                format!("{address:#x} is freed while queued work names it; synchronise first"),
                origin,
            );
        }
    }

    /// Looks at memory that the host reads or writes now: whether queued work writes it.
    pub(crate) fn check_finished(&self, address: u64, bytes: usize) {
        let range = address..address.saturating_add(bytes as u64);
        if let Some(origin) = self.world.unfinished(&range) {
            self.report(
                Mistake::MissingSynchronize,
                format!("{address:#x} is used while queued work writes it; synchronise first"),
                origin,
            );
        }
    }

    /// Looks at an object that is about to be destroyed: whether queued work names it.
    pub(crate) fn check_object(&self, handle: u64) {
        let named = |usage| matches!(usage, Use::Object(named) if named == handle);
        if let Some(origin) = self.world.find_use(named) {
            self.report(
                Mistake::DiedTooSoon,
                format!("{handle:#x} is destroyed while a queued run names it; synchronise first"),
                origin,
            );
        }
    }

    fn report(&self, mistake: Mistake, text: String, made_by: Origin) {
        self.world.report(Finding {
            mistake,
            text,
            found_by: self.origin,
            made_by: Some(made_by),
        });
    }
}

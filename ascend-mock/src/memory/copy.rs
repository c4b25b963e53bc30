//! Copies, now or in a stream.

use ascend_sys::{ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_SYS_DMA};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::findings::{Finding, Mistake};
use crate::ledger::Origin;
use crate::stream::Uses;
use crate::sync::Deadline;
use crate::world::World;

use super::direction::Side;
use super::span::Reach;
use super::{Direction, End};

/// A copy between two places: rows of bytes, most often one.
#[derive(Clone)]
pub(crate) struct Copy {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) rows: Rows,
    pub(crate) direction: Direction,
}

/// Rows of one width; the pitch is the way from a row's start to the next one's.
#[derive(Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) from_pitch: usize,
    pub(crate) to_pitch: usize,
}

impl Rows {
    pub(crate) fn one(bytes: usize) -> Self {
        Self {
            width: bytes,
            height: 1,
            from_pitch: bytes,
            to_pitch: bytes,
        }
    }

    /// From the first byte of the first row to the last byte of the last one.
    pub(crate) fn extent(self, pitch: usize) -> Result<usize, Fault> {
        let extent = self.height.saturating_sub(1).checked_mul(pitch);
        let extent = extent.and_then(|bytes| bytes.checked_add(self.width));
        extent.ok_or_else(|| {
            let text = format!("{} rows with a pitch of {pitch} bytes", self.height);
            Fault::argument(format!("{text} reach past the end of all addresses"))
        })
    }
}

/// Who asked for work on memory, and on which device.
#[derive(Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) origin: Origin,
    pub(crate) device: u32,
}

impl Copy {
    /// Strict mode wants the stated kind to be the true one; the runtime corrects wrong ones in
    /// blocking copies, and some in streams.
    fn check(&self, world: &World, caller: Caller, in_stream: bool) -> Result<(), Fault> {
        let (from, to) = (self.from.side(), self.to.side());
        let shares_memory = world.config.host_access;
        if !shares_memory && !self.direction.fits(from, to) {
            let text = format!(
                "the kind says {:?}, but the addresses say {:?}",
                self.direction,
                Direction::between(from, to)
            );
            world.report(Finding {
                mistake: Mistake::WrongCopyKind,
                text: text.clone(),
                found_by: caller.origin,
                made_by: None,
            });
            if world.config.strict || in_stream && !self.direction.is_taken(from, to) {
                return Err(Fault::runtime_argument(text));
            }
        }
        self.reaches(world, caller).map(|_| ())
    }

    /// Where source and destination are. Between devices, the caller's has to have access to
    /// the other one.
    fn reaches(&self, world: &World, caller: Caller) -> Result<[Reached; 2], Fault> {
        let (rows, origin) = (self.rows, caller.origin);
        let from = rows.extent(rows.from_pitch)?;
        let to = rows.extent(rows.to_pitch)?;
        let from = self.from.reach(world, from, origin)?;
        let to = self.to.reach(world, to, origin)?;
        if let (Some(one), Some(two)) = (from.device, to.device)
            && one != two
        {
            for (device, end) in [(one, &self.from), (two, &self.to)] {
                check_access(world, caller.device, device, end.address())?;
            }
        }
        Ok([from, to])
    }

    fn run(&self, world: &World, caller: Caller) -> Result<(), Fault> {
        let [from, to] = self.reaches(world, caller)?;
        let rows = self.rows;
        let ends = [&self.from, &self.to].map(|end| end.side() == Side::Device);
        let bytes = rows.width.saturating_mul(rows.height);
        let _turn = world.copy_turn(caller.device, ends[0], ends[1], bytes);
        for row in 0..rows.height {
            let source = from.bytes.part(row * rows.from_pitch, rows.width);
            source.copy_to(to.bytes.part(row * rows.to_pitch, rows.width));
        }
        Ok(())
    }

    /// Runs as queued work: what was in order at submission may have been freed since.
    fn run_late(&self, world: &World, caller: Caller) -> Result<(), Fault> {
        self.run(world, caller)
            .map_err(|fault| dma_failure(&fault.text))
    }
}

fn check_access(world: &World, device: u32, peer: u32, address: u64) -> Result<(), Fault> {
    let space = &world.space;
    if space.reaches(device, peer) || space.is_let_in(device, address) {
        return Ok(());
    }
    Err(Fault::runtime_argument(format!(
        "device {device} has no access to the memory of device {peer}; call \
         aclrtDeviceEnablePeerAccess first"
    )))
}

/// Bytes at an end of a copy, kept while this lives.
pub(crate) struct Reached {
    pub(crate) bytes: Reach,
    /// The device whose own memory it is.
    pub(super) device: Option<u32>,
    _keeper: Option<super::DeviceSpan>,
}

impl End {
    /// Looks up where `bytes` bytes of the end are.
    pub(crate) fn reach(
        &self,
        world: &World,
        bytes: usize,
        found_by: Origin,
    ) -> Result<Reached, Fault> {
        let address = match self {
            Self::Device(address) | Self::Managed(address) => *address,
            Self::Host(span) => {
                if let Some(block) = span.pinned()
                    && !world.pinned.is_live(block)
                {
                    let text = "page-locked memory was freed before the work on it ran";
                    world.report(Finding {
                        mistake: Mistake::UseAfterFree,
                        text: text.into(),
                        found_by,
                        made_by: Some(block.origin()),
                    });
                    return Err(Fault::runtime_argument(text));
                }
                return Ok(Reached {
                    bytes: span.reach(),
                    device: None,
                    _keeper: None,
                });
            }
        };
        let span = world.span(address, bytes, found_by)?;
        let is_managed = matches!(self, Self::Managed(_));
        Ok(Reached {
            bytes: span.reach(),
            device: (!is_managed).then_some(span.device),
            _keeper: Some(span),
        })
    }
}

/// A copy or fill that failed in a stream (507013).
pub(super) fn dma_failure(text: &str) -> Fault {
    Fault::new(ACL_ERROR_RT_SYS_DMA, text)
}

impl Entry<'_> {
    /// The caller of work on memory, on a thread that has a context.
    pub(crate) fn caller(&self) -> Result<Caller, Fault> {
        Ok(Caller {
            origin: self.origin,
            device: self.context()?.device,
        })
    }

    /// Copies before it returns (R-199…R-202).
    pub(crate) fn copy(&self, copy: &Copy) -> Result<(), Fault> {
        let caller = self.caller()?;
        self.check_capture_mode()?;
        if copy.from.address() == copy.to.address() {
            return Ok(());
        }
        copy.check(self.world, caller, false)?;
        self.check_finished_ends(copy)?;
        copy.run(self.world, caller)
    }

    /// A copy that does not wait must find no work that is queued on its bytes.
    fn check_finished_ends(&self, copy: &Copy) -> Result<(), Fault> {
        let rows = copy.rows;
        self.check_finished(copy.from.address(), rows.extent(rows.from_pitch)?);
        self.check_finished(copy.to.address(), rows.extent(rows.to_pitch)?);
        Ok(())
    }

    /// Copies when `stream` gets there (R-204…R-208).
    pub(crate) fn copy_in_stream(&self, copy: Copy, stream: u64) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        let stream = self.own_stream(stream)?;
        let caller = self.caller()?;
        copy.check(self.world, caller, true)?;
        let sides = [copy.from.side(), copy.to.side()];
        if sides == [Side::Pinned; 2] && copy.direction == Direction::HostToHost {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                "streams do not copy from page-locked to page-locked memory",
            ));
        }
        if sides.contains(&Side::Pageable) {
            self.check_blocking_copy(&stream)?;
            self.check_capture_mode()?;
            stream.queue.synchronize(self.world, Deadline::NEVER)?;
            self.check_finished_ends(&copy)?;
            return copy.run(self.world, caller);
        }
        let rows = copy.rows;
        let uses = Uses::default()
            .reads(copy.from.address(), rows.extent(rows.from_pitch)?)
            .writes(copy.to.address(), rows.extent(rows.to_pitch)?);
        self.submit_work_using(&stream, uses, move |world| copy.run_late(world, caller))
    }
}

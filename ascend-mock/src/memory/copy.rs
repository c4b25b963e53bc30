//! Copies and fills, now or in a stream.

use std::cmp::Ordering;

use ascend_sys::{ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_SYS_DMA, aclrtMemcpyKind};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::stream::Uses;
use crate::sync::{Deadline, read, write};
use crate::world::World;

use super::{DeviceSpan, End, Space};

/// The direction that a caller states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    HostToHost,
    HostToDevice,
    DeviceToHost,
    DeviceToDevice,
    /// Whatever the addresses say.
    Inferred,
}

impl Direction {
    /// The public kinds; all others are refused.
    pub(crate) fn from_c(kind: aclrtMemcpyKind) -> Result<Self, Fault> {
        match kind {
            aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_HOST => Ok(Self::HostToHost),
            aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_DEVICE
            | aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE => Ok(Self::HostToDevice),
            aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST => Ok(Self::DeviceToHost),
            aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_DEVICE => Ok(Self::DeviceToDevice),
            aclrtMemcpyKind::ACL_MEMCPY_DEFAULT => Ok(Self::Inferred),
            other => Err(Fault::argument(format!("{} is no kind of copy", other.0))),
        }
    }

    fn of(from: &End, to: &End) -> Self {
        match (from.is_device(), to.is_device()) {
            (false, false) => Self::HostToHost,
            (false, true) => Self::HostToDevice,
            (true, false) => Self::DeviceToHost,
            (true, true) => Self::DeviceToDevice,
        }
    }
}

/// Refuses to reach for more than the destination has.
fn check_room(bytes: usize, room: usize) -> Result<(), Fault> {
    if bytes > room {
        return Err(Fault::runtime_argument(format!(
            "{bytes} bytes do not fit into a destination of {room} bytes"
        )));
    }
    Ok(())
}

/// A copy between two places.
pub(crate) struct Copy {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) bytes: usize,
    /// What the caller says the destination has.
    pub(crate) room: usize,
    pub(crate) direction: Direction,
}

impl Copy {
    /// The stated direction must be the true one. This is stricter than the runtime, which
    /// corrects some wrong ones.
    fn check(&self, space: &Space) -> Result<(), Fault> {
        let actual = Direction::of(&self.from, &self.to);
        if self.direction != Direction::Inferred && self.direction != actual {
            return Err(Fault::runtime_argument(format!(
                "the kind says {:?}, but the addresses say {actual:?}",
                self.direction
            )));
        }
        self.device_spans(space).map(|_| ())
    }

    /// Looks up the ends that lie on a device: source, destination.
    fn device_spans(
        &self,
        space: &Space,
    ) -> Result<(Option<DeviceSpan>, Option<DeviceSpan>), Fault> {
        let find = |end: &End| match end {
            End::Device(address) => space.span(*address, self.bytes).map(Some),
            End::Host(_) => Ok(None),
        };
        let (from, to) = (find(&self.from)?, find(&self.to)?);
        if let (Some(from), Some(to)) = (&from, &to)
            && from.device != to.device
        {
            return Err(Fault::runtime_argument(format!(
                "device {} has no access to the memory of device {}",
                to.device, from.device
            )));
        }
        Ok((from, to))
    }

    fn run(&self, space: &Space) -> Result<(), Fault> {
        match (self.device_spans(space)?, &self.from, &self.to) {
            ((Some(from), Some(to)), ..) => copy_on_device(&from, &to),
            ((None, Some(to)), End::Host(from), _) => {
                from.read(&mut write(&to.backing).bytes_mut()[to.range]);
            }
            ((Some(from), None), _, End::Host(to)) => {
                to.write(&read(&from.backing).bytes()[from.range]);
            }
            (_, End::Host(from), End::Host(to)) => to.write_span(from),
            _ => return Err(Fault::internal("an end of a copy is on neither side")),
        }
        Ok(())
    }

    /// Runs as queued work: what was in order at submission may have been freed since.
    fn run_late(&self, world: &World) -> Result<(), Fault> {
        for block in [&self.from, &self.to].into_iter().filter_map(End::pinned) {
            if !world.pinned.is_live(block) {
                return Err(dma_failure(
                    "page-locked memory was freed before its copy ran",
                ));
            }
        }
        let outcome = self.run(&world.space);
        outcome.map_err(|fault| dma_failure(&fault.text))
    }
}

/// Copies between blocks of a device; locks them in the order of their addresses.
fn copy_on_device(from: &DeviceSpan, to: &DeviceSpan) {
    let (source, target) = (from.range.clone(), to.range.clone());
    match from.base.cmp(&to.base) {
        Ordering::Equal => {
            write(&to.backing)
                .bytes_mut()
                .copy_within(source, target.start);
        }
        Ordering::Less => {
            let from = read(&from.backing);
            write(&to.backing).bytes_mut()[target].copy_from_slice(&from.bytes()[source]);
        }
        Ordering::Greater => {
            let mut to = write(&to.backing);
            to.bytes_mut()[target].copy_from_slice(&read(&from.backing).bytes()[source]);
        }
    }
}

/// A copy or fill that failed in a stream (507013).
fn dma_failure(text: &str) -> Fault {
    Fault::new(ACL_ERROR_RT_SYS_DMA, text)
}

/// Sets bytes of device memory to one value.
pub(crate) struct Fill {
    pub(crate) to: End,
    pub(crate) bytes: usize,
    pub(crate) room: usize,
    pub(crate) value: u8,
}

impl Fill {
    fn span(&self, space: &Space) -> Result<DeviceSpan, Fault> {
        match &self.to {
            End::Device(address) => space.span(*address, self.bytes),
            End::Host(_) => Err(Fault::runtime_argument(format!(
                "{:#x} is host memory, device memory is wanted",
                self.to.address()
            ))),
        }
    }

    fn run(&self, space: &Space) -> Result<(), Fault> {
        let span = self.span(space)?;
        write(&span.backing).bytes_mut()[span.range].fill(self.value);
        Ok(())
    }
}

impl Entry<'_> {
    /// Copies before it returns (R-198…R-202).
    pub(crate) fn copy(&self, copy: &Copy) -> Result<(), Fault> {
        check_room(copy.bytes, copy.room)?;
        self.context()?;
        self.check_capture_mode()?;
        if copy.from.address() == copy.to.address() {
            return Ok(());
        }
        copy.check(&self.world.space)?;
        self.check_finished(copy.from.address(), copy.bytes);
        self.check_finished(copy.to.address(), copy.bytes);
        copy.run(&self.world.space)
    }

    /// Copies when `stream` gets there (R-204…R-208).
    pub(crate) fn copy_in_stream(&self, copy: Copy, stream: u64) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        check_room(copy.bytes, copy.room)?;
        let stream = self.own_stream(stream)?;
        copy.check(&self.world.space)?;
        let pinned = |end: &End| end.pinned().is_some();
        if pinned(&copy.from) && pinned(&copy.to) && copy.direction == Direction::HostToHost {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                "streams do not copy from page-locked to page-locked memory",
            ));
        }
        let pageable = |end: &End| !end.is_device() && end.pinned().is_none();
        if pageable(&copy.from) || pageable(&copy.to) {
            self.check_blocking_copy(&stream)?;
            self.check_capture_mode()?;
            stream.queue.synchronize(self.world, Deadline::NEVER)?;
            return copy.run(&self.world.space);
        }
        let uses = Uses::default()
            .reads(copy.from.address(), copy.bytes)
            .writes(copy.to.address(), copy.bytes);
        self.submit_work_using(&stream, uses, move |world| copy.run_late(world))
    }

    /// Fills before it returns.
    pub(crate) fn fill(&self, fill: &Fill) -> Result<(), Fault> {
        check_room(fill.bytes, fill.room)?;
        self.context()?;
        fill.run(&self.world.space)
    }

    /// Fills when `stream` gets there.
    pub(crate) fn fill_in_stream(&self, fill: Fill, stream: u64) -> Result<(), Fault> {
        self.check_stream_handle(stream)?;
        check_room(fill.bytes, fill.room)?;
        let stream = self.own_stream(stream)?;
        fill.span(&self.world.space)?;
        let uses = Uses::default().writes(fill.to.address(), fill.bytes);
        self.submit_work_using(&stream, uses, move |world| {
            let outcome = fill.run(&world.space);
            outcome.map_err(|fault| dma_failure(&fault.text))
        })
    }
}

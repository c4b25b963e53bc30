//! What can be set of a stream: priority, failure mode, and values that it only remembers.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_STREAM_PERSISTENT, aclrtDevResLimitType,
    aclrtDeviceTaskAbortStage,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::graph::bound;
use crate::sync::{Deadline, lock};
use crate::threads;
use crate::world::World;

use super::state::FailureMode;
use super::{Queue, Stream};

/// What runs first is not up to the priority here: streams run in parallel.
pub(crate) const LEAST_PRIORITY: u32 = 7;
pub(crate) const GREATEST_PRIORITY: u32 = 0;

/// How long the caller of an abort may be ready to wait. The vendor publishes no number.
const LONGEST_ABORT: Duration = Duration::from_mins(36);

/// The cores that the device reports.
const CUBE_CORES: u32 = 20;
const VECTOR_CORES: u32 = 40;

#[derive(Default)]
pub(super) struct Attributes {
    priority: u32,
    checks_overflow: bool,
    tag: u32,
    caches_op_info: bool,
    /// Cores, by kind; all of the device's while not set.
    pub(super) cores: BTreeMap<u32, u32>,
}

impl Attributes {
    /// Priorities out of range become the nearest that there is.
    pub(super) fn set_priority(&mut self, priority: u32) {
        self.priority = priority.clamp(GREATEST_PRIORITY, LEAST_PRIORITY);
    }
}

/// One attribute, with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    FailureMode(u64),
    OverflowCheck(u32),
    Tag(u32),
    CachesOpInfo(u32),
    Priority(u32),
}

fn switch(value: u32) -> Result<bool, Fault> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Fault::argument(format!(
            "{other} is neither 0, off, nor 1, on"
        ))),
    }
}

impl Stream {
    pub(crate) fn priority(&self) -> u32 {
        lock(&self.attributes).priority
    }

    /// The value of the attribute that `of` is a value of.
    pub(crate) fn attribute(&self, of: Attribute) -> Attribute {
        let attributes = lock(&self.attributes);
        match of {
            Attribute::FailureMode(_) => Attribute::FailureMode(self.queue.stops().into()),
            Attribute::OverflowCheck(_) => {
                Attribute::OverflowCheck(attributes.checks_overflow.into())
            }
            Attribute::Tag(_) => Attribute::Tag(attributes.tag),
            Attribute::CachesOpInfo(_) => Attribute::CachesOpInfo(attributes.caches_op_info.into()),
            Attribute::Priority(_) => Attribute::Priority(attributes.priority),
        }
    }
}

impl Queue {
    pub(super) fn stops(&self) -> bool {
        !matches!(lock(&self.state).mode, FailureMode::Continue)
    }
}

impl Entry<'_> {
    pub(crate) fn set_attribute(&self, stream: u64, attribute: Attribute) -> Result<(), Fault> {
        if let Attribute::FailureMode(mode) = attribute {
            return self.set_failure_mode(stream, mode);
        }
        let stream = self.any_stream(stream)?;
        let mut attributes = lock(&stream.attributes);
        match attribute {
            Attribute::FailureMode(_) => {}
            Attribute::OverflowCheck(value) => attributes.checks_overflow = switch(value)?,
            Attribute::Tag(value) => attributes.tag = value,
            Attribute::CachesOpInfo(value) => attributes.caches_op_info = switch(value)?,
            Attribute::Priority(value) => attributes.set_priority(value),
        }
        Ok(())
    }

    /// only the lowest bit counts, and there is no way back.
    pub(crate) fn set_failure_mode(&self, stream: u64, mode: u64) -> Result<(), Fault> {
        let stream = self.any_stream(stream)?;
        if stream.is_captured() {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                "a stream that belongs to a graph has no failure mode of its own",
            ));
        }
        let stops = mode & 1 == 1;
        let mut state = lock(&stream.queue.state);
        let is_one = !matches!(state.mode, FailureMode::Continue);
        if is_one && !stops {
            return Err(Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                "a stream that stops at failures cannot be set to continue; create another one",
            ));
        }
        if stops && !is_one {
            state.mode = FailureMode::Stop;
        }
        Ok(())
    }

    /// Drops the work of a stream, which can be used on.
    pub(crate) fn abort_stream(&self, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        self.check_captures(&stream)?;
        if stream.is_captured() {
            return Err(bound(&stream));
        }
        stream.queue.clear(Deadline::NEVER)
    }

    /// The same for streams that are the program's own.
    pub(crate) fn stop_stream(&self, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        if stream.is_default() {
            return Err(Fault::runtime_argument("a default stream is not stopped"));
        }
        self.abort_stream(stream.handle)
    }

    /// Drops the work of all streams of a device; calls on it answer 107022 meanwhile.
    pub(crate) fn abort_device_tasks(&self, device: i32, limit: Duration) -> Result<(), Fault> {
        let device = self.ordinal(device)?;
        if limit > LONGEST_ABORT {
            return Err(Fault::runtime_argument(format!(
                "an abort that may take {limit:?} is above {LONGEST_ABORT:?}"
            )));
        }
        let deadline = match limit {
            Duration::ZERO => Deadline::NEVER,
            limit => Deadline::after(limit),
        };
        let milliseconds = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
        let before = aclrtDeviceTaskAbortStage::ACL_RT_DEVICE_TASK_ABORT_PRE;
        self.abort_comes(device, before, milliseconds)?;
        let contexts = self
            .world
            .contexts
            .filter(|context| context.device == device);
        let set = |aborting| {
            for context in &contexts {
                context.aborting.store(aborting, Ordering::Release);
            }
        };
        set(true);
        let streams = self.world.streams.filter(|stream| stream.device == device);
        let outcomes: Vec<_> = streams
            .iter()
            .map(|stream| stream.queue.clear(deadline))
            .collect();
        set(false);
        outcomes.into_iter().collect::<Result<(), Fault>>()?;
        let after = aclrtDeviceTaskAbortStage::ACL_RT_DEVICE_TASK_ABORT_POST;
        self.abort_comes(device, after, milliseconds)
    }

    /// How many cores of a kind a stream may use; `None` takes back all limits.
    pub(crate) fn limit_stream_cores(
        &self,
        stream: u64,
        limit: Option<(aclrtDevResLimitType, u32)>,
    ) -> Result<(), Fault> {
        let stream = self.any_stream(stream)?;
        let cores = &mut lock(&stream.attributes).cores;
        match limit {
            Some((kind, count)) => {
                let has = cores_of_device(kind)?;
                if count == 0 || count > has {
                    return Err(Fault::runtime_argument(format!(
                        "{count} cores: the device has {has} of the kind"
                    )));
                }
                cores.insert(kind.0, count);
            }
            None => cores.clear(),
        }
        Ok(())
    }

    pub(crate) fn core_limit(&self, stream: u64, kind: aclrtDevResLimitType) -> Result<u32, Fault> {
        let stream = self.any_stream(stream)?;
        let has = cores_of_device(kind)?;
        let cores = &lock(&stream.attributes).cores;
        Ok(cores.get(&kind.0).copied().unwrap_or(has))
    }

    /// The number of the calling thread's last task.
    pub(crate) fn last_task(&self) -> u32 {
        threads::last_task(self.world).unwrap_or(u32::MAX)
    }

    /// Drops what a persistent stream holds.
    pub(crate) fn clean_persistent_stream(&self, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        if stream.flags & ACL_STREAM_PERSISTENT.cast_unsigned() == 0 {
            return Err(Fault::runtime_argument("the stream is no persistent one"));
        }
        stream.queue.clear(Deadline::NEVER)
    }
}

/// The cores of a device, by kind.
fn cores_of_device(kind: aclrtDevResLimitType) -> Result<u32, Fault> {
    match kind {
        aclrtDevResLimitType::ACL_RT_DEV_RES_CUBE_CORE => Ok(CUBE_CORES),
        aclrtDevResLimitType::ACL_RT_DEV_RES_VECTOR_CORE => Ok(VECTOR_CORES),
        other => Err(Fault::argument(format!("{} is no kind of core", other.0))),
    }
}

impl World {
    /// Ends the work of a context's other streams that stop at failures.
    pub(super) fn spread(&self, context: u64, fault: &Fault) {
        let streams = self
            .streams
            .filter(|stream| stream.context == context && stream.queue.stops());
        for stream in streams {
            stream.queue.stop(fault);
        }
    }
}

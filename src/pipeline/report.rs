//! Where the time of a pipeline went.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::options::PipelineOptions;
use crate::pool::{CopyStatistics, Pool};

/// What a job did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The records that the sink was given.
    pub records: u64,
    /// Those of them with an error.
    pub failed: u64,
    /// From the start to the last record.
    pub took: Duration,
    /// The stages, from `list` to `write`.
    pub stages: Vec<StageTimes>,
}

impl Report {
    /// The stage whose threads were at work for most of the time: the one that more threads, or a
    /// faster device, would help.
    #[must_use]
    pub fn slowest(&self) -> Option<&StageTimes> {
        let share = |stage: &&StageTimes| stage.busy / stage.threads.max(1);
        self.stages.iter().max_by_key(share)
    }
}

/// Where the time of a stage went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StageTimes {
    /// `list`, `read`, `decode`, `preprocess`, `device`, `postprocess` or `write`.
    pub name: &'static str,
    /// The threads of it; the copies of the model for `device`.
    pub threads: u32,
    /// The inputs that came to it; the samples for `device`.
    pub items: u64,
    /// How long its threads were at work, in all. The copies of a device count the wait for each
    /// other as work.
    pub busy: Duration,
}

/// How often a stage was entered, and how long it took in all.
#[derive(Debug, Default)]
pub(super) struct Clock {
    items: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Clock {
    pub(super) fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        // Before the work, which may panic.
        self.items.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let made = work();
        self.add(start.elapsed());
        made
    }

    /// The same for what may have come to its end, which is no item.
    pub(super) fn time_next<T>(&self, next: impl FnOnce() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        let made = next()?;
        self.items.fetch_add(1, Ordering::Relaxed);
        self.add(start.elapsed());
        Some(made)
    }

    fn add(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    fn times(&self, name: &'static str, threads: usize) -> StageTimes {
        StageTimes {
            name,
            threads: u32::try_from(threads).unwrap_or(u32::MAX),
            items: self.items.load(Ordering::Relaxed),
            busy: Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)),
        }
    }
}

/// The clocks of all stages but that of the device, whose pool has its own.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    pub(super) list: Clock,
    pub(super) read: Clock,
    pub(super) decode: Clock,
    pub(super) preprocess: Clock,
    pub(super) postprocess: Clock,
    pub(super) write: Clock,
}

impl Clocks {
    /// The times of all stages; `before` is what the pool did before the job.
    pub(super) fn report(
        &self,
        options: &PipelineOptions,
        (pool, before): (&Pool, &[CopyStatistics]),
    ) -> Vec<StageTimes> {
        let [readers, decoders, preprocessors, postprocessors] = options.threads;
        let mut device = StageTimes {
            name: "device",
            threads: u32::try_from(before.len()).unwrap_or(u32::MAX),
            items: 0,
            busy: Duration::ZERO,
        };
        for (now, before) in pool.statistics().zip(before) {
            device.items += now.samples - before.samples;
            device.busy += now.busy.saturating_sub(before.busy);
        }
        vec![
            self.list.times("list", 1),
            self.read.times("read", readers),
            self.decode.times("decode", decoders),
            self.preprocess.times("preprocess", preprocessors),
            device,
            self.postprocess.times("postprocess", postprocessors),
            self.write.times("write", 1),
        ]
    }
}

//! Time limits of operators and of waits, for all that is submitted later.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::entry::Entry;
use crate::fault::Fault;

/// What operators are measured in.
pub(crate) const INTERVAL: Duration = Duration::from_millis(1);

/// The limit of operators while none is set. The vendor publishes none.
const EXECUTION: Duration = Duration::from_mins(18);

/// In microseconds; 0 while none is set.
#[derive(Default)]
pub(crate) struct TimeLimits {
    execution: AtomicU64,
    wait: AtomicU64,
}

impl TimeLimits {
    /// How long an operator may take.
    pub(crate) fn execution(&self) -> Duration {
        limit(&self.execution).unwrap_or(EXECUTION)
    }

    /// How long a stream waits for an event; `None` is for ever.
    pub(crate) fn wait(&self) -> Option<Duration> {
        limit(&self.wait)
    }

    /// Rounds up to the interval; gives what is set. Zero takes the limit back.
    pub(crate) fn set_execution(&self, time: Duration) -> Duration {
        let step = INTERVAL.as_micros();
        let micros = time.as_micros().div_ceil(step).saturating_mul(step);
        let micros = u64::try_from(micros).unwrap_or(u64::MAX);
        self.execution.store(micros, Ordering::Relaxed);
        Duration::from_micros(micros)
    }

    pub(crate) fn set_wait(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.wait.store(micros, Ordering::Relaxed);
    }
}

impl Entry<'_> {
    /// Limits what operators may take from now on; gives the limit that is set.
    pub(crate) fn limit_execution(&self, time: Duration) -> Result<Duration, Fault> {
        self.context()?;
        Ok(self.world.time_limits.set_execution(time))
    }

    /// Limits how long streams wait for events and values from now on.
    pub(crate) fn limit_waits(&self, time: Duration) -> Result<(), Fault> {
        self.context()?;
        self.world.time_limits.set_wait(time);
        Ok(())
    }
}

fn limit(micros: &AtomicU64) -> Option<Duration> {
    match micros.load(Ordering::Relaxed) {
        0 => None,
        micros => Some(Duration::from_micros(micros)),
    }
}

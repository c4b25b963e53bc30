//! Time limits of operators.

use std::time::Duration;

use super::pointers::Place;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::time_limits::INTERVAL;

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

pub(super) unsafe fn aclrtGetOpExecuteTimeout(
    call: &Entry<'_>,
    timeoutMs: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("timeoutMs", timeoutMs) }?;
    call.context()?;
    let limit = call.world.time_limits.execution();
    place.set(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX));
    Ok(())
}

pub(super) unsafe fn aclrtGetOpTimeOutInterval(
    call: &Entry<'_>,
    interval: *mut u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("interval", interval) }?;
    call.context()?;
    place.set(micros(INTERVAL));
    Ok(())
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOut(call: &Entry<'_>, timeout: u32) -> Result<(), Fault> {
    call.limit_execution(Duration::from_secs(timeout.into()))
        .map(|_| ())
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOutV2(
    call: &Entry<'_>,
    timeout: u64,
    actualTimeout: *mut u64,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("actualTimeout", actualTimeout) }?;
    place.set(micros(
        call.limit_execution(Duration::from_micros(timeout))?,
    ));
    Ok(())
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOutWithMs(
    call: &Entry<'_>,
    timeout: u32,
) -> Result<(), Fault> {
    call.limit_execution(Duration::from_millis(timeout.into()))
        .map(|_| ())
}

pub(super) unsafe fn aclrtSetOpWaitTimeout(call: &Entry<'_>, timeout: u32) -> Result<(), Fault> {
    call.limit_waits(Duration::from_secs(timeout.into()))
}

//! Time limits of operators.

use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclrtGetOpExecuteTimeout(
    call: &Entry<'_>,
    timeoutMs: *mut u32,
) -> Result<(), Fault> {
    present("timeoutMs", timeoutMs)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtGetOpTimeOutInterval(
    call: &Entry<'_>,
    interval: *mut u64,
) -> Result<(), Fault> {
    present("interval", interval)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOut(
    call: &Entry<'_>,
    _timeout: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOutV2(
    call: &Entry<'_>,
    _timeout: u64,
    actualTimeout: *mut u64,
) -> Result<(), Fault> {
    present("actualTimeout", actualTimeout)?;
    call.unsupported()
}

pub(super) unsafe fn aclrtSetOpExecuteTimeOutWithMs(
    call: &Entry<'_>,
    _timeout: u32,
) -> Result<(), Fault> {
    call.unsupported()
}

pub(super) unsafe fn aclrtSetOpWaitTimeout(call: &Entry<'_>, _timeout: u32) -> Result<(), Fault> {
    call.unsupported()
}

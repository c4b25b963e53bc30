//! What is told of a run that failed.

use std::time::{Duration, Instant};

use super::Session;
use crate::call::Current;
use crate::error::{Error, ErrorKind};
use crate::exception::{self, Exception};
use crate::stream::Stream;

/// How long a failed task may be told after the wait for its stream ended.
const PATIENCE: Duration = Duration::from_millis(200);

impl Session {
    /// Says of what model and device the failed run was, and in which operator it failed, where
    /// somebody listens since `start`.
    pub(super) fn failed(
        &self,
        error: Error,
        current: &Current<'_>,
        start: Option<Instant>,
    ) -> Error {
        let device = self.context().device().ordinal();
        let model = match self.model.path() {
            Some(path) => path.display().to_string(),
            None => "a model from memory".to_owned(),
        };
        let is_of_device = error.code().is_some()
            && matches!(error.kind(), ErrorKind::Execution | ErrorKind::Device);
        // What was refused at once is no task that could have failed.
        let is_waited = error
            .operation()
            .is_some_and(|name| name.starts_with("aclrtSynchronize"));
        let exception = start
            .filter(|_| is_of_device && is_waited)
            .and_then(|start| self.exception(current, start));
        let operator = exception.as_ref().and_then(|found| found.operator.as_ref());
        let error = match operator {
            Some(operator) => error.while_doing(format_args!(
                "the run of {model} on device {device} failed in the operator {operator}"
            )),
            None => error.while_doing(format_args!("the run of {model} on device {device} failed")),
        };
        match exception {
            Some(exception) => error.with_exception(exception),
            None => error,
        }
    }

    /// The task of the run that failed: one of its stream, or else of its device, for compiled models
    /// may run on streams of the runtime's own.
    fn exception(&self, current: &Current<'_>, start: Instant) -> Option<Exception> {
        let hub = exception::of(current.context().acl())?;
        let (device, stream) = (
            self.context().device().ordinal(),
            stream_id(&self.stream, current),
        );
        let is_here = |exception: &Exception| exception.device.is_none_or(|other| other == device);
        let is_own = |exception: &Exception| is_here(exception) && exception.stream == stream;
        let own = hub.since(start, PATIENCE, is_own);
        let mut found = own.or_else(|| hub.since(start, Duration::ZERO, is_here))?;
        found.ask_operator(current);
        if let (Some(operator), Some(path)) = (&mut found.operator, self.model.path()) {
            operator.look_up(path);
        }
        Some(found)
    }
}

/// The number that failures of a stream's tasks are told with.
fn stream_id(stream: &Stream, current: &Current<'_>) -> Option<u32> {
    let mut id = -1;
    // SAFETY: the stream is alive, the pointer valid.
    let status = unsafe { current.api().aclrtStreamGetId(stream.raw(), &raw mut id) };
    current.check("aclrtStreamGetId", status).ok()?;
    u32::try_from(id).ok()
}

//! What is told of a run that failed.

use std::time::{Duration, Instant};

use ascend_graph::text;

use super::Session;
use crate::call::Current;
use crate::error::{AclCode, Error, ErrorKind};
use crate::exception::{self, Exception};
use crate::stream::Stream;

/// How long a failed task may be told after the wait for its stream ended.
/// The thread that tells it may have to wait for a processor; a failed run is in no hurry.
const PATIENCE: Duration = Duration::from_secs(2);

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
            Some(path) => path.display().into(),
            None => text!("a model from memory"),
        };
        let is_of_device = error.code().is_some()
            && matches!(error.kind(), ErrorKind::Execution | ErrorKind::Device);
        // What was refused at once is no task that could have failed.
        let is_waited = error
            .operation()
            .is_some_and(|name| name.starts_with("aclrtSynchronize"));
        let exception = start
            .filter(|_| is_of_device && is_waited)
            .and_then(|start| self.exception(current, start, error.code()));
        let operator = exception.as_ref().and_then(|found| found.operator.as_ref());
        let error = match operator {
            Some(operator) => error.while_doing(text!(
                "the run of {model} on device {device} failed in the operator {operator}",
                model,
                device,
                operator = operator.to_string()
            )),
            None => error.while_doing(text!(
                "the run of {model} on device {device} failed",
                model,
                device
            )),
        };
        match exception {
            Some(exception) => error.with_exception(exception),
            None => error,
        }
    }

    /// The task of the run that failed: one of its stream, or else one of its device that can be of
    /// this run, for compiled models may run on streams of the runtime's own.
    fn exception(
        &self,
        current: &Current<'_>,
        start: Instant,
        code: Option<AclCode>,
    ) -> Option<Exception> {
        let hub = exception::of(current.context().acl())?;
        let (device, stream) = (
            self.context().device().ordinal(),
            stream_id(&self.stream, current),
        );
        let is_here = |exception: &Exception| exception.device.is_none_or(|other| other == device);
        let is_own = |exception: &Exception| is_here(exception) && exception.stream == stream;
        if let Some(mut own) = hub.since(start, PATIENCE, is_own) {
            self.is_of_model(&mut own, current);
            return Some(own);
        }
        let mut told = hub.all_since(start).into_iter();
        told.find_map(|mut told| {
            let fits = is_here(&told) && told.code == code && self.is_of_model(&mut told, current);
            fits.then_some(told)
        })
    }

    /// Asks for the operator of a failure; whether the model can have it, as far as its file tells.
    fn is_of_model(&self, exception: &mut Exception, current: &Current<'_>) -> bool {
        exception.ask_operator(current);
        match (&mut exception.operator, self.model.path()) {
            (Some(operator), Some(path)) => operator.look_up(path),
            _ => true,
        }
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

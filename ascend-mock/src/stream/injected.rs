//! Tasks that go wrong on purpose.

use std::sync::Arc;

use ascend_sys::{ACL_ERROR_RT_AICORE_TIMEOUT, aclError};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::world::World;

use super::Stream;
use super::task::{Awaited, Poll, Waker};

/// What never comes.
struct Never;

impl Awaited for Never {
    fn begin(self: Arc<Self>, _: &World, _: &Waker) -> Poll {
        Box::new(|_| None)
    }

    fn expired(&self) -> Fault {
        Fault::new(
            ACL_ERROR_RT_AICORE_TIMEOUT,
            "a task hung, as the configuration asks for, until its time limit",
        )
    }
}

impl Entry<'_> {
    /// Queues a task that fails with `code`.
    pub(crate) fn submit_failure(&self, stream: &Stream, code: aclError) -> Result<(), Fault> {
        self.submit_work(stream, move |_| {
            let text = format!("a task failed with {code}, as the configuration asks for");
            Err(Fault::new(code, text))
        })
    }

    /// Queues a task that hangs until its time limit, or until its stream is aborted.
    pub(crate) fn submit_hang(&self, stream: &Stream) -> Result<(), Fault> {
        self.submit_wait(stream, Arc::new(Never), None)
    }
}

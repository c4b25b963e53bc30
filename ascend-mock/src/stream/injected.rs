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
        let limit = self.world.time_limits.execution();
        self.submit_wait(stream, Arc::new(Never), Some(limit))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ascend_sys::ACL_ERROR_RT_AICORE_EXCEPTION;

    use super::*;
    use crate::entry::entry;
    use crate::sync::Deadline;
    use crate::{MockConfig, lease};

    /// What a synchronisation answers after `submit`.
    fn synchronized(
        strict: bool,
        submit: fn(&Entry<'_>, &Stream) -> Result<(), Fault>,
    ) -> [aclError; 2] {
        let (_, lease) = lease(MockConfig::default().strict(strict)).unwrap();
        let call = |body: &dyn Fn(&Entry<'_>) -> Result<(), Fault>| -> aclError {
            entry(lease.slot(), "aclrtProbe", &|_| (), body)
        };
        assert_eq!(call(&|entry| entry.set_device(0)), 0);
        let limit = |entry: &Entry<'_>| entry.limit_execution(Duration::from_millis(10));
        assert_eq!(call(&|entry| limit(entry).map(|_| ())), 0);
        assert_eq!(call(&|entry| submit(entry, &*entry.own_stream(0)?)), 0);
        [(); 2].map(|()| call(&|entry| entry.synchronize_stream(0, Deadline::NEVER)))
    }

    #[test]
    fn failures_and_hangs_come_out_at_synchronize() {
        for strict in [false, true] {
            let code = ACL_ERROR_RT_AICORE_EXCEPTION;
            let failed = synchronized(strict, |entry, stream| {
                entry.submit_failure(stream, ACL_ERROR_RT_AICORE_EXCEPTION)
            });
            assert_eq!(failed, [code, 0]);
            let hung = synchronized(strict, |entry, stream| entry.submit_hang(stream));
            assert_eq!(hung, [ACL_ERROR_RT_AICORE_TIMEOUT, 0]);
        }
    }

    #[test]
    fn operators_have_a_time_limit() {
        let slow = synchronized(false, |entry, stream| {
            entry.submit_operator(stream, super::super::Uses::default(), |_| {
                std::thread::sleep(Duration::from_millis(30));
                Ok(())
            })
        });
        assert_eq!(slow, [ACL_ERROR_RT_AICORE_TIMEOUT, 0]);
    }
}

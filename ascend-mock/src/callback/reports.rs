//! Threads of the program that ask for functions to run.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_RT_REPORT_TIMEOUT, ACL_ERROR_RT_RESOURCE_ALLOC_FAIL, ACL_ERROR_RT_STREAM_SUBSCRIBE,
    ACL_ERROR_RT_THREAD_SUBSCRIBE,
};

use super::Request;
use crate::fault::Fault;
use crate::stream::Stream;
use crate::sync::{Deadline, Signal, lock};
use crate::world::World;

/// Threads that can be subscribed.
const MAX_THREADS: usize = 1024;

/// The threads that ask for functions to run, and the streams that they serve.
#[derive(Default)]
pub(crate) struct Reports {
    state: Mutex<State>,
    arrived: Signal,
}

#[derive(Default)]
struct State {
    threads: BTreeMap<u64, ReportThread>,
    /// The thread that serves a stream, by the stream's handle.
    streams: BTreeMap<u64, u64>,
}

struct ReportThread {
    device: u32,
    requests: VecDeque<Request>,
}

impl Reports {
    pub(super) fn serves(&self, stream: u64) -> bool {
        lock(&self.state).streams.contains_key(&stream)
    }

    pub(super) fn subscribe(&self, thread: u64, stream: &Stream) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state.streams.contains_key(&stream.handle) {
            return Err(subscription(format!(
                "stream {} is subscribed already",
                stream.id
            )));
        }
        let (count, device) = (state.threads.len(), stream.device);
        match state.threads.get(&thread) {
            Some(known) if known.device != device => {
                return Err(Fault::new(
                    ACL_ERROR_RT_THREAD_SUBSCRIBE,
                    format!("the thread serves device {}, not {device}", known.device),
                ));
            }
            None if count >= MAX_THREADS => {
                return Err(Fault::new(
                    ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
                    format!("{MAX_THREADS} threads are subscribed already"),
                ));
            }
            _ => {}
        }
        state.threads.entry(thread).or_insert_with(|| ReportThread {
            device,
            requests: VecDeque::new(),
        });
        state.streams.insert(stream.handle, thread);
        Ok(())
    }

    pub(super) fn unsubscribe(&self, thread: u64, stream: &Stream) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        match state.streams.get(&stream.handle) {
            None => {
                return Err(subscription(format!(
                    "stream {} is not subscribed",
                    stream.id
                )));
            }
            Some(known) if *known != thread => {
                return Err(Fault::new(
                    ACL_ERROR_RT_THREAD_SUBSCRIBE,
                    format!("stream {} is served by another thread", stream.id),
                ));
            }
            Some(_) => {}
        }
        let dropped = state.end_stream(stream.handle);
        drop(state);
        self.drop_requests(dropped);
        Ok(())
    }

    /// Forgets a stream, and drops what it asked for.
    pub(super) fn end_stream(&self, stream: u64) {
        let dropped = lock(&self.state).end_stream(stream);
        self.drop_requests(dropped);
    }

    fn drop_requests(&self, dropped: Vec<Request>) {
        for request in dropped {
            request.progress.drop_request();
        }
        // A thread that serves nobody any more has to see it.
        self.arrived.notify();
    }

    pub(super) fn add(&self, request: Request) {
        let mut state = lock(&self.state);
        let State { threads, streams } = &mut *state;
        let thread = streams
            .get(&request.stream)
            .and_then(|thread| threads.get_mut(thread));
        let Some(thread) = thread else {
            drop(state);
            request.progress.drop_request();
            return;
        };
        thread.requests.push_back(request);
        drop(state);
        self.arrived.notify();
    }

    /// The next request for a thread, if there is one now.
    fn take(state: &mut State, thread: u64) -> Option<Result<Request, Fault>> {
        match state.threads.get_mut(&thread) {
            Some(known) => known.requests.pop_front().map(Ok),
            None => Some(Err(Fault::new(
                ACL_ERROR_RT_THREAD_SUBSCRIBE,
                "the calling thread is not subscribed for any stream",
            ))),
        }
    }

    fn next(
        &self,
        world: &Arc<World>,
        thread: u64,
        deadline: Deadline,
    ) -> Option<Result<Request, Fault>> {
        if world.config.strict {
            let take = || Self::take(&mut lock(&self.state), thread);
            return world.scheduler.drive(world, deadline, take);
        }
        let mut state = lock(&self.state);
        loop {
            let request = Self::take(&mut state, thread);
            if request.is_some() || deadline.is_over() {
                return request;
            }
            state = self.arrived.wait_until(state, deadline);
        }
    }

    /// Runs the next function on this thread, which is `thread`.
    pub(super) fn process(
        &self,
        world: &Arc<World>,
        thread: u64,
        deadline: Deadline,
    ) -> Result<(), Fault> {
        loop {
            let request = self.next(world, thread, deadline).ok_or_else(|| {
                Fault::new(
                    ACL_ERROR_RT_REPORT_TIMEOUT,
                    "no stream asked for a function in time",
                )
            })?;
            if request?.run() {
                return Ok(());
            }
        }
    }
}

impl State {
    /// Takes out what a stream asked for; its thread goes with its last stream.
    fn end_stream(&mut self, stream: u64) -> Vec<Request> {
        let Some(thread) = self.streams.remove(&stream) else {
            return Vec::new();
        };
        let Some(known) = self.threads.get_mut(&thread) else {
            return Vec::new();
        };
        let (ended, others): (Vec<_>, Vec<_>) = known
            .requests
            .drain(..)
            .partition(|request| request.stream == stream);
        known.requests = others.into();
        if !self.streams.values().any(|served_by| *served_by == thread) {
            self.threads.remove(&thread);
        }
        ended
    }
}

pub(super) fn subscription(text: String) -> Fault {
    Fault::new(ACL_ERROR_RT_STREAM_SUBSCRIBE, text)
}

//! Captures: streams that note their tasks instead of doing them.

use std::sync::Arc;
use std::thread;

use ascend_sys::{
    ACL_ERROR_RT_CAPTURE_DEPENDENCY, ACL_ERROR_RT_CAPTURE_MODE_BLOCK_ASYNC,
    ACL_ERROR_RT_CAPTURE_MODE_NOT_SUPPORT, ACL_ERROR_RT_EVENT_CAPTURED,
    ACL_ERROR_RT_STREAM_CAPTURE_IMPLICIT, ACL_ERROR_RT_STREAM_CAPTURE_UNMATCHED,
    ACL_ERROR_RT_STREAM_CAPTURE_WRONG_THREAD, ACL_ERROR_RT_STREAM_CAPTURED,
    ACL_ERROR_RT_STREAM_MODEL, ACL_ERROR_RT_STREAM_NOT_CAPTURED, ACL_ERROR_RT_STREAM_UNJOINED,
    ACL_ERROR_RT_SUB_ACLGRAPH_IS_CAPTURING, ACL_ERROR_STREAM_CAPTURE_CONFLICT,
};

use crate::entry::Entry;
use crate::event::Record;
use crate::fault::Fault;
use crate::stream::{Action, Stream, Task};
use crate::sync::lock;
use crate::threads;

use super::Graph;
use super::draft::{Capture, Mark, Mode, Status, invalidated};

fn captured_event() -> Fault {
    Fault::new(
        ACL_ERROR_RT_EVENT_CAPTURED,
        "the event was recorded in a capture; record it outside of one first",
    )
}

impl Entry<'_> {
    ///
    pub(crate) fn begin_capture(&self, stream: u64, mode: Mode) -> Result<(), Fault> {
        let context = self.context()?.handle;
        let (_, graph) = self
            .world
            .graphs
            .insert(self.origin, |handle| Graph::new(handle, context));
        let begun = self.begin_capture_of(stream, mode, &graph);
        if begun.is_err() {
            self.world.graphs.remove(graph.handle)?;
        }
        begun
    }

    /// Begins a capture that fills a graph which exists already, and has no tasks yet.
    pub(crate) fn begin_capture_into(
        &self,
        stream: u64,
        mode: Mode,
        graph: u64,
    ) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        if graph.is_ready() || self.world.captures.fills(&graph) {
            return Err(Fault::runtime_argument(format!(
                "graph {} has its tasks already",
                graph.id
            )));
        }
        self.begin_capture_of(stream, mode, &graph)
    }

    fn begin_capture_of(&self, stream: u64, mode: Mode, graph: &Arc<Graph>) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        self.check_captures(&stream)?;
        if stream.is_default() {
            return Err(implicit());
        }
        if stream.capture().is_some() {
            return Err(bound(&stream));
        }
        let capture = Capture::new(graph, mode, stream.handle);
        let number = capture.add_lane(stream.handle, true);
        self.world.captures.add(Arc::clone(&capture));
        stream.set_capture(Some(Mark { capture, number }));
        Ok(())
    }

    /// Makes the graph of what was captured; gives its handle.
    pub(crate) fn end_capture(&self, stream: u64) -> Result<u64, Fault> {
        let stream = self.own_stream(stream)?;
        let Some(mark) = stream.capture().filter(|mark| !mark.capture.is_build()) else {
            return Err(not_captured(stream.id));
        };
        let capture = mark.capture;
        if capture.origin != stream.handle {
            return Err(Fault::new(
                ACL_ERROR_RT_STREAM_CAPTURE_UNMATCHED,
                format!(
                    "the capture of stream {} began on another one; end it there",
                    stream.id
                ),
            ));
        }
        if capture.mode != Mode::Relaxed && capture.thread != thread::current().id() {
            return Err(Fault::new(
                ACL_ERROR_RT_STREAM_CAPTURE_WRONG_THREAD,
                "only relaxed captures end on another thread than they began on",
            ));
        }
        self.world.captures.remove(&capture);
        let mut draft = lock(&capture.draft);
        draft.is_over = true;
        for lane in &draft.lanes {
            if let Some(stream) = self.world.streams.find(lane.stream) {
                stream.set_capture(None);
            }
        }
        let graph = &capture.graph;
        let refused = match draft.invalid {
            Some(symbol) => Some(invalidated(symbol)),
            None if draft.children.iter().any(|child| !child.is_ready()) => Some(Fault::new(
                ACL_ERROR_RT_SUB_ACLGRAPH_IS_CAPTURING,
                "a graph that a condition of this one runs has no tasks yet; capture it first",
            )),
            None => draft.unjoined().map(|stream| {
                let id = self.world.streams.find(stream).map(|stream| stream.id);
                Fault::new(
                    ACL_ERROR_RT_STREAM_UNJOINED,
                    format!(
                        "stream {} of the capture has work that the first stream does not wait \
                         for; record an event on it and wait for that",
                        id.unwrap_or_default()
                    ),
                )
            }),
        };
        if let Some(fault) = refused {
            drop(draft);
            self.destroy_graph(graph.handle)?;
            return Err(fault);
        }
        draft.complete(graph);
        Ok(graph.handle)
    }

    /// The capture that a stream takes part in: how it stands, and its graph.
    pub(crate) fn capture_info(&self, stream: u64) -> Result<(Status, u64), Fault> {
        let stream = self.own_stream(stream)?;
        Ok(stream.capture().map_or((Status::None, 0), |mark| {
            (mark.capture.status(), mark.capture.graph.handle)
        }))
    }

    /// Sets what the calling thread may do during captures; gives what it was.
    pub(crate) fn exchange_capture_mode(&self, mode: Mode) -> Mode {
        threads::exchange_capture_mode(self.world, mode)
    }

    /// Refuses a call that may block while captures forbid it, which makes them invalid.
    pub(crate) fn check_capture_mode(&self) -> Result<(), Fault> {
        let mine = thread::current().id();
        let mode = threads::capture_mode(self.world);
        let broken = self.world.captures.filter(|capture| {
            mode != Mode::Relaxed
                && (capture.mode != Mode::Relaxed && capture.thread == mine
                    || capture.mode == Mode::Global && mode == Mode::Global)
        });
        if broken.is_empty() {
            return Ok(());
        }
        for capture in broken {
            capture.invalidate(self.origin.symbol);
        }
        Err(Fault::new(
            ACL_ERROR_RT_CAPTURE_MODE_NOT_SUPPORT,
            "a call that may block is not allowed in a capture of this mode",
        ))
    }

    /// Refuses to wait for, query or destroy a stream that is captured.
    pub(crate) fn check_captures(&self, stream: &Stream) -> Result<(), Fault> {
        let Some(mark) = stream.capture().filter(|mark| !mark.capture.is_build()) else {
            return Ok(());
        };
        mark.capture.invalidate(self.origin.symbol);
        Err(Fault::new(
            ACL_ERROR_RT_STREAM_CAPTURED,
            format!(
                "stream {} is being captured; end the capture first",
                stream.id
            ),
        ))
    }

    /// Refuses a copy that would wait for a stream that is captured.
    pub(crate) fn check_blocking_copy(&self, stream: &Stream) -> Result<(), Fault> {
        let Some(mark) = stream.capture() else {
            return Ok(());
        };
        mark.capture.invalidate(self.origin.symbol);
        Err(Fault::new(
            ACL_ERROR_RT_CAPTURE_MODE_BLOCK_ASYNC,
            "a copy with pageable host memory would block in a capture; use page-locked memory",
        ))
    }

    /// Refuses to ask for an event that was recorded in a capture.
    pub(crate) fn check_record(&self, record: &Record) -> Result<(), Fault> {
        match record.mark() {
            Some(mark) => {
                mark.capture.invalidate(self.origin.symbol);
                Err(captured_event())
            }
            None => Ok(()),
        }
    }

    /// Notes a record in the capture of its stream.
    pub(crate) fn capture_record(mark: Mark, task: Task, record: &Record) -> Result<(), Fault> {
        let number = mark.capture.add_record(mark.number, task)?;
        record.set_mark(Mark {
            capture: mark.capture,
            number,
        });
        Ok(())
    }

    /// Notes a wait for a record that was captured, or that is waited for in a capture; a stream
    /// comes into the capture by that. Answers false if neither is so.
    pub(crate) fn capture_wait(
        &self,
        stream: &Stream,
        record: &Record,
        mut task: Task,
    ) -> Result<bool, Fault> {
        let symbol = self.origin.symbol;
        let (recorded, waits) = match (record.mark(), stream.capture()) {
            (None, None) => return Ok(false),
            (None, Some(waits)) if waits.capture.is_build() => {
                return waits.capture.add(waits.number, task).map(|()| true);
            }
            (None, Some(waits)) => {
                waits.capture.invalidate(symbol);
                return Err(Fault::new(
                    ACL_ERROR_RT_CAPTURE_DEPENDENCY,
                    "a stream that is captured waits for an event that is not; record it in the \
                     capture",
                ));
            }
            (Some(recorded), waits) => (recorded, waits),
        };
        if recorded.capture.status() == Status::None {
            return Err(captured_event());
        }
        let lane = match waits {
            Some(waits) if Arc::ptr_eq(&waits.capture, &recorded.capture) => waits.number,
            Some(waits) => {
                waits.capture.invalidate(symbol);
                recorded.capture.invalidate(symbol);
                return Err(Fault::new(
                    ACL_ERROR_STREAM_CAPTURE_CONFLICT,
                    "the event and the stream belong to two captures",
                ));
            }
            None if recorded.capture.is_build() => return Err(captured_event()),
            None if stream.is_default() => {
                recorded.capture.invalidate(symbol);
                return Err(implicit());
            }
            None => {
                let number = recorded.capture.add_lane(stream.handle, true);
                stream.set_capture(Some(Mark {
                    capture: Arc::clone(&recorded.capture),
                    number,
                }));
                number
            }
        };
        task.action = Action::WaitFor(recorded.number);
        recorded.capture.add(lane, task)?;
        Ok(true)
    }
}

/// Refuses what a stream that is bound to a graph does not do (107005).
pub(crate) fn bound(stream: &Stream) -> Fault {
    let text = format!("stream {} is bound to a graph; unbind it first", stream.id);
    Fault::new(ACL_ERROR_RT_STREAM_MODEL, text)
}

fn implicit() -> Fault {
    Fault::new(
        ACL_ERROR_RT_STREAM_CAPTURE_IMPLICIT,
        "a default stream takes no part in captures; create a stream",
    )
}

pub(crate) fn not_captured(stream: u32) -> Fault {
    Fault::new(
        ACL_ERROR_RT_STREAM_NOT_CAPTURED,
        format!("stream {stream} is not being captured"),
    )
}

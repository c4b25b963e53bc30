//! Graphs that are built from streams which are bound to them.

use std::sync::Arc;

use ascend_sys::{
    ACL_ERROR_RT_STREAM_MODEL, ACL_MODEL_STREAM_FLAG_DEFAULT, ACL_MODEL_STREAM_FLAG_HEAD,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::stream::{Action, Comparison, Flow, Stream, Uses};
use crate::sync::lock;

use super::Graph;
use super::capture::bound;
use super::draft::{Capture, Mark};

impl Entry<'_> {
    pub(crate) fn begin_build(&self) -> Result<u64, Fault> {
        let context = self.context()?.handle;
        let (handle, graph) = self
            .world
            .graphs
            .insert(self.origin, |handle| Graph::new(handle, context));
        self.world.captures.add_build(Capture::build(&graph));
        Ok(handle)
    }

    fn build_of(&self, graph: u64) -> Result<Arc<Capture>, Fault> {
        let graph = self.world.graphs.get(graph)?;
        self.world.captures.build_of(&graph).ok_or_else(|| {
            Fault::runtime_argument(format!("graph {} is not being built", graph.id))
        })
    }

    /// Makes a stream note its tasks in a graph. Only head streams start by themselves.
    pub(crate) fn bind_stream(&self, graph: u64, stream: u64, flag: u32) -> Result<(), Fault> {
        let capture = self.build_of(graph)?;
        let stream = self.own_stream(stream)?;
        let is_head = match i32::try_from(flag) {
            Ok(ACL_MODEL_STREAM_FLAG_HEAD) => true,
            Ok(ACL_MODEL_STREAM_FLAG_DEFAULT) => false,
            _ => {
                return Err(Fault::argument(format!(
                    "{flag:#x} is no flag of a bound stream"
                )));
            }
        };
        if stream.is_captured() {
            return Err(bound(&stream));
        }
        if stream.is_default() {
            return Err(Fault::runtime_argument(
                "a default stream is not bound to a graph",
            ));
        }
        let mut draft = lock(&capture.draft);
        if draft.is_over {
            return Err(complete());
        }
        let number = draft.add_lane(stream.handle, is_head);
        drop(draft);
        stream.set_capture(Some(Mark { capture, number }));
        Ok(())
    }

    pub(crate) fn unbind_stream(&self, graph: u64, stream: u64) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        let stream = self.own_stream(stream)?;
        Self::mark_in(&graph, &stream)?;
        if graph.is_at_work() {
            return Err(super::running(&graph));
        }
        stream.set_capture(None);
        Ok(())
    }

    /// Says that a run is over when `stream` gets here.
    pub(crate) fn end_tasks(&self, graph: u64, stream: u64) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        let stream = self.own_stream(stream)?;
        let Mark { capture, number } = Self::mark_in(&graph, &stream)?;
        let task = self.task(Uses::default(), Action::RecordOf(0));
        let end = capture.add_record(number, task)?;
        lock(&capture.draft).ends.push(end);
        Ok(())
    }

    pub(crate) fn end_build(&self, graph: u64) -> Result<(), Fault> {
        let capture = self.build_of(graph)?;
        let mut draft = lock(&capture.draft);
        if draft.is_over {
            return Err(complete());
        }
        if draft.ends.is_empty() {
            return Err(Fault::runtime_argument(
                "no stream of the graph says where a run ends; call aclmdlRIEndTask first",
            ));
        }
        for end in draft.ends.clone() {
            let task = self.task(Uses::default(), Action::WaitFor(end));
            draft.lanes[0].tasks.push(task);
        }
        draft.complete(&capture.graph);
        Ok(())
    }

    /// Where a stream stands in the graph that it is bound to.
    fn mark_in(graph: &Arc<Graph>, stream: &Stream) -> Result<Mark, Fault> {
        let mark = stream.capture();
        mark.filter(|mark| mark.capture.is_build() && Arc::ptr_eq(&mark.capture.graph, graph))
            .ok_or_else(|| not_bound(stream))
    }

    /// The lane of another stream of the same graph.
    fn lane_of(&self, stream: &Stream, other: u64) -> Result<usize, Fault> {
        let other = self.own_stream(other)?;
        let here = stream.capture().filter(|mark| mark.capture.is_build());
        let here = here.ok_or_else(|| not_bound(stream))?;
        Ok(Self::mark_in(&here.capture.graph, &other)?.number)
    }

    /// Starts another stream of the graph when `stream` gets there.
    pub(crate) fn activate_stream(&self, target: u64, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        let lane = self.lane_of(&stream, target)?;
        let origin = self.origin;
        let start = Action::Branch(Arc::new(move |world, run| {
            if let Some(run) = run {
                run.start(world, origin, lane)?;
            }
            Ok(Flow::On)
        }));
        self.submit(&stream, Uses::default(), start)
    }

    /// Goes on with another stream of the graph if the comparison holds.
    pub(crate) fn switch_stream(
        &self,
        comparison: Comparison,
        target: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        comparison.check()?;
        let stream = self.own_stream(stream)?;
        let lane = self.lane_of(&stream, target)?;
        let origin = self.origin;
        let switch = Action::Branch(Arc::new(move |world, run| {
            let Some(run) = run else {
                return Ok(Flow::On);
            };
            if !comparison.holds(world)? {
                return Ok(Flow::On);
            }
            run.start(world, origin, lane)?;
            Ok(Flow::Leave)
        }));
        self.submit(&stream, comparison.uses(), switch)
    }
}

fn complete() -> Fault {
    Fault::runtime_argument("the graph is complete already")
}

fn not_bound(stream: &Stream) -> Fault {
    let text = format!("stream {} is not bound to the graph", stream.id);
    Fault::new(ACL_ERROR_RT_STREAM_MODEL, text)
}

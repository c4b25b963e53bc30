//! Task groups: parts of a graph whose tasks can be replaced.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use ascend_sys::{ACL_ERROR_RT_MODEL_UPDATE_FAILED, ACL_ERROR_STREAM_TASK_GROUP_STATUS};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::stream::{Task, Uses};
use crate::sync::lock;

use super::Graph;
use super::capture::not_captured;
use super::draft::Capture;

/// Where a group stands.
#[derive(Clone)]
pub(crate) struct Group {
    pub(super) handle: u64,
    pub(super) lane: usize,
    pub(super) places: Range<usize>,
}

/// The C side of a group.
pub(crate) struct TaskGroup {
    pub(super) graph: Arc<Graph>,
}

impl Object for TaskGroup {
    const KIND: Kind = Kind::TaskGroup;

    /// It goes with its graph.
    fn is_owned_by_program(&self) -> bool {
        false
    }
}

/// Tasks that are to replace those of a group.
#[derive(Clone)]
pub(crate) struct Update(Arc<UpdateState>);

struct UpdateState {
    graph: Arc<Graph>,
    group: u64,
    tasks: Mutex<Vec<Task>>,
}

impl Update {
    pub(crate) fn add(&self, task: Task) {
        lock(&self.0.tasks).push(task);
    }
}

fn status(text: &str) -> Fault {
    Fault::new(ACL_ERROR_STREAM_TASK_GROUP_STATUS, text)
}

impl Graph {
    fn replace(&self, group: u64, tasks: &[Task]) -> Result<(), Fault> {
        let mut plan = lock(&self.plan);
        let failed = |text: String| Fault::new(ACL_ERROR_RT_MODEL_UPDATE_FAILED, text);
        let found = plan.groups.iter().find(|known| known.handle == group);
        let found = found
            .cloned()
            .ok_or_else(|| failed("the graph has no such group".into()))?;
        if found.places.len() != tasks.len() {
            return Err(failed(format!(
                "the group has {} tasks, {} were given to replace them",
                found.places.len(),
                tasks.len()
            )));
        }
        let lane = &mut plan.lanes[found.lane];
        let mut replaced = lane.tasks.to_vec();
        replaced[found.places].clone_from_slice(tasks);
        lane.tasks = replaced.into();
        Ok(())
    }
}

impl Entry<'_> {
    fn capture_of(&self, stream: u64) -> Result<(Arc<Capture>, usize), Fault> {
        let stream = self.own_stream(stream)?;
        let mark = stream.capture().ok_or_else(|| not_captured(stream.id))?;
        Ok((mark.capture, mark.number))
    }

    pub(crate) fn begin_group(&self, stream: u64) -> Result<(), Fault> {
        let (capture, lane) = self.capture_of(stream)?;
        let mut draft = lock(&capture.draft);
        draft.check()?;
        let lane = &mut draft.lanes[lane];
        if lane.group.is_some() {
            return Err(status("a task group is open on the stream already"));
        }
        lane.group = Some(lane.tasks.len());
        Ok(())
    }

    pub(crate) fn end_group(&self, stream: u64) -> Result<u64, Fault> {
        let (capture, number) = self.capture_of(stream)?;
        let mut draft = lock(&capture.draft);
        draft.check()?;
        let lane = &mut draft.lanes[number];
        let start = lane.group.take();
        let start = start.ok_or_else(|| status("no task group is open on the stream"))?;
        let places = start..lane.tasks.len();
        let (handle, _) = self.world.task_groups.insert(self.origin, |_| TaskGroup {
            graph: Arc::clone(&capture.graph),
        });
        draft.groups.push(Group {
            handle,
            lane: number,
            places,
        });
        Ok(handle)
    }

    /// Makes a stream collect the tasks that are to replace a group's.
    pub(crate) fn begin_update(&self, stream: u64, group: u64) -> Result<(), Fault> {
        let state = self.world.task_groups.get(group)?;
        let stream = self.own_stream(stream)?;
        self.check_captures(&stream)?;
        self.ready_graph(state.graph.handle)?;
        if stream.update().is_some() {
            return Err(status("an update is open on the stream already"));
        }
        stream.set_update(Some(Update(Arc::new(UpdateState {
            graph: Arc::clone(&state.graph),
            group,
            tasks: Mutex::default(),
        }))));
        Ok(())
    }

    /// Replaces the tasks when `stream` gets there.
    pub(crate) fn end_update(&self, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        let update = stream
            .update()
            .ok_or_else(|| status("no update is open on the stream"))?;
        stream.set_update(None);
        let Update(state) = update;
        self.submit_work_using(&stream, Uses::default(), move |_| {
            let tasks = lock(&state.tasks).clone();
            state.graph.replace(state.group, &tasks)
        })
    }
}

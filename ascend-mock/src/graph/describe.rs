//! What a graph tells of itself.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ascend_sys::{
    ACL_ERROR_RT_FILE_WRITE, ACL_ERROR_RT_INSUFFICIENT_INPUT_ARRAY, aclmdlRITaskType,
};
use serde::Serialize;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::stream::{Action, Task};
use crate::sync::lock;
use crate::world::World;

use super::Graph;

/// A task of a graph, as C knows it.
pub(crate) struct TaskRef {
    graph: Arc<Graph>,
    lane: usize,
    place: usize,
}

impl Object for TaskRef {
    const KIND: Kind = Kind::GraphTask;

    /// It goes with its graph.
    fn is_owned_by_program(&self) -> bool {
        false
    }
}

impl TaskRef {
    pub(crate) fn kind(&self) -> aclmdlRITaskType {
        let tasks = self.graph.tasks(self.lane);
        tasks
            .get(self.place)
            .map_or(aclmdlRITaskType::ACL_MODEL_RI_TASK_DEFAULT, kind)
    }

    /// The number of the task in its stream.
    pub(crate) fn place(&self) -> u32 {
        u32::try_from(self.place).unwrap_or(u32::MAX)
    }
}

/// What is called when a graph is destroyed.
pub(crate) struct OnDestroy {
    /// What C registered it by.
    pub(crate) function: usize,
    pub(crate) call: Box<dyn FnOnce() + Send>,
}

impl OnDestroy {
    pub(super) fn call(self) {
        (self.call)();
    }
}

fn kind(task: &Task) -> aclmdlRITaskType {
    match (&task.action, task.origin.symbol) {
        (Action::RecordOf(_) | Action::Record(_), _) => {
            aclmdlRITaskType::ACL_MODEL_RI_TASK_EVENT_RECORD
        }
        (Action::WaitFor(_), _) => aclmdlRITaskType::ACL_MODEL_RI_TASK_EVENT_WAIT,
        (_, "aclrtResetEvent") => aclmdlRITaskType::ACL_MODEL_RI_TASK_EVENT_RESET,
        (_, "aclrtValueWrite") => aclmdlRITaskType::ACL_MODEL_RI_TASK_VALUE_WRITE,
        (_, "aclrtValueWait") => aclmdlRITaskType::ACL_MODEL_RI_TASK_VALUE_WAIT,
        (_, symbol) if symbol.starts_with("aclrtLaunchKernel") => {
            aclmdlRITaskType::ACL_MODEL_RI_TASK_KERNEL
        }
        _ => aclmdlRITaskType::ACL_MODEL_RI_TASK_DEFAULT,
    }
}

#[derive(Serialize)]
struct Description {
    model_id: u32,
    name: String,
    streams: Vec<LaneDescription>,
}

#[derive(Serialize)]
struct LaneDescription {
    stream_id: Option<u32>,
    tasks: Vec<TaskDescription>,
}

#[derive(Serialize)]
struct TaskDescription {
    task_id: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    call: &'static str,
    /// The number of the event record that it makes or waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<usize>,
}

impl TaskDescription {
    fn new((task_id, task): (usize, &Task)) -> Self {
        let (kind, record) = match &task.action {
            Action::Work(_) => ("work", None),
            Action::Operator(_) => ("operator", None),
            Action::Record(_) => ("record", None),
            Action::Wait(_) => ("wait", None),
            Action::RecordOf(record) => ("event record", Some(*record)),
            Action::WaitFor(record) => ("event wait", Some(*record)),
            Action::Branch(_) => ("branch", None),
        };
        Self {
            task_id,
            kind,
            call: task.origin.symbol,
            record,
        }
    }
}

impl World {
    /// Forgets the handles that belong to a graph.
    pub(super) fn forget_tasks(&self, graph: &Arc<Graph>) {
        self.graph_tasks
            .extract(|task| Arc::ptr_eq(&task.graph, graph));
        self.task_groups
            .extract(|group| Arc::ptr_eq(&group.graph, graph));
    }
}

impl Entry<'_> {
    fn describe(&self, graph: &Graph) -> Description {
        let plan = lock(&graph.plan);
        let lanes = plan.lanes.iter().filter(|lane| lane.stream != 0);
        let streams = lanes.map(|lane| LaneDescription {
            stream_id: self.world.streams.find(lane.stream).map(|stream| stream.id),
            tasks: lane
                .tasks
                .iter()
                .enumerate()
                .map(TaskDescription::new)
                .collect(),
        });
        Description {
            model_id: graph.id,
            name: plan.name.clone(),
            streams: streams.collect(),
        }
    }

    /// Tells a graph through `tracing`.
    pub(crate) fn print_graph(&self, graph: u64) -> Result<(), Fault> {
        let graph = self.ready_graph(graph)?;
        let text = serde_json::to_string(&self.describe(&graph)).map_err(Fault::internal)?;
        tracing::info!("{text}");
        Ok(())
    }

    /// Writes a graph to a JSON file.
    pub(crate) fn write_graph(&self, graph: u64, path: &Path) -> Result<(), Fault> {
        let graph = self.ready_graph(graph)?;
        let text = serde_json::to_vec_pretty(&self.describe(&graph)).map_err(Fault::internal)?;
        fs::write(path, text).map_err(|error| {
            let text = format!("{} cannot be written: {error}", path.display());
            Fault::new(ACL_ERROR_RT_FILE_WRITE, text)
        })
    }

    pub(crate) fn name_graph(&self, graph: u64, name: &str) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        name.clone_into(&mut lock(&graph.plan).name);
        Ok(())
    }

    pub(crate) fn graph_name(&self, graph: u64) -> Result<String, Fault> {
        let graph = self.world.graphs.get(graph)?;
        let plan = lock(&graph.plan);
        Ok(plan.name.clone())
    }

    /// The streams that a graph was captured from.
    pub(crate) fn graph_streams(&self, graph: u64) -> Result<Vec<u64>, Fault> {
        let graph = self.ready_graph(graph)?;
        let plan = lock(&graph.plan);
        let streams = plan.lanes.iter().map(|lane| lane.stream);
        Ok(streams.filter(|stream| *stream != 0).collect())
    }

    /// The tasks of the graph that was captured from a stream last.
    pub(crate) fn graph_tasks(&self, stream: u64) -> Result<Vec<u64>, Fault> {
        self.check_stream_handle(stream)?;
        let of_stream = |graph: &Graph| {
            let plan = lock(&graph.plan);
            plan.lanes.iter().position(|lane| lane.stream == stream)
        };
        let graphs = self.world.graphs.filter(|graph| of_stream(graph).is_some());
        let found = graphs
            .last()
            .and_then(|graph| Some((graph, of_stream(graph)?)));
        let Some((graph, lane)) = found else {
            return Ok(Vec::new());
        };
        let places = 0..graph.tasks(lane).len();
        let known = self
            .world
            .graph_tasks
            .find_all(|task| Arc::ptr_eq(&task.graph, graph) && task.lane == lane);
        if known.len() == places.len() {
            return Ok(known);
        }
        let handles = places.map(|place| {
            let make = |_| TaskRef {
                graph: Arc::clone(graph),
                lane,
                place,
            };
            self.world.graph_tasks.insert(self.origin, make).0
        });
        Ok(handles.collect())
    }

    pub(crate) fn on_graph_destroyed(&self, graph: u64, on: OnDestroy) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        let mut plan = lock(&graph.plan);
        if plan
            .on_destroy
            .iter()
            .any(|known| known.function == on.function)
        {
            return Err(Fault::runtime_argument(
                "the function is registered already",
            ));
        }
        plan.on_destroy.push(on);
        Ok(())
    }

    pub(crate) fn forget_graph_destroyed(&self, graph: u64, function: usize) -> Result<(), Fault> {
        let graph = self.world.graphs.get(graph)?;
        let mut plan = lock(&graph.plan);
        let before = plan.on_destroy.len();
        plan.on_destroy.retain(|known| known.function != function);
        if plan.on_destroy.len() == before {
            return Err(Fault::runtime_argument("the function is not registered"));
        }
        Ok(())
    }
}

/// Refuses an array that is too short for an answer (107039).
pub(crate) fn check_array(has: u32, needs: usize) -> Result<(), Fault> {
    if (has as usize) < needs {
        let text = format!("the array takes {has} entries, there are {needs}");
        return Err(Fault::new(ACL_ERROR_RT_INSUFFICIENT_INPUT_ARRAY, text));
    }
    Ok(())
}

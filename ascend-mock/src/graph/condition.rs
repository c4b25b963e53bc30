//! Conditions: values in device memory that decide which graphs a graph runs.

use std::sync::Arc;

use ascend_sys::{ACL_ERROR_RT_INVALID_HANDLE, aclmdlRICondHandleFlag, aclmdlRICondTaskType};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger;
use crate::memory::{Holding, Request};
use crate::stream::{Action, Flow, Uses};
use crate::sync::lock;
use crate::world::World;

use super::capture::not_captured;
use super::{Graph, Run};

/// The most graphs that one condition may choose from.
const MOST: u32 = 128;

/// A value of a graph.
pub(crate) struct Condition {
    handle: u64,
    address: u64,
    /// What every run starts with, if it does not keep what is there.
    initial: Option<u64>,
}

/// The C side of a condition.
pub(crate) struct CondHandle {
    graph: u64,
    address: u64,
}

impl Object for CondHandle {
    const KIND: ledger::Kind = ledger::Kind::Condition;

    /// It goes with its graph.
    fn is_owned_by_program(&self) -> bool {
        false
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The first graph, or else the second if there is one.
    If,
    /// As long as the value is not 0.
    While,
    /// The graph with the value's number, if there is one.
    Switch,
}

impl Kind {
    pub(crate) fn from_c(kind: aclmdlRICondTaskType, size: u32) -> Result<Self, Fault> {
        let (kind, most) = match kind {
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_IF => (Self::If, 2),
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_WHILE => (Self::While, 1),
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_SWITCH => (Self::Switch, MOST),
            other => {
                return Err(Fault::argument(format!(
                    "{} is no kind of condition",
                    other.0
                )));
            }
        };
        if size == 0 || size > most {
            return Err(Fault::runtime_argument(format!(
                "a condition of this kind runs 1 to {most} graphs, not {size}"
            )));
        }
        Ok(kind)
    }

    /// The number of the graph to run.
    fn choose(self, value: u64) -> Option<usize> {
        match (self, value) {
            (Self::If, 0) => Some(1),
            (Self::While, 0) => None,
            (Self::If | Self::While, _) => Some(0),
            (Self::Switch, value) => usize::try_from(value).ok(),
        }
    }
}

impl Graph {
    pub(super) fn reset_conditions(&self, world: &World) -> Result<(), Fault> {
        let conditions = lock(&self.plan).conditions.clone();
        for condition in conditions {
            if let Some(value) = condition.initial {
                world.write_value(condition.address, value)?;
            }
        }
        Ok(())
    }
}

impl Entry<'_> {
    pub(crate) fn create_condition(
        &self,
        graph: u64,
        initial: u32,
        flag: aclmdlRICondHandleFlag,
    ) -> Result<u64, Fault> {
        let graph = self.world.graphs.get(graph)?;
        let keeps = match flag.0 {
            0 => true,
            _ if flag == aclmdlRICondHandleFlag::ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT => false,
            other => {
                return Err(Fault::argument(format!(
                    "{other} is no flag of a condition"
                )));
            }
        };
        let device = self.context()?.device;
        let address = self.world.space.allocate(Request {
            device,
            bytes: 8,
            booked: 64,
            holding: Holding::Runtime,
            origin: self.origin,
        })?;
        self.world
            .write_device(address, &u64::from(initial).to_ne_bytes())?;
        let (handle, _) = self.world.conditions.insert(self.origin, |_| CondHandle {
            graph: graph.handle,
            address,
        });
        lock(&graph.plan).conditions.push(Arc::new(Condition {
            handle,
            address,
            initial: (!keeps).then(|| initial.into()),
        }));
        Ok(handle)
    }

    pub(super) fn destroy_condition(&self, condition: &Condition) {
        let removed = self.world.conditions.remove(condition.handle);
        // A device that was reset has taken the memory along.
        let free = || {
            let space = &self.world.space;
            space.free(condition.address, self.origin, &[Holding::Runtime])
        };
        if removed.is_ok() && free().is_err() {
            tracing::debug!("the value of a condition was lost before its graph");
        }
    }

    /// The device address of a condition's value.
    pub(crate) fn condition_address(&self, handle: u64) -> Result<u64, Fault> {
        Ok(self.world.conditions.get(handle)?.address)
    }

    /// Notes a condition in the capture of `stream`; gives the graphs that it runs, to be filled.
    pub(crate) fn add_condition(
        &self,
        handle: u64,
        kind: Kind,
        size: u32,
        stream: u64,
    ) -> Result<Vec<u64>, Fault> {
        let condition = self.world.conditions.get(handle)?;
        let stream = self.own_stream(stream)?;
        let mark = stream.capture().ok_or_else(|| not_captured(stream.id))?;
        if mark.capture.graph.handle != condition.graph {
            return Err(Fault::new(
                ACL_ERROR_RT_INVALID_HANDLE,
                "the condition belongs to another graph than the one that is captured",
            ));
        }
        lock(&mark.capture.draft).check()?;
        let context = stream.context;
        let children: Vec<Arc<Graph>> = (0..size)
            .map(|_| {
                let graphs = &self.world.graphs;
                graphs
                    .insert(self.origin, |handle| Graph::child(handle, context))
                    .1
            })
            .collect();
        let handles = children.iter().map(|child| child.handle).collect();
        lock(&mark.capture.draft)
            .children
            .extend(children.iter().cloned());
        lock(&mark.capture.graph.plan)
            .children
            .extend(children.iter().cloned());
        let (address, origin) = (condition.address, self.origin);
        let branch = Action::Branch(Arc::new(move |world, _: Option<&Arc<Run>>| {
            let value = world.read_word(address)?;
            let Some(child) = kind.choose(value).and_then(|child| children.get(child)) else {
                return Ok(Flow::On);
            };
            let frame = child.begin(world, origin)?;
            Ok(match kind {
                Kind::While => Flow::Repeat(frame),
                Kind::If | Kind::Switch => Flow::Enter(frame),
            })
        }));
        self.submit(&stream, Uses::default().reads(address, 8), branch)?;
        Ok(handles)
    }
}

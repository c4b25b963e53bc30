//! Labels: places in model-bound streams to jump to.

use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_RT_INTERNAL_ERROR, ACL_ERROR_RT_LABEL_CONTEXT, ACL_ERROR_RT_OVER_LIMIT,
    ACL_ERROR_RT_STREAM_MODEL,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::graph::{Mark, Run};
use crate::handles::Object;
use crate::ledger::{Kind, Origin};
use crate::stream::{Action, Flow, Stream, Uses};
use crate::sync::lock;
use crate::world::World;

/// Labels that a process has.
const MAX_LABELS: usize = 65_535;

pub(crate) struct Label {
    context: u64,
    /// Where it was set: the stream's place in its graph, and the next task there.
    place: Mutex<Option<(Mark, usize)>>,
}

impl Object for Label {
    const KIND: Kind = Kind::Label;
}

/// Labels to choose from by a number.
pub(crate) struct LabelList {
    labels: Vec<Arc<Label>>,
    context: u64,
}

impl Object for LabelList {
    const KIND: Kind = Kind::LabelList;
}

impl Label {
    /// Goes on at the label, from the lane `here` of the same run.
    fn jump(
        &self,
        world: &Arc<World>,
        origin: Origin,
        run: Option<&Arc<Run>>,
        here: usize,
    ) -> Result<Flow, Fault> {
        let place = lock(&self.place).clone();
        let target = place.zip(run);
        let target = target.filter(|((mark, _), run)| Arc::ptr_eq(&mark.capture.graph, &run.graph));
        let ((mark, place), run) = target.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_INTERNAL_ERROR,
                "the label is not set on a stream of the graph that runs",
            )
        })?;
        if mark.number == here {
            return Ok(Flow::Jump(place));
        }
        run.start_at(world, origin, mark.number, place)?;
        Ok(Flow::Leave)
    }
}

impl Entry<'_> {
    pub(crate) fn create_label(&self) -> Result<u64, Fault> {
        let context = self.context()?.handle;
        if self.world.labels.live().len() >= MAX_LABELS {
            return Err(Fault::new(
                ACL_ERROR_RT_OVER_LIMIT,
                format!("all {MAX_LABELS} labels are in use"),
            ));
        }
        let label = Label {
            context,
            place: Mutex::default(),
        };
        Ok(self.world.labels.insert(self.origin, |_| label).0)
    }

    pub(crate) fn destroy_label(&self, label: u64) -> Result<(), Fault> {
        self.own_label(label)?;
        self.world.labels.remove(label).map(|_| ())
    }

    pub(crate) fn create_label_list(&self, labels: &[u64]) -> Result<u64, Fault> {
        let labels = labels.iter().map(|label| self.own_label(*label));
        let labels = labels.collect::<Result<_, _>>()?;
        let context = self.context()?.handle;
        let list = LabelList { labels, context };
        Ok(self.world.label_lists.insert(self.origin, |_| list).0)
    }

    pub(crate) fn destroy_label_list(&self, list: u64) -> Result<(), Fault> {
        self.world.label_lists.remove(list).map(|_| ())
    }

    /// Sets a label where the stream is now.
    pub(crate) fn set_label(&self, label: u64, stream: u64) -> Result<(), Fault> {
        let label = self.own_label(label)?;
        let stream = self.own_stream(stream)?;
        let mark = place_of(&stream)?;
        let mut place = lock(&label.place);
        if place.is_some() {
            return Err(Fault::runtime_argument("the label is set already"));
        }
        let next = mark.capture.length(mark.number)?;
        self.submit_work(&stream, |_| Ok(()))?;
        *place = Some((mark, next));
        Ok(())
    }

    /// Goes on at the label whose number in the list stands at `index` in device memory; the last
    /// one stands for all that are too high.
    pub(crate) fn switch_label(
        &self,
        index: u64,
        count: u32,
        list: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        let list = self.world.label_lists.get(list)?;
        if list.context != self.context()?.handle {
            return Err(other_context("the list"));
        }
        let count = count as usize;
        if count > list.labels.len() || count == 0 {
            return Err(Fault::runtime_argument(format!(
                "maxValue {count} does not fit a list of {} labels",
                list.labels.len()
            )));
        }
        let stream = self.own_stream(stream)?;
        let here = place_of(&stream)?.number;
        let origin = self.origin;
        let switch = move |world: &Arc<World>, run: Option<&Arc<Run>>| {
            let mut number = [0; 4];
            world.read_device(index, &mut number)?;
            let number = u32::from_ne_bytes(number) as usize;
            let label = &list.labels[number.min(count - 1)];
            label.jump(world, origin, run, here)
        };
        let uses = Uses::default().reads(index, 4);
        self.submit(&stream, uses, Action::Branch(Arc::new(switch)))
    }

    fn own_label(&self, label: u64) -> Result<Arc<Label>, Fault> {
        let label = self.world.labels.get(label)?;
        if label.context != self.context()?.handle {
            return Err(other_context("the label"));
        }
        Ok(label)
    }
}

fn other_context(what: &str) -> Fault {
    Fault::new(
        ACL_ERROR_RT_LABEL_CONTEXT,
        format!("{what} belongs to another context than the current one"),
    )
}

/// Where a stream is in the graph that it is bound to.
fn place_of(stream: &Stream) -> Result<Mark, Fault> {
    let mark = stream.capture().filter(|mark| mark.capture.is_build());
    mark.ok_or_else(|| {
        Fault::new(
            ACL_ERROR_RT_STREAM_MODEL,
            format!(
                "labels are for streams that are bound to a model, and stream {} is not",
                stream.id
            ),
        )
    })
}

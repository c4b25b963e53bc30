//! Labels: places in model-bound streams to jump to.

use std::sync::Arc;

use ascend_sys::{ACL_ERROR_RT_LABEL_CONTEXT, ACL_ERROR_RT_OVER_LIMIT, ACL_ERROR_RT_STREAM_MODEL};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;

/// Labels that a process has.
const MAX_LABELS: usize = 65_535;

pub(crate) struct Label {
    context: u64,
}

impl Object for Label {
    const KIND: Kind = Kind::Label;
}

/// Labels to choose from by a number.
pub(crate) struct LabelList {
    pub(crate) labels: Vec<Arc<Label>>,
    context: u64,
}

impl Object for LabelList {
    const KIND: Kind = Kind::LabelList;
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
        let label = Label { context };
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
        self.own_label(label)?;
        let stream = self.own_stream(stream)?;
        Err(not_bound(stream.id))
    }

    /// Goes on at the label whose number in the list stands at `index` in device memory.
    pub(crate) fn switch_label(
        &self,
        _index: u64,
        count: u32,
        list: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        let list = self.world.label_lists.get(list)?;
        if list.context != self.context()?.handle {
            return Err(other_context("the list"));
        }
        if count as usize > list.labels.len() || count == 0 {
            return Err(Fault::runtime_argument(format!(
                "maxValue {count} does not fit a list of {} labels",
                list.labels.len()
            )));
        }
        let stream = self.own_stream(stream)?;
        Err(not_bound(stream.id))
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

fn not_bound(stream: u32) -> Fault {
    Fault::new(
        ACL_ERROR_RT_STREAM_MODEL,
        format!("labels are for streams that are bound to a model, and stream {stream} is not"),
    )
}

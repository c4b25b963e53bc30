//! Channels that pass rows of tensors on. A channel has a name on its device: all handles of one
//! name lead to the same line, so that what one thread sends another one receives.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, Mutex, Weak};

use ascend_sys::{aclDataType, acltdtTensorType};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Object, Registry, kinds};
use crate::ledger::{Kind, Live};
use crate::line::{Line, patience};
use crate::model::Span;
use crate::sync::lock;

/// What a channel with a capacity may hold.
const CAPACITIES: std::ops::RangeInclusive<usize> = 2..=8192;
/// What a channel of the old style holds.
const OLD_CAPACITY: usize = 128;
/// The most dims of a tensor.
const MAX_DIMS: usize = 128;

#[derive(Default)]
pub(crate) struct Channels {
    pub(crate) items: Registry<Item>,
    pub(crate) datasets: Registry<Dataset>,
    pub(crate) handles: Registry<Channel>,
    lines: Mutex<Lines>,
}

/// The lines of the channels, by device and name.
type Lines = BTreeMap<(u32, CString), Weak<Line<Message>>>;

/// A tensor, or a mark between tensors.
pub(crate) struct Item {
    pub(crate) kind: acltdtTensorType,
    pub(crate) dims: Vec<i64>,
    pub(crate) dtype: aclDataType,
    pub(crate) data: Data,
    /// A dataset received it: it comes and goes with the dataset.
    in_dataset: bool,
}

pub(crate) enum Data {
    /// The program's own, as long as it keeps it.
    Program(Span),
    /// Received; the program may write to it.
    Received(Box<[AtomicU8]>),
}

impl Data {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Program(span) => span.bytes,
            Self::Received(bytes) => bytes.len(),
        }
    }
}

impl Object for Item {
    const KIND: Kind = Kind::ChannelItem;

    fn is_owned_by_program(&self) -> bool {
        !self.in_dataset
    }
}

/// A row of tensors.
#[derive(Default)]
pub(crate) struct Dataset {
    pub(crate) items: Mutex<Vec<u64>>,
    /// Of the channel that it was received from.
    pub(crate) name: Mutex<Arc<CStr>>,
}

pub(crate) struct Channel {
    name: Arc<CStr>,
    /// Whether it has a capacity, and with it time limits.
    is_queue: bool,
    line: Arc<Line<Message>>,
}

kinds! {
    Dataset => ChannelDataset;
    Channel => Channel;
}

/// A row of tensors under way.
pub(crate) type Message = Vec<Parcel>;

pub(crate) struct Parcel {
    pub(crate) kind: acltdtTensorType,
    pub(crate) dims: Vec<i64>,
    pub(crate) dtype: aclDataType,
    pub(crate) bytes: Vec<u8>,
}

impl Item {
    /// Checks a tensor of the program's.
    pub(crate) fn new(
        kind: acltdtTensorType,
        dims: Vec<i64>,
        dtype: aclDataType,
        data: Span,
    ) -> Result<Self, Fault> {
        if !(0..=2).contains(&kind.0) {
            return Err(Fault::argument(format!("tdtType is {}", kind.0)));
        }
        if dims.len() > MAX_DIMS {
            return Err(Fault::argument(format!(
                "dimNum is {}; it can be {MAX_DIMS} at most",
                dims.len()
            )));
        }
        if let Some(dim) = dims.iter().find(|dim| **dim < 0) {
            return Err(Fault::argument(format!("a tensor has no extent {dim}")));
        }
        if data.address == 0 && data.bytes > 0 {
            return Err(Fault::null("data"));
        }
        Ok(Self {
            kind,
            dims,
            dtype,
            data: Data::Program(data),
            in_dataset: false,
        })
    }
}

impl Channels {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.items.live();
        live.extend(self.datasets.live());
        live.extend(self.handles.live());
        live
    }

    pub(crate) fn shut_down(&self) {
        for channel in self.handles.filter(|_| true) {
            channel.line.stop();
        }
    }

    /// The last handle takes the line along: who still waits is told, and the name is free.
    pub(crate) fn destroy_channel(&self, channel: u64) -> Result<(), Fault> {
        let _lines = lock(&self.lines); // nobody joins a line that is about to stop
        let channel = self.handles.remove(channel)?;
        let leads_there = |other: &Channel| Arc::ptr_eq(&other.line, &channel.line);
        if self.handles.filter(leads_there).is_empty() {
            channel.line.stop();
        }
        Ok(())
    }

    pub(crate) fn destroy_item(&self, item: u64) -> Result<(), Fault> {
        if self.items.get(item)?.in_dataset {
            return Err(Fault::argument(
                "the item was received, and is destroyed with its dataset",
            ));
        }
        self.items.remove(item).map(|_| ())
    }

    /// Takes the received items along.
    pub(crate) fn destroy_dataset(&self, dataset: u64) -> Result<(), Fault> {
        let dataset = self.datasets.remove(dataset)?;
        self.drop_received(&dataset);
        Ok(())
    }

    fn drop_received(&self, dataset: &Dataset) {
        let mut items = lock(&dataset.items);
        items.retain(|&item| {
            let is_received = self.items.find(item).is_some_and(|item| item.in_dataset);
            !(is_received && self.items.remove(item).is_ok())
        });
    }

    pub(crate) fn add_item(&self, dataset: u64, item: u64) -> Result<(), Fault> {
        let dataset = self.datasets.get(dataset)?;
        self.items.get(item)?;
        let mut items = lock(&dataset.items);
        if items.contains(&item) {
            return Err(Fault::argument("the dataset has the item already"));
        }
        items.push(item);
        Ok(())
    }
}

impl Channel {
    /// Only channels with a capacity answer this.
    fn queue(&self) -> Result<&Line<Message>, Fault> {
        if !self.is_queue {
            return Err(Fault::argument(
                "the channel has no capacity; make it with acltdtCreateChannelWithCapacity",
            ));
        }
        Ok(&self.line)
    }

    ///
    fn check_timeout(&self, milliseconds: i32) -> Result<(), Fault> {
        if !self.is_queue && milliseconds != -1 {
            return Err(Fault::argument(format!(
                "timeout is {milliseconds} ms; a channel without a capacity takes -1 only"
            )));
        }
        Ok(())
    }

    pub(crate) fn stop(&self) {
        self.line.stop();
    }

    pub(crate) fn clear(&self) -> Result<(), Fault> {
        self.queue()?.clear();
        Ok(())
    }

    pub(crate) fn size(&self) -> Result<usize, Fault> {
        Ok(self.queue()?.len())
    }

    pub(crate) fn send(&self, message: Message, milliseconds: i32) -> Result<(), Fault> {
        self.check_timeout(milliseconds)?;
        let sent = self.line.put(message, patience(milliseconds)?);
        sent.map_err(|fault| fault.within(&format!("channel {:?}", self.name)))
    }

    fn receive(&self, milliseconds: i32) -> Result<Message, Fault> {
        self.check_timeout(milliseconds)?;
        let received = self.line.take(patience(milliseconds)?, |_| Ok(()));
        received.map_err(|fault| fault.within(&format!("channel {:?}", self.name)))
    }
}

impl Entry<'_> {
    pub(crate) fn create_channel(
        &self,
        device: u32,
        name: &CStr,
        capacity: Option<usize>,
    ) -> Result<u64, Fault> {
        if device >= self.world.config.devices {
            return Err(Fault::argument(format!("there is no device {device}")));
        }
        if name.is_empty() {
            return Err(Fault::argument("name is empty"));
        }
        if let Some(capacity) = capacity.filter(|capacity| !CAPACITIES.contains(capacity)) {
            let (least, most) = (CAPACITIES.start(), CAPACITIES.end());
            return Err(Fault::argument(format!(
                "capacity is {capacity}; it can be {least} to {most}"
            )));
        }
        let room = capacity.unwrap_or(OLD_CAPACITY);
        let mut lines = lock(&self.world.channels.lines);
        let key = (device, name.to_owned());
        let known = lines.get(&key).and_then(Weak::upgrade);
        // A line that is stopped stays so: its name stands for a new one.
        let line = match known.filter(|line| !line.is_stopped()) {
            Some(line) if line.capacity() == room => line,
            Some(line) => {
                return Err(Fault::argument(format!(
                    "the channel exists with a capacity of {}",
                    line.capacity()
                )));
            }
            None => {
                let line = Arc::new(Line::new(room));
                lines.retain(|_, line| line.strong_count() > 0);
                lines.insert(key, Arc::downgrade(&line));
                line
            }
        };
        let channel = Channel {
            name: Arc::from(name),
            is_queue: capacity.is_some(),
            line,
        };
        let handles = &self.world.channels.handles;
        Ok(handles.insert(self.origin, |_| channel).0)
    }

    /// Fills a dataset with what comes, in place of what it received before.
    pub(crate) fn receive(
        &self,
        channel: u64,
        dataset: u64,
        milliseconds: i32,
    ) -> Result<(), Fault> {
        let channels = &self.world.channels;
        let (channel, dataset) = (
            channels.handles.get(channel)?,
            channels.datasets.get(dataset)?,
        );
        let message = channel.receive(milliseconds)?;
        channels.drop_received(&dataset);
        *lock(&dataset.name) = Arc::clone(&channel.name);
        let items = message.into_iter().map(|parcel| {
            let item = Item {
                kind: parcel.kind,
                dims: parcel.dims,
                dtype: parcel.dtype,
                data: Data::Received(parcel.bytes.into_iter().map(AtomicU8::new).collect()),
                in_dataset: true,
            };
            channels.items.insert(self.origin, |_| item).0
        });
        lock(&dataset.items).extend(items);
        Ok(())
    }
}

//! Data buffers and datasets: what a program says about its memory. None of
//! them owns the memory, and a dataset does not own its data buffers.

use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex};

use ascend_graph::DataType;
use ascend_sys::aclDataType;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::{Kind, Origin};
use crate::sync::lock;
use crate::world::World;

use super::tensor_desc::TensorDesc;

/// Bytes of an element: 1 for types below a byte, 0 for types that have no size.
pub(crate) fn element_size(dtype: aclDataType) -> usize {
    let dtype = DataType::from_acl(dtype.0);
    let bytes = dtype.and_then(|dtype| dtype.bytes_of(1));
    bytes
        .and_then(|bytes| usize::try_from(bytes).ok())
        .unwrap_or(0)
}

/// An address and a size.
pub(crate) struct DataBuffer(Mutex<Span>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) address: usize,
    pub(crate) bytes: usize,
}

impl Span {
    pub(crate) fn new(address: *mut c_void, bytes: usize) -> Self {
        Self {
            address: address.expose_provenance(),
            bytes,
        }
    }

    /// The address as it was given.
    pub(crate) fn pointer(self) -> *mut c_void {
        ptr::with_exposed_provenance_mut(self.address)
    }
}

impl DataBuffer {
    pub(crate) fn span(&self) -> Span {
        *lock(&self.0)
    }

    pub(crate) fn set(&self, span: Span) {
        *lock(&self.0) = span;
    }
}

impl Object for DataBuffer {
    const KIND: Kind = Kind::DataBuffer;
}

/// A row of data buffers, each with the shape of the tensor in it if that changes.
#[derive(Default)]
pub(crate) struct Dataset {
    pub(crate) slots: Mutex<Vec<Slot>>,
    /// The values of the gear that the program chose last.
    pub(crate) gear: Mutex<Option<Vec<u64>>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Slot {
    /// The handle of a data buffer; whether it still lives is looked up at use.
    pub(crate) buffer: u64,
    /// The handle of a tensor description of the dataset's own.
    desc: Option<u64>,
}

impl Object for Dataset {
    const KIND: Kind = Kind::Dataset;
}

impl Dataset {
    /// The handle of slot `index`'s tensor description.
    pub(crate) fn desc(&self, index: usize) -> Option<u64> {
        lock(&self.slots).get(index)?.desc
    }

    pub(crate) fn buffer(&self, index: usize) -> Option<u64> {
        Some(lock(&self.slots).get(index)?.buffer)
    }
}

impl World {
    /// Gives slot `index` a description of its own, in place of the one that it had.
    pub(crate) fn set_desc(
        &self,
        dataset: &Dataset,
        index: usize,
        desc: Option<TensorDesc>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let mut slots = lock(&dataset.slots);
        let count = slots.len();
        let slot = slots.get_mut(index).ok_or_else(|| {
            Fault::argument(format!(
                "the dataset has {count} buffers, no buffer {index}"
            ))
        })?;
        if let Some(old) = slot.desc.take() {
            self.tensor_descs.remove(old)?;
        }
        slot.desc = desc.map(|desc| {
            let own = TensorDesc {
                in_dataset: true,
                ..desc
            };
            self.tensor_descs.insert(origin, |_| own).0
        });
        Ok(())
    }

    /// The shape that the program gave slot `index`, if it did.
    pub(crate) fn shape(&self, dataset: &Dataset, index: usize) -> Option<Arc<TensorDesc>> {
        self.tensor_descs.find(dataset.desc(index)?)
    }
}

impl Entry<'_> {
    pub(crate) fn create_data_buffer(&self, span: Span) -> u64 {
        let buffers = &self.world.data_buffers;
        buffers
            .insert(self.origin, |_| DataBuffer(Mutex::new(span)))
            .0
    }

    pub(crate) fn create_dataset(&self) -> u64 {
        let datasets = &self.world.datasets;
        datasets.insert(self.origin, |_| Dataset::default()).0
    }

    pub(crate) fn destroy_dataset(&self, handle: u64) -> Result<(), Fault> {
        self.check_object(handle);
        let dataset = self.world.datasets.remove(handle)?;
        for desc in lock(&dataset.slots).iter().filter_map(|slot| slot.desc) {
            self.world.tensor_descs.remove(desc)?;
        }
        Ok(())
    }

    pub(crate) fn add_buffer(&self, dataset: u64, buffer: u64) -> Result<(), Fault> {
        let dataset = self.world.datasets.get(dataset)?;
        self.world.data_buffers.get(buffer)?;
        lock(&dataset.slots).push(Slot { buffer, desc: None });
        Ok(())
    }
}

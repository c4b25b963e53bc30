//! Data buffers, tensor descriptions and datasets: what a program says about its memory. None of
//! them owns the memory, and a dataset does not own its data buffers.

use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex};

use ascend_graph::DataType;
use ascend_sys::{ACL_UNKNOWN_RANK, aclDataType, aclFormat};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::{Kind, Origin};
use crate::sync::lock;
use crate::world::World;

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

/// Element type, shape and layout.
#[derive(Clone, Debug)]
pub(crate) struct TensorDesc {
    pub(crate) dtype: aclDataType,
    pub(crate) dims: Vec<i64>,
    pub(crate) format: aclFormat,
    /// A dataset's own: it comes and goes with the dataset.
    in_dataset: bool,
}

impl TensorDesc {
    pub(crate) fn new(dtype: aclDataType, dims: Vec<i64>, format: aclFormat) -> Self {
        Self {
            dtype,
            dims,
            format,
            in_dataset: false,
        }
    }

    /// 1 for a scalar; 0 for extents that are unknown or too large.
    pub(crate) fn element_count(&self) -> usize {
        let count = self.dims.iter().try_fold(1_usize, |product, &dim| {
            product.checked_mul(usize::try_from(dim).ok()?)
        });
        count.unwrap_or(0)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.element_count()
            .checked_mul(element_size(self.dtype))
            .unwrap_or(0)
    }

    /// The number of dims; −2 for a shape of which not even that is known.
    pub(crate) fn rank(&self) -> usize {
        match self.dims.first() {
            Some(&first) if first == i64::from(ACL_UNKNOWN_RANK) => usize::MAX - 1,
            _ => self.dims.len(),
        }
    }
}

impl Object for TensorDesc {
    const KIND: Kind = Kind::TensorDesc;

    fn is_owned_by_program(&self) -> bool {
        !self.in_dataset
    }
}

/// A row of data buffers, each with the shape of the tensor in it if that changes.
#[derive(Default)]
pub(crate) struct Dataset(pub(crate) Mutex<Vec<Slot>>);

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
        lock(&self.0).get(index)?.desc
    }

    pub(crate) fn buffer(&self, index: usize) -> Option<u64> {
        Some(lock(&self.0).get(index)?.buffer)
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
        let mut slots = lock(&dataset.0);
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

    pub(crate) fn create_tensor_desc(&self, desc: TensorDesc) -> u64 {
        self.world.tensor_descs.insert(self.origin, |_| desc).0
    }

    pub(crate) fn destroy_tensor_desc(&self, handle: u64) -> Result<(), Fault> {
        if self.world.tensor_descs.get(handle)?.in_dataset {
            return Err(Fault::argument(
                "the tensor description belongs to a dataset, and is destroyed with it",
            ));
        }
        self.world.tensor_descs.remove(handle).map(|_| ())
    }

    pub(crate) fn create_dataset(&self) -> u64 {
        let datasets = &self.world.datasets;
        datasets.insert(self.origin, |_| Dataset::default()).0
    }

    pub(crate) fn destroy_dataset(&self, handle: u64) -> Result<(), Fault> {
        self.check_object(handle);
        let dataset = self.world.datasets.remove(handle)?;
        for desc in lock(&dataset.0).iter().filter_map(|slot| slot.desc) {
            self.world.tensor_descs.remove(desc)?;
        }
        Ok(())
    }

    pub(crate) fn add_buffer(&self, dataset: u64, buffer: u64) -> Result<(), Fault> {
        let dataset = self.world.datasets.get(dataset)?;
        self.world.data_buffers.get(buffer)?;
        lock(&dataset.0).push(Slot { buffer, desc: None });
        Ok(())
    }
}

//! Descriptions of tensors. None of them owns memory.

use std::ffi::CStr;
use std::sync::Arc;

use ascend_sys::{ACL_UNKNOWN_RANK, aclDataType, aclFormat, aclMemType};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;

use super::host::element_size;

/// Element type, shape and layout.
#[derive(Clone, Debug)]
pub(crate) struct TensorDesc {
    pub(crate) dtype: aclDataType,
    pub(crate) dims: Vec<i64>,
    pub(crate) format: aclFormat,
    /// Shape and layout in memory, if they are others.
    pub(crate) storage_dims: Option<Vec<i64>>,
    pub(crate) storage_format: Option<aclFormat>,
    pub(crate) name: Arc<CStr>,
    /// The input that this is one of several of.
    pub(crate) dynamic_input: Option<Arc<CStr>>,
    pub(crate) shape_range: Vec<[i64; 2]>,
    pub(crate) value_range: Vec<[i64; 2]>,
    pub(crate) placement: aclMemType,
    /// The elements, if they never change.
    pub(crate) constant: Option<Arc<[u8]>>,
    /// The handles of those behind it, where it is the first of a row. They go with it.
    pub(crate) row: Vec<u64>,
    /// Another's own: it comes and goes with a dataset, or with the first of its row.
    pub(super) in_dataset: bool,
}

impl TensorDesc {
    pub(crate) fn new(dtype: aclDataType, dims: Vec<i64>, format: aclFormat) -> Self {
        Self {
            dtype,
            dims,
            format,
            storage_dims: None,
            storage_format: None,
            name: Arc::from(c""),
            dynamic_input: None,
            shape_range: Vec::new(),
            value_range: Vec::new(),
            placement: aclMemType::ACL_MEMTYPE_DEVICE,
            constant: None,
            row: Vec::new(),
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

    /// The same tensor in another layout, where that follows from the shape alone.
    pub(crate) fn in_format(&self, format: aclFormat) -> Result<Self, Fault> {
        use aclFormat as F;
        let blocks = |extent: i64| extent.saturating_add(BLOCK - 1) / BLOCK;
        let dims = match (self.format, format, &self.dims[..]) {
            (from, to, dims) if from == to => dims.to_vec(),
            (F::ACL_FORMAT_NCHW, F::ACL_FORMAT_NHWC, &[n, c, h, w]) => vec![n, h, w, c],
            (F::ACL_FORMAT_NHWC, F::ACL_FORMAT_NCHW, &[n, h, w, c]) => vec![n, c, h, w],
            (F::ACL_FORMAT_NCHW, F::ACL_FORMAT_NC1HWC0, &[n, c, h, w])
            | (F::ACL_FORMAT_NHWC, F::ACL_FORMAT_NC1HWC0, &[n, h, w, c]) => {
                vec![n, blocks(c), h, w, BLOCK]
            }
            (F::ACL_FORMAT_ND, F::ACL_FORMAT_FRACTAL_NZ, &[.., _, _]) => {
                let (batch, matrix) = self.dims.split_at(self.dims.len() - 2);
                let tiles = [blocks(matrix[1]), blocks(matrix[0]), BLOCK, BLOCK];
                [batch, &tiles].concat()
            }
            (from, to, dims) => {
                return Err(Fault::argument(format!(
                    "shape {dims:?} is not brought from format {} to {}",
                    from.0, to.0
                )));
            }
        };
        Ok(Self {
            dims,
            format,
            storage_dims: None,
            storage_format: None,
            row: Vec::new(),
            in_dataset: false,
            ..self.clone()
        })
    }
}

/// The extent of a block in the layouts of the matrix unit, for elements of two bytes.
const BLOCK: i64 = 16;

impl Object for TensorDesc {
    const KIND: Kind = Kind::TensorDesc;

    fn is_owned_by_program(&self) -> bool {
        !self.in_dataset
    }
}

impl Entry<'_> {
    pub(crate) fn create_tensor_desc(&self, desc: TensorDesc) -> u64 {
        self.world.tensor_descs.insert(self.origin, |_| desc).0
    }

    /// Makes a row of descriptions: the handle of the first, which is 0 for none, and their number.
    pub(crate) fn create_row(&self, descs: &[TensorDesc]) -> (u64, usize) {
        let Some((first, rest)) = descs.split_first() else {
            return (0, 0);
        };
        let rest = rest.iter().map(|desc| {
            self.create_tensor_desc(TensorDesc {
                in_dataset: true,
                ..desc.clone()
            })
        });
        let first = TensorDesc {
            row: rest.collect(),
            ..first.clone()
        };
        (self.create_tensor_desc(first), descs.len())
    }

    pub(crate) fn change_tensor_desc(
        &self,
        handle: u64,
        change: impl FnOnce(&mut TensorDesc),
    ) -> Result<(), Fault> {
        self.world.tensor_descs.change(handle, change)
    }

    pub(crate) fn destroy_tensor_desc(&self, handle: u64) -> Result<(), Fault> {
        if self.world.tensor_descs.get(handle)?.in_dataset {
            return Err(Fault::argument(
                "the tensor description belongs to a dataset or a row, and is destroyed with it",
            ));
        }
        let first = self.world.tensor_descs.remove(handle)?;
        for handle in &first.row {
            self.world.tensor_descs.remove(*handle)?;
        }
        Ok(())
    }
}

//! The lists of buffers that an execution reads and writes.

use std::ffi::c_void;
use std::ptr;

use ascend_graph::DataType;
use ascend_graph::om::Format;
use ascend_sys::{aclDataBuffer, aclDataType, aclFormat, aclTensorDesc, aclmdlDataset};

use crate::acl::Acl;
use crate::error::{Error, ErrorKind, Result};

/// A dataset of data buffers. It keeps addresses only: who fills it keeps the memory.
#[derive(Debug)]
pub(crate) struct Dataset {
    raw: *mut aclmdlDataset,
    buffers: Vec<*mut aclDataBuffer>,
    /// The dimensions that were told last, for their memory.
    dims: Vec<i64>,
    acl: Acl,
}

// SAFETY: plain host structures that this value owns; the setters take `&mut self`.
unsafe impl Send for Dataset {}

impl Dataset {
    /// A dataset of `len` buffers without memory.
    pub(crate) fn new(acl: &Acl, len: usize) -> Result<Self> {
        let mut dataset = Self {
            raw: ptr::null_mut(),
            buffers: Vec::with_capacity(len),
            dims: Vec::new(),
            acl: acl.clone(),
        };
        // SAFETY: no argument.
        dataset.raw = acl.made("aclmdlCreateDataset", unsafe {
            acl.api().aclmdlCreateDataset()
        })?;
        for _ in 0..len {
            // SAFETY: no address and no size are allowed.
            let buffer = acl.made("aclCreateDataBuffer", unsafe {
                acl.api().aclCreateDataBuffer(ptr::null_mut(), 0)
            })?;
            dataset.buffers.push(buffer);
            // SAFETY: both are alive and ours.
            let status = unsafe { acl.api().aclmdlAddDatasetBuffer(dataset.raw, buffer) };
            acl.check("aclmdlAddDatasetBuffer", status)?;
        }
        Ok(dataset)
    }

    pub(crate) fn raw(&self) -> *mut aclmdlDataset {
        self.raw
    }

    /// Points buffer `index` at `bytes` bytes of device memory; null and 0 take it away.
    pub(crate) fn set(&mut self, index: usize, memory: *mut c_void, bytes: usize) -> Result<()> {
        // SAFETY: the buffer is alive; the address is only kept.
        let status = unsafe {
            self.acl
                .api()
                .aclUpdateDataBuffer(self.buffers[index], memory, bytes)
        };
        self.acl.check("aclUpdateDataBuffer", status)
    }

    /// The memory of buffer `index`, as the engine left it: address and bytes.
    pub(crate) fn get(&self, index: usize) -> Result<(*mut c_void, usize)> {
        // SAFETY: the buffer is alive.
        let memory = self
            .acl
            .value(unsafe { self.acl.api().aclGetDataBufferAddr(self.buffers[index]) })?;
        // SAFETY: the buffer is alive.
        let bytes = self
            .acl
            .value(unsafe { self.acl.api().aclGetDataBufferSizeV2(self.buffers[index]) })?;
        Ok((memory, bytes))
    }

    /// Tells the shape that input `index` has in the next execution.
    pub(crate) fn set_shape(
        &mut self,
        index: usize,
        dtype: DataType,
        format: Format,
        shape: &[usize],
    ) -> Result<()> {
        self.dims.clear();
        let dims = shape.iter().map(|len| i64::try_from(*len));
        self.dims.extend(dims.map(|dim| dim.unwrap_or(i64::MAX)));
        let desc = ShapeDesc::new(&self.acl, dtype, format, &self.dims)?;
        // SAFETY: both are alive, and the description is copied.
        let status = unsafe {
            self.acl
                .api()
                .aclmdlSetDatasetTensorDesc(self.raw, desc.raw, index)
        };
        self.acl.check("aclmdlSetDatasetTensorDesc", status)
    }

    /// Puts into `shape` the one that output `index` had in the last execution.
    pub(crate) fn shape(&self, index: usize, shape: &mut Vec<usize>) -> Result<()> {
        shape.clear();
        let (acl, api) = (&self.acl, self.acl.api());
        // SAFETY: the dataset is alive; what it gives belongs to it until the next execution.
        let desc = acl.made("aclmdlGetDatasetTensorDesc", unsafe {
            api.aclmdlGetDatasetTensorDesc(self.raw, index)
        })?;
        let desc = desc.cast_const();
        // SAFETY: alive, as said.
        let rank = acl.value(unsafe { api.aclGetTensorDescNumDims(desc) })?;
        for axis in 0..rank {
            let mut dim = 0;
            // SAFETY: alive, and the pointer is valid.
            let status = unsafe { api.aclGetTensorDescDimV2(desc, axis, &raw mut dim) };
            acl.check("aclGetTensorDescDimV2", status)?;
            shape.push(usize::try_from(dim).map_err(|_| {
                let message = format!("output {index} came out with the dimension {dim}: check the model by `ascend inspect`, and convert it again");
                Error::new(ErrorKind::Execution, message)
            })?);
        }
        Ok(())
    }
}

impl Drop for Dataset {
    fn drop(&mut self) {
        let api = self.acl.api();
        for buffer in self.buffers.drain(..) {
            // SAFETY: ours; the memory it names is not freed.
            let status = unsafe { api.aclDestroyDataBuffer(buffer) };
            if let Err(error) = self.acl.check("aclDestroyDataBuffer", status) {
                tracing::error!(%error, "cannot destroy a data buffer");
            }
        }
        if !self.raw.is_null() {
            // SAFETY: ours; the buffers it named are only addresses to it.
            let status = unsafe { api.aclmdlDestroyDataset(self.raw) };
            if let Err(error) = self.acl.check("aclmdlDestroyDataset", status) {
                tracing::error!(%error, "cannot destroy the dataset");
            }
        }
    }
}

/// A tensor description for the time of one call.
struct ShapeDesc<'a> {
    raw: *mut aclTensorDesc,
    acl: &'a Acl,
}

impl<'a> ShapeDesc<'a> {
    fn new(acl: &'a Acl, dtype: DataType, format: Format, dims: &[i64]) -> Result<Self> {
        let code = dtype.acl_code().ok_or_else(|| {
            let message = format!(
                "AscendCL has no element type {}: convert the elements first",
                dtype.name()
            );
            Error::new(ErrorKind::Unsupported, message)
        })?;
        let rank = i32::try_from(dims.len()).unwrap_or(i32::MAX);
        // SAFETY: `rank` dimensions stand at the address, and are copied.
        let raw = acl.made("aclCreateTensorDesc", unsafe {
            acl.api().aclCreateTensorDesc(
                aclDataType(code),
                rank,
                dims.as_ptr(),
                aclFormat(format.0),
            )
        })?;
        Ok(Self { raw, acl })
    }
}

impl Drop for ShapeDesc<'_> {
    fn drop(&mut self) {
        // SAFETY: ours. It cannot fail, and a missing function made no description.
        let _ = unsafe { self.acl.api().aclDestroyTensorDesc(self.raw) };
    }
}

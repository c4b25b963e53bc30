//! The runtime's own description of a model, and the questions that it answers.

use std::ffi::{CStr, CString};
use std::ptr;

use ascend_graph::DataType;
use ascend_graph::om::{Format, GEAR_INPUT};
use ascend_sys::{aclmdlBatch, aclmdlDesc, aclmdlHW, aclmdlIODims, aclmdlIODimsRange};

use super::tensor_spec::{DimRange, TensorSpec};
use crate::call::Current;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// How the names start that stand for names which are too long for C's field.
const MADE_NAME: &str = "acl_modelId_";

/// A description of a loaded model. It is a copy; only the shapes of the current gear need
/// the model.
#[derive(Debug)]
pub(crate) struct RawDescription {
    raw: *mut aclmdlDesc,
    context: Context,
}

// SAFETY: a plain host structure that is only read once it is filled.
unsafe impl Send for RawDescription {}
// SAFETY: as above; the shapes of the current gear are asked for under the model's turn.
unsafe impl Sync for RawDescription {}

/// A tensor as the runtime tells of it; -1 stands for dimensions that vary.
pub(super) struct RawTensor {
    pub(super) name: String,
    pub(super) dtype: DataType,
    pub(super) format: Format,
    pub(super) dims: Vec<i64>,
    pub(super) bytes: usize,
}

/// The values among which a model is switched, as the runtime tells them.
pub(super) enum RawGears {
    Batch(Vec<u64>),
    ImageSize(Vec<[u64; 2]>),
    /// The shapes of all inputs of the list that the model was made with, one behind the other.
    Dims(Vec<Vec<i64>>),
}

impl RawTensor {
    pub(super) fn varies(&self) -> bool {
        self.dims.iter().any(|dim| *dim < 0)
    }

    pub(super) fn into_spec(self) -> TensorSpec {
        TensorSpec {
            name: self.name,
            dtype: self.dtype,
            format: self.format,
            dims: self
                .dims
                .iter()
                .map(|dim| usize::try_from(*dim).ok())
                .collect(),
            bytes: self.bytes,
            ranges: Vec::new(),
            aipp: None,
        }
    }
}

impl RawDescription {
    /// The description of the loaded model `id`.
    pub(super) fn of(context: &Context, id: u32) -> Result<Self> {
        let current = context.bind()?;
        // SAFETY: no argument.
        let raw = current.made("aclmdlCreateDesc", unsafe {
            current.api().aclmdlCreateDesc()
        })?;
        let desc = Self {
            raw,
            context: context.clone(),
        };
        // SAFETY: the description is alive.
        let status = unsafe { current.api().aclmdlGetDesc(raw, id) };
        current.check("aclmdlGetDesc", status)?;
        Ok(desc)
    }

    fn current(&self) -> Result<Current<'_>> {
        self.context.bind()
    }

    pub(super) fn inputs(&self) -> Result<Vec<RawTensor>> {
        let current = self.current()?;
        // SAFETY: the description is alive.
        let count = current.value(unsafe { current.api().aclmdlGetNumInputs(self.raw) })?;
        (0..count)
            .map(|index| self.input(&current, index))
            .collect()
    }

    pub(super) fn outputs(&self) -> Result<Vec<RawTensor>> {
        let current = self.current()?;
        // SAFETY: the description is alive.
        let count = current.value(unsafe { current.api().aclmdlGetNumOutputs(self.raw) })?;
        (0..count)
            .map(|index| self.output(&current, index))
            .collect()
    }

    fn input(&self, current: &Current<'_>, index: usize) -> Result<RawTensor> {
        let (api, desc) = (current.api(), self.raw.cast_const());
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe { api.aclmdlGetInputDims(desc, index, &raw mut dims) };
        current.check("aclmdlGetInputDims", status)?;
        // SAFETY: the description is alive, here and below.
        let name = unsafe { api.aclmdlGetInputNameByIndex(desc, index) };
        // SAFETY: as above.
        let dtype = unsafe { api.aclmdlGetInputDataType(desc, index) };
        // SAFETY: as above.
        let format = unsafe { api.aclmdlGetInputFormat(desc, index) };
        // SAFETY: as above.
        let bytes = unsafe { api.aclmdlGetInputSizeByIndex(self.raw, index) };
        Ok(RawTensor {
            name: self.name(current, current.value(name)?)?,
            dtype: known(current.value(dtype)?.0, "input", index)?,
            format: Format(current.value(format)?.0),
            dims: shown(&dims),
            bytes: current.value(bytes)?,
        })
    }

    fn output(&self, current: &Current<'_>, index: usize) -> Result<RawTensor> {
        let (api, desc) = (current.api(), self.raw.cast_const());
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe { api.aclmdlGetOutputDims(desc, index, &raw mut dims) };
        current.check("aclmdlGetOutputDims", status)?;
        // SAFETY: the description is alive, here and below.
        let name = unsafe { api.aclmdlGetOutputNameByIndex(desc, index) };
        // SAFETY: as above.
        let dtype = unsafe { api.aclmdlGetOutputDataType(desc, index) };
        // SAFETY: as above.
        let format = unsafe { api.aclmdlGetOutputFormat(desc, index) };
        // SAFETY: as above.
        let bytes = unsafe { api.aclmdlGetOutputSizeByIndex(self.raw, index) };
        Ok(RawTensor {
            name: self.name(current, current.value(name)?)?,
            dtype: known(current.value(dtype)?.0, "output", index)?,
            format: Format(current.value(format)?.0),
            dims: shown(&dims),
            bytes: current.value(bytes)?,
        })
    }

    /// The name at `text`, or the one that it was made for because that is too long for C.
    fn name(&self, current: &Current<'_>, text: *const std::ffi::c_char) -> Result<String> {
        if text.is_null() {
            let message = "the runtime gave no name for an input or output of the model";
            return Err(Error::internal(message));
        }
        // SAFETY: a text that lives as long as the description.
        let name = unsafe { CStr::from_ptr(text) };
        if name.to_bytes().starts_with(MADE_NAME.as_bytes()) {
            // SAFETY: the description is alive, and the text one of its own.
            let real = unsafe { current.api().aclmdlGetTensorRealName(self.raw, text) };
            let real = current.value(real)?;
            if !real.is_null() {
                // SAFETY: as for the text above.
                let real = unsafe { CStr::from_ptr(real) };
                if !real.is_empty() {
                    return Ok(real.to_string_lossy().into_owned());
                }
            }
        }
        Ok(name.to_string_lossy().into_owned())
    }

    /// The dimensions whose product is the size of input `index` in bytes, where the device
    /// preprocesses pictures.
    pub(super) fn byte_dims(&self, index: usize) -> Result<Vec<i64>> {
        let current = self.current()?;
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe {
            current
                .api()
                .aclmdlGetInputDimsV2(self.raw, index, &raw mut dims)
        };
        current.check("aclmdlGetInputDimsV2", status)?;
        Ok(shown(&dims))
    }

    /// How far the dimensions of input `index` may go; nothing for models with gears.
    pub(super) fn ranges(&self, index: usize) -> Result<Vec<DimRange>> {
        let current = self.current()?;
        let mut ranges = Box::new(aclmdlIODimsRange {
            rangeCount: 0,
            range: [[0; 2]; 128],
        });
        let place = ptr::from_mut(&mut *ranges);
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe {
            current
                .api()
                .aclmdlGetInputDimsRange(self.raw, index, place)
        };
        current.check("aclmdlGetInputDimsRange", status)?;
        let range = |&[least, most]: &[i64; 2]| DimRange {
            least: usize::try_from(least).unwrap_or(0),
            most: usize::try_from(most).ok(),
        };
        let count = ranges.rangeCount;
        Ok(ranges.range.iter().take(count).map(range).collect())
    }

    /// The values among which the model is switched.
    pub(super) fn gears(&self) -> Result<Option<RawGears>> {
        let current = self.current()?;
        let (api, all) = (current.api(), usize::MAX);
        let mut batch = aclmdlBatch {
            batchCount: 0,
            batch: [0; 128],
        };
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe { api.aclmdlGetDynamicBatch(self.raw, &raw mut batch) };
        current.check("aclmdlGetDynamicBatch", status)?;
        if batch.batchCount > 0 {
            let sizes = batch.batch.iter().take(batch.batchCount);
            return Ok(Some(RawGears::Batch(sizes.copied().collect())));
        }
        let mut sizes = aclmdlHW {
            hwCount: 0,
            hw: [[0; 2]; 128],
        };
        // SAFETY: as above; the index stands for all inputs.
        let status = unsafe { api.aclmdlGetDynamicHW(self.raw, all, &raw mut sizes) };
        current.check("aclmdlGetDynamicHW", status)?;
        if sizes.hwCount > 0 {
            let sizes = sizes.hw.iter().take(sizes.hwCount);
            return Ok(Some(RawGears::ImageSize(sizes.copied().collect())));
        }
        let mut count = 0;
        // SAFETY: as above.
        let status = unsafe { api.aclmdlGetInputDynamicGearCount(self.raw, all, &raw mut count) };
        current.check("aclmdlGetInputDynamicGearCount", status)?;
        if count == 0 {
            return Ok(None);
        }
        // The runtime has room for no more gears itself.
        let mut dims = vec![aclmdlIODims::default(); count.min(128)];
        // SAFETY: as above, with room for as many gears as is said.
        let status =
            unsafe { api.aclmdlGetInputDynamicDims(self.raw, all, dims.as_mut_ptr(), dims.len()) };
        current.check("aclmdlGetInputDynamicDims", status)?;
        Ok(Some(RawGears::Dims(dims.iter().map(shown).collect())))
    }

    /// The position of the input that takes the gear.
    pub(super) fn gear_input(&self) -> Result<usize> {
        let current = self.current()?;
        let name = CString::new(GEAR_INPUT).unwrap_or_default();
        let mut index = 0;
        // SAFETY: the description is alive, the text ends with NUL, the pointer is valid.
        let status = unsafe {
            current
                .api()
                .aclmdlGetInputIndexByName(self.raw, name.as_ptr(), &raw mut index)
        };
        current.check("aclmdlGetInputIndexByName", status)?;
        Ok(index)
    }

    /// The shape of output `index` in the gear that the model was switched to.
    pub(super) fn current_output_dims(&self, index: usize) -> Result<Vec<usize>> {
        let current = self.current()?;
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid, and so is the model, whose owner
        // asks.
        let status = unsafe {
            current
                .api()
                .aclmdlGetCurOutputDims(self.raw, index, &raw mut dims)
        };
        current.check("aclmdlGetCurOutputDims", status)?;
        let dims = shown(&dims);
        let shape = dims.iter().map(|dim| usize::try_from(*dim).ok());
        shape.collect::<Option<_>>().ok_or_else(|| {
            let message = format!("output {index} has the shape {dims:?} in this gear");
            Error::internal(message)
        })
    }
}

/// The dims that count.
fn shown(dims: &aclmdlIODims) -> Vec<i64> {
    dims.dims.iter().take(dims.dimCount).copied().collect()
}

fn known(code: i32, side: &str, index: usize) -> Result<DataType> {
    DataType::from_acl(code).ok_or_else(|| {
        let message = format!("{side} {index} has the element type {code}, which is not known: convert the model with another one, or use a newer version of this");
        Error::new(ErrorKind::Unsupported, message)
    })
}

impl Drop for RawDescription {
    fn drop(&mut self) {
        let acl = self.context.acl();
        // SAFETY: ours.
        let status = unsafe { acl.api().aclmdlDestroyDesc(self.raw) };
        if let Err(error) = acl.check("aclmdlDestroyDesc", status) {
            tracing::error!(%error, "cannot destroy the model description");
        }
    }
}

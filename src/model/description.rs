//! What a model takes and gives, as plain data.

use std::ffi::CStr;
use std::fmt;

use ascend_graph::DataType;
use ascend_graph::om::Format;
use ascend_sys::{aclDataType, aclFormat, aclmdlDesc, aclmdlIODims};

use crate::call::Current;
use crate::error::{Error, ErrorKind, Result};

/// The inputs and outputs of a model, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// What it takes.
    pub inputs: Vec<TensorSpec>,
    /// What it gives.
    pub outputs: Vec<TensorSpec>,
}

/// One input or output of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorSpec {
    /// Its name in the model. An output of an `.om` is called `node:index:name`.
    pub name: String,
    /// The type of its elements.
    pub dtype: DataType,
    /// The order of its dimensions.
    pub format: Format,
    /// Its dimensions; `None` for one that each run decides.
    pub dims: Vec<Option<usize>>,
    /// Its size in bytes; the largest one where dimensions vary within limits, 0 without limits.
    pub bytes: usize,
}

impl TensorSpec {
    /// The name that the tensor had before the model became an `.om`: `output` of
    /// `fc:0:output`.
    #[must_use]
    pub fn short_name(&self) -> &str {
        let (node, short) = self.name.rsplit_once(':').unwrap_or_default();
        let index = node.rsplit_once(':').map_or("", |(_, index)| index);
        let is_index = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
        if is_index && !short.is_empty() {
            short
        } else {
            &self.name
        }
    }

    /// Whether `name` is this tensor's, in full or in short.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.short_name() == name
    }

    /// Whether every dimension is fixed.
    #[must_use]
    pub fn is_static(&self) -> bool {
        self.dims.iter().all(Option::is_some)
    }

    /// Whether `shape` fits.
    #[must_use]
    pub fn accepts(&self, shape: &[usize]) -> bool {
        shape.len() == self.dims.len()
            && self
                .dims
                .iter()
                .zip(shape)
                .all(|(dim, len)| dim.is_none_or(|fixed| fixed == *len))
    }
}

/// As in `input f32 [?, 3, 224, 224] NCHW`.
impl fmt::Display for TensorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} [", self.name, self.dtype.name())?;
        for (index, dim) in self.dims.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            match dim {
                Some(len) => write!(f, "{separator}{len}")?,
                None => write!(f, "{separator}?")?,
            }
        }
        write!(f, "] {}", self.format)
    }
}

impl Description {
    /// Reads the description of the loaded model `id`.
    pub(crate) fn of(current: &Current<'_>, id: u32) -> Result<Self> {
        let desc = RawDescription::new(current)?;
        // SAFETY: the description is alive.
        let status = unsafe { current.api().aclmdlGetDesc(desc.raw, id) };
        current.check("aclmdlGetDesc", status)?;
        // SAFETY: as above, here and below.
        let inputs = current.value(unsafe { current.api().aclmdlGetNumInputs(desc.raw) })?;
        // SAFETY: as above.
        let outputs = current.value(unsafe { current.api().aclmdlGetNumOutputs(desc.raw) })?;
        Ok(Self {
            inputs: (0..inputs)
                .map(|index| desc.input(index))
                .collect::<Result<_>>()?,
            outputs: (0..outputs)
                .map(|index| desc.output(index))
                .collect::<Result<_>>()?,
        })
    }
}

/// The runtime's own description, which is a copy that outlives the model.
struct RawDescription<'c> {
    raw: *mut aclmdlDesc,
    current: &'c Current<'c>,
}

impl<'c> RawDescription<'c> {
    fn new(current: &'c Current<'c>) -> Result<Self> {
        // SAFETY: no argument.
        let raw = current.value(unsafe { current.api().aclmdlCreateDesc() })?;
        if raw.is_null() {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                "aclmdlCreateDesc gave nothing: the host is out of memory",
            ));
        }
        Ok(Self { raw, current })
    }

    fn input(&self, index: usize) -> Result<TensorSpec> {
        let (api, desc) = (self.current.api(), self.raw.cast_const());
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe { api.aclmdlGetInputDims(desc, index, &raw mut dims) };
        self.current.check("aclmdlGetInputDims", status)?;
        // SAFETY: the description is alive, here and below.
        let name = unsafe { api.aclmdlGetInputNameByIndex(desc, index) };
        // SAFETY: as above.
        let dtype = unsafe { api.aclmdlGetInputDataType(desc, index) };
        // SAFETY: as above.
        let format = unsafe { api.aclmdlGetInputFormat(desc, index) };
        // SAFETY: as above.
        let bytes = unsafe { api.aclmdlGetInputSizeByIndex(self.raw, index) };
        let check = self.current;
        spec(
            check.value(name)?,
            check.value(dtype)?,
            check.value(format)?,
            check.value(bytes)?,
            &dims,
        )
    }

    fn output(&self, index: usize) -> Result<TensorSpec> {
        let (api, desc) = (self.current.api(), self.raw.cast_const());
        let mut dims = aclmdlIODims::default();
        // SAFETY: the description is alive, the pointer valid.
        let status = unsafe { api.aclmdlGetOutputDims(desc, index, &raw mut dims) };
        self.current.check("aclmdlGetOutputDims", status)?;
        // SAFETY: the description is alive, here and below.
        let name = unsafe { api.aclmdlGetOutputNameByIndex(desc, index) };
        // SAFETY: as above.
        let dtype = unsafe { api.aclmdlGetOutputDataType(desc, index) };
        // SAFETY: as above.
        let format = unsafe { api.aclmdlGetOutputFormat(desc, index) };
        // SAFETY: as above.
        let bytes = unsafe { api.aclmdlGetOutputSizeByIndex(self.raw, index) };
        let check = self.current;
        spec(
            check.value(name)?,
            check.value(dtype)?,
            check.value(format)?,
            check.value(bytes)?,
            &dims,
        )
    }
}

/// What the getters told of one tensor.
fn spec(
    name: *const std::ffi::c_char,
    dtype: aclDataType,
    format: aclFormat,
    bytes: usize,
    dims: &aclmdlIODims,
) -> Result<TensorSpec> {
    // SAFETY: a text that lives as long as the description.
    let name = unsafe { CStr::from_ptr(name) }
        .to_string_lossy()
        .into_owned();
    let dtype = DataType::from_acl(dtype.0).ok_or_else(|| {
        let message = format!(
            "{name} has the element type {}, which is not known",
            dtype.0
        );
        Error::new(ErrorKind::Unsupported, message)
    })?;
    let dims = dims.dims.iter().take(dims.dimCount);
    let dims = dims.map(|dim| usize::try_from(*dim).ok()).collect();
    Ok(TensorSpec {
        name,
        dtype,
        format: Format(format.0),
        dims,
        bytes,
    })
}

impl Drop for RawDescription<'_> {
    fn drop(&mut self) {
        // SAFETY: ours.
        let status = unsafe { self.current.api().aclmdlDestroyDesc(self.raw) };
        if let Err(error) = self.current.check("aclmdlDestroyDesc", status) {
            tracing::error!(%error, "cannot destroy the model description");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_has_a_short_name() {
        let called = |name: &str| TensorSpec {
            name: name.to_owned(),
            dtype: DataType::F32,
            format: Format::NCHW,
            dims: Vec::new(),
            bytes: 0,
        };
        for (name, short) in [
            ("fc:0:output", "output"),
            ("a:b:1:y", "y"),
            ("x", "x"),
            ("a:b", "a:b"),
            ("a:0:", "a:0:"),
        ] {
            assert_eq!(called(name).short_name(), short);
            assert!(called(name).is_called(short) && called(name).is_called(name));
        }
    }
}

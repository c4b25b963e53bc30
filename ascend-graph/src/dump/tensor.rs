use bytes::Bytes;

use super::proto::{DimsDef, InputDef, OriginalDef, OutputDef};
use crate::om::Format;
use crate::{DataType, Error, Result};

/// An input or output of an operator.
#[derive(Clone, Debug, PartialEq)]
pub struct DumpTensor {
    /// The element type; [`Undefined`](DataType::Undefined) for one that the file does not tell.
    pub dtype: DataType,
    /// The layout of the elements.
    pub format: Format,
    /// The extent of each axis in that layout; empty for a scalar.
    pub dims: Vec<usize>,
    /// The extents that the tensor has in the model before compilation; empty if that is not told.
    pub original_dims: Vec<usize>,
    /// For an output: the operator of the model before compilation that gives it, if that is told.
    pub original: Option<OriginalOp>,
    /// The elements, row-major and little-endian. Devices may write padding behind them.
    pub bytes: Bytes,
}

/// The operator of the model before compilation that gives an output.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginalOp {
    /// Its name.
    pub name: String,
    /// Which of its outputs.
    pub output: u32,
    /// The element type there.
    pub dtype: DataType,
    /// The layout there.
    pub format: Format,
}

impl DumpTensor {
    /// Gives a tensor in plain layout.
    #[must_use]
    pub fn new(dtype: DataType, dims: Vec<usize>, bytes: Bytes) -> Self {
        Self {
            dtype,
            format: Format::ND,
            original_dims: dims.clone(),
            dims,
            original: None,
            bytes,
        }
    }

    /// Gives the elements without padding.
    ///
    /// # Errors
    ///
    /// [`Format`](crate::ErrorKind::Format) if there are fewer bytes than the type and the dims ask for,
    /// and [`Unsupported`](crate::ErrorKind::Unsupported) for a type without a size.
    pub fn elements(&self) -> Result<Bytes> {
        let count = self.dims.iter().try_fold(1_u64, |product, &dim| {
            product.checked_mul(u64::try_from(dim).ok()?)
        });
        let (dtype, dims, has) = (self.dtype, &self.dims, self.bytes.len());
        let size = count
            .and_then(|count| dtype.bytes_of(count))
            .ok_or_else(|| {
                Error::unsupported(format!("{dtype} elements of shape {dims:?} have no size"))
            })?;
        match usize::try_from(size) {
            Ok(size) if size <= has => Ok(self.bytes.slice(..size)),
            _ => Err(Error::format(format!(
                "{dtype} elements of shape {dims:?} take {size} bytes, the file has {has}"
            ))),
        }
    }

    pub(super) fn from_input(
        def: InputDef,
        take: impl FnOnce(u64, Bytes) -> Result<Bytes>,
    ) -> Result<Self> {
        Ok(Self {
            dtype: dtype(def.data_type)?,
            format: Format(def.format),
            dims: dims(def.shape)?,
            original_dims: dims(def.original_shape)?,
            original: None,
            bytes: take(def.size, def.data)?,
        })
    }

    pub(super) fn from_output(
        def: OutputDef,
        take: impl FnOnce(u64, Bytes) -> Result<Bytes>,
    ) -> Result<Self> {
        Ok(Self {
            dtype: dtype(def.data_type)?,
            format: Format(def.format),
            dims: dims(def.shape)?,
            original_dims: dims(def.original_shape)?,
            original: def.original_op.map(OriginalOp::from_def).transpose()?,
            bytes: take(def.size, def.data)?,
        })
    }

    pub(super) fn to_input(&self) -> Result<InputDef> {
        Ok(InputDef {
            data_type: number(self.dtype)?,
            format: self.format.0,
            shape: Some(dims_def(&self.dims)),
            data: Bytes::new(),
            size: self.bytes.len() as u64,
            original_shape: Some(dims_def(&self.original_dims)),
        })
    }

    pub(super) fn to_output(&self) -> Result<OutputDef> {
        Ok(OutputDef {
            data_type: number(self.dtype)?,
            format: self.format.0,
            shape: Some(dims_def(&self.dims)),
            original_op: self.original.as_ref().map(OriginalOp::to_def).transpose()?,
            data: Bytes::new(),
            size: self.bytes.len() as u64,
            original_shape: Some(dims_def(&self.original_dims)),
        })
    }
}

impl OriginalOp {
    fn from_def(def: OriginalDef) -> Result<Self> {
        Ok(Self {
            name: def.name,
            output: def.output_index,
            dtype: dtype(def.data_type)?,
            format: Format(def.format),
        })
    }

    fn to_def(&self) -> Result<OriginalDef> {
        Ok(OriginalDef {
            name: self.name.clone(),
            output_index: self.output,
            data_type: number(self.dtype)?,
            format: self.format.0,
        })
    }
}

/// The numbers of element types are those of a compiled graph.
fn dtype(number: i32) -> Result<DataType> {
    DataType::from_ge(number)
        .ok_or_else(|| Error::unsupported(format!("element type {number} is not known")))
}

fn number(dtype: DataType) -> Result<i32> {
    dtype
        .ge_code()
        .ok_or_else(|| Error::unsupported(format!("dump files have no number for {dtype}")))
}

fn dims(def: Option<DimsDef>) -> Result<Vec<usize>> {
    let dims = def.unwrap_or_default().dim;
    let extent = |dim| {
        usize::try_from(dim).map_err(|_| Error::format(format!("an axis has the extent {dim}")))
    };
    dims.into_iter().map(extent).collect()
}

fn dims_def(dims: &[usize]) -> DimsDef {
    DimsDef {
        dim: dims.iter().map(|&dim| dim as u64).collect(),
    }
}

//! What will be written, checked before a byte is.

use std::borrow::Cow;
use std::collections::HashSet;

use super::new_tensor::{Elements, NewTensor};
use super::{safetensors, torch_zip};
use crate::error::{Error, ErrorKind, Result};
use crate::weights::cast;
use crate::weights::dtype::DataType;
use crate::weights::form::Form;
use crate::weights::gather;
use crate::weights::tensor::Quantisation;

/// A tensor that fits its form.
pub(super) struct Planned<'a> {
    new: NewTensor<'a>,
    /// The element type in the file.
    pub(super) dtype: DataType,
    /// Bytes in the file.
    pub(super) nbytes: usize,
    /// Where its elements lie in memory, if they are written from there as they are.
    pub(super) place: Option<Place>,
}

/// Tensors of one place and element type have the same elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    address: usize,
    len: usize,
    dtype: DataType,
}

/// The tensors as they will be written.
pub(super) fn plan(
    tensors: Vec<NewTensor<'_>>,
    form: Form,
    dtype: Option<DataType>,
) -> Result<Vec<Planned<'_>>> {
    let check = match form {
        Form::Safetensors => safetensors::check,
        Form::TorchZip => torch_zip::check,
        other => {
            let message = format!(
                "the form {other} is not written; choose {} or {}",
                Form::Safetensors,
                Form::TorchZip
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
    };
    if let Some(dtype) = dtype.filter(|&dtype| !is_float(dtype)) {
        let message = format!("nothing is converted to {dtype}; choose F16, BF16, F32 or F64");
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let mut planned = Vec::with_capacity(tensors.len());
    for new in tensors {
        let tensor = Planned::new(new, dtype)?;
        check(&tensor)?;
        planned.push(tensor);
    }
    let mut names = HashSet::with_capacity(planned.len());
    match planned.iter().find(|tensor| !names.insert(tensor.name())) {
        None => Ok(planned),
        Some(twice) => {
            let name = twice.name();
            let message = format!("two tensors have the name {name:?}; rename one of them");
            Err(Error::new(ErrorKind::InvalidArgument, message))
        }
    }
}

fn is_float(dtype: DataType) -> bool {
    matches!(
        dtype,
        DataType::F16 | DataType::BF16 | DataType::F32 | DataType::F64
    )
}

impl<'a> Planned<'a> {
    fn new(new: NewTensor<'a>, to: Option<DataType>) -> Result<Self> {
        let needed = |dtype: DataType| {
            let mut lengths = new.shape.iter();
            let bits = if new.shape.contains(&0) {
                Some(0)
            } else {
                lengths.try_fold(dtype.bits(), |bits, &len| bits.checked_mul(len))
            };
            bits.filter(|bits| bits.is_multiple_of(8))
                .map(|bits| bits / 8)
        };
        let to = to.filter(|_| is_float(new.dtype)).unwrap_or(new.dtype);
        let is_whole = match &new.elements {
            Elements::Bytes(bytes) => needed(new.dtype) == Some(bytes.len()),
            Elements::Tensor(_) => true,
        };
        let Some(nbytes) = needed(to).filter(|_| is_whole) else {
            let message = format!(
                "the bytes of {new:?} are not those of its shape; give as many as that takes"
            );
            return Err(Error::new(ErrorKind::Shape, message));
        };
        Ok(Self {
            place: place(&new),
            dtype: to,
            nbytes,
            new,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.new.name
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.new.shape
    }

    pub(super) fn is_converted(&self) -> bool {
        self.dtype != self.new.dtype
    }

    pub(super) fn quantisation(&self) -> Option<&Quantisation> {
        match &self.new.elements {
            Elements::Bytes(_) => None,
            Elements::Tensor(tensor) => tensor.quantisation(),
        }
    }

    /// The elements as they stand in the file.
    pub(super) fn bytes(&self) -> Result<Cow<'_, [u8]>> {
        let bytes = match &self.new.elements {
            Elements::Bytes(bytes) => Cow::Borrowed(&**bytes),
            Elements::Tensor(tensor) => tensor.bytes(),
        };
        let bytes = if self.is_converted() {
            let cast = cast::cast(&bytes, self.new.dtype, self.dtype);
            cast.map(Cow::Owned)
        } else {
            Some(bytes)
        };
        bytes
            .filter(|bytes| bytes.len() == self.nbytes)
            .ok_or_else(|| {
                let message = format!("{:?} does not give what it announced", self.new);
                Error::internal(message)
            })
    }

    /// Whether numbers that were finite are infinite in `written`.
    pub(super) fn overflows(&self, written: &[u8]) -> bool {
        let before = match &self.new.elements {
            _ if !self.is_converted() => return false,
            Elements::Bytes(bytes) => Cow::Borrowed(&**bytes),
            Elements::Tensor(tensor) => tensor.bytes(),
        };
        cast::overflows((&before, self.new.dtype), (written, self.dtype))
    }
}

/// Where the elements lie, if they lie there as they are written.
fn place(new: &NewTensor<'_>) -> Option<Place> {
    let bytes: &[u8] = match &new.elements {
        Elements::Bytes(bytes) => bytes,
        Elements::Tensor(tensor) if gather::is_row_major(tensor.shape(), tensor.strides()) => {
            match tensor.bytes() {
                Cow::Borrowed(bytes) => bytes,
                Cow::Owned(_) => return None,
            }
        }
        Elements::Tensor(_) => return None,
    };
    let place = Place {
        address: bytes.as_ptr().addr(),
        len: bytes.len(),
        dtype: new.dtype,
    };
    (!bytes.is_empty()).then_some(place)
}

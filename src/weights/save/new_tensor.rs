//! A tensor to be saved.

use std::borrow::Cow;
use std::fmt;

use crate::weights::dtype::DataType;
use crate::weights::tensor::Tensor;

/// A tensor to be saved: one of a [`Checkpoint`](super::Checkpoint), or elements from elsewhere.
pub struct NewTensor<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) dtype: DataType,
    pub(super) shape: Cow<'a, [usize]>,
    pub(super) elements: Elements<'a>,
}

pub(super) enum Elements<'a> {
    /// Row-major and little-endian.
    Bytes(Cow<'a, [u8]>),
    /// To be gathered when they are written.
    Tensor(Tensor<'a>),
}

impl<'a> NewTensor<'a> {
    /// A tensor of elements that are row-major and little-endian.
    #[must_use]
    pub fn new(
        name: impl Into<Cow<'a, str>>,
        dtype: DataType,
        shape: impl Into<Vec<usize>>,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Self {
        Self {
            name: name.into(),
            dtype,
            shape: Cow::Owned(shape.into()),
            elements: Elements::Bytes(bytes.into()),
        }
    }

    /// The same tensor by another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = name.into();
        self
    }
}

impl<'a> From<Tensor<'a>> for NewTensor<'a> {
    fn from(tensor: Tensor<'a>) -> Self {
        Self {
            name: tensor.name().into(),
            dtype: tensor.dtype(),
            shape: tensor.shape().into(),
            elements: Elements::Tensor(tensor),
        }
    }
}

impl fmt::Debug for NewTensor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name, dtype, shape, ..
        } = self;
        write!(f, "NewTensor({name:?}, {dtype}, {shape:?})")
    }
}

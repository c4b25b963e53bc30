//! A named tensor in a checkpoint.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use half::{bf16, f16};
use ndarray::{ArrayD, IxDyn};

use super::cast::single;
use super::dtype::DataType;
use super::element::Element;
use super::gather;
use super::report::Key;
use crate::error::{Error, ErrorKind, Result};

/// Where a tensor's elements lie and how they are written.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    /// The way to it among the objects of the file.
    pub(super) path: Vec<Key>,
    pub(super) dtype: DataType,
    pub(super) shape: Vec<usize>,
    /// In elements.
    pub(super) strides: Vec<usize>,
    /// From the first element to the last in the file.
    pub(super) data: Bytes,
    pub(super) writing: Writing,
    pub(super) origin: Origin,
    pub(super) quantisation: Option<Box<Quantisation>>,
    /// A number that entries of one storage share.
    pub(super) storage: Option<usize>,
}

impl Entry {
    /// Bytes of memory that the shape and the strides of `rank` axes take.
    pub(super) const fn axes_bytes(rank: usize) -> usize {
        2 * size_of::<usize>() * rank
    }
}

/// What a tensor was in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// A tensor of torch.
    #[default]
    Tensor,
    /// An array of numpy.
    NumpyArray,
    /// A scalar of numpy, given with an empty shape.
    NumpyScalar,
}

/// How the integers of a quantised tensor map to numbers: `(integer - zero point) * scale`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Quantisation {
    /// One scale for all elements.
    PerTensor {
        /// The scale.
        scale: f64,
        /// The integer that stands for zero.
        zero_point: i64,
    },
    /// One scale for each index of an axis.
    PerChannel {
        /// The axis.
        axis: usize,
        /// A scale for each index.
        scales: Vec<f64>,
        /// The integers that stand for zero; numbers in the scheme of float parameters.
        zero_points: Vec<f64>,
        /// Whether the zero points are numbers, so that it is `integer * scale + zero point`.
        has_float_zero_points: bool,
    },
}

impl Quantisation {
    /// The scheme as torch names it, without the `torch.` in front.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match self {
            Self::PerTensor { .. } => "per_tensor_affine",
            Self::PerChannel {
                has_float_zero_points: false,
                ..
            } => "per_channel_affine",
            Self::PerChannel { .. } => "per_channel_affine_float_qparams",
        }
    }
}

/// How elements in a file differ from plain little-endian numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Writing {
    pub(super) big_endian: bool,
    pub(super) conjugated: bool,
    pub(super) negated: bool,
}

/// A named tensor: a view into its [`Checkpoint`](super::Checkpoint), copied only where the file's
/// layout differs from row-major little-endian.
#[derive(Clone, Copy)]
pub struct Tensor<'a>(&'a Entry);

impl<'a> Tensor<'a> {
    pub(super) fn new(entry: &'a Entry) -> Self {
        Self(entry)
    }

    /// The name in the state dict, after stripping.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.0.name
    }

    /// The way to it among the objects of the file, before any stripping; the name alone for
    /// containers that hold no objects.
    #[must_use]
    pub fn path(&self) -> Cow<'a, [Key]> {
        if self.0.path.is_empty() && !self.0.name.is_empty() {
            Cow::Owned(vec![Key::Text(self.0.name.clone())])
        } else {
            Cow::Borrowed(&self.0.path)
        }
    }

    /// What it was in the file.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.0.origin
    }

    /// How its integers map to numbers, if it is quantised.
    #[must_use]
    pub fn quantisation(&self) -> Option<&'a Quantisation> {
        self.0.quantisation.as_deref()
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> DataType {
        self.0.dtype
    }

    /// The length of each axis, in elements; empty for a scalar.
    #[must_use]
    pub fn shape(&self) -> &'a [usize] {
        &self.0.shape
    }

    /// The strides in the file, in elements. [`bytes`](Self::bytes) are row-major all the same.
    #[must_use]
    pub fn strides(&self) -> &'a [usize] {
        &self.0.strides
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        if self.is_empty() {
            0
        } else {
            self.0.shape.iter().product()
        }
    }

    /// How many bytes [`bytes`](Self::bytes) gives.
    #[must_use]
    pub fn nbytes(&self) -> usize {
        // up to eight elements of 4 or 6 bits in whole bytes: the file was checked for that
        self.len() / 8 * self.dtype().bits() + self.len() % 8 * self.dtype().bits() / 8
    }

    /// Whether some axis has length 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.shape.contains(&0)
    }

    /// The elements, row-major and little-endian: borrowed from the file when they lie there so,
    /// which all do that were contiguous when saved on an ordinary machine.
    #[must_use]
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        if self.is_plain() {
            Cow::Borrowed(&self.0.data)
        } else {
            Cow::Owned(self.copied())
        }
    }

    /// As [`bytes`](Self::bytes), but owned: a shared slice of the file when they lie there so.
    ///
    /// It keeps the mapping alive and costs no copy, so 100 MB of weights can be handed on for free.
    #[must_use]
    pub fn shared_bytes(&self) -> Bytes {
        if self.is_plain() {
            self.0.data.clone()
        } else {
            Bytes::from(self.copied())
        }
    }

    /// Copies what [`bytes`](Self::bytes) gives into `target`, without memory of its own.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if `target` is not [`nbytes`](Self::nbytes) long.
    pub fn copy_to(&self, target: &mut [u8]) -> Result<()> {
        if target.len() != self.nbytes() {
            let (name, needed, there) = (self.name(), self.nbytes(), target.len());
            let message = format!(
                "tensor {name:?} takes {needed} bytes, not {there}; give a buffer of that size"
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        self.fill(target);
        Ok(())
    }

    /// The elements as single precision, row-major: rounded from `F64`, exact from the rest.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if the elements are not of `F16`, `BF16`, `F32` or `F64`.
    pub fn to_f32(&self) -> Result<Vec<f32>> {
        Ok(match self.dtype() {
            DataType::F32 => self.elements()?,
            DataType::F16 => self
                .elements::<f16>()?
                .into_iter()
                .map(f16::to_f32)
                .collect(),
            DataType::BF16 => self
                .elements::<bf16>()?
                .into_iter()
                .map(bf16::to_f32)
                .collect(),
            DataType::F64 => self.elements()?.into_iter().map(single).collect(),
            other => {
                return Err(Error::new(
                    ErrorKind::Shape,
                    format!(
                        "tensor {:?} holds {other}, which is no float to turn into F32; take its bytes as they are",
                        self.name()
                    ),
                ));
            }
        })
    }

    /// The elements as an array of the same shape; `T` must be the tensor's own element type.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if `T` is another type, or if the shape is beyond what an array can have.
    pub fn to_ndarray<T: Element>(&self) -> Result<ArrayD<T>> {
        ArrayD::from_shape_vec(IxDyn(self.shape()), self.elements()?).map_err(|cause| {
            Error::new(
                ErrorKind::Shape,
                format!(
                    "tensor {:?} of shape {:?} does not fit an array; take its bytes as they are",
                    self.name(),
                    self.shape()
                ),
            )
            .with_source(cause)
        })
    }

    fn elements<T: Element>(self) -> Result<Vec<T>> {
        if T::DATA_TYPE != self.dtype() {
            let (name, dtype, wanted) = (self.name(), self.dtype(), T::DATA_TYPE);
            return Err(Error::new(
                ErrorKind::Shape,
                format!("tensor {name:?} holds {dtype}, not {wanted}; ask for {dtype} and convert"),
            ));
        }
        Ok(T::from_le(&self.bytes()))
    }

    /// Whether the bytes in the file are already what [`bytes`](Self::bytes) gives.
    fn is_plain(self) -> bool {
        let Entry {
            dtype,
            shape,
            strides,
            data,
            writing,
            ..
        } = self.0;
        let swapped = writing.big_endian && dtype.component_bytes() > 1;
        if swapped || writing.conjugated || writing.negated {
            return false;
        }
        if *dtype == DataType::Bool && data.iter().any(|&byte| byte > 1) {
            return false;
        }
        data.is_empty() || gather::is_row_major(shape, strides)
    }

    fn copied(self) -> Vec<u8> {
        let mut bytes = vec![0; self.nbytes()];
        self.fill(&mut bytes);
        bytes
    }

    /// Writes what [`bytes`](Self::bytes) gives into `bytes`, which is of that length.
    fn fill(self, bytes: &mut [u8]) {
        let Entry {
            dtype,
            shape,
            strides,
            data,
            writing,
            ..
        } = self.0;
        if gather::is_row_major(shape, strides) || data.is_empty() {
            bytes.copy_from_slice(data);
        } else {
            gather::gather(data, shape, strides, dtype.bits() / 8, bytes);
        }
        if writing.big_endian {
            gather::swap_bytes(bytes, *dtype);
        }
        if writing.negated {
            gather::negate(bytes, *dtype);
        }
        if writing.conjugated {
            gather::conjugate(bytes, *dtype);
        }
        if *dtype == DataType::Bool {
            for byte in bytes {
                *byte = u8::from(*byte != 0);
            }
        }
    }
}

impl fmt::Debug for Tensor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tensor({:?}, {}, {:?})",
            self.name(),
            self.dtype(),
            self.shape()
        )
    }
}

//! Host tensors as files hold them, and NumPy's `.npy` and `.npz` forms of them.

mod npy;
mod npz;

use std::borrow::Cow;
use std::path::Path;

use ascend_graph::DataType;
use ndarray::{ArrayD, IxDyn};
pub use npy::Npy;

use crate::error::{Error, ErrorKind, Result};
use crate::memory::Element;
use crate::session::{Input, Output};

/// A tensor in host memory: element type, shape, and row-major elements in the machine's byte
/// order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor<'a> {
    /// The type of the elements.
    pub dtype: DataType,
    /// The length of each dimension.
    pub shape: Cow<'a, [usize]>,
    /// The elements.
    pub bytes: Cow<'a, [u8]>,
}

impl Tensor<'_> {
    /// Reads a `.npy` file: any numeric or boolean type of 1 to 8 bytes, either byte order, row-
    /// or column-major.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be read,
    /// [`ErrorKind::Format`] when it is damaged or no `.npy` file,
    /// [`ErrorKind::Unsupported`] for complex numbers, text and
    /// records.
    pub fn read_npy(path: impl AsRef<Path>) -> Result<Tensor<'static>> {
        npy::read(path.as_ref())
    }

    /// Reads the content of a `.npy` file.
    ///
    /// # Errors
    ///
    /// As for [`Tensor::read_npy`].
    pub fn from_npy(file: &[u8]) -> Result<Tensor<'static>> {
        Npy::of(file).map(|npy| npy.to_tensor())
    }

    /// Reads a `.npz` file, NumPy's archive of arrays with names, in the order of the names' numbers.
    ///
    /// # Errors
    ///
    /// As for [`Tensor::read_npy`].
    pub fn read_npz(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor<'static>)>> {
        npz::read(path.as_ref())
    }

    /// Writes a `.npz` file: an archive, not compressed, of arrays with names.
    ///
    /// # Errors
    ///
    /// As for [`Tensor::write_npy`].
    pub fn write_npz(path: impl AsRef<Path>, tensors: &[(&str, Tensor<'_>)]) -> Result<()> {
        npz::write(path.as_ref(), tensors)
    }

    /// Writes a `.npy` file; it appears whole or not at all.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be written,
    /// [`ErrorKind::Unsupported`] for a type that NumPy lacks, such
    /// as bf16.
    pub fn write_npy(&self, path: impl AsRef<Path>) -> Result<()> {
        npy::write(self, path.as_ref())
    }

    /// A copy of the elements as an array.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when they are not `T`, or the bytes are not those of the shape.
    pub fn to_array<T: Element>(&self) -> Result<ArrayD<T>> {
        let elements = (T::DATA_TYPE == self.dtype).then(|| {
            let each = self.bytes.chunks_exact(size_of::<T>());
            each.map(bytemuck::pod_read_unaligned).collect::<Vec<T>>()
        });
        let array =
            elements.and_then(|elements| ArrayD::from_shape_vec(IxDyn(&self.shape), elements).ok());
        array.ok_or_else(|| {
            let message = format!(
                "a tensor of {} bytes, {} {:?}, cannot be read as {}: ask for its own type and shape",
                self.bytes.len(),
                self.dtype.name(),
                self.shape,
                T::DATA_TYPE.name()
            );
            Error::new(ErrorKind::Shape, message)
        })
    }

    /// The tensor as an input of a session.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the bytes are not those of the shape.
    pub fn as_input(&self) -> Result<Input<'_>> {
        Input::from_bytes(self.dtype, &self.shape, &self.bytes)
    }
}

impl<'a> From<Output<'a>> for Tensor<'a> {
    fn from(output: Output<'a>) -> Self {
        Self {
            dtype: output.dtype(),
            shape: output.shape().into(),
            bytes: output.bytes().into(),
        }
    }
}

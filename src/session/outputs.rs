//! What a run gave.

use ascend_graph::DataType;
use half::{bf16, f16};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

use super::buffers::Buffer;
use super::held::Held;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::Element;
use crate::model::TensorSpec;

/// The outputs of a run, in the model's order. Those of a session lie in its own memory until the
/// next run.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<'s> {
    specs: &'s [TensorSpec],
    place: Place<'s>,
}

/// Where outputs lie.
#[derive(Clone, Copy, Debug)]
enum Place<'s> {
    Session(&'s [Buffer]),
    Held(&'s [Held]),
}

/// One output of a run.
#[derive(Clone, Copy, Debug)]
pub struct Output<'s> {
    spec: &'s TensorSpec,
    shape: &'s [usize],
    bytes: &'s [u8],
}

impl<'s> Outputs<'s> {
    pub(super) fn new(specs: &'s [TensorSpec], buffers: &'s [Buffer]) -> Self {
        let place = Place::Session(buffers);
        Self { specs, place }
    }

    /// Outputs that lie in the host's own memory.
    pub(crate) fn held(specs: &'s [TensorSpec], held: &'s [Held]) -> Self {
        let place = Place::Held(held);
        Self { specs, place }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.specs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.specs.is_empty()
    }

    /// All of them, in the model's order.
    pub fn iter(&self) -> impl Iterator<Item = Output<'s>> + use<'s> {
        let place = self.place;
        let specs = self.specs.iter().enumerate();
        specs.filter_map(move |(index, spec)| {
            let (shape, bytes) = match place {
                Place::Session(buffers) => {
                    let buffer = buffers.get(index)?;
                    (buffer.shape(), buffer.bytes())
                }
                Place::Held(held) => {
                    let held = held.get(index)?;
                    (held.shape(), held.bytes())
                }
            };
            Some(Output { spec, shape, bytes })
        })
    }

    /// The output of this name, in full or in short (see [`TensorSpec::short_name`]).
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<Output<'s>> {
        self.iter().find(|output| output.spec.is_called(name))
    }

    /// Output `index` as a view of an array.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is no such output, [`ErrorKind::Shape`] when its
    /// elements are not `T`.
    pub fn array<T: Element>(&self, index: usize) -> Result<ArrayViewD<'s, T>> {
        let output = self.iter().nth(index).ok_or_else(|| {
            let message = format!(
                "the model has {} output(s), there is no number {index}: count from 0",
                self.len()
            );
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        output.array()
    }
}

impl<'s> Output<'s> {
    /// Its name in the model.
    #[must_use]
    pub fn name(&self) -> &'s str {
        &self.spec.name
    }

    /// Its description in the model.
    #[must_use]
    pub fn spec(&self) -> &'s TensorSpec {
        self.spec
    }

    /// The type of its elements.
    #[must_use]
    pub fn dtype(&self) -> DataType {
        self.spec.dtype
    }

    /// The length of each dimension in this run.
    #[must_use]
    pub fn shape(&self) -> &'s [usize] {
        self.shape
    }

    /// Its row-major elements in the machine's byte order.
    #[must_use]
    pub fn bytes(&self) -> &'s [u8] {
        // An engine may allocate more than the elements take.
        let elements = self.shape().iter().map(|len| *len as u64).product();
        let bytes = self
            .dtype()
            .bytes_of(elements)
            .and_then(|bytes| usize::try_from(bytes).ok());
        let all = self.bytes;
        bytes.and_then(|bytes| all.get(..bytes)).unwrap_or(all)
    }

    /// A view of it as an array.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when its elements are not `T`.
    pub fn array<T: Element>(&self) -> Result<ArrayViewD<'s, T>> {
        let same = T::DATA_TYPE == self.dtype()
            || (T::DATA_TYPE, self.dtype()) == (DataType::U8, DataType::Bool);
        let elements = bytemuck::try_cast_slice(self.bytes()).ok().filter(|_| same);
        let view = elements
            .and_then(|elements| ArrayViewD::from_shape(IxDyn(self.shape()), elements).ok());
        view.ok_or_else(|| {
            let message = format!(
                "the output {} {:?} cannot be read as {}: ask for {}",
                self.spec,
                self.shape(),
                T::DATA_TYPE.name(),
                self.dtype().name()
            );
            Error::new(ErrorKind::Shape, message)
        })
    }

    /// A copy of it in single precision, from any floating point type.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when its elements are no floating point numbers.
    pub fn to_f32(&self) -> Result<ArrayD<f32>> {
        Ok(match self.dtype() {
            DataType::F16 => self.array::<f16>()?.mapv(f16::to_f32),
            DataType::BF16 => self.array::<bf16>()?.mapv(bf16::to_f32),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "rounding is what is asked for"
            )]
            DataType::F64 => self.array::<f64>()?.mapv(|value| value as f32),
            _ => self.array::<f32>()?.to_owned(),
        })
    }
}

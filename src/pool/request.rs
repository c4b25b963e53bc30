//! What a pool is given and what it answers.

use std::sync::Arc;

use super::ticket::Cell;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::Element;
use crate::model::{Description, TensorSpec};
use crate::session::{Held, Input, Outputs, arrange};

/// The tensors of a request.
#[derive(Debug, Default)]
pub(super) struct Tensors {
    pub(super) inputs: Vec<Held>,
    pub(super) outputs: Vec<Held>,
}

/// The inputs of one run, in memory of their own, and the memory for its outputs.
///
/// Made by [`Pool::request`](super::Pool::request). An [`Answer`] becomes a request again
/// ([`Answer::into_request`]): from the second time on neither side allocates for it.
#[derive(Debug)]
pub struct Request {
    pub(super) tensors: Tensors,
    pub(super) slip: Slip,
}

/// What stays behind while the pool has a request's tensors.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) description: Arc<Description>,
    pub(super) cell: Arc<Cell>,
    /// Which of the inputs that came last was for which of the model.
    order: Vec<usize>,
}

impl Request {
    pub(super) fn new(description: &Arc<Description>) -> Self {
        let held = |specs: &[TensorSpec]| vec![Held::default(); specs.len()];
        Self {
            tensors: Tensors {
                inputs: held(&description.inputs),
                outputs: held(&description.outputs),
            },
            slip: Slip {
                description: Arc::clone(description),
                cell: Arc::default(),
                order: Vec::new(),
            },
        }
    }

    /// An input that was not set.
    pub(super) fn unset(&self) -> Option<&TensorSpec> {
        let specs = self.slip.description.inputs.iter();
        let mut inputs = specs.zip(&self.tensors.inputs);
        let unset =
            inputs.find(|(spec, held)| spec.bytes_of(held.shape()) != Some(held.bytes().len()));
        unset.map(|(spec, _)| spec)
    }

    /// What the model takes and gives.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.slip.description
    }

    /// Copies `inputs` into it: all of the model's, in its order or by name, as for
    /// [`Session::run`](crate::Session::run).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when some are missing or surplus, [`ErrorKind::Shape`] when one
    /// is of another element type. Whether the shapes fit, the run tells.
    pub fn set(&mut self, inputs: &[Input<'_>]) -> Result<()> {
        let Slip {
            description, order, ..
        } = &mut self.slip;
        arrange(inputs, &description.inputs, order)?;
        for (held, index) in self.tensors.inputs.iter_mut().zip(&*order) {
            let input = &inputs[*index];
            let bytes = input.bytes();
            held.hold(input.shape(), bytes.len()).copy_from_slice(bytes);
        }
        Ok(())
    }

    /// Gives input `index` this shape, and its row-major elements to be written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is no such input, [`ErrorKind::Shape`] when its
    /// elements are not `T` or they are more than the model takes.
    pub fn input_mut<T: Element>(&mut self, index: usize, shape: &[usize]) -> Result<&mut [T]> {
        let specs = &self.slip.description.inputs;
        let spec = specs.get(index).ok_or_else(|| {
            let message = format!(
                "the model has {} input(s), there is no number {index}: count from 0",
                specs.len()
            );
            Error::new(ErrorKind::InvalidArgument, message)
        })?;
        if spec.dtype != T::DATA_TYPE {
            let message = format!(
                "the input {spec} cannot be filled as {}: give elements of its own type",
                T::DATA_TYPE.name()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        // Some models do not tell how much they take.
        let most = match spec.bytes {
            0 => isize::MAX.unsigned_abs(),
            most => most,
        };
        let bytes = spec.bytes_of(shape).filter(|bytes| *bytes <= most);
        let bytes = bytes.ok_or_else(|| {
            let message = format!(
                "the input {spec} cannot be filled as {shape:?}, which is more than {most} bytes: give \
                 a shape that the model takes"
            );
            Error::new(ErrorKind::Shape, message)
        })?;
        Ok(bytemuck::cast_slice_mut(
            self.tensors.inputs[index].hold(shape, bytes),
        ))
    }

    /// The elements of input `index`, as they were set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is no such input, [`ErrorKind::Shape`] when its
    /// elements are not `T`.
    pub fn input<T: Element>(&self, index: usize) -> Result<&[T]> {
        let spec = self.slip.description.inputs.get(index);
        let held = self.tensors.inputs.get(index);
        let Some((spec, held)) = spec.zip(held) else {
            let message = format!("there is no input {index}: count from 0");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        };
        if spec.dtype != T::DATA_TYPE {
            let message = format!(
                "the input {spec} is not of {}: ask for its own type",
                T::DATA_TYPE.name()
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(bytemuck::cast_slice(held.bytes()))
    }
}

/// What became of a request: its outputs, in memory of their own.
#[derive(Debug)]
pub struct Answer(pub(super) Request);

impl Answer {
    /// The outputs, in the model's order.
    #[must_use]
    pub fn outputs(&self) -> Outputs<'_> {
        Outputs::held(&self.0.slip.description.outputs, &self.0.tensors.outputs)
    }

    /// The request again, with its inputs as they were.
    #[must_use]
    pub fn into_request(self) -> Request {
        self.0
    }
}

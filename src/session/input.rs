//! What a run is given.

use std::borrow::Cow;

use ascend_graph::{DataType, Text, text};
use ndarray::{ArrayBase, Data, Dimension};

use crate::error::{Error, ErrorKind, Result};
use crate::memory::Element;
use crate::model::TensorSpec;

/// One input of a run: a shape and row-major elements, borrowed where they lie in that order.
///
/// Made from a reference to any [`ndarray`] array; an array in another order is copied once.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    name: Option<&'a str>,
    dtype: DataType,
    shape: Cow<'a, [usize]>,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Input<'a> {
    /// An input from its element type, shape and row-major bytes in the machine's byte order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the bytes are not those of that many elements.
    pub fn from_bytes(dtype: DataType, shape: &'a [usize], bytes: &'a [u8]) -> Result<Self> {
        let elements = shape
            .iter()
            .try_fold(1_u64, |all, len| all.checked_mul(*len as u64));
        let needed = elements.and_then(|elements| dtype.bytes_of(elements));
        if needed != Some(bytes.len() as u64) {
            let message = text!(
                "{bytes} bytes are not a tensor {dtype} {shape}: give all elements of that shape",
                bytes = bytes.len(),
                dtype = dtype.name(),
                shape = format_args!("{shape:?}")
            );
            return Err(Error::new(ErrorKind::Shape, message));
        }
        Ok(Self {
            name: None,
            dtype,
            shape: shape.into(),
            bytes: bytes.into(),
        })
    }

    /// The same input for the model's input of this name, wherever it stands in the list.
    #[must_use]
    pub fn named(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// The name of the model's input that it is for, if it was given one.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.name
    }

    /// The length of each dimension.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> DataType {
        self.dtype
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Refuses an input whose elements are not those of `spec`.
    fn check_type(&self, spec: &TensorSpec) -> Result<()> {
        if self.dtype == spec.dtype || (self.dtype, spec.dtype) == (DataType::U8, DataType::Bool) {
            return Ok(());
        }
        let message = text!(
            "the model takes {spec}, and was given {dtype} {shape}: convert the elements first",
            spec = spec.to_string(),
            dtype = self.dtype.name(),
            shape = format_args!("{:?}", self.shape)
        );
        Err(Error::new(ErrorKind::Shape, message))
    }
}

impl<'a, S, D> From<&'a ArrayBase<S, D>> for Input<'a>
where
    S: Data,
    S::Elem: Element,
    D: Dimension,
{
    fn from(array: &'a ArrayBase<S, D>) -> Self {
        let bytes = if let Some(elements) = array.as_slice() {
            Cow::Borrowed(bytemuck::cast_slice(elements))
        } else {
            let elements: Vec<S::Elem> = array.iter().copied().collect();
            Cow::Owned(bytemuck::cast_slice(&elements).to_vec())
        };
        Self {
            name: None,
            dtype: S::Elem::DATA_TYPE,
            shape: array.shape().into(),
            bytes,
        }
    }
}

/// Puts into `order` which of the `inputs` is for each of `specs`: the named ones are for their
/// places, the others for the places that are left, in order.
///
/// # Errors
///
/// [`ErrorKind::InvalidArgument`] when there are too few, too many, or a name is not the model's
/// or stands twice; [`ErrorKind::Shape`] when one is of another type.
pub(crate) fn arrange(
    inputs: &[Input<'_>],
    specs: &[TensorSpec],
    order: &mut Vec<usize>,
) -> Result<()> {
    order.clear();
    let position = |name: &str| specs.iter().position(|spec| spec.name == name);
    if inputs.len() != specs.len() {
        let why = text!("{count} were given", count = inputs.len());
        return Err(wrong_inputs(specs, why));
    }
    for (index, input) in inputs.iter().enumerate() {
        let Some(name) = input.name else { continue };
        if position(name).is_none() {
            return Err(wrong_inputs(specs, text!("none is called {name}", name)));
        }
        if inputs[..index]
            .iter()
            .any(|earlier| earlier.name == Some(name))
        {
            return Err(wrong_inputs(specs, text!("{name} was given twice", name)));
        }
    }
    let mut free = (0..inputs.len()).filter(|index| inputs[*index].name.is_none());
    let named = |spec: &TensorSpec| {
        let mut names = inputs.iter().map(|input| input.name);
        names.position(|name| name == Some(&spec.name))
    };
    for spec in specs {
        let index = named(spec).or_else(|| free.next());
        let index = index.ok_or_else(|| wrong_inputs(specs, text!("some are missing")))?;
        inputs[index].check_type(spec)?;
        order.push(index);
    }
    Ok(())
}

fn wrong_inputs(specs: &[TensorSpec], why: Text) -> Error {
    let wanted: Vec<String> = specs.iter().map(ToString::to_string).collect();
    let message = text!(
        "the model takes {count} input(s), {wanted}; {why}: give each of them once",
        count = specs.len(),
        wanted = wanted.join(", "),
        why
    );
    Error::new(ErrorKind::InvalidArgument, message)
}

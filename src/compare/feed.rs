//! What the models are run on.

use super::elements::{cast, encode, is_float, width};
use crate::error::{Error, ErrorKind, Result};
use crate::model::TensorSpec;
use crate::session::Input;
use crate::tensor::Tensor;

use ascend_graph::DataType;

/// Inputs of one run, by name or by place, for any model that takes them.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    inputs: Vec<(Option<String>, Tensor<'static>)>,
}

/// Inputs in the order and the types of one model.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(Vec<Tensor<'static>>);

impl Given {
    pub(super) fn inputs(&self) -> Result<Vec<Input<'_>>> {
        self.0.iter().map(Tensor::as_input).collect()
    }
}

impl Feed {
    /// These inputs: those with a name are for the input that is called so, the others for the places that
    /// are left, in order.
    #[must_use]
    pub fn new(inputs: Vec<(Option<String>, Tensor<'static>)>) -> Self {
        Self { inputs }
    }

    /// Makes inputs up, the same for the same `seed`: fractions between -1 and 1, whole numbers and truth
    /// values of 0 and 1, which no table or mask is too small for. Open dimensions become 1.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for types that are not made up, [`ErrorKind::OutOfMemory`] for inputs of
    /// more than a GiB.
    pub fn generated(specs: &[TensorSpec], seed: u64) -> Result<Self> {
        let mut random = Random::new(seed);
        let inputs = specs.iter().map(|spec| {
            let tensor = generated(spec, &mut random)?;
            Ok((Some(spec.short_name().to_owned()), tensor))
        });
        Ok(Self {
            inputs: inputs.collect::<Result<_>>()?,
        })
    }

    /// The inputs, for people: name, type and shape.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, &Tensor<'static>)> {
        let inputs = self.inputs.iter();
        inputs.map(|(name, tensor)| (name.as_deref(), tensor))
    }

    /// The inputs in the order and the types of `specs`. Fractions are rounded to the type that is asked
    /// for, as the program does that converts a picture for a model of `float16`.
    pub(super) fn for_inputs(&self, specs: &[TensorSpec]) -> Result<Given> {
        let wrong = |why: &str| {
            let wanted: Vec<String> = specs.iter().map(ToString::to_string).collect();
            let (count, wanted) = (specs.len(), wanted.join(", "));
            let message = format!("the model takes {count} input(s), {wanted}; {why}");
            Error::new(ErrorKind::InvalidArgument, message)
        };
        if specs.len() != self.inputs.len() {
            return Err(wrong(&format!(
                "{} were given: give one for each, or --input-b where B takes others",
                self.inputs.len()
            )));
        }
        let place_of = |spec: &TensorSpec| {
            let mut names = self.inputs.iter().map(|(name, _)| name);
            names.position(|name| name.as_deref().is_some_and(|name| spec.is_called(name)))
        };
        let named: Vec<Option<usize>> = specs.iter().map(place_of).collect();
        let rest = (0..self.inputs.len()).filter(|place| !named.contains(&Some(*place)));
        let mut rest = rest.collect::<Vec<_>>().into_iter();
        let given = specs.iter().zip(&named).map(|(spec, place)| {
            // other names of the same inputs: models that were converted may have them
            let place = place
                .or_else(|| rest.next())
                .ok_or_else(|| wrong("some are missing: name them as the model does"))?;
            let tensor = &self.inputs[place].1;
            if (tensor.dtype, spec.dtype) == (DataType::U8, DataType::Bool) {
                return Ok(tensor.clone());
            }
            // pictures for preprocessing on the device come in shapes of their own
            if spec.aipp.is_none() && !spec.accepts(&tensor.shape) {
                let message = format!(
                    "the input {spec} was given as {} {:?}: give it in that shape, or fix another one of an .onnx \
                     with --input-shape",
                    tensor.dtype.name(),
                    tensor.shape
                );
                return Err(Error::new(ErrorKind::Shape, message));
            }
            cast(tensor, spec.dtype)
                .map_err(|error| error.while_doing(format_args!("input {}", spec.name)))
        });
        Ok(Given(given.collect::<Result<_>>()?))
    }
}

/// The most bytes of an input that is made up.
const MOST_BYTES: usize = 1 << 30;

fn generated(spec: &TensorSpec, random: &mut Random) -> Result<Tensor<'static>> {
    let shape: Vec<usize> = spec.dims.iter().map(|dim| dim.unwrap_or(1)).collect();
    let unsupported = || {
        let message = format!("no input {spec} is made up: give it with --input");
        Error::new(ErrorKind::Unsupported, message)
    };
    let width = width(spec.dtype).ok_or_else(unsupported)?;
    let bytes = shape
        .iter()
        .try_fold(width, |bytes, len| bytes.checked_mul(*len));
    let bytes = bytes.filter(|bytes| *bytes <= MOST_BYTES).ok_or_else(|| {
        let message =
            format!("an input {spec} of more than a GiB is not made up: give it with --input");
        Error::new(ErrorKind::OutOfMemory, message)
    })?;
    let mut content = Vec::with_capacity(bytes);
    if is_float(spec.dtype) {
        for _ in 0..bytes / width {
            encode(spec.dtype, &[random.fraction()], &mut content);
        }
    } else {
        let low = if cfg!(target_endian = "little") {
            0
        } else {
            width - 1
        };
        content.resize(bytes, 0);
        for element in content.chunks_exact_mut(width) {
            element[low] = random.bit();
        }
    }
    Ok(Tensor {
        dtype: spec.dtype,
        shape: shape.into(),
        bytes: content.into(),
    })
}

/// `SplitMix64`: every seed is as good as any.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from -1 to 1, of 24 bits.
    fn fraction(&mut self) -> f64 {
        let [.., a, b, c] = self.next().to_le_bytes();
        f64::from(u32::from_le_bytes([a, b, c, 0])) / f64::from(1 << 23) - 1.0
    }

    fn bit(&mut self) -> u8 {
        self.next().to_le_bytes()[7] >> 7
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Format;

    use super::*;

    fn spec(name: &str, dtype: DataType, dims: &[Option<usize>]) -> TensorSpec {
        TensorSpec {
            name: name.to_owned(),
            dtype,
            format: Format::ND,
            dims: dims.to_vec(),
            bytes: 0,
            ranges: Vec::new(),
            aipp: None,
        }
    }

    #[test]
    fn what_is_made_up_follows_from_the_seed() {
        let specs = [
            spec("x", DataType::F32, &[None, Some(1000)]),
            spec("ids", DataType::I64, &[Some(64)]),
        ];
        let made = |seed| Feed::generated(&specs, seed).unwrap().inputs;
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
        let x = made(7)[0].1.to_array::<f32>().unwrap();
        assert_eq!(x.shape(), [1, 1000]);
        assert!(x.iter().all(|one| one.abs() <= 1.0) && x.mean().unwrap().abs() < 0.1);
        let ids = made(7)[1].1.to_array::<i64>().unwrap();
        assert!(ids.iter().all(|one| [0, 1].contains(one)) && ids.sum() > 8);
    }

    #[test]
    fn inputs_go_by_name_and_then_by_place() {
        let specs = [
            spec("a", DataType::F16, &[Some(1)]),
            spec("b", DataType::F32, &[Some(1)]),
        ];
        let tensor = |value: f32| Tensor {
            dtype: DataType::F32,
            shape: vec![1].into(),
            bytes: value.to_ne_bytes().to_vec().into(),
        };
        let feed = Feed::new(vec![
            (None, tensor(1.5)),
            (Some("b".to_owned()), tensor(2.0)),
        ]);
        let given = feed.for_inputs(&specs).unwrap();
        assert_eq!(
            (given.0[0].dtype, given.0[0].bytes.len()),
            (DataType::F16, 2)
        );
        assert_eq!(given.0[1], tensor(2.0));
        let error = feed.for_inputs(&specs[..1]).unwrap_err().to_string();
        assert!(error.contains("takes 1 input(s), a float16"), "{error}");
        let whole = [spec("a", DataType::I32, &[Some(1)]), specs[1].clone()];
        let error = feed.for_inputs(&whole).unwrap_err().to_string();
        assert!(
            error.contains("input a: float32 elements are not converted"),
            "{error}"
        );
    }
}

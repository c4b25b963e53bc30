//! One sample: the inputs of a single run, as `--input` names them.

use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind, Tensor};

use super::content::{self, Content};
use super::feeds::does_not_fit;
use super::inputs::{Given, Source, invalid};

/// Inputs, with their names where they have some.
pub(crate) type Sample = Vec<(Option<String>, Tensor<'static>)>;

/// Reads what `words` name for the inputs `specs`, one file for each.
///
/// # Errors
///
/// As for `--input` of `ascend run`; `InvalidArgument` for more than one sample.
pub(crate) fn read(words: &[String], specs: &[TensorSpec]) -> Result<Sample, Error> {
    let given = Given::find(words)?;
    if let Some(archives) = given.archives()? {
        let [Source::File(path)] = &archives[..] else {
            return Err(single(archives.len()));
        };
        let tensors = content::archive(path)?;
        return Ok(tensors
            .into_iter()
            .map(|(name, tensor)| (Some(name), tensor))
            .collect());
    }
    let lists = given.by_input(specs)?;
    let inputs = lists.iter().zip(specs).map(|(sources, spec)| {
        let [source] = &sources[..] else {
            return Err(single(sources.len()));
        };
        Ok((Some(spec.short_name().to_owned()), one(source, spec)?))
    });
    inputs.collect()
}

fn single(count: usize) -> Error {
    invalid(format!(
        "one sample is compared, and {count} were given: give one file for each input"
    ))
}

fn one(source: &Source, spec: &TensorSpec) -> Result<Tensor<'static>, Error> {
    let shape: Option<Vec<usize>> = spec.dims.iter().copied().collect();
    let needed = shape
        .as_ref()
        .and_then(|shape| content::bytes(spec.dtype, shape))
        .unwrap_or(usize::MAX);
    match Content::read(source, needed as u64)? {
        Content::Typed(tensor) => Ok(tensor),
        Content::Raw(bytes) => {
            let Some(shape) = shape else {
                return Err(Error::new(
                    ErrorKind::Shape,
                    format!(
                        "{}: a raw file tells no shape, and that of {spec} varies: give an .npy file, or \
                         --input-shape",
                        source.name()
                    ),
                ));
            };
            if bytes.len() != needed {
                return Err(does_not_fit(source, bytes.len() as u64, spec, &shape));
            }
            Ok(Tensor {
                dtype: spec.dtype,
                shape: shape.into(),
                bytes: bytes.into(),
            })
        }
    }
}

//! Samples: the inputs of single runs, as `--input` names them.

use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind, Tensor};

use super::content::{self, Content};
use super::feeds::does_not_fit;
use super::inputs::{Given, Source};

/// Inputs, with their names where they have some.
pub(crate) type Sample = Vec<(Option<String>, Tensor<'static>)>;

/// Where the samples of a model lie; each is read when it is asked for.
pub(crate) struct Samples {
    specs: Vec<TensorSpec>,
    sources: Sources,
}

enum Sources {
    /// Files that hold all inputs of a sample each.
    Archives(Vec<Source>),
    /// The files of each input, as many for each.
    Lists(Vec<Vec<Source>>),
}

impl Samples {
    /// Looks for what `words` name for the inputs `specs`.
    ///
    /// # Errors
    ///
    /// As for `--input` of `ascend run`.
    pub(crate) fn find(words: &[String], specs: &[TensorSpec]) -> Result<Self, Error> {
        let given = Given::find(words)?;
        let sources = match given.archives()? {
            Some(archives) => Sources::Archives(archives),
            None => Sources::Lists(given.by_input(specs)?),
        };
        Ok(Self {
            specs: specs.to_vec(),
            sources,
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        match &self.sources {
            Sources::Archives(archives) => archives.len(),
            // a model without inputs is run once
            Sources::Lists(lists) => lists.first().map_or(1, Vec::len),
        }
    }

    /// The files of one, with commas between them.
    pub(crate) fn name(&self, sample: usize) -> String {
        let names: Vec<String> = match &self.sources {
            Sources::Archives(archives) => {
                archives.get(sample).map(Source::name).into_iter().collect()
            }
            Sources::Lists(lists) => {
                let sources = lists.iter().filter_map(|list| list.get(sample));
                sources.map(Source::name).collect()
            }
        };
        names.join(",")
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// As for `--input` of `ascend run`.
    pub(crate) fn read(&self, sample: usize) -> Result<Sample, Error> {
        match &self.sources {
            Sources::Archives(archives) => {
                let Some(Source::File(path)) = archives.get(sample) else {
                    return Ok(Sample::new());
                };
                let tensors = content::archive(path)?.into_iter();
                Ok(tensors.map(|(name, tensor)| (Some(name), tensor)).collect())
            }
            Sources::Lists(lists) => {
                let inputs = lists.iter().zip(&self.specs);
                let inputs = inputs.filter_map(|(list, spec)| Some((list.get(sample)?, spec)));
                inputs
                    .map(|(source, spec)| {
                        Ok((Some(spec.short_name().to_owned()), one(source, spec)?))
                    })
                    .collect()
            }
        }
    }
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

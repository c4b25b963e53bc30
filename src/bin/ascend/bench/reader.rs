//! The inputs of runs, from their files.

use anyhow::Result;
use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind, Tensor};

use super::content::{self, Content};
use super::feeds::{Feed, Feeds, Kind, Sample, does_not_fit};
use super::inputs::{Source, invalid};
use super::options::Style;
use super::run::Tensors;
use super::shapes::{Asked, Shapes};

/// How inputs are made of files.
pub(super) struct Reader<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) feeds: &'a Feeds,
    /// The style of `run` holds files to the shapes that they tell.
    pub(super) style: Style,
    /// The most bytes of a generated input.
    pub(super) most_bytes: usize,
}

impl Reader<'_> {
    /// The inputs of a run, with the names of those that come by name.
    pub(super) fn read(&self, feed: &Feed) -> Result<Tensors, Error> {
        let specs = &self.asked.description.inputs;
        match (self.feeds.kind, &self.feeds.shapes) {
            (Kind::Generated(pure), Shapes::Fixed(shapes)) => {
                let tensors = specs.iter().zip(shapes);
                let tensors = tensors.map(|(spec, shape)| {
                    Ok((
                        None,
                        content::generated(spec.dtype, shape, pure, self.most_bytes)?,
                    ))
                });
                tensors.collect()
            }
            (Kind::Generated(_), Shapes::OfFiles) => Err(invalid(
                "there are no files to take shapes from: give --input, or the shapes".to_owned(),
            )),
            (Kind::Archives, _) => self.archive(&feed.samples[0].sources[0]),
            (Kind::Files, Shapes::Fixed(shapes)) => {
                let tensors = specs.iter().zip(shapes).enumerate();
                let tensors = tensors.map(|(input, (spec, shape))| {
                    Ok((None, self.joined(feed, input, spec, shape)?))
                });
                tensors.collect()
            }
            (Kind::Files, Shapes::OfFiles) => self.as_told(&feed.samples[0]),
        }
    }

    /// One input, of the files of all samples.
    fn joined(
        &self,
        feed: &Feed,
        input: usize,
        spec: &TensorSpec,
        shape: &[usize],
    ) -> Result<Tensor<'static>, Error> {
        let needed = content::bytes(spec.dtype, shape).unwrap_or(usize::MAX);
        let places = self.feeds.places;
        let mut bytes = Vec::new();
        for sample in &feed.samples {
            let source = &sample.sources[input];
            let content = Content::read(source, needed as u64)?;
            if let Content::Typed(tensor) = &content
                && self.style == Style::Results
            {
                if places == 1 {
                    // The session knows what fits, and says so.
                    return Ok(tensor.clone());
                }
                let inner = &shape[1.min(shape.len())..];
                if tensor.dtype != spec.dtype || !tensor.shape.ends_with(inner) {
                    let message = format!(
                        "{} is {} {:?}, and is no part of the input {spec}: give files of its type and shape",
                        source.name(),
                        tensor.dtype.name(),
                        tensor.shape
                    );
                    return Err(Error::new(ErrorKind::Shape, message));
                }
            }
            let found = content.bytes().len();
            if found.checked_mul(places) != Some(needed) {
                return Err(if places == 1 {
                    does_not_fit(source, found as u64, spec, shape)
                } else {
                    Error::new(
                        ErrorKind::Shape,
                        format!(
                            "{} holds {found} bytes, and {places} files are joined to the input {} {} {shape:?} of \
                         {needed} bytes: give files of one size",
                            source.name(),
                            spec.name,
                            spec.dtype.name()
                        ),
                    )
                });
            }
            if places == 1 {
                bytes = match content {
                    Content::Raw(raw) => raw,
                    Content::Typed(tensor) => tensor.bytes.into_owned(),
                };
            } else {
                bytes.reserve(needed - bytes.len());
                bytes.extend_from_slice(content.bytes());
            }
        }
        let first = needed / places;
        while bytes.len() < needed {
            bytes.extend_from_within(..first);
        }
        Ok(Tensor {
            dtype: spec.dtype,
            shape: shape.to_vec().into(),
            bytes: bytes.into(),
        })
    }

    /// Inputs of the shapes that files tell; raw ones are those of the gear that has their size.
    fn as_told(&self, sample: &Sample) -> Result<Tensors, Error> {
        let description = self.asked.description;
        let specs = &description.inputs;
        let most = specs.iter().map(|spec| spec.bytes).max().unwrap_or(0);
        let contents = sample
            .sources
            .iter()
            .map(|source| Content::read(source, most as u64));
        let contents = contents.collect::<Result<Vec<_>, _>>()?;
        if contents
            .iter()
            .all(|content| matches!(content, Content::Typed(_)))
        {
            let typed = contents.into_iter().filter_map(|content| match content {
                Content::Typed(tensor) => Some((None, tensor)),
                Content::Raw(_) => None,
            });
            return Ok(typed.collect());
        }
        let names: Vec<String> = sample.sources.iter().map(Source::name).collect();
        let names = names.join(", ");
        let Some(gears) = &description.gears else {
            return Err(invalid(format!(
                "{names}: raw files tell no shape, and that of the inputs varies: give .npy files, or the shapes \
                 with --dym-shape"
            )));
        };
        let shapes = gears.gears.iter().map(|gear| self.asked.in_gear(gear));
        let fits = |shapes: &Vec<Vec<usize>>| {
            let mut inputs = specs.iter().zip(shapes).zip(&contents);
            inputs.all(|((spec, shape), content)| {
                content::bytes(spec.dtype, shape) == Some(content.bytes().len())
            })
        };
        let mut fitting = shapes.filter(fits);
        let (found, another) = (fitting.next(), fitting.next());
        let (Some(shapes), None) = (&found, another) else {
            let sizes: Vec<String> = contents
                .iter()
                .map(|content| content.bytes().len().to_string())
                .collect();
            let how = if found.is_some() {
                "of several gears"
            } else {
                "of no gear"
            };
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "{names}: {} bytes are the size {how} of the model, which has {gears}: choose one with --dym-batch, \
                 --dym-hw or --dym-dims",
                    sizes.join(", ")
                ),
            ));
        };
        let tensors = specs
            .iter()
            .zip(shapes)
            .zip(contents)
            .map(|((spec, shape), content)| {
                let tensor = Tensor {
                    dtype: spec.dtype,
                    shape: shape.clone().into(),
                    bytes: content.bytes().to_vec().into(),
                };
                (None, tensor)
            });
        Ok(tensors.collect())
    }

    /// The inputs in an archive, by their names, or in order where it has none of them.
    fn archive(&self, source: &Source) -> Result<Tensors, Error> {
        let Source::File(path) = source else {
            return Err(invalid("an archive is read from a file only".to_owned()));
        };
        let specs = &self.asked.description.inputs;
        let mut tensors = content::archive(path)?;
        let held: Vec<String> = tensors.iter().map(|(name, _)| name.clone()).collect();
        let is_named = |spec: &TensorSpec| held.iter().any(|name| spec.is_called(name));
        if held.len() == specs.len() && !specs.iter().any(is_named) {
            let inputs = tensors.into_iter().map(|(_, tensor)| (None, tensor));
            return Ok(inputs.collect());
        }
        let named = specs.iter().map(|spec| {
            let place = tensors.iter().position(|(name, _)| spec.is_called(name));
            let place = place.ok_or_else(|| {
                invalid(format!(
                    "{} has no array {}: it holds {}",
                    path.display(),
                    spec.name,
                    held.join(", ")
                ))
            })?;
            Ok((Some(spec.name.clone()), tensors.swap_remove(place).1))
        });
        named.collect()
    }
}

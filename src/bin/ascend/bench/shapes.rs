//! The shapes of the inputs of runs.

use std::io::{self, Write};

use anyhow::Result;
use ascend_rt::model::{AippParameters, AippSpec, Description, Gear, GearKind, Gears, TensorSpec};
use ascend_rt::{Error, ErrorKind};

use super::inputs::invalid;
use super::options::Args;
use super::told::Named;

/// The shapes of the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shapes {
    /// The same in all runs.
    Fixed(Vec<Vec<usize>>),
    /// Those of the files.
    OfFiles,
}

/// A model, and how its pictures come, where the runs tell it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) description: &'a Description,
    pub(super) aipp: Option<&'a AippParameters>,
}

impl Asked<'_> {
    /// The shapes that `args` ask for.
    pub(super) fn shapes(&self, args: &Args) -> Result<Shapes> {
        let gears = self.description.gears.as_ref();
        if let Some(batch) = args.dym_batch {
            return Ok(Shapes::Fixed(self.gear(
                GearKind::Batch,
                &[batch],
                "--dym-batch",
            )?));
        }
        if let Some(size) = args.dym_hw {
            return Ok(Shapes::Fixed(self.gear(
                GearKind::ImageSize,
                &size,
                "--dym-hw",
            )?));
        }
        if let Some(named) = args.dym_dims.as_ref().or(args.dym_shape.as_ref()) {
            return Ok(Shapes::Fixed(self.named(named)?));
        }
        if args.is_auto() {
            return Ok(Shapes::OfFiles);
        }
        let fixed = self.description.inputs.iter().map(|spec| self.fixed(spec));
        if let Some(shapes) = fixed.collect::<Option<Vec<_>>>() {
            return Ok(Shapes::Fixed(shapes));
        }
        if !args.input.is_empty() {
            return Ok(Shapes::OfFiles);
        }
        let Some(gears) = gears else {
            let inputs: Vec<String> = self
                .description
                .inputs
                .iter()
                .map(ToString::to_string)
                .collect();
            let message = format!(
                "the shapes of the inputs vary: tell them with --dym-shape NAME:1,3,224,224, or give files; the \
                 model takes {}",
                inputs.join(", ")
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        };
        let size = |gear: &&Gear| {
            gear.values
                .iter()
                .fold(1, |all, value| usize::saturating_mul(all, *value))
        };
        let largest = gears.gears.iter().max_by_key(size);
        let shapes = largest.map_or(Vec::new(), |gear| self.in_gear(gear));
        writeln!(
            io::stderr(),
            "note: the model has {gears}: taking {shapes:?}, others with {}",
            option(gears)
        )?;
        Ok(Shapes::Fixed(shapes))
    }

    /// The shape of an input that every run has, in bytes where it takes pictures.
    fn fixed(&self, spec: &TensorSpec) -> Option<Vec<usize>> {
        if let (Some(AippSpec::Dynamic { .. }), Some(aipp)) = (spec.aipp, self.aipp) {
            return Some(aipp.shape(spec.dims.first().copied().flatten()?));
        }
        spec.dims.iter().copied().collect()
    }

    /// The shapes of the inputs in a gear.
    pub(super) fn in_gear(&self, gear: &Gear) -> Vec<Vec<usize>> {
        let shapes = self.description.inputs.iter().zip(&gear.shapes);
        let shapes = shapes.map(|(spec, shape)| match (spec.aipp, self.aipp) {
            (Some(AippSpec::Dynamic { .. }), Some(aipp)) => {
                aipp.shape(shape.first().copied().unwrap_or(1))
            }
            _ => shape.clone(),
        });
        shapes.collect()
    }

    fn gear(
        &self,
        kind: GearKind,
        values: &[usize],
        option: &str,
    ) -> Result<Vec<Vec<usize>>, Error> {
        let gears = self.description.gears.as_ref();
        let Some(gears) = gears.filter(|gears| gears.kind == kind) else {
            let has = gears.map_or_else(|| "no gears".to_owned(), ToString::to_string);
            return Err(invalid(format!(
                "{option} is for another kind of model: this one has {has}"
            )));
        };
        let found = gears.gears.iter().find(|gear| gear.values == values);
        let found = found.ok_or_else(|| {
            invalid(format!(
                "{option}: {values:?} is no gear of the model, which has {gears}"
            ))
        })?;
        Ok(self.in_gear(found))
    }

    /// The shapes of all inputs, of which some are named.
    pub(super) fn named(&self, named: &Named) -> Result<Vec<Vec<usize>>, Error> {
        let inputs = &self.description.inputs;
        for (name, _) in &named.0 {
            if !inputs.iter().any(|spec| spec.is_called(name)) {
                let all: Vec<&str> = inputs.iter().map(|spec| spec.name.as_str()).collect();
                return Err(invalid(format!(
                    "the model has no input {name:?}: its inputs are {}",
                    all.join(", ")
                )));
            }
        }
        let told = |spec: &TensorSpec| named.0.iter().find(|(name, _)| spec.is_called(name));
        if let Some(gears) = &self.description.gears {
            let fits = |gear: &&Gear| {
                let mut shapes = inputs.iter().zip(&gear.shapes);
                shapes.all(|(spec, shape)| told(spec).is_none_or(|(_, told)| told == shape))
            };
            let found = gears.gears.iter().find(fits);
            let found = found.ok_or_else(|| {
                invalid(format!(
                    "{named} is no gear of the model, which has {gears}"
                ))
            })?;
            return Ok(self.in_gear(found));
        }
        let shapes = inputs.iter().map(|spec| {
            let shape = told(spec)
                .map(|(_, shape)| shape.clone())
                .or_else(|| self.fixed(spec));
            shape
                .filter(|shape| spec.accepts(shape) || spec.aipp.is_some())
                .ok_or_else(|| {
                    invalid(format!(
                        "{named} does not fit the model, which takes {spec}"
                    ))
                })
        });
        shapes.collect()
    }
}

/// The option that chooses a gear.
fn option(gears: &Gears) -> &'static str {
    match gears.kind {
        GearKind::Batch => "--dym-batch",
        GearKind::ImageSize => "--dym-hw",
        GearKind::Dims => "--dym-dims",
    }
}

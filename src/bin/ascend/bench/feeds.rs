//! Files joined to the inputs of runs.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::path::Path;

use ascend_graph::text;
use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind};

use super::content::{self, Content};
use super::inputs::{Given, Source};
use super::options::{Pure, Style};
use super::shapes::Shapes;

/// What outputs of generated inputs are called after.
const GENERATED: &str = "pure_infer_data";

/// One run: the samples that are joined in it.
#[derive(Debug)]
pub(super) struct Feed {
    /// At most [`Feeds::places`]; the places that are left hold the first one again.
    pub(super) samples: Vec<Sample>,
}

/// What the first file of each input holds, or an archive for all inputs.
#[derive(Debug)]
pub(super) struct Sample {
    /// What its outputs are called after.
    pub(super) stem: String,
    pub(super) sources: Vec<Source>,
}

/// All runs.
#[derive(Debug)]
pub(super) struct Feeds {
    pub(super) all: Vec<Feed>,
    /// The samples that fit into a run.
    pub(super) places: usize,
    pub(super) kind: Kind,
    pub(super) shapes: Shapes,
}

/// Where inputs come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Generated(Pure),
    /// A file for each input.
    Files,
    /// A file for all inputs.
    Archives,
}

impl Feeds {
    /// Joins what was given to runs of inputs of these shapes.
    pub(super) fn new(
        given: &Given,
        specs: &[TensorSpec],
        shapes: Shapes,
        (pure, limit, style): (Pure, Option<NonZeroUsize>, Style),
    ) -> Result<Self, Error> {
        let limit = limit.map_or(usize::MAX, NonZeroUsize::get);
        let mut feeds = Self {
            all: Vec::new(),
            places: 1,
            kind: Kind::Files,
            shapes,
        };
        if given.is_empty() {
            feeds.kind = Kind::Generated(pure);
            let stem = GENERATED.to_owned();
            let samples = vec![Sample {
                stem,
                sources: Vec::new(),
            }];
            feeds.all.push(Feed { samples });
            return Ok(feeds);
        }
        let rows: Vec<Vec<Source>> = if let Some(archives) = given.archives()? {
            feeds.kind = Kind::Archives;
            archives.into_iter().map(|archive| vec![archive]).collect()
        } else {
            let lists = given.by_input(specs)?;
            let count = lists.first().map_or(0, Vec::len);
            (0..count)
                .map(|row| lists.iter().map(|list| list[row].clone()).collect())
                .collect()
        };
        let rows: Vec<_> = rows.into_iter().take(limit).collect();
        if let (Kind::Files, Shapes::Fixed(shapes)) = (feeds.kind, &feeds.shapes) {
            feeds.places = places(&rows, specs, shapes, style)?;
        }
        let stems = stems(&rows);
        let mut samples = rows
            .into_iter()
            .zip(stems)
            .map(|(sources, stem)| Sample { stem, sources });
        loop {
            let samples: Vec<_> = samples.by_ref().take(feeds.places).collect();
            if samples.is_empty() {
                break;
            }
            feeds.all.push(Feed { samples });
        }
        Ok(feeds)
    }

    /// The samples of all runs.
    pub(super) fn samples(&self) -> usize {
        self.all.iter().map(|feed| feed.samples.len()).sum()
    }
}

/// How many files of the first input make one of its shape.
fn places(
    rows: &[Vec<Source>],
    specs: &[TensorSpec],
    shapes: &[Vec<usize>],
    style: Style,
) -> Result<usize, Error> {
    let first = rows.first().and_then(|row| row.first());
    let (Some(source), Some(spec), Some(shape)) = (first, specs.first(), shapes.first()) else {
        return Ok(1);
    };
    let needed = content::bytes(spec.dtype, shape).unwrap_or(usize::MAX) as u64;
    let found = content::bytes_of(source)?;
    if found > 0 && needed.is_multiple_of(found) {
        return usize::try_from(needed / found)
            .map_err(|_| does_not_fit(source, found, spec, shape));
    }
    // What tells its shape is told what is wrong with it by the session.
    if style == Style::Results && matches!(Content::read(source, needed)?, Content::Typed(_)) {
        return Ok(1);
    }
    Err(does_not_fit(source, found, spec, shape))
}

/// What is wrong with a file that holds `found` bytes.
pub(super) fn does_not_fit(
    source: &Source,
    found: u64,
    spec: &TensorSpec,
    shape: &[usize],
) -> Error {
    let needed = content::bytes(spec.dtype, shape).unwrap_or(usize::MAX);
    let message = text!(
        "{file} holds {found} bytes, and the input {input} {dtype} {shape} takes {needed}: give files of that \
         size, or of a part of it that goes into it without a rest, which are joined to a batch",
        file = source.name(),
        found,
        input = &spec.name,
        dtype = spec.dtype.name(),
        shape = format_args!("{shape:?}"),
        needed
    );
    Error::new(ErrorKind::Shape, message)
}

/// What the outputs of each row are called after: the name of its first file up to the first dot, as
/// other tools do, or more of it where that would be the same for several.
fn stems(rows: &[Vec<Source>]) -> Vec<String> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| match row.first() {
            Some(Source::File(path)) => path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            _ => "stdin".to_owned(),
        })
        .collect();
    let short = |name: &str| {
        let stem = name.split('.').next().filter(|stem| !stem.is_empty());
        stem.unwrap_or("_").to_owned()
    };
    let long = |name: &str| {
        let stem = Path::new(name).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    };
    let shorts: Vec<String> = names.iter().map(|name| short(name)).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for short in &shorts {
        *counts.entry(short.clone()).or_default() += 1;
    }
    let (mut taken, mut numbers) = (HashSet::new(), HashMap::new());
    let stems = shorts.into_iter().zip(&names).map(|(short, name)| {
        let stem = if counts[&short] == 1 {
            short
        } else {
            long(name)
        };
        let number = numbers.entry(stem.clone()).or_insert(1);
        let mut one = stem.clone();
        while !taken.insert(one.clone()) {
            *number += 1;
            one = format!("{stem}_{number}");
        }
        one
    });
    stems.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_called_after_the_first_file() {
        let stems = |names: &[&str]| {
            let rows: Vec<_> = names
                .iter()
                .map(|name| vec![Source::File(name.into())])
                .collect();
            stems(&rows).join(" ")
        };
        assert_eq!(stems(&["a/x.bin", "a/y.1.bin"]), "x y");
        assert_eq!(stems(&["a/y.1.bin", "a/y.2.bin", "z.npy"]), "y.1 y.2 z");
        assert_eq!(stems(&["a/x.bin", "b/x.bin", "c/x.npy"]), "x x_2 x_3");
        assert_eq!(stems(&[".bin"]), "_");
    }
}

//! What both sides are run on: one sample after the other.

use std::path::Path;

use anyhow::Result;
use ascend_graph::{Text, text};
use ascend_rt::compare::{Feed, Side};
use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind};

use super::options::Args;
use crate::bench::sample::Samples;

/// The inputs of all runs.
pub(super) struct Feeds {
    a: Given,
    /// Those of B, where they are others.
    b: Option<Given>,
}

enum Given {
    Nothing,
    Generated(Feed),
    Files(Samples),
}

impl Feeds {
    /// Looks for what the command line names; what A takes, B takes too unless it is told others.
    pub(super) fn find(args: &Args, a: &Side, b: &Side, notes: &mut Vec<Text>) -> Result<Self> {
        let Some(specs) = a.inputs().or(b.inputs()) else {
            if args.input.is_empty() && args.input_b.is_empty() {
                return Ok(Self {
                    a: Given::Nothing,
                    b: None,
                });
            }
            let message = "A and B are tensors in files, which take no inputs: leave --input out";
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        };
        let is_file = |side: &Side| side.inputs().is_none();
        let given = if args.input.is_empty() {
            if is_file(a) || is_file(b) {
                notes.push(text!(
                    "the inputs are generated, while one side is files: give --input with what those were made of"
                ));
            }
            generated(specs, args.seed, notes)?
        } else {
            Given::Files(Samples::find(&args.input, specs)?)
        };
        let other = match b.inputs() {
            Some(specs) if !args.input_b.is_empty() => {
                Some(Given::Files(Samples::find(&args.input_b, specs)?))
            }
            None if !args.input_b.is_empty() => {
                let message = "B is tensors in files, which take no inputs: leave --input-b out";
                return Err(Error::new(ErrorKind::InvalidArgument, message).into());
            }
            _ => None,
        };
        let feeds = Self { a: given, b: other };
        let count = feeds.count();
        if count > 1 && (is_file(a) || is_file(b)) {
            let message = format!(
                "{count} samples were given, and one side is files, which are of one run: give the sample that those \
                 were made of"
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        }
        if let Some(other) = feeds
            .b
            .as_ref()
            .map(Given::count)
            .filter(|other| *other != count)
        {
            let message = format!(
                "there are {count} samples for A and {other} for B: give as many with --input-b as with --input"
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message).into());
        }
        Ok(feeds)
    }

    /// How many samples there are.
    pub(super) fn count(&self) -> usize {
        self.a.count()
    }

    /// The files of a sample.
    pub(super) fn name(&self, sample: usize) -> Option<String> {
        match &self.a {
            Given::Files(samples) => Some(samples.name(sample)),
            Given::Nothing | Given::Generated(_) => None,
        }
    }

    /// Gives both sides a sample.
    pub(super) fn give(
        &self,
        sample: usize,
        a: (&mut Side, &Path),
        b: (&mut Side, &Path),
    ) -> Result<(), Error> {
        let feed = self.a.read(sample)?;
        let other = self
            .b
            .as_ref()
            .map(|given| given.read(sample))
            .transpose()?;
        let give = |(side, path): (&mut Side, &Path), feed: &Feed| {
            side.feed(feed)
                .map_err(|error| Error::new(error.kind(), format!("{}: {error}", path.display())))
        };
        give(a, &feed)?;
        give(b, other.as_ref().unwrap_or(&feed))
    }
}

impl Given {
    fn count(&self) -> usize {
        match self {
            Self::Files(samples) => samples.count(),
            Self::Nothing | Self::Generated(_) => 1,
        }
    }

    fn read(&self, sample: usize) -> Result<Feed, Error> {
        match self {
            Self::Nothing => Ok(Feed::default()),
            Self::Generated(feed) => Ok(feed.clone()),
            Self::Files(samples) => Ok(Feed::new(samples.read(sample)?)),
        }
    }
}

fn generated(specs: &[TensorSpec], seed: u64, notes: &mut Vec<Text>) -> Result<Given, Error> {
    let feed = Feed::generated(specs, seed)?;
    for (name, tensor) in feed.iter() {
        notes.push(text!(
            "input {name}: {tensor}, generated with --seed {seed}",
            name = name.unwrap_or_default(),
            tensor = format!("{} {:?}", tensor.dtype.name(), tensor.shape),
            seed
        ));
    }
    Ok(Given::Generated(feed))
}

//! One run of a model, with its times.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ascend_rt::{Input, Session, Tensor};

use super::feeds::Feed;
use super::inputs::Source;
use super::outputs::Sink;

/// The inputs of a run, with the names of those that come by name.
pub(super) type Tensors = Vec<(Option<String>, Tensor<'static>)>;

/// One run, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// Which of all runs it is.
    pub(crate) index: usize,
    /// Which session of the device ran it.
    pub(crate) worker: usize,
    /// When it began, since the clock started.
    pub(crate) start: f64,
    /// Reading and joining files.
    pub(crate) read: f64,
    pub(crate) upload: f64,
    /// The model itself, on the device.
    pub(crate) execute: f64,
    pub(crate) download: f64,
    /// What the run took besides: copies to staging, queueing, waiting for a turn.
    pub(crate) host: f64,
    /// Cutting and writing outputs.
    pub(crate) write: f64,
    /// The first dimension of the first input.
    pub(crate) batch: usize,
    /// The files that it was for.
    pub(crate) samples: usize,
}

// `tools/soak.py` takes them off the memory of a long measurement.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Run>() == 88);

impl Run {
    /// From when to when it computed. The host's own time is taken to lie before.
    pub(crate) fn computed(&self) -> [f64; 2] {
        let start = self.start + self.read + self.host + self.upload;
        [start, start + self.execute]
    }

    /// From reading to writing.
    pub(crate) fn end_to_end(&self) -> f64 {
        self.read + self.upload + self.execute + self.download + self.host + self.write
    }
}

/// Runs a session once, and has its outputs written.
pub(super) fn measured(
    session: &mut Session,
    feed: &Feed,
    tensors: &Tensors,
    sink: Option<&Sink>,
    mut run: Run,
) -> Result<(Run, Vec<Vec<String>>)> {
    let begin = Instant::now();
    let inputs = tensors.iter().map(|(name, tensor)| {
        let input = tensor.as_input()?;
        Ok(match name {
            Some(name) => input.named(name),
            None => input,
        })
    });
    let inputs: Vec<Input<'_>> = inputs.collect::<Result<_>>()?;
    let outputs = session.run(&inputs).with_context(|| named(feed))?;
    let ran = begin.elapsed();
    let files = match sink {
        Some(sink) => sink.write(feed, &outputs).with_context(|| named(feed))?,
        None => Vec::new(),
    };
    run.write = milliseconds(begin.elapsed().saturating_sub(ran));
    let timings = session.timings().unwrap_or_default();
    run.upload = milliseconds(timings.upload);
    run.execute = milliseconds(timings.execute);
    run.download = milliseconds(timings.download);
    run.host = (milliseconds(ran) - run.upload - run.execute - run.download).max(0.0);
    run.batch = tensors
        .first()
        .map_or(1, |(_, tensor)| tensor.shape.first().copied().unwrap_or(1));
    run.samples = feed.samples.len();
    let files = files.iter().map(|files| {
        files
            .iter()
            .map(|file| file.display().to_string())
            .collect()
    });
    Ok((run, files.collect()))
}

/// What a run was of.
fn named(feed: &Feed) -> String {
    let sources = feed
        .samples
        .iter()
        .flat_map(|sample| &sample.sources)
        .map(Source::name);
    let sources: Vec<String> = sources.collect();
    match &sources[..] {
        [] => "generated inputs".to_owned(),
        [first] => first.clone(),
        [first, .., last] => format!("{first} to {last}"),
    }
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

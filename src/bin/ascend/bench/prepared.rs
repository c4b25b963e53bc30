//! A model that is ready to run on its inputs, for commands that watch it while it runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use ascend_rt::{Device, Model, Session};

use super::aipp;
use super::feeds::{Feed, Feeds};
use super::inputs::Given;
use super::opened::{self, Opened};
use super::options::{Args, Style};
use super::reader::Reader;
use super::run::{Run, Tensors, measured, milliseconds};
use super::shapes::Asked;
use super::{description, most_bytes};
use crate::bench::inputs::invalid;

/// A model on a device, with the inputs of its runs in memory.
pub(crate) struct Prepared {
    opened: Opened,
    feeds: Vec<(Feed, Tensors)>,
    begin: Instant,
    next: usize,
}

impl Prepared {
    /// Loads the model of `args` on `device`, and reads all inputs.
    pub(crate) fn new(args: &Args, device: Device) -> Result<Self> {
        let given = Given::find(&args.input)?;
        let aipp = args.aipp_config.as_deref().map(aipp::read).transpose()?;
        let mut opened = opened::all(args, vec![device], aipp.as_ref())?;
        let description = description(&opened)?;
        let needs_aipp = description
            .inputs
            .iter()
            .any(|spec| matches!(spec.aipp, Some(ascend_rt::model::AippSpec::Dynamic { .. })));
        aipp::check(needs_aipp, args.aipp_config.as_deref())?;
        let asked = Asked {
            description: &description,
            aipp: aipp.as_ref(),
        };
        let shapes = asked.shapes(args)?;
        let options = (args.pure_data_type, args.limit, Style::Bench);
        let mut feeds = Feeds::new(&given, &description.inputs, shapes, options)?;
        let all = std::mem::take(&mut feeds.all);
        let reader = Reader {
            asked,
            feeds: &feeds,
            style: Style::Bench,
            most_bytes: most_bytes(&opened),
        };
        let feeds = all.into_iter().map(|feed| {
            let tensors = reader.read(&feed)?;
            Ok((feed, tensors))
        });
        let feeds = feeds.collect::<Result<Vec<_>>>()?;
        let opened = opened.pop().filter(|_| !feeds.is_empty());
        let opened = opened.ok_or_else(|| {
            invalid(
                "there is no input to run the model on: give files, or leave --input out"
                    .to_owned(),
            )
        })?;
        Ok(Self {
            opened,
            feeds,
            begin: Instant::now(),
            next: 0,
        })
    }

    /// The model.
    pub(crate) fn model(&self) -> Option<&Arc<Model>> {
        self.opened.sessions.first().map(Session::model)
    }

    /// How long loading took.
    pub(crate) fn load(&self) -> Duration {
        self.opened.load
    }

    /// How often the model runs when each input is run once.
    pub(crate) fn feeds(&self) -> usize {
        self.feeds.len()
    }

    /// Runs the model on the next inputs.
    pub(crate) fn run(&mut self) -> Result<Run> {
        let index = self.next;
        self.next += 1;
        let (feed, tensors) = &self.feeds[index % self.feeds.len()];
        let run = Run {
            index,
            start: milliseconds(self.begin.elapsed()),
            ..Run::default()
        };
        let session = self.opened.sessions.first_mut();
        let session = session.ok_or_else(|| invalid("no session was made".to_owned()))?;
        measured(session, feed, tensors, None, run).map(|(run, _)| run)
    }
}

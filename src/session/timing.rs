//! How long the parts of a run took on the stream.

use std::time::Duration;

use crate::context::Context;
use crate::error::Result;
use crate::event::Event;
use crate::stream::Stream;

/// The parts of one run, as the device's stream passed them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Copying the inputs to the device.
    pub upload: Duration,
    /// Running the model.
    pub execute: Duration,
    /// Copying the outputs back.
    pub download: Duration,
}

/// The events between the parts.
#[derive(Debug)]
pub(super) struct Marks([Event; 4]);

impl Marks {
    pub(super) fn new(context: &Context) -> Result<Self> {
        let event = || Event::new(context);
        Ok(Self([event()?, event()?, event()?, event()?]))
    }

    /// Marks the border before part `index`, or after the last one.
    pub(super) fn record(marks: Option<&Self>, index: usize, stream: &Stream) -> Result<()> {
        marks.map_or(Ok(()), |marks| stream.record(&marks.0[index]))
    }

    /// The times between the marks, once the stream passed all of them.
    pub(super) fn timings(&self) -> Result<Timings> {
        let part = |index: usize| -> Result<Duration> {
            let milliseconds = self.0[index + 1].milliseconds_since(&self.0[index])?;
            Ok(Duration::from_secs_f32(milliseconds.max(0.0) / 1e3))
        };
        Ok(Timings {
            upload: part(0)?,
            execute: part(1)?,
            download: part(2)?,
        })
    }
}

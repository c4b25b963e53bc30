//! Pictures through the devices, and what they show in order.

use std::path::Path;

use anyhow::Result;
use ascend_rt::classify::classes;
use ascend_rt::pipeline::{self, Pictures, PipelineOptions};
use ascend_rt::vision::{Labels, Ranked, top_k};
use ascend_rt::{Error, ErrorKind, Pool};

use super::sources::Sources;
use crate::interrupt::Interrupt;

/// What is done with pictures.
pub(super) struct Work<'w> {
    pub(super) pool: &'w Pool,
    pub(super) pictures: &'w Pictures,
    /// How many classes are wanted of each.
    pub(super) top: usize,
    pub(super) labels: Option<&'w Labels>,
}

/// The best classes of a picture, or why it has none.
pub(super) type Outcome = Result<Vec<Ranked>, Error>;

impl Work<'_> {
    /// How many classes the model tells apart, where its description says so.
    pub(super) fn classes(&self) -> Option<usize> {
        classes(self.pool.description())
    }

    /// Classifies the pictures, and gives each in order to `each`, on this thread. When an end is
    /// asked for, what was begun is finished.
    ///
    /// # Errors
    ///
    /// That of a device, and the first of `each`; a picture that cannot be used is none.
    pub(super) fn run(
        &self,
        sources: &Sources,
        interrupt: &Interrupt,
        mut each: impl FnMut(&Path, Outcome) -> Result<()>,
    ) -> Result<()> {
        let paths = (0..sources.len()).map(|index| sources.get(index).to_owned());
        let paths = paths.take_while(|_| !interrupt.is_interrupted());
        let options = PipelineOptions::new().in_order(true);
        // What `each` says, which is not the pipeline's kind of error.
        let mut refusal = None;
        let ran = pipeline::run(self.pool, self.pictures, &options, paths, |record| {
            let outcome = match record.result {
                Ok(row) => top_k(&row, self.top),
                Err(error) if is_of_device(&error) => return Err(error),
                Err(error) => Err(error),
            };
            each(&record.source, outcome).map_err(|error| {
                refusal = Some(error);
                Error::internal("a record was refused")
            })
        });
        match refusal {
            Some(error) => Err(error),
            None => Ok(ran.map(|_| ())?),
        }
    }
}

/// Whether a failure is none of the picture's, so that it may go well another time.
fn is_of_device(error: &Error) -> bool {
    let kinds = [
        ErrorKind::Device,
        ErrorKind::Execution,
        ErrorKind::OutOfMemory,
    ];
    error.code().is_some() || kinds.contains(&error.kind())
}

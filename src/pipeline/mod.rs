//! Many inputs through a pool: listed, read, decoded, preprocessed, run, postprocessed and written,
//! with threads for each stage.
//!
//! [`run`] takes the stages, a list of sources and a sink. An input that fails in any stage is one
//! [`Record`] with its error, and the others go on; a panic of a stage is such an error too. No stage
//! gets ahead of the slowest one by more than a few items, so that memory does not grow with the list.
//!
//! ```
//! use ascend_rt::pipeline::{self, PipelineOptions, Stages};
//! use ascend_rt::pool::{PoolOptions, Request};
//! use ascend_rt::{Acl, Outputs, Pool, Result};
//!
//! /// Pictures of one colour, whose names are their level.
//! struct Levels;
//!
//! impl Stages for Levels {
//!     type Source = String;
//!     type Raw = f32;
//!     type Decoded = f32;
//!     type Output = f32;
//!
//!     fn read(&self, name: &String) -> Result<f32> {
//!         name.parse().map_err(|_| {
//!             ascend_rt::Error::new(ascend_rt::ErrorKind::Format, format!("{name} is no number"))
//!         })
//!     }
//!
//!     fn decode(&self, level: f32) -> Result<f32> {
//!         Ok(level / 255.0)
//!     }
//!
//!     fn preprocess(&self, level: f32, request: &mut Request) -> Result<()> {
//!         request.input_mut::<f32>(0, &[1, 3, 64, 64])?.fill(level);
//!         Ok(())
//!     }
//!
//!     fn postprocess(&self, _: &String, outputs: Outputs<'_>) -> Result<f32> {
//!         Ok(outputs.array::<f32>(0)?[[0, 0]])
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("resnet50.om");
//! # let mut options = ascend_rt::convert::Options::default();
//! # options.network.size = (64, 64);
//! # options.network.batch = Some(2);
//! # let weights = "examples/resnet50/resnet50_slim.safetensors";
//! # ascend_rt::convert::convert(weights.as_ref(), &path, &options)?;
//! let pool = Pool::load(&[Acl::mock(Default::default())?.device(0)?], path, &PoolOptions::new())?;
//! let names = ["0", "255", "black"].map(str::to_owned);
//! let options = PipelineOptions::new().in_order(true);
//! let report = pipeline::run(&pool, &Levels, &options, names, |record| {
//!     println!("{} {}: {:?}", record.index, record.source, record.result);
//!     Ok(())
//! })?;
//! assert_eq!((report.records, report.failed), (3, 1));
//! # Ok(()) }
//! ```

mod job;
mod options;
#[cfg(feature = "vision")]
mod pictures;
mod report;

use std::time::Instant;

use self::job::Job;
pub use self::options::PipelineOptions;
#[cfg(feature = "vision")]
pub use self::pictures::Pictures;
pub use self::report::{Report, StageTimes};
use crate::error::Result;
use crate::pool::{Pool, Request};
use crate::session::Outputs;

/// What is done with each input. Every method is called from several threads at once.
pub trait Stages: Sync {
    /// What the list names, such as a path.
    type Source: Send;
    /// What is read, such as the bytes of a file.
    type Raw: Send;
    /// What it holds, such as a picture.
    type Decoded: Send;
    /// What comes of it.
    type Output: Send;

    /// Reads an input.
    ///
    /// # Errors
    ///
    /// Any error becomes the record of this input, as in all stages.
    fn read(&self, source: &Self::Source) -> Result<Self::Raw>;

    /// Decodes it.
    ///
    /// # Errors
    ///
    /// As for [`Stages::read`].
    fn decode(&self, raw: Self::Raw) -> Result<Self::Decoded>;

    /// Writes it into a request, whose memory served others before.
    ///
    /// # Errors
    ///
    /// As for [`Stages::read`].
    fn preprocess(&self, decoded: Self::Decoded, request: &mut Request) -> Result<()>;

    /// Makes the result of the model's outputs.
    ///
    /// # Errors
    ///
    /// As for [`Stages::read`].
    fn postprocess(&self, source: &Self::Source, outputs: Outputs<'_>) -> Result<Self::Output>;
}

/// What became of an input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Record<S, T> {
    /// Its place in the list, counted from 0.
    pub index: u64,
    /// What the list named.
    pub source: S,
    /// What came of it, or why nothing did.
    pub result: Result<T>,
}

/// Runs `stages` on all `sources`, and gives each record to `sink` on the calling thread, as it comes
/// or in the order of the list ([`PipelineOptions::in_order`]).
///
/// A list that ends early, as by `take_while`, ends the job early: what was begun is finished.
///
/// # Errors
///
/// The error of `sink`, after which it is not called again; [`ErrorKind::Device`](crate::ErrorKind::Device) when no device is
/// left to the pool: then the inputs without a record were not run, and a later job can take them up.
pub fn run<W, I>(
    pool: &Pool,
    stages: &W,
    options: &PipelineOptions,
    sources: I,
    sink: impl FnMut(Record<W::Source, W::Output>) -> Result<()>,
) -> Result<Report>
where
    W: Stages,
    I: IntoIterator<Item = W::Source>,
    I::IntoIter: Send,
{
    let start = Instant::now();
    let before: Vec<_> = pool.statistics().collect();
    let job = Job::new(pool, stages);
    let (records, failed) = job.run(options, sources.into_iter(), sink)?;
    let took = start.elapsed();
    let stages = job.end()?.report(options, (pool, &before));
    Ok(Report {
        records,
        failed,
        took,
        stages,
    })
}

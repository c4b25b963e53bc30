//! How a pipeline is set up.

use std::thread;

use crate::pool::Pool;

/// What the threads of a stage are cut to.
const MOST_THREADS: usize = 1024;

/// How a pipeline is set up: the threads of each stage, and the order of the records.
///
/// ```
/// use ascend_rt::pipeline::PipelineOptions;
///
/// let options = PipelineOptions::new().decoders(6).in_order(true);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipelineOptions {
    /// Of reading, decoding, preprocessing and postprocessing.
    pub(super) threads: [usize; 4],
    pub(super) in_order: bool,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PipelineOptions {
    /// One thread each to read, preprocess and postprocess, one for each processor to decode, and
    /// records as they come.
    #[must_use]
    pub fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads: [1, processors, 1, 1],
            in_order: false,
        }
    }

    fn with(mut self, stage: usize, threads: usize) -> Self {
        self.threads[stage] = threads.clamp(1, MOST_THREADS);
        self
    }

    /// The threads that read, from 1 to 1024, as in all stages.
    #[must_use]
    pub fn readers(self, threads: usize) -> Self {
        self.with(0, threads)
    }

    /// The threads that decode.
    #[must_use]
    pub fn decoders(self, threads: usize) -> Self {
        self.with(1, threads)
    }

    /// The threads that preprocess.
    #[must_use]
    pub fn preprocessors(self, threads: usize) -> Self {
        self.with(2, threads)
    }

    /// The threads that postprocess.
    #[must_use]
    pub fn postprocessors(self, threads: usize) -> Self {
        self.with(3, threads)
    }

    /// Whether the sink gets the records in the order of the list. One that takes long then keeps
    /// those behind it waiting.
    #[must_use]
    pub fn in_order(mut self, in_order: bool) -> Self {
        self.in_order = in_order;
        self
    }

    /// How many items are on their way at most: what the pool holds, and twice what the threads have
    /// in hand.
    pub(super) fn ahead(&self, pool: &Pool) -> usize {
        let threads: usize = self.threads.iter().sum();
        pool.capacity().saturating_add(2 * threads)
    }
}

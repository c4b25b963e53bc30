//! How a pool is set up.

use std::time::Duration;

use crate::session::SessionOptions;

/// What the options are cut to, so that a number out of place does not take all memory.
const MOST_COPIES: usize = 1024;
const MOST_QUEUED: usize = 1 << 16;

/// How a pool is set up.
///
/// ```
/// use std::time::Duration;
/// use ascend_rt::pool::PoolOptions;
///
/// let options = PoolOptions::new().copies(3).queue(64).wait(Duration::from_millis(2));
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOptions {
    pub(super) copies: usize,
    pub(super) queue: usize,
    pub(super) wait: Duration,
    pub(super) joins: bool,
    pub(super) free_batch: usize,
    pub(super) session: SessionOptions,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PoolOptions {
    /// Two copies a device, 128 requests in the queue, and no wait for a batch to fill.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            copies: 2,
            queue: 128,
            wait: Duration::ZERO,
            joins: true,
            free_batch: 1,
            session: SessionOptions::new(),
        }
    }

    /// How many copies of the model each device gets, from 1 to 1024. While one of them computes,
    /// another one uploads and downloads: with two, computing does not wait for copies that take
    /// less time than it does; with three, neither of the ways has to wait for the other.
    ///
    /// The copies of a device share its weights; each has memory of its own to work in.
    #[must_use]
    pub const fn copies(mut self, copies: usize) -> Self {
        self.copies = within(copies, MOST_COPIES);
        self
    }

    /// How many requests may wait to be begun, from 1 to 65536.
    #[must_use]
    pub const fn queue(mut self, requests: usize) -> Self {
        self.queue = within(requests, MOST_QUEUED);
        self
    }

    /// How long a request waits at most for others to fill its batch, or the queue. Without a wait those are
    /// joined that are in the queue when a copy becomes free.
    #[must_use]
    pub const fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Whether requests are joined to batches, as they are where the model takes some. To be switched
    /// off for a model whose samples depend on each other, or whose first dimension is no batch:
    /// then each request runs alone.
    #[must_use]
    pub const fn joins(mut self, joins: bool) -> Self {
        self.joins = joins;
        self
    }

    /// How many samples are joined at most where the model takes a batch of any length (`-1`), from
    /// 1 to 65536. With 1, the default, the requests of such a model run alone.
    #[must_use]
    pub const fn free_batch(mut self, samples: usize) -> Self {
        self.free_batch = within(samples, MOST_QUEUED);
        self
    }

    /// How the sessions are set up. A limit to how long a run takes
    /// ([`SessionOptions::run_limit`]) is how a pool notices a device that hangs.
    #[must_use]
    pub const fn session(mut self, options: SessionOptions) -> Self {
        self.session = options;
        self
    }
}

/// The nearest number from 1 to `most`.
const fn within(number: usize, most: usize) -> usize {
    match number {
        0 => 1,
        number if number > most => most,
        number => number,
    }
}

//! How a session is set up.

use std::time::Duration;

use super::memory::Mode;
use crate::error::{Error, ErrorKind, Result};
use crate::stream::Stream;

/// How a session is set up.
///
/// ```
/// use std::time::Duration;
/// use ascend_rt::session::{Padding, SessionOptions};
///
/// let options = SessionOptions::new()
///     .padding(Padding::NextGear)
///     .run_limit(Some(Duration::from_secs(10)));
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionOptions {
    pub(super) padding: Padding,
    pub(super) run_limit: Option<Duration>,
}

impl SessionOptions {
    /// The defaults: no padding, and no limit to how long a run takes.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            padding: Padding::None,
            run_limit: None,
        }
    }

    /// What becomes of inputs between the gears of a model.
    #[must_use]
    pub const fn padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// How long the device may take for a run, in whole milliseconds and at least one: its copies and its execution, and
    /// those of other sessions of the device that it waits for. Without a limit a device that hangs
    /// is waited for without end.
    ///
    /// A run that takes longer ends with an error of kind [`ErrorKind::Device`], and its session is
    /// lost: the device may still use its memory, which is leaked. A [`Pool`](crate::Pool) goes on
    /// with its other devices. So the limit is for what no run takes on a device that is well: many
    /// times the longest one.
    ///
    /// A model whose outputs have no limits cannot have one: it is executed by a call that does not
    /// come back before.
    #[must_use]
    pub const fn run_limit(mut self, limit: Option<Duration>) -> Self {
        self.run_limit = limit;
        self
    }

    /// Refuses a limit that runs of this mode, or waits for this stream, cannot keep.
    pub(super) fn check(&self, mode: Mode, stream: &Stream) -> Result<()> {
        let Some(limit) = self.run_limit else {
            return Ok(());
        };
        if mode == Mode::Unbounded {
            let message = "the shapes of the model have no limits, so it is executed by a call that \
                           takes no limit of time: convert it with ranges such as 1~8, or leave the \
                           limit of its runs out";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        // Nothing is queued yet, but a runtime that has no such wait says so.
        stream.synchronize_timeout(limit)
    }
}

/// What becomes of inputs whose shapes are between the gears of a model.
///
/// An input is padded with zeros behind its own elements, up to the smallest gear that holds all
/// inputs. An output is cut back along each of its dimensions that follows a padded one: in every
/// gear it is exactly as long, and its length differs among the gears. So the scores `[batch,
/// classes]` of a padded batch come out with as many rows as pictures were given.
///
/// An output without such a dimension holds values that depend on what was padded, such as a mean
/// over the batch; so does one whose dimension follows two that were padded by different lengths.
/// Pictures that the device preprocesses are padded along the batch only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// They are refused; the error lists the gears.
    #[default]
    None,
    /// They are padded, if every output can be cut back along every padded dimension; else they are
    /// refused.
    NextGear,
    /// They are padded. What cannot be cut back is given as it is: for models that mask their
    /// padding, such as a language model with an attention mask, which is padded with zeros too.
    NextGearUncut,
}

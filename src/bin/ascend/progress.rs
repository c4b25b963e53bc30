//! Progress of what takes longer than a second, for someone at a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Quicker work needs no word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Between two words.
const PAUSE: Duration = Duration::from_millis(100);

/// A line on stderr that says how far the work is; none if stderr is no terminal.
pub(crate) struct Progress {
    doing: &'static str,
    next: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    pub(crate) fn new(doing: &'static str) -> Self {
        Self {
            doing,
            next: io::stderr()
                .is_terminal()
                .then(|| Instant::now() + PATIENCE),
            is_shown: false,
        }
    }

    /// `done` of `total` bytes are behind us.
    pub(crate) fn show(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100) / total.max(1);
        let (done, total) = (done >> 20, total >> 20);
        self.say(format_args!("{percent:3} %  {done} of {total} MiB"));
    }

    /// Says how far the work is, in the line's own words.
    pub(crate) fn say(&mut self, far: fmt::Arguments<'_>) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = Some(now + PAUSE);
        self.is_shown = true;
        // The work goes on if it cannot be told.
        let _ = write!(io::stderr(), "\r{} {far}", self.doing);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r{:60}\r", "");
        }
    }
}

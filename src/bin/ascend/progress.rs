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

    /// `done` of `total` pieces of work since `begin` are behind us: says the rate, and the time that
    /// is left.
    pub(crate) fn rate(&mut self, done: usize, total: usize, begin: Instant) {
        let spent = begin.elapsed();
        let (many, left) = (
            u32::try_from(done).unwrap_or(u32::MAX),
            total.saturating_sub(done),
        );
        let each = spent / many.max(1);
        let left = each
            .saturating_mul(u32::try_from(left).unwrap_or(u32::MAX))
            .as_secs();
        let rate = f64::from(many) / spent.as_secs_f64().max(f64::EPSILON);
        self.say(format_args!(
            "{done} of {total}, {rate:.1}/s, {}:{:02} left  ",
            left / 60,
            left % 60
        ));
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

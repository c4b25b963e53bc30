//! Progress of what takes longer than a second, for someone at a terminal.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Quicker work needs no word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Between two words.
const PAUSE: Duration = Duration::from_millis(100);

/// What a shorter line is filled up to, over what stood there.
const LINE: usize = 78;

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

    /// Whether the next word would be shown.
    fn is_due(&self) -> bool {
        self.next.is_some_and(|next| Instant::now() >= next)
    }

    /// Says how far the work is, in the line's own words.
    pub(crate) fn say(&mut self, far: fmt::Arguments<'_>) {
        if !self.is_due() {
            return;
        }
        self.next = Some(Instant::now() + PAUSE);
        self.is_shown = true;
        // The work goes on if it cannot be told.
        let line = format!("{} {far}", self.doing);
        let _ = write!(io::stderr(), "\r{line:LINE$}");
    }
}

/// A line that counts: how many are done, how fast, and how long the others will take.
pub(crate) struct Counter {
    progress: Progress,
    pace: Pace,
    start: Instant,
}

impl Counter {
    /// Of `total`, `done` are behind us at the start.
    pub(crate) fn new(doing: &'static str, done: usize, total: usize) -> Self {
        Self {
            progress: Progress::new(doing),
            pace: Pace::new(done, total),
            start: Instant::now(),
        }
    }

    /// `done` are behind us, and there is `more` to say.
    pub(crate) fn show(&mut self, done: usize, more: fmt::Arguments<'_>) {
        if self.progress.is_due() {
            let far = self.pace.at(self.start.elapsed(), done);
            self.progress.say(format_args!("{far}{more}"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r{:LINE$}\r", "");
        }
    }
}

/// How fast things of a known number get done, of late.
struct Pace {
    total: usize,
    /// When how many were done, in the window and at its beginning.
    seen: VecDeque<(Duration, usize)>,
}

/// Over which the rate is taken, and how finely.
const WINDOW: Duration = Duration::from_secs(15);
const GRAIN: Duration = Duration::from_millis(250);

impl Pace {
    /// Of `total`, `done` are behind us at the start.
    fn new(done: usize, total: usize) -> Self {
        Self {
            total,
            seen: VecDeque::from([(Duration::ZERO, done)]),
        }
    }

    /// How many are done at `time` since the start: the number, rate and time left in words.
    fn at(&mut self, time: Duration, done: usize) -> String {
        let (first, before) = self.seen[0];
        let (rate, left) = (
            rate(time.saturating_sub(first), done.saturating_sub(before)),
            self.total.saturating_sub(done),
        );
        if self
            .seen
            .back()
            .is_none_or(|(last, _)| time >= *last + GRAIN)
        {
            self.seen.push_back((time, done));
        }
        while self.seen.len() > 2 && self.seen[1].0 + WINDOW < time {
            self.seen.pop_front();
        }
        let percent = done * 100 / self.total.max(1);
        let far = format!("{percent:3} %  {done} of {}", self.total);
        if rate <= 0.0 {
            return far;
        }
        #[allow(clippy::cast_precision_loss, reason = "an estimate")]
        let left = Duration::try_from_secs_f64(left as f64 / rate).unwrap_or(Duration::MAX);
        let digits = usize::from(rate < 10.0);
        format!("{far}, {rate:.digits$}/s, {} left", rough(left))
    }
}

/// How many a second.
pub(crate) fn rate(time: Duration, count: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "shown with few digits")]
    let count = count as f64;
    if time.is_zero() {
        0.0
    } else {
        count / time.as_secs_f64()
    }
}

/// A time to wait for, in its two largest units.
pub(crate) fn rough(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        3600..86400 => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
        _ => format!("{} d {:02} h", seconds / 86400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_late() {
        let seconds = Duration::from_secs;
        let mut pace = Pace::new(100, 1100);
        assert_eq!(pace.at(seconds(0), 100), "  9 %  100 of 1100");
        assert_eq!(
            pace.at(seconds(1), 110),
            " 10 %  110 of 1100, 10/s, 1 min 39 s left"
        );
        // As fast as at first for a while, then nothing.
        assert_eq!(
            pace.at(seconds(10), 200),
            " 18 %  200 of 1100, 10/s, 1 min 30 s left"
        );
        assert_eq!(
            pace.at(seconds(40), 200),
            " 18 %  200 of 1100, 2.5/s, 6 min 00 s left"
        );
        assert_eq!(pace.at(seconds(60), 200), " 18 %  200 of 1100");
        assert_eq!(
            pace.at(seconds(61), 1100),
            "100 %  1100 of 1100, 43/s, 0 s left"
        );
        assert_eq!(Pace::new(0, 0).at(seconds(1), 0), "  0 %  0 of 0");
    }

    #[test]
    fn times_are_told_in_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min 00 s"),
            (3_661, "1 h 01 min"),
            (90_000, "1 d 01 h"),
        ] {
            assert_eq!(rough(Duration::from_secs(seconds)), text);
        }
    }
}

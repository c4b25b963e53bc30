//! Traces that Perfetto and `chrome://tracing` open: JSON in the trace event format, an array of
//! events of which nothing is kept in memory.
//!
//! A span lies on a track, that is a thread of a process; neither has to be a real one. On one
//! track spans lie apart or one within the other: what overlaps otherwise belongs on a track of its
//! own ([`Lanes`]).
//!
//! ```
//! use std::time::Duration;
//! use ascend_rt::trace_events::{Arg, TraceWriter, Track};
//!
//! # fn main() -> std::io::Result<()> {
//! let device = Track { process: 2, thread: 10 };
//! let mut trace = TraceWriter::new(Vec::new())?;
//! trace.name_process(device.process, "device 0")?;
//! trace.name_track(device, "operators")?;
//! let (start, length) = (Duration::from_micros(5), Duration::from_nanos(1_500));
//! trace.span(device, "conv1", "operator", start, length, &[("type", Arg::Text("Conv"))])?;
//! let json = trace.finish()?;
//! assert!(String::from_utf8_lossy(&json).contains(r#""ts":5.000,"dur":1.500"#));
//! # Ok(()) }
//! ```

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

/// A row of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Track {
    /// The number of the process that it is shown under.
    pub process: u32,
    /// Its number, which no track of another process should have: viewers mix them up.
    pub thread: u32,
}

/// What is told of an event besides.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Arg<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number; one that is not finite is told as a text.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

/// Writes a trace. Without [`TraceWriter::finish`] the array has no end, which viewers forgive.
#[derive(Debug)]
pub struct TraceWriter<W> {
    out: W,
    /// The event that is written, kept for its memory.
    line: String,
    is_first: bool,
}

impl<W: Write> TraceWriter<W> {
    /// A trace that is written to `out`, which should be buffered.
    ///
    /// # Errors
    ///
    /// When `out` fails, as in all that follows.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"[\n")?;
        Ok(Self {
            out,
            line: String::new(),
            is_first: true,
        })
    }

    /// Names a process; those of smaller numbers are shown above.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn name_process(&mut self, process: u32, name: &str) -> io::Result<()> {
        self.metadata("process_name", process, 0, ("name", Arg::Text(name)))?;
        let order = ("sort_index", Arg::Integer(process.into()));
        self.metadata("process_sort_index", process, 0, order)
    }

    /// Names a track.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn name_track(&mut self, track: Track, name: &str) -> io::Result<()> {
        let Track { process, thread } = track;
        self.metadata("thread_name", process, thread, ("name", Arg::Text(name)))?;
        let order = ("sort_index", Arg::Integer(thread.into()));
        self.metadata("thread_sort_index", process, thread, order)
    }

    /// Something that lasts, from `start` after the trace's beginning.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn span(
        &mut self,
        track: Track,
        name: &str,
        category: &str,
        start: Duration,
        length: Duration,
        args: &[(&str, Arg<'_>)],
    ) -> io::Result<()> {
        self.begin("X", name, track);
        self.category(category);
        // A viewer compares ends, so that these are rounded alike.
        let end = (start + length).as_nanos();
        let (start, length) = (start.as_nanos(), end.saturating_sub(start.as_nanos()));
        self.put(format_args!(
            r#","ts":{},"dur":{}"#,
            Microseconds(start),
            Microseconds(length)
        ));
        self.args(args);
        self.end()
    }

    /// A moment.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn instant(
        &mut self,
        track: Track,
        name: &str,
        category: &str,
        at: Duration,
        args: &[(&str, Arg<'_>)],
    ) -> io::Result<()> {
        self.begin("i", name, track);
        self.category(category);
        let at = Microseconds(at.as_nanos());
        self.put(format_args!(r#","ts":{at},"s":"t""#));
        self.args(args);
        self.end()
    }

    /// The values of a process's counter `name` from `at` on.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn counter(
        &mut self,
        process: u32,
        name: &str,
        at: Duration,
        values: &[(&str, f64)],
    ) -> io::Result<()> {
        self.begin("C", name, Track { process, thread: 0 });
        let at = Microseconds(at.as_nanos());
        self.put(format_args!(r#","ts":{at}"#));
        let finite = values.iter().filter(|(_, value)| value.is_finite());
        let args: Vec<_> = finite
            .map(|(name, value)| (*name, Arg::Number(*value)))
            .collect();
        self.args(&args);
        self.end()
    }

    /// Ends the trace, and gives back what it was written to.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Hands what was written so far on to where it goes.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn metadata(
        &mut self,
        name: &str,
        process: u32,
        thread: u32,
        arg: (&str, Arg<'_>),
    ) -> io::Result<()> {
        self.begin("M", name, Track { process, thread });
        self.args(&[arg]);
        self.end()
    }

    fn begin(&mut self, phase: &str, name: &str, track: Track) {
        self.line.clear();
        self.line.push_str(r#"{"name":"#);
        quote(&mut self.line, name);
        self.put(format_args!(
            r#","ph":"{phase}","pid":{},"tid":{}"#,
            track.process, track.thread
        ));
    }

    fn category(&mut self, category: &str) {
        self.line.push_str(r#","cat":"#);
        quote(&mut self.line, category);
    }

    fn args(&mut self, args: &[(&str, Arg<'_>)]) {
        if args.is_empty() {
            return;
        }
        self.line.push_str(r#","args":{"#);
        for (index, (name, arg)) in args.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            quote(&mut self.line, name);
            self.line.push(':');
            match arg {
                Arg::Text(text) => quote(&mut self.line, text),
                Arg::Integer(number) => self.put(format_args!("{number}")),
                Arg::Number(number) if number.is_finite() => self.put(format_args!("{number}")),
                Arg::Number(number) => quote(&mut self.line, &number.to_string()),
                Arg::Bool(is_so) => self.put(format_args!("{is_so}")),
            }
        }
        self.line.push('}');
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.line.write_fmt(text);
    }

    fn end(&mut self) -> io::Result<()> {
        self.line.push('}');
        if !std::mem::take(&mut self.is_first) {
            self.out.write_all(b",\n")?;
        }
        self.out.write_all(self.line.as_bytes())
    }
}

/// Nanoseconds, written as microseconds without a loss.
struct Microseconds(u128);

impl std::fmt::Display for Microseconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// A text as JSON has it.
fn quote(line: &mut String, text: &str) {
    line.push('"');
    for c in text.chars() {
        match c {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                let _ = write!(line, "\\u{:04x}", u32::from(c));
            }
            c => line.push(c),
        }
    }
    line.push('"');
}

/// Shares spans out among tracks, so that on each they lie apart or within each other.
///
/// Spans are to come by their starts, the longer one first of those that start together.
#[derive(Clone, Debug, Default)]
pub struct Lanes(Vec<Vec<Duration>>);

impl Lanes {
    /// The number of the first track that has room for this span.
    pub fn place(&mut self, start: Duration, length: Duration) -> usize {
        let end = start + length;
        for (number, open) in self.0.iter_mut().enumerate() {
            while open.last().is_some_and(|last| *last <= start) {
                open.pop();
            }
            if open.last().is_none_or(|last| end <= *last) {
                open.push(end);
                return number;
            }
        }
        self.0.push(vec![end]);
        self.0.len() - 1
    }

    /// How many tracks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_json() {
        let row = Track {
            process: 1,
            thread: 2,
        };
        let mut trace = TraceWriter::new(Vec::new()).unwrap();
        trace.name_process(1, "host \"1\"").unwrap();
        trace.name_track(row, "a\\b").unwrap();
        let hostile = "\u{1b}[31m\"\\\n\t\u{0}\u{7f}\u{2028}é";
        let args = [
            ("text", Arg::Text(hostile)),
            ("integer", Arg::Integer(i64::MIN)),
            ("number", Arg::Number(0.1)),
            ("nan", Arg::Number(f64::NAN)),
            ("bool", Arg::Bool(true)),
        ];
        let nanosecond = Duration::from_nanos(1);
        trace
            .span(
                row,
                hostile,
                "c",
                nanosecond,
                Duration::from_hours(1),
                &args,
            )
            .unwrap();
        trace.instant(row, "now", "c", Duration::ZERO, &[]).unwrap();
        trace
            .counter(
                1,
                "bytes",
                nanosecond,
                &[("used", 1.5), ("no", f64::INFINITY)],
            )
            .unwrap();
        let json = trace.finish().unwrap();
        let events: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
        assert_eq!(events.len(), 7);
        assert_eq!(events[4]["name"], hostile);
        assert_eq!(events[4]["args"]["text"], hostile);
        assert_eq!(events[4]["args"]["nan"], "NaN");
        let written = String::from_utf8(json).unwrap();
        assert!(
            written.contains(r#""ts":0.001,"dur":3600000000.000"#),
            "{written}"
        );
        assert!(written.contains(r#""args":{"used":1.5}"#), "{written}");
        assert!(!written.contains('\u{1b}'));
    }

    #[test]
    fn an_empty_trace_is_an_empty_array() {
        let json = TraceWriter::new(Vec::new()).unwrap().finish().unwrap();
        let events: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
        assert!(events.is_empty());
    }

    #[test]
    fn spans_that_cross_get_tracks_of_their_own() {
        let mut lanes = Lanes::default();
        let mut place = |start, length| {
            lanes.place(Duration::from_micros(start), Duration::from_micros(length))
        };
        assert_eq!(place(0, 10), 0);
        assert_eq!(place(2, 4), 0);
        assert_eq!(place(5, 10), 1);
        assert_eq!(place(6, 4), 0);
        assert_eq!(place(9, 3), 1);
        assert_eq!(place(10, 1), 0);
        assert_eq!(place(12, 9), 0);
        assert_eq!(place(14, 9), 2);
        assert_eq!(lanes.count(), 3);
    }
}

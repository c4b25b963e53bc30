//! The trace: every C call, and every task of a stream, with its time.

mod sink;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use ascend_sys::aclError;
use serde_json::{Map, Value};

use crate::config::ConfigError;
use crate::entry::Arguments;
use crate::ledger::Origin;
use crate::sync::lock;
use crate::threads;

use sink::Sink;

/// How a trace is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One JSON object a line, for programs.
    Lines,
    /// Chrome's trace events, for the viewers.
    Chrome,
}

impl Form {
    fn of(path: &Path) -> Result<Self, ConfigError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("jsonl") => Ok(Self::Lines),
            Some("json") => Ok(Self::Chrome),
            _ => Err(ConfigError(format!(
                "trace = \"{}\": the name has to end in .json (for Perfetto and chrome://tracing) or \
                 .jsonl (an object a line)",
                path.display()
            ))),
        }
    }
}

/// Writes the trace of a world.
pub(crate) struct Tracer {
    form: Form,
    /// What times count from.
    start: Instant,
    state: Mutex<State>,
}

struct State {
    sink: Sink,
    /// The threads' numbers, from 1 in the order of their first calls, and their names by then.
    threads: HashMap<ThreadId, (u64, Arc<str>)>,
    /// The tracks that were given their names.
    named: BTreeSet<Track>,
}

/// Where an event belongs: process 0 is the host with its threads, process 1 + N is device N with
/// its streams.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Track {
    process: u64,
    line: u64,
}

/// What took some time.
struct Event<'a> {
    origin: Origin,
    track: Track,
    track_name: &'a str,
    begin: Instant,
    end: Instant,
    details: Map<String, Value>,
}

/// Refuses a path whose name says no form.
pub(crate) fn check(path: &Path) -> Result<(), ConfigError> {
    Form::of(path).map(|_| ())
}

impl Tracer {
    pub(crate) fn create(path: &Path) -> Result<Self, ConfigError> {
        let form = Form::of(path)?;
        let sink = match form {
            Form::Lines => Sink::create(path, "", ""),
            Form::Chrome => Sink::create(
                path,
                "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n",
                "\n]}\n",
            ),
        };
        Ok(Self {
            form,
            start: Instant::now(),
            state: Mutex::new(State {
                sink: sink?,
                threads: HashMap::new(),
                named: BTreeSet::new(),
            }),
        })
    }

    /// A call of the calling thread that has just answered `result`.
    pub(crate) fn call(
        &self,
        origin: Origin,
        begin: Instant,
        arguments: Arguments<'_>,
        result: &str,
        code: aclError,
    ) {
        let end = Instant::now();
        let mut shown = Map::new();
        arguments(&mut |name, value| {
            shown.insert(name.to_owned(), as_json(&format!("{value:?}")));
        });
        let mut details = Map::new();
        details.insert("arguments".into(), shown.into());
        details.insert("result".into(), as_json(result));
        details.insert("code".into(), code.into());
        let mut state = lock(&self.state);
        let (line, name) = state.thread();
        self.write(
            &mut state,
            &Event {
                origin,
                track: Track { process: 0, line },
                track_name: &name,
                begin,
                end,
                details,
            },
        );
    }

    /// A task of a stream that has just ended.
    pub(crate) fn task(
        &self,
        origin: Origin,
        device: u32,
        stream: u32,
        begin: Instant,
        code: aclError,
    ) {
        let end = Instant::now();
        let mut details = Map::new();
        details.insert("code".into(), code.into());
        let track = Track {
            process: u64::from(device) + 1,
            line: u64::from(stream),
        };
        let name = format!("stream {stream}");
        self.write(
            &mut lock(&self.state),
            &Event {
                origin,
                track,
                track_name: &name,
                begin,
                end,
                details,
            },
        );
    }

    fn write(&self, state: &mut State, event: &Event<'_>) {
        match self.form {
            Form::Lines => state.sink.write(&self.line(event)),
            Form::Chrome => {
                if state.named.insert(event.track) {
                    for name in names(event.track, event.track_name) {
                        state.sink.separate(",\n");
                        state.sink.write(&name);
                    }
                }
                state.sink.separate(",\n");
                state.sink.write(&self.chrome(event));
            }
        }
    }

    fn line(&self, event: &Event<'_>) -> String {
        let Track { process, line } = event.track;
        let Origin { symbol, sequence } = event.origin;
        let (start, took) = self.times(event);
        let name = Value::from(event.track_name);
        let place = match process.checked_sub(1) {
            None => format!("\"thread\":{line},\"thread_name\":{name}"),
            Some(device) => format!("\"device\":{device},\"stream\":{line}"),
        };
        let what = if process == 0 { "call" } else { "task" };
        let mut text = format!(
            "{{\"event\":\"{what}\",\"call\":{sequence},\"function\":\"{symbol}\",{place},\
             \"start_us\":{start},\"duration_us\":{took}"
        );
        for (key, value) in &event.details {
            let _ = write!(text, ",\"{key}\":{value}");
        }
        text.push_str("}\n");
        text
    }

    fn chrome(&self, event: &Event<'_>) -> String {
        let Track { process, line } = event.track;
        let Origin { symbol, sequence } = event.origin;
        let (start, took) = self.times(event);
        let mut details = event.details.clone();
        details.insert("call".into(), sequence.into());
        let details = Value::from(details);
        format!(
            "{{\"ph\":\"X\",\"name\":\"{symbol}\",\"pid\":{process},\"tid\":{line},\"ts\":{start},\
             \"dur\":{took},\"args\":{details}}}"
        )
    }

    /// Start and duration in microseconds.
    fn times(&self, event: &Event<'_>) -> (String, String) {
        let since = |begin: Instant, end: Instant| micros(end.saturating_duration_since(begin));
        (
            since(self.start, event.begin),
            since(event.begin, event.end),
        )
    }

    /// Brings to the file what is still held back.
    pub(crate) fn flush(&self) {
        lock(&self.state).sink.flush();
    }
}

impl State {
    /// The calling thread.
    fn thread(&mut self) -> (u64, Arc<str>) {
        let next = self.threads.len() as u64 + 1;
        let thread = self.threads.entry(thread::current().id());
        let (number, name) = thread.or_insert_with(|| {
            let name = threads::name();
            (next, Arc::from(name.as_deref().unwrap_or("unnamed")))
        });
        (*number, Arc::clone(name))
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Chrome's events that name a track and its process.
fn names(Track { process, line }: Track, name: &str) -> [String; 2] {
    let of_process = match process.checked_sub(1) {
        None => "host".to_owned(),
        Some(device) => format!("device {device}"),
    };
    [("process_name", of_process.as_str()), ("thread_name", name)].map(|(kind, name)| {
        let name = Value::from(name);
        format!(
            "{{\"ph\":\"M\",\"name\":\"{kind}\",\"pid\":{process},\"tid\":{line},\
             \"args\":{{\"name\":{name}}}}}"
        )
    })
}

/// Whole and thousandths.
fn micros(time: Duration) -> String {
    let nanos = time.as_nanos();
    format!("{}.{:03}", nanos / 1_000, nanos % 1_000)
}

/// A number or truth value as such, all else as a text.
fn as_json(shown: &str) -> Value {
    match shown.parse::<Value>() {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => shown.into(),
    }
}

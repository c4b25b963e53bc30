//! Spans as a trace.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::values::Values;
use crate::trace_events::{Arg, TraceWriter, Track};

/// Writes spans and events as a trace that Perfetto and `chrome://tracing` open: each thread is a
/// track, each stay in a span a bar, each event a mark.
///
/// ```
/// use ascend_rt::trace::TraceLayer;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// # fn main() -> std::io::Result<()> {
/// let (layer, guard) = TraceLayer::new(Vec::new())?; // or a file in a `BufWriter`
/// let subscriber = tracing_subscriber::registry().with(layer);
/// tracing::subscriber::with_default(subscriber, || {
///     tracing::info_span!("work", item = 7).in_scope(|| tracing::info!("half done"));
/// });
/// let json = guard.finish()?;
/// assert!(String::from_utf8_lossy(&json).contains("half done"));
/// # Ok(()) }
/// ```
pub struct TraceLayer<W> {
    trace: Arc<Mutex<Trace<W>>>,
    start: Instant,
    /// Of this trace among all of the process.
    number: u32,
}

/// Ends the trace of a [`TraceLayer`].
#[must_use = "without it, the trace has no end"]
pub struct TraceGuard<W> {
    trace: Arc<Mutex<Trace<W>>>,
}

struct Trace<W> {
    /// `None` once it is over.
    writer: Option<TraceWriter<W>>,
    /// The first failure to write, which is told at the end.
    error: Option<io::Error>,
}

/// What a span carries.
struct Stay {
    values: Values,
    /// When it was entered, and how often it is now.
    since: Option<Instant>,
    depth: u32,
}

/// The process that tracks are shown under.
const PROCESS: u32 = 1;

thread_local! {
    /// The trace that knows the thread, and the number of the thread in it.
    static TRACK: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

impl<W: Write> TraceLayer<W> {
    /// A trace that is written to `out`, which should be buffered.
    ///
    /// # Errors
    ///
    /// When `out` fails.
    pub fn new(out: W) -> io::Result<(Self, TraceGuard<W>)> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mut writer = TraceWriter::new(out)?;
        writer.name_process(PROCESS, "host")?;
        let trace = Arc::new(Mutex::new(Trace {
            writer: Some(writer),
            error: None,
        }));
        let layer = Self {
            trace: Arc::clone(&trace),
            start: Instant::now(),
            number: COUNT.fetch_add(1, Ordering::Relaxed) + 1,
        };
        Ok((layer, TraceGuard { trace }))
    }

    fn since_start(&self, when: Instant) -> Duration {
        when.saturating_duration_since(self.start)
    }

    /// Writes on the thread's own track.
    fn write(&self, write: impl FnOnce(&mut TraceWriter<W>, Track) -> io::Result<()>) {
        let mut trace = lock(&self.trace);
        if trace.error.is_some() {
            return;
        }
        let Some(writer) = &mut trace.writer else {
            return;
        };
        let written = track(writer, self.number).and_then(|track| write(writer, track));
        trace.error = written.err();
    }
}

/// The track of this thread, which is named at its first use.
fn track<W: Write>(writer: &mut TraceWriter<W>, layer: u32) -> io::Result<Track> {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let (known_to, mut number) = TRACK.get();
    if number == 0 {
        number = COUNT.fetch_add(1, Ordering::Relaxed);
    }
    let track = Track {
        process: PROCESS,
        thread: number,
    };
    if known_to != layer {
        TRACK.set((layer, number));
        let thread = thread::current();
        let name = thread
            .name()
            .map_or_else(|| format!("thread {number}"), str::to_owned);
        writer.name_track(track, &name)?;
    }
    Ok(track)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<W: Write> TraceGuard<W> {
    /// Ends the trace, and gives back where it was written to. What comes later is dropped.
    ///
    /// # Errors
    ///
    /// When not all of it could be written.
    pub fn finish(self) -> io::Result<W> {
        let mut trace = lock(&self.trace);
        let error = trace.error.take();
        let writer = trace.writer.take();
        match (error, writer) {
            (Some(error), _) => Err(error),
            (None, Some(writer)) => writer.finish(),
            (None, None) => Err(io::Error::other("the trace is over already")),
        }
    }
}

impl<S, W> Layer<S> for TraceLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Write + Send + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut values = Values::default();
        attributes.record(&mut values);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Stay {
                values,
                since: None,
                depth: 0,
            });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(stay) = span.extensions_mut().get_mut::<Stay>()
        {
            values.record(&mut stay.values);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(stay) = span.extensions_mut().get_mut::<Stay>()
        {
            stay.depth += 1;
            stay.since.get_or_insert_with(Instant::now);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let now = Instant::now();
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        let Some(stay) = extensions.get_mut::<Stay>() else {
            return;
        };
        stay.depth = stay.depth.saturating_sub(1);
        if stay.depth > 0 {
            return;
        }
        let Some(since) = stay.since.take() else {
            return;
        };
        let (name, target) = (span.metadata().name(), span.metadata().target());
        let length = now.saturating_duration_since(since);
        self.write(|writer, track| {
            let start = self.since_start(since);
            writer.span(track, name, target, start, length, &stay.values.args())
        });
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut values = Values::default();
        event.record(&mut values);
        let metadata = event.metadata();
        let name = values.message().unwrap_or(metadata.name());
        let mut args = values.args();
        args.push(("level", Arg::Text(metadata.level().as_str())));
        let now = self.since_start(Instant::now());
        self.write(|writer, track| writer.instant(track, name, metadata.target(), now, &args));
    }
}

impl<W> fmt::Debug for TraceLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceLayer").finish_non_exhaustive()
    }
}

impl<W> fmt::Debug for TraceGuard<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceGuard").finish_non_exhaustive()
    }
}

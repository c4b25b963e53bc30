//! Runs on devices, side by side.

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use ascend_rt::{Device, Session};

use super::energy::Meter;
use super::feeds::{Feed, Kind};
use super::inputs::Source;
use super::opened::{Memory, Opened, used};
use super::outputs::Sink;
use super::reader::Reader;
use super::run::{Run, Tensors, measured, milliseconds};
use crate::interrupt::Interrupt;
use crate::progress::Counter;

/// Between two looks at a device's memory.
const LOOK: Duration = Duration::from_millis(50);

/// Files of inputs, and of outputs if they were written.
pub(super) type SampleFiles = (Vec<String>, Vec<String>);

/// What a device did.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) ordinal: u32,
    pub(super) load: f64,
    pub(super) warm_up: Vec<Run>,
    /// In the order of their indices.
    pub(super) runs: Vec<Run>,
    /// The files by the sample's number.
    pub(super) files: Vec<(usize, SampleFiles)>,
    pub(super) memory: Memory,
    /// From when to when it worked, in milliseconds since the clock started.
    pub(super) span: [f64; 2],
}

/// What is to be done.
pub(super) struct Job<'a> {
    pub(super) reader: &'a Reader<'a>,
    /// How often all feeds are run.
    pub(super) repeats: usize,
    /// How long they are run.
    pub(super) duration: Option<Duration>,
    pub(super) warm_up: u32,
    /// The devices share the feeds; else each runs all of them.
    pub(super) is_divided: bool,
    /// Where the outputs of each device go.
    pub(super) sinks: &'a [Option<Sink>],
    pub(super) reads_ahead: bool,
    /// Where a line for each run goes, if anywhere.
    pub(super) tells_each: Option<Stream>,
    /// What reads the power of NPUs meanwhile.
    pub(super) meters: &'a [Meter],
    pub(super) interrupt: &'a Interrupt,
}

/// Where lines for people go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Stdout,
    /// Where stdout is for programs.
    Stderr,
}

impl Stream {
    pub(super) fn open(self) -> Box<dyn Write> {
        match self {
            Self::Stdout => Box::new(io::stdout()),
            Self::Stderr => Box::new(io::stderr()),
        }
    }
}

/// What all workers share.
struct Shared<'a> {
    job: &'a Job<'a>,
    /// The inputs of each feed, where they were read before.
    ahead: Vec<Tensors>,
    begin: Instant,
    /// Which run is next, for each device.
    next: Vec<AtomicUsize>,
    total: usize,
    finished: AtomicUsize,
    progress: Mutex<Counter>,
}

/// What one session did.
#[derive(Default)]
struct Log {
    runs: Vec<Run>,
    files: Vec<(usize, SampleFiles)>,
}

impl Job<'_> {
    fn feeds(&self) -> &[Feed] {
        &self.reader.feeds.all
    }

    /// Runs all feeds on all devices.
    pub(super) fn run(&self, devices: &mut [Opened]) -> Result<Vec<Done>> {
        let is_generated = matches!(self.reader.feeds.kind, Kind::Generated(_));
        let ahead = if is_generated || self.reads_ahead {
            self.read_ahead()?
        } else {
            Vec::new()
        };
        let warmed = self.warm_up(devices, &ahead)?;
        let count = if self.is_divided { 1 } else { devices.len() };
        let total = self.feeds().len().saturating_mul(self.repeats);
        let shared = Shared {
            job: self,
            ahead,
            begin: Instant::now(),
            next: (0..count).map(|_| AtomicUsize::new(0)).collect(),
            total,
            finished: AtomicUsize::new(0),
            progress: Mutex::new(match self.duration {
                None => Counter::new("running", 0, total.saturating_mul(count)),
                Some(duration) => Counter::new("running, in seconds:", 0, whole_seconds(duration)),
            }),
        };
        let peaks: Vec<AtomicU64> = devices
            .iter()
            .map(|opened| AtomicU64::new(opened.memory.peak))
            .collect();
        let logs = shared.work_all(devices, &peaks);
        let mut done: Vec<Done> = devices
            .iter()
            .zip(warmed)
            .zip(&peaks)
            .map(|((opened, warm_up), peak)| Done {
                ordinal: opened.device.ordinal(),
                load: milliseconds(opened.load),
                warm_up,
                runs: Vec::new(),
                files: Vec::new(),
                memory: Memory {
                    peak: peak.load(Ordering::Relaxed),
                    ..opened.memory
                },
                span: [0.0; 2],
            })
            .collect();
        for log in logs {
            let (place, log) = log?;
            done[place].runs.extend(log.runs);
            done[place].files.extend(log.files);
        }
        for done in &mut done {
            done.runs.sort_by_key(|run| run.index);
            done.files.sort_by_key(|(sample, _)| *sample);
            let starts = done.runs.iter().map(|run| run.start);
            let ends = done.runs.iter().map(|run| run.start + run.end_to_end());
            done.span = [
                starts.fold(f64::INFINITY, f64::min),
                ends.fold(0.0, f64::max),
            ];
            done.span[0] = done.span[0].min(done.span[1]);
        }
        Ok(done)
    }

    /// The runs before the clock starts, of each device; all sessions warm up.
    fn warm_up(&self, devices: &mut [Opened], ahead: &[Tensors]) -> Result<Vec<Vec<Run>>> {
        let Some(feed) = self.feeds().first().filter(|_| self.warm_up > 0) else {
            return Ok(devices.iter().map(|_| Vec::new()).collect());
        };
        let read;
        let inputs = if let Some(inputs) = ahead.first() {
            inputs
        } else {
            read = self.read(feed)?;
            &read
        };
        let sessions: usize = devices.iter().map(|opened| opened.sessions.len()).sum();
        let total = sessions.saturating_mul(usize::try_from(self.warm_up).unwrap_or(usize::MAX));
        let progress = &Mutex::new((0, Counter::new("warming up", 0, total)));
        thread::scope(|scope| {
            let workers: Vec<_> = devices
                .iter_mut()
                .map(|opened| {
                    scope.spawn(move || {
                        let mut runs = Vec::new();
                        for (worker, session) in opened.sessions.iter_mut().enumerate() {
                            for _ in 0..self.warm_up {
                                if self.interrupt.is_over() {
                                    break;
                                }
                                let run = Run {
                                    worker,
                                    ..Run::default()
                                };
                                runs.push(
                                    measured(session, feed, inputs, None, run)
                                        .map(|(run, _)| run)?,
                                );
                                let mut progress =
                                    progress.lock().unwrap_or_else(PoisonError::into_inner);
                                progress.0 += 1;
                                let done = progress.0;
                                self.tell(&mut progress.1, done);
                            }
                        }
                        Ok(runs)
                    })
                })
                .collect();
            let runs = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
            runs.collect()
        })
    }

    fn read_ahead(&self) -> Result<Vec<Tensors>> {
        let total = self.feeds().len();
        let mut progress = Counter::new("reading", 0, total);
        let mut all = Vec::with_capacity(total);
        for feed in self.feeds() {
            if self.interrupt.is_over() {
                break;
            }
            all.push(self.read(feed)?);
            self.tell(&mut progress, all.len());
        }
        Ok(all)
    }

    fn tell(&self, progress: &mut Counter, done: usize) {
        progress.show(done, format_args!("{}", self.interrupt.ending()));
    }

    fn read(&self, feed: &Feed) -> Result<Tensors> {
        Ok(self.reader.read(feed)?)
    }
}

impl Shared<'_> {
    /// What all sessions did, each with the place of its device.
    fn work_all(&self, devices: &mut [Opened], peaks: &[AtomicU64]) -> Vec<Result<(usize, Log)>> {
        thread::scope(|scope| {
            // gone at the end of the work, which ends the readings
            let mut readings = Vec::new();
            for meter in self.job.meters {
                let (sender, stopped) = mpsc::channel();
                readings.push(sender);
                scope.spawn(move || meter.watch(&stopped));
            }
            let mut workers = Vec::new();
            for (place, opened) in devices.iter_mut().enumerate() {
                let (device, peak) = (&opened.device, &peaks[place]);
                for (number, session) in opened.sessions.iter_mut().enumerate() {
                    let work = move || self.work(session, (place, number), device, peak);
                    workers.push((place, scope.spawn(work)));
                }
            }
            let logs = workers.into_iter().map(|(place, worker)| {
                let log = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
                Ok((place, log?))
            });
            // All are waited for, whatever the first one says.
            let logs = logs.collect();
            drop(readings);
            logs
        })
    }

    /// What one session does: the next run, until there is none.
    fn work(
        &self,
        session: &mut Session,
        (place, worker): (usize, usize),
        device: &Device,
        peak: &AtomicU64,
    ) -> Result<Log> {
        let mut log = Log::default();
        let mut look = Instant::now();
        let next = self.next.get(place).or(self.next.first());
        let next = || next.map_or(usize::MAX, |next| next.fetch_add(1, Ordering::Relaxed));
        let is_time_over = || {
            let duration = self.job.duration;
            duration.is_some_and(|duration| self.begin.elapsed() >= duration)
        };
        while !self.job.interrupt.is_over() && !is_time_over() {
            let index = next();
            if index >= self.total {
                break;
            }
            let done = self.one(session, (place, worker), index, &mut log);
            if done.is_err() {
                self.job.interrupt.stop();
            }
            done?;
            if look.elapsed() >= LOOK || log.runs.len() == 1 {
                look = Instant::now();
                peak.fetch_max(used(device)?, Ordering::Relaxed);
            }
            self.tell(self.finished.fetch_add(1, Ordering::Relaxed) + 1);
        }
        Ok(log)
    }

    fn one(
        &self,
        session: &mut Session,
        (place, worker): (usize, usize),
        index: usize,
        log: &mut Log,
    ) -> Result<()> {
        let feeds = self.job.feeds();
        let number = index % feeds.len().max(1);
        let Some(feed) = feeds.get(number) else {
            return Ok(());
        };
        let begin = Instant::now();
        let read;
        let inputs = if let Some(inputs) = self.ahead.get(number) {
            inputs
        } else {
            read = self.job.read(feed)?;
            &read
        };
        let run = Run {
            index,
            worker,
            start: milliseconds(begin.duration_since(self.begin)),
            read: milliseconds(begin.elapsed()),
            ..Run::default()
        };
        // The same inputs give the same outputs again.
        let sink = self
            .job
            .sinks
            .get(place)
            .and_then(Option::as_ref)
            .filter(|_| index < feeds.len());
        let (run, outputs) = measured(session, feed, inputs, sink, run)?;
        log.runs.push(run);
        if let Some(stream) = self.job.tells_each {
            // The runs go on, whether this is read or not.
            let _ = writeln!(stream.open(), "[DEBUG] aclExec cost : {:.6}", run.execute);
        }
        let is_generated = matches!(self.job.reader.feeds.kind, Kind::Generated(_));
        if index < feeds.len() && (!is_generated || sink.is_some()) {
            for (place, sample) in feed.samples.iter().enumerate() {
                let inputs = sample.sources.iter().map(Source::name);
                let outputs = outputs.get(place).cloned().unwrap_or_default();
                log.files.push((
                    number * self.job.reader.feeds.places + place,
                    (inputs.collect(), outputs),
                ));
            }
        }
        Ok(())
    }

    fn tell(&self, finished: usize) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match self.job.duration {
            None => finished,
            Some(_) => whole_seconds(self.begin.elapsed()),
        };
        self.job.tell(&mut progress, done);
    }
}

fn whole_seconds(time: Duration) -> usize {
    usize::try_from(time.as_secs()).unwrap_or(usize::MAX)
}

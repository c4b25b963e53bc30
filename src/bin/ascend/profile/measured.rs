//! A model that is run while its parts are measured and its operators are watched.
//!
//! Three series of runs: the first run by itself, then runs whose stages are measured and nothing
//! else, then runs whose operators are watched, which makes them longer.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ascend_graph::Words;
use ascend_rt::convert::{self, Options, Soc};
use ascend_rt::profiling::{OperatorTime, ProfilerOptions, Subscription};
use ascend_rt::{Device, Error, ErrorKind, Model};

use super::Args;
use super::content::{Profile, Stage, Stages, count, executions};
use super::summed::Summed;
use crate::bench::{self, Prepared, Run};
use crate::device::DeviceArgs;
use crate::interrupt::Interrupt;
use crate::language::{say, words};
use crate::progress::{Counter, Progress};
use crate::weights::escaped;

/// Runs, and what their operators did, for a time line.
#[derive(Default)]
pub(super) struct Timeline {
    pub(super) runs: Vec<(Series, Run)>,
    pub(super) operators: Vec<OperatorTime>,
}

/// What a run was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    First,
    WarmUp,
    Plain,
    Watched,
}

impl Series {
    pub(super) fn name(self) -> Words {
        match self {
            Self::First => Words("first run"),
            Self::WarmUp => Words("warm-up"),
            Self::Plain => Words("run"),
            Self::Watched => Words("run with operators watched"),
        }
    }
}

/// What was found out.
pub(super) struct Measured {
    pub(super) profile: Profile,
    pub(super) timeline: Timeline,
}

/// Runs `model`, until `interrupt` asks for the end.
pub(super) fn measure(
    args: &Args,
    model: &Path,
    device: &DeviceArgs,
    interrupt: &Interrupt,
) -> Result<Measured> {
    let mut devices = device.open_all()?;
    let (Some(device), true) = (devices.pop(), devices.is_empty()) else {
        let message = "a profile is of one device: give --device one number";
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    };
    let made = Made::of(args, model, &device)?;
    let bench = bench::Args::of_words(args.bench_words(&made.om))?;
    let prepared = Prepared::new(&bench, device.clone())?;
    let mut profile = Profile::new(model.display().to_string());
    profile.chip = device.acl().soc_name()?;
    profile.is_cpu_device = device.acl().is_mock();
    let mut watch = Watch {
        prepared,
        device,
        profile,
        timeline: Timeline::default(),
        interrupt: interrupt.clone(),
    };
    watch.stages(args, made.convert)?;
    watch.operators(args)?;
    watch.session(args)?;
    if watch.interrupt.is_interrupted() {
        let note = say!("stopped: the figures are of the runs until then");
        watch.profile.notes.push(note);
    }
    Ok(Measured {
        profile: watch.profile,
        timeline: watch.timeline,
    })
}

/// The `.om`, made for this profile if something else was given.
struct Made {
    om: PathBuf,
    convert: Option<Duration>,
    /// Kept as long as the file is used.
    _folder: Option<tempfile::TempDir>,
}

impl Made {
    fn of(args: &Args, model: &Path, device: &Device) -> Result<Self> {
        let extension = model.extension().unwrap_or_default();
        if extension.eq_ignore_ascii_case("om") {
            return Ok(Self {
                om: model.to_owned(),
                convert: None,
                _folder: None,
            });
        }
        let folder = tempfile::tempdir().context("cannot make a folder for the converted model")?;
        let om = folder.path().join("profiled.om");
        let is_mock = device.acl().is_mock();
        let mut options = Options {
            soc: if is_mock { Soc::Mock } else { Soc::Auto },
            input_shapes: args.input_shape.clone(),
            skeleton: args.skeleton.clone(),
            ..Options::default()
        };
        if !extension.eq_ignore_ascii_case("onnx") && args.skeleton.is_none() {
            // A batch of weights that is left open has operators of no certain size.
            options.network.batch = Some(1);
        }
        let begin = Instant::now();
        let mut progress = Progress::new("converting:");
        let report = convert::convert_with(model, &om, &options, &mut |event| {
            if let convert::Event::Running { elapsed, .. } = event {
                progress.say(format_args!("{} s", elapsed.as_secs()));
            }
        });
        drop(progress);
        report.with_context(|| format!("cannot convert {} for its profile", model.display()))?;
        Ok(Self {
            om,
            convert: Some(begin.elapsed()),
            _folder: Some(folder),
        })
    }
}

struct Watch {
    prepared: Prepared,
    device: Device,
    profile: Profile,
    timeline: Timeline,
    interrupt: Interrupt,
}

impl Watch {
    /// Runs so often; fewer after Ctrl-C.
    fn runs(&mut self, series: Series, number: usize) -> Result<Vec<Run>> {
        self.runs_with(series, number, || ())
    }

    /// As above, with something to do after each run.
    fn runs_with(
        &mut self,
        series: Series,
        number: usize,
        mut after: impl FnMut(),
    ) -> Result<Vec<Run>> {
        let mut progress = Counter::new(words(series.name().0), 0, number);
        let mut runs = Vec::new();
        for done in 1..=number {
            if self.interrupt.is_over() {
                break;
            }
            let run = self.prepared.run()?;
            runs.push(run);
            self.timeline.runs.push((series, run));
            after();
            progress.show(done, format_args!("{}", self.interrupt.ending()));
        }
        Ok(runs)
    }

    fn number(&self, args: &Args) -> usize {
        let repeats = usize::try_from(args.repeats).unwrap_or(usize::MAX);
        repeats.saturating_mul(self.prepared.feeds())
    }

    /// The first run, and what later ones take.
    fn stages(&mut self, args: &Args, convert: Option<Duration>) -> Result<()> {
        let first = self.runs(Series::First, 1)?;
        let warm_up = usize::try_from(args.warmup_count).unwrap_or(usize::MAX);
        self.runs(Series::WarmUp, warm_up)?;
        let number = self.number(args);
        let later = self.runs(Series::Plain, number)?;
        let runs = u64::try_from(later.len()).unwrap_or(u64::MAX);
        self.profile.batch = first.first().and_then(|run| u64::try_from(run.batch).ok());
        self.profile.stages = Some(Stages {
            convert: convert.map(microseconds),
            load: microseconds(self.prepared.load()),
            first: mean(&first),
            steady: mean(&later),
            runs,
            watched: None,
        });
        Ok(())
    }

    /// The operators of as many runs again.
    fn operators(&mut self, args: &Args) -> Result<()> {
        let Some(model) = self.prepared.model().map(Arc::clone) else {
            return Ok(());
        };
        // The first watched run prepares what watching takes.
        let Some(warm_up) = self.subscribed(&model)? else {
            return Ok(());
        };
        self.runs(Series::WarmUp, 1)?;
        drop(warm_up);
        let Some(mut subscription) = self.subscribed(&model)? else {
            return Ok(());
        };
        let number = self.number(args);
        let mut summed = Summed::new(args.trace.is_some());
        let runs = self.runs_with(Series::Watched, number, || summed.add(subscription.take()))?;
        summed.add(subscription.finish()?);
        self.tell_operators(summed, &runs, subscription.lost());
        if !self.profile.is_cpu_device && args.output.is_none() {
            self.profile.notes.push(say!(
                "cores, precision and shapes of the operators are in CANN's own profile, and more hints with them: \
                 --output DIR, `msprof --export=on --output=DIR/PROF_…`, then `ascend profile DIR`"
            ));
        }
        Ok(())
    }

    /// Takes over what the operators of these runs took.
    fn tell_operators(&mut self, summed: Summed, runs: &[Run], lost: u64) {
        let notes = &mut self.profile.notes;
        let is_whole = lost == 0 && !runs.is_empty();
        if lost > 0 {
            notes.push(say!(
                "records of operators came too fast and were dropped ({count}), so that it is not known how many \
                 executions the times are of: run fewer times",
                count = lost
            ));
        }
        if summed.untraced > 0 {
            notes.push(say!(
                "the trace lacks the last {executions} of operators: run fewer times",
                executions = executions(summed.untraced as u64)
            ));
        }
        if summed.operators.is_empty() && lost == 0 && !runs.is_empty() {
            notes.push(say!("the runtime told of no operator while the model ran"));
        }
        let executions = u64::try_from(runs.len()).ok();
        self.profile.executions = executions.filter(|_| is_whole);
        if let Some(stages) = &mut self.profile.stages {
            stages.watched = Some(mean(runs).execute).filter(|_| is_whole);
        }
        self.profile.operators = summed.operators;
        self.timeline.operators = summed.traced;
    }

    /// A subscription, or a note on why there is none.
    fn subscribed(&mut self, model: &Arc<Model>) -> Result<Option<Subscription>> {
        match Subscription::new(model) {
            Ok(subscription) => Ok(Some(subscription)),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unsupported | ErrorKind::MissingSymbol | ErrorKind::Library
                ) =>
            {
                self.profile.notes.push(say!(
                    "no times of operators: {error}",
                    error = error.to_string()
                ));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// CANN's own profile of as many runs again.
    fn session(&mut self, args: &Args) -> Result<()> {
        let Some(folder) = &args.output else {
            return Ok(());
        };
        let options = ProfilerOptions::new().device(&self.device);
        let profiler = self.device.acl().profile(folder, &options)?;
        let number = self.number(args);
        self.runs(Series::Watched, number)?;
        let folder = profiler.stop()?;
        let note = if self.device.acl().is_mock() {
            say!(
                "CANN's own profile is in {folder}",
                folder = folder.display()
            )
        } else {
            say!(
                "CANN's own profile is in {folder}: make tables of it with msprof --export=on --output={folder}",
                folder = folder.display()
            )
        };
        writeln!(io::stderr(), "{}", escaped(&say!("note: {note}", note)))?;
        Ok(())
    }
}

/// The mean of the stages.
fn mean(runs: &[Run]) -> Stage {
    let number = count(u64::try_from(runs.len()).unwrap_or(u64::MAX)).max(1.0);
    let of = |stage: fn(&Run) -> f64| runs.iter().map(stage).sum::<f64>() * 1e3 / number;
    Stage {
        upload: of(|run| run.upload),
        execute: of(|run| run.execute),
        download: of(|run| run.download),
        host: of(|run| run.host),
    }
}

pub(super) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

//! The time line of measured runs, for Perfetto.

use std::path::Path;
use std::time::Duration;

use ascend_rt::files::NewFile;
use ascend_rt::profiling::{OperatorTime, RecordKind};
use ascend_rt::trace_events::{Arg, Lanes, TraceWriter, Track};
use ascend_rt::{Error, ErrorKind};

use super::content::Profile;
use super::measured::{Series, Timeline};
use crate::bench::Run;

const HOST: u32 = 1;
const DEVICE: u32 = 2;
/// The first track of the device's operators.
const OPERATORS: u32 = 100;

const RUNS: Track = Track {
    process: HOST,
    thread: 1,
};
const STREAM: Track = Track {
    process: DEVICE,
    thread: 10,
};

/// Writes the trace, whole or not at all.
pub(super) fn write(place: &Path, profile: &Profile, timeline: &Timeline) -> Result<(), Error> {
    let mut bytes = Vec::new();
    put(&mut bytes, profile, timeline).map_err(|error| {
        let message = format!("cannot write {}: {error}", place.display());
        Error::new(ErrorKind::Io, message)
    })?;
    let mut file = NewFile::create(place)?;
    file.put(&bytes)?;
    file.finish()?;
    Ok(())
}

fn put(out: &mut Vec<u8>, profile: &Profile, timeline: &Timeline) -> std::io::Result<()> {
    let mut trace = TraceWriter::new(out)?;
    trace.name_process(HOST, &format!("host: {}", profile.source))?;
    trace.name_track(RUNS, "runs")?;
    let device = profile.chip.as_deref().unwrap_or("unknown chip");
    trace.name_process(DEVICE, &format!("device: {device}"))?;
    trace.name_track(STREAM, "stream: copies and executions")?;
    for (series, run) in &timeline.runs {
        put_run(&mut trace, *series, run)?;
    }
    put_operators(&mut trace, timeline)?;
    trace.finish()?;
    Ok(())
}

/// A run on the host, and its stages on the stream. The host's own time is taken to lie before.
fn put_run(
    trace: &mut TraceWriter<&mut Vec<u8>>,
    series: Series,
    run: &Run,
) -> std::io::Result<()> {
    let start = milliseconds(run.start);
    let whole = milliseconds(run.start + run.end_to_end()).saturating_sub(start);
    let number = i64::try_from(run.index).unwrap_or(i64::MAX);
    let args = [("number", Arg::Integer(number))];
    trace.span(RUNS, series.name().0, "run", start, whole, &args)?;
    let mut at = run.start + run.read + run.host;
    for (name, length) in [
        ("upload", run.upload),
        ("execute", run.execute),
        ("download", run.download),
    ] {
        let (begin, end) = (milliseconds(at), milliseconds(at + length));
        trace.span(
            STREAM,
            name,
            "stage",
            begin,
            end.saturating_sub(begin),
            &args,
        )?;
        at += length;
    }
    Ok(())
}

/// The operators. The device's clock is another one than the host's: the first operator is taken to
/// begin with the first execution that was watched.
fn put_operators(
    trace: &mut TraceWriter<&mut Vec<u8>>,
    timeline: &Timeline,
) -> std::io::Result<()> {
    let mut watched = timeline.runs.iter();
    let first = watched.find(|(series, _)| *series == Series::Watched);
    let (Some((_, run)), false) = (first, timeline.operators.is_empty()) else {
        return Ok(());
    };
    let mut operators: Vec<&OperatorTime> = timeline
        .operators
        .iter()
        .filter(|record| record.kind == RecordKind::Operator)
        .collect();
    operators.sort_by_key(|record| (record.start_nanoseconds, u64::MAX - record.end_nanoseconds));
    let zero = operators
        .first()
        .map_or(0, |record| record.start_nanoseconds);
    let offset = milliseconds(run.computed()[0]);
    let (mut lanes, mut named) = (Lanes::default(), 0);
    for record in operators {
        let since = Duration::from_nanos(record.start_nanoseconds - zero);
        let length = record
            .end_nanoseconds
            .saturating_sub(record.start_nanoseconds);
        let (start, length) = (offset + since, Duration::from_nanos(length));
        let lane = u32::try_from(lanes.place(start, length)).unwrap_or(u32::MAX - OPERATORS);
        let row = Track {
            process: DEVICE,
            thread: OPERATORS + lane,
        };
        if lane >= named {
            named = lane + 1;
            trace.name_track(row, "operators")?;
        }
        let model = i64::try_from(record.model).unwrap_or(i64::MAX);
        let args = [
            ("type", Arg::Text(&record.op_type)),
            ("model", Arg::Integer(model)),
        ];
        trace.span(row, &record.name, "operator", start, length, &args)?;
    }
    Ok(())
}

fn milliseconds(time: f64) -> Duration {
    Duration::try_from_secs_f64(time / 1e3).unwrap_or_default()
}

//! What was measured, for people and for the scripts that read `ais_bench`.

use std::io::{self, Write};
use std::path::Path;

use ascend_graph::counted;
use ascend_rt::model::Description;

use super::energy::{self, Energy};
use super::measure::Done;
use super::run::Run;
use super::statistics::{Histogram, Spread, as_f64, mean};
use crate::weights::escaped;

/// The columns of a histogram's longest bar.
const WIDTH: usize = 40;

/// What was measured.
pub(super) struct Report<'a> {
    pub(super) model: &'a Path,
    pub(super) description: &'a Description,
    /// The chip, and whether it is the CPU device.
    pub(super) chip: (&'a str, bool),
    pub(super) done: &'a [Done],
    /// The batch that the command line tells.
    pub(super) batch: Option<usize>,
    /// The files that fit into a run.
    pub(super) places: usize,
    /// It ended before all runs were done.
    pub(super) is_cut_short: bool,
    pub(super) sessions: u32,
    /// Of each NPU that was asked for.
    pub(super) energy: Vec<Energy>,
}

/// A stage of a run, and what its time is.
pub(super) struct Stage {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) of: fn(&Run) -> f64,
}

/// The stages of a run in their order, and all of them together.
pub(super) const STAGES: [Stage; 7] = [
    Stage {
        name: "read",
        meaning: "reading and joining files",
        of: |run| run.read,
    },
    Stage {
        name: "h2d",
        meaning: "copies to the device",
        of: |run| run.upload,
    },
    Stage {
        name: "compute",
        meaning: "the model alone, on the device",
        of: |run| run.execute,
    },
    Stage {
        name: "d2h",
        meaning: "copies from the device",
        of: |run| run.download,
    },
    Stage {
        name: "host",
        meaning: "staging, queueing and waiting",
        of: |run| run.host,
    },
    Stage {
        name: "write",
        meaning: "cutting and writing outputs",
        of: |run| run.write,
    },
    Stage {
        name: "end to end",
        meaning: "all of these",
        of: Run::end_to_end,
    },
];

/// The stage of the model alone, and all of them together, in [`STAGES`].
pub(super) const COMPUTE: usize = 2;
pub(super) const END_TO_END: usize = 6;

/// What one device reached, or all of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rate {
    /// The mean batch of the runs.
    pub(super) batch: f64,
    /// Items in a second of the model's own time: 1000 * batch / mean compute time.
    pub(super) compute: f64,
    /// Items in a second of the clock.
    pub(super) end_to_end: f64,
    /// Seconds of the clock.
    pub(super) seconds: f64,
}

impl Report<'_> {
    /// All runs of all devices.
    pub(super) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.done.iter().flat_map(|done| &done.runs)
    }

    /// The times of a stage, of all runs in their order.
    pub(super) fn times(&self, stage: usize) -> Vec<f64> {
        self.runs().map(STAGES[stage].of).collect()
    }

    /// The times of a stage of all runs, summed up. From one device to the next there is no jitter.
    pub(super) fn spread(&self, stage: usize) -> Spread {
        let times = |done: &Done| done.runs.iter().map(STAGES[stage].of).collect();
        Spread::of_several(&self.done.iter().map(times).collect::<Vec<Vec<f64>>>())
    }

    fn batch(&self, run: &Run) -> f64 {
        as_f64(self.batch.unwrap_or(run.batch))
    }

    /// The device's time for a run. Where several sessions ran at once, that is the time in which any
    /// of them computed, shared among the runs.
    fn compute(&self, done: &Done) -> f64 {
        if self.sessions == 1 {
            return mean(done.runs.iter().map(|run| run.execute));
        }
        let mut spans: Vec<[f64; 2]> = done.runs.iter().map(Run::computed).collect();
        spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let (mut busy, mut until) = (0.0, 0.0_f64);
        for [start, end] in spans {
            busy += (end - start.max(until)).max(0.0);
            until = until.max(end);
        }
        divided(busy, as_f64(done.runs.len()))
    }

    /// What a device reached.
    pub(super) fn rate(&self, done: &Done) -> Rate {
        let batch = mean(done.runs.iter().map(|run| self.batch(run)));
        let compute = self.compute(done);
        // Of a batch that is not full, only what files were given for.
        let items = done
            .runs
            .iter()
            .map(|run| self.batch(run) * as_f64(run.samples) / as_f64(self.places));
        let (items, seconds) = (items.sum::<f64>(), (done.span[1] - done.span[0]) / 1e3);
        Rate {
            batch,
            compute: divided(1000.0 * batch, compute),
            end_to_end: divided(items, seconds),
            seconds,
        }
    }

    /// What all devices reached together: the sum of the compute throughputs, and all items over the
    /// time from the first start to the last end.
    pub(super) fn total(&self) -> Rate {
        let rates: Vec<Rate> = self.done.iter().map(|done| self.rate(done)).collect();
        let items: f64 = rates
            .iter()
            .map(|rate| rate.end_to_end * rate.seconds)
            .sum();
        let starts = self
            .done
            .iter()
            .map(|done| done.span[0])
            .fold(f64::INFINITY, f64::min);
        let ends = self
            .done
            .iter()
            .map(|done| done.span[1])
            .fold(0.0, f64::max);
        let seconds = (ends - starts.min(ends)) / 1e3;
        Rate {
            batch: mean(self.runs().map(|run| self.batch(run))),
            compute: rates.iter().map(|rate| rate.compute).sum(),
            end_to_end: divided(items, seconds),
            seconds,
        }
    }

    /// The lines that scripts look for, as `ais_bench` has them.
    pub(super) fn write_summary(&self, out: &mut impl Write, is_all: bool) -> io::Result<()> {
        for done in self.done {
            let line = |stage: usize| {
                let spread =
                    Spread::of(&done.runs.iter().map(STAGES[stage].of).collect::<Vec<_>>());
                format!(
                    "(ms): min = {}, max = {}, mean = {}, median = {}, percentile(99%) = {}",
                    spread.min, spread.max, spread.mean, spread.p50, spread.p99
                )
            };
            let rate = self.rate(done);
            let compute = self.compute(done);
            writeln!(
                out,
                "[INFO] -----------------Performance Summary------------------"
            )?;
            if self.done.len() > 1 {
                writeln!(out, "[INFO] device {}", done.ordinal)?;
            }
            if is_all {
                writeln!(out, "[INFO] H2D_latency {}", line(1))?;
            }
            writeln!(out, "[INFO] NPU_compute_time {}", line(COMPUTE))?;
            if is_all {
                writeln!(out, "[INFO] D2H_latency {}", line(3))?;
            }
            writeln!(
                out,
                "[INFO] throughput 1000*batchsize.mean({})/NPU_compute_time.mean({compute}): {}",
                rate.batch, rate.compute
            )?;
            writeln!(
                out,
                "[INFO] ------------------------------------------------------"
            )?;
        }
        if self.done.len() > 1 {
            for (index, done) in self.done.iter().enumerate() {
                let [start, end] = done.span.map(|time| time / 1e3);
                writeln!(
                    out,
                    "[INFO] i:{index} device_{} throughput:{} start_time:{start:.6} end_time:{end:.6}",
                    done.ordinal,
                    self.rate(done).compute
                )?;
            }
            writeln!(out, "[INFO] summary throughput:{}", self.total().compute)?;
        }
        energy::write_summary(&self.energy, out)
    }

    /// What there is to tell beyond that.
    pub(super) fn write_details(&self, out: &mut impl Write) -> io::Result<()> {
        let runs = counted(
            self.runs().count(),
            if self.is_cut_short {
                "run until it was stopped"
            } else {
                "run"
            },
        );
        writeln!(
            out,
            "\n{runs} of {} on {}, {} each; times in ms",
            escaped(&self.model.display().to_string()),
            counted(self.done.len(), "device"),
            counted(
                usize::try_from(self.sessions).unwrap_or(usize::MAX),
                "session"
            )
        )?;
        writeln!(
            out,
            "  {:<11}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "mean", "p50", "p90", "p95", "p99", "max", "jitter"
        )?;
        for (index, stage) in STAGES.iter().enumerate() {
            let spread = self.spread(index);
            let Spread {
                mean,
                p50,
                p90,
                p95,
                p99,
                max,
                jitter,
                ..
            } = spread;
            writeln!(
                out,
                "  {:<11}{mean:>10.3}{p50:>10.3}{p90:>10.3}{p95:>10.3}{p99:>10.3}{max:>10.3}{jitter:>10.3}  {}",
                stage.name, stage.meaning
            )?;
        }
        let warm_up: Vec<f64> = self
            .done
            .iter()
            .flat_map(|done| &done.warm_up)
            .map(Run::end_to_end)
            .collect();
        if !warm_up.is_empty() {
            let spread = Spread::of(&warm_up);
            writeln!(
                out,
                "  warm-up: {} before the clock started, mean {:.3}, max {:.3}",
                counted(spread.count, "run"),
                spread.mean,
                spread.max
            )?;
        }
        self.write_histogram(out)?;
        let total = self.total();
        writeln!(
            out,
            "throughput, compute:    {:>12.3} items/s  1000 * batch {} / mean compute time{}",
            total.compute,
            total.batch,
            self.summed()
        )?;
        writeln!(
            out,
            "throughput, end to end: {:>12.3} items/s  all items in {:.3} s of the clock",
            total.end_to_end, total.seconds
        )?;
        for done in self.done {
            let rate = self.rate(done);
            let memory = done.memory;
            if self.done.len() > 1 {
                writeln!(
                    out,
                    "device {}: {}, compute {:.3} items/s, end to end {:.3} items/s",
                    done.ordinal,
                    counted(done.runs.len(), "run"),
                    rate.compute,
                    rate.end_to_end
                )?;
            }
            writeln!(
                out,
                "device {}: loaded in {:.1} ms; memory {} before, {} with the model, {} at peak, of {}",
                done.ordinal,
                done.load,
                mebibytes(memory.before),
                mebibytes(memory.loaded),
                mebibytes(memory.peak),
                mebibytes(memory.total)
            )?;
        }
        energy::write_details(&self.energy, out)
    }

    fn summed(&self) -> &'static str {
        if self.done.len() > 1 {
            ", summed over the devices"
        } else {
            ""
        }
    }

    fn write_histogram(&self, out: &mut impl Write) -> io::Result<()> {
        let times = self.times(END_TO_END);
        let Histogram {
            start,
            step,
            counts,
        } = Histogram::of(&times);
        let most = counts.iter().copied().max().unwrap_or(0);
        if times.len() < 10 || step <= 0.0 {
            return Ok(());
        }
        writeln!(out, "  end to end, ms")?;
        for (bar, count) in counts.iter().enumerate() {
            let from = start + step * as_f64(bar);
            let sign = if bar + 1 == counts.len() { '>' } else { ' ' };
            let bar = "#".repeat((count * WIDTH).div_ceil(most.max(1)));
            writeln!(out, "  {sign}{from:>10.3} {count:>8} {bar}")?;
        }
        Ok(())
    }
}

/// A description of the model, input by input.
pub(super) fn write_description(out: &mut impl Write, description: &Description) -> io::Result<()> {
    for (title, specs) in [
        ("input", &description.inputs),
        ("output", &description.outputs),
    ] {
        writeln!(
            out,
            "[DEBUG] {title}s: #i  name  dtype  shape  size  realsize"
        )?;
        for (index, spec) in specs.iter().enumerate() {
            let dims: Vec<String> = spec
                .dims
                .iter()
                .map(|dim| dim.map_or("-1".to_owned(), |dim| dim.to_string()))
                .collect();
            writeln!(
                out,
                "[DEBUG]   #{index}  {}  {}  [{}]  {}  {}",
                escaped(&spec.name),
                spec.dtype.name(),
                dims.join(", "),
                spec.bytes,
                spec.bytes
            )?;
        }
    }
    if let Some(gears) = &description.gears {
        writeln!(out, "[DEBUG] {gears}")?;
    }
    if let Some(memory) = &description.memory {
        writeln!(out, "[DEBUG] memory: {memory:?}")?;
    }
    Ok(())
}

pub(super) fn divided(value: f64, by: f64) -> f64 {
    if by > 0.0 { value / by } else { 0.0 }
}

fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

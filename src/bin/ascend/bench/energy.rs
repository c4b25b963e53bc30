//! The energy that NPUs take during the runs, by the power that `npu-smi` tells.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ascend_graph::counted;
use ascend_rt::{Error, ErrorKind};
use clap::ArgAction;
use serde_json::{Value, json};

use super::argv::truth;
use super::inputs::invalid;
use super::msprof::on_path;
use super::statistics::mean;
use crate::language::say;
use crate::weights::shown;

const TOOL: &str = "npu-smi";
/// Between two readings; the tool itself takes as long.
const PAUSE: Duration = Duration::from_millis(100);
/// A tool that takes longer waits for a driver that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks whether the tool has ended.
const LOOK: Duration = Duration::from_millis(5);
/// The answer is some two hundred bytes.
const MOST_ANSWER: u64 = 16 << 10;

/// What npu-smi is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct EnergyArgs {
    /// Tell the energy of the runs, by the power that npu-smi reads meanwhile
    #[arg(long, value_name = "BOOL", help_heading = "CANN's tools", num_args = 0..=1, require_equals = true)]
    #[arg(action = ArgAction::Set, value_parser = truth, default_value = "false", default_missing_value = "true")]
    pub(super) energy_consumption: bool,
    /// The NPU IDs of the devices, as npu-smi info -m has them; 0 if left out
    #[arg(
        long,
        value_name = "ID,…",
        help_heading = "CANN's tools",
        value_delimiter = ','
    )]
    pub(super) npu_id: Vec<u32>,
}

/// What tells the power of an NPU.
#[derive(Debug)]
pub(super) struct Meter {
    tool: PathBuf,
    npu: u32,
    readings: Mutex<Vec<Reading>>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    at: Instant,
    watts: f64,
}

/// What an NPU took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Energy {
    npu: u32,
    joules: f64,
    watts: f64,
    readings: usize,
}

impl Meter {
    /// One for each NPU that is asked for, of which each has answered once.
    ///
    /// # Errors
    ///
    /// `Unsupported` without the tool or its answer, `InvalidArgument` for an NPU that it does not know.
    pub(super) fn all(args: &EnergyArgs) -> Result<Vec<Self>, Error> {
        if !args.energy_consumption {
            if !args.npu_id.is_empty() {
                // the runs are measured, whether this is read or not
                let _ = writeln!(
                    io::stderr(),
                    "{}",
                    say!(
                        "note: --npu-id says whose energy to tell, and does nothing without --energy-consumption"
                    )
                );
            }
            return Ok(Vec::new());
        }
        let Some(tool) = on_path(TOOL) else {
            let message = "--energy-consumption reads the power from npu-smi, which is not on the PATH: it comes \
                           with the driver (/usr/local/sbin, /usr/local/bin); add its folder, or leave the option out";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        let npus = match &args.npu_id[..] {
            [] => &[0],
            npus => npus,
        };
        let meters = npus.iter().map(|npu| {
            let meter = Self {
                tool: tool.clone(),
                npu: *npu,
                readings: Mutex::default(),
            };
            meter.watts().map(|_| meter)
        });
        meters.collect()
    }

    /// Reads until the sender is gone, and once more.
    pub(super) fn watch(&self, stopped: &Receiver<()>) {
        loop {
            let is_over = stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout);
            // one that fails is missing, and told of if no other is there
            if let Ok(watts) = self.watts() {
                let at = Instant::now();
                self.readings().push(Reading { at, watts });
            }
            if is_over {
                return;
            }
        }
    }

    /// What it comes to in so many seconds; without any reading a note says so.
    pub(super) fn energy(&self, seconds: f64) -> Option<Energy> {
        let readings = self.readings();
        if readings.is_empty() {
            // what was measured is told, whether this is read or not
            let _ = writeln!(
                io::stderr(),
                "note: {TOOL} told no power of NPU {} during the runs",
                self.npu
            );
            return None;
        }
        let watts = mean_power(&readings);
        Some(Energy {
            npu: self.npu,
            joules: watts * seconds,
            watts,
            readings: readings.len(),
        })
    }

    fn readings(&self) -> std::sync::MutexGuard<'_, Vec<Reading>> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watts(&self) -> Result<f64, Error> {
        let answer = answer(&self.tool, self.npu)?;
        power(&answer).ok_or_else(|| {
            let first = answer.lines().find(|line| !line.trim().is_empty());
            let message = format!(
                "npu-smi info -t power -i {} tells no power, but begins with {}: leave --energy-consumption out",
                self.npu,
                shown(first.unwrap_or_default().trim())
            );
            Error::new(ErrorKind::Unsupported, message)
        })
    }
}

/// The lines that `ais_bench` prints.
pub(super) fn write_summary(all: &[Energy], out: &mut impl Write) -> io::Result<()> {
    for Energy { npu, joules, .. } in all {
        writeln!(out, "[INFO] NPU ID:{npu} energy consumption(J):{joules}")?;
    }
    Ok(())
}

/// A line for people for each NPU.
pub(super) fn write_details(all: &[Energy], out: &mut impl Write) -> io::Result<()> {
    for energy in all {
        writeln!(
            out,
            "energy of NPU {}: {:.3} J, at {:.1} W on average, by {}",
            energy.npu,
            energy.joules,
            energy.watts,
            counted(energy.readings, &format!("reading of {TOOL}"))
        )?;
    }
    Ok(())
}

impl Energy {
    pub(super) fn json(&self) -> Value {
        json!({
            "npu_id": self.npu,
            "joules": self.joules,
            "mean_watts": self.watts,
            "readings": self.readings,
        })
    }
}

/// The mean over time, in which the power goes straight from one reading to the next.
fn mean_power(readings: &[Reading]) -> f64 {
    let between = readings.windows(2).map(|pair| {
        let seconds = pair[1].at.duration_since(pair[0].at).as_secs_f64();
        (
            seconds,
            seconds * f64::midpoint(pair[0].watts, pair[1].watts),
        )
    });
    let (seconds, joules) = between.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if seconds > 0.0 {
        joules / seconds
    } else {
        mean(readings.iter().map(|reading| reading.watts))
    }
}

/// The number of a line such as `Power Dissipation(W) : 14.4`.
fn power(answer: &str) -> Option<f64> {
    answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.to_ascii_lowercase().replace(' ', "");
        let is_power = name.contains("power") && name.ends_with("(w)") && !name.contains("limit");
        let watts: f64 = is_power.then(|| value.trim().parse().ok())??;
        (watts.is_finite() && watts >= 0.0).then_some(watts)
    })
}

/// What the tool says of the power of an NPU.
fn answer(tool: &Path, npu: u32) -> Result<String, Error> {
    let npu = npu.to_string();
    let words = ["info", "-t", "power", "-i", &npu];
    let cannot = |why: String| {
        let call = words.join(" ");
        Error::new(
            ErrorKind::Unsupported,
            format!("--energy-consumption: {TOOL} {call} {why}; run it by itself to see why"),
        )
    };
    let mut command = Command::new(tool);
    command.args(words).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command
        .spawn()
        .map_err(|error| cannot(format!("does not start: {error}")))?;
    let is_well = ended(&mut child).map_err(cannot)?;
    let mut said = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = stdout.take(MOST_ANSWER).read_to_end(&mut said);
        read.map_err(|error| cannot(format!("cannot be read: {error}")))?;
    }
    if !is_well {
        return Err(invalid(format!(
            "npu-smi knows no NPU {npu}: npu-smi info -m tells the NPU IDs, which are not always the numbers of \
             --device; give the one of the device with --npu-id"
        )));
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// Waits for the tool, and tells whether it ended well.
fn ended(child: &mut Child) -> Result<bool, String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if start.elapsed() < PATIENCE => thread::sleep(LOOK),
            Ok(None) => {
                // nothing else can be done with one that cannot be ended
                let _ = child.kill().and_then(|()| child.wait());
                return Err(format!("took longer than {} s", PATIENCE.as_secs()));
            }
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_read_from_the_answers_of_all_releases() {
        for (answer, watts) in [
            (
                "\tNPU ID                         : 0\n\tChip Count                     : 1\n\n\
                 \tPower Dissipation(W)           : 14.4\n\tChip ID  : 0\n",
                Some(14.4),
            ),
            ("  NPU Real-time Power(W)         : 171.5\n", Some(171.5)),
            ("Power Limit(W) : 300\nPower Usage (W) : 93\n", Some(93.0)),
            ("Power Dissipation(W) : NA\n", None),
            ("Power Dissipation(W) : -1\n", None),
            ("Power Dissipation(W) : inf\n", None),
            ("Temperature(C) : 50\n", None),
            ("", None),
        ] {
            assert_eq!(power(answer), watts, "{answer}");
        }
    }

    #[test]
    fn the_mean_is_over_time() {
        let start = Instant::now();
        let reading = |milliseconds, watts| Reading {
            at: start + Duration::from_millis(milliseconds),
            watts,
        };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let mean = mean_power(&[reading(0, 10.0), reading(900, 30.0), reading(1000, 50.0)]);
        assert!(close(mean, 20.0 * 0.9 + 40.0 * 0.1), "{mean}");
        assert!(close(mean_power(&[reading(0, 7.0)]), 7.0));
        let at_once = mean_power(&[reading(5, 1.0), reading(5, 3.0)]);
        assert!(close(at_once, 2.0));
    }
}

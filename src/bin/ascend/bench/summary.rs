//! What was measured, for programs: `…_summary.json` as `ais_bench` writes it, the whole report as
//! JSON, and a table of all runs.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Result;
use ascend_rt::files::NewFile;
use serde_json::{Map, Value, json};

use super::energy::Energy;
use super::opened::Memory;
use super::report::{COMPUTE, END_TO_END, Rate, Report, STAGES};
use super::statistics::{Histogram, Spread};

/// The columns of the table of runs.
const COLUMNS: &str = "device,session,run,start_ms,read_ms,h2d_ms,compute_ms,d2h_ms,host_ms,write_ms,\
                       end_to_end_ms,batch,samples\n";

impl Report<'_> {
    /// The summary under the names that `ais_bench` gives, and what there is beyond under `ascend`.
    pub(super) fn ais_summary(&self) -> Value {
        let mut files = Map::new();
        for (sample, (inputs, outputs)) in self.done.iter().flat_map(|done| &done.files) {
            // Devices that run the same files write each of them.
            let entry = files.entry(sample.to_string());
            let known = entry.or_insert_with(|| json!({"infiles": inputs, "outfiles": []}));
            if let Some(Value::Array(all)) = known.get_mut("outfiles") {
                all.extend(outputs.iter().map(|file| Value::from(file.as_str())));
            }
        }
        let spread = |stage: usize| Spread::of(&self.times(stage)).ais_json();
        json!({
            "filesinfo": files,
            "NPU_compute_time": spread(COMPUTE),
            "H2D_latency": spread(1),
            "D2H_latency": spread(3),
            "npu_compute_time_list": self.times(COMPUTE),
            "throughput": self.total().compute,
            "ascend": self.json(),
        })
    }

    /// All of the report but the single runs.
    pub(super) fn json(&self) -> Value {
        let stages: Map<String, Value> = STAGES
            .iter()
            .enumerate()
            .map(|(index, stage)| (key(stage.name), self.spread(index).json()))
            .collect();
        let devices = self.done.iter().map(|done| {
            let compute: Vec<f64> = done.runs.iter().map(STAGES[COMPUTE].of).collect();
            let whole: Vec<f64> = done.runs.iter().map(STAGES[END_TO_END].of).collect();
            let warm_up: Vec<f64> = done.warm_up.iter().map(STAGES[END_TO_END].of).collect();
            json!({
                "device": done.ordinal,
                "runs": done.runs.len(),
                "load_ms": done.load,
                "start_ms": done.span[0],
                "end_ms": done.span[1],
                "compute": Spread::of(&compute).json(),
                "end_to_end": Spread::of(&whole).json(),
                "warm_up": Spread::of(&warm_up).json(),
                "throughput": rate(&self.rate(done)),
                "memory_bytes": memory(&done.memory),
            })
        });
        let (chip, is_mock) = self.chip;
        json!({
            "model": self.model.display().to_string(),
            "chip": chip,
            "is_cpu_device": is_mock,
            "sessions": self.sessions,
            "interrupted": self.is_cut_short,
            "stages_ms": stages,
            "histogram_ms": {
                "compute": Histogram::of(&self.times(COMPUTE)).json(),
                "end_to_end": Histogram::of(&self.times(END_TO_END)).json(),
            },
            "throughput": rate(&self.total()),
            "devices": devices.collect::<Value>(),
            "energy": self.energy.iter().map(Energy::json).collect::<Value>(),
        })
    }

    /// A line for each run, with a head.
    pub(super) fn csv(&self) -> String {
        let mut text = COLUMNS.to_owned();
        for done in self.done {
            for run in &done.runs {
                // Writing to a text cannot fail.
                let _ = write!(
                    text,
                    "{},{},{},{:.6}",
                    done.ordinal, run.worker, run.index, run.start
                );
                for stage in &STAGES {
                    let _ = write!(text, ",{:.6}", (stage.of)(run));
                }
                let _ = writeln!(text, ",{},{}", run.batch, run.samples);
            }
        }
        text
    }
}

/// A name as a key.
fn key(name: &str) -> String {
    name.replace(' ', "_")
}

pub(super) fn rate(rate: &Rate) -> Value {
    json!({
        "compute_items_per_second": rate.compute,
        "end_to_end_items_per_second": rate.end_to_end,
        "mean_batch": rate.batch,
        "wall_seconds": rate.seconds,
    })
}

fn memory(memory: &Memory) -> Value {
    json!({
        "total": memory.total, "before": memory.before, "loaded": memory.loaded, "peak": memory.peak,
    })
}

/// Writes a text to a file, whole or not at all; `-` is stdout.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    if path == Path::new("-") {
        io::stdout().write_all(text.as_bytes())?;
        return Ok(());
    }
    let mut file = NewFile::create(path)?;
    file.put(text.as_bytes())?;
    file.finish()?;
    Ok(())
}

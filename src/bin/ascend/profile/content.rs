//! What is known of where the time goes. All times are microseconds.

use std::collections::HashMap;

use ascend_graph::{Text, text};
use serde::{Deserialize, Serialize};

use super::bounded::bounded;
use super::hints::Hint;
use crate::bench::as_f64;
use crate::language;

/// What a saved profile calls itself.
pub(super) const FORMAT: &str = "ascend-profile";
/// The version of that form.
pub(super) const VERSION: u32 = 1;

/// A profile, of runs that were watched or of what another tool left.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) format: String,
    pub(super) version: u32,
    /// The language of notes and hints.
    pub(super) language: String,
    /// The model's file, or the folder that was read.
    pub(super) source: String,
    pub(super) chip: Option<String>,
    /// The CPU device: its times say nothing of an NPU's.
    pub(super) is_cpu_device: bool,
    /// The executions of the model that the operators' times are of, if that is known.
    pub(super) executions: Option<u64>,
    /// The first dimension of the first input.
    pub(super) batch: Option<u64>,
    pub(super) stages: Option<Stages>,
    #[serde(deserialize_with = "bounded")]
    pub(super) operators: Vec<Operator>,
    /// Functions of the host.
    #[serde(deserialize_with = "bounded")]
    pub(super) calls: Vec<Call>,
    #[serde(deserialize_with = "bounded")]
    pub(super) copies: Vec<Copies>,
    /// The length of each iteration, in their order.
    #[serde(deserialize_with = "bounded")]
    pub(super) iterations: Vec<f64>,
    /// The files that it was read from.
    #[serde(deserialize_with = "bounded")]
    pub(super) files: Vec<String>,
    #[serde(deserialize_with = "bounded")]
    pub(super) notes: Vec<String>,
    #[serde(deserialize_with = "bounded")]
    pub(super) hints: Vec<Hint>,
}

/// The parts of runs as the host and the stream see them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Stages {
    /// Making an `.om` of what was given.
    pub(super) convert: Option<f64>,
    pub(super) load: f64,
    pub(super) first: Stage,
    /// The mean of the runs after the warm-up.
    pub(super) steady: Stage,
    /// How many runs that were.
    pub(super) runs: u64,
    /// The mean of the executions whose operators were watched, which watching makes longer.
    pub(super) watched: Option<f64>,
}

/// The parts of one run.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Stage {
    pub(super) upload: f64,
    pub(super) execute: f64,
    pub(super) download: f64,
    /// What the run took besides on the host.
    pub(super) host: f64,
}

impl Stage {
    pub(super) fn total(&self) -> f64 {
        self.upload + self.execute + self.download + self.host
    }
}

/// All executions of an operator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Operator {
    pub(super) name: String,
    pub(super) op_type: String,
    /// What computes it, as the profiler calls it: `AI_CORE`, `AI_CPU`; empty if nobody said.
    pub(super) core: String,
    pub(super) count: u64,
    pub(super) total: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    /// From the end of what was before it.
    pub(super) wait: f64,
    pub(super) input_types: String,
    pub(super) input_shapes: String,
    pub(super) output_types: String,
    pub(super) output_shapes: String,
    pub(super) is_dynamic: bool,
    /// The cores that it is spread over.
    pub(super) blocks: Option<u64>,
}

impl Operator {
    /// Adds one execution.
    pub(super) fn add(&mut self, time: f64) {
        self.add_many(1, time, time, time);
    }

    pub(super) fn add_many(&mut self, count: u64, total: f64, min: f64, max: f64) {
        if count == 0 {
            return;
        }
        self.min = if self.count == 0 {
            min
        } else {
            self.min.min(min)
        };
        self.max = self.max.max(max);
        self.count = self.count.saturating_add(count);
        self.total += total;
    }

    pub(super) fn mean(&self) -> f64 {
        self.total / count(self.count).max(1.0)
    }
}

/// All calls of a function of the host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) level: String,
    pub(super) count: u64,
    pub(super) total: f64,
}

/// Copies in one direction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Copies {
    pub(super) direction: String,
    pub(super) count: u64,
    pub(super) total: f64,
    pub(super) bytes: Option<u64>,
}

/// How rows are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum By {
    /// Each operator
    #[default]
    Op,
    /// The operators of a type
    Type,
}

impl Profile {
    pub(super) fn new(source: String) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            language: language::current().code().to_owned(),
            source,
            ..Self::default()
        }
    }

    /// The time of all operators.
    pub(super) fn operator_time(&self) -> f64 {
        sum(self.operators.iter().map(|operator| operator.total))
    }

    /// The operators, longest first, one by one or by types.
    pub(super) fn rows(&self, by: By) -> Vec<Operator> {
        let mut rows = match by {
            By::Op => self.operators.clone(),
            By::Type => self.by_type(),
        };
        rows.sort_by(|a, b| {
            b.total
                .total_cmp(&a.total)
                .then_with(|| a.name.cmp(&b.name))
        });
        rows
    }

    fn by_type(&self) -> Vec<Operator> {
        let mut places: HashMap<(&str, &str), usize> = HashMap::new();
        let mut rows: Vec<Operator> = Vec::new();
        for operator in &self.operators {
            let key = (operator.op_type.as_str(), operator.core.as_str());
            let place = *places.entry(key).or_insert_with(|| {
                rows.push(Operator {
                    op_type: operator.op_type.clone(),
                    core: operator.core.clone(),
                    ..Operator::default()
                });
                rows.len() - 1
            });
            let row = &mut rows[place];
            row.add_many(operator.count, operator.total, operator.min, operator.max);
            row.wait += operator.wait;
        }
        rows
    }

    /// A total as it is for one execution, where it is known how many there were.
    pub(super) fn per_execution(&self, total: f64) -> f64 {
        match self.executions {
            Some(executions) if executions > 0 => total / count(executions),
            _ => total,
        }
    }
}

/// A part of a whole in percent; 0 of nothing.
pub(super) fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        part / whole * 100.0
    } else {
        0.0
    }
}

/// All together; 0 of nothing, where `Iterator::sum` has -0.
pub(super) fn sum(times: impl Iterator<Item = f64>) -> f64 {
    times.fold(0.0, |all, time| all + time)
}

/// All counts together; files may tell any.
pub(super) fn total(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

/// So many executions.
pub(super) fn executions(count: u64) -> Text {
    match count {
        1 => text!("1 execution"),
        count => text!("{count} executions", count),
    }
}

/// A count as a number to compute with.
pub(super) fn count(count: u64) -> f64 {
    as_f64(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The number in the middle; 0 of nothing.
pub(super) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

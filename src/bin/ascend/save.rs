//! `ascend convert` from one form of weights to another.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use ascend_rt::weights::{DataType, SaveOptions};

use crate::progress::Progress;
use crate::weights::{WeightArgs, shown};

/// Extensions of the forms that are written.
pub(crate) const EXTENSIONS: [&str; 6] = ["safetensors", "pth", "pt", "bin", "ckpt", "tar"];

/// What is told of weights that are written.
#[derive(Debug, clap::Args)]
pub(crate) struct SaveArgs {
    /// Convert floating-point weights to this type: f16, bf16, f32 or f64
    #[arg(long, value_name = "TYPE", value_parser = dtype)]
    dtype: Option<DataType>,
    /// Split the weights into files of up to this size, such as 5GB or 512MiB, with an index
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_shard_size: Option<u64>,
    /// Replace weights that exist
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    weights: WeightArgs,
}

impl SaveArgs {
    /// Whether anything was asked for.
    pub(crate) fn is_default(&self) -> bool {
        let is_plain = self.dtype.is_none() && self.max_shard_size.is_none() && !self.overwrite;
        is_plain && self.weights.is_default()
    }

    pub(crate) fn run(&self, source: &Path, destination: &Path) -> Result<()> {
        let checkpoint = self.weights.open(source)?;
        let report = checkpoint.report();
        let mut options = SaveOptions::new().overwrite(self.overwrite);
        for (key, value) in &report.metadata {
            options = options.metadata(key, value);
        }
        if let Some(dtype) = self.dtype {
            options = options.dtype(dtype);
        }
        if let Some(bytes) = self.max_shard_size {
            options = options.max_shard_bytes(bytes);
        }
        let mut progress = Progress::new("writing");
        let saved = options.save_and_tell(
            checkpoint.in_file_order(),
            destination,
            &mut |done, total| progress.show(done, total),
        )?;
        drop(progress);
        for refused in &report.refused {
            let (name, reason) = (&refused.name, &refused.reason);
            writeln!(io::stderr(), "warning: {name:?} is left out: {reason}")?;
        }
        for name in &saved.overflowed {
            writeln!(
                io::stderr(),
                "warning: {name:?} holds numbers too large for the new type, infinite now"
            )?;
        }
        let mut out = io::stdout().lock();
        let (count, form) = (checkpoint.len(), checkpoint.form());
        writeln!(out, "read {}: {count} tensors in {form}", source.display())?;
        for line in report.to_string().lines() {
            writeln!(out, "{}", shown(line))?;
        }
        if saved.converted > 0 {
            writeln!(out, "converted {} tensors", saved.converted)?;
        }
        if saved.shared > 0 {
            writeln!(out, "{} tensors share the elements of others", saved.shared)?;
        }
        for file in &saved.files {
            writeln!(out, "wrote {}", file.display())?;
        }
        writeln!(out, "{} bytes written", saved.bytes)?;
        Ok(())
    }
}

fn dtype(name: &str) -> Result<DataType, String> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "f16" | "float16" | "half" => DataType::F16,
        "bf16" | "bfloat16" => DataType::BF16,
        "f32" | "float32" | "float" => DataType::F32,
        "f64" | "float64" | "double" => DataType::F64,
        _ => return Err("the types are f16, bf16, f32 and f64".to_owned()),
    })
}

fn size(text: &str) -> Result<u64, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kb" => Some(1_000),
        "mb" => Some(1_000_000),
        "gb" => Some(1_000_000_000),
        "kib" => Some(1 << 10),
        "mib" => Some(1 << 20),
        "gib" => Some(1 << 30),
        _ => None,
    };
    let bytes = number.parse::<u64>().ok().zip(factor);
    bytes
        .and_then(|(number, factor)| number.checked_mul(factor))
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "give a size such as 5GB, 512MiB or 1000000".to_owned())
}

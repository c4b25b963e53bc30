//! `ascend convert` from one form of weights to another.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use ascend_graph::counted;
use ascend_rt::weights::{DataType, Form, SaveOptions};
use ascend_rt::{Error, ErrorKind};

use crate::progress::Progress;
use crate::weights::{WeightArgs, shown};

/// Extensions of the forms that are written.
pub(crate) const EXTENSIONS: [&str; 6] = ["safetensors", "pth", "pt", "bin", "ckpt", "tar"];

/// What is told of weights that are written.
#[derive(Debug, clap::Args)]
pub(crate) struct SaveArgs {
    /// Convert floating-point weights to this type: f16, bf16, f32 or f64; f16 makes a network made
    /// from weights compute in it
    #[arg(long, value_name = "TYPE", value_parser = dtype)]
    pub(crate) dtype: Option<DataType>,
    /// Split the weights into files of up to this size, such as 5GB or 512MiB, with an index
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_shard_size: Option<u64>,
    /// Replace what exists at the destination
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Convert the others where there are tensors that cannot be given, such as sparse ones
    #[arg(long)]
    skip_refused: bool,
    #[command(flatten)]
    pub(crate) weights: WeightArgs,
}

impl SaveArgs {
    /// Whether nothing was asked for that files of weights alone have.
    pub(crate) fn fits_models(&self) -> bool {
        self.max_shard_size.is_none() && !self.skip_refused
    }

    pub(crate) fn run(&self, source: &Path, destination: &Path) -> Result<()> {
        let checkpoint = self.weights.open(source)?;
        let report = checkpoint.report();
        if let Some(refused) = report.refused.first().filter(|_| !self.skip_refused) {
            let (count, source) = (report.refused.len(), source.display());
            let (name, reason) = (&refused.name, &refused.reason);
            let message = format!(
                "{source}: {count} of its tensors cannot be given, and nothing was written; the first is \
                 {name:?}: {reason}; --skip-refused converts the others"
            );
            return Err(Error::new(ErrorKind::Unsupported, message).into());
        }
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
            let (name, reason) = (shown(&refused.name), shown(&refused.reason));
            writeln!(io::stderr(), "warning: \"{name}\" is left out: {reason}")?;
        }
        for name in &saved.overflowed {
            writeln!(
                io::stderr(),
                "warning: {name:?} holds numbers too large for the new type, infinite now"
            )?;
        }
        let is_lost = |key: &&String| saved.form == Form::TorchZip && *key != "format";
        for key in report.metadata.keys().filter(is_lost) {
            writeln!(
                io::stderr(),
                "warning: the metadata {key:?} is left out: torch's form holds none"
            )?;
        }
        let mut out = io::stdout().lock();
        let (tensors, form) = (counted(checkpoint.len(), "tensor"), checkpoint.form());
        let shown_source = shown(&source.display().to_string());
        writeln!(out, "read {shown_source}: {tensors} in {form}")?;
        for line in report.to_string().lines() {
            writeln!(out, "{}", shown(line))?;
        }
        if saved.converted > 0 {
            writeln!(out, "converted {}", counted(saved.converted, "tensor"))?;
        }
        if saved.shared > 0 {
            writeln!(out, "{} tied to others", counted(saved.shared, "tensor"))?;
        }
        let groups = checkpoint.shared();
        let ties: usize = groups.iter().map(|group| group.len() - 1).sum();
        if ties > saved.shared {
            let alone = ties - saved.shared;
            writeln!(
                out,
                "{} tied to others before, with elements apart now",
                counted(alone, "tensor")
            )?;
        }
        for file in &saved.files {
            writeln!(out, "wrote {}", shown(&file.display().to_string()))?;
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

/// A number of bytes, such as 5GB.
pub(crate) fn size(text: &str) -> Result<u64, String> {
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

//! `ascend inspect`.

pub(crate) mod json;
mod text;

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::Result;
use ascend_rt::weights::{Checkpoint, Statistics, Tensor};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::progress::Progress;
use crate::weights::{self, WeightArgs};

/// Bytes between two words about progress.
const STEP: usize = 16 << 20;

#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Args {
    /// A checkpoint: a file of any form, an index of several, or the folder with it
    file: PathBuf,
    /// Print one JSON object, also for an error
    #[arg(long)]
    json: bool,
    /// Show the SHA-256 of each tensor's elements, row-major and little-endian
    #[arg(long)]
    hash: bool,
    /// Show what the numbers are like: least, greatest, mean, deviation, NaN, infinities
    #[arg(long)]
    stats: bool,
    /// Show the tensors by module
    #[arg(long)]
    tree: bool,
    #[command(flatten)]
    weights: WeightArgs,
}

/// What is found out about a tensor on demand.
#[derive(Default)]
struct Findings {
    sha256: Option<String>,
    statistics: Option<Statistics>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let checkpoint = match args.weights.open(&args.file) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            if args.json {
                let (kind, message) = (weights::kind_of(&error), error.to_string());
                let told = json!({"error": {"kind": kind, "message": message}});
                // The exit code tells the error even to who does not listen.
                let _ = writeln!(io::stdout(), "{told:#}");
            }
            let error = anyhow::Error::from(error);
            return Err(match args.file.extension() {
                Some(extension) if extension == "onnx" => error.context(
                    "inspect shows weights, and .onnx is the extension of a model, which convert takes",
                ),
                _ => error,
            });
        }
    };
    let findings = find(&checkpoint, args);
    let mut out = BufWriter::new(io::stdout().lock());
    let print = if args.json { json::print } else { text::print };
    print(&mut out, &checkpoint, &findings, args)?;
    out.flush()?;
    Ok(())
}

/// The tensors, and then those beside them.
fn all(checkpoint: &Checkpoint) -> impl Iterator<Item = Tensor<'_>> {
    checkpoint.in_file_order().chain(checkpoint.beside())
}

/// What was asked for, of each of [`all`].
fn find(checkpoint: &Checkpoint, args: &Args) -> Vec<Findings> {
    let total = weights::total(all(checkpoint));
    let mut progress = Progress::new("reading");
    let mut done = 0;
    let one = |tensor: Tensor<'_>| {
        let sha256 = args
            .hash
            .then(|| sha256(tensor, |read| progress.show(done + read, total)));
        let statistics = args.stats.then(|| tensor.statistics()).flatten();
        done += tensor.nbytes() as u64;
        progress.show(done, total);
        Findings { sha256, statistics }
    };
    all(checkpoint).map(one).collect()
}

fn sha256(tensor: Tensor<'_>, mut progress: impl FnMut(u64)) -> String {
    let (mut digest, mut read) = (Sha256::new(), 0);
    for step in tensor.bytes().chunks(STEP) {
        digest.update(step);
        read += step.len() as u64;
        progress(read);
    }
    digest
        .finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

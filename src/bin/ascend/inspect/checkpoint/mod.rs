//! A file of weights.

pub(crate) mod json;
pub(crate) mod text;

use std::io::{self, BufWriter, Write as _};

use anyhow::Result;
use ascend_rt::weights::{Checkpoint, Statistics, Tensor};

use super::Args;
use super::digest::sha256;
use crate::progress::Progress;
use crate::weights;

/// What is found out about a tensor on demand.
#[derive(Default)]
struct Findings {
    sha256: Option<String>,
    statistics: Option<Statistics>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let checkpoint = args.weights.open(&args.file)?;
    args.check_for_checkpoint()?;
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
            .then(|| sha256(&tensor.bytes(), |read| progress.show(done + read, total)));
        let statistics = args.stats.then(|| tensor.statistics()).flatten();
        done += tensor.nbytes() as u64;
        progress.show(done, total);
        Findings { sha256, statistics }
    };
    all(checkpoint).map(one).collect()
}

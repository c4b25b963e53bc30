//! `ascend bundle`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use ascend_rt::convert;

use crate::destination::ensure_free;
use crate::help::Example;

pub(crate) const EXAMPLES: &[Example] = &[Example::new(
    "two models into one file",
    "ascend bundle both.om net.om other.om",
)];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The bundle to write
    destination: PathBuf,
    /// The .om files to put into it
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// Bytes of variables that the models share
    #[arg(long, value_name = "BYTES", default_value_t = 0)]
    variable_bytes: u64,
    /// Replace a bundle that exists
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    ensure_free(&args.destination, args.overwrite)?;
    let report = convert::bundle(&args.sources, &args.destination, args.variable_bytes)?;
    writeln!(io::stdout(), "{report}")?;
    Ok(())
}

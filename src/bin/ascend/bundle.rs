//! `ascend bundle`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use ascend_rt::convert;

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
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let report = convert::bundle(&args.sources, &args.destination, args.variable_bytes)?;
    writeln!(io::stdout(), "{report}")?;
    Ok(())
}

//! `ascend convert`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use ascend_rt::convert::{self, InputShape, Options, Soc};
use ascend_rt::zoo::ResNetOptions;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PyTorch weights (.pth, .pt, .bin, .pth.tar, .safetensors) or an ONNX file
    source: PathBuf,
    /// What to write: .onnx or .om
    destination: PathBuf,
    /// The chip that an .om is for; `mock` is the built-in CPU device
    #[arg(long, default_value = "mock", value_name = "SOC")]
    soc: String,
    /// Fix the shape of an input of the .om; -1 leaves a dimension to each run
    #[arg(long, value_name = "NAME:D,D,…", allow_hyphen_values = true)]
    input_shape: Vec<InputShape>,
    /// Pictures per run of a network made from weights [default: each run decides]
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Height and width of the picture of a network made from weights
    #[arg(long, value_name = "PIXELS", default_value_t = 224)]
    image_size: usize,
    /// Version of ONNX's operators of a network made from weights
    #[arg(long, value_name = "N", default_value_t = 11)]
    opset: i64,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let soc = args.soc.parse().unwrap_or(Soc::Mock);
    let size = (args.image_size, args.image_size);
    let network = ResNetOptions {
        opset: args.opset,
        batch: args.batch,
        size,
    };
    let options = Options {
        soc,
        network,
        input_shapes: args.input_shape,
    };
    let report = convert::convert(&args.source, &args.destination, &options)?;
    writeln!(io::stdout(), "{report}")?;
    Ok(())
}

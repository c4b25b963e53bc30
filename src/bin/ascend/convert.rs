//! `ascend convert`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use ascend_graph::{counted, text};
use ascend_rt::check::read_gears;
use ascend_rt::convert::atc::{AtcOptions, plan, quoted};
use ascend_rt::convert::{self, Aipp, Event, Gears, InputShape, Options, Soc, WeightFiles};
use ascend_rt::{Engine, Error, ErrorKind};

use crate::atc::AtcArgs;
use crate::destination::ensure_free;
use crate::device::DeviceArgs;
use crate::dump;
use crate::help::Example;
use crate::network::NetworkArgs;
use crate::progress::Progress;
use crate::save::{self, SaveArgs};
use crate::weights::escaped;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "weights of a ResNet to a model for the CPU device",
        "ascend convert weights.pth resnet.om",
    ),
    Example::new(
        "weights to safetensors, in half precision",
        "ascend convert weights.pth half.safetensors --dtype f16",
    ),
    Example::new(
        "an ONNX file to a model of three batch sizes",
        "ascend convert net.onnx gears.om --input-shape input:-1,3,64,64 \\\n    --dynamic-batch-size 1,4,8",
    ),
    Example::with_cann(
        "the same for a chip",
        "ascend convert net.onnx npu.om --soc Ascend310P3 \\\n    --input-shape input:-1,3,64,64 --dynamic-batch-size 1,4,8",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// PyTorch weights (.pth, .pt, .bin, .pth.tar, .safetensors), an ONNX file, or a dump of tensors
    source: PathBuf,
    /// What to write: .onnx or .om; or weights as .safetensors, .pth, .pt, .bin or .ckpt; of a dump a
    /// folder, which gets each tensor as .npy
    destination: PathBuf,
    #[command(flatten)]
    save: SaveArgs,
    /// The chip that an .om is for, such as `Ascend310P3`; `auto` is that of the NPU here, `mock` the
    /// built-in CPU device
    #[arg(long, visible_alias = "soc-version", alias = "soc_version")]
    #[arg(default_value = "mock", value_name = "SOC")]
    soc: String,
    /// Shapes of inputs of the .om; -1 leaves a dimension to each run, 1~8 limits it
    #[arg(
        long,
        alias = "input_shape",
        value_name = "NAME:D,D,…;…",
        allow_hyphen_values = true
    )]
    #[arg(value_delimiter = ';')]
    input_shape: Vec<InputShape>,
    /// Batch sizes among which the .om is switched, for first dimensions of -1
    #[arg(
        long,
        alias = "dynamic_batch_size",
        value_name = "N,N,…",
        group = "gears"
    )]
    dynamic_batch_size: Option<String>,
    /// Heights and widths among which the .om is switched, for NCHW inputs of N,C,-1,-1
    #[arg(
        long,
        alias = "dynamic_image_size",
        value_name = "H,W;H,W;…",
        group = "gears"
    )]
    dynamic_image_size: Option<String>,
    /// Dimensions among which the .om is switched: a value for each -1
    #[arg(
        long,
        alias = "dynamic_dims",
        value_name = "D,D;D,D;…",
        group = "gears"
    )]
    dynamic_dims: Option<String>,
    /// Preprocess pictures inside the .om: a file of `aipp_op { … }`
    #[arg(long, alias = "insert_op_conf", value_name = "FILE")]
    insert_op_conf: Option<PathBuf>,
    /// Put the weights into the folder `weight` beside the .om: 1 a file each, 2 all in one
    #[arg(
        long,
        alias = "external_weight",
        value_name = "0|1|2",
        default_value_t = 0
    )]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=2))]
    external_weight: u8,
    #[command(flatten)]
    network: NetworkArgs,
    /// Show the command that would make an .om for a chip, and run nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    atc: AtcArgs,
}

pub(crate) fn run(args: Args, device: &DeviceArgs) -> Result<()> {
    if dump::is_dump(&args.source) {
        let count = dump::convert(&args.source, &args.destination, args.save.overwrite)?;
        let place = args.destination.display().to_string();
        writeln!(
            io::stdout(),
            "{} as .npy in {}",
            counted(count, "tensor"),
            escaped(&place)
        )?;
        return Ok(());
    }
    let extension = args.destination.extension().unwrap_or_default();
    let extension = extension.to_string_lossy().to_ascii_lowercase();
    if save::EXTENSIONS.contains(&&*extension) {
        check_unused(&args, &args.atc.options())?;
        return args.save.run(&args.source, &args.destination);
    }
    if !matches!(&*extension, "onnx" | "om") {
        let message = text!(
            "cannot tell what to write to {file}: give it the extension .onnx or .om for a model, \
             .safetensors, .pth, .pt, .bin or .ckpt for weights",
            file = args.destination.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    }
    if !args.save.fits_models() {
        let message = format!(
            "{} is no file of weights, for which alone --max-shard-size and --skip-refused are: \
             convert the weights first",
            args.destination.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    }
    let soc = args.soc.parse().unwrap_or(Soc::Mock);
    let engine = match soc {
        Soc::Mock => device.engine()?,
        _ => Engine::default(),
    };
    let gears = gears(&args)?;
    let aipp = match &args.insert_op_conf {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|error| {
                Error::of_io(text!("cannot read {file}", file = path.display()), error)
            })?;
            let aipp = Aipp::parse(&text).map_err(Error::from);
            aipp.with_context(|| path.display().to_string())?
        }
        None => Vec::new(),
    };
    let mut options = Options {
        soc,
        input_shapes: args.input_shape,
        gears,
        aipp,
        weight_files: match args.external_weight {
            0 => WeightFiles::None,
            1 => WeightFiles::Each,
            _ => WeightFiles::One,
        },
        atc: args.atc.options(),
        command_line: command_line(),
        engine,
        ..Options::default()
    };
    let network = args.network;
    network.apply(&args.save, &args.destination, &mut options)?;
    let (source, destination) = (&args.source, &args.destination);
    if args.dry_run {
        let plan = plan(source, destination, &options)?.to_string();
        // comments are for people; what a shell is to read stays as it is
        let mut comments = 0;
        let lines = plan.split_inclusive('\n');
        for line in lines.take_while(|line| line.starts_with('#')) {
            comments += line.len();
        }
        let (comments, commands) = plan.split_at(comments);
        writeln!(io::stdout(), "{}{commands}", escaped(comments))?;
        return Ok(());
    }
    ensure_free(destination, args.save.overwrite)?;
    let mut progress = Progress::new("atc");
    let report = convert::convert_with(source, destination, &options, &mut |event| match event {
        Event::Note(note) => {
            // The work goes on if it cannot be told.
            let _ = writeln!(io::stderr(), "note: {}", escaped(note));
        }
        Event::Running {
            elapsed,
            memory_bytes,
        } => {
            let memory = memory_bytes.unwrap_or_default() >> 20;
            progress.say(format_args!("{:4} s  {memory} MiB", elapsed.as_secs()));
        }
        _ => {}
    })?;
    drop(progress);
    writeln!(io::stdout(), "{}", escaped(&report.to_string()))?;
    Ok(())
}

/// What this program was asked for, as a shell would take it.
fn command_line() -> String {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| word.to_string_lossy().into_owned());
    quoted(std::iter::once("ascend".to_owned()).chain(words))
}

/// Refuses options of models where weights are written.
fn check_unused(args: &Args, atc: &AtcOptions) -> Result<()> {
    let gears = [
        &args.dynamic_batch_size,
        &args.dynamic_image_size,
        &args.dynamic_dims,
    ];
    let is_plain = args.input_shape.is_empty()
        && args.insert_op_conf.is_none()
        && args.external_weight == 0
        && args.network.is_default()
        && !args.dry_run
        && *atc == AtcOptions::default()
        && gears.iter().all(|gears| gears.is_none());
    if is_plain {
        return Ok(());
    }
    let message = format!(
        "{} is a file of weights, which have no shapes of inputs, batches or preprocessing: convert to \
         .om for those",
        args.destination.display()
    );
    Err(Error::new(ErrorKind::InvalidArgument, message).into())
}

fn gears(args: &Args) -> Result<Gears> {
    let read = read_gears(
        args.dynamic_batch_size.as_deref(),
        args.dynamic_image_size.as_deref(),
        args.dynamic_dims.as_deref(),
    );
    Ok(read.map_err(|fault| Error::new(ErrorKind::InvalidArgument, fault.to_string()))?)
}

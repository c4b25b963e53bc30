//! `ascend inspect`: what a file of weights or a model is, told by its content.

mod arrays;
pub(crate) mod checkpoint;
mod content;
pub(crate) mod digest;
mod dump;
mod model;
mod om;
mod onnx;

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Result;
use ascend_graph::{Text, text};
use ascend_rt::{Error, ErrorKind};
use serde_json::json;

use self::content::Content;
use crate::device::DeviceArgs;
use crate::help::Example;
use crate::weights::{self, WeightArgs};

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "inputs, outputs, the chip and the gears of a model",
        "ascend inspect net.om",
    ),
    Example::new(
        "the operators of an ONNX file, for programs",
        "ascend inspect net.onnx --ops --json",
    ),
    Example::new(
        "the tensors of a checkpoint by module, and what their numbers are like",
        "ascend inspect weights.pth --tree --stats",
    ),
    Example::new(
        "the graph as a page for a browser",
        "ascend inspect net.onnx --html net.html",
    ),
];

#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Args {
    /// An .om, an .onnx, an .npy or .npz, a dump of tensors or a folder of such, or a checkpoint: a file of
    /// any form, an index of several, or their folder
    file: PathBuf,
    /// Print one JSON object, also for an error
    #[arg(long)]
    json: bool,
    /// Models: show the operators, how many of each type and each with its shapes
    #[arg(long)]
    ops: bool,
    /// Models: show the constants with type, shape, layout and bytes
    #[arg(long = "weights")]
    constants: bool,
    /// Show all of a model's operators and constants, however many
    #[arg(long)]
    all: bool,
    /// Models: write a page with the graph to look at in a browser, without any network
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,
    /// Replace the page if it exists
    #[arg(long, requires = "html")]
    overwrite: bool,
    /// .om only: print the graph as the JSON that `atc --mode=1` gives
    #[arg(long, conflicts_with_all = ["json", "ops", "constants"])]
    atc_json: bool,
    /// Show the SHA-256 of each tensor's elements, row-major and little-endian
    #[arg(long)]
    hash: bool,
    /// Show what the numbers are like: least, greatest, mean, deviation, NaN, infinities
    #[arg(long)]
    stats: bool,
    /// Checkpoints: show the tensors by module
    #[arg(long)]
    tree: bool,
    #[command(flatten)]
    weights: WeightArgs,
}

impl Args {
    /// Refuses what is for models only.
    fn check_for_checkpoint(&self) -> ascend_rt::Result<()> {
        let asked = [
            ("--ops", self.ops),
            ("--html", self.html.is_some()),
            ("--atc-json", self.atc_json),
        ];
        let way_out = "convert it to .onnx or .om and inspect that";
        self.check(&asked, "is a checkpoint, which has no graph", way_out)
    }

    /// Refuses what is for checkpoints only.
    fn check_for_model(&self) -> ascend_rt::Result<()> {
        let asked = [
            ("--tree", self.tree),
            (
                "the options that choose and rename tensors",
                !self.weights.is_default(),
            ),
        ];
        let way_out = "--weights shows its constants";
        self.check(&asked, "is a model and no checkpoint", way_out)
    }

    /// Refuses what is not for tensors alone.
    fn check_for_tensors(&self, why: &str) -> ascend_rt::Result<()> {
        let asked = [
            ("--ops", self.ops),
            ("--html", self.html.is_some()),
            ("--atc-json", self.atc_json),
            ("--tree", self.tree),
            ("--weights", self.constants),
            (
                "the options that choose and rename tensors",
                !self.weights.is_default(),
            ),
        ];
        let way_out = "--stats and --hash show more of its tensors";
        self.check(&asked, why, way_out)
    }

    fn check(&self, asked: &[(&str, bool)], why: &str, way_out: &str) -> ascend_rt::Result<()> {
        match asked.iter().find(|(_, is)| *is) {
            Some((what, _)) => Err(self.error(
                ErrorKind::InvalidArgument,
                format!("{why}: {what} cannot be used; {way_out}"),
            )),
            None => Ok(()),
        }
    }

    /// An error about the file.
    fn error(&self, kind: ErrorKind, message: impl Into<Text>) -> Error {
        let why: Text = message.into();
        let doing = self.file.display();
        Error::new(kind, text!("{doing}: {why}", doing, why))
    }
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<()> {
    let content = content::of(&args.file);
    let told = match &content {
        Content::Checkpoint => checkpoint::run(args),
        Content::Om(file) => om::run(args, device, file),
        Content::Onnx(file) => onnx::run(args, file),
        Content::Dump(dumps) => args
            .check_for_tensors("is a dump of tensors")
            .map_err(Into::into)
            .and_then(|()| dump::run(args, dumps)),
        Content::Npy(file) => arrays::run(args, Some(file)),
        Content::Npz => arrays::run(args, None),
    };
    told.inspect_err(|error| {
        if let (true, Some(error)) = (args.json, error.downcast_ref::<Error>()) {
            let (kind, message) = (weights::kind_of(error), error.to_string());
            let mut told = json!({"error": {"kind": kind, "message": message}});
            // Also of what cannot be read further, such as an encrypted model.
            if let Some(header) = content.header() {
                told["header"] = header;
            }
            // The exit code tells the error even to who does not listen.
            let _ = writeln!(io::stdout(), "{told:#}");
        }
    })
}

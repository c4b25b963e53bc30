//! How `ascend convert` makes ONNX of weights, and what it does to ONNX.

use std::path::{Path, PathBuf};

use anyhow::Result;
use ascend_rt::convert::{Gears, Options};
use ascend_rt::weights::DataType;
use ascend_rt::zoo::{Precision, ResNetOptions};
use ascend_rt::{Error, ErrorKind};

use crate::save::SaveArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct NetworkArgs {
    /// Fill this ONNX file with the weights, whatever network it is; names tell what goes where
    #[arg(long, value_name = "NET.onnx")]
    skeleton: Option<PathBuf>,
    /// Let the skeleton keep its own numbers where the weights have none
    #[arg(long, requires = "skeleton")]
    allow_unmatched: bool,
    /// Pictures per run of a network made from weights: a number, dynamic, or a list to switch an
    /// .om among [default: dynamic]
    #[arg(long, value_name = "N|dynamic|N,N,…", value_parser = batch)]
    batch: Option<Batch>,
    /// Height and width of the picture of a network made from weights
    #[arg(long, value_name = "PIXELS", default_value_t = 224)]
    image_size: usize,
    /// Version of ONNX's operators of a network made from weights, 8 to 18
    #[arg(long, value_name = "N", default_value_t = 11)]
    opset: i64,
    /// Type of input and output of a network that --dtype f16 makes: f32 or f16
    #[arg(long, value_name = "TYPE", value_parser = precision, default_value = "f32")]
    io_dtype: Precision,
    /// Take out of the graph what changes no output, and compute ahead what depends on no input
    #[arg(long)]
    simplify: bool,
    /// Put larger constants of an .onnx into NAME.onnx.data beside it; done anyway beyond 2 GiB
    #[arg(long)]
    external_data: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Batch {
    Fixed(usize),
    Dynamic,
    Gears(Gears),
}

impl NetworkArgs {
    /// Whether anything was asked for.
    pub(crate) fn is_default(&self) -> bool {
        let Self {
            skeleton,
            allow_unmatched,
            batch,
            image_size,
            opset,
            io_dtype,
            simplify,
            external_data,
        } = self;
        let is_plain = skeleton.is_none() && batch.is_none() && *io_dtype == Precision::Single;
        let has_flag = *allow_unmatched || *simplify || *external_data;
        is_plain && !has_flag && (*image_size, *opset) == (224, 11)
    }

    /// Adds what was asked for to the options of a conversion to `destination`.
    pub(crate) fn apply(
        self,
        save: &SaveArgs,
        destination: &Path,
        options: &mut Options,
    ) -> Result<()> {
        let is_onnx = destination
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"));
        let refuse = |message: &str| Err(Error::new(ErrorKind::InvalidArgument, message).into());
        options.weights = save.weights.options()?;
        options.network = ResNetOptions {
            opset: self.opset,
            batch: None,
            size: (self.image_size, self.image_size),
            precision: match save.dtype {
                None | Some(DataType::F32) => Precision::Single,
                Some(DataType::F16) => Precision::Half,
                Some(_) => {
                    return refuse("a network is made in f32 or f16: give --dtype one of them");
                }
            },
            io: self.io_dtype,
        };
        match self.batch {
            None | Some(Batch::Dynamic) => {}
            Some(Batch::Fixed(batch)) => options.network.batch = Some(batch),
            Some(Batch::Gears(_)) if is_onnx => {
                return refuse(
                    "a list of batches is for an .om, which is switched among them: give --batch \
                     dynamic for an .onnx, and the list when that becomes an .om",
                );
            }
            Some(Batch::Gears(_)) if options.gears != Gears::None => {
                return refuse(
                    "--batch with a list is --dynamic-batch-size: give one --dynamic option",
                );
            }
            Some(Batch::Gears(gears)) => options.gears = gears,
        }
        if self.external_data && !is_onnx {
            return refuse(
                "--external-data is for an .onnx; --external-weight 1 or 2 puts the weights of an \
                 .om into files beside it",
            );
        }
        options.skeleton = self.skeleton;
        options.allow_unmatched = self.allow_unmatched;
        options.simplify = self.simplify;
        options.external_data = self.external_data;
        Ok(())
    }
}

fn batch(text: &str) -> Result<Batch, String> {
    if text == "dynamic" {
        return Ok(Batch::Dynamic);
    }
    if text.contains(',') {
        let gears = Gears::batch(text).map_err(|error| error.to_string())?;
        return Ok(Batch::Gears(gears));
    }
    let number = text.parse().ok().filter(|&number| number > 0);
    number
        .map(Batch::Fixed)
        .ok_or_else(|| "give a number, dynamic, or a list such as 1,2,4,8".to_owned())
}

fn precision(text: &str) -> Result<Precision, String> {
    match text.to_ascii_lowercase().as_str() {
        "f32" | "float32" | "float" => Ok(Precision::Single),
        "f16" | "float16" | "half" => Ok(Precision::Half),
        _ => Err("the types are f32 and f16".to_owned()),
    }
}

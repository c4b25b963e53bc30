//! The options of `atc`, in its spelling and ours.

use std::path::PathBuf;
use std::time::Duration;

use ascend_rt::convert::atc::{
    AtcOptions, BufferOptimize, Cache, ImplMode, InputFormat, Launch, LogLevel, OutputTypes,
    PrecisionMode, PrecisionModeV2,
};
use clap::ValueHint;

use crate::time;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options for chips, as atc has them")]
pub(crate) struct AtcArgs {
    /// Layout of the inputs: NCHW, ND or NCDHW
    #[arg(long, alias = "input_format", value_name = "LAYOUT")]
    input_format: Option<InputFormat>,
    /// Ranges of dimensions; deprecated: write 1~4 in --input-shape
    #[arg(
        long,
        alias = "input_shape_range",
        value_name = "NAME:[1~4,…];…",
        hide = true
    )]
    input_shape_range: Option<String>,
    /// What the model gives: nodes with the number of their output, or names of outputs
    #[arg(
        long,
        alias = "out_nodes",
        value_name = "NODE:0;…",
        value_delimiter = ';'
    )]
    out_nodes: Vec<String>,
    /// Element type of the outputs, such as FP16, or of single ones
    #[arg(long, alias = "output_type", value_name = "TYPE|NODE:0:TYPE;…")]
    output_type: Option<OutputTypes>,
    /// Inputs that become float16
    #[arg(
        long,
        alias = "input_fp16_nodes",
        value_name = "NAME;…",
        value_delimiter = ';'
    )]
    input_fp16_nodes: Vec<String>,
    /// Types that the network computes in, such as `allow_mix_precision` [default of atc: `force_fp16`]
    #[arg(long, alias = "precision_mode", value_name = "MODE")]
    precision_mode: Option<PrecisionMode>,
    /// The same in newer words, such as `mixed_float16` [default of atc: fp16]
    #[arg(long, alias = "precision_mode_v2", value_name = "MODE")]
    precision_mode_v2: Option<PrecisionModeV2>,
    /// Kernels to take, such as `high_precision` [default of atc: `high_performance`]
    #[arg(long, alias = "op_select_implmode", value_name = "MODE")]
    op_select_implmode: Option<ImplMode>,
    /// Types of operators that --op-select-implmode is for
    #[arg(
        long,
        alias = "optypelist_for_implmode",
        value_name = "Gelu,…",
        value_delimiter = ','
    )]
    optypelist_for_implmode: Vec<String>,
    /// File of lines such as `Gelu=high_precision`
    #[arg(long, alias = "op_precision_mode", value_name = "FILE")]
    op_precision_mode: Option<PathBuf>,
    /// File with the operators that a mixed precision takes or leaves out
    #[arg(long, alias = "modify_mixlist", value_name = "FILE")]
    modify_mixlist: Option<PathBuf>,
    /// File with operators that keep their types
    #[arg(long, alias = "keep_dtype", value_name = "FILE")]
    keep_dtype: Option<PathBuf>,
    /// File with types of single operators
    #[arg(long, alias = "customize_dtypes", value_name = "FILE")]
    customize_dtypes: Option<PathBuf>,
    /// Make a first convolution of up to four channels faster: 0 or 1
    #[arg(long, alias = "enable_small_channel", value_name = "0|1", value_parser = switch)]
    enable_small_channel: Option<bool>,
    /// File that switches fusions of operators
    #[arg(long, alias = "fusion_switch_file", value_name = "FILE")]
    fusion_switch_file: Option<PathBuf>,
    /// Use of on-chip buffers: `l2_optimize` or `off_optimize`
    #[arg(long, alias = "buffer_optimize", value_name = "WORD")]
    buffer_optimize: Option<BufferOptimize>,
    /// What atc writes to its log: debug, info, warning, error or null
    #[arg(long, value_name = "LEVEL")]
    log: Option<LogLevel>,
    /// Any other option of atc, such as --atc-arg=--deterministic=1; may be repeated
    #[arg(long, value_name = "--NAME=VALUE", allow_hyphen_values = true)]
    atc_arg: Vec<String>,
    /// Accepted for atc's sake: 5, which is ONNX
    #[arg(long, value_parser = ["5"], hide = true)]
    framework: Option<String>,
    #[command(flatten)]
    launch: LaunchArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "How atc is started")]
struct LaunchArgs {
    /// Folder of CANN's toolkit [default: looked for]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    toolkit: Option<PathBuf>,
    /// End atc and all its processes after this time, such as 90s, 30m or 2h
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    timeout: Option<Duration>,
    /// Folder of earlier results [default: ascend-rt/atc in the user's cache]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache", value_hint = ValueHint::DirPath)]
    cache: Option<PathBuf>,
    /// Neither take nor keep earlier results
    #[arg(long)]
    no_cache: bool,
    /// Leave the folder in which atc worked when it fails
    #[arg(long)]
    keep_temp: bool,
    /// Start atc although the model has what it would stop at, as `ascend check` tells
    #[arg(long)]
    no_check: bool,
    /// Operators that this atc has beside or without those known here, as for `ascend check`
    #[arg(long, value_name = "FILE")]
    operators: Option<PathBuf>,
}

impl AtcArgs {
    pub(crate) fn options(&self) -> AtcOptions {
        let launch = &self.launch;
        AtcOptions {
            input_format: self.input_format,
            input_shape_range: self.input_shape_range.clone(),
            out_nodes: self.out_nodes.clone(),
            output_type: self.output_type.clone().unwrap_or_default(),
            input_fp16_nodes: self.input_fp16_nodes.clone(),
            precision_mode: self.precision_mode,
            precision_mode_v2: self.precision_mode_v2,
            op_select_implmode: self.op_select_implmode,
            optypelist_for_implmode: self.optypelist_for_implmode.clone(),
            op_precision_mode: self.op_precision_mode.clone(),
            modify_mixlist: self.modify_mixlist.clone(),
            keep_dtype: self.keep_dtype.clone(),
            customize_dtypes: self.customize_dtypes.clone(),
            enable_small_channel: self.enable_small_channel,
            fusion_switch_file: self.fusion_switch_file.clone(),
            buffer_optimize: self.buffer_optimize,
            log: self.log,
            extra: self.atc_arg.clone(),
            launch: Launch {
                toolkit: launch.toolkit.clone(),
                timeout: launch.timeout,
                cache: match &launch.cache {
                    Some(folder) => Cache::Folder(folder.clone()),
                    None if launch.no_cache => Cache::Off,
                    None => Cache::User,
                },
                keep_temp: launch.keep_temp,
                unchecked: launch.no_check,
                operators: launch.operators.clone(),
            },
        }
    }
}

/// As `atc` reads booleans.
fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "y" | "yes" => Ok(true),
        "0" | "f" | "false" | "n" | "no" => Ok(false),
        _ => Err("give 0 or 1".to_owned()),
    }
}

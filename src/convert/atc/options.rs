//! How `atc` is asked, and how it is started.

use std::path::PathBuf;
use std::time::Duration;

use super::words::{
    BufferOptimize, ImplMode, InputFormat, LogLevel, OutputType, PrecisionMode, PrecisionModeV2,
};

/// What an `.om` for a chip is made with, beside the shapes, gears and preprocessing of
/// [`Options`](crate::convert::Options): the options of `atc`, under their own names.
///
/// What is `None` or empty is left to `atc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtcOptions {
    /// The layout of the inputs. Left out, `atc` takes NCHW; with gears of any dimensions, ND is
    /// given, which those need.
    pub input_format: Option<InputFormat>,
    /// Ranges of the inputs' dimensions, `name:[1~4,3,-1]`: deprecated since CANN 8.0, as a range
    /// in an [`InputShape`](crate::convert::InputShape) says the same, and replaces all of those.
    pub input_shape_range: Option<String>,
    /// What the model gives, instead of the graph's outputs: either nodes with the number of their
    /// output, `node:0`, or names of outputs of the ONNX graph.
    pub out_nodes: Vec<String>,
    /// The element type of all outputs, or of single ones.
    pub output_type: OutputTypes,
    /// Inputs that become float16.
    pub input_fp16_nodes: Vec<String>,
    /// In which element types the network computes.
    pub precision_mode: Option<PrecisionMode>,
    /// The same in newer words; excludes `precision_mode`.
    pub precision_mode_v2: Option<PrecisionModeV2>,
    /// Which of an operator's kernels is taken where there are several.
    pub op_select_implmode: Option<ImplMode>,
    /// The types of operators that `op_select_implmode` is for, such as `Gelu`; all if empty.
    pub optypelist_for_implmode: Vec<String>,
    /// A file of lines such as `Gelu=high_precision`, which replaces the two before.
    pub op_precision_mode: Option<PathBuf>,
    /// A file with the operators that a mixed precision takes, leaves out or follows (JSON).
    pub modify_mixlist: Option<PathBuf>,
    /// A file with the names of operators that keep the types of the model.
    pub keep_dtype: Option<PathBuf>,
    /// A file with the element types of single operators.
    pub customize_dtypes: Option<PathBuf>,
    /// Whether a first convolution of up to four channels is made faster, with preprocessing of
    /// pictures.
    pub enable_small_channel: Option<bool>,
    /// A file that switches fusions of operators on or off.
    pub fusion_switch_file: Option<PathBuf>,
    /// What is done about on-chip buffers.
    pub buffer_optimize: Option<BufferOptimize>,
    /// What `atc` writes to its log.
    pub log: Option<LogLevel>,
    /// Further options, each as `atc` takes it: `--name=value`. Given after all others.
    pub extra: Vec<String>,
    /// How `atc` is started.
    pub launch: Launch,
}

/// The element types of a model's outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OutputTypes {
    /// Those of the model.
    #[default]
    Own,
    /// One for all.
    All(OutputType),
    /// One for each of these nodes and numbers of outputs, `node:0`.
    Each(Vec<(String, OutputType)>),
}

/// How `atc` is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// The folder of the toolkit; `None` to look for it.
    pub toolkit: Option<PathBuf>,
    /// How long `atc` may take before it is ended with all its processes; `None` for any time.
    pub timeout: Option<Duration>,
    /// Where results are kept, so that the same work is not done again.
    pub cache: Cache,
    /// Whether the folder in which `atc` worked is left when it fails.
    pub keep_temp: bool,
    /// Whether `atc` is started although [`check`](crate::check::check) finds what it would stop at.
    pub unchecked: bool,
    /// A table of operators that this `atc` has beside or without those known here, as
    /// [`read_operators`](crate::check::read_operators) reads it.
    pub operators: Option<PathBuf>,
}

/// Where results are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// In the user's folder for such: `$XDG_CACHE_HOME/ascend-rt/atc` or `~/.cache/ascend-rt/atc`.
    #[default]
    User,
    /// In this folder.
    Folder(PathBuf),
    /// Nowhere.
    Off,
}

impl std::str::FromStr for OutputTypes {
    type Err = crate::Error;

    /// Reads `FP16`, or `node:0:FP16;node:1:FP32`.
    fn from_str(text: &str) -> crate::Result<Self> {
        if !text.contains(':') {
            return text.parse().map(Self::All);
        }
        let items = text.split(';').filter(|item| !item.is_empty());
        let pair = |item: &str| {
            let (node, output_type) = item.rsplit_once(':').unwrap_or((item, ""));
            Ok((node.to_owned(), output_type.parse()?))
        };
        items
            .map(pair)
            .collect::<crate::Result<_>>()
            .map(Self::Each)
    }
}

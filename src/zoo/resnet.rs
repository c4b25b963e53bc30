//! The ResNet family: ResNet, ResNeXt and Wide ResNet of any depth and width, as torchvision
//! names their tensors.

mod pour;
mod reader;

use std::fmt;

use ascend_graph::{DataType, onnx};

use self::reader::Reader;
use super::shapes::Wanted;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::weights::Checkpoint;

/// Tensors of a state dict that count training steps and hold no weights.
const COUNTERS: [&str; 1] = ["num_batches_tracked"];

/// A network of the ResNet family, read off the tensors of a checkpoint.
///
/// What shapes cannot tell is taken as in torchvision: a 7×7 stem of stride 2 and a 3×3 pooling,
/// stride 2 at the start of every stage but the first (in the 3×3 convolution of a bottleneck),
/// no dilation, and ReLU throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResNet {
    /// Channels of the input picture.
    pub channels: usize,
    /// Channels after the stem.
    pub stem: usize,
    /// The stages, `layer1` and on.
    pub stages: Vec<Stage>,
    /// How many classes the last layer tells apart.
    pub classes: usize,
}

/// One stage: the blocks of a `layerN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The blocks in order.
    pub blocks: Vec<Block>,
}

/// One residual block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Channels that come in.
    pub input: usize,
    /// Channels inside.
    pub width: usize,
    /// Channels that go out.
    pub output: usize,
    /// The step of its 3×3 convolution.
    pub stride: usize,
    /// Groups of the 3×3 convolution.
    pub groups: usize,
    /// Three convolutions (1×1, 3×3, 1×1) rather than two of 3×3.
    pub bottleneck: bool,
}

/// What the ONNX file is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResNetOptions {
    /// The version of ONNX's operators, 8 to 18.
    pub opset: i64,
    /// Pictures per run; `None` leaves it to each run.
    pub batch: Option<usize>,
    /// Height and width of the picture in pixels.
    pub size: (usize, usize),
    /// What the network holds its weights in and computes in.
    pub precision: Precision,
    /// What the input and the output are in; casts stand behind and before them where they differ.
    pub io: Precision,
}

/// The floating-point type of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Precision {
    /// `float32`.
    #[default]
    Single,
    /// `float16`: half the size, and about three decimal digits.
    Half,
}

impl Precision {
    /// The element type.
    #[must_use]
    pub const fn dtype(self) -> DataType {
        match self {
            Self::Single => DataType::F32,
            Self::Half => DataType::F16,
        }
    }
}

impl Default for ResNetOptions {
    /// Opset 11, a free batch, 224×224 pixels, single precision.
    fn default() -> Self {
        Self {
            opset: 11,
            batch: None,
            size: (224, 224),
            precision: Precision::Single,
            io: Precision::Single,
        }
    }
}

impl ResNet {
    /// Reads the network off the tensors' names and shapes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] when the tensors are those of another kind of network,
    /// [`ErrorKind::Shape`] when some are missing, surplus or misshapen; all are named.
    pub fn of(checkpoint: &Checkpoint) -> Result<Self> {
        let reader = Reader { checkpoint };
        let network = reader.network()?;
        network
            .wanted()
            .check(checkpoint, &COUNTERS, &network.to_string())?;
        Ok(network)
    }

    /// How many layers with weights lie on the longest way through: 50 for a ResNet-50.
    #[must_use]
    pub fn depth(&self) -> usize {
        let blocks = self.stages.iter().flat_map(|stage| &stage.blocks);
        2 + blocks
            .map(|block| if block.bottleneck { 3 } else { 2 })
            .sum::<usize>()
    }

    /// The network as ONNX with the weights of `checkpoint`: input `input` `[batch, channels,
    /// height, width]`, output `output` `[batch, classes]`, both in the precision that is asked for;
    /// batch normalisations as in evaluation.
    ///
    /// Weights in the network's precision are shared with the checkpoint, others are converted. In
    /// half precision everything between input and output is `float16`, but for what operator sets
    /// from 14 on let a batch normalisation keep in `float32`: its mean and variance, and from 15 on
    /// its weight and bias too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] for an opset that cannot be written,
    /// [`ErrorKind::Unsupported`] when weights are no floating point numbers or too large for half
    /// precision; they are named.
    pub fn to_onnx(&self, checkpoint: &Checkpoint, options: &ResNetOptions) -> Result<onnx::Model> {
        pour::pour(self, checkpoint, options)
    }

    fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        let normalisation = |wanted: &mut Wanted, name: &str, channels: usize| {
            for part in ["weight", "bias", "running_mean", "running_var"] {
                wanted.push(format!("{name}.{part}"), &[channels]);
            }
        };
        wanted.push("conv1.weight", &[self.stem, self.channels, 7, 7]);
        normalisation(&mut wanted, "bn1", self.stem);
        for (index, stage) in self.stages.iter().enumerate() {
            for (place, block) in stage.blocks.iter().enumerate() {
                let name = format!("layer{}.{place}", index + 1);
                for (number, shape) in block.convolutions().iter().enumerate() {
                    let number = number + 1;
                    wanted.push(format!("{name}.conv{number}.weight"), shape);
                    normalisation(&mut wanted, &format!("{name}.bn{number}"), shape[0]);
                }
                if block.has_downsample() {
                    let shape = [block.output, block.input, 1, 1];
                    wanted.push(format!("{name}.downsample.0.weight"), &shape);
                    normalisation(&mut wanted, &format!("{name}.downsample.1"), block.output);
                }
            }
        }
        let last = self.stages.last().and_then(|stage| stage.blocks.last());
        let features = last.map_or(self.stem, |block| block.output);
        wanted.push("fc.weight", &[self.classes, features]);
        wanted.push("fc.bias", &[self.classes]);
        wanted
    }
}

impl Block {
    /// The shapes of its convolutions' weights.
    fn convolutions(&self) -> Vec<[usize; 4]> {
        let Self {
            input,
            width,
            output,
            groups,
            bottleneck,
            ..
        } = *self;
        if bottleneck {
            vec![
                [width, input, 1, 1],
                [width, width / groups, 3, 3],
                [output, width, 1, 1],
            ]
        } else {
            vec![[width, input, 3, 3], [output, width, 3, 3]]
        }
    }

    fn has_downsample(&self) -> bool {
        self.stride != 1 || self.input != self.output
    }
}

/// As in `ResNet-50 (bottleneck blocks 3-4-6-3, 64 channels, 1000 classes)`.
impl fmt::Display for ResNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.stages.first().and_then(|stage| stage.blocks.first());
        let groups = first.map_or(1, |block| block.groups);
        let family = if groups > 1 { "ResNeXt" } else { "ResNet" };
        let kind = if first.is_some_and(|block| block.bottleneck) {
            "bottleneck"
        } else {
            "basic"
        };
        let counts: Vec<_> = self
            .stages
            .iter()
            .map(|stage| stage.blocks.len().to_string())
            .collect();
        write!(
            f,
            "{family}-{} ({kind} blocks {}, ",
            self.depth(),
            counts.join("-")
        )?;
        if let Some(block) = first.filter(|block| block.groups > 1) {
            write!(f, "{}×{}d, ", block.groups, block.width / block.groups)?;
        }
        write!(f, "{} channels, {} classes)", self.stem, self.classes)
    }
}

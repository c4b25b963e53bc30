//! The ResNet family: ResNet, ResNeXt and Wide ResNet of any depth and width, as torchvision
//! names their tensors.

use std::fmt;

use ascend_graph::DataType;
use ascend_graph::onnx::{self, Attribute, Builder, Dim};
use bytes::Bytes;

use super::shapes::Wanted;
use crate::error::{Error, ErrorKind, Result};
use crate::weights::{Checkpoint, Tensor};

/// The epsilon of torchvision's batch normalisations.
const EPSILON: f32 = 1e-5;
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
}

impl Default for ResNetOptions {
    /// Opset 11, a free batch, 224×224 pixels.
    fn default() -> Self {
        Self {
            opset: 11,
            batch: None,
            size: (224, 224),
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
    /// height, width]`, output `output` `[batch, classes]`, both f32; batch normalisations as in
    /// evaluation.
    ///
    /// Weights in single precision are shared with the checkpoint, others are widened.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] for an opset that cannot be written,
    /// [`ErrorKind::Unsupported`] when weights are no floating point numbers.
    pub fn to_onnx(&self, checkpoint: &Checkpoint, options: &ResNetOptions) -> Result<onnx::Model> {
        let mut pour = Pour {
            checkpoint,
            builder: Builder::new("resnet", options.opset),
        };
        let fixed = |len: usize| Dim::Fixed(i64::try_from(len).unwrap_or(i64::MAX));
        let batch = options
            .batch
            .map_or_else(|| Dim::Named("batch_size".to_owned()), fixed);
        let (height, width) = options.size;
        let dims = [
            batch.clone(),
            fixed(self.channels),
            fixed(height),
            fixed(width),
        ];
        let mut value = pour.builder.input("input", DataType::F32, &dims);
        value = pour.convolution("conv1", &value, &Convolution::new(7, 2, 1))?;
        value = pour.normalisation("bn1", &value)?;
        value = pour.relu("relu", &value);
        value = pour
            .builder
            .node("MaxPool", "maxpool", &[&value], window(3, 2, 1));
        for (index, stage) in self.stages.iter().enumerate() {
            for (place, block) in stage.blocks.iter().enumerate() {
                value = pour.block(&format!("layer{}.{place}", index + 1), &value, block)?;
            }
        }
        value = pour
            .builder
            .node("GlobalAveragePool", "avgpool", &[&value], []);
        value = pour
            .builder
            .node("Flatten", "flatten", &[&value], [Attribute::int("axis", 1)]);
        pour.classifier("fc", &value)?;
        pour.builder
            .output("output", DataType::F32, &[batch, fixed(self.classes)]);
        Ok(pour.builder.build()?)
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

/// Reads the variant off the shapes.
struct Reader<'a> {
    checkpoint: &'a Checkpoint,
}

impl Reader<'_> {
    fn network(&self) -> Result<ResNet> {
        let stem = self
            .shape("conv1.weight")
            .filter(|shape| shape.len() == 4 && shape[2..] == [7, 7]);
        let head = self.shape("fc.weight").filter(|shape| shape.len() == 2);
        let (Some(stem), Some(head)) = (stem, head) else {
            return Err(self.unknown());
        };
        let mut stages = Vec::new();
        let mut input = stem[0];
        while let Some(stage) = self.stage(stages.len() + 1, input)? {
            input = stage.blocks.last().map_or(input, |block| block.output);
            stages.push(stage);
        }
        if stages.is_empty() {
            return Err(self.unknown());
        }
        Ok(ResNet {
            channels: stem[1],
            stem: stem[0],
            stages,
            classes: head[0],
        })
    }

    fn stage(&self, number: usize, mut input: usize) -> Result<Option<Stage>> {
        let mut blocks = Vec::new();
        let mut stride = if number == 1 { 1 } else { 2 };
        while let Some(block) =
            self.block(&format!("layer{number}.{}", blocks.len()), input, stride)?
        {
            input = block.output;
            stride = 1;
            blocks.push(block);
        }
        Ok((!blocks.is_empty()).then_some(Stage { blocks }))
    }

    /// The block of this name, or `None` when the checkpoint has nothing of it.
    fn block(&self, name: &str, input: usize, stride: usize) -> Result<Option<Block>> {
        let convolution = |number: usize| {
            self.shape(&format!("{name}.conv{number}.weight"))
                .filter(|shape| shape.len() == 4)
        };
        let (first, second, third) = (convolution(1), convolution(2), convolution(3));
        let Some(first) = first else { return Ok(None) };
        let Some(second) = second else {
            let message = format!(
                "{name}.conv1.weight stands without a {name}.conv2.weight of four dimensions: the \
                 checkpoint is incomplete"
            );
            return Err(Error::new(ErrorKind::Shape, message));
        };
        let width = first[0];
        let bottleneck = third.is_some();
        let groups = match (bottleneck, second[1]) {
            (true, per_group) if per_group > 0 && width.is_multiple_of(per_group) => {
                width / per_group
            }
            _ => 1,
        };
        let output = third.map_or(second[0], |shape| shape[0]);
        Ok(Some(Block {
            input,
            width,
            output,
            stride,
            groups,
            bottleneck,
        }))
    }

    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.checkpoint.get(name).map(|tensor| tensor.shape())
    }

    fn unknown(&self) -> Error {
        let names: Vec<_> = self
            .checkpoint
            .tensors()
            .take(4)
            .map(|tensor| tensor.name())
            .collect();
        let message = format!(
            "the {} tensors ({}, …) are not those of a network that is known by its weights; known \
             is the ResNet family as torchvision names it (conv1 7×7, layer1.0.conv1, …, fc); \
             export the model to ONNX with PyTorch and convert that file instead",
            self.checkpoint.len(),
            names.join(", ")
        );
        Error::new(ErrorKind::Unsupported, message)
    }
}

/// The geometry of a convolution.
struct Convolution {
    kernel: i64,
    stride: i64,
    groups: i64,
}

impl Convolution {
    fn new(kernel: usize, stride: usize, groups: usize) -> Self {
        let [kernel, stride, groups] =
            [kernel, stride, groups].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
        Self {
            kernel,
            stride,
            groups,
        }
    }
}

/// A square window that keeps the middle of its reach.
fn window(kernel: i64, stride: i64, padding: i64) -> [Attribute; 3] {
    [
        Attribute::ints("kernel_shape", [kernel; 2]),
        Attribute::ints("pads", [padding; 4]),
        Attribute::ints("strides", [stride; 2]),
    ]
}

/// Pours the weights into the graph, layer by layer.
struct Pour<'a> {
    checkpoint: &'a Checkpoint,
    builder: Builder,
}

impl Pour<'_> {
    fn block(&mut self, name: &str, input: &str, block: &Block) -> Result<String> {
        let (kernels, strided) = if block.bottleneck {
            (vec![1, 3, 1], 1)
        } else {
            (vec![3, 3], 0)
        };
        let last = kernels.len() - 1;
        let mut value = input.to_owned();
        for (index, kernel) in kernels.into_iter().enumerate() {
            let stride = if index == strided { block.stride } else { 1 };
            let groups = if kernel == 3 { block.groups } else { 1 };
            let geometry = Convolution::new(kernel, stride, groups);
            value = self.convolution(&format!("{name}.conv{}", index + 1), &value, &geometry)?;
            value = self.normalisation(&format!("{name}.bn{}", index + 1), &value)?;
            if index < last {
                value = self.relu(&format!("{name}.relu{}", index + 1), &value);
            }
        }
        let mut shortcut = input.to_owned();
        if block.has_downsample() {
            let geometry = Convolution::new(1, block.stride, 1);
            shortcut = self.convolution(&format!("{name}.downsample.0"), input, &geometry)?;
            shortcut = self.normalisation(&format!("{name}.downsample.1"), &shortcut)?;
        }
        value = self
            .builder
            .node("Add", &format!("{name}.add"), &[&value, &shortcut], []);
        Ok(self.relu(&format!("{name}.relu"), &value))
    }

    fn convolution(&mut self, name: &str, input: &str, geometry: &Convolution) -> Result<String> {
        let weight = self.weight(&format!("{name}.weight"))?;
        let Convolution {
            kernel,
            stride,
            groups,
        } = *geometry;
        let mut attributes = vec![
            Attribute::ints("dilations", [1; 2]),
            Attribute::int("group", groups),
        ];
        attributes.extend(window(kernel, stride, kernel / 2));
        Ok(self
            .builder
            .node("Conv", name, &[input, &weight], attributes))
    }

    fn normalisation(&mut self, name: &str, input: &str) -> Result<String> {
        let weight = self.weight(&format!("{name}.weight"))?;
        let bias = self.weight(&format!("{name}.bias"))?;
        let mean = self.weight(&format!("{name}.running_mean"))?;
        let variance = self.weight(&format!("{name}.running_var"))?;
        let inputs = [input, &weight, &bias, &mean, &variance];
        let epsilon = [Attribute::float("epsilon", EPSILON)];
        Ok(self
            .builder
            .node("BatchNormalization", name, &inputs, epsilon))
    }

    fn relu(&mut self, name: &str, input: &str) -> String {
        self.builder.node("Relu", name, &[input], [])
    }

    fn classifier(&mut self, name: &str, input: &str) -> Result<()> {
        let weight = self.weight(&format!("{name}.weight"))?;
        let bias = self.weight(&format!("{name}.bias"))?;
        let transposed = [Attribute::int("transB", 1)];
        self.builder.node_to(
            "Gemm",
            name,
            &[input, &weight, &bias],
            &["output"],
            transposed,
        );
        Ok(())
    }

    fn weight(&mut self, name: &str) -> Result<String> {
        let tensor = self.checkpoint.get(name).ok_or_else(|| {
            Error::new(
                ErrorKind::Shape,
                format!("the checkpoint has no tensor {name}"),
            )
        })?;
        let data = single_precision(tensor)?;
        Ok(self
            .builder
            .initializer(name, DataType::F32, tensor.shape(), data))
    }
}

/// The elements as little-endian f32, shared where they are that already.
fn single_precision(tensor: Tensor<'_>) -> Result<Bytes> {
    if tensor.dtype() == crate::weights::DataType::F32 {
        return Ok(tensor.shared_bytes());
    }
    let values = tensor.to_f32()?;
    let bytes = values.into_iter().flat_map(f32::to_le_bytes);
    Ok(bytes.collect())
}

use ascend_graph::onnx::{self, Attribute, Builder, Dim};
use bytes::Bytes;

use super::{Block, Precision, ResNet, ResNetOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::weights::{self, Checkpoint, Tensor};

/// The epsilon of torchvision's batch normalisations.
const EPSILON: f32 = 1e-5;

/// The network as ONNX with the weights of `checkpoint`.
pub(super) fn pour(
    network: &ResNet,
    checkpoint: &Checkpoint,
    options: &ResNetOptions,
) -> Result<onnx::Model> {
    let mut pour = Pour {
        checkpoint,
        opset: options.opset,
        precision: options.precision,
        builder: Builder::new("resnet", options.opset),
    };
    let fixed = |len: usize| Dim::Fixed(i64::try_from(len).unwrap_or(i64::MAX));
    let batch = options
        .batch
        .map_or_else(|| Dim::Named("batch_size".to_owned()), fixed);
    let (height, width) = options.size;
    let dims = [
        batch.clone(),
        fixed(network.channels),
        fixed(height),
        fixed(width),
    ];
    let mut value = pour.builder.input("input", options.io.dtype(), &dims);
    if options.io != options.precision {
        pour.cast(
            "input_cast",
            &value,
            options.precision,
            "input_cast_output_0",
        );
        "input_cast_output_0".clone_into(&mut value);
    }
    value = pour.convolution("conv1", &value, &Convolution::new(7, 2, 1))?;
    value = pour.normalisation("bn1", &value)?;
    value = pour.relu("relu", &value);
    value = pour
        .builder
        .node("MaxPool", "maxpool", &[&value], window(3, 2, 1));
    for (index, stage) in network.stages.iter().enumerate() {
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
    if options.io == options.precision {
        pour.classifier("fc", &value, "output")?;
    } else {
        pour.classifier("fc", &value, "fc_output_0")?;
        pour.cast("output_cast", "fc_output_0", options.io, "output");
    }
    let dims = [batch, fixed(network.classes)];
    pour.builder.output("output", options.io.dtype(), &dims);
    Ok(pour.builder.build()?)
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
    opset: i64,
    precision: Precision,
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
        // Where an operator set allows it, the parameters keep single precision.
        let affine = if self.opset < 15 {
            self.precision
        } else {
            Precision::Single
        };
        let moments = if self.opset < 14 {
            self.precision
        } else {
            Precision::Single
        };
        let weight = self.weight_in(&format!("{name}.weight"), affine)?;
        let bias = self.weight_in(&format!("{name}.bias"), affine)?;
        let mean = self.weight_in(&format!("{name}.running_mean"), moments)?;
        let variance = self.weight_in(&format!("{name}.running_var"), moments)?;
        let inputs = [input, &weight, &bias, &mean, &variance];
        let epsilon = [Attribute::float("epsilon", EPSILON)];
        Ok(self
            .builder
            .node("BatchNormalization", name, &inputs, epsilon))
    }

    fn relu(&mut self, name: &str, input: &str) -> String {
        self.builder.node("Relu", name, &[input], [])
    }

    fn cast(&mut self, name: &str, input: &str, to: Precision, output: &str) {
        let code = to.dtype().onnx_code().unwrap_or_default();
        let to = [Attribute::int("to", code.into())];
        self.builder.node_to("Cast", name, &[input], &[output], to);
    }

    fn classifier(&mut self, name: &str, input: &str, output: &str) -> Result<()> {
        let weight = self.weight(&format!("{name}.weight"))?;
        let bias = self.weight(&format!("{name}.bias"))?;
        let transposed = [Attribute::int("transB", 1)];
        self.builder.node_to(
            "Gemm",
            name,
            &[input, &weight, &bias],
            &[output],
            transposed,
        );
        Ok(())
    }

    /// The constant of a weight, in the network's precision.
    fn weight(&mut self, name: &str) -> Result<String> {
        self.weight_in(name, self.precision)
    }

    fn weight_in(&mut self, name: &str, precision: Precision) -> Result<String> {
        let tensor = self.checkpoint.get(name).ok_or_else(|| {
            Error::new(
                ErrorKind::Shape,
                format!("the checkpoint has no tensor {name}: get the whole of it, or export the model to ONNX and convert that"),
            )
        })?;
        let data = elements(tensor, precision)?;
        Ok(self
            .builder
            .initializer(name, precision.dtype(), tensor.shape(), data))
    }
}

/// The elements as little-endian floats, shared where they are that already.
fn elements(tensor: Tensor<'_>, precision: Precision) -> Result<Bytes> {
    let (bytes, overflows) = tensor.shared_cast(match precision {
        Precision::Single => weights::DataType::F32,
        Precision::Half => weights::DataType::F16,
    })?;
    if !overflows {
        return Ok(bytes);
    }
    let message = format!(
        "tensor {:?} holds numbers beyond 65504, where float16 ends; convert without --dtype f16, or \
         with --opset 15, from which on batch normalisations keep float32",
        tensor.name()
    );
    Err(Error::new(ErrorKind::Unsupported, message))
}

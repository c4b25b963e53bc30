use super::{Block, ResNet, Stage};
use crate::error::{Error, ErrorKind, Result};
use crate::weights::Checkpoint;

/// Reads the variant off the shapes.
pub(super) struct Reader<'a> {
    pub(super) checkpoint: &'a Checkpoint,
}

impl Reader<'_> {
    pub(super) fn network(&self) -> Result<ResNet> {
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
                 checkpoint is incomplete; get the whole of it"
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

//! Architectures that weights can be poured into.
//!
//! A PyTorch state dict holds numbers without the network they belong to. The zoo knows some
//! families well enough to read the network off the tensors' names and shapes, and to write it as
//! ONNX with those numbers in it.

mod resnet;
mod shapes;

pub use resnet::{Block, Precision, ResNet, ResNetOptions, Stage};

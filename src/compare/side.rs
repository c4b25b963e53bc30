//! One side of a comparison.

use std::path::Path;

use ascend_graph::{Text, onnx, text};

use super::feed::Feed;
use super::network::Network;
use super::offline::Offline;
use super::stored::Stored;
use super::value::Value;
use crate::convert::Options;
use crate::device::Device;
use crate::error::Result;
use crate::model::{AippParameters, TensorSpec};
use crate::tensor::Tensor;

/// One side of a comparison: a model that is run, or tensors in files.
#[derive(Debug)]
pub struct Side {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Network(Box<Network>),
    Offline(Box<Offline>),
    Stored(Stored),
}

impl Side {
    /// An ONNX network, which gives what each of its nodes gives, on `device`, which has to be the CPU
    /// device. The engine and the shapes of inputs are those of `options`.
    ///
    /// # Errors
    ///
    /// As for [`convert`](crate::convert::convert) to an `.om` for the CPU device.
    pub fn network(model: onnx::Model, device: &Device, options: &Options) -> Result<Self> {
        let network = Network::new(model, None, device.clone(), options.clone())?;
        Ok(Self {
            kind: Kind::Network(Box::new(network)),
        })
    }

    /// As [`Side::network`], with the values that `like` has: another form of the same network, such as the
    /// one from before it was [rounded](onnx::Model::rounded), which has no nodes that round.
    ///
    /// # Errors
    ///
    /// As for [`Side::network`].
    pub fn network_like(
        like: &onnx::Model,
        model: onnx::Model,
        device: &Device,
        options: &Options,
    ) -> Result<Self> {
        let network = Network::new(model, Some(like), device.clone(), options.clone())?;
        Ok(Self {
            kind: Kind::Network(Box::new(network)),
        })
    }

    /// The `.om` at `path` on the device that it is for, which gives its outputs. With a folder, which has to
    /// be there, it also gives what its operators give: the device dumps that into the folder, for one run at a time.
    ///
    /// # Errors
    ///
    /// As for [`Session::load`](crate::Session::load).
    pub fn offline(device: &Device, path: &Path, dump: Option<&Path>) -> Result<Self> {
        let offline = Offline::load(device, path, dump)?;
        Ok(Self {
            kind: Kind::Offline(Box::new(offline)),
        })
    }

    /// Sets how the device preprocesses the pictures of an `.om` that takes such parameters with the runs
    /// ([`AippSpec::Dynamic`](crate::model::AippSpec::Dynamic)); other sides have no use for them.
    #[must_use]
    pub fn with_aipp(mut self, parameters: &AippParameters) -> Self {
        if let Kind::Offline(offline) = &mut self.kind {
            offline.set_aipp(parameters);
        }
        self
    }

    /// Tensors in files: an `.npy` or `.npz` file, or a folder of them or of what a device dumped, however
    /// deep it lies in folders. They are called after values or nodes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if they cannot be read,
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if there are none.
    pub fn stored(path: &Path) -> Result<Self> {
        Ok(Self {
            kind: Kind::Stored(Stored::open(path)?),
        })
    }

    /// What it can give, each after what it is made of where that is known.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        match &self.kind {
            Kind::Network(network) => &network.values,
            Kind::Offline(offline) => &offline.values,
            Kind::Stored(stored) => &stored.values,
        }
    }

    /// The inputs of the model; `None` for tensors in files.
    #[must_use]
    pub fn inputs(&self) -> Option<&[TensorSpec]> {
        match &self.kind {
            Kind::Network(network) => Some(network.inputs()),
            Kind::Offline(offline) => Some(offline.inputs()),
            Kind::Stored(_) => None,
        }
    }

    /// Takes the inputs of the run; tensors in files have no use for them.
    ///
    /// # Errors
    ///
    /// As for [`Session::run`](crate::Session::run).
    pub fn feed(&mut self, feed: &Feed) -> Result<()> {
        match &mut self.kind {
            Kind::Network(network) => network.feed(feed),
            Kind::Offline(offline) => offline.feed(feed),
            Kind::Stored(_) => Ok(()),
        }
    }

    /// What it is, for people.
    #[must_use]
    pub fn about(&self) -> Text {
        match &self.kind {
            Kind::Network(network) => {
                let count = network.nodes();
                text!("a network of {count} nodes, on the CPU device", count)
            }
            Kind::Offline(offline) if offline.dumped() > 0 => {
                text!(
                    "an .om, with {count} dumped tensors",
                    count = offline.dumped()
                )
            }
            Kind::Offline(_) => text!("an .om, which gives its outputs only"),
            Kind::Stored(stored) if stored.dumps > 0 => {
                text!("{count} dumped tensors", count = stored.values.len())
            }
            Kind::Stored(stored) => text!("{count} tensors in files", count = stored.values.len()),
        }
    }

    /// What was left out, and why.
    #[must_use]
    pub fn skipped(&self) -> &[Text] {
        match &self.kind {
            Kind::Stored(stored) => &stored.skipped,
            Kind::Offline(offline) => &offline.skipped,
            Kind::Network(network) => &network.skipped,
        }
    }

    /// Whether it knows which value is made of which.
    pub(super) fn knows_order(&self) -> bool {
        matches!(self.kind, Kind::Network(_))
    }

    /// Whether it is a model, which gives all of its outputs.
    pub(super) fn is_model(&self) -> bool {
        !matches!(self.kind, Kind::Stored(_))
    }

    /// Tells which values will be asked for.
    pub(super) fn expect(&mut self, wanted: &[usize]) {
        if let Kind::Network(network) = &mut self.kind {
            network.expect(wanted);
        }
    }

    /// About how many bytes a value takes that is expected, where that can be told.
    pub(super) fn bytes(&self, value: usize) -> Option<u64> {
        match &self.kind {
            Kind::Network(network) => network.bytes(value),
            Kind::Offline(offline) => offline.bytes(value),
            Kind::Stored(stored) => stored.bytes(value),
        }
    }

    /// The values, each or why it cannot be had.
    pub(super) fn take(&self, wanted: &[usize]) -> Vec<Result<Tensor<'static>, String>> {
        let each = |take: &dyn Fn(usize) -> Result<Tensor<'static>>| {
            let taken = wanted.iter().map(|&value| take(value));
            taken
                .map(|taken| taken.map_err(|error| error.to_string()))
                .collect()
        };
        match &self.kind {
            Kind::Network(network) => network.take(wanted),
            Kind::Offline(offline) => each(&|value| offline.take(value)),
            Kind::Stored(stored) => each(&|value| stored.take(value)),
        }
    }
}

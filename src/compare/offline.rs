//! An `.om` on a device, which gives its outputs.

use std::path::Path;

use super::feed::Feed;
use super::value::Value;
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};
use crate::model::TensorSpec;
use crate::session::Session;
use crate::tensor::Tensor;

/// An `.om` on a device.
#[derive(Debug)]
pub(super) struct Offline {
    session: Session,
    pub(super) values: Vec<Value>,
    outputs: Vec<Tensor<'static>>,
}

impl Offline {
    pub(super) fn load(device: &Device, path: &Path) -> Result<Self> {
        let session = Session::load(device, path)?;
        let outputs = &session.description().outputs;
        let values = outputs.iter().map(|spec| {
            let parts = spec.name.strip_suffix(spec.short_name());
            let parts = parts.and_then(|node| node.strip_suffix(':'));
            let (node, index) = parts
                .and_then(|node| node.rsplit_once(':'))
                .unwrap_or_default();
            Value {
                tensor: spec.short_name().to_owned(),
                node: node.to_owned(),
                index: index.parse().unwrap_or(0),
                is_output: true,
                dtype: Some(spec.dtype),
                ..Value::default()
            }
        });
        Ok(Self {
            values: values.collect(),
            outputs: Vec::new(),
            session,
        })
    }

    pub(super) fn inputs(&self) -> &[TensorSpec] {
        &self.session.description().inputs
    }

    /// Runs the model.
    pub(super) fn feed(&mut self, feed: &Feed) -> Result<()> {
        let given = feed.for_inputs(&self.session.description().inputs)?;
        let outputs = self.session.run(&given.inputs()?)?;
        let outputs = outputs.iter().map(|output| Tensor {
            dtype: output.dtype(),
            shape: output.shape().to_vec().into(),
            bytes: output.bytes().to_vec().into(),
        });
        self.outputs = outputs.collect();
        Ok(())
    }

    pub(super) fn take(&self, value: usize) -> Result<Tensor<'static>> {
        let output = self.outputs.get(value).cloned();
        output.ok_or_else(|| {
            let message = "the model was not run yet: give it inputs first";
            Error::new(ErrorKind::InvalidArgument, message)
        })
    }

    pub(super) fn bytes(&self, value: usize) -> Option<u64> {
        self.outputs
            .get(value)
            .map(|output| output.bytes.len() as u64)
    }
}

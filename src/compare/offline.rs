//! An `.om` on a device, which gives its outputs, and by a dump what its operators give.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use ascend_graph::{DataType, Text, text};

use super::feed::Feed;
use super::stored::Stored;
use super::value::{Value, plain};
use crate::device::Device;
use crate::dump::DumpConfig;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AippParameters, AippSpec, TensorSpec};
use crate::session::Session;
use crate::tensor::Tensor;

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// What was dumped, by its place there.
    Dumped(usize),
    /// The run, by the place among the outputs.
    Output(usize),
}

/// An `.om` on a device.
#[derive(Debug)]
pub(super) struct Offline {
    path: PathBuf,
    device: Device,
    /// Where dumps go, if they are made: each run has a folder in it.
    folder: Option<PathBuf>,
    runs: usize,
    inputs: Vec<TensorSpec>,
    /// How the device preprocesses pictures, where it takes that with the runs.
    aipp: Option<AippParameters>,
    /// What was dumped, in the order in which it was made, outputs in their places, then other outputs.
    pub(super) values: Vec<Value>,
    outputs: Vec<Tensor<'static>>,
    /// What was dumped.
    dumped: Stored,
    /// Where each value comes from.
    sources: Vec<Source>,
    /// Why there is no dump, though one was asked for.
    pub(super) skipped: Vec<Text>,
}

impl Offline {
    /// Loads the model once, to see whether that goes and what it takes.
    pub(super) fn load(device: &Device, path: &Path, folder: Option<&Path>) -> Result<Self> {
        let session = Session::load(device, path)?;
        let description = session.description();
        let values = description.outputs.iter().map(output);
        Ok(Self {
            values: values.collect(),
            inputs: description.inputs.clone(),
            path: path.to_owned(),
            device: device.clone(),
            folder: folder.map(Path::to_owned),
            runs: 0,
            aipp: None,
            outputs: Vec::new(),
            dumped: Stored::default(),
            sources: (0..description.outputs.len()).map(Source::Output).collect(),
            skipped: Vec::new(),
        })
    }

    pub(super) fn inputs(&self) -> &[TensorSpec] {
        &self.inputs
    }

    /// Takes the parameters of preprocessing; the inputs are pictures then.
    pub(super) fn set_aipp(&mut self, parameters: &AippParameters) {
        for spec in self.inputs.iter_mut().filter(|spec| is_dynamic(spec)) {
            let batch = spec.dims.first().copied().flatten().unwrap_or(1);
            spec.dtype = DataType::U8;
            spec.dims = parameters.shape(batch).into_iter().map(Some).collect();
        }
        self.aipp = Some(parameters.clone());
    }

    /// How many values were dumped.
    pub(super) fn dumped(&self) -> usize {
        let sources = self.sources.iter();
        sources
            .filter(|source| matches!(source, Source::Dumped(_)))
            .count()
    }

    /// Runs the model, with a dump if there is a place for it.
    pub(super) fn feed(&mut self, feed: &Feed) -> Result<()> {
        let Some(place) = self.folder.clone() else {
            return self.run(feed);
        };
        let of_run = |run: usize| place.join(run.to_string());
        // the last one was compared
        if self.runs > 0 {
            fs::remove_dir_all(of_run(self.runs)).map_err(|error| of_folder(&place, error))?;
        }
        self.runs += 1;
        self.skipped.clear();
        let folder = of_run(self.runs);
        fs::create_dir(&folder).map_err(|error| of_folder(&folder, error))?;
        // it holds for models that are loaded after it
        let config = DumpConfig::new(&folder).model_of(&self.path);
        match self.device.acl().dump(&config) {
            Ok(dump) => {
                self.run(feed)?;
                dump.finish()?;
                self.take_dump(&folder);
            }
            Err(error) => {
                self.run(feed)?;
                let why = error.to_string();
                self.skipped
                    .push(text!("only outputs are compared: {why}", why));
            }
        }
        Ok(())
    }

    fn run(&mut self, feed: &Feed) -> Result<()> {
        let mut session = Session::load(&self.device, &self.path)?;
        let given = feed.for_inputs(&self.inputs)?;
        if let Some(parameters) = &self.aipp {
            for spec in self.inputs.iter().filter(|spec| is_dynamic(spec)) {
                session.set_aipp(&spec.name, parameters.clone())?;
            }
        }
        let outputs = session.run(&given.inputs()?)?;
        let outputs = outputs.iter().map(|output| Tensor {
            dtype: output.dtype(),
            shape: output.shape().to_vec().into(),
            bytes: output.bytes().to_vec().into(),
        });
        self.outputs = outputs.collect();
        Ok(())
    }

    /// Adds what was dumped to the values, but for what is an output.
    fn take_dump(&mut self, folder: &Path) {
        match Stored::open(folder) {
            Ok(dumped) => self.dumped = dumped,
            Err(error) => {
                let why = error.to_string();
                self.skipped
                    .push(text!("only outputs are compared: {why}", why));
                return;
            }
        }
        self.skipped.append(&mut self.dumped.skipped);
        let values = self.values.drain(..).zip(self.sources.drain(..));
        let mut outputs: Vec<(Value, Source)> = values
            .filter(|(_, source)| matches!(source, Source::Output(_)))
            .collect();
        let key = |value: &Value| (plain(&value.node), value.index);
        let known: HashSet<(String, usize)> = outputs.iter().map(|(value, _)| key(value)).collect();
        let mut all = Vec::new();
        for (place, value) in self.dumped.values.iter().enumerate() {
            let key_of_dump = key(value);
            if known.contains(&key_of_dump) {
                // the output itself, where its operator ran
                all.extend(outputs.extract_if(.., |(output, _)| key(output) == key_of_dump));
            } else {
                all.push((value.clone(), Source::Dumped(place)));
            }
        }
        all.append(&mut outputs);
        (self.values, self.sources) = all.into_iter().unzip();
    }

    pub(super) fn take(&self, value: usize) -> Result<Tensor<'static>> {
        if let Some(Source::Dumped(place)) = self.sources.get(value) {
            return self.dumped.take(*place);
        }
        self.output(value).cloned().ok_or_else(|| {
            let message = "the model was not run yet: give it inputs first";
            Error::new(ErrorKind::InvalidArgument, message)
        })
    }

    pub(super) fn bytes(&self, value: usize) -> Option<u64> {
        match self.sources.get(value) {
            Some(Source::Dumped(place)) => self.dumped.bytes(*place),
            _ => self.output(value).map(|output| output.bytes.len() as u64),
        }
    }

    fn output(&self, value: usize) -> Option<&Tensor<'static>> {
        match self.sources.get(value)? {
            Source::Output(place) => self.outputs.get(*place),
            Source::Dumped(_) => None,
        }
    }
}

fn is_dynamic(spec: &TensorSpec) -> bool {
    matches!(spec.aipp, Some(AippSpec::Dynamic { .. }))
}

fn of_folder(folder: &Path, error: io::Error) -> Error {
    let message = format!(
        "the folder {} for dumps cannot be used: {error}; name another one, which may be written",
        folder.display()
    );
    Error::new(ErrorKind::Io, message).with_source(error)
}

/// An output, which an `.om` calls `node:index:name`.
fn output(spec: &TensorSpec) -> Value {
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
}

//! An ONNX model.

mod graph;
mod summary;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;

use anyhow::Result;
use ascend_graph::onnx::{self, Tensor, TensorInfo};
use ascend_rt::convert::Beside;
use ascend_rt::{DataType, ErrorKind};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::Args;
use super::digest::sha256;
use super::model::constant::Constant;
use super::model::graph::Graph;
use super::model::{Model, Summary, tell};

pub(super) fn run(args: &Args, file: &Bytes) -> Result<()> {
    args.check_for_model()?;
    if args.atc_json {
        let message = "it is ONNX, and --atc-json shows the graph of an .om: convert it first";
        return Err(args.error(ErrorKind::InvalidArgument, message).into());
    }
    let model = onnx::Model::read(file)
        .and_then(|model| model.graph().map(|_| ()).map(|()| model))
        .map_err(|error| args.error(error.kind().into(), error.to_string()))?;
    let name = args.file.file_name().unwrap_or(args.file.as_os_str());
    let file = file.clone();
    let told = Onnx {
        path: args.file.clone(),
        name: name.to_string_lossy().into_owned(),
        file,
        model,
    };
    tell(args, &told)
}

/// A file, and what was read from it.
struct Onnx {
    path: PathBuf,
    name: String,
    file: Bytes,
    model: onnx::Model,
}

/// What is known of the constants.
#[derive(Default)]
struct Constants {
    count: usize,
    bytes: u64,
    /// The files beside the model, with how many constants and bytes are in each, and whether they
    /// are there.
    external: Vec<External>,
}

struct External {
    file: String,
    count: usize,
    bytes: u64,
    is_there: bool,
}

impl Onnx {
    /// The graph; that there is one was checked.
    fn graph(&self) -> Option<&onnx::Graph> {
        self.model.graph.as_ref()
    }

    /// The constants of all graphs, without recursion: those inside of nodes have their own.
    fn initializers(&self) -> Vec<&Tensor> {
        let mut found = Vec::new();
        let mut waiting: VecDeque<_> = self.graph().into_iter().collect();
        while let Some(graph) = waiting.pop_front() {
            found.extend(&graph.initializer);
            waiting.extend(graph.node.iter().flat_map(onnx::Node::subgraphs));
        }
        found
    }

    fn count_constants(&self) -> Constants {
        let mut told = Constants::default();
        let (beside, mut places) = (Beside::of(&self.path), HashMap::new());
        for tensor in self.initializers() {
            let bytes = tensor.byte_len().unwrap_or(0);
            told.count += 1;
            told.bytes = told.bytes.saturating_add(bytes);
            let Ok(Some(place)) = tensor.external() else {
                continue;
            };
            let external = match places.entry(place.location) {
                Entry::Occupied(entry) => &mut told.external[*entry.get()],
                Entry::Vacant(entry) => {
                    told.external.push(External {
                        file: entry.key().clone(),
                        count: 0,
                        bytes: 0,
                        is_there: matches!(beside.open(entry.key()), Ok(Some(_))),
                    });
                    let index = *entry.insert(told.external.len() - 1);
                    &mut told.external[index]
                }
            };
            external.count += 1;
            external.bytes = external.bytes.saturating_add(bytes);
        }
        told
    }
}

impl Model for Onnx {
    fn summary(&self) -> Summary {
        summary::of(self)
    }

    fn json(&self) -> Map<String, Value> {
        let model = &self.model;
        let opsets = model.opset_import.iter();
        let opsets = opsets.map(|set| json!({"domain": set.domain, "version": set.version}));
        let metadata = model.metadata_props.iter();
        let metadata: Map<_, _> = metadata
            .map(|one| (one.key.clone(), json!(one.value)))
            .collect();
        let constants = self.count_constants();
        let external = constants.external.iter().map(|one| {
            json!({"file": one.file, "count": one.count, "nbytes": one.bytes, "found": one.is_there})
        });
        let graph = self.graph();
        let told = json!({
            "file": self.name,
            "outcome": "ok",
            "form": "onnx",
            "size": self.file.len(),
            "sha256": sha256(&self.file, |_| ()),
            "ir_version": model.ir_version,
            "opset": model.opset(),
            "opsets": opsets.collect::<Value>(),
            "producer": model.producer_name,
            "producer_version": model.producer_version,
            "model_version": model.model_version,
            "domain": model.domain,
            "metadata": metadata,
            "graph": graph.map(|graph| &graph.name),
            "node_count": graph.map(|graph| graph.node.len()),
            "op_types": summary::histogram(graph).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            "inputs": infos(model.inputs()),
            "outputs": infos(model.outputs()),
            "initializers": {"count": constants.count, "nbytes": constants.bytes},
            "external_data": external.collect::<Value>(),
            "functions": model.functions.len(),
            "warnings": summary::warnings(self),
        });
        match told {
            Value::Object(told) => told,
            _ => Map::new(),
        }
    }

    fn graphs(&self) -> Vec<Graph> {
        self.graph().map(graph::graphs).unwrap_or_default()
    }

    fn constants(&self, _has_elements: bool) -> Vec<Constant> {
        let (beside, mut files) = (Beside::of(&self.path), HashMap::new());
        let constants = self.initializers().into_iter();
        constants
            .map(|tensor| constant(tensor, &beside, &mut files))
            .collect()
    }
}

/// Files beside the model that were opened, or why they were not.
type Files = HashMap<String, Result<Bytes, String>>;

fn constant(tensor: &Tensor, beside: &Beside, files: &mut Files) -> Constant {
    let dtype = tensor.dtype().ok();
    let (place, data) = match tensor.external() {
        Ok(Some(place)) => {
            let opened = files.entry(place.location.clone()).or_insert_with(|| {
                let file = beside.open(&place.location);
                let file = file.map_err(|error| error.to_string())?;
                file.ok_or_else(|| "its file is not beside the model".to_owned())
            });
            let data = opened.clone().and_then(|file| {
                let length = place.length.or(tensor.byte_len().ok()).unwrap_or(0);
                let end = place
                    .offset
                    .checked_add(length)
                    .and_then(|end| usize::try_from(end).ok());
                let range = usize::try_from(place.offset).ok().zip(end);
                let range = range.filter(|&(start, end)| start <= end && end <= file.len());
                range
                    .map(|(start, end)| file.slice(start..end))
                    .ok_or_else(|| format!("outside of the {} bytes of its file", file.len()))
            });
            (format!("{} at {}", place.location, place.offset), data)
        }
        Ok(None) => (
            "inline".to_owned(),
            tensor.bytes().map_err(|error| error.to_string()),
        ),
        Err(error) => ("nowhere".to_owned(), Err(error.to_string())),
    };
    Constant {
        name: tensor.name.clone(),
        spelling: type_name(dtype, tensor.data_type),
        dtype,
        shape: tensor.dims.clone(),
        layout: String::new(),
        origin: None,
        bytes: tensor.byte_len().unwrap_or(0),
        place,
        data,
    }
}

fn type_name(dtype: Option<DataType>, code: i32) -> String {
    dtype.map_or_else(
        || format!("unknown type {code}"),
        |dtype| dtype.name().to_owned(),
    )
}

fn infos(infos: ascend_graph::Result<Vec<TensorInfo>>) -> Value {
    let infos = match infos {
        Ok(infos) => infos,
        Err(error) => return json!({"error": error.to_string()}),
    };
    let info = |info: &TensorInfo| {
        let dims = info.dims.as_ref().map(|dims| {
            let dim = |dim: &onnx::Dim| match dim {
                onnx::Dim::Fixed(extent) => json!(extent),
                onnx::Dim::Named(name) => json!(name),
                onnx::Dim::Unknown => Value::Null,
            };
            dims.iter().map(dim).collect::<Value>()
        });
        json!({"name": info.name, "dtype": info.dtype.name(), "shape": dims})
    };
    infos.iter().map(info).collect()
}

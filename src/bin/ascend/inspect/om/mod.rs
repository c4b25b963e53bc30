//! An `.om`.

mod atc_json;
mod attribute;
mod facts;
mod fit;
mod graph;
pub(super) mod header;
mod interface;
mod json;
mod summary;

use std::io::{self, BufWriter, Write as _};

use anyhow::Result;
use ascend_graph::om::{self, Place};
use ascend_rt::ErrorKind;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use self::facts::Facts;
use self::fit::Fit;
use super::Args;
use super::digest::sha256;
use super::model::constant::Constant;
use super::model::graph::Graph;
use super::model::{Model, Summary, tell};
use crate::device::DeviceArgs;
use crate::weights::shown;

pub(super) fn run(args: &Args, device: &DeviceArgs, file: &Bytes) -> Result<()> {
    args.check_for_model()?;
    let facts =
        Facts::read(file).map_err(|error| args.error(error.kind(), error.text().clone()))?;
    let name = args.file.file_name().unwrap_or(args.file.as_os_str());
    let name = name.to_string_lossy().into_owned();
    if facts.is_encrypted {
        if !args.json {
            let mut out = io::stdout().lock();
            writeln!(out, "file  {}", shown(&name))?;
            writeln!(out, "kind  {}", facts.kind.description())?;
        }
        let message =
            "it is encrypted, so only its header can be told; ask who made it for a plain one";
        return Err(args.error(ErrorKind::Unsupported, message).into());
    }
    if args.atc_json {
        let model = facts.main().filter(|one| !one.model.graph.is_empty());
        let Some(model) = model else {
            let message = "there is no graph in it itself; --json tells what is in it";
            return Err(args.error(ErrorKind::Unsupported, message).into());
        };
        let mut out = BufWriter::new(io::stdout().lock());
        writeln!(out, "{:#}", atc_json::model(&model.model))?;
        out.flush()?;
        return Ok(());
    }
    let fit = Fit::of(&facts, device);
    let file = file.clone();
    let om = Om {
        name,
        file,
        facts,
        fit,
    };
    tell(args, &om)
}

/// A file, and what is known of it.
struct Om {
    name: String,
    file: Bytes,
    facts: Facts,
    fit: Fit,
}

impl Model for Om {
    fn summary(&self) -> Summary {
        summary::of(&self.facts, &self.name, self.file.len(), &self.fit)
    }

    fn json(&self) -> Map<String, Value> {
        let mut told = json::facts(&self.facts);
        told.extend(json::container(&self.facts, &self.file));
        let mut add = |key: &str, value: Value| told.insert(key.to_owned(), value);
        add("file", json!(self.name));
        add("outcome", json!("ok"));
        add("form", json!("om"));
        add("size", json!(self.file.len()));
        add("sha256", json!(sha256(&self.file, |_| ())));
        add("runs_here", json!(self.fit.is_fit()));
        add("runs_here_because", json!(self.fit.why()));
        told
    }

    fn graphs(&self) -> Vec<Graph> {
        graph::graphs(&self.facts)
    }

    fn constants(&self, has_elements: bool) -> Vec<Constant> {
        let models = self.facts.all().into_iter().flat_map(|facts| &facts.models);
        let constants = models.flat_map(|model| &model.constants);
        constants.map(|one| constant(one, has_elements)).collect()
    }
}

/// A constant; its elements, if they are wanted, in the layout that the model was made with.
fn constant(constant: &om::Constant, has_elements: bool) -> Constant {
    let stored = constant.bytes();
    let bytes = stored.as_ref().map_or(0, Bytes::len) as u64;
    let plain = has_elements.then(|| constant.unpack().map(|plain| plain.data));
    let place = match &constant.place {
        Place::Graph => "in the graph".to_owned(),
        Place::Weights { offset, .. } => format!("WEIGHTS_DATA at {offset}"),
        Place::File { name, offset, .. } => format!("{name} at {offset}"),
        _ => "elsewhere".to_owned(),
    };
    let origin = constant.origin.as_ref();
    let is_other = |one: &&om::Origin| one.layout != constant.layout || one.dims != constant.dims;
    Constant {
        name: constant.name.clone(),
        spelling: constant.dtype.ge_name().unwrap_or_default(),
        dtype: Some(constant.dtype),
        shape: constant.dims.clone(),
        layout: constant.layout.clone(),
        origin: origin
            .filter(is_other)
            .map(|origin| (origin.layout.clone(), origin.dims.clone())),
        bytes: match &constant.place {
            Place::File { length, .. } => u64::try_from(*length).unwrap_or(0),
            _ => bytes,
        },
        place,
        data: plain.unwrap_or(stored).map_err(|error| error.to_string()),
    }
}

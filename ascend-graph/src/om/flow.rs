//! Flows: several models that feed each other, in one file.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;

use super::model::decode;
use super::proto::Part;
use super::{GraphDef, Header, OmFile, OmModel, Partition, PartitionKind};
use crate::Result;

/// Models that feed each other.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The graph of the whole, in which each of the others is an operator.
    pub model: OmModel,
    /// The flow's name.
    pub name: String,
    /// The names of the models, as the flow lists them.
    pub names: Vec<String>,
    /// The models, in the order of the file.
    pub submodels: Vec<Submodel>,
}

/// One of the models of a flow.
#[derive(Clone, Debug)]
pub struct Submodel {
    /// The name.
    pub name: String,
    /// What runs it, such as `NPU` or `CPU`.
    pub model_type: String,
    /// The graph, where the file tells it beside the model.
    pub graph: Option<GraphDef>,
    /// More facts.
    pub attributes: BTreeMap<String, String>,
    /// The model is one of the functions that come with CANN.
    pub is_built_in: bool,
    /// Where the model is, if it is in another file.
    pub path: String,
    /// The bytes of the model.
    pub bytes: u64,
    /// The model, if it is an `.om`.
    pub file: Option<OmFile>,
}

impl Flow {
    pub(super) fn read(header: &Header, partitions: Vec<Partition>, level: usize) -> Result<Self> {
        let mut model = OmModel::read(header, partitions, &mut None)?;
        let described = model.partitions.iter();
        let described = described.filter(|part| part.kind == PartitionKind::FLOW_MODEL);
        let flow = described
            .take(1)
            .map(|part| decode::<FlowModelDef>(part, Part::Leaf))
            .next()
            .transpose()?
            .unwrap_or_default();
        let mut submodels = Vec::new();
        let parts = model.partitions.iter();
        for part in parts.filter(|part| part.kind == PartitionKind::FLOW_SUBMODEL) {
            let submodel: SubmodelDef = decode(part, Part::Submodel)?;
            submodels.push(submodel.open(level, &mut model.warnings)?);
        }
        let found: Vec<_> = submodels.iter().map(|part| &part.name).collect();
        if !flow.submodel_name.iter().eq(found.iter().copied()) {
            model.warnings.push(format!(
                "the flow lists {} models, the file has {} of these names or in this order",
                flow.submodel_name.len(),
                found.len()
            ));
        }
        Ok(Self {
            model,
            name: flow.model_name,
            names: flow.submodel_name,
            submodels,
        })
    }
}

/// The content of the partition `FLOW_MODEL`.
#[derive(Clone, PartialEq, Message)]
struct FlowModelDef {
    #[prost(string, tag = "1")]
    model_name: String,
    #[prost(string, repeated, tag = "3")]
    submodel_name: Vec<String>,
}

/// The content of a partition `FLOW_SUBMODEL`.
#[derive(Clone, PartialEq, Message)]
struct SubmodelDef {
    #[prost(string, tag = "1")]
    model_name: String,
    #[prost(string, tag = "2")]
    model_type: String,
    #[prost(bytes = "bytes", tag = "3")]
    om_data: Bytes,
    #[prost(message, optional, tag = "4")]
    graph: Option<GraphDef>,
    #[prost(btree_map = "string, string", tag = "7")]
    ext_attrs: BTreeMap<String, String>,
    #[prost(string, tag = "9")]
    om_data_file_path: String,
    #[prost(bool, tag = "10")]
    is_builtin_udf: bool,
}

impl SubmodelDef {
    fn open(self, level: usize, warnings: &mut Vec<String>) -> Result<Submodel> {
        let data = self.om_data;
        let file = if data.starts_with(b"IMOD") || data.starts_with(b"PK\x03\x04") {
            let opened = OmFile::open_within(&data, level + 1);
            Some(
                opened
                    .map_err(|error| error.within(format_args!("model `{}`", self.model_name)))?,
            )
        } else {
            // The functions of a user are of another form.
            if !data.is_empty() {
                warnings.push(format!(
                    "the model `{}` has {} bytes that are no .om",
                    self.model_name,
                    data.len()
                ));
            }
            None
        };
        Ok(Submodel {
            name: self.model_name,
            model_type: self.model_type,
            graph: self.graph,
            attributes: self.ext_attrs,
            is_built_in: self.is_builtin_udf,
            path: self.om_data_file_path,
            bytes: data.len() as u64,
            file,
        })
    }
}

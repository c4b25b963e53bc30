//! Inputs and outputs as the graph inside an `.om` tells them.

use super::{
    AttrDef, Extent, ExternalWeight, Format, GraphDef, InOut, IoTensor, ListInt, ModelDef, OpDef,
    TensorDescriptor,
};
use crate::DataType;

/// The types of the operators through which values come in.
const INPUT_OPS: [&str; 4] = ["Data", "AippData", "AnnData", "RefData"];

impl ModelDef {
    /// Gives the inputs and outputs of the main graph, which the partition `MODEL_INOUT_INFO` tells
    /// better; this is for files without it.
    #[must_use]
    pub fn in_out(&self) -> InOut {
        let Some(graph) = self.graph.first() else {
            return InOut::default();
        };
        let mut io = InOut {
            inputs: inputs(graph),
            outputs: self.outputs(graph),
            ..InOut::default()
        };
        io.read_gears(graph);
        io
    }

    /// Gives the constants that lie in files beside the `.om`.
    #[must_use]
    pub fn external_weights(&self) -> Vec<ExternalWeight> {
        let ops = self.graph.iter().flat_map(|graph| &graph.op);
        let constants = ops.filter(|op| op.r#type == "FileConstant");
        let number = |op: &OpDef, key: &str| {
            let number = op.attr.get(key).and_then(AttrDef::as_int)?;
            u64::try_from(number).ok()
        };
        let weight = |op: &OpDef| {
            let file = ["location", "file_path"]
                .iter()
                .find_map(|key| op.attr.get(*key)?.as_str())?;
            let place = op.output_desc.first()?.data_offset;
            Some(ExternalWeight {
                file: file.to_owned(),
                offset: number(op, "offset").unwrap_or(0),
                extent: Extent {
                    offset: u64::try_from(place).ok()?,
                    length: number(op, "length")?,
                },
            })
        };
        constants.filter_map(weight).collect()
    }

    fn outputs(&self, graph: &GraphDef) -> Vec<IoTensor> {
        let names = self
            .attr
            .get("attr_model_out_nodes_name")
            .and_then(AttrDef::as_list);
        let Some(op) = graph.op.iter().find(|op| op.r#type == "NetOutput") else {
            return Vec::new();
        };
        let name = |index: usize| {
            let source = op.src_name.get(index).map_or("", String::as_str);
            let source_index = op.src_index.get(index).copied().unwrap_or(0);
            match names
                .and_then(|names| names.s.get(index))
                .map(|name| String::from_utf8_lossy(name))
            {
                Some(name) if name.contains(':') => name.into_owned(),
                Some(name) => format!("{name}:{source_index}"),
                None => format!("output_{index}_{source}_{source_index}"),
            }
        };
        let tensor = |(index, descriptor): (usize, &TensorDescriptor)| {
            let mut tensor = descriptor.io_tensor(&name(index));
            if let Some(bytes) = descriptor
                .attr
                .get("_special_input_size")
                .and_then(AttrDef::as_int)
            {
                tensor.bytes = u64::try_from(bytes).unwrap_or(0);
            }
            tensor
        };
        op.input_desc.iter().enumerate().map(tensor).collect()
    }
}

/// The operators through which values come in, in the order of the inputs.
pub(super) fn input_ops(graph: &GraphDef) -> Vec<&OpDef> {
    let ops = graph
        .op
        .iter()
        .filter(|op| INPUT_OPS.contains(&op.r#type.as_str()));
    let mut ops: Vec<&OpDef> = ops.collect();
    ops.sort_by_key(|op| op.attr.get("index").and_then(AttrDef::as_int));
    ops
}

fn inputs(graph: &GraphDef) -> Vec<IoTensor> {
    let ops = input_ops(graph);
    let tensor = |op: &&OpDef| {
        let dims = |key: &str| Some(op.attr.get(key)?.as_list()?.i.clone());
        let mut tensor = op
            .input_desc
            .first()
            .cloned()
            .unwrap_or_default()
            .io_tensor(&op.name);
        if let Some(original) =
            dims("_dynamic_aipp_input_dims").or_else(|| dims("_mbatch_origin_input_dims"))
        {
            tensor.dims = original;
        }
        tensor.dims_after_aipp = dims("input_dims").unwrap_or_else(|| tensor.dims.clone());
        tensor
    };
    ops.iter().map(tensor).collect()
}

impl TensorDescriptor {
    pub(super) fn io_tensor(&self, name: &str) -> IoTensor {
        let dims = self
            .shape
            .as_ref()
            .map(|shape| shape.dim.clone())
            .unwrap_or_default();
        IoTensor {
            name: name.to_owned(),
            dtype: DataType::from_ge(self.dtype).unwrap_or(DataType::Undefined),
            format: Format::from_name(&self.layout).unwrap_or(Format::ND),
            bytes: u64::try_from(self.size).unwrap_or(0),
            dims_after_aipp: dims.clone(),
            dims,
            ranges: self.ranges(),
        }
    }
}

impl TensorDescriptor {
    fn ranges(&self) -> Vec<[i64; 2]> {
        let lists = self.attr.get("shape_range").and_then(AttrDef::as_int_lists);
        let pair = |list: &ListInt| <[i64; 2]>::try_from(list.list_i.as_slice()).ok();
        let pairs: Option<Vec<_>> = lists.unwrap_or_default().iter().map(pair).collect();
        pairs.unwrap_or_default()
    }
}

impl InOut {
    /// Reads the gears off the operator that chooses among them.
    fn read_gears(&mut self, graph: &GraphDef) {
        let Some(case) = graph
            .op
            .iter()
            .find(|op| op.attr.contains_key("_batch_num"))
        else {
            return;
        };
        let list = |key: &str| case.attr.get(key).and_then(AttrDef::as_list);
        let texts = |op: &OpDef, key: &str| -> Vec<String> {
            let texts = op.attr.get(key).and_then(AttrDef::as_list);
            let texts = texts.into_iter().flat_map(|list| &list.s);
            texts
                .map(|text| String::from_utf8_lossy(text).into_owned())
                .collect()
        };
        let gear = |index: usize| {
            let values = list(&format!("_pred_value_{index}"))?.i.iter();
            values.map(|&value| u64::try_from(value).ok()).collect()
        };
        let gears: Vec<Vec<u64>> = (0..).map_while(gear).collect();
        match case
            .attr
            .get("mbatch_dynamic_type")
            .and_then(AttrDef::as_int)
        {
            Some(1) => self.batch_gears = gears.into_iter().flatten().collect(),
            Some(2) => self.image_gears = gears,
            _ => self.dims_gears = gears,
        }
        self.shape_order = texts(case, "user_designate_shape_order");
        if let Some(op) = graph.op.iter().find(|op| op.r#type == "NetOutput") {
            self.output_dims = texts(op, "_dynamic_output_dims");
        }
    }

    /// Lists where two descriptions of one model differ in names, types or shapes.
    pub(super) fn differences(&self, graph: &InOut) -> Vec<String> {
        let mut differences = Vec::new();
        for (what, own, other) in [
            ("input", &self.inputs, &graph.inputs),
            ("output", &self.outputs, &graph.outputs),
        ] {
            if own.len() != other.len() {
                differences.push(format!(
                    "there are {} {what}s in MODEL_INOUT_INFO, {} in the graph",
                    own.len(),
                    other.len()
                ));
                continue;
            }
            for (own, other) in own.iter().zip(other) {
                let facts = |tensor: &IoTensor| {
                    format!("`{}` of {} {:?}", tensor.name, tensor.dtype, tensor.dims)
                };
                if facts(own) != facts(other) {
                    differences.push(format!(
                        "the {what} {} in MODEL_INOUT_INFO is {} in the graph",
                        facts(own),
                        facts(other)
                    ));
                }
            }
        }
        differences
    }
}

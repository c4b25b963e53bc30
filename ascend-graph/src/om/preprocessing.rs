//! Which inputs of a model are preprocessed, as the operators of the inputs tell.

use std::collections::HashMap;

use super::{Aipp, AttrDef, Format, IoTensor, ModelDef, OpDef};
use crate::DataType;

/// The name of the input that takes the parameters of dynamic preprocessing.
pub const AIPP_PARAMETERS: &str = "ascend_dynamic_aipp_data";

/// The preprocessing of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputAipp {
    /// The position of the input.
    pub input: usize,
    /// The position of the input that takes the parameters, if they come with each run.
    pub parameters: Option<usize>,
    /// What is done to the picture; of dynamic preprocessing only the limits.
    pub aipp: Aipp,
    /// The input that the network itself has: what preprocessing gives.
    pub target: IoTensor,
}

impl InputAipp {
    /// The attributes of the input's operator.
    pub(super) fn attributes(&self, inputs: &[IoTensor]) -> Vec<(String, AttrDef)> {
        let source = &inputs[self.input];
        let mode = if self.parameters.is_some() {
            "dynamic_aipp"
        } else {
            "static_aipp"
        };
        let mut attributes = vec![
            ("aipp".to_owned(), self.aipp.to_attr()),
            ("_data_related_aipp_mode".to_owned(), mode.into()),
            (
                "_aipp_inputs".to_owned(),
                AttrDef::strings([to_text(source)]),
            ),
            (
                "_aipp_outputs".to_owned(),
                AttrDef::strings([to_text(&self.target)]),
            ),
        ];
        match self.parameters.and_then(|index| inputs.get(index)) {
            Some(parameters) => {
                attributes.push((
                    "_data_aipp_data_name_map".to_owned(),
                    parameters.name.as_str().into(),
                ));
                attributes.push((
                    "_dynamic_aipp_input_dims".to_owned(),
                    AttrDef::ints(source.dims.clone()),
                ));
            }
            None => attributes.push((
                "input_dims".to_owned(),
                AttrDef::ints(source.dims_after_aipp.clone()),
            )),
        }
        attributes
    }
}

impl ModelDef {
    /// Gives the preprocessing of the inputs of the main graph, as their operators tell it and a device
    /// answers it.
    #[must_use]
    pub fn aipp(&self) -> Vec<InputAipp> {
        let Some(graph) = self.graph.first() else {
            return Vec::new();
        };
        let ops = super::describe::input_ops(graph);
        let numbers = numbers(&ops);
        let found = ops.iter().enumerate();
        found
            .filter_map(|(input, op)| input_aipp(&numbers, input, op))
            .collect()
    }

    /// Gives the same, or where that is nothing, what compilers for phones tell of an operator `Aipp`.
    pub(super) fn any_aipp(&self) -> Vec<InputAipp> {
        let found = self.aipp();
        let Some(graph) = self.graph.first().filter(|_| found.is_empty()) else {
            return found;
        };
        let ops = super::describe::input_ops(graph);
        let numbers = numbers(&ops);
        let operators = graph.op.iter().filter(|op| op.r#type == "Aipp");
        operators
            .filter_map(|op| operator_aipp(&numbers, op))
            .collect()
    }
}

/// The number of each input by its name.
fn numbers<'a>(ops: &[&'a OpDef]) -> HashMap<&'a str, usize> {
    let names = ops.iter().map(|op| op.name.as_str());
    names.zip(0..).collect()
}

fn operator_aipp(numbers: &HashMap<&str, usize>, op: &OpDef) -> Option<InputAipp> {
    let (source, _) = op.input.first()?.rsplit_once(':')?;
    Some(InputAipp {
        input: *numbers.get(source)?,
        parameters: None,
        aipp: Aipp::from_attr(op.attr.get("aipp")?)?,
        target: op.output_desc.first()?.io_tensor(&op.name),
    })
}

fn input_aipp(numbers: &HashMap<&str, usize>, input: usize, op: &OpDef) -> Option<InputAipp> {
    let aipp = Aipp::from_attr(op.attr.get("aipp")?)?;
    let text = |key: &str| op.attr.get(key).and_then(AttrDef::as_str);
    let mode = text("_data_related_aipp_mode");
    let parameters = text("_data_aipp_data_name_map")
        .filter(|_| mode == Some("dynamic_aipp"))
        .and_then(|name| numbers.get(name).copied());
    if parameters.is_none() && mode != Some("static_aipp") {
        return None;
    }
    let target = op.attr.get("_aipp_outputs").and_then(AttrDef::as_list);
    let target = target
        .and_then(|list| list.s.first())
        .and_then(|text| from_text(str::from_utf8(text).ok()?));
    Some(InputAipp {
        input,
        parameters,
        aipp,
        target: target
            .unwrap_or_else(|| IoTensor::new(&op.name, DataType::Undefined, Format::RESERVED, &[])),
    })
}

/// `FORMAT:TYPE:name:bytes:rank:extent,extent…`
fn to_text(tensor: &IoTensor) -> String {
    let dims: Vec<_> = tensor.dims.iter().map(i64::to_string).collect();
    format!(
        "{}:DT_{}:{}:{}:{}:{}",
        tensor.format,
        tensor
            .dtype
            .ge_name()
            .unwrap_or_else(|| "UNDEFINED".to_owned()),
        tensor.name,
        tensor.bytes,
        dims.len(),
        dims.join(",")
    )
}

fn from_text(text: &str) -> Option<IoTensor> {
    let (format, rest) = text.split_once(':')?;
    let (dtype, rest) = rest.split_once(':')?;
    // The name may hold colons.
    let (rest, dims) = rest.rsplit_once(':')?;
    let (rest, _) = rest.rsplit_once(':')?;
    let (name, bytes) = rest.rsplit_once(':')?;
    let dims = dims.split(',').filter(|dim| !dim.is_empty());
    let dims: Vec<i64> = dims.map(|dim| dim.parse().ok()).collect::<Option<_>>()?;
    let dtype = DataType::from_ge_name(dtype)?;
    Some(IoTensor {
        bytes: bytes.parse().ok()?,
        ..IoTensor::new(name, dtype, Format::from_name(format)?, &dims)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_come_back_from_their_text() {
        let tensor = IoTensor::new("a:b", DataType::F32, Format::NCHW, &[1, 3, 8, 8]);
        assert_eq!(from_text(&to_text(&tensor)), Some(tensor));
        assert_eq!(from_text("NCHW:DT_FLOAT:x"), None);
    }
}

use prost::Message;

use super::{Graph, Model, Tensor};
use crate::Rope;

impl Model {
    /// Encodes the model; large `raw_data` is shared with it, not copied. Equal models give equal bytes.
    #[must_use]
    pub fn to_rope(&self) -> Rope {
        let mut rope = Rope::from(self.without_graph().encode_to_vec());
        if let Some(graph) = &self.graph {
            let body = graph.to_rope();
            push_key(&mut rope, 7, body.len());
            rope.append(&body);
        }
        rope
    }

    /// Copies everything but the graph.
    pub(crate) fn without_graph(&self) -> Self {
        Self {
            ir_version: self.ir_version,
            producer_name: self.producer_name.clone(),
            producer_version: self.producer_version.clone(),
            domain: self.domain.clone(),
            model_version: self.model_version,
            doc_string: self.doc_string.clone(),
            graph: None,
            opset_import: self.opset_import.clone(),
            metadata_props: self.metadata_props.clone(),
            functions: self.functions.clone(),
        }
    }
}

impl Graph {
    /// Copies everything but the initializers.
    pub(crate) fn without_initializers(&self) -> Self {
        Self {
            node: self.node.clone(),
            name: self.name.clone(),
            initializer: Vec::new(),
            doc_string: self.doc_string.clone(),
            input: self.input.clone(),
            output: self.output.clone(),
            value_info: self.value_info.clone(),
            sparse_initializer: self.sparse_initializer.clone(),
        }
    }

    fn to_rope(&self) -> Rope {
        let mut rope = Rope::from(self.without_initializers().encode_to_vec());
        for tensor in &self.initializer {
            let body = tensor.to_rope();
            push_key(&mut rope, 5, body.len());
            rope.append(&body);
        }
        rope
    }
}

impl Tensor {
    fn to_rope(&self) -> Rope {
        if self.raw_data.is_empty() || !self.external_data.is_empty() {
            return self.encode_to_vec().into();
        }
        let rest = Self {
            name: self.name.clone(),
            data_type: self.data_type,
            dims: self.dims.clone(),
            doc_string: self.doc_string.clone(),
            ..Self::default()
        };
        let mut rope = Rope::from(rest.encode_to_vec());
        push_key(&mut rope, 9, self.raw_data.len() as u64);
        rope.push(self.raw_data.clone());
        rope
    }
}

/// Writes the start of a length-delimited field.
fn push_key(rope: &mut Rope, field: u8, len: u64) {
    let mut key = vec![field << 3 | 2];
    let mut rest = len;
    while rest >= 0x80 {
        key.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    key.push(rest.to_le_bytes()[0]);
    rope.extend_from_slice(&key);
}

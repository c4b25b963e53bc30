use bytes::{Buf, Bytes};
use prost::{Message, decode_length_delimiter};

use super::{Graph, Model};
use crate::limit::{MessageKind, check_message_count};
use crate::sniff::{is_lfs_pointer, is_text};
use crate::{Error, Result};

impl Model {
    /// Reads an ONNX file; the weights stay slices of `file`.
    ///
    /// Only the encoding is judged here. Whether the graph makes sense is for [`check`](super::check).
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and `Format` if it has no nodes.
    pub fn read(file: &Bytes) -> Result<Self> {
        let model = Self::parse(file)?;
        match &model.graph {
            Some(graph) if !graph.node.is_empty() => Ok(model),
            Some(_) => Err(Error::format("the ONNX graph is empty: it has no nodes")),
            None => Err(Error::format("the ONNX file holds no graph")),
        }
    }

    /// Reads an ONNX file as [`read`](Self::read) does, and takes one whose graph is empty or missing.
    ///
    /// # Errors
    /// `Format` if `file` is empty, another kind of file, cut short or damaged, `Unsupported` if it has
    /// millions of nodes.
    pub fn parse(file: &Bytes) -> Result<Self> {
        reject_other_kinds(file)?;
        check_message_count(file, Part::Model).map_err(|error| error.within("the ONNX file"))?;
        let model = Self::decode(file.clone()).map_err(|error| damaged(file, &error))?;
        let has_nodes = model
            .graph
            .as_ref()
            .is_some_and(|graph| !graph.node.is_empty());
        if model.ir_version > 0 || has_nodes {
            Ok(model)
        } else {
            Err(Error::format(
                "not an ONNX file: the protobuf message in it has neither a version nor a graph",
            ))
        }
    }

    /// Gives the graph.
    ///
    /// # Errors
    /// `Format` if the model has none.
    pub fn graph(&self) -> Result<&Graph> {
        self.graph
            .as_ref()
            .ok_or_else(|| Error::format("the ONNX file holds no graph"))
    }

    /// Gives the version of ONNX's own operator set, or `None` if the model does not import it.
    #[must_use]
    pub fn opset(&self) -> Option<i64> {
        self.opset_import
            .iter()
            .find(|set| is_onnx_domain(&set.domain))
            .map(|set| set.version)
    }
}

/// Tells whether a domain of operators is ONNX's own, which has two spellings: none and `ai.onnx`.
#[must_use]
pub fn is_onnx_domain(domain: &str) -> bool {
    domain.is_empty() || domain == "ai.onnx"
}

/// The kinds of message in an ONNX file.
#[derive(Clone, Copy)]
enum Part {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    Value,
    Type,
    TensorType,
    Shape,
    Leaf,
}

impl MessageKind for Part {
    fn field(self, number: usize) -> Option<Self> {
        Some(match (self, number) {
            (Self::Model, 7) | (Self::Attribute, 6 | 11) => Self::Graph,
            (Self::Graph, 1) => Self::Node,
            (Self::Node, 5) => Self::Attribute,
            (Self::Graph, 5) | (Self::Attribute, 5 | 10) => Self::Tensor,
            (Self::Graph, 11..=13) => Self::Value,
            (Self::Value, 2) => Self::Type,
            (Self::Type, 1) => Self::TensorType,
            (Self::TensorType, 2) => Self::Shape,
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Self::Leaf,
            _ => return None,
        })
    }
}

fn reject_other_kinds(file: &[u8]) -> Result<()> {
    let kind = match file {
        [] => return Err(Error::format("not an ONNX file: the file is empty")),
        [b'I', b'M', b'O', b'D', ..] => "an .om offline model",
        [b'P', b'K', 3, 4, ..] => "a zip archive",
        [0x1f, 0x8b, ..] => "a gzip archive",
        _ if is_lfs_pointer(file) => {
            "a Git LFS pointer to one; fetch the real file with `git lfs pull`"
        }
        _ if is_text(file) => "a text file",
        _ => return Ok(()),
    };
    Err(Error::format(format!("not an ONNX file but {kind}")))
}

/// Words a decoding failure: the outermost fields tell a file that was cut from one that was changed.
fn damaged(file: &Bytes, error: &prost::DecodeError) -> Error {
    let mut rest: &[u8] = file;
    while !rest.is_empty() {
        let at = file.len() - rest.len();
        let Ok(key) = decode_length_delimiter(&mut rest) else {
            break;
        };
        let needed = match key & 7 {
            0 => decode_length_delimiter(&mut rest).map(|_| 0),
            1 => Ok(8),
            2 => decode_length_delimiter(&mut rest),
            5 => Ok(4),
            _ => break,
        };
        let Ok(needed) = needed else { break };
        if needed > rest.len() {
            return Error::format(format!(
                "the ONNX file is cut short: the field at byte {at} needs {needed} more bytes, {} follow",
                rest.len()
            ));
        }
        rest.advance(needed);
    }
    Error::format(format!("not an ONNX file, or a damaged one: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn message(file: &'static [u8]) -> String {
        let error = Model::read(&Bytes::from_static(file)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        error.to_string()
    }

    #[test]
    fn names_what_is_not_a_model() {
        for (file, expected) in [
            (&b""[..], "the file is empty"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
                "Git LFS pointer",
            ),
            (b"IMOD\0\x01\0\0", "an .om offline model"),
            (b"PK\x03\x04rest", "a zip archive"),
            ("models/größe.onnx\n".as_bytes(), "a text file"),
            (
                b"\x08\x06\x3a\x05\x0a\x09Conv",
                "cut short: the field at byte 2 needs 5 more bytes, 6 follow",
            ),
        ] {
            if file.ends_with(b"Conv") {
                assert!(
                    message(&file[..file.len() - 2])
                        .contains("at byte 2 needs 5 more bytes, 4 follow")
                );
            } else {
                assert!(message(file).contains(expected), "{}", message(file));
            }
        }
        assert!(message(b"\x12\x03abc").contains("neither a version nor a graph"));
        assert!(message(b"\x08\x06").contains("holds no graph"));
        assert!(message(b"\x08\x06\x3a\x00").contains("has no nodes"));
        assert!(message(b"\x08\x06\x3a\x03\x0a\x05\x00").contains("a damaged one"));
    }

    #[test]
    fn the_number_of_parts_is_limited() {
        // Empty nodes: two bytes each, hundreds in memory.
        let nodes = [0x0a, 0x00].repeat(2_000_001);
        let mut file = vec![0x08, 0x06, 0x3a];
        prost::encode_length_delimiter(nodes.len(), &mut file).unwrap();
        file.extend(nodes);
        let error = Model::read(&file.into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(
            error.to_string().contains("more than 2000000 parts"),
            "{error}"
        );
    }

    #[test]
    fn nesting_is_limited() {
        // A graph in an attribute of a node of a graph, again and again.
        let mut inner = Vec::new();
        for level in 0..200 {
            let field = [0x2a, 0x0a, 0x32][level % 3];
            let mut outer = vec![field];
            prost::encode_length_delimiter(inner.len(), &mut outer).unwrap();
            outer.extend(inner);
            inner = outer;
        }
        let mut file = vec![0x08, 0x06, 0x3a];
        prost::encode_length_delimiter(inner.len(), &mut file).unwrap();
        file.extend(inner);
        let error = Model::read(&file.into()).unwrap_err();
        assert!(error.to_string().contains("recursion limit"), "{error}");
    }
}

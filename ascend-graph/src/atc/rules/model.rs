//! The model as a whole: its size, and what lies outside of its file.

use std::collections::HashMap;
use std::path::{Component, Path};

use crate::atc::finding::{Findings, Name, Place};
use crate::atc::rule::{
    EXTERNAL_MISSING, EXTERNAL_OUTSIDE, EXTERNAL_SHORT, LARGE_WEIGHTS, SPARSE_CONSTANT, TOO_LARGE,
};
use crate::atc::subject::Subject;
use crate::onnx::{External, Graph, Tensor};
use crate::text;

/// The largest message that protobuf reads.
const LARGEST_FILE: u64 = 0x7fff_ffff;

/// The largest section of an `.om`.
const LARGEST_SECTION: u64 = 0xffff_ffff;

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    if let Some(bytes) = subject
        .target
        .file_bytes
        .filter(|&bytes| bytes > LARGEST_FILE)
    {
        findings.add(
            &TOO_LARGE,
            Place::Model,
            text!(
                "the file has {bytes} bytes, and protobuf reads at most {most}",
                bytes,
                most = LARGEST_FILE
            ),
            text!(
                "save it with its weights beside it: onnx.save_model(model, \"model.onnx\", \
             save_as_external_data=True)"
            ),
        );
    }
    let mut bytes = 0_u64;
    let mut external = ExternalFiles {
        folder: subject.target.folder.as_deref(),
        sizes: HashMap::new(),
    };
    for tensor in tensors(subject.graph) {
        bytes = bytes.saturating_add(tensor.byte_len().unwrap_or(0));
        if let Ok(Some(place)) = tensor.external() {
            external.check(tensor, &place, findings);
        }
    }
    if bytes > LARGEST_SECTION {
        findings.add(
            &LARGE_WEIGHTS,
            Place::Model,
            text!(
                "the weights take {bytes} bytes; a section of an .om holds at most {most}, \
                 and only weights that become float16 take half of that",
                bytes,
                most = LARGEST_SECTION
            ),
            text!("convert with --external-weight 1 if atc stops with this code"),
        );
    }
    if !subject.graph.sparse_initializer.is_empty() {
        findings.add(
            &SPARSE_CONSTANT,
            Place::Model,
            text!(
                "{count} constants are stored in sparse form, which atc does not read, so that their \
                 values are missing", count = subject.graph.sparse_initializer.len()),
            text!("export them as dense constants"),
        );
    }
}

/// Files beside the model, each looked at once.
struct ExternalFiles<'m> {
    folder: Option<&'m Path>,
    sizes: HashMap<String, Option<u64>>,
}

impl ExternalFiles<'_> {
    fn check(&mut self, tensor: &Tensor, external: &External, findings: &mut Findings) {
        let place = || Place::Constant(tensor.name.clone());
        let location = external.location.as_str();
        let mut parts = Path::new(location).components();
        let is_inside = parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if location.is_empty() || !is_inside {
            findings.add(
                &EXTERNAL_OUTSIDE,
                place(),
                text!(
                    "its data lies at `{location}`, which is not in the folder of the model",
                    location = Name(location)
                ),
                text!(
                    "save the model again with its data beside it: onnx.save_model(…, \
                 save_as_external_data=True, location=\"weights.bin\")"
                ),
            );
            return;
        }
        let Some(folder) = self.folder else { return };
        let size = self.sizes.entry(location.to_owned()).or_insert_with(|| {
            let file = std::fs::metadata(folder.join(location)).ok();
            file.filter(std::fs::Metadata::is_file)
                .map(|file| file.len())
        });
        let Some(size) = *size else {
            findings.add(
                &EXTERNAL_MISSING,
                place(),
                text!(
                    "its data lies in the file `{location}`, which is not there beside the model",
                    location = Name(location)
                ),
                text!(
                    "copy `{location}` into the folder of the model",
                    location = Name(location)
                ),
            );
            return;
        };
        let length = external.length.or_else(|| tensor.byte_len().ok());
        let end = external.offset.checked_add(length.unwrap_or(0));
        if end.is_none_or(|end| end > size) {
            findings.add(
                &EXTERNAL_SHORT,
                place(),
                text!(
                    "its data ends at byte {end} of `{location}`, which has only {size}",
                    end = end.unwrap_or(u64::MAX),
                    location = Name(location),
                    size
                ),
                text!("copy the whole file again; it was cut short or belongs to another model"),
            );
        }
    }
}

/// Gives every constant, those of graphs inside of nodes too.
fn tensors(graph: &Graph) -> Vec<&Tensor> {
    let (mut tensors, mut graphs) = (Vec::new(), vec![graph]);
    while let Some(graph) = graphs.pop() {
        tensors.extend(&graph.initializer);
        for attribute in graph.node.iter().flat_map(|node| &node.attribute) {
            tensors.extend(attribute.t.as_deref());
            tensors.extend(&attribute.tensors);
            graphs.extend(attribute.subgraphs());
        }
    }
    tensors
}

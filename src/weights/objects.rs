//! From the objects of a pickle to named tensors and a report.

use ascend_graph::counted;
use bytes::Bytes;

use super::budget::Budget;
use super::options::OpenOptions;
use super::pickle::{Heap, Ref};
use super::rebuild::{Rebuilder, Rebuilt, Seen, Storages};
use super::report::{Key, Refused, Report};
use super::tensor::Entry;
use super::tree::{self, Leaf, ScriptClasses, Search};
use super::{Fault, or_fault};
use crate::error::{ErrorKind, Result};

/// What a file holds.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    /// Tensors that are no part of the weights.
    pub(super) beside: Vec<Entry>,
    pub(super) report: Report,
}

/// The objects of one file.
pub(super) struct Objects<'h, 'p, S> {
    pub(super) heap: &'h Heap<'p>,
    pub(super) root: Ref,
    /// The pickle.
    pub(super) content: Bytes,
    pub(super) storages: S,
    pub(super) script: Option<&'h ScriptClasses>,
}

impl<S: Storages> Objects<'_, '_, S> {
    /// Finds the weights and rebuilds every tensor.
    pub(super) fn read(self, options: &OpenOptions) -> Result<Contents> {
        let search = Search {
            at: options.at.as_deref(),
            mode: options.mode,
            script: self.script,
        };
        let tree = tree::weights(self.heap, self.root, search)
            .map_err(|error| or_fault(error, Fault::MalformedPickle))?;
        let mut report = Report {
            entered: tree.entered,
            left: tree.left,
            values: tree.values,
            opaque: tree.opaque,
            model: tree.model.filter(|_| self.script.is_none()),
            notes: tree.notes,
            pickle_protocol: self.heap.protocol(),
            ..Report::default()
        };
        let mut rebuilder = Rebuilder::new(self.heap, self.content, self.storages);
        let budget = self.heap.budget();
        let mut entries = budget.list(tree.leaves.len())?;
        for Leaf { name, path, value } in tree.leaves {
            match rebuilder.rebuild(&name, value)? {
                Rebuilt::Entry(mut entry) => {
                    (entry.name, entry.path) = (name, path);
                    budget.push(&mut entries, entry)?;
                }
                Rebuilt::Refused(fault, reason) => {
                    let refused = refused(budget, name, path, fault, reason)?;
                    budget.push(&mut report.refused, refused)?;
                }
            }
        }
        let mut beside = Vec::new();
        let all = give_beside(
            &mut rebuilder,
            tree.beside,
            &mut beside,
            &mut report,
            budget,
        );
        // what nobody asked for does not make the weights unreadable
        if let Err(error) = all {
            let note = format!("what stands beside the weights is not given in full: {error}");
            report.notes.push(note);
        }
        tell(rebuilder.seen(), &mut report);
        Ok(Contents {
            entries,
            beside,
            report,
        })
    }
}

/// Rebuilds what is no part of the weights.
///
/// # Errors
/// `OutOfMemory` at the limit; what is damaged is refused in `report`.
fn give_beside<S: Storages>(
    rebuilder: &mut Rebuilder<'_, '_, S>,
    leaves: Vec<Leaf>,
    beside: &mut Vec<Entry>,
    report: &mut Report,
    budget: &Budget,
) -> Result<()> {
    for Leaf { name, path, value } in leaves {
        let (fault, reason) = match rebuilder.rebuild(&name, value) {
            Ok(Rebuilt::Entry(mut entry)) => {
                (entry.name, entry.path) = (name, path);
                budget.push(beside, entry)?;
                continue;
            }
            Ok(Rebuilt::Refused(fault, reason)) => (fault, reason),
            Err(error) if error.kind() == ErrorKind::OutOfMemory => return Err(error),
            Err(error) => (
                error.fault().unwrap_or(Fault::MalformedPickle),
                error.to_string(),
            ),
        };
        let refused = refused(budget, name, path, fault, reason)?;
        budget.push(&mut report.refused_beside, refused)?;
    }
    Ok(())
}

fn refused(
    budget: &Budget,
    name: String,
    path: Vec<Key>,
    fault: Fault,
    reason: String,
) -> Result<Refused> {
    budget.charge(reason.capacity())?;
    let path = if path.is_empty() && !name.is_empty() {
        budget.charge(size_of::<Key>() + name.len())?;
        vec![Key::Text(name.clone())]
    } else {
        path
    };
    Ok(Refused {
        name,
        path,
        fault,
        reason,
    })
}

fn tell(seen: Seen, report: &mut Report) {
    let Seen {
        locations,
        npu_formats,
        resolved,
        with_attributes,
    } = seen;
    report.npu = !npu_formats.is_empty() || locations.iter().any(|at| at.starts_with("npu"));
    if !npu_formats.is_empty() {
        let tensors: usize = npu_formats.values().sum();
        let formats = npu_formats.keys().flatten().map(|&format| name(format));
        let formats: Vec<String> = formats.collect();
        let formats = match &formats[..] {
            [] => String::new(),
            names => format!(", formats {}", names.join(", ")),
        };
        report.notes.push(format!(
            "undid the rebuild call of torch_npu on {}{formats}: the data are in the ordinary layout",
            counted(tensors, "tensor")
        ));
    }
    let devices = locations.iter().filter(|at| *at != "cpu");
    let devices: Vec<&str> = devices.map(String::as_str).collect();
    if !devices.is_empty() {
        let devices = devices.join(", ");
        report
            .notes
            .push(format!("ignored the location {devices} of the tensors"));
    }
    if resolved > 0 {
        report.notes.push(format!(
            "resolved the pending sign or conjugation of {}",
            counted(resolved, "tensor")
        ));
    }
    if with_attributes > 0 {
        report.notes.push(format!(
            "left the attributes of {}, which are objects of their own",
            counted(with_attributes, "tensor")
        ));
    }
    report.locations = locations;
}

/// A device format by its name.
fn name(format: i64) -> String {
    let name = match format {
        0 => "NCHW",
        1 => "NHWC",
        2 => "ND",
        3 => "NC1HWC0",
        4 => "FRACTAL_Z",
        29 => "FRACTAL_NZ",
        30 => "NCDHW",
        32 => "NDC1HWC0",
        33 => "FRACTAL_Z_3D",
        _ => return format.to_string(),
    };
    format!("{format} ({name})")
}

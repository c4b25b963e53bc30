//! The tensors that an architecture wants, held against those that a checkpoint has.

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind, Result};
use crate::weights::Checkpoint;

/// How many faults of one kind an error lists before it counts the rest.
const LISTED: usize = 12;

/// The tensors that an architecture wants, in its order.
#[derive(Debug, Default)]
pub(super) struct Wanted(Vec<(String, Vec<usize>)>);

impl Wanted {
    pub(super) fn push(&mut self, name: impl Into<String>, shape: &[usize]) {
        self.0.push((name.into(), shape.to_vec()));
    }

    /// Refuses a checkpoint with missing, misshapen or surplus tensors, naming all of them.
    /// `ignored` are endings of names that hold no weights.
    pub(super) fn check(
        &self,
        checkpoint: &Checkpoint,
        ignored: &[&str],
        what: &str,
    ) -> Result<()> {
        let mut missing = Vec::new();
        let mut misshapen = Vec::new();
        for (name, shape) in &self.0 {
            match checkpoint.get(name) {
                None => missing.push(format!("{name} {shape:?}")),
                Some(tensor) if tensor.shape() != shape => {
                    misshapen.push(format!("{name} {:?} instead of {shape:?}", tensor.shape()));
                }
                Some(_) => {}
            }
        }
        let is_wanted = |name: &str| self.0.iter().any(|(wanted, _)| wanted == name);
        let is_ignored = |name: &str| ignored.iter().any(|ending| name.ends_with(ending));
        let surplus: Vec<String> = checkpoint
            .tensors()
            .filter(|tensor| !is_wanted(tensor.name()) && !is_ignored(tensor.name()))
            .map(|tensor| format!("{} {:?}", tensor.name(), tensor.shape()))
            .collect();
        let mut faults = String::new();
        for (kind, names) in [
            ("missing", missing),
            ("misshapen", misshapen),
            ("surplus", surplus),
        ] {
            if names.is_empty() {
                continue;
            }
            let listed = names[..names.len().min(LISTED)].join(", ");
            let _ = write!(faults, "; {} {kind}: {listed}", names.len());
            if names.len() > LISTED {
                let _ = write!(faults, ", and {} more", names.len() - LISTED);
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the weights are not those of a {what} as torchvision names it{faults}; export the \
             model to ONNX with PyTorch and convert that file instead"
        );
        Err(Error::new(ErrorKind::Shape, message))
    }
}

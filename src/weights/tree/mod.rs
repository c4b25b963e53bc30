//! Where the weights are among the objects of a checkpoint, and under which names.
//!
//! Objects may be shared without bound and may contain themselves. So each is visited once where
//! that is enough, and where every path to it is a name, the names are booked before they are made.

mod entrance;
mod holders;
mod modules;
mod names;
mod rest;
mod walk;

use ascend_graph::counted;
pub(super) use modules::ScriptClasses;

use holders::Holders;
use names::{Key, Names};
use walk::{Place, Walk};

use super::fault::Fault;
use super::options::Mode;
use super::pickle::{Heap, Ref, Value};
use super::report::{self, Left, Model, Opaque, Valued};
use super::wrong;
use crate::error::Result;

/// What to look for.
#[derive(Clone, Copy)]
pub(super) struct Search<'o> {
    /// The key that the weights are under, if it is known.
    pub(super) at: Option<&'o str>,
    pub(super) mode: Mode,
    /// The classes of a `TorchScript` archive.
    pub(super) script: Option<&'o ScriptClasses>,
}

/// A tensor, or an object that holds tensors.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) name: String,
    /// Empty if it is the name alone.
    pub(super) path: Vec<report::Key>,
    pub(super) value: Ref,
}

/// What there is in a checkpoint.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The key that the weights were under.
    pub(super) entered: Option<String>,
    pub(super) leaves: Vec<Leaf>,
    /// Tensors that are no part of the weights.
    pub(super) beside: Vec<Leaf>,
    pub(super) left: Vec<Left>,
    pub(super) values: Vec<Valued>,
    pub(super) opaque: Vec<Opaque>,
    pub(super) model: Option<Model>,
    pub(super) notes: Vec<String>,
}

/// Finds the weights below `root`: under the key `search.at`, else where training code keeps them.
///
/// # Errors
/// `InvalidArgument` if the key is not there or if several keys may be meant, `Format` for names
/// that are no text and files without tensors, `OutOfMemory` for names beyond the limit.
pub(super) fn weights(heap: &Heap<'_>, root: Ref, search: Search<'_>) -> Result<Tree> {
    let budget = heap.budget();
    let mut holders = Holders::find(heap, root)?;
    let mut names = Names::new(heap);
    let mut tree = Tree::default();
    let top = names.root(root)?;
    let (mut base, mut step) = (root, top);
    let mut others = Vec::new();
    if let Some((key, value)) = entrance::find(heap, &holders, root, search.at)? {
        for &(other, beside) in entrance::top(heap, root) {
            if other == key.1 {
                continue;
            }
            let left = Left {
                name: names.key(other)?,
                tensors: holders.count_new(heap, beside)?,
            };
            budget.push(&mut tree.left, left)?;
            let below = names.below(top, Key::Value(other), beside)?;
            budget.push(&mut others, (below, beside))?;
        }
        tree.entered = Some(key.0.to_owned());
        step = names.below(top, Key::Value(key.1), value)?;
        base = value;
    }
    let mut walk = Walk {
        heap,
        holders: &holders,
        search,
        names: &mut names,
        tree: &mut tree,
        depth: usize::from(step != top),
        met: 0,
        is_cut: false,
    };
    walk.run(vec![(step, base)], Place::Weights)?;
    // what stands beside is shown as far as the limits allow, and leaves half for the tensors
    let kept = budget.left() / 2;
    budget.charge(kept)?;
    if let Err(error) = walk.run(others, Place::Beside) {
        let note = format!("what stands beside the weights is not shown in full: {error}");
        walk.tree.notes.push(note);
    }
    match walk.rest(top, root) {
        Ok((found, deep)) => {
            if found > 0 {
                walk.tree.notes.push(format!(
                    "{} more beside the weights, as in attributes of objects, in sets or among keys",
                    counted(found, "tensor")
                ));
            }
            if deep > 0 {
                walk.tree.notes.push(format!(
                    "not given: {}",
                    counted(deep, "tensor that lies too deep for a name")
                ));
            }
        }
        Err(error) => {
            let note = format!("what no name leads to is not shown in full: {error}");
            walk.tree.notes.push(note);
        }
    }
    budget.refund(kept);
    let is_cut = walk.is_cut;
    let is_module = tree.model.is_some();
    if !holders.holds(base) && !is_module && !is_empty(heap, base) {
        let noun = heap.value(base).noun();
        let is_object = matches!(heap.value(base), Value::Object(_));
        let fault = if is_cut {
            Fault::Limit
        } else if is_object && search.mode == Mode::Weights && search.script.is_none() {
            // maybe a module without parameters
            Fault::UnknownGlobal
        } else {
            Fault::MalformedPickle
        };
        return Err(wrong(
            fault,
            format!("it holds {noun} without any tensor; save a state dict"),
        ));
    }
    Ok(tree)
}

fn is_container(heap: &Heap<'_>, value: Ref) -> bool {
    matches!(
        heap.value(value),
        Value::Dict(_) | Value::List(_) | Value::Tuple(_)
    )
}

/// Whether a value is a container of nothing, which is what an empty state dict is.
fn is_empty(heap: &Heap<'_>, value: Ref) -> bool {
    match heap.value(value) {
        Value::Dict(at) => heap.dict(at).is_empty(),
        Value::List(at) => heap.list(at).is_empty(),
        Value::Tuple(span) => heap.members(span).is_empty(),
        _ => false,
    }
}

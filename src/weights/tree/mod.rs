//! Where the weights are among the objects of a checkpoint, and under which names.
//!
//! Objects may be shared without bound and may contain themselves. So each is visited once where
//! that is enough, and where every path to it is a name, the names are booked before they are made.

mod holders;
mod names;

use holders::Holders;
use names::{Key, Names};

use super::damaged;
use super::over_limit;
use super::pickle::{Heap, Ref, Value};
use super::report::Left;
use crate::error::{Error, ErrorKind, Result};

/// Keys under which training code keeps the weights; the second kind holds averaged weights, and
/// is taken only where the first is not there.
const WRAPPERS: [&[&str]; 2] = [
    &["state_dict", "model_state_dict", "model", "net", "weights"],
    &["state_dict_ema", "model_ema", "ema"],
];

/// Deeper names than this are no names.
const MAX_DEPTH: usize = 64;

/// The weights of a checkpoint.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The key that the weights were under.
    pub(super) entered: Option<String>,
    /// Tensors, and objects that hold tensors, by path.
    pub(super) leaves: Vec<(String, Ref)>,
    pub(super) left: Vec<Left>,
}

/// Finds the weights below `root`: under the key `at`, else where training code keeps them. Names
/// may take `memory` bytes.
///
/// # Errors
/// `InvalidArgument` if `at` is not there or if several keys may be meant, `Format` for names that
/// are no text and files without tensors, `OutOfMemory` for names beyond the limit.
pub(super) fn weights(heap: &Heap<'_>, root: Ref, at: Option<&str>, memory: usize) -> Result<Tree> {
    let mut holders = Holders::find(heap, root);
    let mut names = Names::new(heap, memory);
    let mut tree = Tree::default();
    let mut base = root;
    if let Some((key, value)) = entrance(heap, &holders, root, at)? {
        base = value;
        for &(other, beside) in top(heap, root).iter().filter(|pair| pair.1 != value) {
            let name = names.key(other)?;
            tree.left.push(Left {
                name,
                tensors: holders.count_new(heap, beside),
            });
        }
        tree.entered = Some(key.to_owned());
    }
    if holders.holds(base) {
        walk(heap, &holders, base, &mut names, &mut tree)?;
    } else if !is_empty(heap, base) {
        let noun = heap.value(base).noun();
        return Err(damaged(format!(
            "it holds {noun} without any tensor; save a state dict"
        )));
    }
    Ok(tree)
}

/// The pairs of the outermost dict.
fn top<'h>(heap: &'h Heap<'_>, root: Ref) -> &'h [(Ref, Ref)] {
    match heap.value(root) {
        Value::Dict(dict) => heap.dict(dict),
        _ => &[],
    }
}

/// The key and value of the outermost dict to go into, if not all of it is weights.
fn entrance<'k>(
    heap: &Heap<'_>,
    holders: &Holders,
    root: Ref,
    at: Option<&'k str>,
) -> Result<Option<(&'k str, Ref)>> {
    let pairs = top(heap, root);
    if let Some(key) = at {
        return match entry(heap, pairs, key)? {
            Some(value) => Ok(Some((key, value))),
            None => Err(absent(heap, root, key)),
        };
    }
    for keys in WRAPPERS {
        let mut found = Vec::new();
        for key in keys {
            let value = entry(heap, pairs, key)?;
            let value =
                value.filter(|&value| holders.holds(value) && !holders::is_tensor(heap, value));
            found.extend(value.map(|value| (*key, value)));
        }
        match found[..] {
            [] => {}
            [only] => return Ok(Some(only)),
            _ => {
                let keys: Vec<&str> = found.iter().map(|&(key, _)| key).collect();
                return Err(Error::new(
                    ErrorKind::InvalidArgument,
                    format!(
                        "weights under several keys, {keys:?}; choose one with OpenOptions::at"
                    ),
                ));
            }
        }
    }
    Ok(None)
}

/// The value of the text `key`, which may be there once.
fn entry(heap: &Heap<'_>, pairs: &[(Ref, Ref)], key: &str) -> Result<Option<Ref>> {
    let mut values = pairs.iter().filter(|pair| match heap.value(pair.0) {
        Value::Text(span) => heap.raw_text(span) == key.as_bytes(),
        _ => false,
    });
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(damaged(format!("the key {key:?} is there twice"))),
        (first, _) => Ok(first.map(|pair| pair.1)),
    }
}

fn absent(heap: &Heap<'_>, root: Ref, key: &str) -> Error {
    let mut names = Names::new(heap, 1000);
    let there = top(heap, root).iter().take(20);
    let there: Vec<String> = there.map_while(|pair| names.key(pair.0).ok()).collect();
    let message = match there[..] {
        [] => format!("no key {key:?}: the file holds {}", heap.value(root).noun()),
        _ => format!("no key {key:?}; there are {}", there.join(", ")),
    };
    Error::new(ErrorKind::InvalidArgument, message)
}

fn is_container(heap: &Heap<'_>, value: Ref) -> bool {
    matches!(
        heap.value(value),
        Value::Dict(_) | Value::List(_) | Value::Tuple(_)
    )
}

/// Whether a value is a container of nothing, which is what an empty state dict is.
fn is_empty(heap: &Heap<'_>, value: Ref) -> bool {
    let mut parts = Vec::new();
    heap.parts(value, &mut parts);
    is_container(heap, value) && parts.is_empty()
}

/// Gives every tensor below `base` its name.
fn walk(
    heap: &Heap<'_>,
    holders: &Holders,
    base: Ref,
    names: &mut Names<'_, '_>,
    tree: &mut Tree,
) -> Result<()> {
    // every object may have a few names, not exponentially many
    let limit = heap.len().saturating_mul(4).saturating_add(1000);
    let mut parts = 0;
    let mut waiting = vec![(names.root(base), base)];
    while let Some((step, value)) = waiting.pop() {
        if !holders.holds(value) {
            tree.left.push(Left {
                name: names.path(step)?,
                tensors: 0,
            });
            continue;
        }
        if !is_container(heap, value) {
            tree.leaves.push((names.path(step)?, value));
            continue;
        }
        if names.is_below_itself(step) {
            continue; // everything in it is named already
        }
        if names.depth(step) == MAX_DEPTH {
            return Err(over_limit(format!(
                "tensors nested more than {MAX_DEPTH} levels deep"
            )));
        }
        let first = waiting.len();
        let mut add = |key, value| waiting.push((names.below(step, key, value), value));
        match heap.value(value) {
            Value::Dict(dict) => heap
                .dict(dict)
                .iter()
                .for_each(|&(key, value)| add(Key::Value(key), value)),
            Value::List(list) => (0..)
                .zip(heap.list(list))
                .for_each(|(i, &item)| add(Key::Index(i), item)),
            Value::Tuple(span) => (0..)
                .zip(heap.members(span))
                .for_each(|(i, &item)| add(Key::Index(i), item)),
            _ => {}
        }
        parts += waiting.len() - first;
        if parts > limit {
            return Err(over_limit(format!(
                "more than {limit} names for {} objects",
                heap.len()
            )));
        }
        waiting[first..].reverse();
    }
    Ok(())
}

//! The key that leads to the weights.

use super::holders::{self, Holders};
use super::names::Names;
use crate::error::{Error, ErrorKind, Result};
use crate::weights::fault::Fault;
use crate::weights::pickle::{Heap, Ref, Value};
use crate::weights::wrong;

/// Keys under which training code keeps the weights. The second kind is rarer, and the third holds
/// averaged weights: each is taken only where the ones before are not there.
const WRAPPERS: [&[&str]; 3] = [
    &["state_dict", "model_state_dict", "model", "net", "weights"],
    &[
        "module",
        "model_state",
        "network",
        "net_state_dict",
        "params",
    ],
    &[
        "state_dict_ema",
        "model_ema",
        "ema",
        "ema_state_dict",
        "params_ema",
    ],
];

/// A key by its text and its place.
pub(super) type TextKey<'k> = (&'k str, Ref);

/// The pairs of the outermost dict, of whatever class.
pub(super) fn top<'h>(heap: &'h Heap<'_>, root: Ref) -> &'h [(Ref, Ref)] {
    match heap.value(root) {
        Value::Dict(dict) => heap.dict(dict),
        Value::Object(at) => &heap.object(at).pairs,
        _ => &[],
    }
}

/// The key and value of the outermost dict to go into, if not all of it is weights.
pub(super) fn find<'k>(
    heap: &Heap<'k>,
    holders: &Holders,
    root: Ref,
    at: Option<&'k str>,
) -> Result<Option<(TextKey<'k>, Ref)>> {
    let pairs = top(heap, root);
    if let Some(key) = at {
        return match entry(heap, pairs, key)? {
            Some((at, value)) => Ok(Some(((key, at), value))),
            None => Err(absent(heap, root, key)),
        };
    }
    for keys in WRAPPERS {
        let mut found = Vec::new();
        for key in keys {
            let entry = entry(heap, pairs, key)?
                .filter(|&(_, value)| holders.holds(value) && !holders::is_tensor(heap, value));
            found.extend(entry.map(|(at, value)| ((*key, at), value)));
        }
        match found[..] {
            [] => {}
            [only] => return Ok(Some(only)),
            _ => {
                let keys: Vec<&str> = found.iter().map(|&((key, _), _)| key).collect();
                let message = format!(
                    "weights under several keys, {keys:?}; choose one with OpenOptions::at"
                );
                return Err(
                    Error::new(ErrorKind::InvalidArgument, message).with_fault(Fault::Ambiguous)
                );
            }
        }
    }
    Ok(beside_optimizer(heap, holders, pairs))
}

/// The one key that holds tensors beside an optimizer, by whatever name.
fn beside_optimizer<'k>(
    heap: &Heap<'k>,
    holders: &Holders,
    pairs: &[(Ref, Ref)],
) -> Option<(TextKey<'k>, Ref)> {
    let texts = pairs
        .iter()
        .filter_map(|&(at, value)| match heap.value(at) {
            Value::Text(span) => Some(((heap.text(span)?, at), value)),
            _ => None,
        });
    let is_optimizer = |key: &str| key.starts_with("optim");
    let is_of_training = |key: &str| {
        let parts = ["optim", "sched", "lr_", "scaler", "rng", "loss", "callback"];
        parts.iter().any(|part| key.contains(part))
    };
    if !texts.clone().any(|((key, _), _)| is_optimizer(key)) {
        return None;
    }
    let mut holding = texts.filter(|&((key, _), value)| {
        !is_of_training(key) && holders.holds(value) && !holders::is_tensor(heap, value)
    });
    let only = holding.next()?;
    holding.next().is_none().then_some(only)
}

/// The pair of the text `key`, which may be there once.
fn entry(heap: &Heap<'_>, pairs: &[(Ref, Ref)], key: &str) -> Result<Option<(Ref, Ref)>> {
    let mut found = pairs.iter().filter(|pair| match heap.value(pair.0) {
        Value::Text(span) => heap.raw_text(span) == key.as_bytes(),
        _ => false,
    });
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(wrong(
            Fault::Duplicate,
            format!("the key {key:?} is there twice"),
        )),
        (first, _) => Ok(first.copied()),
    }
}

fn absent(heap: &Heap<'_>, root: Ref, key: &str) -> Error {
    let mut names = Names::new(heap);
    let there = top(heap, root).iter().take(20);
    let there: Vec<String> = there.map_while(|pair| names.key(pair.0).ok()).collect();
    let message = match there[..] {
        [] => format!(
            "no key {key:?}: the file holds {}; leave the key out",
            heap.value(root).noun()
        ),
        _ => format!("no key {key:?}; choose one of {}", there.join(", ")),
    };
    Error::new(ErrorKind::InvalidArgument, message).with_fault(Fault::Ambiguous)
}

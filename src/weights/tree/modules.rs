//! Modules: objects whose attributes are parameters, buffers and further modules.

use std::collections::{HashMap, HashSet};

use crate::weights::pickle::{Heap, Meaning, Object, Ref, Value};

/// The names of parameters and buffers of each class of a `TorchScript` archive, by its module and
/// name.
pub(in crate::weights) type ScriptClasses = HashMap<String, HashSet<String>>;

/// What a module has, as pairs of keys and values.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) tensors: Vec<(Ref, Ref)>,
    pub(super) modules: Vec<(Ref, Ref)>,
    /// What its state dict leaves out, which may be tensors or hold some.
    pub(super) left: Vec<(Ref, Ref)>,
    pub(super) is_training: bool,
}

/// The attributes of a module that hold its state dict.
const PARTS: [&[u8]; 3] = [b"_parameters", b"_buffers", b"_modules"];

/// How many parts are looked at to tell whether `object` is a module.
pub(super) fn looked_at(heap: &Heap<'_>, object: &Object) -> usize {
    let parts = |of| match heap.value(of) {
        Value::Dict(dict) => heap.dict(dict),
        _ => &[],
    };
    let attributes = object.state.map(parts).unwrap_or_default();
    let below = attributes
        .iter()
        .map(|&(_, value)| match heap.value(value) {
            Value::Set(set) => heap.list(set).len(),
            _ => parts(value).len(),
        });
    attributes.len() + below.sum::<usize>()
}

/// The parts of a `torch.nn.Module` in the order of its state dict, if `object` is one.
pub(super) fn of_module(heap: &Heap<'_>, object: &Object) -> Option<Parts> {
    let state = object.state?;
    let named = |name| heap.get(state, name);
    let (parameters, modules) = (named("_parameters"), named("_modules"));
    if parameters.is_none() && modules.is_none() {
        return None;
    }
    let not_none = |pairs: &[(Ref, Ref)]| -> Vec<(Ref, Ref)> {
        let pairs = pairs.iter().copied();
        pairs
            .filter(|pair| !matches!(heap.value(pair.1), Value::None))
            .collect()
    };
    let pairs = |of: Option<Ref>| match of.map(|of| heap.value(of)) {
        Some(Value::Dict(dict)) => not_none(heap.dict(dict)),
        _ => Vec::new(),
    };
    let mut tensors = pairs(parameters);
    let passing: HashSet<&[u8]> =
        match named("_non_persistent_buffers_set").map(|set| heap.value(set)) {
            Some(Value::Set(set)) => heap
                .list(set)
                .iter()
                .filter_map(|&name| raw(heap, name))
                .collect(),
            _ => HashSet::new(),
        };
    let is_passing =
        |pair: &(Ref, Ref)| raw(heap, pair.0).is_some_and(|name| passing.contains(name));
    let (mut left, kept): (Vec<_>, Vec<_>) =
        pairs(named("_buffers")).into_iter().partition(is_passing);
    tensors.extend(kept);
    if let Value::Dict(attributes) = heap.value(state) {
        let others = heap.dict(attributes).iter().copied();
        left.extend(others.filter(|&(key, _)| {
            let name = raw(heap, key).unwrap_or_default();
            !PARTS.contains(&name)
        }));
    }
    Some(Parts {
        tensors,
        modules: pairs(modules),
        left,
        is_training: is_true(heap, named("training")),
    })
}

/// The parts of an object of a `TorchScript` archive, if `object` is one.
pub(super) fn of_script(
    heap: &Heap<'_>,
    object: &Object,
    classes: &ScriptClasses,
    is_tensor: impl Fn(Ref) -> bool,
) -> Option<Parts> {
    let global = heap.global(object.global);
    if global.meaning != Meaning::Script {
        return None;
    }
    let mut parts = Parts::default();
    let Some(state) = object.state else {
        return Some(parts);
    };
    // packed weights keep them in a state of their own
    let Value::Dict(dict) = heap.value(state) else {
        return None;
    };
    let named = classes.get(&format!("{}.{}", global.module, global.name));
    for &(key, value) in heap.dict(dict) {
        let is_named = || {
            let name = raw(heap, key).and_then(|name| std::str::from_utf8(name).ok());
            // without the text of the class every tensor may be one
            named.is_none_or(|named| name.is_some_and(|name| named.contains(name)))
        };
        if is_tensor(value) {
            if is_named() {
                parts.tensors.push((key, value));
            } else {
                parts.left.push((key, value));
            }
            continue;
        }
        match heap.value(value) {
            Value::Object(at) if heap.global(heap.object(at).global).meaning == Meaning::Script => {
                parts.modules.push((key, value));
            }
            _ => parts.left.push((key, value)),
        }
    }
    parts.is_training = is_true(heap, heap.get(state, "training"));
    Some(parts)
}

fn raw<'p>(heap: &Heap<'p>, at: Ref) -> Option<&'p [u8]> {
    match heap.value(at) {
        Value::Text(span) => Some(heap.raw_text(span)),
        _ => None,
    }
}

fn is_true(heap: &Heap<'_>, value: Option<Ref>) -> bool {
    value.is_some_and(|value| matches!(heap.value(value), Value::Bool(true)))
}

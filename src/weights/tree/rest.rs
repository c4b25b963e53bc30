//! Tensors that no name leads to: in attributes of foreign objects, in sets, among keys of dicts.

use super::holders;
use super::modules;
use super::names::Key;
use super::walk::{MAX_DEPTH, Place, Walk};
use crate::error::Result;
use crate::weights::pickle::{Ref, Value};

type Waiting = Vec<(usize, Ref)>;

impl Walk<'_, '_, '_> {
    /// Puts each tensor below `root` that was not met beside the weights; gives how many those are,
    /// and how many lie too deep for a name.
    pub(super) fn rest(&mut self, step: usize, root: Ref) -> Result<(usize, usize)> {
        let objects = self.heap.len();
        self.budget().charge(objects)?;
        let mut seen = vec![false; objects];
        let mut met = 0;
        for leaf in self.tree.leaves.iter().chain(&self.tree.beside) {
            let is_new = !std::mem::replace(&mut seen[leaf.value.index()], true);
            met += usize::from(is_new && holders::is_tensor(self.heap, leaf.value));
        }
        if met == self.holders.tensors {
            return Ok((0, 0));
        }
        let (mut found, mut deep) = (0, 0);
        self.met = 0;
        let mut waiting = Waiting::new();
        if self.is_new(root, &mut seen) {
            waiting.push((step, root));
        }
        while let Some((step, value)) = waiting.pop() {
            let is_deep = self.names.depth(step) > MAX_DEPTH;
            if !holders::is_tensor(self.heap, value) {
                let first = waiting.len();
                self.parts(step, value, is_deep, &mut seen, &mut waiting)?;
                waiting[first..].reverse();
            } else if is_deep {
                deep += 1;
            } else {
                let leaf = self.leaf(step, value, Place::Beside)?;
                self.budget().push(&mut self.tree.beside, leaf)?;
                found += 1;
            }
        }
        Ok((found, deep))
    }

    /// Whether a value leads to tensors and is met for the first time.
    fn is_new(&self, value: Ref, seen: &mut [bool]) -> bool {
        self.holders.holds(value) && !std::mem::replace(&mut seen[value.index()], true)
    }

    /// Adds the parts of a value. What makes an object of its class is no step of a name.
    fn parts(
        &mut self,
        step: usize,
        value: Ref,
        is_deep: bool,
        seen: &mut [bool],
        waiting: &mut Waiting,
    ) -> Result<()> {
        let heap = self.heap;
        let mut step_to = |walk: &mut Self, key: Key, part: Ref| -> Result<()> {
            if walk.is_new(part, seen) {
                // ways that are too long for names end here
                let step = if is_deep {
                    step
                } else {
                    walk.names.below(step, key, part)?
                };
                walk.budget().push(waiting, (step, part))?;
            }
            Ok(())
        };
        let mut listed: &[Ref] = &[];
        let mut paired: [&[(Ref, Ref)]; 4] = [&[]; 4];
        let mut unnamed = [None; 2];
        let module;
        match heap.value(value) {
            Value::Dict(dict) => {
                paired[0] = heap.dict(dict);
                unnamed[0] = heap.dict_state(dict);
            }
            Value::List(list) | Value::Set(list) => listed = heap.list(list),
            Value::Tuple(span) => listed = heap.members(span),
            Value::Object(at) => {
                let object = heap.object(at);
                self.meet(modules::looked_at(heap, object))?;
                module = modules::of_module(heap, object);
                if let Some(parts) = &module {
                    paired = [&parts.tensors, &parts.left, &parts.modules, &[]];
                }
                paired[3] = &object.pairs;
                listed = &object.items;
                unnamed = [Some(object.arguments), object.state];
            }
            _ => {}
        }
        for &(key, part) in paired.into_iter().flatten() {
            step_to(self, Key::Value(key), part)?;
            step_to(self, Key::Value(key), key)?;
        }
        for (i, &part) in listed.iter().enumerate() {
            step_to(self, Key::Index(i), part)?;
        }
        for part in unnamed.into_iter().flatten() {
            if self.is_new(part, seen) {
                self.budget().push(waiting, (step, part))?;
            }
        }
        Ok(())
    }
}

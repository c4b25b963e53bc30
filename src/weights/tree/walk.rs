//! From a value down to every tensor below it, by name.

use super::holders::{self, Holders};
use super::modules::{self, Parts};
use super::names::{Key, Names};
use super::{Leaf, Search, Tree, is_container};
use crate::error::Result;
use crate::weights::options::Mode;
use crate::weights::over_limit;
use crate::weights::pickle::{Heap, Meaning, Ref, Value};
use crate::weights::report::{Left, Model, Opaque, Valued};

/// Deeper names than this are no names.
pub(super) const MAX_DEPTH: usize = 64;

/// Where the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the weights.
    Weights,
    /// Among the weights, below something that holds none and is named for that already.
    Aside,
    /// Beside the weights.
    Beside,
}

/// The walk through one checkpoint.
pub(super) struct Walk<'w, 'h, 'p> {
    pub(super) heap: &'h Heap<'p>,
    pub(super) holders: &'w Holders,
    pub(super) search: Search<'w>,
    pub(super) names: &'w mut Names<'h, 'p>,
    pub(super) tree: &'w mut Tree,
    /// How many keys of the way to a tensor are not part of its name.
    pub(super) depth: usize,
    /// Whether values were left out because they lie too deep.
    pub(super) is_cut: bool,
}

type Waiting = Vec<(usize, Ref, Place)>;

impl Walk<'_, '_, '_> {
    /// Walks from each of `starts`, and gives what is found its name.
    pub(super) fn run(&mut self, mut starts: Vec<(usize, Ref)>, place: Place) -> Result<()> {
        // every object may have a few names, not exponentially many
        let limit = self.heap.len().saturating_mul(4).saturating_add(1000);
        let mut met = 0;
        starts.reverse();
        let mut waiting: Waiting = starts
            .into_iter()
            .map(|(step, value)| (step, value, place))
            .collect();
        while let Some((step, value, place)) = waiting.pop() {
            let first = waiting.len();
            self.visit(step, value, place, &mut waiting)?;
            met += waiting.len() - first;
            if met > limit {
                let objects = self.heap.len();
                return Err(over_limit(format!(
                    "more than {limit} names for {objects} objects"
                )));
            }
            waiting[first..].reverse();
        }
        Ok(())
    }

    fn visit(
        &mut self,
        step: usize,
        value: Ref,
        place: Place,
        waiting: &mut Waiting,
    ) -> Result<()> {
        let heap = self.heap;
        if holders::is_tensor(heap, value) {
            let leaf = self.leaf(step, value, place)?;
            match place {
                Place::Weights => self.tree.leaves.push(leaf),
                _ => self.tree.beside.push(leaf),
            }
            return Ok(());
        }
        if let Value::Object(at) = heap.value(value)
            && place == Place::Weights
        {
            let object = heap.object(at);
            let parts = match (self.search.script, self.search.mode) {
                (Some(classes), _) => {
                    let is_tensor = |value| holders::is_tensor(heap, value);
                    modules::of_script(heap, object, classes, is_tensor)
                }
                (None, Mode::Model) => modules::of_module(heap, object),
                (None, Mode::Weights) => None,
            };
            if let Some(parts) = parts {
                let class = heap.global(object.global);
                return self.module(step, (class.module, class.name), parts, waiting);
            }
        }
        let holds = self.holders.holds(value);
        let mut place = place;
        if place == Place::Weights && !holds {
            let name = self.names.leaf(step, self.depth)?.0;
            // an empty name is the whole, which is told otherwise
            if !name.is_empty() {
                self.tree.left.push(Left { name, tensors: 0 });
            }
            place = Place::Aside;
        }
        if is_container(heap, value) {
            return self.container(step, value, place, waiting);
        }
        match heap.value(value) {
            Value::Object(at) => self.object(step, value, at, place, waiting),
            _ => self.scalar(step, value),
        }
    }

    pub(super) fn leaf(&mut self, step: usize, value: Ref, place: Place) -> Result<Leaf> {
        let depth = if place == Place::Beside {
            0
        } else {
            self.depth
        };
        let (name, path) = self.names.leaf(step, depth)?;
        Ok(Leaf { name, path, value })
    }

    /// Whether to go on below a step: not where a value is below itself, and not for ever.
    fn goes_on(&self, step: usize) -> Result<bool> {
        if self.names.is_below_itself(step) {
            return Ok(false); // everything in it is named already
        }
        if self.names.depth(step) >= MAX_DEPTH {
            return Err(over_limit(format!(
                "objects nested more than {MAX_DEPTH} levels deep"
            )));
        }
        Ok(true)
    }

    fn container(
        &mut self,
        step: usize,
        value: Ref,
        place: Place,
        waiting: &mut Waiting,
    ) -> Result<()> {
        // what holds no tensor is only shown, so depth is no error there
        if !self.holders.holds(value) && self.names.depth(step) >= MAX_DEPTH {
            self.is_cut = true;
            return Ok(());
        }
        if !self.goes_on(step)? {
            return Ok(());
        }
        let names = &mut *self.names;
        let mut add = |key, value| waiting.push((names.below(step, key, value), value, place));
        match self.heap.value(value) {
            Value::Dict(dict) => {
                for &(key, value) in self.heap.dict(dict) {
                    add(Key::Value(key), value);
                }
            }
            Value::List(list) => (0..)
                .zip(self.heap.list(list))
                .for_each(|(i, &item)| add(Key::Index(i), item)),
            Value::Tuple(span) => (0..)
                .zip(self.heap.members(span))
                .for_each(|(i, &item)| add(Key::Index(i), item)),
            _ => {}
        }
        Ok(())
    }

    fn module(
        &mut self,
        step: usize,
        (module, name): (&str, &str),
        parts: Parts,
        waiting: &mut Waiting,
    ) -> Result<()> {
        if !self.goes_on(step)? {
            return Ok(());
        }
        let model = self.tree.model.get_or_insert_with(Model::default);
        model.modules += 1;
        model.training += usize::from(parts.is_training);
        let class = format!("{module}.{name}");
        if !model.classes.contains(&class) {
            self.names.charge(class.len())?;
            model.classes.insert(class);
        }
        for (key, value) in parts.tensors.into_iter().chain(parts.modules) {
            let below = self.names.below(step, Key::Value(key), value);
            waiting.push((below, value, Place::Weights));
        }
        for (key, value) in parts.left {
            let below = self.names.below(step, Key::Value(key), value);
            if self.holders.holds(value) {
                let name = self.names.leaf(below, self.depth)?.0;
                let tensors = usize::from(holders::is_tensor(self.heap, value));
                self.tree.left.push(Left { name, tensors });
                waiting.push((below, value, Place::Beside));
            }
        }
        Ok(())
    }

    /// An object that is neither a tensor nor a module that is looked into.
    fn object(
        &mut self,
        step: usize,
        value: Ref,
        at: u32,
        place: Place,
        waiting: &mut Waiting,
    ) -> Result<()> {
        let object = self.heap.object(at);
        let class = self.heap.global(object.global);
        if matches!(class.meaning, Meaning::Numpy(_)) {
            if holders::is_numpy_scalar(self.heap, value) {
                let leaf = self.leaf(step, value, place)?;
                self.tree.beside.push(leaf);
            }
            return Ok(());
        }
        if place == Place::Weights {
            if self.search.mode == Mode::Weights {
                // given up where tensors are rebuilt, with the reason
                let leaf = self.leaf(step, value, place)?;
                self.tree.leaves.push(leaf);
                return Ok(());
            }
            if !self.goes_on(step)? {
                return Ok(());
            }
            let mut add = |key, value| {
                let below = self.names.below(step, key, value);
                waiting.push((below, value, place));
            };
            if let Some(Value::Dict(state)) = object.state.map(|state| self.heap.value(state)) {
                for &(key, value) in self.heap.dict(state) {
                    add(Key::Value(key), value);
                }
            }
            for &(key, value) in &object.pairs {
                add(Key::Value(key), value);
            }
            for (i, &item) in object.items.iter().enumerate() {
                add(Key::Index(i), item);
            }
        }
        let is_plain = matches!(
            class.module,
            "builtins" | "__builtin__" | "torch" | "collections"
        );
        if class.meaning == Meaning::Inert && !is_plain {
            let path = self.names.keys(step)?;
            let class = format!("{}.{}", class.module, class.name);
            self.names.charge(class.len())?;
            self.tree.opaque.push(Opaque { path, class });
        }
        Ok(())
    }

    fn scalar(&mut self, step: usize, value: Ref) -> Result<()> {
        if let Some(value) = self.names.scalar(value)? {
            let path = self.names.keys(step)?;
            self.tree.values.push(Valued { path, value });
        }
        Ok(())
    }
}

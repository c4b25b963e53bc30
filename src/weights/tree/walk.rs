//! From a value down to every tensor below it, by name.

use super::holders::{self, Holders};
use super::modules::{self, Parts};
use super::names::{Key, Names};
use super::{Leaf, Search, Tree, is_container};
use crate::error::Result;
use crate::weights::budget::Budget;
use crate::weights::options::Mode;
use crate::weights::over_limit;
use crate::weights::pickle::{Heap, Meaning, Object, Ref, Value};
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
    /// How many parts were looked at.
    pub(super) met: usize,
    /// Whether values were left out because they lie too deep.
    pub(super) is_cut: bool,
}

type Waiting = Vec<(usize, Ref, Place)>;

impl<'h> Walk<'_, 'h, '_> {
    /// Walks from each of `starts`, and gives what is found its name.
    pub(super) fn run(&mut self, mut starts: Vec<(usize, Ref)>, place: Place) -> Result<()> {
        starts.reverse();
        self.met = 0;
        let mut waiting = Waiting::new();
        for (step, value) in starts {
            self.budget().push(&mut waiting, (step, value, place))?;
        }
        while let Some((step, value, place)) = waiting.pop() {
            let first = waiting.len();
            self.visit(step, value, place, &mut waiting)?;
            self.meet(waiting.len() - first)?;
            waiting[first..].reverse();
        }
        Ok(())
    }

    pub(super) fn budget(&self) -> &'h Budget {
        self.heap.budget()
    }

    /// Counts parts that were looked at.
    pub(super) fn meet(&mut self, parts: usize) -> Result<()> {
        // every object may have a few names, not exponentially many
        let limit = self.heap.len().saturating_mul(4).saturating_add(1000);
        self.met += parts;
        if self.met > limit {
            let objects = self.heap.len();
            return Err(over_limit(format!(
                "more than {limit} names for {objects} objects"
            )));
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
                Place::Weights => self.budget().push(&mut self.tree.leaves, leaf),
                _ => self.budget().push(&mut self.tree.beside, leaf),
            }?;
            return Ok(());
        }
        if let Value::Object(at) = heap.value(value)
            && place == Place::Weights
        {
            let object = heap.object(at);
            self.meet(modules::looked_at(heap, object))?;
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
        let mut place = place;
        if place == Place::Weights && !self.holders.holds(value) {
            let name = self.names.leaf(step, self.depth)?.0;
            // an empty name is the whole, which is told otherwise
            if !name.is_empty() {
                let left = Left { name, tensors: 0 };
                self.budget().push(&mut self.tree.left, left)?;
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
        let (items, pairs): (&[Ref], &[(Ref, Ref)]) = match self.heap.value(value) {
            Value::Dict(dict) => (&[], self.heap.dict(dict)),
            Value::List(list) => (self.heap.list(list), &[]),
            Value::Tuple(span) => (self.heap.members(span), &[]),
            _ => (&[], &[]),
        };
        self.below(step, items, pairs, place, waiting)
    }

    /// Names what is no part of the weights and holds tensors.
    fn leave(&mut self, step: usize, value: Ref) -> Result<()> {
        let name = self.names.leaf(step, self.depth)?.0;
        let tensors = usize::from(holders::is_tensor(self.heap, value));
        let left = Left { name, tensors };
        self.budget().push(&mut self.tree.left, left)
    }

    /// Adds the parts of a value to what waits.
    fn below(
        &mut self,
        step: usize,
        items: &[Ref],
        pairs: &[(Ref, Ref)],
        place: Place,
        waiting: &mut Waiting,
    ) -> Result<()> {
        let items = items.iter().enumerate();
        let items = items.map(|(i, &item)| (Key::Index(i), item));
        let pairs = pairs.iter().map(|&(key, value)| (Key::Value(key), value));
        for (key, value) in pairs.chain(items) {
            let below = self.names.below(step, key, value)?;
            self.budget().push(waiting, (below, value, place))?;
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
        let class = [module, ".", name].concat();
        if !model.classes.contains(&class) {
            self.names.charge(2 * size_of::<String>() + class.len())?;
            model.classes.insert(class);
        }
        self.below(step, &[], &parts.tensors, Place::Weights, waiting)?;
        self.below(step, &[], &parts.modules, Place::Weights, waiting)?;
        for (key, value) in parts.left {
            if self.holders.holds(value) {
                let below = self.names.below(step, Key::Value(key), value)?;
                self.leave(below, value)?;
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
                self.budget().push(&mut self.tree.beside, leaf)?;
            }
            return Ok(());
        }
        if place == Place::Weights {
            if self.search.mode == Mode::Weights {
                // given up where tensors are rebuilt, with the reason
                let leaf = self.leaf(step, value, place)?;
                self.budget().push(&mut self.tree.leaves, leaf)?;
                return Ok(());
            }
            if !self.goes_on(step)? {
                return Ok(());
            }
            self.attributes(step, object, waiting)?;
        }
        let is_plain = matches!(
            class.module,
            "builtins" | "__builtin__" | "torch" | "collections"
        );
        if class.meaning == Meaning::Inert && !is_plain {
            let path = self.names.keys(step)?;
            let class = [class.module, ".", class.name].concat();
            self.names.charge(class.len())?;
            self.budget()
                .push(&mut self.tree.opaque, Opaque { path, class })?;
        }
        Ok(())
    }

    /// Adds what an object of any class has: its attributes, which may be a dict, or a tuple of
    /// some (as for slots), its items, and the arguments that it was made of.
    fn attributes(&mut self, step: usize, object: &Object, waiting: &mut Waiting) -> Result<()> {
        let mut items = Vec::new();
        for value in [Some(object.arguments), object.state].into_iter().flatten() {
            let parts = match self.heap.value(value) {
                Value::Tuple(span) => self.heap.members(span),
                _ => &[value],
            };
            self.meet(parts.len())?;
            for &part in parts {
                match self.heap.value(part) {
                    Value::Dict(dict) => {
                        self.below(step, &[], self.heap.dict(dict), Place::Weights, waiting)?;
                    }
                    _ if self.holders.holds(part) => self.budget().push(&mut items, part)?,
                    _ => {}
                }
            }
        }
        self.budget().extend(&mut items, &object.items)?;
        self.below(step, &items, &object.pairs, Place::Weights, waiting)
    }

    fn scalar(&mut self, step: usize, value: Ref) -> Result<()> {
        if let Some(value) = self.names.scalar(value)? {
            let path = self.names.keys(step)?;
            self.budget()
                .push(&mut self.tree.values, Valued { path, value })?;
        }
        Ok(())
    }
}

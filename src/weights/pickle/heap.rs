//! All values of one pickle, by index.

use super::value::{Dict, Global, Object, Ref, Span, Value, narrow};
use crate::error::Result;
use crate::weights::budget::Budget;
use crate::weights::damaged;

/// All values of one pickle.
#[derive(Debug)]
pub(crate) struct Heap<'p> {
    pickle: &'p [u8],
    /// The protocol that the pickle names.
    pub(super) protocol: Option<u8>,
    /// Whether what is outside of the pickle are tensors, not storages.
    keeps_tensors_outside: bool,
    values: Vec<Value>,
    members: Vec<Ref>,
    lists: Vec<Vec<Ref>>,
    dicts: Vec<Dict>,
    globals: Vec<Global<'p>>,
    objects: Vec<Object>,
    budget: Budget,
}

/// What the machine does: it adds.
impl<'p> Heap<'p> {
    /// An empty heap with room for about so many values, which need not be moved then.
    pub(super) fn new(pickle: &'p [u8], values: usize, budget: &Budget) -> Result<Self> {
        Ok(Self {
            pickle,
            protocol: None,
            keeps_tensors_outside: false,
            // a tensor of torch's is 15 values: one object, one dict, and tuples with 15 members
            members: budget.list(values)?,
            lists: Vec::new(),
            dicts: budget.list(values / 15)?,
            globals: Vec::new(),
            objects: budget.list(values / 15)?,
            values: budget.list(values)?,
            budget: budget.clone(),
        })
    }

    /// Where the memory for what is described is booked.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    pub(super) fn add(&mut self, value: Value) -> Result<Ref> {
        let at = narrow(self.values.len())?;
        self.budget.push(&mut self.values, value)?;
        Ok(Ref(at))
    }

    pub(super) fn add_tuple(&mut self, members: &[Ref]) -> Result<Ref> {
        let span = Span::new(self.members.len(), members.len())?;
        self.budget.extend(&mut self.members, members)?;
        self.add(Value::Tuple(span))
    }

    /// Keeps items for a list or a set.
    pub(super) fn add_items(&mut self, items: &[Ref]) -> Result<u32> {
        let at = narrow(self.lists.len())?;
        let mut list = Vec::new();
        self.budget.extend(&mut list, items)?;
        self.budget.push(&mut self.lists, list)?;
        Ok(at)
    }

    pub(super) fn add_dict(&mut self, dict: Dict) -> Result<Ref> {
        let at = narrow(self.dicts.len())?;
        self.budget.push(&mut self.dicts, dict)?;
        self.add(Value::Dict(at))
    }

    pub(super) fn add_global(&mut self, global: Global<'p>) -> Result<Ref> {
        let at = narrow(self.globals.len())?;
        self.budget.push(&mut self.globals, global)?;
        self.add(Value::Global(at))
    }

    pub(super) fn add_object(&mut self, global: u32, arguments: Ref) -> Result<Ref> {
        let at = narrow(self.objects.len())?;
        let object = Object {
            global,
            arguments,
            state: None,
            items: Vec::new(),
            pairs: Vec::new(),
        };
        self.budget.push(&mut self.objects, object)?;
        self.add(Value::Object(at))
    }

    /// Appends to a list or to an object that is a list by its class.
    pub(super) fn append(&mut self, to: Ref, items: &[Ref]) -> Result<()> {
        let list = match self.value(to) {
            Value::List(at) => &mut self.lists[at as usize],
            Value::Object(at) => &mut self.objects[at as usize].items,
            other => {
                return Err(damaged(format!(
                    "items for {}, which is no list",
                    other.noun()
                )));
            }
        };
        self.budget.extend(list, items)
    }

    pub(super) fn insert(&mut self, to: Ref, items: &[Ref]) -> Result<()> {
        match self.value(to) {
            Value::Set(at) => self.budget.extend(&mut self.lists[at as usize], items),
            other => Err(damaged(format!(
                "items for {}, which is no set",
                other.noun()
            ))),
        }
    }

    /// Sets keys of a mapping, from keys and values in turn.
    pub(super) fn set(&mut self, to: Ref, flat: &[Ref]) -> Result<()> {
        let (pairs, rest) = flat.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(damaged("a key without a value"));
        }
        for &[key, _] in pairs {
            if let value @ (Value::List(_) | Value::Dict(_) | Value::Set(_)) = self.value(key) {
                return Err(damaged(format!("{} as a key", value.noun())));
            }
        }
        let into = match self.value(to) {
            Value::Dict(at) => &mut self.dicts[at as usize].pairs,
            Value::Object(at) => &mut self.objects[at as usize].pairs,
            other => {
                return Err(damaged(format!(
                    "keys for {}, which is no mapping",
                    other.noun()
                )));
            }
        };
        self.budget.make_room(into, pairs.len())?;
        into.extend(pairs.iter().map(|&[key, value]| (key, value)));
        Ok(())
    }

    /// Gives an object its attributes.
    pub(super) fn build(&mut self, on: Ref, state: Ref) -> Result<()> {
        match self.value(on) {
            Value::Object(at) => {
                let object = &mut self.objects[at as usize];
                if let Some(former) = object.state.replace(state) {
                    self.budget.push(&mut object.items, former)?;
                }
            }
            Value::Dict(at) if self.dicts[at as usize].is_subclass => {
                if self.dicts[at as usize].state.replace(state).is_some() {
                    return Err(damaged("a dict that is given attributes twice"));
                }
            }
            other => {
                return Err(damaged(format!(
                    "attributes for {}, which has none",
                    other.noun()
                )));
            }
        }
        Ok(())
    }
}

/// What readers do: they look.
impl<'p> Heap<'p> {
    pub(crate) fn value(&self, at: Ref) -> Value {
        self.values[at.0 as usize]
    }

    /// How many values there are; a [`Ref::index`] is below it.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn protocol(&self) -> Option<u8> {
        self.protocol
    }

    /// Takes what is outside of the pickle for tensors, as the tar form keeps them.
    pub(crate) fn keep_tensors_outside(&mut self) {
        self.keeps_tensors_outside = true;
    }

    pub(crate) fn keeps_tensors_outside(&self) -> bool {
        self.keeps_tensors_outside
    }

    /// The names that the pickle refers to.
    pub(crate) fn globals(&self) -> &[Global<'p>] {
        &self.globals
    }

    /// The identities of everything outside of the pickle.
    pub(crate) fn persistent(&self) -> impl Iterator<Item = Ref> {
        self.values.iter().filter_map(|value| match value {
            Value::Persistent(identity) => Some(*identity),
            _ => None,
        })
    }

    /// Text as it stands in the pickle.
    pub(crate) fn raw_text(&self, span: Span) -> &'p [u8] {
        span.of(self.pickle)
    }

    /// Text, unless it is not UTF-8.
    pub(crate) fn text(&self, span: Span) -> Option<&'p str> {
        std::str::from_utf8(self.raw_text(span)).ok()
    }

    pub(crate) fn members(&self, span: Span) -> &[Ref] {
        span.of(&self.members)
    }

    pub(crate) fn list(&self, at: u32) -> &[Ref] {
        &self.lists[at as usize]
    }

    pub(crate) fn dict(&self, at: u32) -> &[(Ref, Ref)] {
        &self.dicts[at as usize].pairs
    }

    /// The attributes of a dict that is one by its class.
    pub(crate) fn dict_state(&self, at: u32) -> Option<Ref> {
        self.dicts[at as usize].state
    }

    pub(crate) fn global(&self, at: u32) -> Global<'p> {
        self.globals[at as usize]
    }

    pub(crate) fn object(&self, at: u32) -> &Object {
        &self.objects[at as usize]
    }

    /// The members of a tuple value.
    pub(crate) fn tuple(&self, at: Ref) -> Option<&[Ref]> {
        match self.value(at) {
            Value::Tuple(span) => Some(self.members(span)),
            _ => None,
        }
    }

    /// Keeps the items of a list or tuple for a set; none of other values.
    pub(super) fn copy_items(&mut self, at: Ref) -> Result<u32> {
        let items = match self.value(at) {
            Value::Tuple(span) => self.members(span),
            Value::List(list) | Value::Set(list) => self.list(list),
            _ => &[],
        };
        let mut copied = Vec::new();
        self.budget.extend(&mut copied, items)?;
        let at = narrow(self.lists.len())?;
        self.budget.push(&mut self.lists, copied)?;
        Ok(at)
    }

    /// The value of a text key of a dict, the first of several.
    pub(crate) fn get(&self, dict: Ref, key: &str) -> Option<Ref> {
        let Value::Dict(dict) = self.value(dict) else {
            return None;
        };
        let pair = self
            .dict(dict)
            .iter()
            .find(|pair| match self.value(pair.0) {
                Value::Text(span) => self.raw_text(span) == key.as_bytes(),
                _ => false,
            });
        pair.map(|pair| pair.1)
    }

    /// Everything that `at` refers to directly.
    pub(crate) fn parts(&self, at: Ref, parts: &mut Vec<Ref>) -> Result<()> {
        let (items, pairs): (&[Ref], &[(Ref, Ref)]) = match self.value(at) {
            Value::Tuple(span) => (self.members(span), &[]),
            Value::List(at) | Value::Set(at) => (self.list(at), &[]),
            Value::Dict(at) => {
                self.budget.extend(parts, self.dict_state(at).as_slice())?;
                (&[], self.dict(at))
            }
            Value::Object(at) => {
                let object = self.object(at);
                self.budget.push(parts, object.arguments)?;
                self.budget.extend(parts, object.state.as_slice())?;
                (&object.items, &object.pairs)
            }
            _ => return Ok(()),
        };
        self.budget.extend(parts, items)?;
        self.budget.make_room(parts, 2 * pairs.len())?;
        parts.extend(pairs.iter().flat_map(|&(key, value)| [key, value]));
        Ok(())
    }
}

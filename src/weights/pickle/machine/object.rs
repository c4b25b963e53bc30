//! Names, and the objects that calls of them stand for.

use super::Machine;
use crate::error::Result;
use crate::weights::pickle::globals::{self, Meaning};
use crate::weights::pickle::opcode as op;
use crate::weights::pickle::value::{Dict, Global, Ref, Value};
use crate::weights::{Fault, damaged, wrong};

impl<'p> Machine<'p> {
    pub(super) fn global(&mut self, opcode: u8) -> Result<()> {
        let (module, name) = if opcode == op::STACK_GLOBAL {
            let name = self.pop()?;
            let module = self.pop()?;
            let (module, name) = (self.name(module)?, self.name(name)?);
            // one long text may be used many times, and is looked through part by part each time
            let looked_through = 8 * (module.len() + name.len());
            self.heap.budget().charge(looked_through)?;
            (module, name)
        } else {
            (self.cursor.line()?, self.cursor.line()?)
        };
        let meaning = globals::meaning(module, name)?;
        if meaning == Meaning::GetAttribute {
            let position = self.base + self.cursor.position();
            if self.getattr.replace(position).is_some() {
                return Err(globals::forbidden(module, name));
            }
        }
        let global = self.heap.add_global(Global {
            module,
            name,
            meaning,
        })?;
        if opcode != op::INST {
            return self.push(global);
        }
        let start = self.unmark()?;
        let arguments = self.heap.add_tuple(&self.stack[start..])?;
        self.stack.truncate(start);
        self.instance(global, arguments)
    }

    fn name(&self, at: Ref) -> Result<&'p str> {
        match self.heap.value(at) {
            // the length first: one long text may be used many times
            Value::Text(span) if self.heap.raw_text(span).len() > globals::MAX_NAME => {
                Err(globals::too_long(self.heap.raw_text(span).len()))
            }
            Value::Text(span) => self
                .heap
                .text(span)
                .ok_or_else(|| damaged("a name that is not UTF-8")),
            other => Err(damaged(format!("{} as a name", other.noun()))),
        }
    }

    pub(super) fn object(&mut self, opcode: u8) -> Result<()> {
        if opcode == op::OBJ {
            let start = self.unmark()?;
            let Some((&class, arguments)) = self.stack[start..].split_first() else {
                return Err(damaged("an object without a class"));
            };
            let arguments = self.heap.add_tuple(arguments)?;
            self.stack.truncate(start);
            return self.instance(class, arguments);
        }
        let named = if opcode == op::NEWOBJ_EX {
            Some(self.pop()?)
        } else {
            None
        };
        let arguments = self.pop()?;
        let callable = self.pop()?;
        self.instance(callable, arguments)?;
        match named {
            Some(named) => self.heap.append(self.top()?, &[named]),
            None => Ok(()),
        }
    }

    /// What calling `callable` would give, as an inert value.
    fn instance(&mut self, callable: Ref, arguments: Ref) -> Result<()> {
        let Value::Global(global) = self.heap.value(callable) else {
            let noun = self.heap.value(callable).noun();
            return Err(damaged(format!("a call of {noun}")));
        };
        let Some(argument_count) = self.heap.tuple(arguments).map(<[Ref]>::len) else {
            return Err(damaged("a call whose arguments are no tuple"));
        };
        let result = match self.heap.global(global).meaning {
            Meaning::OrderedDict => {
                let pairs = self.listed_pairs(arguments)?;
                let dict = self.heap.add_dict(Dict::subclass())?;
                self.heap.set(dict, &pairs)?;
                dict
            }
            // its one argument makes default values, which no checkpoint asks for
            Meaning::DefaultDict if argument_count <= 1 => self.heap.add_dict(Dict::subclass())?,
            Meaning::Set => {
                let set = match self.heap.tuple(arguments) {
                    Some(&[items]) => self.heap.copy_items(items)?,
                    _ => self.heap.add_items(&[])?,
                };
                self.heap.add(Value::Set(set))?
            }
            Meaning::Same => match self.heap.tuple(arguments) {
                Some(&[same]) => same,
                _ => self.heap.add_object(global, arguments)?,
            },
            Meaning::Storage(_) | Meaning::UntypedStorage | Meaning::DataType(_) => {
                let Global { module, name, .. } = self.heap.global(global);
                return Err(wrong(
                    Fault::UnknownGlobal,
                    format!("a call of {module}.{name}, which torch never writes"),
                ));
            }
            Meaning::GetAttribute => {
                let Global { module, name, .. } = self.heap.global(global);
                if !self.is_function_of_torch(arguments) {
                    return Err(globals::forbidden(module, name));
                }
                self.getattr = None;
                self.heap.add_object(global, arguments)?
            }
            _ => self.heap.add_object(global, arguments)?,
        };
        self.push(result)
    }

    /// Refuses a file that names `getattr` for anything else than a function of torch.
    pub(super) fn check_getattr(&self) -> Result<()> {
        match self.getattr {
            None => Ok(()),
            Some(position) => Err(globals::forbidden("builtins", "getattr")
                .while_doing(format_args!("byte {position}"))),
        }
    }

    /// Whether `arguments` are those by which Python writes `torch.relu` and the like, which models
    /// have for attributes.
    fn is_function_of_torch(&self, arguments: Ref) -> bool {
        let Some(&[owner, name]) = self.heap.tuple(arguments) else {
            return false;
        };
        let Value::Global(owner) = self.heap.value(owner) else {
            return false;
        };
        let owner = self.heap.global(owner);
        let is_name = match self.heap.value(name) {
            Value::Text(name) => {
                let name = self.heap.raw_text(name);
                let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                name.iter().all(is_plain) && !name.starts_with(b"__")
            }
            _ => false,
        };
        let is_owner = matches!(owner.name, "_VariableFunctionsClass" | "_VariableFunctions");
        owner.module == "torch._C" && is_owner && is_name
    }

    /// The class that a persistent id stands for: `('module', class, file, source)`, or the same
    /// without the first word in the tar form. The source is text to skip.
    pub(super) fn class(&self, identity: Ref) -> Option<Ref> {
        let class = match *self.heap.tuple(identity)? {
            [kind, class, _, _] => match self.heap.value(kind) {
                Value::Text(kind) if self.heap.raw_text(kind) == b"module" => class,
                _ => return None,
            },
            [class, _, _] => class,
            _ => return None,
        };
        matches!(self.heap.value(class), Value::Global(_)).then_some(class)
    }

    /// The keys and values of `OrderedDict([[key, value], …])`, as Python 2 writes it.
    fn listed_pairs(&self, arguments: Ref) -> Result<Vec<Ref>> {
        let mut flat = Vec::new();
        let list = match self.heap.tuple(arguments) {
            None | Some(&[]) => return Ok(flat),
            Some(&[listed]) => self.heap.value(listed),
            Some(_) => return Err(damaged("an OrderedDict made of several things")),
        };
        let Value::List(list) = list else {
            return Err(damaged(
                "an OrderedDict made of something else than a list of pairs",
            ));
        };
        for &pair in self.heap.list(list) {
            let pair = match self.heap.value(pair) {
                Value::List(pair) => self.heap.list(pair),
                _ => self.heap.tuple(pair).unwrap_or_default(),
            };
            match pair {
                pair @ &[_, _] => self.heap.budget().extend(&mut flat, pair)?,
                _ => return Err(damaged("an OrderedDict made of something else than pairs")),
            }
        }
        Ok(flat)
    }
}

//! The pickle machine: opcodes in, values out, and no call made.

mod object;

use super::cursor::Cursor;
use super::heap::Heap;
use super::memo::Memo;
use super::opcode as op;
use super::scalar;
use super::value::{Dict, Ref, Value, narrow};
use crate::error::Result;
use crate::weights::budget::Budget;
use crate::weights::{Fault, damaged, unsupported, wrong};

#[derive(Debug)]
pub(super) struct Machine<'p> {
    cursor: Cursor<'p>,
    /// Where the pickle is in its file, for messages.
    base: usize,
    heap: Heap<'p>,
    stack: Vec<Ref>,
    /// Heights of the stack at the open marks.
    marks: Vec<usize>,
    memo: Memo,
    /// Where `getattr` was named, until it is called for a function of torch.
    getattr: Option<usize>,
}

impl<'p> Machine<'p> {
    /// `base` is where the pickle is in its file, `values` about how many it describes.
    pub(super) fn new(
        pickle: &'p [u8],
        base: usize,
        values: usize,
        budget: &Budget,
    ) -> Result<Self> {
        narrow(pickle.len())?;
        Ok(Self {
            cursor: Cursor::new(pickle),
            base,
            heap: Heap::new(pickle, values, budget)?,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Memo::default(),
            getattr: None,
        })
    }

    /// Runs to the end of the pickle; gives its values, the one that it is about, and its length.
    pub(super) fn run(mut self) -> Result<(Heap<'p>, Ref, usize)> {
        loop {
            let position = self.cursor.position();
            let step = self.cursor.u8().and_then(|opcode| match opcode {
                op::STOP => self.pop().map(Some),
                other => self.step(other).map(|()| None),
            });
            match step {
                Ok(Some(root)) => {
                    self.check_getattr()?;
                    return Ok((self.heap, root, self.cursor.position()));
                }
                Ok(None) => {}
                Err(error) => {
                    // a name that only an attack needs tells more than where the damage is
                    self.check_getattr()?;
                    let position = self.base + position;
                    return Err(error.while_doing(format_args!("byte {position}")));
                }
            }
        }
    }

    fn step(&mut self, opcode: u8) -> Result<()> {
        match opcode {
            op::PROTO => self.protocol(),
            op::FRAME => self.frame(),
            op::MARK => {
                let budget = self.heap.budget();
                budget.push(&mut self.marks, self.stack.len())
            }
            op::POP if self.marks.last() == Some(&self.stack.len()) => {
                self.marks.pop();
                Ok(())
            }
            op::POP => self.pop().map(drop),
            op::POP_MARK => self.unmark().map(|start| self.stack.truncate(start)),
            op::DUP => self.top().and_then(|top| self.push(top)),
            op::PUT | op::BINPUT | op::LONG_BINPUT | op::MEMOIZE => self.put(opcode),
            op::GET | op::BINGET | op::LONG_BINGET => self.get(opcode),
            op::EMPTY_TUPLE => self.push_tuple(0),
            op::TUPLE1 => self.push_tuple(1),
            op::TUPLE2 => self.push_tuple(2),
            op::TUPLE3 => self.push_tuple(3),
            op::TUPLE
            | op::EMPTY_LIST
            | op::LIST
            | op::EMPTY_DICT
            | op::DICT
            | op::EMPTY_SET
            | op::FROZENSET => self.container(opcode),
            op::APPEND | op::APPENDS | op::SETITEM | op::SETITEMS | op::ADDITEMS => {
                self.fill(opcode)
            }
            op::GLOBAL | op::STACK_GLOBAL | op::INST => self.global(opcode),
            op::REDUCE | op::NEWOBJ | op::NEWOBJ_EX | op::OBJ => self.object(opcode),
            op::BUILD => {
                let state = self.pop()?;
                let on = self.top()?;
                self.heap.build(on, state)
            }
            op::BINPERSID => {
                let identity = self.pop()?;
                match self.class(identity) {
                    Some(class) => self.push(class),
                    None => self.push_value(Value::Persistent(identity)),
                }
            }
            op::PERSID => Err(damaged("a persistent id as text, which torch never writes")),
            op::EXT1 | op::EXT2 | op::EXT4 => Err(wrong(
                Fault::BadOpcode,
                "a code of Python's extension registry, which no file can define",
            )),
            op::NEXT_BUFFER | op::READONLY_BUFFER => Err(unsupported(
                "a buffer kept outside of the pickle, which the file does not have",
            )),
            _ => {
                let value = scalar::read(&mut self.cursor, opcode)?;
                self.push_value(value)
            }
        }
    }

    fn protocol(&mut self) -> Result<()> {
        match self.cursor.u8()? {
            protocol @ 0..=5 => {
                self.heap.protocol = Some(protocol);
                Ok(())
            }
            later => Err(damaged(format!(
                "pickle protocol {later}; Python's own are 0 to 5"
            ))),
        }
    }

    fn frame(&mut self) -> Result<()> {
        let len = self.cursor.u64()?;
        let left = self.cursor.remaining();
        if len > left as u64 {
            return Err(wrong(
                Fault::Truncated,
                format!("a frame of {len} bytes with {left} bytes left"),
            ));
        }
        Ok(())
    }

    // the stack

    /// The lowest height that an opcode may pop to.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn push(&mut self, value: Ref) -> Result<()> {
        self.heap.budget().push(&mut self.stack, value)
    }

    fn push_value(&mut self, value: Value) -> Result<()> {
        let value = self.heap.add(value)?;
        self.push(value)
    }

    fn top(&self) -> Result<Ref> {
        match self.stack.get(self.floor()..).and_then(<[Ref]>::last) {
            Some(&top) => Ok(top),
            None => Err(damaged("an opcode that needs a value, and none is there")),
        }
    }

    fn pop(&mut self) -> Result<Ref> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    /// Takes the last mark; the height that it was set at.
    fn unmark(&mut self) -> Result<usize> {
        let mark = self.marks.pop();
        mark.ok_or_else(|| damaged("an opcode that needs a mark, and none is set"))
    }

    /// The height below the `count` values at the top.
    fn below(&self, count: usize) -> Result<usize> {
        let start = self.stack.len().checked_sub(count);
        let start = start.filter(|&start| start >= self.floor());
        start.ok_or_else(|| damaged("an opcode that needs values, and too few are there"))
    }

    // the memo

    fn put(&mut self, opcode: u8) -> Result<()> {
        let index = match opcode {
            op::MEMOIZE => narrow(self.memo.len())?,
            op::BINPUT => self.cursor.u8()?.into(),
            op::LONG_BINPUT => self.cursor.u32()?,
            _ => memo_index(self.cursor.line()?)?,
        };
        let top = self.top()?;
        self.memo.insert(index, top, self.heap.budget())
    }

    fn get(&mut self, opcode: u8) -> Result<()> {
        let index = match opcode {
            op::BINGET => self.cursor.u8()?.into(),
            op::LONG_BINGET => self.cursor.u32()?,
            _ => memo_index(self.cursor.line()?)?,
        };
        match self.memo.get(index) {
            Some(value) => self.push(value),
            None => Err(damaged(format!("slot {index} of the memo is empty"))),
        }
    }

    // containers

    fn push_tuple(&mut self, len: usize) -> Result<()> {
        let start = self.below(len)?;
        let tuple = self.heap.add_tuple(&self.stack[start..])?;
        self.stack.truncate(start);
        self.push(tuple)
    }

    fn container(&mut self, opcode: u8) -> Result<()> {
        let start = match opcode {
            op::EMPTY_LIST | op::EMPTY_DICT | op::EMPTY_SET => self.stack.len(),
            _ => self.unmark()?,
        };
        let members = &self.stack[start..];
        let container = match opcode {
            op::TUPLE => self.heap.add_tuple(members)?,
            op::EMPTY_LIST | op::LIST => {
                let list = self.heap.add_items(members)?;
                self.heap.add(Value::List(list))?
            }
            op::EMPTY_SET | op::FROZENSET => {
                let set = self.heap.add_items(members)?;
                self.heap.add(Value::Set(set))?
            }
            _ => {
                let dict = self.heap.add_dict(Dict::default())?;
                self.heap.set(dict, members)?;
                dict
            }
        };
        self.stack.truncate(start);
        self.push(container)
    }

    fn fill(&mut self, opcode: u8) -> Result<()> {
        let start = match opcode {
            op::APPEND => self.below(1)?,
            op::SETITEM => self.below(2)?,
            _ => self.unmark()?,
        };
        let into = start.checked_sub(1).filter(|&into| into >= self.floor());
        let into = into.ok_or_else(|| damaged("parts of a value, and none is there"))?;
        let (into, parts) = (self.stack[into], &self.stack[start..]);
        match opcode {
            op::APPEND | op::APPENDS => self.heap.append(into, parts)?,
            op::ADDITEMS => self.heap.insert(into, parts)?,
            _ => self.heap.set(into, parts)?,
        }
        self.stack.truncate(start);
        Ok(())
    }
}

fn memo_index(line: &str) -> Result<u32> {
    line.parse()
        .map_err(|_| damaged(format!("{line:?} is no slot of the memo")))
}

//! Names of objects by the way that leads to them.

use crate::error::Result;
use crate::weights::pickle::{Heap, Meaning, Ref, Span, Value};
use crate::weights::report::{self, Scalar};
use crate::weights::{damaged, over_limit};

/// Bytes of the longest part of a name.
const MAX_KEY: usize = 64 << 10;

/// Digits of the longest position in a list, with its sign.
const MAX_INDEX: usize = 20;

/// Bytes of the longest text and integer that are shown.
const MAX_SHOWN: usize = 64 << 10;

/// What leads from a container to a part of it.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Index(usize),
    Value(Ref),
}

/// A way from the root to a value, as one step from another way.
struct Step {
    value: Ref,
    depth: usize,
    above: Option<(usize, Key)>,
}

/// Ways to values, and text for those that are wanted.
pub(super) struct Names<'h, 'p> {
    heap: &'h Heap<'p>,
    steps: Vec<Step>,
}

impl<'h, 'p> Names<'h, 'p> {
    pub(super) fn new(heap: &'h Heap<'p>) -> Self {
        Self {
            heap,
            steps: Vec::new(),
        }
    }

    pub(super) fn root(&mut self, value: Ref) -> Result<usize> {
        self.add(Step {
            value,
            depth: 0,
            above: None,
        })
    }

    pub(super) fn below(&mut self, step: usize, key: Key, value: Ref) -> Result<usize> {
        self.add(Step {
            value,
            depth: self.steps[step].depth + 1,
            above: Some((step, key)),
        })
    }

    fn add(&mut self, step: Step) -> Result<usize> {
        self.heap.budget().push(&mut self.steps, step)?;
        Ok(self.steps.len() - 1)
    }

    pub(super) fn depth(&self, step: usize) -> usize {
        self.steps[step].depth
    }

    /// Whether the value of a step is also that of a step above it.
    pub(super) fn is_below_itself(&self, step: usize) -> bool {
        let mut above = self.steps[step].above;
        while let Some((at, _)) = above {
            if self.steps[at].value == self.steps[step].value {
                return true;
            }
            above = self.steps[at].above;
        }
        false
    }

    /// The name of a step, which is the keys on the way to it without the first `skipped`, joined by
    /// dots; and the whole way, empty if it is the name alone.
    pub(super) fn leaf(
        &mut self,
        step: usize,
        skipped: usize,
    ) -> Result<(String, Vec<report::Key>)> {
        if self.steps[step].depth == 1
            && skipped == 0
            && let Some((_, Key::Value(key))) = self.steps[step].above
            && matches!(self.heap.value(key), Value::Text(_))
        {
            let name = self.key(key)?;
            let path = if name.is_empty() {
                vec![report::Key::Text(String::new())]
            } else {
                Vec::new()
            };
            return Ok((name, path));
        }
        let path = self.keys(step)?;
        let parts = path.iter().skip(skipped).map(|key| match key {
            report::Key::Text(text) => text.len() + 1,
            report::Key::Index(_) => MAX_INDEX + 1,
        });
        let len = parts.sum();
        self.charge(len)?;
        let mut name = String::with_capacity(len);
        for (i, key) in path.iter().skip(skipped).enumerate() {
            if i > 0 {
                name.push('.');
            }
            match key {
                report::Key::Text(text) => name.push_str(text),
                report::Key::Index(index) => name.push_str(&index.to_string()),
            }
        }
        Ok((name, path))
    }

    /// The keys on the way to a step.
    pub(super) fn keys(&mut self, step: usize) -> Result<Vec<report::Key>> {
        let depth = self.steps[step].depth;
        self.charge(depth * size_of::<report::Key>())?;
        let mut keys = Vec::with_capacity(depth);
        let mut above = self.steps[step].above;
        while let Some((at, key)) = above {
            keys.push(
                match key {
                    Key::Index(index) => i64::try_from(index).map(report::Key::Index),
                    Key::Value(key) => match self.heap.value(key) {
                        Value::Int(number) => Ok(report::Key::Index(number)),
                        _ => Ok(report::Key::Text(self.key(key)?)),
                    },
                }
                .map_err(|_| damaged("a list beyond any memory"))?,
            );
            above = self.steps[at].above;
        }
        keys.reverse();
        Ok(keys)
    }

    /// Books `bytes` of text before they are made.
    pub(super) fn charge(&self, bytes: usize) -> Result<()> {
        self.heap.budget().charge(bytes)
    }

    /// A value to show, if it is a single one.
    pub(super) fn scalar(&mut self, value: Ref) -> Result<Option<Scalar>> {
        Ok(Some(match self.heap.value(value) {
            Value::None => Scalar::None,
            Value::Bool(value) => Scalar::Bool(value),
            Value::Int(value) => Scalar::Int(value),
            Value::Float(value) => Scalar::Float(value),
            Value::BigInt(span) if self.heap.raw_text(span).len() <= MAX_INTEGER => {
                let raw = self.heap.raw_text(span);
                // nine digits from no less than three bytes
                self.charge(raw.len() * 3 + 12)?;
                Scalar::Large(decimal(raw))
            }
            Value::BigDecimal(span) | Value::Text(span) => {
                let raw = self.heap.raw_text(span);
                let shown = &raw[..raw.len().min(MAX_SHOWN)];
                self.charge(shown.len())?;
                let text = String::from_utf8_lossy(shown).into_owned();
                if matches!(self.heap.value(value), Value::BigDecimal(_)) {
                    Scalar::Large(text)
                } else {
                    Scalar::Text(text)
                }
            }
            _ => return Ok(None),
        }))
    }

    /// A key as Python's `str` gives it.
    pub(super) fn key(&mut self, key: Ref) -> Result<String> {
        let text = match self.heap.value(key) {
            Value::Tuple(span) => {
                let members = self.heap.members(span);
                self.charge(members.len())?;
                let mut parts = String::new();
                for (i, &part) in members.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    let quote = if matches!(self.heap.value(part), Value::Text(_)) {
                        "'"
                    } else {
                        ""
                    };
                    let part = self.simple(part)?;
                    parts = parts + comma + quote + &part + quote;
                    check_len(parts.len())?;
                }
                format!("({parts})")
            }
            _ => self.simple(key)?,
        };
        self.charge(text.capacity())?;
        Ok(text)
    }

    /// The text of `_codecs.encode(text, …)`, by which protocol 2 writes bytes.
    fn encoded(&self, at: u32) -> Option<Span> {
        let object = self.heap.object(at);
        let is_encode = self.heap.global(object.global).meaning == Meaning::Encode;
        match *self.heap.tuple(object.arguments).filter(|_| is_encode)? {
            [text, ..] => match self.heap.value(text) {
                Value::Text(span) => Some(span),
                _ => None,
            },
            [] => None,
        }
    }

    fn simple(&self, value: Ref) -> Result<String> {
        Ok(match self.heap.value(value) {
            Value::None => "None".to_owned(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Text(span) => {
                check_len(self.heap.raw_text(span).len())?;
                let text = self.heap.text(span);
                text.ok_or_else(|| damaged("a key that is not UTF-8"))?
                    .to_owned()
            }
            Value::Global(at) => {
                let global = self.heap.global(at);
                format!("{}.{}", global.module, global.name)
            }
            Value::Bytes(span) => bytes(self.heap.raw_text(span))?,
            Value::Object(at) => match self.encoded(at) {
                Some(span) => bytes(self.heap.raw_text(span))?,
                None => format!("<an object, {}>", value.index()),
            },
            other => format!("<{}>", other.noun()),
        })
    }
}

/// Bytes as Python shows them, but for the quotes, so that keys of Python 2 keep their names.
fn bytes(raw: &[u8]) -> Result<String> {
    check_len(raw.len())?;
    Ok(String::from_utf8_lossy(raw).into_owned())
}

fn check_len(len: usize) -> Result<()> {
    if len > MAX_KEY {
        return Err(over_limit(format!(
            "a key of {len} bytes; up to {MAX_KEY} are read"
        )));
    }
    Ok(())
}

/// Bytes of the longest integer that is shown.
const MAX_INTEGER: usize = 256;

/// A two's complement integer, lowest byte first, in decimal digits.
fn decimal(bytes: &[u8]) -> String {
    const BASE: u64 = 1_000_000_000;
    let is_negative = bytes.last().is_some_and(|top| top & 0x80 != 0);
    let mut magnitude = bytes.to_vec();
    if is_negative {
        let mut carry = true;
        for byte in &mut magnitude {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    // nine digits each, the lowest first
    let mut limbs: Vec<u64> = Vec::with_capacity(bytes.len() * 8 / 29 + 1);
    for chunk in magnitude.rchunks(4) {
        let mut carry = chunk
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 8 | u64::from(byte));
        let scale = 1u64 << (8 * chunk.len());
        for limb in &mut limbs {
            carry += *limb * scale;
            *limb = carry % BASE;
            carry /= BASE;
        }
        while carry > 0 {
            limbs.push(carry % BASE);
            carry /= BASE;
        }
    }
    let mut text = String::with_capacity(limbs.len() * 9 + 2);
    text += if is_negative { "-" } else { "" };
    let mut limbs = limbs.iter().rev();
    text += &limbs.next().unwrap_or(&0).to_string();
    text.extend(limbs.map(|limb| format!("{limb:09}")));
    text
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn writes_integers_of_any_length() {
        let mut power = [0; 10];
        power[8] = 64;
        assert_eq!(decimal(&power), "1180591620717411303424"); // 2^70
        power[9] = 0xff;
        power[8] = 0xc0;
        assert_eq!(decimal(&power), "-1180591620717411303424");
        assert_eq!(decimal(&[0; 9]), "0");
    }
}

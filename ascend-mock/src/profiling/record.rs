//! What a subscriber reads of an operator's run: a record of a fixed size. Names are looked up by number,
//! so that a record is understood only in the process that it was made in, as on hardware.

use std::collections::HashMap;
use std::sync::Mutex;

use ascend_sys::{ACL_PROF_MAX_OP_NAME_LEN, ACL_PROF_MAX_OP_TYPE_LEN};

use crate::fault::Fault;
use crate::sync::lock;

/// The bytes of a record.
pub(crate) const SIZE: usize = 64;

/// What every record starts with.
const SIGNATURE: u32 = 0x6163_6c70;

/// A record. Times are in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) model: u32,
    /// The number of the operator's name and type.
    pub(crate) operator: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) duration: u64,
}

impl Record {
    pub(crate) fn to_bytes(self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        let numbers = [self.operator, self.start, self.end, self.duration];
        bytes[..4].copy_from_slice(&SIGNATURE.to_ne_bytes());
        bytes[4..8].copy_from_slice(&self.model.to_ne_bytes());
        for (place, number) in bytes[8..].as_chunks_mut().0.iter_mut().zip(numbers) {
            *place = number.to_ne_bytes();
        }
        bytes
    }

    /// Reads the record number `index` of those in `bytes`.
    pub(crate) fn read(bytes: &[u8], index: u32) -> Result<Self, Fault> {
        let records = records(bytes)?;
        let record = usize::try_from(index)
            .ok()
            .and_then(|index| records.get(index));
        let Some(record) = record else {
            return Err(Fault::argument(format!(
                "there is no record {index}: opInfo has {} records",
                records.len()
            )));
        };
        let (words, numbers) = (record[..8].as_chunks().0, record[8..].as_chunks().0);
        if u32::from_ne_bytes(words[0]) != SIGNATURE {
            return Err(Fault::argument(format!(
                "record {index} of opInfo is none that the CPU device has written; read a multiple of {SIZE} \
                 bytes at a time"
            )));
        }
        Ok(Self {
            model: u32::from_ne_bytes(words[1]),
            operator: u64::from_ne_bytes(numbers[0]),
            start: u64::from_ne_bytes(numbers[1]),
            end: u64::from_ne_bytes(numbers[2]),
            duration: u64::from_ne_bytes(numbers[3]),
        })
    }
}

/// Refuses bytes that are no whole records.
pub(crate) fn records(bytes: &[u8]) -> Result<&[[u8; SIZE]], Fault> {
    let (records, rest) = bytes.as_chunks();
    if bytes.is_empty() || !rest.is_empty() {
        return Err(Fault::argument(format!(
            "opInfoLen is {}; it has to be a multiple of {SIZE}, as aclprofGetOpDescSize says",
            bytes.len()
        )));
    }
    Ok(records)
}

/// The operators that records tell of, by their numbers.
#[derive(Default)]
pub(super) struct Names(Mutex<Known>);

#[derive(Default)]
struct Known {
    numbers: HashMap<(u32, [String; 2]), u64>,
    /// Name and type.
    texts: Vec<[String; 2]>,
}

/// Which text of an operator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    Name,
    Type,
}

impl Names {
    /// Gives the number of an operator of a model.
    pub(super) fn number(&self, model: u32, name: &str, op_type: &str) -> u64 {
        let mut known = lock(&self.0);
        let Known { numbers, texts } = &mut *known;
        let key = [name, op_type].map(str::to_owned);
        *numbers.entry((model, key)).or_insert_with_key(|(_, key)| {
            texts.push(key.clone());
            texts.len() as u64 - 1
        })
    }

    /// Gives the text of an operator; very long ones are cut.
    pub(super) fn text(&self, operator: u64, which: Text) -> Option<String> {
        let known = lock(&self.0);
        let [name, op_type] = known.texts.get(usize::try_from(operator).ok()?)?;
        let (text, room) = match which {
            Text::Name => (name, ACL_PROF_MAX_OP_NAME_LEN),
            Text::Type => (op_type, ACL_PROF_MAX_OP_TYPE_LEN),
        };
        // One byte is for the zero at the end.
        let most = usize::try_from(room)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        Some(text[..text.floor_char_boundary(most)].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_from_their_bytes() {
        let record = Record {
            model: 7,
            operator: 1,
            start: u64::MAX - 9,
            end: u64::MAX,
            duration: 9,
        };
        let bytes = [Record::default().to_bytes(), record.to_bytes()].concat();
        assert_eq!(records(&bytes).unwrap().len(), 2);
        assert_eq!(Record::read(&bytes, 1).unwrap(), record);
        for (bytes, index) in [(&bytes[..], 2), (&bytes[1..], 0), (&[], 0), (&[0; SIZE], 0)] {
            assert!(Record::read(bytes, index).is_err());
        }
    }

    #[test]
    fn operators_have_numbers_and_long_names_are_cut() {
        let names = Names::default();
        let long = "é".repeat(300);
        assert_eq!(names.number(1, &long, "Conv"), 0);
        assert_eq!(names.number(2, &long, "Conv"), 1);
        assert_eq!(names.number(1, &long, "Conv"), 0);
        assert_eq!(names.number(1, &long, "Relu"), 2);
        let text = names.text(0, Text::Name).unwrap();
        assert!(text.len() <= 256 && long.starts_with(&text), "{text}");
        assert_eq!(names.text(1, Text::Type).as_deref(), Some("Conv"));
        assert_eq!(names.text(3, Text::Type), None);
    }
}

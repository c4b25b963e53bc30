//! How the elements of a tensor are written: marks of pending operations, and device formats.

use super::{MAX_TOLD, Rebuilder, Stop, Storages, refused};
use crate::weights::dtype::DataType;
use crate::weights::pickle::{Meaning, Rebuild, Ref, Value};
use crate::weights::tensor::Writing;

impl<S: Storages> Rebuilder<'_, '_, S> {
    /// Reads the marks `{'conj': True, 'neg': True}` of lazily negated tensors. In their place
    /// `torch_npu` wrote the device format that it would cast to: a truth value, then an integer,
    /// then a member of an enumeration. The data are in the ordinary layout whatever it says.
    pub(super) fn writing(
        &mut self,
        dtype: DataType,
        function: Rebuild,
        metadata: Option<Ref>,
    ) -> Result<Writing, Stop> {
        let big_endian = self.storages.is_big_endian();
        let mut writing = Writing {
            big_endian,
            ..Writing::default()
        };
        let value = metadata.map(|metadata| self.heap.value(metadata));
        if function == Rebuild::Npu {
            let format = match value {
                Some(Value::Int(format)) => Some(format),
                Some(Value::Object(at)) => self.npu_format(at)?,
                _ => None,
            };
            self.note_format(format);
            return Ok(writing);
        }
        let pairs = match value {
            None | Some(Value::None) => return Ok(writing),
            Some(Value::Int(format)) => {
                self.note_format(Some(format));
                return Ok(writing);
            }
            Some(Value::Dict(dict)) => self.heap.dict(dict),
            Some(other) => {
                return Err(refused(format!(
                    "{} is set on it, which is not known",
                    other.noun()
                )));
            }
        };
        for &(key, value) in pairs {
            let key = self.text(key).unwrap_or_default();
            match (&*key, self.heap.value(value)) {
                ("conj", Value::Bool(set)) if dtype.is_complex() => writing.conjugated = set,
                ("neg", Value::Bool(set)) if dtype.is_signed_float() => writing.negated = set,
                _ => {
                    return Err(refused(format!("{key:?} is set on it, which is not known")));
                }
            }
        }
        self.seen.resolved += usize::from(writing.conjugated || writing.negated);
        Ok(writing)
    }

    /// The number in `Format(number)`.
    fn npu_format(&self, at: u32) -> Result<Option<i64>, Stop> {
        let object = self.heap.object(at);
        let arguments = self.heap.tuple(object.arguments).unwrap_or_default();
        match (self.heap.global(object.global).meaning, arguments) {
            (Meaning::NpuFormat, &[number]) => match self.heap.value(number) {
                Value::Int(format) => Ok(Some(format)),
                _ => Ok(None),
            },
            _ => Err(refused("a device format of torch_npu that is not known")),
        }
    }

    fn note_format(&mut self, format: Option<i64>) {
        let formats = &mut self.seen.npu_formats;
        let format = format.filter(|_| formats.len() < MAX_TOLD);
        *formats.entry(format).or_default() += 1;
    }
}

//! Arrays and scalars of numpy, whose data are in the pickle itself.

use bytes::Bytes;

use super::{Rebuilder, Stop, View, refused};
use crate::error::Result;
use crate::weights::dtype::DataType;
use crate::weights::fault::Fault;
use crate::weights::gather;
use crate::weights::pickle::{Meaning, Numpy, Object, Rebuild, Ref, Value};
use crate::weights::tensor::{Entry, Origin, Writing};
use crate::weights::{damaged, wrong};

/// An element type of numpy.
#[derive(Clone, Copy)]
struct ElementType {
    dtype: DataType,
    is_big_endian: bool,
}

impl<'h, S: super::Storages> Rebuilder<'h, '_, S> {
    /// The call that stands for a scalar of numpy, if `value` is one.
    pub(super) fn numpy_scalar(&self, value: Ref) -> Option<&'h Object> {
        let Value::Object(at) = self.heap.value(value) else {
            return None;
        };
        let object = self.heap.object(at);
        let meaning = self.heap.global(object.global).meaning;
        (meaning == Meaning::Numpy(Numpy::Scalar)).then_some(object)
    }

    /// `scalar(type, bytes)`.
    pub(super) fn scalar(&mut self, object: &Object) -> Result<Entry, Stop> {
        let arguments = self.heap.tuple(object.arguments).unwrap_or_default();
        let &[dtype, data] = arguments else {
            return Err(damaged("a scalar of numpy without its type and bytes").into());
        };
        let element = self.numpy_type(dtype)?;
        let data = self.buffer(data)?;
        self.packed(element, Vec::new(), false, &data, Origin::NumpyScalar)
    }

    /// `_reconstruct(…)` with the state `(version, shape, type, is column-major, bytes)`, or
    /// `_frombuffer(bytes, type, shape, order)`.
    pub(super) fn array(&mut self, function: Rebuild, object: &Object) -> Result<Entry, Stop> {
        let (shape, dtype, is_column_major, data) = if function == Rebuild::Array {
            let state = object.state.and_then(|state| self.heap.tuple(state));
            match state {
                Some(&([_, shape, dtype, order, data] | [shape, dtype, order, data])) => {
                    let order = matches!(self.heap.value(order), Value::Bool(true) | Value::Int(1));
                    (shape, dtype, order, data)
                }
                _ => return Err(damaged("an array of numpy without its data").into()),
            }
        } else {
            let arguments = self.heap.tuple(object.arguments).unwrap_or_default();
            let &[data, dtype, shape, order] = arguments else {
                return Err(damaged("an array of numpy without its data").into());
            };
            let is_column_major = self.text(order).as_deref() == Some("F");
            (shape, dtype, is_column_major, data)
        };
        let element = self.numpy_type(dtype)?;
        let shape = self.lengths(shape, "shape")?;
        let data = self.buffer(data)?;
        self.packed(element, shape, is_column_major, &data, Origin::NumpyArray)
    }

    fn packed(
        &self,
        element: ElementType,
        shape: Vec<usize>,
        is_column_major: bool,
        data: &Bytes,
        origin: Origin,
    ) -> Result<Entry, Stop> {
        let ElementType {
            dtype,
            is_big_endian,
        } = element;
        let wanted = shape
            .iter()
            .try_fold(dtype.bits() / 8, |bytes, &len| bytes.checked_mul(len));
        if wanted != Some(data.len()) {
            let there = data.len();
            let message = format!("an array of {dtype} and shape {shape:?} in {there} bytes");
            return Err(wrong(Fault::SizeMismatch, message).into());
        }
        let strides = if is_column_major {
            let reversed: Vec<usize> = shape.iter().rev().copied().collect();
            gather::row_major(&reversed).into_iter().rev().collect()
        } else {
            gather::row_major(&shape)
        };
        let view = View {
            dtype,
            shape,
            strides,
            offset: 0,
        };
        let mut entry = view.of(data, self.heap.budget())?;
        entry.writing = Writing {
            big_endian: is_big_endian,
            ..Writing::default()
        };
        entry.origin = origin;
        Ok(entry)
    }

    /// `dtype('f4', False, True)` with the state `(3, '<', …)`, or one of numpy 2's classes.
    fn numpy_type(&self, at: Ref) -> Result<ElementType, Stop> {
        let (global, arguments, state) = match self.heap.value(at) {
            Value::Object(at) => {
                let object = self.heap.object(at);
                let arguments = self.heap.tuple(object.arguments).unwrap_or_default();
                let state = object.state.and_then(|state| self.heap.tuple(state));
                (object.global, arguments, state)
            }
            Value::Global(at) => (at, &[][..], None),
            other => return Err(damaged(format!("{} as a type of numpy", other.noun())).into()),
        };
        let class = self.heap.global(global);
        let code = match (class.meaning, arguments) {
            (Meaning::Numpy(Numpy::DataType), &[code, ..]) if class.name == "dtype" => {
                self.text(code).unwrap_or_default()
            }
            (Meaning::Numpy(Numpy::DataType), _) => class.name.into(),
            _ => return Err(damaged("a type of numpy by another name").into()),
        };
        let dtype = data_type(code.trim_start_matches(['<', '>', '|', '='])).ok_or_else(|| {
            let short: String = code.chars().take(40).collect();
            refused(format!(
                "it is an array of numpy of type {short:?}, which is no type of tensors; save \
                 torch.from_numpy(array)"
            ))
        })?;
        let order = state.and_then(|state| state.get(1)).copied();
        let order = order.and_then(|order| self.text(order));
        let is_big_endian = order.as_deref() == Some(">") || code.starts_with('>');
        Ok(ElementType {
            dtype,
            is_big_endian,
        })
    }

    /// Bytes of the pickle: written as such, as text of Python 2, or encoded to text.
    fn buffer(&mut self, at: Ref) -> Result<Bytes, Stop> {
        match self.heap.value(at) {
            Value::Bytes(span) | Value::Text(span) => Ok(self.content.slice(span.range())),
            Value::Object(at) => self.encoded(self.heap.object(at)),
            Value::List(_) => Err(refused(
                "it is an array of numpy whose elements are objects; save torch.from_numpy(array)",
            )),
            other => Err(damaged(format!("{} as the data of an array", other.noun())).into()),
        }
    }

    /// `_codecs.encode(text, 'latin1')`: one byte for each character.
    fn encoded(&self, object: &Object) -> Result<Bytes, Stop> {
        let arguments = self.heap.tuple(object.arguments).unwrap_or_default();
        let is_encode = self.heap.global(object.global).meaning == Meaning::Encode;
        let (true, &[text, ref encoding @ ..]) = (is_encode, arguments) else {
            if self.heap.global(object.global).name == "bytes" && arguments.is_empty() {
                return Ok(Bytes::new()); // `bytes()`, by which protocol 2 writes none
            }
            return Err(damaged("the data of an array are no bytes").into());
        };
        let encoding = encoding.first().and_then(|&encoding| self.text(encoding));
        let is_latin1 = matches!(
            encoding.as_deref(),
            Some("latin1" | "latin-1" | "iso-8859-1")
        );
        let Value::Text(span) = self.heap.value(text) else {
            return Err(damaged("the data of an array are no text").into());
        };
        // each mention of one text makes an array of its own
        self.heap.budget().charge(self.heap.raw_text(span).len())?;
        let text = self.heap.text(span).filter(|_| is_latin1);
        let bytes = text.and_then(|text| {
            let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
            let mut packed = Vec::with_capacity(text.len());
            for byte in bytes {
                packed.push(byte?);
            }
            Some(packed)
        });
        let bytes = bytes.ok_or_else(|| damaged("the data of an array are not in latin1"))?;
        Ok(Bytes::from(bytes))
    }
}

/// The element type of one of numpy's codes or classes.
fn data_type(code: &str) -> Option<DataType> {
    Some(match code {
        "b1" | "?" | "bool" | "BoolDType" => DataType::Bool,
        "i1" | "Int8DType" => DataType::I8,
        "i2" | "Int16DType" => DataType::I16,
        "i4" | "Int32DType" => DataType::I32,
        "i8" | "Int64DType" => DataType::I64,
        "u1" | "UInt8DType" => DataType::U8,
        "u2" | "UInt16DType" => DataType::U16,
        "u4" | "UInt32DType" => DataType::U32,
        "u8" | "UInt64DType" => DataType::U64,
        "f2" | "Float16DType" => DataType::F16,
        "f4" | "Float32DType" => DataType::F32,
        "f8" | "Float64DType" => DataType::F64,
        "c8" | "Complex64DType" => DataType::C64,
        "c16" | "Complex128DType" => DataType::C128,
        _ => return None,
    })
}

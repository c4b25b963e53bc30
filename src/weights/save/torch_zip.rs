//! What `torch.save` writes: an ordered dict of tensors, pickled, and a record for each storage.

use std::borrow::Cow;
use std::collections::HashMap;

use flate2::Crc;

use super::not_held;
use super::out::Out;
use super::pickle::Pickle;
use super::plan::Planned;
use super::zip::{ALIGNMENT, Zip};
use crate::error::{Error, ErrorKind, Result};
use crate::weights::dtype::DataType;
use crate::weights::gather;
use crate::weights::tensor::Quantisation;

/// The folder that all is in, as torch calls it when it saves to no file.
const ROOT: &str = "archive";

/// The longest name that readers here take.
const MAX_NAME: usize = 1 << 16;

/// How torch holds an element type.
enum Held {
    /// In a storage class of its own, as all versions do.
    Typed(&'static str),
    /// As bytes with the type's name beside them, since torch 2.1 or later.
    Untyped(&'static str),
}

fn held(dtype: DataType) -> Option<Held> {
    use Held::{Typed, Untyped};
    Some(match dtype {
        DataType::F64 => Typed("DoubleStorage"),
        DataType::F32 => Typed("FloatStorage"),
        DataType::F16 => Typed("HalfStorage"),
        DataType::BF16 => Typed("BFloat16Storage"),
        DataType::I64 => Typed("LongStorage"),
        DataType::I32 => Typed("IntStorage"),
        DataType::I16 => Typed("ShortStorage"),
        DataType::I8 => Typed("CharStorage"),
        DataType::U8 => Typed("ByteStorage"),
        DataType::Bool => Typed("BoolStorage"),
        DataType::C128 => Typed("ComplexDoubleStorage"),
        DataType::C64 => Typed("ComplexFloatStorage"),
        DataType::QI8 => Typed("QInt8Storage"),
        DataType::QU8 => Typed("QUInt8Storage"),
        DataType::QI32 => Typed("QInt32Storage"),
        DataType::U16 => Untyped("uint16"),
        DataType::U32 => Untyped("uint32"),
        DataType::U64 => Untyped("uint64"),
        DataType::C32 => Untyped("complex32"),
        DataType::F8E4M3 => Untyped("float8_e4m3fn"),
        DataType::F8E5M2 => Untyped("float8_e5m2"),
        DataType::F8E8M0 => Untyped("float8_e8m0fnu"),
        DataType::F8E4M3Fnuz => Untyped("float8_e4m3fnuz"),
        DataType::F8E5M2Fnuz => Untyped("float8_e5m2fnuz"),
        DataType::F4 => Untyped("float4_e2m1fn_x2"),
        DataType::F6E2M3 | DataType::F6E3M2 => return None,
    })
}

/// The shape in torch, where an element of four bits is a pair of them.
fn shape_in_torch<'t>(tensor: &'t Planned<'_>) -> Option<Cow<'t, [usize]>> {
    if tensor.dtype != DataType::F4 {
        return Some(tensor.shape().into());
    }
    let mut shape = tensor.shape().to_vec();
    let last = shape.last_mut().filter(|last| last.is_multiple_of(2))?;
    *last /= 2;
    Some(shape.into())
}

pub(super) fn check(tensor: &Planned<'_>) -> Result<()> {
    if held(tensor.dtype).is_none() || shape_in_torch(tensor).is_none() {
        return Err(not_held(tensor, "torch", "save it as .safetensors"));
    }
    if tensor.dtype.is_quantised() != tensor.quantisation().is_some() {
        return Err(not_held(
            tensor,
            "torch without a scale",
            "give its integers as I8, U8 or I32",
        ));
    }
    if tensor.name().len() > MAX_NAME {
        let message = format!(
            "a tensor's name of {} bytes; rename it",
            tensor.name().len()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    Ok(())
}

/// What a record of the archive holds.
enum Storage<'t, 'a> {
    Elements(&'t Planned<'a>),
    /// Numbers beside the elements.
    Bytes(Vec<u8>),
}

/// Writes the archive and tells how many tensors share the storage of another.
pub(super) fn write(tensors: &[Planned<'_>], out: &mut Out<'_, '_>) -> Result<usize> {
    let mut dict = Dict {
        pickle: Pickle::new(),
        storages: Vec::new(),
        shared: Vec::new(),
    };
    dict.tensors(tensors);
    let Dict {
        pickle,
        storages,
        shared,
    } = dict;
    for tensor in &shared {
        out.pass_elements(tensor.nbytes);
    }

    let mut zip = Zip::default();
    let at = |name: &str| format!("{ROOT}/{name}");
    zip.whole(out, at("data.pkl"), &pickle.stop())?;
    zip.whole(out, at(".format_version"), b"1")?;
    zip.whole(
        out,
        at(".storage_alignment"),
        ALIGNMENT.to_string().as_bytes(),
    )?;
    zip.whole(out, at("byteorder"), b"little")?;
    for (key, storage) in storages.into_iter().enumerate() {
        let name = at(&format!("data/{key}"));
        match storage {
            Storage::Bytes(bytes) => zip.whole(out, name, &bytes)?,
            Storage::Elements(tensor) => {
                let bytes = tensor.bytes()?;
                zip.record(out, name, bytes.len() as u64, |out, crc: &mut Crc| {
                    out.put_elements(&bytes, |step| crc.update(step))
                })?;
                if tensor.overflows(&bytes) {
                    out.overflowed.push(tensor.name().to_owned());
                }
            }
        }
    }
    zip.whole(out, at("version"), b"3\n")?;
    let id = format!("{:040}", zip.content());
    zip.whole(out, at(".data/serialization_id"), id.as_bytes())?;
    zip.finish(out)?;
    Ok(shared.len())
}

/// A state dict that is being written.
struct Dict<'t, 'a> {
    pickle: Pickle,
    storages: Vec<Storage<'t, 'a>>,
    /// Tensors that have the storage of another one.
    shared: Vec<&'t Planned<'a>>,
}

impl<'t, 'a> Dict<'t, 'a> {
    fn tensors(&mut self, tensors: &'t [Planned<'a>]) {
        let mut keys = HashMap::new();
        self.ordered_dict();
        self.pickle.put(b"(");
        for tensor in tensors {
            let known = tensor.place.and_then(|place| keys.get(&place).copied());
            let key = known.unwrap_or(self.storages.len());
            if known.is_some() {
                self.shared.push(tensor);
            } else {
                self.storages.push(Storage::Elements(tensor));
                keys.extend(tensor.place.map(|place| (place, key)));
            }
            self.pickle.text(tensor.name());
            self.tensor(tensor, key);
        }
        self.pickle.put(b"u");
    }

    fn ordered_dict(&mut self) {
        self.pickle.global("collections", "OrderedDict");
        self.pickle.put(b")R");
    }

    /// The call that stands for a tensor.
    fn tensor(&mut self, tensor: &Planned<'_>, key: usize) {
        let quantisation = tensor.quantisation();
        let held = held(tensor.dtype).unwrap_or(Held::Untyped("uint8"));
        let function = match (&held, quantisation) {
            (_, Some(_)) => "_rebuild_qtensor",
            (Held::Typed(_), None) => "_rebuild_tensor_v2",
            (Held::Untyped(_), None) => "_rebuild_tensor_v3",
        };
        self.pickle.global("torch._utils", function);
        self.pickle.put(b"(");
        let shape = shape_in_torch(tensor).unwrap_or_default();
        self.view(&held, key, tensor.nbytes, tensor.dtype, &shape);
        if let Some(quantisation) = quantisation {
            self.quantisation(quantisation);
        }
        // needs no gradient, and has no hooks
        self.pickle.put(b"\x89");
        self.ordered_dict();
        if let Held::Untyped(name) = held {
            self.pickle.global("torch", name);
        }
        self.pickle.put(b"tR");
    }

    /// All of a storage, row-major: what every rebuilding call begins with.
    fn view(&mut self, held: &Held, key: usize, nbytes: usize, dtype: DataType, shape: &[usize]) {
        let pickle = &mut self.pickle;
        pickle.put(b"(");
        pickle.word("storage");
        let numel = match held {
            Held::Typed(class) => {
                pickle.global("torch", class);
                nbytes / (dtype.bits() / 8)
            }
            Held::Untyped(_) => {
                pickle.global("torch.storage", "UntypedStorage");
                nbytes
            }
        };
        pickle.text(&key.to_string());
        pickle.word("cpu");
        pickle.int(i64::try_from(numel).unwrap_or(i64::MAX));
        pickle.put(b"tQ");
        pickle.int(0);
        pickle.lengths(shape);
        pickle.lengths(&gather::row_major(shape));
    }

    fn quantisation(&mut self, quantisation: &Quantisation) {
        self.pickle.put(b"(");
        self.pickle.global("torch", quantisation.scheme());
        match quantisation {
            Quantisation::PerTensor { scale, zero_point } => {
                self.pickle.float(*scale);
                self.pickle.int(*zero_point);
            }
            Quantisation::PerChannel {
                axis,
                scales,
                zero_points,
                has_float_zero_points,
            } => {
                let (scale_type, zero_type) = if *has_float_zero_points {
                    (DataType::F32, DataType::F32)
                } else {
                    (DataType::F64, DataType::I64)
                };
                self.numbers(scales, scale_type);
                self.numbers(zero_points, zero_type);
                self.pickle.int(i64::try_from(*axis).unwrap_or(i64::MAX));
            }
        }
        self.pickle.put(b"t");
    }

    /// A tensor of one axis.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the numbers were read from the types that they are written in"
    )]
    fn numbers(&mut self, numbers: &[f64], dtype: DataType) {
        let numbers_of = numbers.iter();
        let (class, bytes): (_, Vec<u8>) = match dtype {
            DataType::F32 => (
                "FloatStorage",
                numbers_of.flat_map(|&n| (n as f32).to_le_bytes()).collect(),
            ),
            DataType::I64 => (
                "LongStorage",
                numbers_of.flat_map(|&n| (n as i64).to_le_bytes()).collect(),
            ),
            _ => (
                "DoubleStorage",
                numbers_of.flat_map(|&n| n.to_le_bytes()).collect(),
            ),
        };
        let key = self.storages.len();
        self.pickle.global("torch._utils", "_rebuild_tensor_v2");
        self.pickle.put(b"(");
        let held = Held::Typed(class);
        self.view(&held, key, bytes.len(), dtype, &[numbers.len()]);
        self.storages.push(Storage::Bytes(bytes));
        self.pickle.put(b"\x89");
        self.ordered_dict();
        self.pickle.put(b"tR");
    }
}

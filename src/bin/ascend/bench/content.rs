//! The elements of inputs: read from files, or generated.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use ascend_rt::weights::Checkpoint;
use ascend_rt::{DataType, Error, ErrorKind, Tensor};

use super::inputs::{Source, cannot_read, has_extension, invalid};
use super::options::Pure;

const NPY: &[u8] = b"\x93NUMPY";

/// What a file holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Elements that tell their type and shape.
    Typed(Tensor<'static>),
    /// Elements as they lie in memory.
    Raw(Vec<u8>),
}

impl Content {
    /// Reads a file, of which not more than `most` bytes are of use where it is raw.
    pub(super) fn read(source: &Source, most: u64) -> Result<Self, Error> {
        let path = match source {
            Source::Stdin(bytes) if bytes.starts_with(NPY) => {
                let tensor = Tensor::from_npy(bytes);
                return tensor.map(Self::Typed).map_err(|error| {
                    Error::new(error.kind(), format!("stdin: {error}")).with_source(error)
                });
            }
            Source::Stdin(bytes) => return Ok(Self::Raw(bytes.to_vec())),
            Source::File(path) => path,
        };
        if has_extension(path, &["npy"]) {
            return Tensor::read_npy(path).map(Self::Typed);
        }
        let mut bytes = Vec::new();
        let read = File::open(path)
            .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
        read.map_err(|error| cannot_read(path, error))?;
        Ok(Self::Raw(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Typed(tensor) => &tensor.bytes,
            Self::Raw(bytes) => bytes,
        }
    }
}

/// The bytes of the elements of a file.
pub(super) fn bytes_of(source: &Source) -> Result<u64, Error> {
    match source {
        Source::File(path) if !has_extension(path, &["npy"]) => {
            let about = fs::metadata(path).map_err(|error| cannot_read(path, error))?;
            Ok(about.len())
        }
        _ => Ok(Content::read(source, 0)?.bytes().len() as u64),
    }
}

/// All tensors of a `.npz` or `.safetensors` file, by their names.
pub(super) fn archive(path: &Path) -> Result<Vec<(String, Tensor<'static>)>, Error> {
    if has_extension(path, &["npz"]) {
        return Tensor::read_npz(path);
    }
    let checkpoint = Checkpoint::open(path)?;
    let tensors = checkpoint.in_file_order().map(|tensor| {
        let name = format!("{:?}", tensor.dtype()).to_ascii_lowercase();
        let dtype = dtype(tensor.dtype()).ok_or_else(|| {
            let message = format!(
                "{}: the tensor {:?} of {name} is no input of a model; leave it out",
                path.display(),
                tensor.name()
            );
            Error::new(ErrorKind::Unsupported, message)
        })?;
        let read = Tensor {
            dtype,
            shape: tensor.shape().to_vec().into(),
            bytes: tensor.bytes().into_owned().into(),
        };
        Ok((tensor.name().to_owned(), read))
    });
    tensors.collect()
}

/// The types that checkpoints and models both have.
pub(super) const TYPES: [(ascend_rt::weights::DataType, DataType); 13] = {
    use ascend_rt::weights::DataType as Stored;
    [
        (Stored::Bool, DataType::Bool),
        (Stored::I8, DataType::I8),
        (Stored::I16, DataType::I16),
        (Stored::I32, DataType::I32),
        (Stored::I64, DataType::I64),
        (Stored::U8, DataType::U8),
        (Stored::U16, DataType::U16),
        (Stored::U32, DataType::U32),
        (Stored::U64, DataType::U64),
        (Stored::F16, DataType::F16),
        (Stored::BF16, DataType::BF16),
        (Stored::F32, DataType::F32),
        (Stored::F64, DataType::F64),
    ]
};

fn dtype(stored: ascend_rt::weights::DataType) -> Option<DataType> {
    let mut types = TYPES.iter();
    types.find(|(from, _)| *from == stored).map(|(_, to)| *to)
}

/// The bytes of elements of this type and shape, if they can be so many.
pub(super) fn bytes(dtype: DataType, shape: &[usize]) -> Option<usize> {
    let mut lens = shape.iter().map(|len| *len as u64);
    let elements = lens.try_fold(1_u64, u64::checked_mul)?;
    usize::try_from(dtype.bytes_of(elements)?).ok()
}

/// A tensor that no file holds, of up to `most` bytes.
pub(super) fn generated(
    dtype: DataType,
    shape: &[usize],
    pure: Pure,
    most: usize,
) -> Result<Tensor<'static>, Error> {
    let bytes = bytes(dtype, shape).filter(|bytes| *bytes <= most).ok_or_else(|| {
        let message = format!(
            "an input {} {shape:?} is larger than the device's memory of {most} bytes: give smaller shapes",
            dtype.name()
        );
        Error::new(ErrorKind::OutOfMemory, message)
    })?;
    let mut content = vec![0; bytes];
    if pure == Pure::Random {
        randomise(dtype, &mut content)?;
    }
    Ok(Tensor {
        dtype,
        shape: shape.to_vec().into(),
        bytes: content.into(),
    })
}

/// Numbers between 0 and 1, or whole ones from 0 to 255; the same in every call.
fn randomise(dtype: DataType, content: &mut [u8]) -> Result<(), Error> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    // A byte's fraction is exact in each of these types.
    let fraction = |byte: u8| f32::from(byte) / 256.0;
    match dtype {
        DataType::F32 => {
            for element in content.chunks_exact_mut(4) {
                element.copy_from_slice(&fraction(next()).to_ne_bytes());
            }
        }
        DataType::F64 => {
            for element in content.chunks_exact_mut(8) {
                element.copy_from_slice(&f64::from(fraction(next())).to_ne_bytes());
            }
        }
        DataType::F16 => {
            for element in content.chunks_exact_mut(2) {
                element.copy_from_slice(&half::f16::from_f32(fraction(next())).to_ne_bytes());
            }
        }
        DataType::BF16 => {
            for element in content.chunks_exact_mut(2) {
                element.copy_from_slice(&half::bf16::from_f32(fraction(next())).to_ne_bytes());
            }
        }
        DataType::Bool => content.iter_mut().for_each(|byte| *byte = next() & 1),
        _ => {
            let width = dtype.bytes().and_then(|width| usize::try_from(width).ok());
            let width = width.filter(|_| dtype.is_integer()).ok_or_else(|| {
                invalid(format!(
                    "random inputs of {} are not made: use zeros, or give files",
                    dtype.name()
                ))
            })?;
            let low = if cfg!(target_endian = "little") {
                0
            } else {
                width - 1
            };
            for element in content.chunks_exact_mut(width) {
                element[low] = next();
                if width == 1 && dtype == DataType::I8 {
                    element[low] &= 0x7f;
                }
            }
        }
    }
    Ok(())
}

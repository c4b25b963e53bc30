//! NumPy's `.npy` files, versions 1.0 to 3.0.
//!
//! The header is one Python dictionary of three fixed keys, so a reader of its own costs less than
//! a general one of Python's literals.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ascend_graph::{DataType, Text, text};

use super::{Tensor, npz};
use crate::error::{Error, ErrorKind, Result};
use crate::whole::NewFile;

const MAGIC: &[u8] = b"\x93NUMPY";
/// Of the header, so that elements are aligned in a mapped file.
const ALIGNMENT: usize = 64;
/// NumPy's own limit.
const MAX_RANK: usize = 64;

/// NumPy's letters for the types: kind and size in bytes.
const TYPES: [(&str, DataType); 12] = [
    ("b1", DataType::Bool),
    ("i1", DataType::I8),
    ("i2", DataType::I16),
    ("i4", DataType::I32),
    ("i8", DataType::I64),
    ("u1", DataType::U8),
    ("u2", DataType::U16),
    ("u4", DataType::U32),
    ("u8", DataType::U64),
    ("f2", DataType::F16),
    ("f4", DataType::F32),
    ("f8", DataType::F64),
];

pub(super) fn read(path: &Path) -> Result<Tensor<'static>> {
    let at = |error: Error| error.while_doing(path.display());
    let file = fs::read(path)
        .map_err(|error| Error::of_io(text!("cannot read {file}", file = path.display()), error))?;
    parse(&file).map(|npy| npy.to_tensor()).map_err(at)
}

pub(super) fn write(tensor: &Tensor<'_>, path: &Path) -> Result<()> {
    let header = header(tensor)?;
    let mut file = NewFile::create(path)?;
    file.put(&header)?;
    file.put(&tensor.bytes)?;
    file.place()?;
    Ok(())
}

/// What stands before the elements.
pub(super) fn header(tensor: &Tensor<'_>) -> Result<Vec<u8>> {
    let (letters, _) = TYPES
        .iter()
        .find(|(_, dtype)| *dtype == tensor.dtype)
        .ok_or_else(|| {
            let message = format!(
                "NumPy has no type {}: convert the elements first",
                tensor.dtype.name()
            );
            Error::new(ErrorKind::Unsupported, message)
        })?;
    let order = if letters.ends_with('1') {
        '|'
    } else if cfg!(target_endian = "little") {
        '<'
    } else {
        '>'
    };
    let mut shape = String::new();
    for len in tensor.shape.iter() {
        let _ = write!(shape, "{len}, ");
    }
    let shape = if tensor.shape.len() == 1 {
        shape.trim_end()
    } else {
        shape.trim_end_matches(", ")
    };
    let mut header =
        format!("{{'descr': '{order}{letters}', 'fortran_order': False, 'shape': ({shape}), }}");
    let used = MAGIC.len() + 4 + header.len() + 1;
    header.push_str(&" ".repeat(used.next_multiple_of(ALIGNMENT) - used));
    header.push('\n');
    let len = u16::try_from(header.len()).map_err(|_| {
        Error::new(
            ErrorKind::Unsupported,
            "too many dimensions for a .npy header: reshape the tensor first",
        )
    })?;
    let mut whole = Vec::with_capacity(MAGIC.len() + 4 + header.len());
    whole.extend_from_slice(MAGIC);
    whole.extend_from_slice(&[1, 0]);
    whole.extend_from_slice(&len.to_le_bytes());
    whole.extend_from_slice(header.as_bytes());
    Ok(whole)
}

/// What the header says.
struct Header {
    letters: String,
    is_big_endian: bool,
    is_column_major: bool,
    shape: Vec<usize>,
}

/// The content of a `.npy` file as it stands; the elements are not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Npy<'f> {
    /// The type of the elements.
    pub dtype: DataType,
    /// The length of each dimension.
    pub shape: Vec<usize>,
    /// Whether the first dimension runs fastest, as in Fortran, and not the last.
    pub is_column_major: bool,
    /// Whether an element's first byte is its greatest.
    pub is_big_endian: bool,
    /// The elements in the order of the file.
    pub elements: &'f [u8],
}

impl<'f> Npy<'f> {
    /// Reads the header in the content of a `.npy` file.
    ///
    /// # Errors
    ///
    /// As for [`Tensor::from_npy`].
    pub fn of(file: &'f [u8]) -> Result<Self> {
        parse(file)
    }

    /// The array in row-major order and the machine's byte order.
    #[must_use]
    pub fn to_tensor(&self) -> Tensor<'static> {
        let bytes_of = |dtype: DataType| usize::try_from(dtype.bytes()?).ok();
        let width = bytes_of(self.dtype).unwrap_or(1).max(1);
        let mut bytes = self.elements.to_vec();
        if self.is_big_endian != cfg!(target_endian = "big") {
            bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
        }
        if self.is_column_major && self.shape.len() > 1 {
            bytes = row_major(&bytes, &self.shape, width);
        }
        Tensor {
            dtype: self.dtype,
            shape: self.shape.clone().into(),
            bytes: bytes.into(),
        }
    }

    /// Hands over the arrays of the `.npz` file at `path` with their names, one after the other and in the
    /// order of the names' numbers; not more than one is in memory.
    ///
    /// # Errors
    ///
    /// As for [`Tensor::read_npz`], and what `act` gives.
    pub fn each_of_npz(
        path: impl AsRef<Path>,
        act: &mut dyn FnMut(&str, &Npy<'_>) -> Result<()>,
    ) -> Result<()> {
        npz::each(path.as_ref(), false, act)
    }
}

fn parse(file: &[u8]) -> Result<Npy<'_>> {
    let rest = file.strip_prefix(MAGIC).ok_or_else(|| {
        damaged(text!(
            "it is no .npy file (its first bytes are not \\x93NUMPY)"
        ))
    })?;
    let (len, rest) = match rest {
        [1, _, low, high, rest @ ..] => (usize::from(u16::from_le_bytes([*low, *high])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (
            usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX),
            rest,
        ),
        _ => {
            return Err(damaged(text!(
                "it ends in the header, or its version is not 1 to 3"
            )));
        }
    };
    let (header, data) = rest
        .split_at_checked(len)
        .ok_or_else(|| damaged(text!("it ends in the header")))?;
    let header =
        std::str::from_utf8(header).map_err(|_| damaged(text!("its header is no text")))?;
    let header =
        Header::parse(header).ok_or_else(|| damaged(text!("its header cannot be read")))?;
    let dtype = TYPES
        .iter()
        .find(|(letters, _)| *letters == header.letters)
        .map(|(_, dtype)| *dtype);
    let dtype = dtype.ok_or_else(|| {
        let message = format!(
            "elements of NumPy's type {:?} are not read: convert them first",
            header.letters
        );
        Error::new(ErrorKind::Unsupported, message)
    })?;
    let elements = header
        .shape
        .iter()
        .try_fold(1_u64, |all, len| all.checked_mul(*len as u64));
    if elements.and_then(|elements| dtype.bytes_of(elements)) != Some(data.len() as u64) {
        return Err(damaged(text!(
            "it has {bytes} bytes of data, which are not the elements of {dtype} {shape}",
            bytes = data.len(),
            dtype = dtype.name(),
            shape = format_args!("{:?}", header.shape)
        )));
    }
    Ok(Npy {
        dtype,
        shape: header.shape,
        is_column_major: header.is_column_major,
        is_big_endian: header.is_big_endian,
        elements: data,
    })
}

impl Header {
    fn parse(text: &str) -> Option<Self> {
        let value = |key: &str| {
            let (_, rest) = text.split_once(&format!("'{key}':"))?;
            Some(rest.trim_start())
        };
        let descr = match value("descr")? {
            // the fields of records
            list if list.starts_with('[') => "|records",
            text => text.strip_prefix('\'')?.split_once('\'')?.0,
        };
        let (order, letters) = descr.split_at_checked(1)?;
        let is_big_endian = match order {
            ">" => true,
            "<" | "|" => false,
            _ => cfg!(target_endian = "big"),
        };
        let is_column_major = value("fortran_order")?.starts_with("True");
        let shape = value("shape")?.strip_prefix('(')?.split_once(')')?.0;
        let lens = shape
            .split(',')
            .map(str::trim)
            .filter(|len| !len.is_empty());
        let shape: Vec<usize> = lens
            .map(|len| len.trim_end_matches('L').parse().ok())
            .collect::<Option<_>>()?;
        (shape.len() <= MAX_RANK).then(|| Self {
            letters: letters.to_owned(),
            is_big_endian,
            is_column_major,
            shape,
        })
    }
}

/// The elements of a column-major array in row-major order.
fn row_major(bytes: &[u8], shape: &[usize], width: usize) -> Vec<u8> {
    let mut gathered = Vec::with_capacity(bytes.len());
    let mut index = vec![0; shape.len()];
    for _ in 0..bytes.len() / width {
        let place = index
            .iter()
            .zip(shape)
            .rev()
            .fold(0, |place, (at, len)| place * len + at);
        gathered.extend_from_slice(&bytes[place * width..][..width]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    gathered
}

fn damaged(why: Text) -> Error {
    Error::new(
        ErrorKind::Format,
        text!("the .npy file is damaged: {why}; save it again", why),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let len = u16::try_from(header.len()).unwrap().to_le_bytes();
        [MAGIC, &[1, 0], &len, header.as_bytes(), data].concat()
    }

    #[test]
    fn written_and_read_again_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for shape in [vec![], vec![3], vec![2, 3], vec![0, 4]] {
            let elements: usize = shape.iter().product();
            let bytes: Vec<u8> = (0..elements * 4)
                .map(|byte| u8::try_from(byte).unwrap())
                .collect();
            let tensor = Tensor {
                dtype: DataType::F32,
                shape: shape.into(),
                bytes: bytes.into(),
            };
            let path = folder.path().join("tensor.npy");
            tensor.write_npy(&path).unwrap();
            assert_eq!(Tensor::read_npy(&path).unwrap(), tensor);
            assert_eq!(
                (fs::read(&path).unwrap().len() - tensor.bytes.len()) % ALIGNMENT,
                0
            );
        }
    }

    #[test]
    fn column_major_and_big_endian_are_turned() {
        let header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }\n";
        let whole = file(header, &[0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6]);
        let npy = Npy::of(&whole).unwrap();
        assert!(npy.is_column_major && npy.is_big_endian);
        let tensor = npy.to_tensor();
        let values = tensor
            .to_array::<i16>()
            .unwrap()
            .into_raw_vec_and_offset()
            .0;
        assert_eq!(
            (values, &tensor.shape[..]),
            (vec![1, 2, 3, 4, 5, 6], &[2, 3][..])
        );
    }

    #[test]
    fn damage_is_told() {
        let whole = file(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n",
            &[0; 8],
        );
        assert!(parse(&whole).is_ok());
        for len in 0..whole.len() {
            assert_eq!(
                parse(&whole[..len]).unwrap_err().kind(),
                ErrorKind::Format,
                "cut at {len}"
            );
        }
        let huge =
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n";
        assert_eq!(
            parse(&file(huge, &[])).unwrap_err().kind(),
            ErrorKind::Format
        );
        let complex = "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n";
        assert_eq!(
            parse(&file(complex, &[0; 8])).unwrap_err().kind(),
            ErrorKind::Unsupported
        );
    }
}

//! Dumped tensors in the layout that they had before compilation.

use ascend_graph::dump::DumpTensor;
use ascend_graph::om::Format;

use super::elements::width;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Tensor;

/// The tensor in plain row-major order. What a matrix unit's blocks hold is put together again:
/// `[N, C1, H, W, C0]` becomes `[N, C, H, W]`, `[…, N1, M1, M0, N0]` becomes `[…, M, N]`, and pictures
/// with the channels last become those with the channels first if they were so in the model.
///
/// # Errors
///
/// [`ErrorKind::Format`] where the file contradicts itself, [`ErrorKind::Unsupported`] for elements that
/// are no numbers.
pub(super) fn in_original_layout(dump: &DumpTensor) -> Result<Tensor<'static>> {
    let elements = dump.elements()?;
    let plain = |shape: &[usize], bytes: Vec<u8>| Tensor {
        dtype: dump.dtype,
        shape: shape.to_vec().into(),
        bytes: native(bytes, dump.dtype.bytes()).into(),
    };
    let original = dump.original.as_ref().map(|original| original.format);
    let Some(blocks) = Blocks::of(dump, original) else {
        return Ok(plain(&dump.dims, elements.to_vec()));
    };
    let width = width(dump.dtype).ok_or_else(|| {
        let message = format!(
            "{} elements are no numbers to compare: leave them out",
            dump.dtype.name()
        );
        Error::new(ErrorKind::Unsupported, message)
    })?;
    let bytes = blocks.gather(&elements, width).ok_or_else(|| {
        let message = format!(
            "its elements {:?} {} are not those of {:?}, which it had before compilation: make the dump anew",
            dump.dims, dump.format, blocks.shape
        );
        Error::new(ErrorKind::Format, message)
    })?;
    Ok(plain(&blocks.shape, bytes))
}

/// Elements in the machine's byte order.
fn native(mut bytes: Vec<u8>, width: Option<u64>) -> Vec<u8> {
    let width = width
        .and_then(|width| usize::try_from(width).ok())
        .unwrap_or(1);
    if cfg!(target_endian = "big") && width > 1 {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    bytes
}

/// How the elements of a shape are found among those of a dump.
struct Blocks {
    /// The shape before compilation.
    shape: Vec<usize>,
    /// For each axis of the shape, the axes of the dump that its place is made of, the coarsest first.
    parts: Vec<Vec<usize>>,
    dims: Vec<usize>,
}

impl Blocks {
    fn of(dump: &DumpTensor, original: Option<Format>) -> Option<Self> {
        let (dims, shape) = (dump.dims.clone(), dump.original_dims.clone());
        let parts = match (dump.format, dims.len(), shape.len()) {
            (Format::NC1HWC0, 5, 4) if original == Some(Format::NHWC) => {
                vec![vec![0], vec![2], vec![3], vec![1, 4]]
            }
            (Format::NC1HWC0, 5, 4) => vec![vec![0], vec![1, 4], vec![2], vec![3]],
            (Format::FRACTAL_NZ, rank, wanted) if rank >= 4 && wanted + 2 == rank => {
                let outer = (0..rank - 4).map(|axis| vec![axis]);
                outer
                    .chain([vec![rank - 3, rank - 2], vec![rank - 4, rank - 1]])
                    .collect()
            }
            (Format::NHWC, 4, 4) if original == Some(Format::NCHW) => {
                vec![vec![0], vec![3], vec![1], vec![2]]
            }
            _ => return None,
        };
        Some(Self { shape, parts, dims })
    }

    /// The elements in the order of the shape; `None` if they are not all there.
    fn gather(&self, elements: &[u8], width: usize) -> Option<Vec<u8>> {
        let mut strides = vec![1_usize; self.dims.len()];
        for axis in (1..self.dims.len()).rev() {
            strides[axis - 1] = strides[axis].checked_mul(self.dims[axis])?;
        }
        let holds = self.shape.iter().zip(&self.parts).all(|(len, parts)| {
            let all = parts
                .iter()
                .try_fold(1_usize, |all, axis| all.checked_mul(self.dims[*axis]));
            all.is_some_and(|all| *len <= all)
        });
        let count = self
            .shape
            .iter()
            .try_fold(1_usize, |all, len| all.checked_mul(*len))?;
        if !holds {
            return None;
        }
        let mut gathered = Vec::with_capacity(count.checked_mul(width)?);
        let mut at = vec![0; self.shape.len()];
        for _ in 0..count {
            let mut place = 0;
            for (index, parts) in at.iter().zip(&self.parts) {
                let mut rest = *index;
                for axis in parts.iter().rev() {
                    place += rest % self.dims[*axis] * strides[*axis];
                    rest /= self.dims[*axis];
                }
            }
            gathered.extend_from_slice(elements.get(place * width..(place + 1) * width)?);
            for axis in (0..at.len()).rev() {
                at[axis] += 1;
                if at[axis] < self.shape[axis] {
                    break;
                }
                at[axis] = 0;
            }
        }
        Some(gathered)
    }
}

#[cfg(test)]
mod tests {
    use ascend_graph::DataType;

    use super::*;

    fn dump(format: Format, dims: &[usize], original: &[usize]) -> DumpTensor {
        let count = u8::try_from(dims.iter().product::<usize>()).unwrap();
        let elements: Vec<u8> = (0..count).collect();
        DumpTensor {
            format,
            original_dims: original.to_vec(),
            ..DumpTensor::new(DataType::U8, dims.to_vec(), elements.into())
        }
    }

    #[test]
    fn blocks_of_channels_are_put_together() {
        // two blocks of two channels, of which the last one is padding; two rows of one element
        let dump = dump(Format::NC1HWC0, &[1, 2, 2, 1, 2], &[1, 3, 2, 1]);
        let tensor = in_original_layout(&dump).unwrap();
        assert_eq!(
            (&tensor.shape[..], &tensor.bytes[..]),
            (&[1, 3, 2, 1][..], &[0, 2, 1, 3, 4, 6][..])
        );
    }

    #[test]
    fn blocks_of_matrices_are_put_together() {
        // numpy: arange(16).reshape(2, 2, 2, 2).transpose(1, 2, 0, 3).reshape(4, 4)[:3, :3]
        let dump = dump(Format::FRACTAL_NZ, &[2, 2, 2, 2], &[3, 3]);
        let tensor = in_original_layout(&dump).unwrap();
        assert_eq!(tensor.bytes[..], [0, 1, 8, 2, 3, 10, 4, 5, 12]);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let wrong = dump(Format::NC1HWC0, &[1, 1, 2, 1, 2], &[1, 3, 2, 1]);
        let error = in_original_layout(&wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        let plain = dump(Format::ND, &[2, 2], &[2, 2]);
        assert_eq!(in_original_layout(&plain).unwrap().bytes[..], [0, 1, 2, 3]);
    }
}

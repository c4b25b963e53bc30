use std::sync::Arc;

use bytes::Bytes;

use super::site::MOST_AXES;
use crate::DataType;
use crate::onnx::Tensor;

/// The most elements of which only some are known: they are extents.
const MOST_PARTIAL: usize = 1024;

/// A tensor whose elements are known, at least some of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    pub(crate) dtype: DataType,
    pub(crate) dims: Vec<usize>,
    elements: Elements,
}

#[derive(Clone, Debug, PartialEq)]
enum Elements {
    /// Row-major and little-endian.
    Known(Bytes),
    /// Whole numbers, such as extents, of which only some are known.
    Partial(Arc<[Option<i64>]>),
}

impl Value {
    /// The constant's value, or `None` if its elements are elsewhere or have no whole bytes.
    pub(crate) fn of(tensor: &Tensor) -> Option<Self> {
        let dims = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok());
        let dtype = tensor.dtype().ok()?;
        dtype.bytes().filter(|_| tensor.dims.len() <= MOST_AXES)?;
        Some(Self {
            dtype,
            dims: dims.collect::<Option<_>>()?,
            elements: Elements::Known(tensor.bytes().ok()?),
        })
    }

    /// `None` if there are not as many bytes as dims and type ask for.
    pub(crate) fn known(dtype: DataType, dims: Vec<usize>, bytes: Bytes) -> Option<Self> {
        let size = usize::try_from(dtype.bytes()?).ok()?;
        (count(&dims)?.checked_mul(size)? == bytes.len()).then_some(Self {
            dtype,
            dims,
            elements: Elements::Known(bytes),
        })
    }

    /// Whole numbers, known or not; `None` if one does not fit in the type.
    pub(crate) fn from_ints(
        dtype: DataType,
        dims: Vec<usize>,
        ints: Vec<Option<i64>>,
    ) -> Option<Self> {
        let Some(all) = ints.iter().copied().collect::<Option<Vec<i64>>>() else {
            let in_range = |int: i64| match dtype {
                DataType::I64 => true,
                DataType::I32 => i32::try_from(int).is_ok(),
                _ => false,
            };
            let fits = ints.len() <= MOST_PARTIAL
                && count(&dims)? == ints.len()
                && ints.iter().flatten().all(|&int| in_range(int));
            return fits.then_some(Self {
                dtype,
                dims,
                elements: Elements::Partial(ints.into()),
            });
        };
        let bytes: Vec<u8> = match dtype {
            DataType::I64 => all.into_iter().flat_map(i64::to_le_bytes).collect(),
            DataType::I32 => {
                let narrow = all.into_iter().map(|int| i32::try_from(int).ok());
                let narrow = narrow.collect::<Option<Vec<i32>>>()?;
                narrow.into_iter().flat_map(i32::to_le_bytes).collect()
            }
            DataType::Bool => all.into_iter().map(|int| u8::from(int != 0)).collect(),
            _ => return None,
        };
        Self::known(dtype, dims, bytes.into())
    }

    /// Numbers in single precision.
    pub(crate) fn from_floats(dims: Vec<usize>, floats: Vec<f32>) -> Option<Self> {
        let bytes: Vec<u8> = floats.into_iter().flat_map(f32::to_le_bytes).collect();
        Self::known(DataType::F32, dims, bytes.into())
    }

    /// The elements' bytes, if all are known.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.elements {
            Elements::Known(bytes) => Some(bytes),
            Elements::Partial(_) => None,
        }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> usize {
        match &self.elements {
            Elements::Known(_) => count(&self.dims).unwrap_or_default(),
            Elements::Partial(ints) => ints.len(),
        }
    }

    /// The elements of the types `int64`, `int32` and `bool`.
    pub(crate) fn ints(&self) -> Option<Vec<Option<i64>>> {
        let bytes = match &self.elements {
            Elements::Partial(ints) => return Some(ints.to_vec()),
            Elements::Known(bytes) => bytes,
        };
        Some(match self.dtype {
            DataType::I64 => {
                let chunks = bytes.as_chunks().0.iter();
                chunks.map(|&int| Some(i64::from_le_bytes(int))).collect()
            }
            DataType::I32 => {
                let chunks = bytes.as_chunks().0.iter();
                chunks
                    .map(|&int| Some(i32::from_le_bytes(int).into()))
                    .collect()
            }
            DataType::Bool => bytes.iter().map(|&int| Some((int != 0).into())).collect(),
            _ => return None,
        })
    }

    /// The elements of the types `int64`, `int32` and `bool`, if all are known.
    pub(crate) fn all_ints(&self) -> Option<Vec<i64>> {
        self.ints()?.into_iter().collect()
    }

    /// The only element of the types `int64`, `int32` and `bool`.
    pub(crate) fn one(&self) -> Option<i64> {
        (self.len() == 1).then(|| self.ints())??.pop()?
    }

    /// The elements in single precision.
    pub(crate) fn floats(&self) -> Option<Vec<f32>> {
        let bytes = self
            .bytes()
            .filter(|_| self.dtype == DataType::F32)?
            .as_chunks()
            .0;
        Some(
            bytes
                .iter()
                .map(|&chunk| f32::from_le_bytes(chunk))
                .collect(),
        )
    }

    /// The same elements in another shape.
    pub(crate) fn reshaped(&self, dims: Vec<usize>) -> Option<Self> {
        (count(&dims)? == self.len()).then(|| Self {
            dims,
            ..self.clone()
        })
    }

    /// The elements at `places`, which must exist.
    pub(crate) fn pick(&self, dims: Vec<usize>, places: &[usize]) -> Option<Self> {
        match &self.elements {
            Elements::Partial(ints) => {
                let picked = places.iter().map(|&place| ints.get(place).copied());
                Self::from_ints(self.dtype, dims, picked.collect::<Option<_>>()?)
            }
            Elements::Known(bytes) => {
                let size = usize::try_from(self.dtype.bytes()?).ok()?;
                let mut picked = Vec::with_capacity(places.len() * size);
                for &place in places {
                    picked.extend_from_slice(bytes.get(place * size..(place + 1) * size)?);
                }
                Self::known(self.dtype, dims, picked.into())
            }
        }
    }

    /// The constant of this name, if all elements are known.
    pub(crate) fn to_tensor(&self, name: &str) -> Option<Tensor> {
        let dims = self.dims.iter().map(|&dim| i64::try_from(dim).ok());
        let dims = dims.collect::<Option<Vec<_>>>()?;
        Some(Tensor::new(name, self.dtype, dims, self.bytes()?.clone()))
    }
}

impl Tensor {
    /// Gives the elements of a constant of type `int64`, `int32` or `bool`; `None` for one of another type,
    /// of more than 16 axes, or whose data is elsewhere.
    #[must_use]
    pub fn to_ints(&self) -> Option<Vec<i64>> {
        Value::of(self)?.all_ints()
    }

    /// Gives the elements of a constant of type `float32`; `None` as for [`to_ints`](Self::to_ints).
    #[must_use]
    pub fn to_floats(&self) -> Option<Vec<f32>> {
        Value::of(self)?.floats()
    }
}

/// The product of the extents.
pub(super) fn count(dims: &[usize]) -> Option<usize> {
    if dims.contains(&0) {
        return Some(0);
    }
    dims.iter()
        .try_fold(1_usize, |product, &dim| product.checked_mul(dim))
}

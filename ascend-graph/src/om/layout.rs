//! The layouts in which a device wants weights, and how to undo them.
//!
//! A matrix unit multiplies blocks of 16 rows by `C0` columns, so channels are cut into blocks of `C0` and
//! outputs into blocks of 16, and what is missing from the last block is zero. `C0` is 16 for elements of two
//! bytes and 32 for those of one, unless the file tells it.

mod blocks;

use std::fmt;

use bytes::Bytes;

use super::Format;
use crate::{DataType, Error, Result};
use blocks::Blocks;

/// The bytes of a row of a block.
const ROW_BYTES: usize = 32;
/// More channels in a block than this the file cannot tell.
const MOST_C0: usize = 1 << 14;
/// Compilers may round a tensor up to a multiple of this many bytes, and add as many.
const MARGIN: usize = 32;

/// A layout with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    format: Format,
    groups: usize,
    /// The block size, where the file tells it.
    c0: Option<usize>,
}

impl Layout {
    /// Reads the name with what follows its colon, and the number.
    pub(super) fn parse(name: &str, number: Option<i64>) -> Result<Self> {
        let format = Format::from_name(name)
            .ok_or_else(|| Error::format(format!("has the unknown layout `{name}`")))?;
        let number = number.unwrap_or(0);
        let groups = match name.split_once(':') {
            None => usize::try_from(number >> 8 & 0xffff).unwrap_or(0).max(1),
            Some((_, groups)) => groups
                .parse()
                .ok()
                .filter(|&groups| groups > 0)
                .ok_or_else(|| {
                    Error::format(format!(
                        "has the layout `{name}`, where a number of groups follows the colon"
                    ))
                })?,
        };
        let c0 = match number >> 24 & 0xf {
            0 => None,
            exponent => Some(1 << (exponent - 1)),
        };
        Ok(Self { format, groups, c0 })
    }
}

/// A tensor as a file holds it.
#[derive(Debug)]
pub(super) struct Stored<'a> {
    pub(super) dtype: DataType,
    pub(super) layout: Layout,
    pub(super) dims: &'a [i64],
    /// Layout and shape before the tensor was laid out for the device.
    pub(super) origin: Option<(Format, &'a [i64])>,
}

/// A tensor whose elements follow each other, the last axis fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The element type.
    pub dtype: DataType,
    /// What the axes mean.
    pub format: Format,
    /// The shape.
    pub dims: Vec<i64>,
    /// The elements.
    pub data: Bytes,
}

/// Undoes a layout.
pub(super) fn unpack(stored: &Stored<'_>, data: &Bytes) -> Result<Plain> {
    let format = stored.layout.format;
    match format {
        Format::FRACTAL_Z | Format::FRACTAL_NZ | Format::NC1HWC0 => unpack_blocks(stored, data),
        // Those that are named by their axes, each once: all of them are plain.
        Format(0 | 1 | 2 | 14 | 16 | 27 | 30 | 31 | 34 | 35 | 36 | 47) => {
            let dims = extents(stored.dims)?;
            let bytes = stored.dtype.bytes_of(product(&dims)? as u64);
            let bytes = bytes.ok_or_else(|| no_size(stored.dtype))?;
            let bytes = usize::try_from(bytes).map_err(|_| too_large(&dims))?;
            check_length(bytes, data, &dims)?;
            Ok(Plain {
                dtype: stored.dtype,
                format,
                dims: stored.dims.to_vec(),
                data: data.slice(..bytes),
            })
        }
        _ => Err(Error::unsupported(format!(
            "is laid out as {format}, and how to undo that is not known"
        ))),
    }
}

fn unpack_blocks(stored: &Stored<'_>, data: &Bytes) -> Result<Plain> {
    // The first compilers tell the plain shape of a tensor in blocks, and no other.
    let (format, origin) = stored.origin.unwrap_or((Format::NCHW, stored.dims));
    let dims = extents(origin)?;
    let count = product(&dims)?;
    let size = stored
        .dtype
        .bytes()
        .and_then(|bytes| usize::try_from(bytes).ok());
    let size = size.ok_or_else(|| no_size(stored.dtype))?;
    let bytes = count.checked_mul(size).ok_or_else(|| too_large(&dims))?;
    // Blocks hold all elements and more, so what follows is bounded by the file.
    if bytes > data.len() {
        return Err(wrong_length(bytes, data, &dims));
    }
    let is_told = stored.origin.is_some() && stored.dims != origin;
    let last = stored.dims.last().filter(|_| is_told);
    let last = last.and_then(|&dim| usize::try_from(dim).ok());
    let c0 = stored.layout.c0.or(last).unwrap_or(ROW_BYTES / size);
    if !c0.is_power_of_two() || c0 > MOST_C0 {
        return Err(Error::format(format!(
            "has blocks of {c0} channels, which is no power of two"
        )));
    }
    let mut plain = Vec::new();
    if count > 0 {
        let blocks = match stored.layout.format {
            Format::FRACTAL_Z => Blocks::fractal_z(format, &dims, c0, stored.layout.groups),
            Format::FRACTAL_NZ => Blocks::fractal_nz(&dims, c0),
            _ => Blocks::nc1hwc0(format, &dims, c0),
        }?;
        let packed = blocks.count().ok_or_else(|| too_large(&dims))?;
        let bytes = packed.checked_mul(size).ok_or_else(|| too_large(&dims))?;
        check_length(bytes, data, &dims)?;
        let told = extents(stored.dims)?;
        if is_told && !(product(&told)? == packed && blocks.fits(&told)) {
            return Err(Error::format(format!(
                "has the shape {}, but {} takes {packed} elements in the layout {}",
                Shown(stored.dims),
                Shown(origin),
                stored.layout.format
            )));
        }
        plain = match size {
            1 => blocks.unpack::<1>(data, count),
            2 => blocks.unpack::<2>(data, count),
            4 => blocks.unpack::<4>(data, count),
            8 => blocks.unpack::<8>(data, count),
            _ => return Err(no_size(stored.dtype)),
        };
    }
    Ok(Plain {
        dtype: stored.dtype,
        format,
        dims: origin.to_vec(),
        data: plain.into(),
    })
}

/// The extents of a shape that is known.
fn extents(dims: &[i64]) -> Result<Vec<usize>> {
    let extent = |&dim: &i64| usize::try_from(dim).ok();
    let extents = dims.iter().map(extent).collect::<Option<_>>();
    extents.ok_or_else(|| {
        Error::format(format!(
            "has the shape {}, which no constant can have",
            Shown(dims)
        ))
    })
}

fn product(dims: &[usize]) -> Result<usize> {
    if dims.contains(&0) {
        return Ok(0);
    }
    let mut dims_left = dims.iter();
    let product = dims_left.try_fold(1_usize, |all, &dim| all.checked_mul(dim));
    product.ok_or_else(|| too_large(dims))
}

fn check_length(bytes: usize, data: &Bytes, dims: &[usize]) -> Result<()> {
    let rounded = bytes.checked_next_multiple_of(MARGIN);
    let with_margin = rounded.and_then(|bytes| bytes.checked_add(MARGIN));
    if [Some(bytes), rounded, with_margin].contains(&Some(data.len())) {
        return Ok(());
    }
    Err(wrong_length(bytes, data, dims))
}

fn wrong_length(bytes: usize, data: &Bytes, dims: &[usize]) -> Error {
    Error::format(format!(
        "has {} bytes, but its shape {} takes {bytes}",
        data.len(),
        Shown(dims)
    ))
}

fn too_large(dims: &[usize]) -> Error {
    Error::format(format!(
        "has the shape {}, more than memory can hold",
        Shown(dims)
    ))
}

fn no_size(dtype: DataType) -> Error {
    Error::unsupported(format!(
        "has elements of type {dtype}, which are not of 1, 2, 4 or 8 bytes"
    ))
}

/// A list of which only the start is shown.
struct Shown<'a, T>(&'a [T]);

impl<T: fmt::Debug> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 16;
        match self.0.split_at_checked(MOST) {
            Some((start, rest)) if !rest.is_empty() => {
                write!(f, "{start:?} and {} more axes", rest.len())
            }
            _ => write!(f, "{:?}", self.0),
        }
    }
}

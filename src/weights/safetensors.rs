//! safetensors: a JSON header and packed little-endian data.
//!
//! Read by hand, since the crate of that name tells neither a hole from an overlap nor an unknown
//! type from a fault of the JSON. The tests hold it to that crate's answers.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;

use super::budget::Budget;
use super::dtype::DataType;
use super::json::Json;
use super::objects::Contents;
use super::report::Report;
use super::tensor::{Entry, Origin, Writing};
use super::{Fault, gather, over_limit, wrong};
use crate::error::{Error, Result};

/// Bytes of the length in front of the header.
const LENGTH: usize = 8;

/// The longest header, by the format's own definition.
pub(super) const MAX_HEADER: u64 = 100_000_000;

/// Reads the tensors of `file`, in the order of their data.
pub(super) fn read(file: &Bytes, budget: &Budget) -> Result<Contents> {
    let len = file.first_chunk().map(|len| u64::from_le_bytes(*len));
    let len = len.ok_or_else(|| bad_header("it is shorter than the length of its header"))?;
    if len > MAX_HEADER {
        return Err(over_limit(format!(
            "its header is said to be {len} bytes long; the format allows {MAX_HEADER}"
        )));
    }
    let end = usize::try_from(len)
        .unwrap_or(usize::MAX)
        .saturating_add(LENGTH);
    let header = file.get(LENGTH..end).ok_or_else(|| {
        let there = file.len() - LENGTH;
        bad_header(&format!(
            "its header of {len} bytes is cut to {there}; download or copy it again"
        ))
    })?;
    if header.is_empty() {
        return Err(bad_header("its header is empty"));
    }
    let data = file.slice(end..);
    let header = parse(header, budget).map_err(|error| error.while_doing("its header"))?;
    let mut places = Vec::new();
    for (name, tensor) in header.tensors {
        budget.charge(Entry::axes_bytes(tensor.shape.len()) + name.len())?;
        let found = tensor
            .entry(&name, &data)
            .map_err(|error| error.while_doing(format_args!("tensor {:?}", short(&name))))?;
        budget.push(&mut places, found)?;
    }
    places.sort_by_key(|&(place, _)| place);
    check_tiling(&places, data.len())?;
    let mut entries = Vec::new();
    budget.make_room(&mut entries, places.len())?;
    entries.extend(places.into_iter().map(|(_, entry)| entry));
    Ok(Contents {
        entries,
        beside: Vec::new(),
        report: Report {
            metadata: header.metadata,
            ..Report::default()
        },
    })
}

fn bad_header(message: &str) -> Error {
    wrong(Fault::BadHeader, message)
}

/// A name for messages.
fn short(name: &str) -> String {
    name.chars().take(200).collect()
}

struct Header<'j> {
    tensors: Vec<(Cow<'j, str>, Described<'j>)>,
    metadata: BTreeMap<String, String>,
}

/// What the header tells of a tensor.
struct Described<'j> {
    dtype: Cow<'j, str>,
    shape: Vec<u64>,
    offsets: [u64; 2],
}

fn parse<'h>(header: &'h [u8], budget: &Budget) -> Result<Header<'h>> {
    let mut json = Json::new(header)?;
    let mut tensors = Vec::new();
    let mut metadata = None;
    let mut names = HashSet::new();
    json.object(|json, name| {
        if name == "__metadata__" {
            if metadata.is_some() {
                return Err(twice("__metadata__"));
            }
            let mut pairs = BTreeMap::new();
            json.object(|json, key| {
                let value = json.string()?.into_owned();
                budget.charge(4 * size_of::<String>() + key.len() + value.len())?;
                match pairs.insert(key.to_string(), value) {
                    None => Ok(()),
                    Some(_) => Err(twice(&key)),
                }
            })?;
            metadata = Some(pairs);
            return Ok(());
        }
        let tensor = described(json, budget)?;
        // with the room for growth of the table of names
        budget.charge(2 * size_of::<Cow<'_, str>>() + 2 * name.len())?;
        if !names.insert(name.clone()) {
            return Err(twice(&name));
        }
        budget.push(&mut tensors, (name, tensor))
    })?;
    json.end()?;
    let metadata = metadata.unwrap_or_default();
    Ok(Header { tensors, metadata })
}

fn twice(name: &str) -> Error {
    let message = format!("{:?} is there twice", short(name));
    wrong(Fault::Duplicate, message)
}

fn described<'j>(json: &mut Json<'j>, budget: &Budget) -> Result<Described<'j>> {
    let (mut dtype, mut shape, mut offsets) = (None, None, None);
    json.object(|json, field| {
        match &*field {
            "dtype" if dtype.is_none() => dtype = Some(json.string()?),
            "shape" if shape.is_none() => {
                let mut lengths = Vec::new();
                json.array(|json| budget.push(&mut lengths, json.number()?))?;
                shape = Some(lengths);
            }
            "data_offsets" if offsets.is_none() => {
                let (mut pair, mut count) = ([0; 2], 0);
                json.array(|json| {
                    let number = json.number()?;
                    if let Some(offset) = pair.get_mut(count) {
                        *offset = number;
                    }
                    count += 1;
                    Ok(())
                })?;
                if count != pair.len() {
                    return Err(json.bad("data_offsets are two numbers"));
                }
                offsets = Some(pair);
            }
            "dtype" | "shape" | "data_offsets" => return Err(twice(&field)),
            _ => json.skip()?,
        }
        Ok(())
    })?;
    match (dtype, shape, offsets) {
        (Some(dtype), Some(shape), Some(offsets)) => Ok(Described {
            dtype,
            shape,
            offsets,
        }),
        _ => Err(json.bad("a tensor needs dtype, shape and data_offsets")),
    }
}

impl Described<'_> {
    /// Where the data begin and end, and the tensor.
    fn entry(self, name: &str, data: &Bytes) -> Result<((usize, usize), Entry)> {
        let dtype = data_type(&self.dtype).ok_or_else(|| {
            let message = format!("the element type {:?} is not known", short(&self.dtype));
            wrong(Fault::DType, message)
        })?;
        let available = data.len();
        let [from, to] = self.offsets;
        let place = |at: u64| usize::try_from(at).ok().filter(|&at| at <= available);
        let (Some(start), Some(end)) = (place(from), place(to)) else {
            let message = format!("it ends at byte {to} of {available} bytes of data");
            return Err(wrong(Fault::OutOfBounds, message));
        };
        if start > end {
            let message = format!("it begins at byte {start} and ends at {end}");
            return Err(wrong(Fault::OutOfBounds, message));
        }
        let lengths = self.shape.iter().map(|&len| usize::try_from(len).ok());
        let shape = lengths.collect::<Option<Vec<usize>>>();
        let bits = shape.as_ref().and_then(|shape| {
            let mut lengths = shape.iter();
            lengths.try_fold(dtype.bits(), |bits, &len| bits.checked_mul(len))
        });
        let (Some(shape), Some(bits)) = (shape, bits) else {
            let message = format!("a shape of {} axes overflows", self.shape.len());
            return Err(wrong(Fault::Overflow, message));
        };
        if !bits.is_multiple_of(8) || bits / 8 != end - start {
            let there = end - start;
            let message = format!("{dtype} needs {bits} bits, and {there} bytes are there");
            return Err(wrong(Fault::SizeMismatch, message));
        }
        let entry = Entry {
            name: name.to_owned(),
            path: Vec::new(),
            dtype,
            strides: gather::row_major(&shape),
            shape,
            data: data.slice(start..end),
            writing: Writing::default(),
            origin: Origin::Tensor,
            quantisation: None,
            storage: None,
        };
        Ok(((start, end), entry))
    }
}

/// Refuses overlaps, holes and a rest: what two readers could read in two ways.
fn check_tiling(places: &[((usize, usize), Entry)], len: usize) -> Result<()> {
    let mut covered = 0;
    for ((start, end), entry) in places {
        if *start != covered {
            let (fault, what) = if *start < covered {
                (Fault::Overlap, "overlaps the one before")
            } else {
                (Fault::SizeMismatch, "leaves a hole before it")
            };
            let name = short(&entry.name);
            let message = format!("tensor {name:?}: it begins at byte {start} and {what}");
            return Err(wrong(fault, message));
        }
        covered = *end;
    }
    if covered == len {
        Ok(())
    } else {
        let rest = len - covered;
        let message = format!("{rest} bytes follow the last tensor");
        Err(wrong(Fault::SizeMismatch, message))
    }
}

fn data_type(name: &str) -> Option<DataType> {
    DataType::STORED
        .into_iter()
        .find(|dtype| dtype.name() == name)
}

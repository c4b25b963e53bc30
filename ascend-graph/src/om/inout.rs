use super::Format;
use super::cursor::Cursor;
use crate::{DataType, Error, Gears, Result};

/// The fixed part of an entry in the lists of inputs and outputs.
const ENTRY_BYTES: usize = 32;

/// An input or output as the caller of a model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IoTensor {
    /// The name. Huawei's compiler calls an output `node:index:name`.
    pub name: String,
    /// The element type.
    pub dtype: DataType,
    /// The layout.
    pub format: Format,
    /// The bytes of a whole tensor, of the largest one for gears, or 0 where that is not known.
    pub bytes: u64,
    /// The shape, with -1 for an extent that is chosen when the model runs.
    pub dims: Vec<i64>,
    /// The shape after static preprocessing (AIPP); equal to `dims` without it.
    pub dims_after_aipp: Vec<i64>,
    /// The least and largest extent of each axis for dynamic shapes, -1 for no limit; else empty.
    pub ranges: Vec<[i64; 2]>,
}

impl IoTensor {
    /// Gives a tensor without preprocessing or ranges; `bytes` follows from shape and type, and is 0
    /// where an extent is -1.
    #[must_use]
    pub fn new(name: &str, dtype: DataType, format: Format, dims: &[i64]) -> Self {
        let count = dims
            .iter()
            .try_fold(1_u64, |count, &dim| count.checked_mul(dim.try_into().ok()?));
        Self {
            name: name.to_owned(),
            dtype,
            format,
            bytes: count.and_then(|count| dtype.bytes_of(count)).unwrap_or(0),
            dims: dims.to_vec(),
            dims_after_aipp: dims.to_vec(),
            ranges: Vec::new(),
        }
    }
}

/// What a caller of a model must know: the content of the partition `MODEL_INOUT_INFO`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InOut {
    /// The inputs.
    pub inputs: Vec<IoTensor>,
    /// The outputs.
    pub outputs: Vec<IoTensor>,
    /// The batch sizes that can be chosen.
    pub batch_gears: Vec<u64>,
    /// The heights and widths that can be chosen.
    pub image_gears: Vec<Vec<u64>>,
    /// The values for all extents of -1 that can be chosen.
    pub dims_gears: Vec<Vec<u64>>,
    /// The output shapes of each gear, as text.
    pub output_dims: Vec<String>,
    /// The inputs that the values of a gear run over, in order.
    pub shape_order: Vec<String>,
}

/// The name of the input that takes the values of the gear that is chosen.
pub const GEAR_INPUT: &str = "ascend_mbatch_shape_data";

impl InOut {
    /// Gives the values of each gear.
    #[must_use]
    pub fn gears(&self) -> Vec<Vec<u64>> {
        let batches = self.batch_gears.iter().map(|&size| vec![size]);
        let others = self.image_gears.iter().chain(&self.dims_gears).cloned();
        batches.chain(others).collect()
    }

    /// Sets the gears.
    pub fn set_gears(&mut self, gears: &Gears) {
        match gears {
            Gears::None => {}
            Gears::Batch(sizes) => self.batch_gears.clone_from(sizes),
            Gears::Image(sizes) => {
                self.image_gears = sizes.iter().map(|size| size.to_vec()).collect();
            }
            Gears::Dims(gears) => self.dims_gears.clone_from(gears),
        }
    }

    /// Gives the shape of output `output` in gear `gear`, if the file tells it.
    #[must_use]
    pub fn gear_output_dims(&self, gear: usize, output: usize) -> Option<Vec<i64>> {
        let rows = self.output_dims.iter().filter_map(|text| {
            let numbers = text.split(',').map(|number| number.trim().parse().ok());
            numbers.collect::<Option<Vec<i64>>>()
        });
        let key = [i64::try_from(gear).ok()?, i64::try_from(output).ok()?];
        rows.into_iter()
            .find_map(|row| row.strip_prefix(&key).map(<[i64]>::to_vec))
    }

    /// Tells the shape of output `output` in gear `gear`.
    pub fn put_gear_output_dims(&mut self, gear: usize, output: usize, dims: &[i64]) {
        let dims = dims.iter().map(i64::to_string);
        let numbers: Vec<_> = [gear.to_string(), output.to_string()]
            .into_iter()
            .chain(dims)
            .collect();
        self.output_dims.push(numbers.join(","));
    }

    /// Reads the partition; blocks of an unknown kind are skipped.
    ///
    /// # Errors
    /// `Format` if a length leads outside of its block, a block is there twice or an element type has an
    /// unknown number.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut info = Self::default();
        let mut blocks = Cursor::new(bytes);
        let mut seen = 0_u64;
        while blocks.rest() > 0 {
            let tag = blocks.u32("a block's tag")?;
            let len = blocks.u32("a block's length")?;
            let value = &mut Cursor::new(blocks.take(len.into(), "a block")?);
            if tag > 6 {
                continue;
            }
            if seen & (1 << tag) != 0 {
                return Err(Error::format(format!(
                    "the block with tag {tag} is there twice"
                )));
            }
            seen |= 1 << tag;
            match tag {
                0 => info.inputs = tensors(value).map_err(|error| error.within("inputs"))?,
                1 => info.outputs = tensors(value).map_err(|error| error.within("outputs"))?,
                2 => info.batch_gears = batch_gears(value)?,
                3 => info.image_gears = gears(value)?,
                4 => info.dims_gears = gears(value)?,
                5 => info.output_dims = texts(value)?,
                _ => info.shape_order = texts(value)?,
            }
            if value.rest() > 0 {
                let rest = value.rest();
                return Err(Error::format(format!(
                    "the block with tag {tag} has {rest} bytes more than it uses"
                )));
            }
        }
        Ok(info)
    }

    /// Gives the bytes of the partition.
    ///
    /// # Errors
    /// `Invalid` if an element type has no number in `.om` files, or if a list is longer than 4 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        put_block(
            &mut bytes,
            0,
            self.inputs.len(),
            &tensor_bytes(&self.inputs)?,
        )?;
        put_block(
            &mut bytes,
            1,
            self.outputs.len(),
            &tensor_bytes(&self.outputs)?,
        )?;
        put_block(
            &mut bytes,
            2,
            self.batch_gears.len(),
            &u64_bytes(&self.batch_gears),
        )?;
        for (tag, gears) in [(3, &self.image_gears), (4, &self.dims_gears)] {
            let mut block = Vec::new();
            for gear in gears {
                block.extend(len_u32(gear.len())?.to_le_bytes());
            }
            block.extend(gears.iter().flat_map(|gear| u64_bytes(gear)));
            put_block(&mut bytes, tag, gears.len(), &block)?;
        }
        for (tag, texts) in [(5, &self.output_dims), (6, &self.shape_order)] {
            let mut block = Vec::new();
            for text in texts {
                block.extend(len_u32(text.len())?.to_le_bytes());
            }
            block.extend(texts.iter().flat_map(|text| text.bytes()));
            put_block(&mut bytes, tag, texts.len(), &block)?;
        }
        Ok(bytes)
    }
}

fn tensors(block: &mut Cursor) -> Result<Vec<IoTensor>> {
    let count = block.count(ENTRY_BYTES, "the number of tensors")?;
    (0..count)
        .map(|index| tensor(block).map_err(|error| error.within(format_args!("tensor {index}"))))
        .collect()
}

fn tensor(block: &mut Cursor) -> Result<IoTensor> {
    let bytes = block.u64("the size")?;
    let format = Format(block.i32("the format")?);
    let code = block.i32("the element type")?;
    let name_len = block.u32("the length of the name")?;
    let dims_len = block.u32("the length of the dims")?;
    let dims_after_aipp_len = block.u32("the length of the second dims")?;
    let ranges_len = block.u32("the length of the ranges")?;
    let name = String::from_utf8_lossy(block.take(name_len.into(), "the name")?).into_owned();
    let dtype = DataType::from_acl(code)
        .ok_or_else(|| Error::format(format!("`{name}` has the unknown element type {code}")))?;
    let dims = i64s(block, dims_len, "the dims")?;
    let dims_after_aipp = i64s(block, dims_after_aipp_len, "the second dims")?;
    let ranges = i64s(block, ranges_len, "the ranges")?;
    let (ranges, []) = ranges.as_chunks::<2>() else {
        return Err(Error::format(format!("`{name}` has a range with one end")));
    };
    Ok(IoTensor {
        name,
        dtype,
        format,
        bytes,
        dims,
        dims_after_aipp,
        ranges: ranges.to_vec(),
    })
}

fn i64s(block: &mut Cursor, len: u32, what: &str) -> Result<Vec<i64>> {
    let at = block.position();
    let (numbers, []) = block.take(len.into(), what)?.as_chunks::<8>() else {
        return Err(Error::format(format!(
            "{what} at byte {at} are {len} bytes long, not a multiple of 8"
        )));
    };
    Ok(numbers
        .iter()
        .map(|&number| i64::from_le_bytes(number))
        .collect())
}

fn batch_gears(block: &mut Cursor) -> Result<Vec<u64>> {
    let count = block.count(8, "the number of batch sizes")?;
    (0..count).map(|_| block.u64("a batch size")).collect()
}

fn gears(block: &mut Cursor) -> Result<Vec<Vec<u64>>> {
    let count = block.count(4, "the number of gears")?;
    let lens: Vec<u32> = (0..count)
        .map(|_| block.u32("the length of a gear"))
        .collect::<Result<_>>()?;
    let gear = |len| {
        let bytes = block.take(u64::from(len) * 8, "a gear")?;
        Ok(bytes
            .as_chunks::<8>()
            .0
            .iter()
            .map(|&number| u64::from_le_bytes(number))
            .collect())
    };
    lens.into_iter().map(gear).collect()
}

fn texts(block: &mut Cursor) -> Result<Vec<String>> {
    let count = block.count(4, "the number of texts")?;
    let lens: Vec<u32> = (0..count)
        .map(|_| block.u32("the length of a text"))
        .collect::<Result<_>>()?;
    let text =
        |len| Ok(String::from_utf8_lossy(block.take(u64::from(len), "a text")?).into_owned());
    lens.into_iter().map(text).collect()
}

fn tensor_bytes(tensors: &[IoTensor]) -> Result<Vec<u8>> {
    let mut block = Vec::new();
    for tensor in tensors {
        let (name, dtype) = (&tensor.name, tensor.dtype);
        let code = dtype.acl_code().ok_or_else(|| {
            Error::invalid(format!(
                "`{name}` is of type {dtype}, which an .om cannot name"
            ))
        })?;
        let dims: Vec<_> = tensor
            .dims
            .iter()
            .flat_map(|dim| dim.to_le_bytes())
            .collect();
        let after_aipp: Vec<_> = tensor
            .dims_after_aipp
            .iter()
            .flat_map(|dim| dim.to_le_bytes())
            .collect();
        let ranges: Vec<_> = tensor
            .ranges
            .iter()
            .flatten()
            .flat_map(|end| end.to_le_bytes())
            .collect();
        block.extend(tensor.bytes.to_le_bytes());
        block.extend(tensor.format.0.to_le_bytes());
        block.extend(code.to_le_bytes());
        for len in [name.len(), dims.len(), after_aipp.len(), ranges.len()] {
            block.extend(len_u32(len)?.to_le_bytes());
        }
        block.extend(name.bytes().chain(dims).chain(after_aipp).chain(ranges));
    }
    Ok(block)
}

/// Appends a block, unless it has no entries.
fn put_block(bytes: &mut Vec<u8>, tag: u32, entries: usize, block: &[u8]) -> Result<()> {
    if entries > 0 {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(len_u32(block.len() + 4)?.to_le_bytes());
        bytes.extend(len_u32(entries)?.to_le_bytes());
        bytes.extend(block);
    }
    Ok(())
}

fn u64_bytes(numbers: &[u64]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn len_u32(len: usize) -> Result<u32> {
    u32::try_from(len)
        .map_err(|_| Error::invalid("a list of inputs, outputs or gears is longer than 4 GiB"))
}

//! Preprocessing of pictures: what a configuration asks for, checked against the model.

use ascend_graph::om::{AIPP_PARAMETERS, Aipp, Format, InOut, InputAipp, IoTensor};
use ascend_graph::{DataType, Gears};

use super::error::CompileError;
use crate::aipp::{Geometry, MOST_WIDTH, Process, block_bytes};

/// Turns inputs into pictures, and adds the inputs that take parameters. Gears come after this.
pub(super) fn apply(
    io: &mut InOut,
    ops: &[Aipp],
    gears: &Gears,
) -> Result<Vec<InputAipp>, CompileError> {
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<InputAipp> = Vec::new();
    for op in ops {
        let input = related_input(io, op)?;
        let name = &io.inputs[input].name;
        let refused =
            |why: String| CompileError::invalid(format!("AIPP of input `{name}`: {why} (E10052)"));
        if found.iter().any(|other| other.input == input) {
            return Err(refused("there are two for it".into()));
        }
        let target = IoTensor {
            ranges: Vec::new(),
            ..io.inputs[input].clone()
        };
        check_target(&target, gears).map_err(refused)?;
        op.check(gears)
            .map_err(|error| CompileError::invalid(format!("input `{name}`: {error}")))?;
        if !op.dynamic {
            check_static(op, &target, gears).map_err(refused)?;
        }
        found.push(InputAipp {
            input,
            parameters: None,
            aipp: op.clone(),
            target,
        });
    }
    for (number, aipp) in found.iter_mut().enumerate() {
        let batch = most_batch(&aipp.target, gears);
        if aipp.aipp.dynamic {
            let name = match number {
                0 => AIPP_PARAMETERS.to_owned(),
                number => format!("{AIPP_PARAMETERS}_{number}"),
            };
            let bytes = i64::try_from(block_bytes(batch)).unwrap_or(i64::MAX);
            aipp.parameters = Some(io.inputs.len());
            io.inputs
                .push(IoTensor::new(&name, DataType::U8, Format::ND, &[bytes]));
        }
        io.inputs[aipp.input] = source(aipp, batch, gears);
    }
    Ok(found)
}

fn related_input(io: &InOut, op: &Aipp) -> Result<usize, CompileError> {
    let named = &op.related_input_name;
    let found = if named.is_empty() {
        usize::try_from(op.related_input_rank)
            .ok()
            .filter(|&rank| rank < io.inputs.len())
    } else {
        io.inputs.iter().position(|input| input.name == *named)
    };
    found.ok_or_else(|| {
        let all: Vec<_> = io.inputs.iter().map(|input| input.name.as_str()).collect();
        CompileError::invalid(format!(
            "AIPP is for input {} (`{named}`), the model has {} (E10052)",
            op.related_input_rank,
            all.join(", ")
        ))
    })
}

fn check_target(target: &IoTensor, gears: &Gears) -> Result<(), String> {
    let [_, channels, ..] = target.dims[..] else {
        return Err("the input has no channels".into());
    };
    if target.dims.len() != 4 || !matches!(channels, 1 | 3 | 4) {
        return Err(format!(
            "its shape {:?} is not that of pictures, NCHW with 1, 3 or 4 channels",
            target.dims
        ));
    }
    if !matches!(target.dtype, DataType::F32 | DataType::F16 | DataType::U8) {
        return Err(format!(
            "{} is not preprocessed, only float and uint8 are",
            target.dtype
        ));
    }
    if *gears == Gears::None && target.dims.contains(&-1) {
        return Err("its shape is free; fix it with --input-shape, or set it by gears".to_owned());
    }
    Ok(())
}

fn check_static(op: &Aipp, target: &IoTensor, gears: &Gears) -> Result<(), String> {
    let picture = op.input_format;
    let channels = usize::try_from(target.dims[1]).unwrap_or(0);
    if channels > Process::channels_of(picture, op.csc_switch) {
        return Err(format!(
            "{} does not give the {channels} channels that the model takes",
            picture.name()
        ));
    }
    if matches!(gears, Gears::Image(_)) {
        return Ok(());
    }
    let (height, width) = (target.dims[2], target.dims[3]);
    let geometry = Geometry::of_config(op, height, width)?;
    let [out_height, out_width] = geometry.output();
    if [out_height, out_width] != [height, width] {
        return Err(format!(
            "it gives {out_height} by {out_width} pixels, the model takes {height} by {width}"
        ));
    }
    if geometry.is_padded() && out_width > MOST_WIDTH {
        return Err(format!(
            "its output is {out_width} pixels wide, more than {MOST_WIDTH} with padding"
        ));
    }
    Ok(())
}

/// The largest batch that the input takes.
fn most_batch(target: &IoTensor, gears: &Gears) -> u64 {
    match (u64::try_from(target.dims[0]), gears) {
        (Ok(batch), _) => batch,
        (Err(_), Gears::Batch(sizes)) => sizes.iter().copied().max().unwrap_or(1),
        (Err(_), _) => 1,
    }
}

/// The input that takes pictures in place of what the network takes.
fn source(aipp: &InputAipp, most_batch: u64, gears: &Gears) -> IoTensor {
    let (op, target) = (&aipp.aipp, &aipp.target);
    let side = |set: i32, own: i64| {
        if set > 0 && !op.dynamic {
            set.into()
        } else {
            own
        }
    };
    let [batch, channels, height, width] = target.dims[..] else {
        return target.clone();
    };
    let (height, width) = (
        side(op.src_image_size_h, height),
        side(op.src_image_size_w, width),
    );
    let dims = [batch, height, width, channels];
    let mut source = IoTensor::new(&target.name, DataType::U8, Format::NHWC, &dims);
    if op.dynamic {
        source.bytes = u64::try_from(op.max_src_image_size).unwrap_or(0);
        return source;
    }
    source.dims_after_aipp = op.input_format.byte_dims(batch, height, width);
    let sizes = match gears {
        Gears::Image(sizes) => sizes.clone(),
        _ => vec![[height, width].map(|side| u64::try_from(side).unwrap_or(0))],
    };
    let bytes = sizes.iter().filter_map(|&[height, width]| {
        op.input_format
            .bytes(height, width)?
            .checked_mul(most_batch)
    });
    source.bytes = bytes.max().unwrap_or(0);
    source
}

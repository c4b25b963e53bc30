//! Shapes that are chosen at run time: gears and ranges.

use ascend_sys::*;

use super::description::{MAX_COUNT, copy, iodims};
use super::pointers::{Place, handle};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::{Choice, Side};

pub(super) unsafe fn aclmdlGetDynamicBatch(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    batch: *mut aclmdlBatch,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("batch", batch) }?;
    let described = call.described(handle("modelDesc", desc)?)?;
    let gears = &described.info.io.batch_gears;
    let mut answer = aclmdlBatch {
        batchCount: gears.len(),
        batch: [0; MAX_COUNT],
    };
    copy(gears, &mut answer.batch)?;
    place.set(answer);
    Ok(())
}

/// The index is not looked at: there is one list for all inputs together.
pub(super) unsafe fn aclmdlGetDynamicHW(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    _index: usize,
    sizes: *mut aclmdlHW,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("hw", sizes) }?;
    let described = call.described(handle("modelDesc", desc)?)?;
    let gears: Result<Vec<[u64; 2]>, Fault> =
        described.info.io.image_gears.iter().map(pair).collect();
    let gears = gears?;
    let mut answer = aclmdlHW {
        hwCount: gears.len(),
        hw: [[0; 2]; MAX_COUNT],
    };
    copy(&gears, &mut answer.hw)?;
    place.set(answer);
    Ok(())
}

fn pair(gear: &Vec<u64>) -> Result<[u64; 2], Fault> {
    <[u64; 2]>::try_from(gear.as_slice()).map_err(|_| {
        let text = format!("image size {gear:?} is not a height and a width");
        Fault::new(ACL_ERROR_GE_FAILURE, text)
    })
}

/// The index must be −1, which stands for all inputs together.
pub(super) unsafe fn aclmdlGetInputDynamicGearCount(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    count: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("gearCount", count) }?;
    let described = call.described(handle("modelDesc", desc)?)?;
    if index != usize::MAX {
        return Err(Fault::argument(format!("index is {index}, it must be -1")));
    }
    place.set(described.info.io.dims_gears.len());
    Ok(())
}

/// None for gears; the extent itself where it is fixed.
pub(super) unsafe fn aclmdlGetInputDimsRange(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    ranges: *mut aclmdlIODimsRange,
) -> Result<(), Fault> {
    let desc = handle("modelDesc", desc)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("dimsRange", ranges) }?;
    let described = call.described_tensor(desc, Side::Input, index)?;
    let mut answer = aclmdlIODimsRange {
        rangeCount: 0,
        range: [[0; 2]; MAX_COUNT],
    };
    if !described.info.has_gears() {
        let tensor = &described.info.inputs[index].tensor;
        let range = |(axis, &dim): (usize, &i64)| match tensor.ranges.get(axis) {
            _ if dim >= 0 => [dim, dim],
            Some(range) => *range,
            None => [1, -1],
        };
        let ranges: Vec<_> = tensor.dims.iter().enumerate().map(range).collect();
        answer.rangeCount = ranges.len();
        copy(&ranges, &mut answer.range)?;
    }
    place.set(answer);
    Ok(())
}

/// The shapes of all named inputs together, in each gear.
pub(super) unsafe fn aclmdlGetInputDynamicDims(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    dims: *mut aclmdlIODims,
    count: usize,
) -> Result<(), Fault> {
    let desc = handle("modelDesc", desc)?;
    present("dims", dims)?;
    let described = call.described(desc)?;
    if index != usize::MAX {
        return Err(Fault::argument(format!("index is {index}, it must be -1")));
    }
    let gears = described.info.io.dims_gears.len();
    if count < gears {
        return Err(Fault::argument(format!(
            "there are {gears} gears, room for {count} was given"
        )));
    }
    let shapes = (0..gears).map(|gear| {
        let shape = described.info.gear_shapes(gear);
        iodims(&shape, c"").map_err(|fault| Fault::new(ACL_ERROR_FAILURE, fault.text))
    });
    let shapes = shapes.collect::<Result<Vec<_>, Fault>>()?;
    for (gear, shape) in shapes.into_iter().enumerate() {
        // SAFETY: the C function demands room for `count` shapes, which are no fewer than these.
        let address = unsafe { dims.add(gear) };
        // SAFETY: as above.
        unsafe { address.write(shape) };
    }
    Ok(())
}

pub(super) unsafe fn aclmdlSetDynamicBatchSize(
    call: &Entry<'_>,
    id: u32,
    dataset: *mut aclmdlDataset,
    index: usize,
    batch: u64,
) -> Result<(), Fault> {
    let dataset = handle("dataset", dataset)?;
    call.choose_gear(id, dataset, index, &Choice::Batch(batch))
}

pub(super) unsafe fn aclmdlSetDynamicHWSize(
    call: &Entry<'_>,
    id: u32,
    dataset: *mut aclmdlDataset,
    index: usize,
    height: u64,
    width: u64,
) -> Result<(), Fault> {
    let dataset = handle("dataset", dataset)?;
    call.choose_gear(id, dataset, index, &Choice::Image(height, width))
}

pub(super) unsafe fn aclmdlSetInputDynamicDims(
    call: &Entry<'_>,
    id: u32,
    dataset: *mut aclmdlDataset,
    index: usize,
    dims: *const aclmdlIODims,
) -> Result<(), Fault> {
    let dataset = handle("dataset", dataset)?;
    present("dims", dims)?;
    // SAFETY: the C function demands readable dims.
    let dims = unsafe { &*dims };
    let shape = dims.dims.get(..dims.dimCount).ok_or_else(|| {
        Fault::argument(format!(
            "dimCount is {}, more than {MAX_COUNT}",
            dims.dimCount
        ))
    })?;
    call.choose_gear(id, dataset, index, &Choice::Dims(shape))
}

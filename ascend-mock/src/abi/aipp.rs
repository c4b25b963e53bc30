//! Preprocessing of pictures before a model.

use ascend_sys::*;
use half::f16;

use super::description::iodims;
use super::pointers::{Place, handle, opaque};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::{Info, Side, aipp_kind, fill, parameter_bytes, static_aipp};

pub(super) unsafe fn aclmdlCreateAIPP(
    call: &Entry<'_>,
    batch: u64,
) -> Result<*mut aclmdlAIPP, Fault> {
    Ok(opaque(call.create_parameters(batch)?))
}

pub(super) unsafe fn aclmdlDestroyAIPP(
    call: &Entry<'_>,
    set: *const aclmdlAIPP,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    call.world.aipp_parameters.remove(set).map(|_| ())
}

pub(super) unsafe fn aclmdlGetAippDataSize(
    _call: &Entry<'_>,
    batch: u64,
    size: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("size", size) }?;
    place.set(parameter_bytes(batch)?);
    Ok(())
}

/// The model's information, if it has an input `index`.
fn info_of(call: &Entry<'_>, id: u32, index: usize) -> Result<std::sync::Arc<Info>, Fault> {
    let info = std::sync::Arc::clone(&call.world.models.get(id)?.info);
    let count = info.inputs.len();
    if index >= count {
        return Err(Fault::argument(format!(
            "the model has {count} inputs, no input {index}"
        )));
    }
    Ok(info)
}

pub(super) unsafe fn aclmdlGetAippType(
    call: &Entry<'_>,
    id: u32,
    index: usize,
    kind: *mut aclmdlInputAippType,
    attached: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let kind = unsafe { Place::new("type", kind) }?;
    // SAFETY: as above.
    let attached = unsafe { Place::new("dynamicAttachedDataIndex", attached) }?;
    let answer = aipp_kind(&*info_of(call, id, index)?, index);
    kind.set(answer.0);
    attached.set(answer.1);
    Ok(())
}

pub(super) unsafe fn aclmdlGetFirstAippInfo(
    call: &Entry<'_>,
    id: u32,
    index: usize,
    place: *mut aclAippInfo,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("aippInfo", place) }?;
    let info = info_of(call, id, index)?;
    let found = static_aipp(&info, index)?;
    let (op, target) = (&found.aipp, &found.target);
    let gears = info.gears.len().max(1);
    let mut answer = Box::new(aclAippInfo {
        inputFormat: aclAippInputFormat(op.input_format.code().cast_unsigned()),
        srcImageSizeW: op.src_image_size_w,
        srcImageSizeH: op.src_image_size_h,
        cropSwitch: op.crop.into(),
        loadStartPosW: op.load_start_pos_w,
        loadStartPosH: op.load_start_pos_h,
        cropSizeW: op.crop_size_w,
        cropSizeH: op.crop_size_h,
        resizeSwitch: op.resize.into(),
        resizeOutputW: op.resize_output_w,
        resizeOutputH: op.resize_output_h,
        paddingSwitch: op.padding.into(),
        leftPaddingSize: op.left_padding_size,
        rightPaddingSize: op.right_padding_size,
        topPaddingSize: op.top_padding_size,
        bottomPaddingSize: op.bottom_padding_size,
        cscSwitch: op.csc_switch.into(),
        rbuvSwapSwitch: op.rbuv_swap_switch.into(),
        axSwapSwitch: op.ax_swap_switch.into(),
        singleLineMode: op.single_line_mode.into(),
        matrixR0C0: op.matrix[0],
        matrixR0C1: op.matrix[1],
        matrixR0C2: op.matrix[2],
        matrixR1C0: op.matrix[3],
        matrixR1C1: op.matrix[4],
        matrixR1C2: op.matrix[5],
        matrixR2C0: op.matrix[6],
        matrixR2C1: op.matrix[7],
        matrixR2C2: op.matrix[8],
        outputBias0: op.output_bias[0],
        outputBias1: op.output_bias[1],
        outputBias2: op.output_bias[2],
        inputBias0: op.input_bias[0],
        inputBias1: op.input_bias[1],
        inputBias2: op.input_bias[2],
        meanChn0: op.mean_chn[0],
        meanChn1: op.mean_chn[1],
        meanChn2: op.mean_chn[2],
        meanChn3: op.mean_chn[3],
        minChn0: op.min_chn[0],
        minChn1: op.min_chn[1],
        minChn2: op.min_chn[2],
        minChn3: op.min_chn[3],
        varReciChn0: op.var_reci_chn[0],
        varReciChn1: op.var_reci_chn[1],
        varReciChn2: op.var_reci_chn[2],
        varReciChn3: op.var_reci_chn[3],
        srcFormat: aclFormat(target.format.0),
        srcDatatype: aclDataType(target.dtype.acl_code().unwrap_or(-1)),
        srcDimNum: target.dims.len(),
        shapeCount: gears,
        ..aclAippInfo::default()
    });
    for (gear, dims) in answer.outDims.iter_mut().enumerate().take(gears) {
        let values = info.gear_values(gear);
        let source = &info.tensors(Side::Input)[index].tensor;
        let source_dims = fill(&source.dims, &values[index]);
        let out_dims = fill(&target.dims, &values[index]);
        let (height, width) = (source_dims[1], source_dims[2]);
        let bytes = op.input_format.byte_dims(source_dims[0], height, width);
        dims.srcSize = product(&bytes);
        dims.srcDims = iodims(&source_dims, c"")?;
        let element = target.dtype.bytes_of(1).unwrap_or(0);
        dims.aippOutSize = product(&out_dims).saturating_mul(usize::try_from(element).unwrap_or(0));
        dims.aippOutdims = iodims(&out_dims, c"")?;
    }
    place.set(*answer);
    Ok(())
}

fn product(dims: &[i64]) -> usize {
    let product = dims.iter().try_fold(1_usize, |product, &dim| {
        product.checked_mul(usize::try_from(dim).ok()?)
    });
    product.unwrap_or(0)
}

/// Switches are 0 or 1.
fn switch(name: &str, value: i8) -> Result<i8, Fault> {
    if !matches!(value, 0 | 1) {
        return Err(Fault::argument(format!("{name} is {value}, not 0 or 1")));
    }
    Ok(value)
}

pub(super) unsafe fn aclmdlSetAIPPAxSwapSwitch(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    axSwapSwitch: i8,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("axSwapSwitch", axSwapSwitch)?;
    call.change_parameters(set, |parameters| {
        parameters.ax_swap = value;
        Ok(())
    })
}

pub(super) unsafe fn aclmdlSetAIPPRbuvSwapSwitch(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    rbuvSwapSwitch: i8,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("rbuvSwapSwitch", rbuvSwapSwitch)?;
    call.change_parameters(set, |parameters| {
        parameters.rbuv_swap = value;
        Ok(())
    })
}

pub(super) unsafe fn aclmdlSetAIPPInputFormat(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    format: aclAippInputFormat,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let known = 1..=aclAippInputFormat::ACL_RAW24.0;
    let code = u8::try_from(format.0).ok();
    let code = code
        .filter(|_| known.contains(&format.0))
        .ok_or_else(|| Fault::argument(format!("{} is no picture format", format.0)))?;
    call.change_parameters(set, |parameters| {
        parameters.format = code;
        Ok(())
    })
}

pub(super) unsafe fn aclmdlSetAIPPSrcImageSize(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    width: i32,
    height: i32,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    if !(2..=4096).contains(&width) || !(1..=4096).contains(&height) {
        return Err(Fault::argument(format!(
            "a source picture of {width} by {height}; the width is 2 to 4096, the height 1 to 4096"
        )));
    }
    call.change_parameters(set, |parameters| {
        parameters.source = [width, height];
        Ok(())
    })
}

pub(super) unsafe fn aclmdlSetAIPPCscParams(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    cscSwitch: i8,
    r0c0: i16,
    r0c1: i16,
    r0c2: i16,
    r1c0: i16,
    r1c1: i16,
    r1c2: i16,
    r2c0: i16,
    r2c1: i16,
    r2c2: i16,
    output0: u8,
    output1: u8,
    output2: u8,
    input0: u8,
    input1: u8,
    input2: u8,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("cscSwitch", cscSwitch)?;
    call.change_parameters(set, |parameters| {
        parameters.csc = value;
        parameters.matrix = [r0c0, r0c1, r0c2, r1c0, r1c1, r1c2, r2c0, r2c1, r2c2];
        parameters.output_bias = [output0, output1, output2];
        parameters.input_bias = [input0, input1, input2];
        Ok(())
    })
}

pub(super) unsafe fn aclmdlSetAIPPCropParams(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    cropSwitch: i8,
    column: i32,
    row: i32,
    width: i32,
    height: i32,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("cropSwitch", cropSwitch)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.crop = value;
        entries.crop_area = [column, row, width, height];
    })
}

pub(super) unsafe fn aclmdlSetAIPPScfParams(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    scfSwitch: i8,
    input_width: i32,
    input_height: i32,
    output_width: i32,
    output_height: i32,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("scfSwitch", scfSwitch)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.scale = value;
        entries.scale_sizes = [input_width, input_height, output_width, output_height];
    })
}

pub(super) unsafe fn aclmdlSetAIPPPaddingParams(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    paddingSwitch: i8,
    top: i32,
    bottom: i32,
    left: i32,
    right: i32,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    let value = switch("paddingSwitch", paddingSwitch)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.padding = value;
        entries.padding_sizes = [top, bottom, left, right];
    })
}

pub(super) unsafe fn aclmdlSetAIPPDtcPixelMean(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    mean0: i16,
    mean1: i16,
    mean2: i16,
    mean3: i16,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.mean = [mean0, mean1, mean2, mean3];
    })
}

pub(super) unsafe fn aclmdlSetAIPPDtcPixelMin(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    min0: f32,
    min1: f32,
    min2: f32,
    min3: f32,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.min = [min0, min1, min2, min3].map(f16::from_f32);
    })
}

pub(super) unsafe fn aclmdlSetAIPPPixelVarReci(
    call: &Entry<'_>,
    set: *mut aclmdlAIPP,
    var0: f32,
    var1: f32,
    var2: f32,
    var3: f32,
    batchIndex: u64,
) -> Result<(), Fault> {
    let set = handle("aippParmsSet", set)?;
    call.change_entries(set, batchIndex, |entries| {
        entries.var_reci = [var0, var1, var2, var3].map(f16::from_f32);
    })
}

pub(super) unsafe fn aclmdlSetInputAIPP(
    call: &Entry<'_>,
    id: u32,
    dataset: *mut aclmdlDataset,
    index: usize,
    set: *const aclmdlAIPP,
) -> Result<(), Fault> {
    let (dataset, set) = (handle("dataset", dataset)?, handle("aippParmsSet", set)?);
    call.set_parameters(id, dataset, index, false, set)
}

pub(super) unsafe fn aclmdlSetAIPPByInputIndex(
    call: &Entry<'_>,
    id: u32,
    dataset: *mut aclmdlDataset,
    index: usize,
    set: *const aclmdlAIPP,
) -> Result<(), Fault> {
    let (dataset, set) = (handle("dataset", dataset)?, handle("aippParmsSet", set)?);
    call.set_parameters(id, dataset, index, true, set)
}

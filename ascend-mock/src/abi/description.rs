//! What models say of themselves.

use std::ffi::*;
use std::ptr;
use std::sync::Arc;

use ascend_sys::*;

use super::model::{file, memory};
use super::pointers::{Place, handle, opaque, text};
use crate::entry::{Entry, Otherwise, present};
use crate::fault::Fault;
use crate::model::{Described, ORIGINS, Side, TensorInfo};
use crate::sync::lock;

/// Of the arrays in C's structures.
pub(super) const MAX_COUNT: usize = 128;

pub(super) unsafe fn aclmdlCreateDesc(call: &Entry<'_>) -> Result<*mut aclmdlDesc, Fault> {
    Ok(opaque(call.create_description()))
}

pub(super) unsafe fn aclmdlDestroyDesc(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
) -> Result<(), Fault> {
    let desc = handle("modelDesc", desc)?;
    call.world.descriptions.remove(desc).map(|_| ())
}

pub(super) unsafe fn aclmdlGetDesc(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
    id: u32,
) -> Result<(), Fault> {
    let desc = call.world.descriptions.get(handle("modelDesc", desc)?)?;
    let model = call.world.models.get(id)?;
    desc.set(Arc::clone(&model.info), id);
    Ok(())
}

pub(super) unsafe fn aclmdlGetDescFromFile(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
    path: *const c_char,
) -> Result<(), Fault> {
    let desc = handle("modelDesc", desc)?;
    // SAFETY: the C function demands a text.
    let source = unsafe { file(path) }?;
    let desc = call.world.descriptions.get(desc)?;
    desc.set(Arc::new(source.info()?), 0);
    Ok(())
}

pub(super) unsafe fn aclmdlGetDescFromMem(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
    model: *const c_void,
    bytes: usize,
) -> Result<(), Fault> {
    let desc = handle("modelDesc", desc)?;
    // SAFETY: the C function demands `bytes` readable bytes.
    let source = unsafe { memory(model, bytes) }?;
    let desc = call.world.descriptions.get(desc)?;
    desc.set(Arc::new(source.info()?), 0);
    Ok(())
}

pub(super) unsafe fn aclmdlGetNumInputs(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
) -> Result<usize, Fault> {
    let described = call.described(handle("modelDesc", desc)?)?;
    Ok(described.info.inputs.len())
}

pub(super) unsafe fn aclmdlGetNumOutputs(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
) -> Result<usize, Fault> {
    let described = call.described(handle("modelDesc", desc)?)?;
    Ok(described.info.outputs.len())
}

/// A fact of the tensor at `index`.
fn tensor_fact<R>(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    (side, index): (Side, usize),
    fact: impl FnOnce(&TensorInfo) -> R,
) -> Result<R, Fault> {
    let described = call.described_tensor(handle("modelDesc", desc)?, side, index)?;
    Ok(fact(&described.info.tensors(side)[index]))
}

/// Functions that answer one fact of the tensor at an index, and `$otherwise` out of range (R-243,
///
macro_rules! tensor_facts {
    ($($symbol:ident($($pointer:tt)+) -> $kind:ty: $side:ident, $otherwise:expr, $fact:expr;)*) => {$(
        pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            desc: $($pointer)+ aclmdlDesc,
            index: usize,
        ) -> Otherwise<$kind> {
            Otherwise(tensor_fact(call, desc, (Side::$side, index), $fact), $otherwise)
        }
    )*};
}

tensor_facts! {
    aclmdlGetInputSizeByIndex(*mut) -> usize: Input, 0, TensorInfo::bytes;
    aclmdlGetOutputSizeByIndex(*mut) -> usize: Output, 0, TensorInfo::bytes;
    aclmdlGetInputNameByIndex(*const) -> *const c_char: Input, c"".as_ptr(), |info| info.name.as_ptr();
    aclmdlGetOutputNameByIndex(*const) -> *const c_char: Output, c"".as_ptr(), |info| info.name.as_ptr();
    aclmdlGetInputFormat(*const) -> aclFormat: Input, aclFormat::ACL_FORMAT_UNDEFINED, TensorInfo::format;
    aclmdlGetOutputFormat(*const) -> aclFormat: Output, aclFormat::ACL_FORMAT_UNDEFINED, TensorInfo::format;
    aclmdlGetInputDataType(*const) -> aclDataType: Input, aclDataType::ACL_DT_UNDEFINED, TensorInfo::data_type;
    aclmdlGetOutputDataType(*const) -> aclDataType: Output, aclDataType::ACL_DT_UNDEFINED, TensorInfo::data_type;
}

/// Writes the shape of the tensor at `index`, and its name.
///
/// # Safety
///
/// `place` is NULL, or a place for the answer.
unsafe fn put_dims(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    (side, index): (Side, usize),
    place: *mut aclmdlIODims,
    dims: impl FnOnce(&Described) -> Vec<i64>,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("dims", place) }?;
    let described = call.described_tensor(handle("modelDesc", desc)?, side, index)?;
    let dims = dims(&described);
    place.set(iodims(&dims, &described.dims_name(side, index))?);
    Ok(())
}

/// A shape as C has it.
pub(super) fn iodims(dims: &[i64], name: &CStr) -> Result<aclmdlIODims, Fault> {
    let mut answer = aclmdlIODims {
        name: [0; MAX_COUNT],
        dimCount: dims.len(),
        dims: [0; MAX_COUNT],
    };
    copy(dims, &mut answer.dims)?;
    for (to, from) in answer.name.iter_mut().zip(name.to_bytes()) {
        *to = c_char::from_ne_bytes([*from]);
    }
    Ok(answer)
}

/// Copies to the start of C's array (300000 if it is too short).
pub(super) fn copy<T: Copy>(from: &[T], to: &mut [T]) -> Result<(), Fault> {
    let len = to.len();
    let to = to.get_mut(..from.len()).ok_or_else(|| {
        let count = from.len();
        let text = format!("{count} values do not fit into C's array of {len}");
        Fault::new(ACL_ERROR_STORAGE_OVER_LIMIT, text)
    })?;
    to.copy_from_slice(from);
    Ok(())
}

pub(super) unsafe fn aclmdlGetInputDims(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    dims: *mut aclmdlIODims,
) -> Result<(), Fault> {
    let tensor = (Side::Input, index);
    // SAFETY: the C function demands it.
    unsafe {
        put_dims(call, desc, tensor, dims, |described| {
            described.info.inputs[index].tensor.dims.clone()
        })
    }
}

pub(super) unsafe fn aclmdlGetInputDimsV2(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    dims: *mut aclmdlIODims,
) -> Result<(), Fault> {
    let tensor = (Side::Input, index);
    // SAFETY: the C function demands it.
    unsafe {
        put_dims(call, desc, tensor, dims, |described| {
            described.info.inputs[index].tensor.dims_after_aipp.clone()
        })
    }
}

pub(super) unsafe fn aclmdlGetOutputDims(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    dims: *mut aclmdlIODims,
) -> Result<(), Fault> {
    let tensor = (Side::Output, index);
    // SAFETY: the C function demands it.
    unsafe {
        put_dims(call, desc, tensor, dims, |described| {
            described.info.outputs[index].tensor.dims.clone()
        })
    }
}

/// Needs the loaded model, and shapes that are not free.
pub(super) unsafe fn aclmdlGetCurOutputDims(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    index: usize,
    dims: *mut aclmdlIODims,
) -> Result<(), Fault> {
    let tensor = (Side::Output, index);
    let described = call.described_tensor(handle("modelDesc", desc)?, tensor.0, index)?;
    let gear = *lock(&call.world.models.get(described.model)?.gear);
    if described.info.has_free_shapes() {
        return Err(Fault::new(
            ACL_ERROR_API_NOT_SUPPORT,
            "shapes are free; ask the output dataset with aclmdlGetDatasetTensorDesc",
        ));
    }
    // SAFETY: the C function demands it.
    unsafe {
        put_dims(call, desc, tensor, dims, |described| {
            let info = &described.info;
            let in_gear = gear.and_then(|gear| info.io.gear_output_dims(gear, index));
            in_gear.unwrap_or_else(|| info.outputs[index].tensor.dims.clone())
        })
    }
}

/// # Safety
///
/// The pointers are NULL, or a text that ends with a zero byte and a place for the answer.
unsafe fn put_index(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    side: Side,
    name: *const c_char,
    index: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: the caller vouches for it.
    let name = unsafe { text("name", name) }?;
    // SAFETY: the caller vouches for it.
    let place = unsafe { Place::new("index", index) }?;
    let described = call.described(handle("modelDesc", desc)?)?;
    place.set(described.info.index(side, name)?);
    Ok(())
}

pub(super) unsafe fn aclmdlGetInputIndexByName(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    name: *const c_char,
    index: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { put_index(call, desc, Side::Input, name, index) }
}

pub(super) unsafe fn aclmdlGetOutputIndexByName(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    name: *const c_char,
    index: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: the C function demands it.
    unsafe { put_index(call, desc, Side::Output, name, index) }
}

/// The text lives as long as the description holds this model; "" for an unknown name.
pub(super) unsafe fn aclmdlGetTensorRealName(
    call: &Entry<'_>,
    desc: *const aclmdlDesc,
    name: *const c_char,
) -> Otherwise<*const c_char> {
    // SAFETY: the C function demands a text.
    let real = unsafe { text("name", name) }.and_then(|name| {
        let described = call.described(handle("modelDesc", desc)?)?;
        let real = described.real_name(name).map(CStr::as_ptr);
        real.ok_or_else(|| Fault::argument(format!("the model has no tensor named {name:?}")))
    });
    Otherwise(real, c"".as_ptr())
}

/// Of tasks that failed last, where it was an operator that did.
pub(super) unsafe fn aclmdlCreateAndGetOpDesc(
    call: &Entry<'_>,
    device: u32,
    stream: u32,
    task: u32,
    name: *mut c_char,
    name_bytes: usize,
    inputs: *mut *mut aclTensorDesc,
    input_count: *mut usize,
    outputs: *mut *mut aclTensorDesc,
    output_count: *mut usize,
) -> Result<(), Fault> {
    present("opName", name)?;
    present("inputDesc", inputs)?;
    present("numInputs", input_count)?;
    present("outputDesc", outputs)?;
    present("numOutputs", output_count)?;
    call.context()?;
    let told = call.failed_operator((device, stream, task))?;
    let text = told.name.as_bytes_with_nul();
    if text.len() > name_bytes {
        return Err(Fault::argument(format!(
            "opNameLen is {name_bytes}, the name takes {}",
            text.len()
        )));
    }
    // SAFETY: the C function demands `name_bytes` of memory there, which are enough.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr(), name.cast::<u8>(), text.len()) };
    let put = |descs: *mut *mut aclTensorDesc, count: *mut usize, (first, length): (u64, usize)| {
        // SAFETY: the C function demands places for both.
        unsafe { descs.write(opaque(first)) };
        // SAFETY: as above.
        unsafe { count.write(length) };
    };
    put(inputs, input_count, told.inputs);
    put(outputs, output_count, told.outputs);
    Ok(())
}

/// The one attribute that operators tell; needs the loaded model.
pub(super) unsafe fn aclmdlGetOpAttr(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
    op: *const c_char,
    attribute: *const c_char,
) -> Otherwise<*const c_char> {
    // SAFETY: the C function demands texts.
    let answer = unsafe { op_attribute(call, desc, op, attribute) };
    Otherwise(answer, c"".as_ptr())
}

/// # Safety
///
/// The names are NULL, or texts that end with a zero byte.
unsafe fn op_attribute(
    call: &Entry<'_>,
    desc: *mut aclmdlDesc,
    op: *const c_char,
    attribute: *const c_char,
) -> Result<*const c_char, Fault> {
    let desc = handle("modelDesc", desc)?;
    // SAFETY: the caller vouches for it.
    let op = unsafe { text("opName", op) }?;
    // SAFETY: the caller vouches for it.
    let attribute = unsafe { text("attr", attribute) }?;
    let described = call.described(desc)?;
    call.world.models.get(described.model)?;
    if attribute != ORIGINS {
        return Err(Fault::argument(format!(
            "{attribute:?} is not told of operators"
        )));
    }
    let names = described.info.origins(&op.to_string_lossy());
    let names = names.ok_or_else(|| Fault::argument(format!("no names are known for {op:?}")))?;
    Ok(names.as_ptr())
}

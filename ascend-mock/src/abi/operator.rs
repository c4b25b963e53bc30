//! Single operators.

mod attr;

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;

use ascend_sys::*;

pub(super) use attr::*;

use super::pointers::{array, handle, number, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::ledger::Kind;
use crate::operator::{Tensors, not_found};

/// A count of C's, which may have a sign.
fn count(name: &str, count: c_int) -> Result<usize, Fault> {
    usize::try_from(count).map_err(|_| Fault::argument(format!("{name} is {count}")))
}

/// The handles in an array; refuses NULL among them.
///
/// # Safety
///
/// The array is NULL, or has `count` elements.
unsafe fn handles<T>(
    name: &str,
    array_of: *const *const T,
    count: usize,
) -> Result<Vec<u64>, Fault> {
    // SAFETY: the caller vouches for the array.
    let elements = unsafe { array(name, array_of, count) }?;
    let elements = elements.into_iter().enumerate();
    elements
        .map(|(index, element)| handle(&format!("{name}[{index}]"), element))
        .collect()
}

/// One side of an operator: descriptions, and buffers where the function takes some.
///
/// # Safety
///
/// Each array is NULL, or has `number` elements.
pub(super) unsafe fn side(
    name: &str,
    number: c_int,
    descs: *const *const aclTensorDesc,
    buffers: Option<*const *const aclDataBuffer>,
) -> Result<Tensors, Fault> {
    let number = count(name, number)?;
    // SAFETY: the caller vouches for the arrays.
    let descs = unsafe { handles("desc", descs, number) }?;
    let buffers = match buffers {
        // SAFETY: as above.
        Some(buffers) => unsafe { handles("buffers", buffers, number) }?,
        None => Vec::new(),
    };
    Ok(Tensors { descs, buffers })
}

/// Checks the attributes of a call, which may be none.
pub(super) fn check_attr(call: &Entry<'_>, attr: *const aclopAttr) -> Result<(), Fault> {
    if !attr.is_null() {
        call.world.operators.attrs.get(number(attr))?;
    }
    Ok(())
}

pub(super) unsafe fn aclopCast(
    call: &Entry<'_>,
    srcDesc: *const aclTensorDesc,
    srcBuffer: *const aclDataBuffer,
    dstDesc: *const aclTensorDesc,
    dstBuffer: *mut aclDataBuffer,
    _truncate: u8,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    let inputs = Tensors {
        descs: vec![handle("srcDesc", srcDesc)?],
        buffers: vec![handle("srcBuffer", srcBuffer)?],
    };
    let outputs = Tensors {
        descs: vec![handle("dstDesc", dstDesc)?],
        buffers: vec![handle("dstBuffer", dstBuffer)?],
    };
    call.execute_operator(c"Cast", &inputs, &outputs)
}

pub(super) unsafe fn aclopCreateHandle(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    opAttr: *const aclopAttr,
    handle: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let operator = unsafe { text("opType", opType) }?;
    present("handle", handle)?;
    // SAFETY: the array is NULL, or has as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, None) }?;
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, None) }?;
    check_attr(call, opAttr)?;
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    Err(not_found(operator))
}

pub(super) unsafe fn aclopCreateHandleForCast(
    call: &Entry<'_>,
    srcDesc: *mut aclTensorDesc,
    dstDesc: *mut aclTensorDesc,
    _truncate: u8,
    place: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    present("handle", place)?;
    call.world.check_tensors(&Tensors {
        descs: vec![handle("srcDesc", srcDesc)?, handle("dstDesc", dstDesc)?],
        buffers: Vec::new(),
    })?;
    Err(not_found(c"Cast"))
}

pub(super) unsafe fn aclopCreateKernel(
    call: &Entry<'_>,
    opType: *const c_char,
    kernelId: *const c_char,
    kernelName: *const c_char,
    binData: *mut c_void,
    _binSize: c_int,
    _enginetype: aclopEngineType,
    _deallocator: aclDataDeallocator,
) -> Result<(), Fault> {
    present("opType", opType)?;
    // SAFETY: NULL, or a text that ends with a zero byte.
    let id = unsafe { text("kernelId", kernelId) }?;
    present("kernelName", kernelName)?;
    present("binData", binData)?;
    call.world.operators.add_kernel(id)
}

pub(super) unsafe fn aclopDestroyHandle(
    _call: &Entry<'_>,
    operator: *mut aclopHandle,
) -> Result<(), Fault> {
    Err(Fault::handle(
        Kind::OperatorHandle,
        handle("handle", operator)?,
    ))
}

/// No operator is found here, so no handle is one.
pub(super) unsafe fn aclopExecWithHandle(
    _call: &Entry<'_>,
    operator: *mut aclopHandle,
    numInputs: c_int,
    inputs: *const *const aclDataBuffer,
    numOutputs: c_int,
    outputs: *const *mut aclDataBuffer,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    let operator = handle("handle", operator)?;
    let (inputs_given, outputs_given) = (
        count("numInputs", numInputs)?,
        count("numOutputs", numOutputs)?,
    );
    // SAFETY: the array is NULL, or has as many elements as the caller says.
    unsafe { handles("inputs", inputs, inputs_given) }?;
    // SAFETY: as above.
    unsafe {
        handles(
            "outputs",
            outputs.cast::<*const aclDataBuffer>(),
            outputs_given,
        )
    }?;
    Err(Fault::handle(Kind::OperatorHandle, operator))
}

pub(super) unsafe fn aclopExecute(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    inputs: *const *const aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    outputs: *const *mut aclDataBuffer,
    attr: *const aclopAttr,
    _stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let operator = unsafe { text("opType", opType) }?;
    // SAFETY: the arrays are NULL, or have as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, Some(inputs)) }?;
    let outputs = outputs.cast::<*const aclDataBuffer>();
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, Some(outputs)) }?;
    check_attr(call, attr)?;
    call.execute_operator(operator, &inputs, &outputs)
}

pub(super) unsafe fn aclopExecuteV2(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *mut *mut aclTensorDesc,
    inputs: *mut *mut aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *mut *mut aclTensorDesc,
    outputs: *mut *mut aclDataBuffer,
    attr: *mut aclopAttr,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the same arguments, which this function may change and that one only reads.
    unsafe {
        aclopExecute(
            call,
            opType,
            numInputs,
            inputDesc.cast::<*const aclTensorDesc>(),
            inputs.cast::<*const aclDataBuffer>(),
            numOutputs,
            outputDesc.cast::<*const aclTensorDesc>(),
            outputs,
            attr,
            stream,
        )
    }
}

pub(super) unsafe fn aclopInferShape(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *mut *mut aclTensorDesc,
    inputs: *mut *mut aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *mut *mut aclTensorDesc,
    attr: *mut aclopAttr,
) -> Result<(), Fault> {
    present("opType", opType)?;
    let inputDesc = inputDesc.cast::<*const aclTensorDesc>();
    let inputs = inputs.cast::<*const aclDataBuffer>();
    // SAFETY: the arrays are NULL, or have as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, Some(inputs)) }?;
    let outputDesc = outputDesc.cast::<*const aclTensorDesc>();
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, None) }?;
    check_attr(call, attr)?;
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    call.unsupported()
}

pub(super) unsafe fn aclopLoad(
    call: &Entry<'_>,
    model: *const c_void,
    modelSize: usize,
) -> Result<(), Fault> {
    present("model", model)?;
    if modelSize == 0 {
        return Err(Fault::argument("modelSize is 0"));
    }
    call.unsupported()
}

pub(super) unsafe fn aclopRegisterCompileFunc(
    call: &Entry<'_>,
    opType: *const c_char,
    func: aclopCompileFunc,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let operator = unsafe { text("opType", opType) }?;
    if func.is_none() {
        return Err(Fault::null("func"));
    }
    call.world.operators.add_selector(operator)
}

pub(super) unsafe fn aclopSetKernelArgs(
    call: &Entry<'_>,
    kernelDesc: *mut aclopKernelDesc,
    kernelId: *const c_char,
    _blockDim: u32,
    args: *const c_void,
    _argSize: u32,
) -> Result<(), Fault> {
    present("kernelDesc", kernelDesc)?;
    present("kernelId", kernelId)?;
    present("args", args)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetKernelWorkspaceSizes(
    call: &Entry<'_>,
    kernelDesc: *mut aclopKernelDesc,
    _numWorkspaces: c_int,
    workspaceSizes: *mut usize,
) -> Result<(), Fault> {
    present("kernelDesc", kernelDesc)?;
    present("workspaceSizes", workspaceSizes)?;
    call.unsupported()
}

pub(super) unsafe fn aclopSetMaxOpQueueNum(call: &Entry<'_>, maxOpNum: u64) -> Result<(), Fault> {
    call.world.operators.set_queue_length(maxOpNum)
}

pub(super) unsafe fn aclopSetModelDir(
    call: &Entry<'_>,
    modelDir: *const c_char,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let folder = unsafe { text("modelDir", modelDir) }?;
    let folder = OsStr::from_bytes(folder.to_bytes());
    call.world.operators.set_model_dir(folder)
}

pub(super) unsafe fn aclopUnregisterCompileFunc(
    call: &Entry<'_>,
    opType: *const c_char,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let operator = unsafe { text("opType", opType) }?;
    call.world.operators.remove_selector(operator)
}

pub(super) unsafe fn aclopUpdateParams(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    attr: *const aclopAttr,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let operator = unsafe { text("opType", opType) }?;
    // SAFETY: the array is NULL, or has as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, None) }?;
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, None) }?;
    check_attr(call, attr)?;
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    call.world.operators.check_selector(operator)?;
    call.unsupported()
}

pub(super) unsafe fn aclopStartDumpArgs(
    call: &Entry<'_>,
    _dumpType: u32,
    path: *const c_char,
) -> Result<(), Fault> {
    present("path", path)?;
    call.unsupported()
}

pub(super) unsafe fn aclopStopDumpArgs(call: &Entry<'_>, _dumpType: u32) -> Result<(), Fault> {
    call.unsupported()
}

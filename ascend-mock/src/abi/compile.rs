//! The compiler of single operators. It has options; it compiles nothing.

use std::ffi::*;

use ascend_sys::*;

use super::operator::{check_attr, side};
use super::pointers::{handle, number, opaque, put_text, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;

pub(super) unsafe fn aclSetCompileopt(
    call: &Entry<'_>,
    opt: aclCompileOpt,
    value: *const c_char,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let value = unsafe { text("value", value) }?;
    call.world.op_compiler.set(opt, value)
}

pub(super) unsafe fn aclGetCompileopt(
    call: &Entry<'_>,
    opt: aclCompileOpt,
    value: *mut c_char,
    length: usize,
) -> Result<(), Fault> {
    present("value", value)?;
    let set = call.compile_option(opt)?;
    // SAFETY: the C function demands as much room as the caller says.
    unsafe { put_text("value", value, length, &set) }.map_err(|fault| Fault::argument(fault.text))
}

/// The zero byte counts.
pub(super) unsafe fn aclGetCompileoptSize(
    call: &Entry<'_>,
    opt: aclCompileOpt,
) -> Result<usize, Fault> {
    Ok(call.compile_option(opt)?.len() + 1)
}

pub(super) unsafe fn aclopSetCompileFlag(
    call: &Entry<'_>,
    flag: aclOpCompileFlag,
) -> Result<(), Fault> {
    call.world.op_compiler.set_flag(flag)
}

pub(super) unsafe fn aclCreateGraphDumpOpt(
    call: &Entry<'_>,
) -> Result<*mut aclGraphDumpOption, Fault> {
    Ok(opaque(call.create_graph_dump_option()))
}

pub(super) unsafe fn aclDestroyGraphDumpOpt(
    call: &Entry<'_>,
    graphDumpOpt: *const aclGraphDumpOption,
) -> Result<(), Fault> {
    let option = handle("graphDumpOpt", graphDumpOpt)?;
    call.world
        .op_compiler
        .graph_dumps
        .remove(option)
        .map(|_| ())
}

fn check_engine(engine: aclopEngineType) -> Result<(), Fault> {
    let known = [
        aclopEngineType::ACL_ENGINE_SYS,
        aclopEngineType::ACL_ENGINE_AICORE,
        aclopEngineType::ACL_ENGINE_VECTOR,
    ];
    if !known.contains(&engine) {
        return Err(Fault::argument(format!("there is no engine {}", engine.0)));
    }
    Ok(())
}

/// An operator that the program brings has its path.
///
/// # Safety
///
/// The path is NULL, or a text that ends with a zero byte.
unsafe fn check_source(compile: aclopCompileType, path: *const c_char) -> Result<(), Fault> {
    match compile {
        aclopCompileType::ACL_COMPILE_SYS => Ok(()),
        aclopCompileType::ACL_COMPILE_UNREGISTERED => {
            // SAFETY: the caller vouches for the text.
            unsafe { text("opPath", path) }.map(|_| ())
        }
        aclopCompileType(other) => Err(Fault::argument(format!("compileFlag is {other}"))),
    }
}

pub(super) unsafe fn aclGenGraphAndDumpForOp(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    inputs: *const *const aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    outputs: *const *mut aclDataBuffer,
    attr: *const aclopAttr,
    engineType: aclopEngineType,
    graphDumpPath: *const c_char,
    graphDumpOpt: *const aclGraphDumpOption,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    unsafe { text("opType", opType) }?;
    // SAFETY: as above.
    unsafe { text("graphDumpPath", graphDumpPath) }?;
    // SAFETY: the arrays are NULL, or have as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, Some(inputs)) }?;
    let outputs = outputs.cast::<*const aclDataBuffer>();
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, Some(outputs)) }?;
    check_attr(call, attr)?;
    check_engine(engineType)?;
    if !graphDumpOpt.is_null() {
        let option = number(graphDumpOpt);
        call.world.op_compiler.graph_dumps.get(option)?;
    }
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    call.unsupported()
}

pub(super) unsafe fn aclopCompile(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    attr: *const aclopAttr,
    engineType: aclopEngineType,
    compileFlag: aclopCompileType,
    opPath: *const c_char,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    unsafe { text("opType", opType) }?;
    // SAFETY: the array is NULL, or has as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, None) }?;
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, None) }?;
    check_attr(call, attr)?;
    check_engine(engineType)?;
    // SAFETY: as the C function demands.
    unsafe { check_source(compileFlag, opPath) }?;
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    call.unsupported()
}

pub(super) unsafe fn aclopCompileAndExecute(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *const *const aclTensorDesc,
    inputs: *const *const aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *const *const aclTensorDesc,
    outputs: *const *mut aclDataBuffer,
    attr: *const aclopAttr,
    engineType: aclopEngineType,
    compileFlag: aclopCompileType,
    opPath: *const c_char,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    unsafe { text("opType", opType) }?;
    // SAFETY: the arrays are NULL, or have as many elements as the caller says.
    let inputs = unsafe { side("numInputs", numInputs, inputDesc, Some(inputs)) }?;
    let outputs = outputs.cast::<*const aclDataBuffer>();
    // SAFETY: as above.
    let outputs = unsafe { side("numOutputs", numOutputs, outputDesc, Some(outputs)) }?;
    check_attr(call, attr)?;
    check_engine(engineType)?;
    // SAFETY: as the C function demands.
    unsafe { check_source(compileFlag, opPath) }?;
    call.world.check_tensors(&inputs)?;
    call.world.check_tensors(&outputs)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclopCompileAndExecuteV2(
    call: &Entry<'_>,
    opType: *const c_char,
    numInputs: c_int,
    inputDesc: *mut *mut aclTensorDesc,
    inputs: *mut *mut aclDataBuffer,
    numOutputs: c_int,
    outputDesc: *mut *mut aclTensorDesc,
    outputs: *mut *mut aclDataBuffer,
    attr: *mut aclopAttr,
    engineType: aclopEngineType,
    compileFlag: aclopCompileType,
    opPath: *const c_char,
    stream: aclrtStream,
) -> Result<(), Fault> {
    // SAFETY: the same arguments, which this function may change and that one only reads.
    unsafe {
        aclopCompileAndExecute(
            call,
            opType,
            numInputs,
            inputDesc.cast::<*const aclTensorDesc>(),
            inputs.cast::<*const aclDataBuffer>(),
            numOutputs,
            outputDesc.cast::<*const aclTensorDesc>(),
            outputs,
            attr,
            engineType,
            compileFlag,
            opPath,
            stream,
        )
    }
}

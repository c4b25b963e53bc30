//! Profiling.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ascend_sys::*;

use super::pointers::{Place, array, handle, list, number, opaque, put_text, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::profiling::{
    Config, RECORD_SIZE, Record, Step, Subscription, Text, check_device_count, check_metrics,
    records,
};

/// The longest path and the longest value of a setting.
const MAX_TEXT: usize = 4096;

/// A text whose length is given too.
///
/// # Safety
///
/// The address is NULL, or that of a text that ends with a zero byte.
unsafe fn measured<'a>(
    name: &str,
    address: *const c_char,
    length: usize,
) -> Result<&'a CStr, Fault> {
    // SAFETY: the caller vouches for the text.
    let text = unsafe { text(name, address) }?;
    let bytes = text.to_bytes().len();
    if length == 0 || length > MAX_TEXT || length != bytes {
        return Err(Fault::argument(format!(
            "{name} has {bytes} bytes, and its length is given as {length}; 1 to {MAX_TEXT} are \
             possible"
        )));
    }
    Ok(text)
}

pub(super) unsafe fn aclprofInit(
    call: &Entry<'_>,
    profilerResultPath: *const c_char,
    length: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let path = unsafe { measured("profilerResultPath", profilerResultPath, length) }?;
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    call.world.profiling.begin(path)
}

pub(super) unsafe fn aclprofFinalize(call: &Entry<'_>) -> Result<(), Fault> {
    call.world.profiling.end()
}

pub(super) unsafe fn aclprofSetConfig(
    call: &Entry<'_>,
    configType: aclprofConfigType,
    config: *const c_char,
    configLength: usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let value = unsafe { measured("config", config, configLength) }?;
    let last = aclprofConfigType::ACL_PROF_ARGS_MAX.0;
    if configType.0 == 0 || configType.0 >= last {
        return Err(Fault::argument(format!("configType is {}", configType.0)));
    }
    let profiling = &call.world.profiling;
    profiling.set(configType.0, &value.to_string_lossy());
    Ok(())
}

pub(super) unsafe fn aclprofCreateConfig(
    call: &Entry<'_>,
    deviceIdList: *mut u32,
    deviceNums: u32,
    aicoreMetrics: aclprofAicoreMetrics,
    aicoreEvents: *const aclprofAicoreEvents,
    dataTypeConfig: u64,
) -> Result<*mut aclprofConfig, Fault> {
    let count = usize::try_from(deviceNums).unwrap_or(usize::MAX);
    check_device_count(count)?;
    check_metrics(aicoreMetrics)?;
    if !aicoreEvents.is_null() {
        return Err(Fault::argument(
            "aicoreEvents is reserved; it can be NULL only",
        ));
    }
    // SAFETY: NULL, or as many numbers as the caller says.
    let devices = unsafe { array("deviceIdList", deviceIdList.cast_const(), count) }?;
    let config = Config {
        devices,
        data: dataTypeConfig,
    };
    let configs = &call.world.profiling.configs;
    Ok(opaque(configs.insert(call.origin, |_| config).0))
}

pub(super) unsafe fn aclprofDestroyConfig(
    call: &Entry<'_>,
    profilerConfig: *const aclprofConfig,
) -> Result<(), Fault> {
    let config = handle("profilerConfig", profilerConfig)?;
    call.world.profiling.configs.remove(config).map(|_| ())
}

pub(super) unsafe fn aclprofStart(
    call: &Entry<'_>,
    profilerConfig: *const aclprofConfig,
) -> Result<(), Fault> {
    let config = handle("profilerConfig", profilerConfig)?;
    let config = call.world.profiling.configs.get(config)?;
    call.start_profiling(&config)
}

pub(super) unsafe fn aclprofStop(
    call: &Entry<'_>,
    profilerConfig: *const aclprofConfig,
) -> Result<(), Fault> {
    let config = handle("profilerConfig", profilerConfig)?;
    let config = call.world.profiling.configs.get(config)?;
    call.world.profiling.stop(&config)
}

pub(super) unsafe fn aclprofCreateSubscribeConfig(
    call: &Entry<'_>,
    timeInfoSwitch: i8,
    aicoreMetrics: aclprofAicoreMetrics,
    fd: *mut c_void,
) -> Result<*mut aclprofSubscribeConfig, Fault> {
    // SAFETY: NULL, or the address of the number of a file descriptor.
    let descriptor = unsafe { array("fd", fd.cast::<c_int>().cast_const(), 1) }?;
    check_metrics(aicoreMetrics)?;
    if !(0..=1).contains(&timeInfoSwitch) {
        return Err(Fault::argument(format!(
            "timeInfoSwitch is {timeInfoSwitch}; it can be 0 or 1"
        )));
    }
    let subscription = Subscription {
        has_times: timeInfoSwitch == 1,
        descriptor: descriptor.first().copied().unwrap_or(-1),
    };
    let subscriptions = &call.world.profiling.subscriptions;
    Ok(opaque(
        subscriptions.insert(call.origin, |_| subscription).0,
    ))
}

pub(super) unsafe fn aclprofDestroySubscribeConfig(
    call: &Entry<'_>,
    profSubscribeConfig: *const aclprofSubscribeConfig,
) -> Result<(), Fault> {
    let config = handle("profSubscribeConfig", profSubscribeConfig)?;
    call.world
        .profiling
        .subscriptions
        .remove(config)
        .map(|_| ())
}

pub(super) unsafe fn aclprofModelSubscribe(
    call: &Entry<'_>,
    modelId: u32,
    profSubscribeConfig: *const aclprofSubscribeConfig,
) -> Result<(), Fault> {
    let config = handle("profSubscribeConfig", profSubscribeConfig)?;
    let config = call.world.profiling.subscriptions.get(config)?;
    call.subscribe_to_model(modelId, &config)
}

pub(super) unsafe fn aclprofModelUnSubscribe(call: &Entry<'_>, modelId: u32) -> Result<(), Fault> {
    call.world.profiling.unsubscribe(modelId)
}

pub(super) unsafe fn aclprofCreateStepInfo(
    call: &Entry<'_>,
) -> Result<*mut aclprofStepInfo, Fault> {
    let steps = &call.world.profiling.steps;
    Ok(opaque(steps.insert(call.origin, |_| Step).0))
}

pub(super) unsafe fn aclprofDestroyStepInfo(
    call: &Entry<'_>,
    stepinfo: *mut aclprofStepInfo,
) -> Result<(), Fault> {
    let step = handle("stepinfo", stepinfo)?;
    call.world.profiling.steps.remove(step).map(|_| ())
}

/// The host's time, which is when the step is asked for.
pub(super) unsafe fn aclprofGetStepTimestamp(
    call: &Entry<'_>,
    stepInfo: *mut aclprofStepInfo,
    tag: aclprofStepTag,
    stream: aclrtStream,
) -> Result<(), Fault> {
    let step = handle("stepInfo", stepInfo)?;
    call.world.profiling.steps.get(step)?;
    let is_end = match tag {
        aclprofStepTag::ACL_STEP_START => false,
        aclprofStepTag::ACL_STEP_END => true,
        aclprofStepTag(other) => return Err(Fault::argument(format!("tag is {other}"))),
    };
    call.own_stream(number(stream))?;
    call.world.profiling.note_step(step, is_end);
    Ok(())
}

pub(super) unsafe fn aclprofGetOpDescSize(
    _call: &Entry<'_>,
    opDescSize: *mut usize,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    unsafe { Place::new("opDescSize", opDescSize) }?.set(RECORD_SIZE);
    Ok(())
}

pub(super) unsafe fn aclprofGetOpNum(
    _call: &Entry<'_>,
    opInfo: *const c_void,
    opInfoLen: usize,
    opNumber: *mut u32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("opNumber", opNumber) }?;
    // SAFETY: NULL, or as many bytes as the caller says.
    let bytes = unsafe { list("opInfo", opInfo.cast::<u8>(), opInfoLen) }?;
    let count = records(bytes)?.len();
    place.set(u32::try_from(count).map_err(Fault::internal)?);
    Ok(())
}

/// The record number `index` of those that a subscriber has read.
///
/// # Safety
///
/// The address is NULL, or that of `length` bytes.
unsafe fn record(opInfo: *const c_void, length: usize, index: u32) -> Result<Record, Fault> {
    // SAFETY: the caller vouches for the bytes.
    let bytes = unsafe { list("opInfo", opInfo.cast::<u8>(), length) }?;
    Record::read(bytes, index)
}

/// The functions that answer a number of an operator's run.
macro_rules! facts {
    ($($symbol:ident -> $fact:ty, $of:expr;)*) => {
        $(pub(super) unsafe fn $symbol(
            _call: &Entry<'_>,
            opInfo: *const c_void,
            opInfoLen: usize,
            index: u32,
        ) -> Result<$fact, Fault> {
            // SAFETY: NULL, or as many bytes as the caller says.
            let record = unsafe { record(opInfo, opInfoLen, index) }?;
            let of: fn(Record) -> $fact = $of;
            Ok(of(record))
        })*
    };
}

facts! {
    aclprofGetModelId -> usize, |record| usize::try_from(record.model).unwrap_or(0);
    aclprofGetOpDuration -> u64, |record| record.duration;
    aclprofGetOpEnd -> u64, |record| record.end;
    aclprofGetOpStart -> u64, |record| record.start;
    aclprofGetOpFlag -> aclprofSubscribeOpFlag, |_| aclprofSubscribeOpFlag::ACL_SUBSCRIBE_OP;
}

/// The one attribute is the number of an operator's thread, which records of threads alone have: no
/// operator of the CPU device is cut into threads, so that the answer is NULL.
pub(super) unsafe fn aclprofGetOpAttriValue(
    _call: &Entry<'_>,
    opInfo: *const c_void,
    opInfoLen: usize,
    index: u32,
    attri: aclprofSubscribeOpAttri,
) -> Result<*const c_char, Fault> {
    // SAFETY: NULL, or as many bytes as the caller says.
    unsafe { record(opInfo, opInfoLen, index) }?;
    Err(Fault::argument(match attri {
        aclprofSubscribeOpAttri::ACL_SUBSCRIBE_ATTRI_THREADID => format!(
            "record {index} is of an operator; only those whose flag is ACL_SUBSCRIBE_OP_THREAD have a thread"
        ),
        aclprofSubscribeOpAttri(other) => {
            format!("attri is {other}; it can be ACL_SUBSCRIBE_ATTRI_THREADID (0)")
        }
    }))
}

/// The functions that answer a text of an operator, or its length with the zero byte at its end.
macro_rules! texts {
    ($($name:ident, $length:ident, $which:expr;)*) => {
        $(
            pub(super) unsafe fn $name(
                call: &Entry<'_>,
                opInfo: *const c_void,
                opInfoLen: usize,
                index: u32,
                text: *mut c_char,
                textLen: usize,
            ) -> Result<(), Fault> {
                present("text", text)?;
                // SAFETY: NULL, or as many bytes as the caller says.
                let record = unsafe { record(opInfo, opInfoLen, index) }?;
                let found = call.world.profiling.operator_text(record, $which)?;
                // SAFETY: the caller has room for as many bytes as it says.
                unsafe { put_text("text", text, textLen, &found) }
                    .map_err(|fault| Fault::argument(fault.text))
            }

            pub(super) unsafe fn $length(
                call: &Entry<'_>,
                opInfo: *const c_void,
                opInfoLen: usize,
                index: u32,
                length: *mut usize,
            ) -> Result<(), Fault> {
                // SAFETY: NULL, or a place for the answer.
                let place = unsafe { Place::new("length", length) }?;
                // SAFETY: NULL, or as many bytes as the caller says.
                let record = unsafe { record(opInfo, opInfoLen, index) }?;
                let found = call.world.profiling.operator_text(record, $which)?;
                place.set(found.len() + 1);
                Ok(())
            }
        )*
    };
}

texts! {
    aclprofGetOpName, aclprofGetOpNameLen, Text::Name;
    aclprofGetOpType, aclprofGetOpTypeLen, Text::Type;
}

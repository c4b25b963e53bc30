//! Profiling.

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ascend_sys::*;

use super::pointers::{array, handle, number, opaque, text};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::profiling::{Config, Step, Subscription, check_device_count, check_metrics};

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
    present("fd", fd)?;
    check_metrics(aicoreMetrics)?;
    if !(0..=1).contains(&timeInfoSwitch) {
        return Err(Fault::argument(format!(
            "timeInfoSwitch is {timeInfoSwitch}; it can be 0 or 1"
        )));
    }
    let subscriptions = &call.world.profiling.subscriptions;
    Ok(opaque(
        subscriptions.insert(call.origin, |_| Subscription).0,
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
    call.world.profiling.subscriptions.get(config)?;
    call.subscribe_to_model(modelId)
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

/// No description of an operator is ever told, so that none has a size.
pub(super) unsafe fn aclprofGetOpDescSize(
    call: &Entry<'_>,
    opDescSize: *mut usize,
) -> Result<(), Fault> {
    present("opDescSize", opDescSize)?;
    call.unsupported()
}

/// The functions that answer facts of an operator's description.
macro_rules! facts {
    ($($symbol:ident($($index:ident: $number:ty),*) -> $fact:ty;)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            opInfo: *const c_void,
            _opInfoLen: usize,
            $($index: $number,)*
        ) -> Result<$fact, Fault> {
            present("opInfo", opInfo)?;
            $(let _ = $index;)*
            call.unsupported()
        })*
    };
}

facts! {
    aclprofGetModelId(index: u32) -> usize;
    aclprofGetOpAttriValue(index: u32, attri: aclprofSubscribeOpAttri) -> *const c_char;
    aclprofGetOpDuration(index: u32) -> u64;
    aclprofGetOpEnd(index: u32) -> u64;
    aclprofGetOpStart(index: u32) -> u64;
    aclprofGetOpFlag(index: u32) -> aclprofSubscribeOpFlag;
}

pub(super) unsafe fn aclprofGetOpNum(
    call: &Entry<'_>,
    opInfo: *const c_void,
    _opInfoLen: usize,
    opNumber: *mut u32,
) -> Result<(), Fault> {
    present("opInfo", opInfo)?;
    present("opNumber", opNumber)?;
    call.unsupported()
}

/// The functions that answer a text of an operator's description, or its length.
macro_rules! texts {
    ($($name:ident, $length:ident;)*) => {
        $(
            pub(super) unsafe fn $name(
                call: &Entry<'_>,
                opInfo: *const c_void,
                _opInfoLen: usize,
                _index: u32,
                text: *mut c_char,
                _textLen: usize,
            ) -> Result<(), Fault> {
                present("opInfo", opInfo)?;
                present("text", text)?;
                call.unsupported()
            }

            pub(super) unsafe fn $length(
                call: &Entry<'_>,
                opInfo: *const c_void,
                _opInfoLen: usize,
                _index: u32,
                length: *mut usize,
            ) -> Result<(), Fault> {
                present("opInfo", opInfo)?;
                present("length", length)?;
                call.unsupported()
            }
        )*
    };
}

texts! {
    aclprofGetOpName, aclprofGetOpNameLen;
    aclprofGetOpType, aclprofGetOpTypeLen;
}

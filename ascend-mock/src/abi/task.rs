//! Small tasks.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{handle, number};
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::random::{Number, Numbers, Parameter, Spread};
use crate::reduce::{self, Operation, Reduction};

fn parameter(name: &str, info: &aclrtRandomParaInfo) -> Result<Parameter, Fault> {
    let size = info.size.into();
    if !(1..=8).contains(&size) {
        return Err(Fault::argument(format!(
            "{name} has {size} bytes, 1 to 8 are taken"
        )));
    }
    let mut value = info.valueOrAddr;
    if info.isAddr != 0 {
        return Ok(Parameter::At {
            address: u64::from_le_bytes(value),
            bytes: size,
        });
    }
    value[size..].fill(0);
    Ok(Parameter::Value(value))
}

fn spread(info: &aclrtRandomNumFuncParaInfo) -> Result<Spread, Fault> {
    let parameters = &info.paramInfo;
    // SAFETY: all members are numbers and bytes, which any bits are.
    let dropout = unsafe { parameters.dropoutBitmaskInfo };
    // SAFETY: as above.
    let uniform = unsafe { parameters.uniformDisInfo };
    // SAFETY: as above.
    let normal = unsafe { parameters.normalDisInfo };
    let mean = || parameter("mean", &normal.mean);
    let deviation = || parameter("stddev", &normal.stddev);
    match info.funcType {
        aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_DROPOUT_BITMASK => {
            Ok(Spread::Dropout {
                ratio: parameter("dropoutRation", &dropout.dropoutRation)?,
            })
        }
        aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_UNIFORM_DIS => Ok(Spread::Uniform {
            min: parameter("min", &uniform.min)?,
            max: parameter("max", &uniform.max)?,
        }),
        aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_NORMAL_DIS => Ok(Spread::Normal {
            mean: mean()?,
            deviation: deviation()?,
        }),
        aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_TRUNCATED_NORMAL_DIS => {
            Ok(Spread::Truncated {
                mean: mean()?,
                deviation: deviation()?,
            })
        }
        other => Err(Fault::argument(format!(
            "{} is no spread of numbers",
            other.0
        ))),
    }
}

/// The place that a caller gives for the parameters is not needed here.
pub(super) unsafe fn aclrtRandomNumAsync(
    call: &Entry<'_>,
    taskInfo: *const aclrtRandomNumTaskInfo,
    stream: aclrtStream,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    present("taskInfo", taskInfo)?;
    // SAFETY: the C function demands a value there.
    let info = unsafe { taskInfo.read() };
    if !reserve.is_null() {
        return Err(Fault::argument("reserve must be NULL"));
    }
    let numbers = Numbers {
        number: Number::from_c(info.dataType)?,
        spread: spread(&info.randomNumFuncParaInfo)?,
        to: handle("taskInfo->randomResultAddr", info.randomResultAddr)?,
        offset: number(info.randomCounterAddr),
        seed: parameter("randomSeed", &info.randomSeed)?,
        count: parameter("randomNum", &info.randomNum)?,
    };
    call.random_in_stream(numbers, number(stream))
}

pub(super) unsafe fn aclrtReduceAsync(
    call: &Entry<'_>,
    dst: *mut c_void,
    src: *const c_void,
    count: u64,
    kind: aclrtReduceKind,
    type_: aclDataType,
    stream: aclrtStream,
    reserve: *mut c_void,
) -> Result<(), Fault> {
    let (to, from) = (handle("dst", dst)?, handle("src", src)?);
    if !reserve.is_null() {
        return Err(Fault::argument("reserve must be NULL"));
    }
    let number_type = reduce::Number::from_c(type_)?;
    let Some(operation) = Operation::from_c(kind)? else {
        return call.unsupported();
    };
    let reduction = Reduction {
        from,
        to,
        bytes: usize::try_from(count).map_err(Fault::internal)?,
        operation,
        number: number_type,
    };
    call.reduce_in_stream(reduction, number(stream))
}

//! The values that aclnn operators work on.

mod tensor;

use std::ffi::*;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ascend_sys::*;

pub(super) use tensor::*;

use super::pointers::{Place, array, number, opaque, text};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::element_size;
use crate::nnop::{self, Bools, Floats, Ints, Scalar, ScalarList, TensorList, refusal};

fn given<T>(name: &str, pointer: *const T) -> Result<u64, Fault> {
    match number(pointer) {
        0 => Err(nnop::null(name)),
        number => Ok(number),
    }
}

/// # Safety
///
/// The address is NULL, or a `T` may be written there until the C call returns.
unsafe fn place<T>(name: &str, address: *mut T) -> Result<Place<T>, Fault> {
    // SAFETY: the caller vouches for the place.
    unsafe { Place::new(name, address) }.map_err(|_| nnop::null(name))
}

/// # Safety
///
/// The address is NULL, or that of `count` values.
unsafe fn values<T: Copy>(name: &str, address: *const T, count: u64) -> Result<Vec<T>, Fault> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if address.is_null() && count > 0 {
        return Err(nnop::null(name));
    }
    // SAFETY: the caller vouches for the values.
    unsafe { array(name, address, count) }.map_err(refusal)
}

/// The functions of arrays of one element type.
macro_rules! arrays {
    ($($array:ident, $element:ty as $read:ty, $values:ident($object:ident):
        $create:ident, $destroy:ident, $size:ident;)*) => {
        $(
            pub(super) unsafe fn $create(
                call: &Entry<'_>,
                value: *const $element,
                size: u64,
            ) -> Result<*mut $array, Fault> {
                // SAFETY: NULL, or as many values as the caller says.
                let values = unsafe { values("value", value.cast::<$read>(), size) }?;
                let (handle, _) = call.world.nnop.$values.insert(call.origin, |_| $object(values));
                Ok(opaque(handle))
            }

            pub(super) unsafe fn $destroy(
                call: &Entry<'_>,
                array: *const $array,
            ) -> Result<(), Fault> {
                let array = given("array", array)?;
                call.world.nnop.$values.remove(array).map(|_| ()).map_err(refusal)
            }

            pub(super) unsafe fn $size(
                call: &Entry<'_>,
                array: *const $array,
                size: *mut u64,
            ) -> Result<(), Fault> {
                let array = given("array", array)?;
                // SAFETY: NULL, or a place for the answer.
                let place = unsafe { place("size", size) }?;
                let array = call.world.nnop.$values.get(array).map_err(refusal)?;
                place.set(array.0.len() as u64);
                Ok(())
            }
        )*
    };
}

arrays! {
    aclIntArray, i64 as i64, ints(Ints): aclCreateIntArray, aclDestroyIntArray, aclGetIntArraySize;
    aclFloatArray, f32 as f32, floats(Floats):
        aclCreateFloatArray, aclDestroyFloatArray, aclGetFloatArraySize;
    aclBoolArray, bool as u8, bools(Bools):
        aclCreateBoolArray, aclDestroyBoolArray, aclGetBoolArraySize;
}

/// The functions of lists, which own what they list.
macro_rules! lists {
    ($($list:ident of $element:ident, $lists:ident($object:ident) of $elements:ident:
        $create:ident, $destroy:ident by $end:ident, $size:ident;)*) => {
        $(
            pub(super) unsafe fn $create(
                call: &Entry<'_>,
                value: *const *const $element,
                size: u64,
            ) -> Result<*mut $list, Fault> {
                // SAFETY: NULL, or as many handles as the caller says.
                let handles = unsafe { values("value", value, size) }?;
                let handles = handles.into_iter().map(|element| {
                    let element = given("value", element)?;
                    call.world.nnop.$elements.get(element).map_err(refusal)?;
                    Ok(element)
                });
                let handles = handles.collect::<Result<Vec<u64>, Fault>>()?;
                let (handle, _) = call.world.nnop.$lists.insert(call.origin, |_| $object(handles));
                Ok(opaque(handle))
            }

            pub(super) unsafe fn $destroy(
                call: &Entry<'_>,
                array: *const $list,
            ) -> Result<(), Fault> {
                call.world.nnop.$end(given("array", array)?)
            }

            pub(super) unsafe fn $size(
                call: &Entry<'_>,
                list: *const $list,
                size: *mut u64,
            ) -> Result<(), Fault> {
                let list = given("list", list)?;
                // SAFETY: NULL, or a place for the answer.
                let place = unsafe { place("size", size) }?;
                let list = call.world.nnop.$lists.get(list).map_err(refusal)?;
                place.set(list.0.len() as u64);
                Ok(())
            }
        )*
    };
}

lists! {
    aclTensorList of aclTensor, tensor_lists(TensorList) of tensors:
        aclCreateTensorList, aclDestroyTensorList by destroy_tensor_list, aclGetTensorListSize;
    aclScalarList of aclScalar, scalar_lists(ScalarList) of scalars:
        aclCreateScalarList, aclDestroyScalarList by destroy_scalar_list, aclGetScalarListSize;
}

pub(super) unsafe fn aclCreateScalar(
    call: &Entry<'_>,
    value: *mut c_void,
    dataType: aclDataType,
) -> Result<*mut aclScalar, Fault> {
    let bytes = element_size(dataType);
    if bytes == 0 {
        return Err(nnop::invalid(format!(
            "dataType {} has no size",
            dataType.0
        )));
    }
    // SAFETY: NULL, or a value of the type.
    let bytes = unsafe { values("value", value.cast::<u8>().cast_const(), bytes as u64) }?;
    let scalar = Scalar {
        dtype: dataType,
        bytes,
    };
    let (handle, _) = call.world.nnop.scalars.insert(call.origin, |_| scalar);
    Ok(opaque(handle))
}

pub(super) unsafe fn aclDestroyScalar(
    call: &Entry<'_>,
    scalar: *const aclScalar,
) -> Result<(), Fault> {
    let scalar = given("scalar", scalar)?;
    let scalars = &call.world.nnop.scalars;
    scalars.remove(scalar).map(|_| ()).map_err(refusal)
}

/// The functions that give a planned operator's tensor another address.
macro_rules! planned_addresses {
    ($($symbol:ident)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            executor: *mut aclOpExecutor,
            _index: usize,
            tensor: *mut aclTensor,
            _addr: *mut c_void,
        ) -> Result<(), Fault> {
            let executor = given("executor", executor)?;
            let tensor = given("tensor", tensor)?;
            call.world.nnop.tensors.get(tensor).map_err(refusal)?;
            nnop::executor(executor)
        })*
    };
    (lists: $($symbol:ident)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            executor: *mut aclOpExecutor,
            _irIndex: usize,
            _relativeIndex: usize,
            tensors: *mut aclTensorList,
            _addr: *mut c_void,
        ) -> Result<(), Fault> {
            let executor = given("executor", executor)?;
            let tensors = given("tensors", tensors)?;
            call.world.nnop.tensor_lists.get(tensors).map_err(refusal)?;
            nnop::executor(executor)
        })*
    };
}

planned_addresses! {
    AclSetInputTensorAddr AclSetOutputTensorAddr AclSetTensorAddr
    aclSetInputTensorAddr aclSetOutputTensorAddr aclSetTensorAddr
}

planned_addresses! {
    lists:
    AclSetDynamicInputTensorAddr AclSetDynamicOutputTensorAddr AclSetDynamicTensorAddr
    aclSetDynamicInputTensorAddr aclSetDynamicOutputTensorAddr aclSetDynamicTensorAddr
}

pub(super) unsafe fn aclDestroyAclOpExecutor(
    _call: &Entry<'_>,
    executor: *mut aclOpExecutor,
) -> Result<(), Fault> {
    nnop::executor(given("executor", executor)?)
}

pub(super) unsafe fn aclSetAclOpExecutorRepeatable(
    _call: &Entry<'_>,
    executor: *mut aclOpExecutor,
) -> Result<(), Fault> {
    nnop::executor(given("executor", executor)?)
}

pub(super) unsafe fn aclDumpOpTensors(
    call: &Entry<'_>,
    opType: *const c_char,
    opName: *const c_char,
    tensors: *mut *mut aclTensor,
    inputTensorNum: usize,
    outputTensorNum: usize,
    stream: aclrtStream,
) -> Result<(), Fault> {
    given("opType", opType)?;
    given("opName", opName)?;
    given("tensors", tensors)?;
    let count = inputTensorNum.saturating_add(outputTensorNum) as u64;
    // SAFETY: as many handles as the caller says.
    for tensor in unsafe { values("tensors", tensors.cast_const(), count) }? {
        let tensor = given("tensors", tensor)?;
        call.world.nnop.tensors.get(tensor).map_err(refusal)?;
    }
    call.unsupported_in(number(stream))
}

/// May be called more than once, and without a configuration.
pub(super) unsafe fn aclnnInit(_call: &Entry<'_>, configPath: *const c_char) -> Result<(), Fault> {
    if configPath.is_null() {
        return Ok(());
    }
    // SAFETY: a path that is not NULL is a text that ends with a zero byte.
    let path = unsafe { text("configPath", configPath) }?;
    nnop::read_config(Path::new(OsStr::from_bytes(path.to_bytes())))
}

pub(super) unsafe fn aclnnFinalize(_call: &Entry<'_>) -> Result<(), Fault> {
    Ok(())
}

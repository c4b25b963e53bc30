//! Attributes of operators.

use std::ffi::*;

use ascend_sys::*;

use super::count;
use crate::abi::pointers::{array, handle, opaque, text};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::operator::{Attr, Value};

/// Gives an attribute a value.
///
/// # Safety
///
/// The name is NULL, or a text that ends with a zero byte.
unsafe fn set(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    name: *const c_char,
    value: impl FnOnce() -> Result<Value, Fault>,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    // SAFETY: the caller vouches for the name.
    let name = unsafe { text("attrName", name) }?;
    let value = value()?;
    call.world.operators.attrs.get(attr)?.set(name, value);
    Ok(())
}

pub(in crate::abi) unsafe fn aclopCreateAttr(call: &Entry<'_>) -> Result<*mut aclopAttr, Fault> {
    let attrs = &call.world.operators.attrs;
    Ok(opaque(attrs.insert(call.origin, |_| Attr::default()).0))
}

pub(in crate::abi) unsafe fn aclopDestroyAttr(
    call: &Entry<'_>,
    attr: *const aclopAttr,
) -> Result<(), Fault> {
    let attr = handle("attr", attr)?;
    call.world.operators.attrs.remove(attr).map(|_| ())
}

pub(in crate::abi) unsafe fn aclopSetAttrBool(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: u8,
) -> Result<(), Fault> {
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, || Ok(Value::Bool(attrValue != 0))) }
}

pub(in crate::abi) unsafe fn aclopSetAttrDataType(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: aclDataType,
) -> Result<(), Fault> {
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, || Ok(Value::DataType(attrValue))) }
}

pub(in crate::abi) unsafe fn aclopSetAttrFloat(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: f32,
) -> Result<(), Fault> {
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, || Ok(Value::Float(attrValue))) }
}

pub(in crate::abi) unsafe fn aclopSetAttrInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: i64,
) -> Result<(), Fault> {
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, || Ok(Value::Int(attrValue))) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListBool(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numValues: c_int,
    values: *const u8,
) -> Result<(), Fault> {
    let value = || {
        let count = count("numValues", numValues)?;
        // SAFETY: NULL, or as many values as the caller says.
        let values = unsafe { array("values", values, count) }?;
        Ok(Value::Bools(
            values.iter().map(|&value| value != 0).collect(),
        ))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListDataType(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numValues: c_int,
    values: *const aclDataType,
) -> Result<(), Fault> {
    let value = || {
        let count = count("numValues", numValues)?;
        // SAFETY: NULL, or as many values as the caller says.
        let values = unsafe { array("values", values, count) }?;
        Ok(Value::DataTypes(values))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListFloat(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numValues: c_int,
    values: *const f32,
) -> Result<(), Fault> {
    let value = || {
        let count = count("numValues", numValues)?;
        // SAFETY: NULL, or as many values as the caller says.
        let values = unsafe { array("values", values, count) }?;
        Ok(Value::Floats(values))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numValues: c_int,
    values: *const i64,
) -> Result<(), Fault> {
    let value = || {
        let count = count("numValues", numValues)?;
        // SAFETY: NULL, or as many values as the caller says.
        let values = unsafe { array("values", values, count) }?;
        Ok(Value::Ints(values))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListListInt(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numLists: c_int,
    numValues: *const c_int,
    values: *const *const i64,
) -> Result<(), Fault> {
    let value = || {
        let lists = count("numLists", numLists)?;
        // SAFETY: NULL, or as many counts as the caller says.
        let counts = unsafe { array("numValues", numValues, lists) }?;
        // SAFETY: NULL, or as many lists.
        let values = unsafe { array("values", values, lists) }?;
        let lists = counts.into_iter().zip(values).map(|(number, values)| {
            let number = count("numValues", number)?;
            // SAFETY: NULL, or as many values as the caller says of this list.
            unsafe { array("values", values, number) }
        });
        Ok(Value::IntLists(lists.collect::<Result<_, Fault>>()?))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrListString(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    numValues: c_int,
    values: *mut *const c_char,
) -> Result<(), Fault> {
    let value = || {
        let count = count("numValues", numValues)?;
        // SAFETY: NULL, or as many texts as the caller says.
        let values = unsafe { array("values", values.cast_const(), count) }?;
        let texts = values.into_iter().map(|value| {
            // SAFETY: NULL, or a text that ends with a zero byte.
            let value = unsafe { text("values", value) }?;
            Ok(value.to_owned())
        });
        Ok(Value::Texts(texts.collect::<Result<_, Fault>>()?))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

pub(in crate::abi) unsafe fn aclopSetAttrString(
    call: &Entry<'_>,
    attr: *mut aclopAttr,
    attrName: *const c_char,
    attrValue: *const c_char,
) -> Result<(), Fault> {
    let value = || {
        // SAFETY: NULL, or a text that ends with a zero byte.
        let value = unsafe { text("attrValue", attrValue) }?;
        Ok(Value::Text(value.to_owned()))
    };
    // SAFETY: the name is NULL, or a text that ends with a zero byte.
    unsafe { set(call, attr, attrName, value) }
}

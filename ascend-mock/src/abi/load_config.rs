//! Loading and executing with a configuration.

use std::ffi::*;

use ascend_sys::*;

use super::model::{file, memory};
use super::pointers::{Place, handle, opaque, text};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::model::{Form, Load, Origin, Span, Value, exec_form, load_form};

pub(super) unsafe fn aclmdlCreateConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclmdlConfigHandle, Fault> {
    Ok(opaque(call.create_load_config()))
}

pub(super) unsafe fn aclmdlDestroyConfigHandle(
    call: &Entry<'_>,
    config: *mut aclmdlConfigHandle,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    call.world.load_configs.remove(config).map(|_| ())
}

pub(super) unsafe fn aclmdlCreateExecConfigHandle(
    call: &Entry<'_>,
) -> Result<*mut aclmdlExecConfigHandle, Fault> {
    Ok(opaque(call.create_exec_config()))
}

pub(super) unsafe fn aclmdlDestroyExecConfigHandle(
    call: &Entry<'_>,
    config: *const aclmdlExecConfigHandle,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    call.world.exec_configs.remove(config).map(|_| ())
}

/// Reads an attribute's value.
///
/// # Safety
///
/// `value` is NULL or has `bytes` readable bytes; for a text they are the address of one.
unsafe fn read_value(
    form: Option<Form>,
    attribute: u32,
    value: *const c_void,
    bytes: usize,
) -> Result<Value, Fault> {
    if value.is_null() {
        return Err(Fault::null("attrValue"));
    }
    let form =
        form.ok_or_else(|| Fault::argument(format!("{attribute} is no attribute to set")))?;
    if bytes != form.bytes() {
        return Err(Fault::argument(format!(
            "attribute {attribute} takes {} bytes, {bytes} were given",
            form.bytes()
        )));
    }
    Ok(match form {
        // SAFETY: the caller vouches for the bytes, of which there are enough.
        Form::Int => Value::Int(unsafe { value.cast::<i32>().read_unaligned() }),
        // SAFETY: as above.
        Form::Size => Value::Size(unsafe { value.cast::<usize>().read_unaligned() }),
        Form::Address => {
            // SAFETY: as above.
            let address = unsafe { value.cast::<*mut c_void>().read_unaligned() };
            Value::Address(address.expose_provenance())
        }
        Form::Text => {
            // SAFETY: as above.
            let address = unsafe { value.cast::<*const c_char>().read_unaligned() };
            // SAFETY: the caller vouches for the text.
            Value::Text(unsafe { text("attrValue", address) }?.to_owned())
        }
    })
}

pub(super) unsafe fn aclmdlSetConfigOpt(
    call: &Entry<'_>,
    config: *mut aclmdlConfigHandle,
    attribute: aclmdlConfigAttr,
    value: *const c_void,
    bytes: usize,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    // SAFETY: the C function demands the bytes of the attribute's value.
    let value = unsafe { read_value(load_form(attribute), attribute.0, value, bytes) }?;
    call.set_load_option(config, attribute, value)
}

pub(super) unsafe fn aclmdlSetExecConfigOpt(
    call: &Entry<'_>,
    config: *mut aclmdlExecConfigHandle,
    attribute: aclmdlExecConfigAttr,
    value: *const c_void,
    bytes: usize,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    // SAFETY: the C function demands the bytes of the attribute's value.
    let value = unsafe { read_value(exec_form(attribute), attribute.0, value, bytes) }?;
    call.set_exec_option(config, attribute, value)
}

pub(super) unsafe fn aclmdlSetExternalWeightAddress(
    call: &Entry<'_>,
    config: *mut aclmdlConfigHandle,
    name: *const c_char,
    address: *mut c_void,
    bytes: usize,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    // SAFETY: the C function demands a text.
    let name = unsafe { text("weightFileName", name) }?;
    if address.is_null() {
        return Err(Fault::null("devPtr"));
    }
    call.set_external_weight(config, &name.to_string_lossy(), Span::new(address, bytes))
}

pub(super) unsafe fn aclmdlLoadWithConfig(
    call: &Entry<'_>,
    config: *const aclmdlConfigHandle,
    id: *mut u32,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    let configured = call.configured(config)?;
    let source = match &configured.origin {
        // SAFETY: the text is the configuration's own, and lives to the end of this function.
        Origin::File(path) => unsafe { file(path.as_ptr()) }?,
        Origin::Memory(address, bytes) => {
            // SAFETY: the program named readable bytes, and loads while they live.
            unsafe { memory(std::ptr::with_exposed_provenance(*address), *bytes) }?
        }
    };
    if configured.by_queues {
        call.check_queues(&source, configured.queues)?;
        return call.unsupported();
    }
    place.set(call.load_model(&source, Load::from(configured.common))?);
    Ok(())
}

pub(super) unsafe fn aclmdlBundleLoadModelWithConfig(
    call: &Entry<'_>,
    bundle: u32,
    index: usize,
    config: *mut aclmdlConfigHandle,
    id: *mut u32,
) -> Result<(), Fault> {
    let config = handle("handle", config)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("modelId", id) }?;
    let common = call.configured_in_bundle(config)?;
    place.set(call.load_of_bundle(bundle, index, Load::from(common))?);
    Ok(())
}

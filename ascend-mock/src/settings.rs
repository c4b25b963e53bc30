//! What the configuration file of `aclInit` asks for.

use ascend_sys::{
    ACL_ERROR_FAILURE, ACL_ERROR_INVALID_MAX_OPQUEUE_NUM_CONFIG, ACL_ERROR_RT_INVALID_DEVICEID,
    aclrtDeviceLimit,
};
use serde_json::Value;

use crate::dump::DumpConfig;
use crate::fault::Fault;

/// The stack sizes of the section `StackSize`, in bytes.
const STACKS: [(&str, aclrtDeviceLimit); 3] = [
    (
        "aicore_stack_size",
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE,
    ),
    (
        "simt_stack_size",
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_STACK_SIZE,
    ),
    (
        "simt_divergence_stack_size",
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_DVG_WARP_STACK_SIZE,
    ),
];

/// Room for what kernels print, in bytes.
const PRINT_BUFFERS: [(&str, aclrtDeviceLimit); 2] = [
    (
        "simd_printf_fifo_size_per_core",
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMD_PRINTF_FIFO_SIZE_PER_CORE,
    ),
    (
        "simt_printf_fifo_size",
        aclrtDeviceLimit::ACL_RT_DEV_LIMIT_SIMT_PRINTF_FIFO_SIZE,
    ),
];

/// Settings that hold until the program finalises. Keys that are not known are passed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The device of threads that set none.
    pub(crate) default_device: Option<u32>,
    /// Error texts belong to the process, not to threads.
    pub(crate) shares_messages: bool,
    /// Limits for the kernels of all devices.
    pub(crate) limits: Vec<(aclrtDeviceLimit, u64)>,
    pub(crate) dump: Option<DumpConfig>,
    pub(crate) operator_queue: Option<u64>,
}

impl Settings {
    /// Checks every section, in the runtime's order.
    pub(crate) fn of(config: &Value, devices: u32) -> Result<Self, Fault> {
        let mut settings = Self {
            shares_messages: is_one(config.get("err_msg_mode"), "err_msg_mode")?,
            ..Self::default()
        };
        if let Some(dump) = config.get("dump") {
            settings.dump = DumpConfig::of(dump)?;
        }
        if let Some(queue) = config.get("max_opqueue_num") {
            settings.operator_queue = Some(queue_length(queue)?);
        }
        if let Some(sizes) = config.get("StackSize") {
            settings.limits.extend(limits(sizes, &STACKS)?);
        }
        if let Some(section) = config.get("defaultDevice") {
            settings.default_device = default_device(section, devices)?;
        }
        settings.limits.extend(limits(config, &PRINT_BUFFERS)?);
        // Both modes of events have room for as many here.
        let graph = config.get("acl_graph");
        is_one(
            graph.and_then(|graph| graph.get("event_mode")),
            "event_mode",
        )?;
        if let Some(profiler) = config.get("profiler") {
            check_profiler(profiler)?;
        }
        Ok(settings)
    }
}

/// A switch that is written "0" or "1".
fn is_one(value: Option<&Value>, key: &str) -> Result<bool, Fault> {
    let Some(value) = value else { return Ok(false) };
    match value.as_str() {
        Some("0") => Ok(false),
        Some("1") => Ok(true),
        _ => Err(Fault::argument(format!(
            "{key} is {value}; write \"0\" or \"1\""
        ))),
    }
}

///
fn failure(text: String) -> Fault {
    Fault::new(ACL_ERROR_FAILURE, text)
}

fn limits(
    section: &Value,
    known: &[(&str, aclrtDeviceLimit)],
) -> Result<Vec<(aclrtDeviceLimit, u64)>, Fault> {
    let mut limits = Vec::new();
    for &(key, limit) in known {
        if let Some(value) = section.get(key) {
            let bytes = value
                .as_u64()
                .ok_or_else(|| failure(format!("{key} is {value}; write a number of bytes")))?;
            limits.push((limit, bytes));
        }
    }
    Ok(limits)
}

fn default_device(section: &Value, devices: u32) -> Result<Option<u32>, Fault> {
    let Some(value) = section.get("default_device") else {
        return Ok(None);
    };
    let digits = value
        .as_str()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let device = digits.and_then(|digits| digits.parse::<u32>().ok());
    let device = device.ok_or_else(|| {
        failure(format!(
            "default_device is {value}; write the device's number as a string, such as \"0\""
        ))
    })?;
    if device >= devices {
        return Err(Fault::new(
            ACL_ERROR_RT_INVALID_DEVICEID,
            format!("default_device {device} does not exist: there are {devices} devices"),
        ));
    }
    Ok(Some(device))
}

fn queue_length(value: &Value) -> Result<u64, Fault> {
    let length = value.as_str().and_then(|digits| digits.parse().ok());
    length.filter(|length| *length > 0).ok_or_else(|| {
        Fault::new(
            ACL_ERROR_INVALID_MAX_OPQUEUE_NUM_CONFIG,
            format!("max_opqueue_num is {value}; write a number above 0 as a string"),
        )
    })
}

/// The CPU device measures nothing by itself; `aclprof` functions are apart from this.
fn check_profiler(section: &Value) -> Result<(), Fault> {
    let switch = section.get("switch").and_then(Value::as_str);
    match switch {
        Some("off") => return Ok(()),
        Some("on") => {}
        _ => {
            return Err(Fault::argument(
                "profiler needs a \"switch\" that is \"on\" or \"off\"",
            ));
        }
    }
    if let Some(output) = section.get("output")
        && !output.is_string()
    {
        return Err(Fault::argument(format!(
            "the profiler's output is {output}; write a folder as a string"
        )));
    }
    tracing::warn!("aclInit switches the profiler on; the CPU device writes no profiles");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_taken_over() {
        let config = serde_json::json!({
            "err_msg_mode": "1",
            "StackSize": {"aicore_stack_size": 65536},
            "defaultDevice": {"default_device": "1"},
            "simd_printf_fifo_size_per_core": 2048,
            "acl_graph": {"event_mode": "1"},
            "max_opqueue_num": "10000",
            "profiler": {"switch": "off"},
            "something": "else",
        });
        let settings = Settings::of(&config, 2).unwrap();
        assert_eq!(settings.default_device, Some(1));
        assert!(settings.shares_messages);
        let bytes: Vec<u64> = settings.limits.iter().map(|&(_, bytes)| bytes).collect();
        assert_eq!(bytes, [65536, 2048]);
        assert_eq!(settings.operator_queue, Some(10000));
    }
}

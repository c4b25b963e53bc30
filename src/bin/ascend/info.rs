//! `ascend info`.

use std::io::{self, Write};

use anyhow::Result;
use ascend_rt::Acl;
use serde_json::{Value, json};

use crate::device::DeviceArgs;
use crate::help::Example;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "the runtime and the devices that commands work on",
        "ascend info",
    ),
    Example::new(
        "the same for programs, of the CPU device",
        "ascend info --device mock --json",
    ),
    Example::on_npu(
        "the chip's name, which is that for convert --soc",
        "ascend info --device npu",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<()> {
    let facts = facts(&device.acl()?)?;
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{facts:#}")?;
        return Ok(());
    }
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| "unknown".to_owned(), str::to_owned)
    };
    writeln!(out, "backend  {}", text(&facts["backend"]))?;
    if let Some(library) = facts["library"].as_str() {
        writeln!(out, "library  {library}")?;
    }
    writeln!(out, "version  {}", text(&facts["version"]))?;
    writeln!(out, "chip     {}", text(&facts["soc"]))?;
    for device in facts["devices"].as_array().into_iter().flatten() {
        let mebibytes = |key: &str| device[key].as_u64().unwrap_or_default() >> 20;
        writeln!(
            out,
            "device {} {} MiB free of {} MiB",
            device["id"],
            mebibytes("memory_free_bytes"),
            mebibytes("memory_total_bytes")
        )?;
    }
    Ok(())
}

fn facts(acl: &Acl) -> Result<Value> {
    let version = acl
        .version()
        .ok()
        .map(|(major, minor, patch)| format!("{major}.{minor}.{patch}"));
    let mut devices = Vec::new();
    for id in 0..acl.device_count()? {
        let memory = acl.device(id)?.memory()?;
        devices.push(json!({
            "id": id,
            "memory_free_bytes": memory.free_bytes,
            "memory_total_bytes": memory.total_bytes,
        }));
    }
    Ok(json!({
        "backend": if acl.is_mock() { "mock" } else { "cann" },
        "library": acl.library(),
        "version": version,
        "soc": acl.soc_name()?,
        "devices": devices,
    }))
}

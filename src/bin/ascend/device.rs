//! The device that a command works on.

use std::io::{self, Write};
use std::str::FromStr;

use anyhow::Result;
use ascend_rt::{Acl, AclConfig, Device, Engine, Error, MockConfig};
use clap::Args;

use crate::language::say;

/// Which device to work on.
#[derive(Args, Debug)]
pub(crate) struct DeviceArgs {
    /// auto (an NPU if CANN is installed, else the CPU device), `npu[:N]` or `mock[:N]`; N alone is
    /// a number of auto, and may be a list such as 0,1 or 0-3 where a command works on several
    #[arg(
        long,
        alias = "devices",
        global = true,
        default_value = "auto",
        value_name = "DEVICE"
    )]
    device: Choice,
    /// Threads that compute on the CPU device; 0, the default, takes all
    #[arg(long, global = true, value_name = "N")]
    cpu_threads: Option<usize>,
    /// What computes on the CPU device: rten, or `onnxruntime[:LIBRARY]` in builds with the feature `ort`
    #[arg(long, global = true, value_name = "ENGINE")]
    engine: Option<Engine>,
}

/// A backend, and the devices' numbers on it.
#[derive(Clone, Debug)]
struct Choice {
    backend: Backend,
    ordinals: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Backend {
    Auto,
    Npu,
    Mock,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            say!(
                "{name} is no device: give auto, npu, npu:N, mock, mock:N or N, where N is a number \
                 or a list such as 0,1 or 0-3",
                name = format_args!("{text:?}")
            )
        };
        let (name, list) = match text.split_once(':') {
            Some((name, list)) => (name, Some(list)),
            None if text.starts_with(|c: char| c.is_ascii_digit()) => ("", Some(text)),
            None => (text, None),
        };
        let backend = match name {
            "auto" if list.is_none() => Backend::Auto,
            "" if list == Some(text) => Backend::Auto,
            "npu" => Backend::Npu,
            "mock" => Backend::Mock,
            _ => return Err(wrong()),
        };
        let ordinals = list.map_or(Some(vec![0]), ordinals).ok_or_else(wrong)?;
        Ok(Self { backend, ordinals })
    }
}

/// The most devices that a list may name.
const MOST_DEVICES: u32 = 1024;

/// The numbers of a list such as `0,2-3`, each once.
fn ordinals(text: &str) -> Option<Vec<u32>> {
    let mut ordinals = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first > last || last - first >= MOST_DEVICES {
            return None;
        }
        for ordinal in first..=last {
            if !ordinals.contains(&ordinal) {
                ordinals.push(ordinal);
            }
        }
    }
    Some(ordinals)
}

/// The chip of a device.
pub(crate) struct Chip {
    pub(crate) name: String,
    /// It is the CPU device.
    pub(crate) is_mock: bool,
}

impl DeviceArgs {
    /// The chip that would be worked on; without a notice, for nothing is.
    pub(crate) fn chip(&self) -> Result<Chip> {
        let acl = self.start(&AclConfig::new())?;
        let name = acl.soc_name()?.unwrap_or_default();
        Ok(Chip {
            name,
            is_mock: acl.is_mock(),
        })
    }

    /// The runtime, with a notice where the CPU device stands in for an NPU.
    pub(crate) fn acl(&self) -> Result<Acl> {
        self.acl_with(&AclConfig::new())
    }

    /// The same, started with a configuration.
    fn acl_with(&self, config: &AclConfig) -> Result<Acl> {
        let acl = self.start(config)?;
        if acl.is_mock() && matches!(self.device.backend, Backend::Auto) {
            writeln!(
                io::stderr(),
                "{}",
                say!("note: no CANN found, using the built-in CPU device (--device mock)")
            )?;
        }
        Ok(acl)
    }

    fn start(&self, config: &AclConfig) -> Result<Acl> {
        let acl = match self.device.backend {
            Backend::Auto => config.auto(self.mock()?)?,
            Backend::Npu => config.load()?,
            Backend::Mock => config.mock(self.mock()?)?,
        };
        Self::listen(&acl);
        Ok(acl)
    }

    /// Has errors of runs name their operators, where the runtime can tell.
    fn listen(acl: &Acl) {
        match acl.on_exception(|_| ()) {
            // It holds the runtime, which is to live as long as what works with it and no longer.
            Ok(handler) => handler.keep_with_runtime(),
            Err(error) => tracing::warn!(%error, "errors of runs will not name operators"),
        }
    }

    /// The devices.
    pub(crate) fn open_all(&self) -> Result<Vec<Device>> {
        self.open_all_with(&AclConfig::new())
    }

    /// The same, with a runtime that is started with a configuration.
    pub(crate) fn open_all_with(&self, config: &AclConfig) -> Result<Vec<Device>> {
        let acl = self.acl_with(config)?;
        let devices = self.device.ordinals.iter();
        Ok(devices
            .map(|ordinal| acl.device(*ordinal))
            .collect::<Result<_, _>>()?)
    }

    /// The first of the devices.
    pub(crate) fn open(&self) -> Result<Device> {
        let acl = self.acl()?;
        let ordinal = self.device.ordinals.first().copied().unwrap_or(0);
        Ok(acl.device(ordinal)?)
    }

    /// A CPU device, whatever device was chosen.
    pub(crate) fn cpu(&self) -> Result<Device> {
        Ok(Acl::mock(self.mock()?)?.device(0)?)
    }

    /// The engine of the CPU device.
    pub(crate) fn engine(&self) -> Result<Engine> {
        Ok(self.mock()?.chosen_engine().clone())
    }

    /// The CPU device that the environment describes.
    fn mock(&self) -> Result<MockConfig> {
        let mut config = MockConfig::from_env().map_err(Error::from)?;
        if let Some(engine) = &self.engine {
            config = config.engine(engine.clone());
        }
        Ok(match self.cpu_threads {
            Some(threads) => config.threads(threads),
            None => config,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_lists_of_numbers() {
        for (text, numbers) in [
            ("auto", Some(&[0][..])),
            ("0", Some(&[0])),
            ("1,0,1", Some(&[1, 0])),
            ("0,1,2,3", Some(&[0, 1, 2, 3])),
            ("npu:2-4", Some(&[2, 3, 4])),
            ("mock:1", Some(&[1])),
            ("mock", Some(&[0])),
            ("auto:1", None),
            ("gpu", None),
            ("", None),
            (":1", None),
            ("3-1", None),
            ("0-4294967295", None),
            ("0,", None),
        ] {
            let choice = text.parse::<Choice>().ok();
            let found = choice.as_ref().map(|choice| &choice.ordinals[..]);
            assert_eq!(found, numbers, "{text}");
        }
    }
}

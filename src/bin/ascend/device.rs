//! The device that a command works on.

use std::io::{self, Write};
use std::str::FromStr;

use anyhow::Result;
use ascend_rt::{Acl, Device, Engine, Error, MockConfig};
use clap::Args;

/// Which device to work on.
#[derive(Args, Debug)]
pub(crate) struct DeviceArgs {
    /// auto (an NPU if CANN is installed, else the CPU device), `npu[:N]` or `mock[:N]`
    #[arg(long, global = true, default_value = "auto", value_name = "DEVICE")]
    device: Choice,
    /// Threads that compute on the CPU device; 0, the default, takes all
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
    /// What computes on the CPU device: rten, or `onnxruntime[:LIBRARY]` in builds with the feature `ort`
    #[arg(long, global = true, value_name = "ENGINE")]
    engine: Option<Engine>,
}

/// A backend, and the device's number on it.
#[derive(Clone, Copy, Debug)]
struct Choice {
    backend: Backend,
    ordinal: u32,
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
        let wrong = || format!("{text:?} is no device: give auto, npu, npu:N, mock or mock:N");
        let (name, ordinal) = match text.split_once(':') {
            Some((name, ordinal)) => (name, ordinal.parse().map_err(|_| wrong())?),
            None => (text, 0),
        };
        let backend = match name {
            "auto" if !text.contains(':') => Backend::Auto,
            "npu" => Backend::Npu,
            "mock" => Backend::Mock,
            _ => return Err(wrong()),
        };
        Ok(Self { backend, ordinal })
    }
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
        let acl = self.start()?;
        let name = acl.soc_name()?.unwrap_or_default();
        Ok(Chip {
            name,
            is_mock: acl.is_mock(),
        })
    }

    /// The runtime, with a notice where the CPU device stands in for an NPU.
    pub(crate) fn acl(&self) -> Result<Acl> {
        let acl = self.start()?;
        if acl.is_mock() && matches!(self.device.backend, Backend::Auto) {
            writeln!(
                io::stderr(),
                "note: no CANN found, using the built-in CPU device (--device mock)"
            )?;
        }
        Ok(acl)
    }

    fn start(&self) -> Result<Acl> {
        Ok(match self.device.backend {
            Backend::Auto => Acl::auto_with(self.mock()?)?,
            Backend::Npu => Acl::load()?,
            Backend::Mock => Acl::mock(self.mock()?)?,
        })
    }

    /// The device.
    pub(crate) fn open(&self) -> Result<Device> {
        Ok(self.acl()?.device(self.device.ordinal)?)
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
        Ok(match self.threads {
            Some(threads) => config.threads(threads),
            None => config,
        })
    }
}

//! Whether an `.om` runs on the device here.

use std::fmt;

use ascend_rt::Engine;

use super::facts::Facts;
use crate::device::DeviceArgs;
use crate::exit;

/// What can be said.
#[derive(Clone, Debug)]
pub(crate) enum Fit {
    Yes(String),
    No(String),
    Unknown(String),
}

impl Fit {
    pub(crate) fn of(facts: &Facts, device: &DeviceArgs) -> Self {
        let chip = facts.chip();
        if facts.is_for_phones() {
            return Self::No(
                "it is for phones; Ascend runs what `atc` makes of the source".to_owned(),
            );
        }
        let here = match device.chip() {
            Ok(here) => here,
            Err(error) => {
                let why = exit::message(&error)
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                return Self::Unknown(format!("no device was asked: {why}"));
            }
        };
        match (facts.is_for_cpu_device(), here.is_mock, chip) {
            (true, true, _)
                if facts.needs_onnx_runtime()
                    && device.engine().is_ok_and(|engine| engine == Engine::Rten) =>
            {
                Self::No(
                    "the CPU device here computes with rten, which cannot run it; use --engine onnxruntime"
                        .to_owned(),
                )
            }
            (true, true, _) => {
                Self::Yes("it was made for the CPU device, which is here".to_owned())
            }
            (true, false, _) => Self::No(format!(
                "it was made for the CPU device, and here is {0}; convert the source with --soc {0}",
                here.name
            )),
            (false, true, chip) => Self::No(format!(
                "here is the CPU device only, which does not execute code for {}; run it on the chip, or \
                 convert the source without --soc",
                chip.unwrap_or("an NPU")
            )),
            _ if here.name.is_empty() => {
                Self::Unknown("the runtime here does not name its chip".to_owned())
            }
            (false, false, None) => Self::Unknown(format!(
                "the file does not name its chip, so loading is what tells; here is {}",
                here.name
            )),
            (false, false, Some(chip)) if chip == here.name => {
                Self::Yes(format!("here is {chip}, too"))
            }
            (false, false, Some(chip)) => Self::No(format!(
                "it is for {chip}, and here is {0}; convert the source with --soc {0}",
                here.name
            )),
        }
    }

    /// In a word, for programs.
    pub(crate) fn is_fit(&self) -> Option<bool> {
        match self {
            Self::Yes(_) => Some(true),
            Self::No(_) => Some(false),
            Self::Unknown(_) => None,
        }
    }

    pub(crate) fn why(&self) -> &str {
        match self {
            Self::Yes(why) | Self::No(why) | Self::Unknown(why) => why,
        }
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Yes(_) => "yes",
            Self::No(_) => "no",
            Self::Unknown(_) => "unknown",
        };
        write!(f, "{word}: {}", self.why())
    }
}

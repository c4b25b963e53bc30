//! The containers that are read.

use std::fmt;

/// The containers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// safetensors.
    Safetensors,
    /// safetensors in several files, by their index.
    SafetensorsSharded,
    /// The zip archive that `torch.save` writes since 1.6.
    TorchZip,
    /// Files of `torch.save` by their index.
    TorchZipSharded,
    /// The stream of pickles that `torch.save` wrote before 1.6.
    TorchLegacy,
    /// Such streams by their index.
    TorchLegacySharded,
    /// The tar archive of torch 0.1.10 and before.
    TorchTar,
    /// What `torch.jit.save` writes.
    TorchScript,
}

impl Form {
    /// The name that programs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::SafetensorsSharded => "safetensors-sharded",
            Self::TorchZip => "torch-zip",
            Self::TorchZipSharded => "torch-zip-sharded",
            Self::TorchLegacy => "torch-legacy",
            Self::TorchLegacySharded => "torch-legacy-sharded",
            Self::TorchTar => "torch-tar",
            Self::TorchScript => "torchscript",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

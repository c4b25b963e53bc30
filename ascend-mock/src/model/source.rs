//! Where a model comes from, and how it is to be loaded.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ascend_graph::ErrorKind;
use ascend_graph::om::{self, OmModel};
use ascend_sys::{
    ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED, ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID,
    ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID, ACL_ERROR_GE_FAILURE, ACL_ERROR_GE_MEMORY_ALLOCATION,
};
use bytes::Bytes;

use crate::fault::Fault;
use crate::file;

use super::host::Span;
use super::info::Info;
use super::options::Common;
use super::weights::Outside;

/// Where a model file is.
pub(crate) enum Source<'a> {
    File(&'a OsStr),
    Memory(&'a [u8]),
}

impl Source<'_> {
    /// The bytes.
    pub(super) fn bytes(&self) -> Result<Bytes, Fault> {
        match self {
            Self::File(path) => {
                let refused = |why: &str| {
                    Fault::new(
                        ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID,
                        format!("model file {}: {why}", path.display()),
                    )
                };
                let bytes = file::read(Path::new(path), u64::MAX)
                    .map_err(|error| refused(&error.to_string()))?;
                if bytes.is_empty() {
                    return Err(refused("the file is empty"));
                }
                Ok(bytes.into())
            }
            Self::Memory(bytes) => {
                let mut copy = Vec::new();
                copy.try_reserve_exact(bytes.len()).map_err(|error| {
                    Fault::new(ACL_ERROR_GE_MEMORY_ALLOCATION, error.to_string())
                })?;
                copy.extend_from_slice(bytes);
                Ok(copy.into())
            }
        }
    }

    /// What the file says of itself.
    pub(crate) fn info(&self) -> Result<Info, Fault> {
        Ok(Info::of(&open(&self.bytes()?)?))
    }

    /// The file's name without its extension.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => Path::new(path)
                .file_stem()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            Self::Memory(_) => String::new(),
        }
    }

    /// Where the weights outside of a file are.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(Path::new(path).with_file_name("weight")),
            Self::Memory(_) => None,
        }
    }
}

pub(super) fn open(bytes: &Bytes) -> Result<OmModel, Fault> {
    om::Kind::of(bytes).map_err(|error| {
        Fault::new(ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID, error.to_string())
    })?;
    OmModel::open(bytes).map_err(|error| partition_fault(&error))
}

pub(super) fn partition_fault(error: &ascend_graph::Error) -> Fault {
    let code = match error.kind() {
        ErrorKind::Unsupported => ACL_ERROR_GE_FAILURE,
        _ => ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED,
    };
    Fault::new(code, error.to_string())
}

/// How a model is loaded.
#[derive(Default)]
pub(crate) struct Load {
    /// The name that the time model knows it by; empty for one from memory.
    pub(super) name: String,
    /// Memory of the program's, for work and for weights.
    pub(crate) work: Option<Span>,
    pub(crate) weights: Option<Span>,
    pub(crate) outside: Outside,
    pub(crate) priority: i32,
    pub(super) bundle: Option<u32>,
}

impl Load {
    /// With memory of the program's; NULL leaves a part to the device.
    pub(crate) fn with_memory(work: Span, weights: Span) -> Self {
        let given = |span: Span| Some(span).filter(|span| span.address != 0);
        Self {
            work: given(work),
            weights: given(weights),
            ..Self::default()
        }
    }
}

impl From<Common> for Load {
    fn from(common: Common) -> Self {
        let folder = common.weight_folder.map(|folder| {
            let folder = PathBuf::from(OsStr::from_bytes(folder.to_bytes()));
            // A file names the folder that it lies in.
            match folder.parent() {
                Some(parent) if folder.is_file() => parent.to_owned(),
                _ => folder,
            }
        });
        Self {
            work: common.work,
            weights: common.weights,
            outside: Outside {
                folder,
                memory: common.external,
            },
            priority: common.priority,
            ..Self::default()
        }
    }
}

//! Where a model comes from.

use std::ffi::CString;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ascend_graph::om::OmModel;
use ascend_graph::{Text, text};
use bytes::Bytes;

use super::load_config::MemoryNeed;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;

/// Where a model comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    File(&'a Path),
    Memory(&'a [u8]),
}

impl Source<'_> {
    /// The device memory that the model takes.
    pub(super) fn memory_need(self, context: &Context) -> Result<MemoryNeed> {
        let (mut work_bytes, mut weight_bytes) = (0, 0);
        let (work, weight) = (&raw mut work_bytes, &raw mut weight_bytes);
        let current = context.bind()?;
        match self {
            Self::File(path) => {
                let name = c_path(path)?;
                // SAFETY: a NUL-terminated path and valid pointers.
                let status = unsafe { current.api().aclmdlQuerySize(name.as_ptr(), work, weight) };
                current.check("aclmdlQuerySize", status)?;
            }
            Self::Memory(om) => {
                let (address, bytes) = (om.as_ptr().cast(), om.len());
                // SAFETY: a valid range and valid pointers.
                let status = unsafe {
                    current
                        .api()
                        .aclmdlQuerySizeFromMem(address, bytes, work, weight)
                };
                current.check("aclmdlQuerySizeFromMem", status)?;
            }
        }
        Ok(MemoryNeed {
            work_bytes,
            weight_bytes,
        })
    }

    /// The file, if it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory(_) => None,
        }
    }

    /// The names of the inputs in the order in which the model's maker wrote their shapes. The file
    /// alone tells it, the runtime does not.
    pub(super) fn shape_order(self) -> Option<Vec<String>> {
        match self {
            Self::File(path) => shape_order(&Content::open(path).ok()?.bytes),
            Self::Memory(om) => shape_order(&Bytes::copy_from_slice(om)),
        }
    }
}

/// As in [`Source::shape_order`].
pub(super) fn shape_order(om: &Bytes) -> Option<Vec<String>> {
    Some(OmModel::open(om).ok()?.io.shape_order)
}

/// A path for C.
pub(super) fn c_path(path: &Path) -> Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| {
        let message = format!(
            "cannot open {}: the path holds a NUL; rename the file",
            path.display()
        );
        Error::new(ErrorKind::Io, message)
    })
}

impl Source<'_> {
    /// What it is for people.
    pub(super) fn text(&self) -> Text {
        match self {
            Self::Memory(om) => text!("a model of {bytes} bytes", bytes = om.len()),
            Self::File(path) => path.display().into(),
        }
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory(om) => write!(f, "a model of {} bytes", om.len()),
        }
    }
}

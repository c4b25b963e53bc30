//! Files: mapped where they are read, whole where they are written.

use std::path::Path;

use bytes::Bytes;

use crate::error::Result;
use crate::map::Content;

pub use crate::whole::NewFile;

/// Maps the regular file at `path`; nothing of it is read before it is touched.
///
/// The file must not be shortened while a slice of it is in use: touching what is gone ends the
/// process. A file that is replaced, as [`NewFile`] does it, is no harm.
///
/// # Errors
///
/// [`ErrorKind::Io`](crate::ErrorKind::Io) if it cannot be opened or is no regular file.
pub fn map(path: &Path) -> Result<Bytes> {
    let content = Content::open(path).map_err(|error| error.while_doing(path.display()))?;
    Ok(content.bytes)
}

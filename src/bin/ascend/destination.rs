//! Where results go.

use std::path::Path;

use ascend_graph::text;
use ascend_rt::{Error, ErrorKind, Result};

/// Refuses a place where something is, unless that is to be replaced.
///
/// # Errors
///
/// `Io` where something is.
pub(crate) fn ensure_free(place: &Path, is_overwritten: bool) -> Result<()> {
    if is_overwritten || place.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = text!(
        "{place} exists already; give another name, or --overwrite to replace it",
        place = place.display()
    );
    Err(Error::new(ErrorKind::Io, message))
}

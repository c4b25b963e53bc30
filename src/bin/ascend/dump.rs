//! Dumps of tensors, as other commands take them.

use std::fs;
use std::path::Path;

use anyhow::Result;
use ascend_rt::dump::DumpFolder;
use ascend_rt::{Error, ErrorKind};

use crate::destination::ensure_free;

/// Whether a path leads to a dump or a folder of them.
pub(crate) fn is_dump(path: &Path) -> bool {
    DumpFolder::open(path).is_ok()
}

/// Writes the tensors of all dumps in `source` as `.npy` to the folder `place`, in folders as those
/// of the dumps; how many.
pub(crate) fn convert(source: &Path, place: &Path, is_overwritten: bool) -> Result<usize> {
    let dumps = DumpFolder::open(source)?;
    ensure_free(place, is_overwritten)?;
    if place.is_file() {
        let message = format!(
            "{} is a file: give a folder for the tensors",
            place.display()
        );
        return Err(Error::new(ErrorKind::InvalidArgument, message).into());
    }
    let mut count = 0;
    for dump in dumps.files() {
        let parent = dump.path.parent().unwrap_or(Path::new(""));
        let below = parent.strip_prefix(source).unwrap_or(Path::new(""));
        let folder = place.join(below);
        fs::create_dir_all(&folder).map_err(|error| {
            Error::of_io(
                format_args!("cannot make the folder {}", folder.display()),
                error,
            )
        })?;
        count += dump.write_npy(&folder)?.len();
    }
    Ok(count)
}

//! Files that programs name.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reads a regular file of `most` bytes at most. Anything else is refused: nobody may ever write
/// to a pipe.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    let file = options
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)?;
    let metadata = file.metadata()?;
    let refused = |text| Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    if !metadata.is_file() {
        return refused("not a regular file".to_owned());
    }
    if metadata.len() > most {
        return refused(format!("{} bytes, {most} are the most", metadata.len()));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(metadata.len()).unwrap_or(usize::MAX))?;
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

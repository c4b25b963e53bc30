//! Archives of small files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ascend_rt::files::NewFile;

const BLOCK: usize = 512;
/// The longest name, and what may stand before it.
const NAME: usize = 100;
const PREFIX: usize = 155;

/// Writes an archive in the form that POSIX calls ustar.
pub(super) fn write(place: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<()> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        archive.extend(header(name, bytes.len())?);
        archive.extend(bytes);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    archive.resize(archive.len() + 2 * BLOCK, 0);
    let mut file = NewFile::create(place)?;
    file.put(&archive)?;
    file.finish()?;
    Ok(())
}

fn header(name: &Path, len: usize) -> Result<[u8; BLOCK]> {
    let name = name.to_str().context("the name of a file is no text")?;
    let (prefix, name) = split(name)?;
    let mut header = [0; BLOCK];
    let mut put =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{len:011o}"));
    put(136, "00000000000");
    // the sum is made with blanks in its own place
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    put(345, prefix);
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

/// Parts a long name at a slash.
fn split(name: &str) -> Result<(&str, &str)> {
    if name.len() <= NAME {
        return Ok(("", name));
    }
    let slashes = name
        .match_indices('/')
        .map(|(at, _)| (&name[..at], &name[at + 1..]));
    let mut fitting = slashes.filter(|(prefix, name)| prefix.len() <= PREFIX && name.len() <= NAME);
    match fitting.next() {
        Some(parts) => Ok(parts),
        None => bail!("{name} is too long a name for an archive; give a folder in place of a .tar"),
    }
}

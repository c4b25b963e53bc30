//! The files of a folder and of those inside of it, and their names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// The most files that are looked at.
const MOST_FILES: usize = 200_000;

/// How deep folders lie in folders: the vendor's dumps have time, device, model, number and run.
const MOST_LEVELS: usize = 8;

/// Finds the files, in order. Links to folders are not followed.
///
/// # Errors
///
/// [`ErrorKind::Io`] if a folder cannot be read, [`ErrorKind::InvalidArgument`] if there are too many files.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, level: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = |error: std::io::Error| {
        let message = format!(
            "cannot read the folder {}: {error}; check that it may be read",
            folder.display()
        );
        Error::new(ErrorKind::Io, message).with_source(error)
    };
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let kind = entry.file_type().map_err(cannot)?;
        let path = entry.path();
        if kind.is_dir() {
            if level < MOST_LEVELS {
                walk(&path, level + 1, files)?;
            }
        } else if path.is_file() {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            let message = format!(
                "the folder {} holds more than {MOST_FILES} files: give the folder of one run",
                folder.display()
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
    }
    Ok(())
}

/// The name of a file without its extension.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(super) fn has_extension(path: &Path, wanted: &str) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

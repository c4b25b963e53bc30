//! What `msprof` left: tables and time lines, of all versions that are known.
//!
//! Columns are found by the names that they have had, so that neither their order nor a new one
//! matters. Files are read entry by entry; what is kept grows with the number of operators, not with
//! that of executions, and has a limit.

mod flaws;
mod folder;
mod gathered;
mod table;
mod tables;
mod timeline;
mod utf8;

use std::path::Path;

use ascend_rt::{Error, ErrorKind};

use self::folder::Files;
pub(super) use self::folder::{Kind, is_json_table, kind_of};
use self::gathered::Gathered;
pub(super) use self::table::{Bounded, Table, cannot_read, cut};
pub(super) use self::tables::kind_of as kind_of_table;
pub(super) use self::utf8::Utf8;
use super::content::Profile;
use crate::language::say;

/// The most operators, functions and iterations that are kept.
pub(super) const MOST_KEPT: usize = 200_000;
/// A time line beyond this size is left out where tables tell the same, in bytes.
const LONG_TIMELINE: u64 = 512 << 20;

/// Reads the profile in `folder`.
pub(super) fn read_folder(folder: &Path) -> Result<Profile, Error> {
    read(&Files::find(folder)?)
}

/// Reads one file of a profile.
pub(super) fn read_file(path: &Path, kind: Kind) -> Result<Profile, Error> {
    read(&Files::one(path, kind))
}

fn read(files: &Files) -> Result<Profile, Error> {
    let mut profile = Profile::new(files.place.display().to_string());
    if files.others > 0 {
        profile.notes.push(match files.others {
            1 => say!(
                "there is 1 other profile beside this one, which is the newest: give its folder to read it"
            ),
            count => say!(
                "there are {count} other profiles beside this one, which is the newest: give the folder of another \
                 to read it",
                count
            ),
        });
    }
    let mut gathered = Gathered::default();
    for path in files.of(Kind::Summary) {
        tables::summary(path, &mut gathered)?;
    }
    let has_operators = |gathered: &Gathered| !gathered.operators.is_empty();
    if !has_operators(&gathered) {
        for path in files.of(Kind::Statistic) {
            tables::statistic(path, &mut gathered)?;
        }
    }
    let names_known = has_operators(&gathered);
    for path in files.of(Kind::Tasks) {
        tables::tasks(path, &mut gathered, !names_known)?;
    }
    let names_known = has_operators(&gathered);
    for path in files.of(Kind::Timeline) {
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        if names_known && bytes > LONG_TIMELINE {
            profile.notes.push(say!(
                "{file} is long and was not read for its copies: give it by itself for that",
                file = path.display()
            ));
            continue;
        }
        timeline::read(path, &mut gathered, !names_known)?;
    }
    for path in files.of(Kind::Calls) {
        tables::calls(path, &mut gathered)?;
    }
    for path in files.of(Kind::Steps) {
        tables::steps(path, &mut gathered)?;
    }
    let paths = files.by_kind.values().flatten();
    profile.files = paths.map(|path| path.display().to_string()).collect();
    if gathered.is_empty() {
        return Err(nothing(files, &gathered));
    }
    gathered.hand_over(&mut profile);
    Ok(profile)
}

/// Why a profile is none.
fn nothing(files: &Files, gathered: &Gathered) -> Error {
    let place = files.place.display();
    let is_trace = files.by_kind.keys().all(|kind| *kind == Kind::Timeline);
    let message = if let Some(flaw) = gathered.flaws.first() {
        format!("{place} tells of no operator: {flaw}")
    } else if is_trace && gathered.copies.is_empty() {
        let events = match gathered.events {
            1 => "1 event".to_owned(),
            count => format!("{count} events"),
        };
        format!(
            "{place} is a trace of {events}, and none of them is a task of an NPU: give msprof_*.json of msprof; a \
             trace that --trace wrote is for Perfetto, and what --json wrote beside it is read"
        )
    } else {
        format!(
            "{place} tells of no operator: nothing ran while it was recorded, or only the host was; run \
             msprof --output=DIR --task-time=l1 PROGRAM again"
        )
    };
    Error::new(ErrorKind::Format, message)
}

//! The files of a profile that `msprof` left, wherever below a folder they lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ascend_rt::{Error, ErrorKind};

use super::table::cannot_read;

/// How deep is looked, and at how many entries in all.
const MOST_DEPTH: usize = 6;
const MOST_ENTRIES: usize = 100_000;
/// A number in a file's name of at least as many digits is the time of an export.
const STAMP_DIGITS: usize = 14;

/// What a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) enum Kind {
    /// Every execution of every operator.
    Summary,
    /// The operators of a type.
    Statistic,
    /// Every task of the device.
    Tasks,
    /// Every iteration.
    Steps,
    /// The functions of the host.
    Calls,
    /// All of that on a time line.
    Timeline,
}

/// What files are called, by their beginnings: those of `msprof`, of its older versions, of `msprof op`, and
/// of the profiler of PyTorch for Ascend.
const NAMES: [(&str, &str, Kind); 10] = [
    ("op_summary", "csv", Kind::Summary),
    ("kernel_details", "csv", Kind::Summary),
    ("OpBasicInfo", "csv", Kind::Summary),
    ("op_statistic", "csv", Kind::Statistic),
    ("task_time", "csv", Kind::Tasks),
    ("step_trace", "csv", Kind::Steps),
    ("api_statistic", "csv", Kind::Calls),
    ("acl_statistic", "csv", Kind::Calls),
    ("trace_view", "json", Kind::Timeline),
    ("msprof_", "json", Kind::Timeline),
];

/// The files of one profile.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) place: PathBuf,
    pub(super) by_kind: BTreeMap<Kind, Vec<PathBuf>>,
    /// How many other profiles lie beside it.
    pub(super) others: usize,
}

/// What a file is by its name.
pub(in super::super) fn kind_of(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?;
    if name.starts_with("msprof_tx") || name.starts_with("step_trace_time") {
        return None;
    }
    let (stem, extension) = name.rsplit_once('.')?;
    let mut known = NAMES.iter();
    let found = known
        .find(|(start, known, _)| extension.eq_ignore_ascii_case(known) && stem.starts_with(start));
    found.map(|(_, _, kind)| *kind)
}

impl Files {
    /// Looks through `folder`; of several profiles the newest is taken.
    pub(super) fn find(folder: &Path) -> Result<Self, Error> {
        let mut walk = Walk::default();
        walk.enter(folder, 0)?;
        let mut places: BTreeMap<PathBuf, BTreeMap<Kind, Vec<PathBuf>>> = BTreeMap::new();
        for (path, kind) in std::mem::take(&mut walk.found) {
            let files = places.entry(place_of(&path, folder)).or_default();
            files.entry(kind).or_default().push(path);
        }
        let others = places.len().saturating_sub(1);
        let newest = places.into_iter().max_by_key(|(place, _)| age(place));
        let Some((place, mut by_kind)) = newest else {
            return Err(walk.nothing(folder));
        };
        for paths in by_kind.values_mut() {
            keep_newest(paths);
        }
        Ok(Self {
            place,
            by_kind,
            others,
        })
    }

    /// A single file.
    pub(super) fn one(path: &Path, kind: Kind) -> Self {
        Self {
            place: path.to_owned(),
            by_kind: BTreeMap::from([(kind, vec![path.to_owned()])]),
            others: 0,
        }
    }

    pub(super) fn of(&self, kind: Kind) -> &[PathBuf] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }
}

#[derive(Default)]
struct Walk {
    found: Vec<(PathBuf, Kind)>,
    entries: usize,
    has_raw_data: bool,
    /// Tables that were exported as JSON.
    has_json: bool,
    has_database: bool,
}

impl Walk {
    fn enter(&mut self, folder: &Path, depth: usize) -> Result<(), Error> {
        let cannot = |error: std::io::Error| cannot_read(folder, &error);
        for entry in fs::read_dir(folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                let message = format!(
                    "{} holds more than {MOST_ENTRIES} files: give the folder of one profile (PROF_…)",
                    folder.display()
                );
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            let (path, kind) = (entry.path(), entry.file_type().map_err(cannot)?);
            if kind.is_dir() && depth < MOST_DEPTH {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                self.has_raw_data |= name == "host" || name.starts_with("device_");
                self.enter(&path, depth + 1)?;
            } else if kind.is_file() {
                match kind_of(&path) {
                    Some(kind) => self.found.push((path, kind)),
                    None => self.look(&path),
                }
            }
        }
        Ok(())
    }

    /// Notes results in a form that is not read.
    fn look(&mut self, path: &Path) {
        self.has_json |= is_json_table(path);
        self.has_database |= path.extension().is_some_and(|extension| extension == "db");
    }

    /// Why the folder holds nothing to read.
    fn nothing(&self, folder: &Path) -> Error {
        let folder = folder.display();
        let message = if self.has_json {
            format!(
                "{folder} holds tables as JSON only, which are not read: make tables as CSV where CANN is installed, with \
                 msprof --export=on --summary-format=csv --output={folder}, and give the folder again"
            )
        } else if self.has_raw_data {
            format!(
                "{folder} holds the raw data of a profile only: make tables of it where CANN is installed, with \
                 msprof --export=on --output={folder}, and give the folder again"
            )
        } else if self.has_database {
            format!(
                "{folder} holds databases only, which are not read: make tables where CANN is installed, with \
                 msprof --export=on --type=text --output=PROF_…, and give their folder"
            )
        } else {
            format!(
                "{folder} holds no results of msprof (op_summary_*.csv, op_statistic_*.csv, task_time_*.csv, \
                 msprof_*.json): give a folder PROF_…, or one above it; a model is given by its file"
            )
        };
        Error::new(ErrorKind::Format, message)
    }
}

/// Whether the file is called like a table, and is none.
pub(in super::super) fn is_json_table(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
        && kind_of(&path.with_extension("csv")).is_some()
}

/// The folder of the profile that a file is of.
fn place_of(path: &Path, folder: &Path) -> PathBuf {
    let is_profile = |place: &&Path| {
        let name = place.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("PROF_"))
    };
    let mut above = path.ancestors().skip(1);
    let mut within = above.by_ref().take_while(|place| place.starts_with(folder));
    let found = within.find(is_profile).map(Path::to_owned);
    found.unwrap_or_else(|| path.parent().unwrap_or(folder).to_owned())
}

/// What orders profiles by time: the time in `PROF_NUMBER_TIME_…`, then the name.
fn age(place: &Path) -> (u128, String) {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let stamp = name.split('_').nth(2).and_then(|time| time.parse().ok());
    (stamp.unwrap_or(0), name.into_owned())
}

/// Leaves the files of the newest export, of which there may be several parts.
fn keep_newest(paths: &mut Vec<PathBuf>) {
    let newest = paths
        .iter()
        .map(|path| stamp(path))
        .max()
        .unwrap_or_default();
    paths.retain(|path| stamp(path) == newest);
    paths.sort();
}

fn stamp(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut numbers = name.split(|c: char| !c.is_ascii_digit());
    let found = numbers.find(|number| number.len() >= STAMP_DIGITS);
    found.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        for (name, kind) in [
            ("op_summary_20240102030405.csv", Some(Kind::Summary)),
            ("op_summary_0_1.csv", Some(Kind::Summary)),
            ("op_summary_20240102030405_slice_0.csv", Some(Kind::Summary)),
            ("kernel_details.csv", Some(Kind::Summary)),
            ("OpBasicInfo_20240102030405.csv", Some(Kind::Summary)),
            ("op_statistic_0_1.csv", Some(Kind::Statistic)),
            ("msprof_20240102030405.json", Some(Kind::Timeline)),
            ("msprof_tx_20240102030405.json", None),
            ("step_trace_time.csv", None),
            ("step_trace_20240102030405.json", None),
            ("op_summary_20240102030405.json", None),
            ("fusion_op_20240102030405.csv", None),
            ("README.txt", None),
        ] {
            assert_eq!(kind_of(Path::new(name)), kind, "{name}");
        }
    }

    #[test]
    fn the_newest_export_is_taken_with_all_its_parts() {
        let mut paths: Vec<PathBuf> = [
            "op_summary_20240102030405.csv",
            "op_summary_20250102030405_slice_1.csv",
            "op_summary_20250102030405_slice_0.csv",
        ]
        .map(PathBuf::from)
        .to_vec();
        keep_newest(&mut paths);
        let names: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(
            names,
            [
                "op_summary_20250102030405_slice_0.csv",
                "op_summary_20250102030405_slice_1.csv"
            ]
        );
        let mut old: Vec<PathBuf> = ["op_summary_0_1.csv", "op_summary_1_1.csv"]
            .map(PathBuf::from)
            .to_vec();
        keep_newest(&mut old);
        assert_eq!(old.len(), 2);
        assert!(
            age(Path::new("PROF_000002_20240101000000000_A"))
                < age(Path::new("PROF_000001_20250101000000000_B"))
        );
    }
}

//! Names of tensors: prefixes that wrappers add, and names that occur twice.

use super::damaged;
use super::report::Report;
use super::tensor::Entry;
use crate::error::{Error, ErrorKind, Result};

/// What `DataParallel` and `DistributedDataParallel` put in front of every name.
const PARALLEL: &str = "module.";

/// Takes `module.` off if every name has it, and then `asked`, which every name must have.
///
/// # Errors
/// `InvalidArgument` if a name lacks the prefix that was asked for, `Format` if a name is there twice.
pub(super) fn settle(
    entries: &mut [Entry],
    report: &mut Report,
    asked: Option<&str>,
) -> Result<()> {
    let mut stripped = String::new();
    if !entries.is_empty() && names(entries, report).all(|name| name.starts_with(PARALLEL)) {
        strip(entries, report, PARALLEL);
        stripped.push_str(PARALLEL);
    }
    if let Some(prefix) = asked {
        if let Some(other) = names(entries, report).find(|name| !name.starts_with(prefix)) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!(
                    "the name {other:?} does not start with {prefix:?}; strip what all names have"
                ),
            ));
        }
        strip(entries, report, prefix);
        stripped.push_str(prefix);
    }
    report.stripped = Some(stripped).filter(|prefix| !prefix.is_empty());
    let mut sorted: Vec<&str> = names(entries, report).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(damaged(format!("two tensors have the name {:?}", pair[0]))),
        None => Ok(()),
    }
}

fn names<'e>(entries: &'e [Entry], report: &'e Report) -> impl Iterator<Item = &'e str> {
    let refused = report.refused.iter().map(|refused| refused.name.as_str());
    entries
        .iter()
        .map(|entry| entry.name.as_str())
        .chain(refused)
}

fn strip(entries: &mut [Entry], report: &mut Report, prefix: &str) {
    let refused = report.refused.iter_mut().map(|refused| &mut refused.name);
    for name in entries
        .iter_mut()
        .map(|entry| &mut entry.name)
        .chain(refused)
    {
        name.drain(..prefix.len());
    }
}

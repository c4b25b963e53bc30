//! Names of tensors: prefixes that wrappers add, rules of the caller, and names that occur twice.

use std::fmt;

use super::budget::Budget;
use super::damaged;
use super::fault::Fault;
use super::report::{Key, Renamed, Report};
use super::tensor::Entry;
use crate::error::{Error, ErrorKind, Result};

/// What `DataParallel` and `DistributedDataParallel` put in front of every name.
const PARALLEL: &str = "module.";

/// A rule that renames the tensors whose names it fits, and leaves the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    place: Place,
    from: String,
    to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Prefix,
    Suffix,
    Pattern,
}

impl Rename {
    /// Puts `to` in the place of `from` at the beginning: an empty `from` adds, an empty `to` strips.
    #[must_use]
    pub fn prefix(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::at(Place::Prefix, from.into(), to.into())
    }

    /// Puts `to` in the place of `from` at the end.
    #[must_use]
    pub fn suffix(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::at(Place::Suffix, from.into(), to.into())
    }

    /// Renames what the whole of `from` fits, where each `*` stands for any text, the first one for
    /// the shortest; the texts come back in their order for the `*` of `to`.
    ///
    /// `encoder.*.gamma` to `*.weight` turns `encoder.ln.gamma` into `ln.weight`.
    #[must_use]
    pub fn pattern(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::at(Place::Pattern, from.into(), to.into())
    }

    fn at(place: Place, from: String, to: String) -> Self {
        Self { place, from, to }
    }

    /// The new name, if the rule fits.
    fn apply(&self, name: &str) -> Option<String> {
        match self.place {
            Place::Prefix => {
                let rest = name.strip_prefix(&*self.from)?;
                Some(format!("{}{rest}", self.to))
            }
            Place::Suffix => {
                let rest = name.strip_suffix(&*self.from)?;
                Some(format!("{rest}{}", self.to))
            }
            Place::Pattern => {
                let mut texts = fit(&self.from, name)?.into_iter();
                let mut parts = self.to.split('*');
                let mut renamed = parts.next().unwrap_or_default().to_owned();
                for part in parts {
                    renamed += texts.next().unwrap_or_default();
                    renamed += part;
                }
                Some(renamed)
            }
        }
    }
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (&self.from, &self.to);
        match self.place {
            Place::Prefix => write!(f, "prefix {from:?} to {to:?}"),
            Place::Suffix => write!(f, "suffix {from:?} to {to:?}"),
            Place::Pattern => write!(f, "pattern {from:?} to {to:?}"),
        }
    }
}

/// What the stars of `pattern` stand for in `name`, if all of it fits.
fn fit<'n>(pattern: &str, name: &'n str) -> Option<Vec<&'n str>> {
    let Some((head, rest)) = pattern.split_once('*') else {
        return (pattern == name).then(Vec::new);
    };
    let mut left = name.strip_prefix(head)?;
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop()?;
    let mut texts = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        let at = left.find(part)?;
        texts.push(&left[..at]);
        left = &left[at + part.len()..];
    }
    texts.push(left.strip_suffix(tail)?);
    Some(texts)
}

/// Takes `module.` off if every name has it, then `asked`, which every name must have, and applies
/// the rules in turn. Gives the places of the entries in the order of their names.
///
/// # Errors
/// `InvalidArgument` if a name lacks the prefix that was asked for or if the rules give two tensors
/// one name, `Format` if a name is there twice in the file.
pub(super) fn settle(
    entries: &mut [Entry],
    report: &mut Report,
    asked: Option<&str>,
    rules: &[Rename],
    budget: &Budget,
) -> Result<Vec<usize>> {
    budget.charge(names(entries, report).count() * size_of::<usize>())?;
    let order = order(entries, report).map_err(|name| {
        damaged(format!("two tensors have the name {name:?}")).with_fault(Fault::Duplicate)
    })?;
    let mut stripped = String::new();
    if !entries.is_empty() && names(entries, report).all(|name| name.starts_with(PARALLEL)) {
        strip(entries, report, PARALLEL, budget)?;
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
        strip(entries, report, prefix, budget)?;
        stripped.push_str(prefix);
    }
    report.stripped = Some(stripped).filter(|prefix| !prefix.is_empty());
    if report.stripped.is_some() {
        report.stripped_names = names(entries, report).count();
    }
    if !rules.is_empty() {
        keep_paths(entries, budget)?;
    }
    for rule in rules {
        let mut names = 0;
        for name in names_mut(entries, report) {
            if let Some(renamed) = rule.apply(name) {
                names += usize::from(*name != renamed);
                *name = renamed;
            }
        }
        let rule = rule.to_string();
        report.renamed.push(Renamed { rule, names });
    }
    if rules.is_empty() {
        return Ok(order); // without a common beginning, names are in the same order
    }
    self::order(entries, report).map_err(|name| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the rules give two tensors the name {name:?}; change one of them"),
        )
    })
}

fn names<'e>(entries: &'e [Entry], report: &'e Report) -> impl Iterator<Item = &'e str> {
    let refused = report.refused.iter().map(|refused| refused.name.as_str());
    entries
        .iter()
        .map(|entry| entry.name.as_str())
        .chain(refused)
}

fn names_mut<'e>(
    entries: &'e mut [Entry],
    report: &'e mut Report,
) -> impl Iterator<Item = &'e mut String> {
    let refused = report.refused.iter_mut().map(|refused| &mut refused.name);
    entries
        .iter_mut()
        .map(|entry| &mut entry.name)
        .chain(refused)
}

/// The places of the entries in the order of their names, unless one name is there twice.
fn order(entries: &[Entry], report: &Report) -> Result<Vec<usize>, String> {
    let name = |at: usize| entries[at].name.as_str();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by(|&a, &b| name(a).cmp(name(b)));
    let mut refused: Vec<&str> = report
        .refused
        .iter()
        .map(|refused| &*refused.name)
        .collect();
    refused.sort_unstable();
    let twice = order.windows(2).find(|pair| name(pair[0]) == name(pair[1]));
    let twice = twice.map(|pair| name(pair[0]));
    let twice = twice.or_else(|| {
        let twice = refused.windows(2).find(|pair| pair[0] == pair[1]);
        twice.map(|pair| pair[0])
    });
    let is_given = |refused: &&&str| order.binary_search_by(|&at| name(at).cmp(refused)).is_ok();
    match twice.or_else(|| refused.iter().find(is_given).copied()) {
        Some(twice) => Err(twice.to_owned()),
        None => Ok(order),
    }
}

/// Keeps the names of the file as the paths of tensors that have no other.
fn keep_paths(entries: &mut [Entry], budget: &Budget) -> Result<()> {
    for entry in entries.iter_mut().filter(|entry| entry.path.is_empty()) {
        if !entry.name.is_empty() {
            budget.charge(size_of::<Key>() + entry.name.len())?;
            entry.path = vec![Key::Text(entry.name.clone())];
        }
    }
    Ok(())
}

fn strip(entries: &mut [Entry], report: &mut Report, prefix: &str, budget: &Budget) -> Result<()> {
    keep_paths(entries, budget)?;
    for name in names_mut(entries, report) {
        name.drain(..prefix.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_what_fits_and_nothing_else() {
        let to = |rule: Rename, name: &str| rule.apply(name);
        let prefix = || Rename::prefix("model.", "");
        assert_eq!(to(prefix(), "model.fc").as_deref(), Some("fc"));
        assert_eq!(to(prefix(), "net.model.fc"), None);
        assert_eq!(
            to(Rename::prefix("", "net."), "fc").as_deref(),
            Some("net.fc")
        );
        let suffix = Rename::suffix(".gamma", ".weight");
        assert_eq!(to(suffix, "ln.gamma").as_deref(), Some("ln.weight"));
        let pattern = || Rename::pattern("layers.*.attn.*", "blocks.*.*");
        assert_eq!(
            to(pattern(), "layers.3.attn.q.weight").as_deref(),
            Some("blocks.3.q.weight")
        );
        assert_eq!(to(pattern(), "layers.3.mlp"), None);
        assert_eq!(to(Rename::pattern("a", "b"), "a").as_deref(), Some("b"));
        assert_eq!(to(Rename::pattern("a", "b"), "aa"), None);
        assert_eq!(to(Rename::pattern("a*a", "*"), "a"), None);
        assert_eq!(
            to(Rename::pattern("*.*", "*"), "x.y.z").as_deref(),
            Some("x")
        );
    }
}

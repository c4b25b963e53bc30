use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;

use super::finding::Name;
use crate::{Error, Result};

/// The most rows that a table may have.
const MOST_ROWS: usize = 100_000;

/// The last version of an operator set that a table may name.
const LAST: i64 = 999;

static TABLE: &str = include_str!("operators.tsv");

/// The operators for which `atc`'s ONNX front end has a parser.
///
/// The default is what the public plugins register. An installed CANN may have more (closed plugins)
/// or less: [`replace`](Self::replace) reads what differs.
#[derive(Clone, Debug)]
pub struct Operators {
    /// By operator and domain.
    rows: HashMap<String, HashMap<String, Row>>,
}

#[derive(Clone, Debug, Default)]
struct Row {
    versions: Option<Versions>,
    remedy: String,
}

/// The versions of an operator set for which an operator has a parser: ranges in ascending order, with
/// gaps between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Versions(Vec<RangeInclusive<i64>>);

/// What the table tells of an operator.
pub(super) enum Entry<'t> {
    /// It has a parser.
    Registered,
    /// It has one for other versions.
    OtherVersions(&'t Versions, &'t str),
    /// It has none; the text says what to do instead.
    Missing(&'t str),
    /// It is known by name only.
    Unlisted,
    /// There is no such operator.
    Unknown,
}

impl Default for Operators {
    fn default() -> Self {
        let mut operators = Self {
            rows: HashMap::new(),
        };
        for line in TABLE.lines() {
            // A test reads the table strictly.
            let _ = operators.read_line(line);
        }
        operators
    }
}

impl Operators {
    /// Replaces rows by those of `table`: lines of domain, operator, versions and, if wanted, what to
    /// do where it is missing, with a space or tab between them.
    ///
    /// Versions are numbers and ranges (`8-18`, `11,16-18`), or `none`. With `*` for the operator the
    /// versions are added to every operator of the domain that has some. `#` starts a comment.
    ///
    /// # Errors
    /// `Invalid` if a line is of another form; it is named by its number.
    pub fn replace(&mut self, table: &str) -> Result<()> {
        for (index, line) in table.lines().enumerate() {
            if index >= MOST_ROWS {
                return Err(Error::invalid(format!(
                    "the table of operators has more than {MOST_ROWS} lines"
                )));
            }
            self.read_line(line)
                .map_err(|error| error.within(format_args!("line {}", index + 1)))?;
        }
        Ok(())
    }

    fn read_line(&mut self, line: &str) -> Result<()> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let mut fields = line.splitn(4, char::is_whitespace).map(str::trim);
        let (Some(domain), Some(operator), Some(versions)) =
            (fields.next(), fields.next(), fields.next())
        else {
            return Err(Error::invalid(format!(
                "{:?} is no row: write domain, operator and versions, such as `ai.onnx Conv 8-18`",
                Name(line).to_string()
            )));
        };
        let read = match versions {
            "none" => Some(Versions::default()),
            "?" => None,
            _ => Some(Versions::read(versions)?),
        };
        if operator == "*" {
            let added = read.unwrap_or_default();
            let of_domain = self
                .rows
                .values_mut()
                .filter_map(|rows| rows.get_mut(domain));
            let known = of_domain.filter_map(|row| row.versions.as_mut());
            for versions in known.filter(|versions| !versions.0.is_empty()) {
                versions.add(&added);
            }
            return Ok(());
        }
        let row = Row {
            versions: read,
            remedy: fields.next().unwrap_or_default().to_owned(),
        };
        let domains = self.rows.entry(operator.to_owned()).or_default();
        domains.insert(domain.to_owned(), row);
        Ok(())
    }

    /// Looks the key `domain::version::operator` up, as `atc` does: exactly.
    pub(super) fn entry(&self, domain: &str, version: i64, operator: &str) -> Entry<'_> {
        let row = self.rows.get(operator).and_then(|rows| rows.get(domain));
        let Some(row) = row else {
            return Entry::Unknown;
        };
        match &row.versions {
            None => Entry::Unlisted,
            Some(versions) if versions.contain(version) => Entry::Registered,
            Some(versions) if versions.0.is_empty() => Entry::Missing(&row.remedy),
            Some(versions) => Entry::OtherVersions(versions, &row.remedy),
        }
    }

    /// Gives the names of a domain's operators that have a parser in some version.
    pub(super) fn names<'t>(&'t self, domain: &'t str) -> impl Iterator<Item = &'t str> {
        let has_parser = move |rows: &HashMap<String, Row>| {
            let versions = rows.get(domain).and_then(|row| row.versions.as_ref());
            versions.is_some_and(|versions| !versions.0.is_empty())
        };
        let rows = self.rows.iter().filter(move |(_, rows)| has_parser(rows));
        rows.map(|(name, _)| name.as_str())
    }

    /// Tells whether any operator of a domain is known.
    pub(super) fn knows_domain(&self, domain: &str) -> bool {
        self.names(domain).next().is_some()
    }

    /// Tells whether at least half of a domain's operators have a parser for a version.
    pub(super) fn covers(&self, domain: &str, version: i64) -> bool {
        let versions = self.rows.values().filter_map(|rows| rows.get(domain));
        let versions = versions.filter_map(|row| row.versions.as_ref());
        let (mut all, mut covered) = (0_usize, 0_usize);
        for versions in versions.filter(|versions| !versions.0.is_empty()) {
            all += 1;
            covered += usize::from(versions.contain(version));
        }
        covered * 2 > all
    }
}

impl Versions {
    fn read(text: &str) -> Result<Self> {
        let number = |text: &str| {
            text.parse()
                .ok()
                .filter(|number| (0..=LAST).contains(number))
        };
        let range = |part: &str| match part.split_once('-') {
            Some((first, last)) => Some(number(first)?..=number(last)?),
            None => number(part).map(|version| version..=version),
        };
        let ranges: Option<Vec<_>> = text.split(',').map(range).collect();
        let ranges = ranges.filter(|ranges| ranges.iter().all(|range| !range.is_empty()));
        let joined = |ranges| {
            let mut versions = Self::default();
            versions.add(&Self(ranges));
            versions
        };
        ranges.map(joined).ok_or_else(|| {
            Error::invalid(format!(
                "{:?} are no versions: write 8-18, 11,16-18 or none",
                Name(text).to_string()
            ))
        })
    }

    /// Adds versions; ranges that touch become one.
    fn add(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
        self.0.sort_by_key(|range| *range.start());
        self.0.dedup_by(|next, range| {
            let touches = *next.start() <= range.end() + 1;
            if touches {
                *range = *range.start()..=*range.end().max(next.end());
            }
            touches
        });
    }

    pub(super) fn contain(&self, version: i64) -> bool {
        self.0.iter().any(|range| range.contains(&version))
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            let (first, last) = (range.start(), range.end());
            if first == last {
                write!(f, "{separator}{first}")?;
            } else {
                write!(f, "{separator}{first} to {last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::NpuOp;

    fn found(operators: &Operators, key: &str) -> &'static str {
        let parts: Vec<&str> = key.split("::").collect();
        match operators.entry(parts[0], parts[1].parse().unwrap(), parts[2]) {
            Entry::Registered => "registered",
            Entry::OtherVersions(..) => "other versions",
            Entry::Missing(remedy) => {
                assert!(!remedy.is_empty(), "{key}");
                "missing"
            }
            Entry::Unlisted => "unlisted",
            Entry::Unknown => "unknown",
        }
    }

    #[test]
    fn the_table_is_sound() {
        let mut strict = Operators::default();
        strict.replace(TABLE).unwrap();
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let mut keys: Vec<_> = rows
            .map(|row| row.split('\t').take(2).collect::<Vec<_>>())
            .collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "an operator is there twice");
        let operators = Operators::default();
        for (key, expected) in [
            ("ai.onnx::8::Conv", "registered"),
            ("ai.onnx::18::Conv", "registered"),
            ("ai.onnx::7::Conv", "other versions"),
            ("ai.onnx::19::Conv", "other versions"),
            ("ai.onnx::16::LayerNormalization", "other versions"),
            ("ai.onnx::17::LayerNormalization", "registered"),
            ("ai.onnx::11::GridSample", "registered"),
            ("ai.onnx::12::GridSample", "other versions"),
            ("ai.onnx::18::ReduceL2", "other versions"),
            ("ai.onnx::22::AscendQuant", "registered"),
            ("ai.onnx::13::QuantizeLinear", "missing"),
            ("ai.onnx::11::Loop", "missing"),
            ("ai.onnx::11::Unique", "registered"),
            ("ai.onnx::11::CastLike", "unlisted"),
            ("npu::1::NPUOneHot", "registered"),
            ("ai.onnx::11::NPUOneHot", "registered"),
            ("npu::2::NPUOneHot", "other versions"),
            ("npu::1::NPUGeGlu", "missing"),
            ("npu::1::NPUGeglu", "registered"),
            ("ai.onnx::11::Convv", "unknown"),
        ] {
            assert_eq!(found(&operators, key), expected, "{key}");
        }
        assert!(operators.covers("ai.onnx", 11) && !operators.covers("ai.onnx", 19));
    }

    /// What `npu.tsv` tells of an operator of `torch_npu` is what the table here does.
    #[test]
    fn both_tables_tell_the_same_of_npu_operators() {
        let operators = Operators::default();
        let versions = |domain: &str, name: &str| {
            let row = operators.rows.get(name)?.get(domain)?;
            row.versions.clone()
        };
        let ranges = |range: Option<RangeInclusive<i64>>| Versions(range.into_iter().collect());
        for op in NpuOp::all() {
            let own = op.npu_version.map(|version| version..=version);
            assert_eq!(versions("npu", op.name), Some(ranges(own)), "{}", op.name);
            let onnx = op.onnx_versions.clone();
            assert_eq!(
                versions("ai.onnx", op.name),
                Some(ranges(onnx)),
                "{}",
                op.name
            );
        }
        for (name, rows) in &operators.rows {
            let is_of_npu = name.starts_with("NPU") || rows.contains_key("npu");
            assert!(
                !is_of_npu || NpuOp::named(name).is_some(),
                "npu.tsv lacks {name}"
            );
        }
    }

    #[test]
    fn versions_that_touch_are_one_range() {
        for (text, expected) in [
            ("8-18", "8 to 18"),
            ("11,8-10,16-18", "8 to 11 and 16 to 18"),
            ("8-18,9,19", "8 to 19"),
            ("1,3,5", "1, 3 and 5"),
        ] {
            assert_eq!(Versions::read(text).unwrap().to_string(), expected);
        }
        let mut operators = Operators::default();
        operators
            .replace(&"ai.onnx * 19\nai.onnx * 3-20\n".repeat(100))
            .unwrap();
        let row = &operators.rows["Conv"]["ai.onnx"];
        assert_eq!(row.versions, Some(Versions(vec![3..=20])));
        assert!(operators.replace("ai.onnx Conv 8-1000").is_err());
    }

    #[test]
    fn a_users_table_adds_and_removes() {
        let mut operators = Operators::default();
        let table = "# ours\nai.onnx\tConv 8-20\nai.onnx Relu none use Clip\nacme Fuse 1,3\n";
        operators.replace(table).unwrap();
        assert_eq!(found(&operators, "ai.onnx::20::Conv"), "registered");
        assert_eq!(found(&operators, "ai.onnx::11::Relu"), "missing");
        assert_eq!(found(&operators, "acme::3::Fuse"), "registered");
        assert_eq!(found(&operators, "acme::2::Fuse"), "other versions");
        operators.replace("ai.onnx * 19").unwrap();
        assert_eq!(found(&operators, "ai.onnx::19::Softmax"), "registered");
        assert_eq!(found(&operators, "ai.onnx::19::Loop"), "missing");
        for (wrong, part) in [
            ("ai.onnx Conv", "line 1"),
            ("\nai.onnx Conv 8-x", "line 2"),
            ("ai.onnx Conv 18-8", "no versions"),
        ] {
            let error = operators.replace(wrong).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}

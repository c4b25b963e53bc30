//! Shapes as the command line writes them.

use std::fmt;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use ascend_rt::Error;
#[cfg(test)]
use ascend_rt::ErrorKind;

use super::inputs::{cannot_read, has_extension, invalid};

/// The most shapes that are tried in one call.
const MOST_TRIED: usize = 10_000;

/// Shapes by the names of inputs, as in `data:1,600;img:1,600`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named(pub(super) Vec<(String, Vec<usize>)>);

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inputs = text.split(';').filter(|input| !input.trim().is_empty());
        let inputs = inputs.map(|input| {
            let (name, dims) = split_name(input)?;
            let dims = dims.split(',').map(|dim| dim.trim().parse().ok());
            let dims = dims.collect::<Option<Vec<usize>>>();
            let dims = dims.ok_or_else(|| {
                format!("{input:?} is no shape: give NAME:1,3,224,224 for each input, with ; between them")
            })?;
            Ok((name.to_owned(), dims))
        });
        let inputs = inputs.collect::<Result<Vec<_>, String>>()?;
        if inputs.is_empty() {
            return Err("give NAME:1,3,224,224 for each input, with ; between them".to_owned());
        }
        Ok(Self(inputs))
    }
}

fn split_name(input: &str) -> Result<(&str, &str), String> {
    let split = input.trim().rsplit_once(':');
    split.ok_or_else(|| format!("{input:?} names no input: give NAME:1,3,224,224"))
}

/// As it is told on the command line.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, dims)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ";" };
            let dims: Vec<String> = dims.iter().map(usize::to_string).collect();
            write!(f, "{separator}{name}:{}", dims.join(","))?;
        }
        Ok(())
    }
}

/// What a dimension may be, one after the other.
type Lengths = Vec<RangeInclusive<usize>>;

/// Many shapes, as in `data:1,3,200~224,224-300`.
#[derive(Clone, Debug)]
pub(super) struct Sweep(Vec<Vec<(String, Vec<Lengths>)>>);

impl Sweep {
    /// Reads what the command line says, or the file of such lines that it names.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let file = Path::new(text);
        let is_file = has_extension(file, &["info"]);
        let content;
        let lines = if is_file {
            content = fs::read_to_string(file).map_err(|error| cannot_read(file, error))?;
            content.as_str()
        } else {
            text
        };
        let lines = lines
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(line);
        let lines = lines
            .collect::<Result<Vec<_>, String>>()
            .map_err(|why| invalid(format!("--dym-shape-range: {why}")))?;
        if lines.is_empty() {
            return Err(invalid(format!(
                "--dym-shape-range: {text:?} holds no shapes"
            )));
        }
        Ok(Self(lines))
    }

    /// Every combination, in the order in which a counter would go through them.
    pub(super) fn combinations(&self) -> Result<Vec<Named>, Error> {
        let count = |lengths: &Lengths| {
            let lens = lengths
                .iter()
                .map(|range| (range.end() - range.start()).saturating_add(1));
            lens.fold(0, usize::saturating_add)
        };
        let each = self.0.iter().map(|inputs| {
            let dims = inputs.iter().flat_map(|(_, dims)| dims);
            dims.map(count).fold(1, usize::saturating_mul)
        });
        let total = each.fold(0, usize::saturating_add);
        if total > MOST_TRIED {
            return Err(invalid(format!(
                "--dym-shape-range: these are {total} shapes, and one call tries {MOST_TRIED} at most: make the \
                 ranges smaller"
            )));
        }
        let mut all = Vec::with_capacity(total);
        for inputs in &self.0 {
            let first = all.len();
            all.push(Named(
                inputs
                    .iter()
                    .map(|(name, _)| (name.clone(), Vec::new()))
                    .collect(),
            ));
            for (input, (_, dims)) in inputs.iter().enumerate() {
                for lengths in dims {
                    let before: Vec<Named> = all.split_off(first);
                    for shape in before {
                        for length in lengths.iter().cloned().flatten() {
                            let mut shape = shape.clone();
                            shape.0[input].1.push(length);
                            all.push(shape);
                        }
                    }
                }
            }
        }
        Ok(all)
    }
}

/// A line of shapes.
fn line(line: &str) -> Result<Vec<(String, Vec<Lengths>)>, String> {
    let inputs = line.split(';').filter(|input| !input.trim().is_empty());
    let inputs = inputs.map(|input| {
        let (name, dims) = split_name(input)?;
        let dims = dims.split(',').map(|dim| {
            lengths(dim.trim()).ok_or_else(|| {
                format!("{dim:?} in {input:?} is no length: give 224, 200~224 for a range or 200-224 for a list")
            })
        });
        Ok((name.to_owned(), dims.collect::<Result<_, String>>()?))
    });
    inputs.collect()
}

fn lengths(dim: &str) -> Option<Lengths> {
    if let Some((first, last)) = dim.split_once('~') {
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        return (first <= last).then(|| vec![first..=last]);
    }
    let list = dim.split('-').map(|one| {
        let one: usize = one.trim().parse().ok()?;
        Some(one..=one)
    });
    list.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read() {
        for (text, shapes) in [
            ("x:1,3", Some(vec![("x", vec![1, 3])])),
            (
                "a:0:x:1, 3 ;y:5",
                Some(vec![("a:0:x", vec![1, 3]), ("y", vec![5])]),
            ),
            ("x:1;", Some(vec![("x", vec![1])])),
            ("", None),
            ("x", None),
            ("x:", None),
            ("x:-1", None),
            ("x:1,a", None),
            ("x:99999999999999999999", None),
        ] {
            let found = text.parse::<Named>().ok();
            let shapes = shapes.map(|shapes| {
                Named(
                    shapes
                        .into_iter()
                        .map(|(name, dims)| (name.to_owned(), dims))
                        .collect(),
                )
            });
            assert_eq!(found, shapes, "{text}");
        }
    }

    #[test]
    fn every_combination_is_tried() {
        let told = |text: &str| -> Vec<String> {
            let all = Sweep::read(text).unwrap().combinations().unwrap();
            all.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            told("x:1,2~3,5-9"),
            ["x:1,2,5", "x:1,2,9", "x:1,3,5", "x:1,3,9"]
        );
        assert_eq!(
            told("x:1-2;y:3-4"),
            ["x:1;y:3", "x:1;y:4", "x:2;y:3", "x:2;y:4"]
        );
        assert_eq!(told("x:1\nx:2~3"), ["x:1", "x:2", "x:3"]);
        for text in ["x:3~2", "x:a", "x", "", "x:1~"] {
            assert!(Sweep::read(text).is_err(), "{text}");
        }
        for text in ["x:1~99999999999", "x:0~18446744073709551615,1~9"] {
            let error = Sweep::read(text).unwrap().combinations().unwrap_err();
            assert!(error.to_string().contains("10000 at most"), "{error}");
        }
        assert_eq!(
            Sweep::read("missing.info").unwrap_err().kind(),
            ErrorKind::Io
        );
    }
}

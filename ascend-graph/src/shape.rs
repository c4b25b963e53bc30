//! How a compiler is told of shapes, in the words of Huawei's `atc`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};
use crate::{Text, text};

/// The least gears that a model may have; the most is a matter of the chip.
const LEAST_GEARS: usize = 2;

/// What one axis of an input is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// This extent.
    Fixed(i64),
    /// Any extent, chosen when the model runs.
    Free,
    /// An extent from the first to the second, or without a limit.
    Range(i64, Option<i64>),
}

/// The shape that an input is to have: `input:1,3,224,224`, with -1 for what each run decides and
/// `1~8` for a range. Without a name it goes to the input at its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputShape {
    /// The input's name.
    pub name: Option<String>,
    /// What each axis is to be.
    pub axes: Vec<Axis>,
}

impl InputShape {
    /// Gives the shape of fixed extents, with -1 for a free one.
    #[must_use]
    pub fn new(name: Option<&str>, dims: &[i64]) -> Self {
        let axis = |&dim: &i64| {
            if dim == -1 {
                Axis::Free
            } else {
                Axis::Fixed(dim)
            }
        };
        Self {
            name: name.map(str::to_owned),
            axes: dims.iter().map(axis).collect(),
        }
    }

    /// Tells whether an axis has a range.
    #[must_use]
    pub fn has_range(&self) -> bool {
        self.axes.iter().any(|axis| matches!(axis, Axis::Range(..)))
    }
}

impl FromStr for InputShape {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, axes) = match text.rsplit_once(':') {
            Some((name, axes)) => (Some(name).filter(|name| !name.is_empty()), axes),
            None => (None, text),
        };
        let mut axes = axes.split(',').map(str::trim).peekable();
        // A scalar has a name and no axes.
        if name.is_some() && axes.peek() == Some(&"") {
            axes.next();
        }
        let axes: Option<Vec<Axis>> = axes.map(|axis| axis.parse().ok()).collect();
        axes.map(|axes| Self {
            name: name.map(str::to_owned),
            axes,
        })
        .ok_or_else(|| {
            Error::invalid(text!(
                "{text} is no input shape: write name:1,3,224,224, with -1 for a free dimension \
                 and 1~8 for one with a range",
                text = format!("{text:?}")
            ))
        })
    }
}

impl fmt::Display for InputShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}:")?;
        }
        let axes: Vec<_> = self.axes.iter().map(Axis::to_string).collect();
        f.write_str(&axes.join(","))
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(extent) => write!(f, "{extent}"),
            Self::Free => f.write_str("-1"),
            Self::Range(least, Some(most)) => write!(f, "{least}~{most}"),
            Self::Range(least, None) => write!(f, "{least}~-1"),
        }
    }
}

impl FromStr for Axis {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let extent = |text: &str| text.parse().ok().filter(|&extent: &i64| extent >= 0);
        let axis = match text.split_once('~') {
            Some((least, "-1")) => extent(least).map(|least| Self::Range(least, None)),
            Some((least, most)) => extent(least)
                .zip(extent(most))
                .filter(|(least, most)| least <= most)
                .map(|(least, most)| Self::Range(least, Some(most))),
            None if text == "-1" => Some(Self::Free),
            None => extent(text).map(Self::Fixed),
        };
        axis.ok_or_else(|| {
            Error::invalid(text!(
                "{text} is no extent, -1 or range",
                text = format!("{text:?}")
            ))
        })
    }
}

/// The values that a model's free axes can be set to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Gears {
    /// There are none.
    #[default]
    None,
    /// Batch sizes, for the first axis of the inputs.
    Batch(Vec<u64>),
    /// Heights and widths of the pictures.
    Image(Vec<[u64; 2]>),
    /// A value for each free axis, in the order of the inputs' shapes.
    Dims(Vec<Vec<u64>>),
}

impl Gears {
    /// Reads batch sizes: `1,2,4`.
    ///
    /// # Errors
    /// `Invalid` if it is no such list, or one that `atc` refuses.
    pub fn batch(text: &str) -> Result<Self> {
        let sizes = numbers(text)?;
        let rows: Vec<Vec<u64>> = sizes.iter().map(|&size| vec![size]).collect();
        check(&rows)?;
        Ok(Self::Batch(sizes))
    }

    /// Reads heights and widths: `224,224;448,448`.
    ///
    /// # Errors
    /// `Invalid` if it is no such list, or one that `atc` refuses.
    pub fn image(text: &str) -> Result<Self> {
        let rows = rows(text)?;
        let pairs: Option<Vec<[u64; 2]>> = rows
            .iter()
            .map(|row| <[u64; 2]>::try_from(row.as_slice()).ok())
            .collect();
        pairs.map(Self::Image).ok_or_else(|| {
            Error::invalid(text!(
                "{text}: each gear is a height and a width",
                text = format!("{text:?}")
            ))
            .with_code("E10003")
        })
    }

    /// Reads values for all free axes: `1,224;2,448`.
    ///
    /// # Errors
    /// `Invalid` if it is no such list, or one that `atc` refuses.
    pub fn dims(text: &str) -> Result<Self> {
        rows(text).map(Self::Dims)
    }

    /// Gives the values of each gear.
    #[must_use]
    pub fn rows(&self) -> Vec<Vec<u64>> {
        match self {
            Self::None => Vec::new(),
            Self::Batch(sizes) => sizes.iter().map(|&size| vec![size]).collect(),
            Self::Image(sizes) => sizes.iter().map(|size| size.to_vec()).collect(),
            Self::Dims(gears) => gears.clone(),
        }
    }
}

impl fmt::Display for Gears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if matches!(self, Self::Batch(_)) {
            ","
        } else {
            ";"
        };
        let row = |row: &Vec<u64>| {
            let values: Vec<_> = row.iter().map(u64::to_string).collect();
            values.join(",")
        };
        let rows: Vec<_> = self.rows().iter().map(row).collect();
        f.write_str(&rows.join(separator))
    }
}

fn rows(text: &str) -> Result<Vec<Vec<u64>>> {
    let rows = text.split(';').filter(|row| !row.trim().is_empty());
    let rows: Vec<_> = rows.map(numbers).collect::<Result<_>>()?;
    check(&rows)?;
    Ok(rows)
}

fn numbers(text: &str) -> Result<Vec<u64>> {
    let number = |number: &str| number.trim().parse().ok();
    let numbers: Option<Vec<u64>> = text.split(',').map(number).collect();
    numbers.ok_or_else(|| {
        Error::invalid(text!(
            "{text}: not a list of whole numbers",
            text = format!("{text:?}")
        ))
        .with_code("E10003")
    })
}

/// The rules of `atc` that need neither model nor chip.
fn check(rows: &[Vec<u64>]) -> Result<()> {
    let refused = |code, why: Text| Err(Error::invalid(why).with_code(code));
    if rows.len() < LEAST_GEARS {
        let why = text!(
            "{count} gears; at least {least} are wanted",
            count = rows.len(),
            least = LEAST_GEARS
        );
        return refused("E10035", why);
    }
    if let Some(row) = rows.iter().find(|row| row.len() != rows[0].len()) {
        let why = text!(
            "gear {row} is not as long as {first}",
            row = format!("{row:?}"),
            first = format!("{:?}", rows[0])
        );
        return refused("E10037", why);
    }
    if let Some(row) = rows.iter().find(|row| row.contains(&0)) {
        return refused(
            "E10038",
            text!("gear {row} has a 0", row = format!("{row:?}")),
        );
    }
    let mut before = HashSet::new();
    if let Some(row) = rows.iter().find(|row| !before.insert(*row)) {
        return refused(
            "E10039",
            text!("gear {row} is there twice", row = format!("{row:?}")),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_as_atc_reads_them() {
        let shape: InputShape = "a:b:1,-1,2~8,3~-1".parse().unwrap();
        assert_eq!(shape.name.as_deref(), Some("a:b"));
        let range = [Axis::Range(2, Some(8)), Axis::Range(3, None)];
        assert_eq!(
            shape.axes,
            [&[Axis::Fixed(1), Axis::Free][..], &range].concat()
        );
        assert!("2~4".parse::<InputShape>().unwrap().name.is_none());
        for text in ["a:b:1,-1,2~8,3~-1", "1,3,-1", "scalar:"] {
            assert_eq!(text.parse::<InputShape>().unwrap().to_string(), text);
        }
        assert!("scalar:".parse::<InputShape>().unwrap().axes.is_empty());
        for wrong in [
            "",
            "input",
            "input:1,x",
            "input:-2",
            "input:8~1",
            "x:1,,2",
            "x:1~2~3",
        ] {
            assert!(wrong.parse::<InputShape>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn gears_are_read_and_written() {
        type Read = fn(&str) -> Result<Gears>;
        let readers: [(&str, Read); 3] = [
            ("1,2,4", Gears::batch),
            ("224,224;448,448", Gears::image),
            ("1,224;2,448", Gears::dims),
        ];
        for (text, read) in readers {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
        for (text, code) in [
            ("1", "E10035"),
            ("1,2;3", "E10037"),
            ("0,1;2,3", "E10038"),
            ("1,2;1,2", "E10039"),
            ("1,x;1,2", "E10003"),
        ] {
            let error = Gears::dims(text).unwrap_err();
            assert_eq!(error.code(), Some(code), "{error}");
            assert!(error.to_string().ends_with(&format!("({code})")), "{error}");
        }
        assert!(Gears::image("1,2,3;4,5,6").is_err());
    }
}

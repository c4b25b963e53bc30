//! `ascend diff`.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use ascend_graph::counted;
use ascend_rt::weights::{Checkpoint, DataType, Tensor};
use half::{bf16, f16};
use serde_json::{Value, json};

use crate::help::Example;
use crate::inspect::checkpoint::json::float;
use crate::progress::Progress;
use crate::weights::{WeightArgs, shown, total};

/// What the program answers when the files differ.
const DIFFERENT: u8 = 1;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "whether a conversion kept every tensor",
        "ascend diff weights.pth weights.safetensors",
    ),
    Example::new(
        "tensors that differ by more than a thousandth, for programs",
        "ascend diff weights.pth trained.pth --tolerance 1e-3 --json",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A checkpoint
    a: PathBuf,
    /// Another one, of any form
    b: PathBuf,
    /// Take numbers that differ by up to this much as the same; 0 and -0 are, and all NaN
    #[arg(long, value_name = "X", default_value_t = 0.0, value_parser = tolerance)]
    tolerance: f64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    weights: WeightArgs,
}

/// How one tensor differs.
struct Difference<'c> {
    name: &'c str,
    a: Tensor<'c>,
    b: Tensor<'c>,
    /// How far the numbers are apart; `None` if that cannot be told.
    elements: Option<Distance>,
}

/// How far the elements of two tensors are apart.
#[derive(Clone, Copy, Debug, Default)]
struct Distance {
    /// The greatest difference; infinite where one number is NaN or infinite and the other is not.
    max: f64,
    /// How many elements differ by more than is tolerated.
    count: usize,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let a = args.weights.open(&args.a)?;
    let b = args.weights.open(&args.b)?;
    let refused: BTreeSet<&str> = refused(&a).chain(refused(&b)).collect();
    let given = a.tensors().chain(b.tensors()).map(|tensor| tensor.name());
    let names: BTreeSet<&str> = given.filter(|name| !refused.contains(name)).collect();
    let mut only = [Vec::new(), Vec::new()];
    let mut different = Vec::new();
    let (mut same, mut as_numbers) = (0usize, Vec::new());
    let total = total(a.tensors());
    let (mut done, mut progress) = (0, Progress::new("comparing"));
    for name in names {
        match (a.get(name), b.get(name)) {
            (Some(a), Some(b)) => {
                match compare(a, b, args.tolerance) {
                    Comparison::Same => same += 1,
                    Comparison::SameNumbers => {
                        same += 1;
                        as_numbers.push(name);
                    }
                    Comparison::Different(elements) => different.push(Difference {
                        name,
                        a,
                        b,
                        elements,
                    }),
                }
                done += a.nbytes() as u64;
                progress.show(done, total);
            }
            (Some(_), None) => only[0].push(name),
            (None, _) => only[1].push(name),
        }
    }
    drop(progress);
    let is_same = different.is_empty() && refused.is_empty() && only.iter().all(Vec::is_empty);
    let found = Found {
        is_same,
        same,
        as_numbers,
        only,
        refused,
        different,
    };
    match found.tell(args) {
        // the answer is the exit code, also for who reads only the first lines
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(if is_same {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DIFFERENT)
    })
}

/// What the comparison found.
struct Found<'c> {
    is_same: bool,
    /// How many tensors are the same.
    same: usize,
    /// Those of them whose bytes differ.
    as_numbers: Vec<&'c str>,
    /// The names in the one file and in the other.
    only: [Vec<&'c str>; 2],
    refused: BTreeSet<&'c str>,
    different: Vec<Difference<'c>>,
}

impl Found<'_> {
    fn tell(&self, args: &Args) -> io::Result<()> {
        let Self {
            is_same,
            same,
            as_numbers,
            only,
            refused,
            different,
        } = self;
        let mut out = BufWriter::new(io::stdout().lock());
        if args.json {
            let told = json!({
                "same": is_same,
                "equal_tensors": same,
                "equal_as_numbers": as_numbers,
                "only_in_a": only[0],
                "only_in_b": only[1],
                "not_compared": refused,
                "different": different.iter().map(Difference::told).collect::<Vec<_>>(),
                "max_difference": max(different).map(float),
            });
            writeln!(out, "{told:#}")?;
        } else {
            for (file, names) in [&args.a, &args.b].into_iter().zip(only) {
                for name in names {
                    writeln!(
                        out,
                        "only in {}: {}",
                        shown(&file.display().to_string()),
                        shown(name)
                    )?;
                }
            }
            for name in refused {
                writeln!(
                    out,
                    "not compared, since it cannot be given: {}",
                    shown(name)
                )?;
            }
            for difference in different {
                difference.print(&mut out)?;
            }
            let verb = if *same == 1 { "is" } else { "are" };
            write!(out, "{} {verb} the same", counted(*same, "tensor"))?;
            if !as_numbers.is_empty() {
                let count = as_numbers.len();
                write!(
                    out,
                    " ({count} of them as numbers, not in each bit: within the tolerance, 0 and -0, or NaN)"
                )?;
            }
            if !*is_same {
                let (different, a, b) = (different.len(), only[0].len(), only[1].len());
                write!(
                    out,
                    ", {different} differ, {a} and {b} are in one file only"
                )?;
            }
            if let Some(max) = max(different) {
                write!(out, "; the greatest difference is {max:e}")?;
            }
            writeln!(out)?;
        }
        out.flush()
    }
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    number.ok_or_else(|| "give a number of 0 or more".to_owned())
}

/// The names of tensors that cannot be given.
fn refused(checkpoint: &Checkpoint) -> impl Iterator<Item = &str> {
    let refused = checkpoint.report().refused.iter();
    refused.map(|refused| refused.name.as_str())
}

fn max(different: &[Difference<'_>]) -> Option<f64> {
    let distances = different.iter().filter_map(|one| one.elements);
    distances.map(|distance| distance.max).reduce(f64::max)
}

/// Whether two tensors are the same, and if not, how far their elements are apart where that can be
/// told.
enum Comparison {
    Same,
    /// Equal as numbers are, or within the tolerance, but not in each bit.
    SameNumbers,
    Different(Option<Distance>),
}

fn compare(a: Tensor<'_>, b: Tensor<'_>, tolerance: f64) -> Comparison {
    if a.shape() != b.shape() {
        return Comparison::Different(None);
    }
    let is_same_type = a.dtype() == b.dtype() && a.quantisation() == b.quantisation();
    let (x, y) = (a.bytes(), b.bytes());
    if is_same_type && x == y {
        return Comparison::Same;
    }
    let distance = match (numbers(a.dtype(), &x), numbers(b.dtype(), &y)) {
        (Some(x), Some(y)) => distance(x, y, tolerance),
        _ => return Comparison::Different(None),
    };
    if is_same_type && distance.count == 0 {
        Comparison::SameNumbers
    } else {
        Comparison::Different(Some(distance))
    }
}

fn distance(
    x: impl Iterator<Item = Number>,
    y: impl Iterator<Item = Number>,
    tolerance: f64,
) -> Distance {
    let mut found = Distance::default();
    for (Number(x, x_rest), Number(y, y_rest)) in x.zip(y) {
        #[allow(clippy::float_cmp, reason = "equal infinities have no difference")]
        let apart = if x.is_finite() && y.is_finite() {
            ((x - y) + (x_rest - y_rest)).abs()
        } else if x == y || (x.is_nan() && y.is_nan()) {
            0.0
        } else {
            f64::INFINITY
        };
        found.max = found.max.max(apart);
        found.count += usize::from(apart > tolerance);
    }
    found
}

/// A number as the nearest double, and what is missing of an integer that no double is.
struct Number(f64, f64);

impl<T: Into<f64>> From<T> for Number {
    fn from(number: T) -> Self {
        Self(number.into(), 0.0)
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the second double holds what the first one lost"
)]
fn wide(number: impl Into<i128>) -> Number {
    let number = number.into();
    let nearest = number as f64;
    Number(nearest, (number - nearest as i128) as f64)
}

/// The elements; of complex numbers, both parts.
fn numbers(dtype: DataType, bytes: &[u8]) -> Option<Box<dyn Iterator<Item = Number> + '_>> {
    macro_rules! of {
        ($number:ty, $number_of:expr) => {
            Box::new(
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&number| $number_of(<$number>::from_le_bytes(number))),
            )
        };
    }
    Some(match dtype {
        DataType::Bool | DataType::U8 | DataType::QU8 => of!(u8, Number::from),
        DataType::I8 | DataType::QI8 => of!(i8, Number::from),
        DataType::I16 => of!(i16, Number::from),
        DataType::U16 => of!(u16, Number::from),
        DataType::I32 | DataType::QI32 => of!(i32, Number::from),
        DataType::U32 => of!(u32, Number::from),
        DataType::I64 => of!(i64, wide),
        DataType::U64 => of!(u64, wide),
        DataType::F16 | DataType::C32 => of!(f16, Number::from),
        DataType::BF16 => of!(bf16, Number::from),
        DataType::F32 | DataType::C64 => of!(f32, Number::from),
        DataType::F64 | DataType::C128 => of!(f64, Number::from),
        _ => return None,
    })
}

impl Difference<'_> {
    /// The facts that differ, each of both files.
    fn facts(&self) -> [Option<[String; 2]>; 2] {
        let (a, b) = (&self.a, &self.b);
        [
            (a.shape() != b.shape()).then(|| [a, b].map(|one| format!("{:?}", one.shape()))),
            (a.dtype() != b.dtype()).then(|| [a, b].map(|one| one.dtype().to_string())),
        ]
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut facts: Vec<String> = self
            .facts()
            .into_iter()
            .flatten()
            .map(|[a, b]| format!("{a} and {b}"))
            .collect();
        if self.a.quantisation() != self.b.quantisation() {
            facts.push("quantised in two ways".to_owned());
        }
        // complex numbers are compared by their parts
        let (of, what) = match self.a.len() {
            len if self.a.dtype().is_complex() => (2 * len, "parts of elements"),
            len => (len, "elements"),
        };
        facts.push(match self.elements {
            Some(Distance { max, count }) if max.is_infinite() => {
                format!("{count} of {of} {what} differ, some without bound (NaN, or infinite)")
            }
            Some(Distance { max, count }) => {
                format!("{count} of {of} {what} differ, by up to {max:e}")
            }
            None if self.a.shape() == self.b.shape() => "the elements differ".to_owned(),
            None => "the elements are not compared".to_owned(),
        });
        writeln!(out, "{}: {}", shown(self.name), facts.join(", "))
    }

    fn told(&self) -> Value {
        let (a, b) = (&self.a, &self.b);
        json!({
            "name": self.name,
            "shape": [a.shape(), b.shape()],
            "dtype": [a.dtype().name(), b.dtype().name()],
            "elements": self.elements.map(|distance| distance.count),
            "max_difference": self.elements.map(|one| float(one.max)),
        })
    }
}

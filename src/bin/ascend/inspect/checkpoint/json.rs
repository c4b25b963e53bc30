//! A checkpoint as JSON, in the spelling of other readers' test files.

use std::io::{self, Write};

use ascend_rt::weights::{
    Checkpoint, Key, Origin, Quantisation, Refused, Report, Scalar, Statistics, Tensor,
};
use serde_json::{Map, Number, Value, json};

use super::super::Args;
use super::Findings;

/// Prints the object; what it holds many of, one a line, and never all of it in memory.
pub(super) fn print(
    out: &mut impl Write,
    checkpoint: &Checkpoint,
    findings: &[Findings],
    args: &Args,
) -> io::Result<()> {
    let report = checkpoint.report();
    let file = args.file.file_name().unwrap_or(args.file.as_os_str());
    let mut object = Object {
        out,
        is_empty: true,
    };
    object.add("file", &json!(file.to_string_lossy()))?;
    object.add("outcome", &json!("ok"))?;
    object.add("form", &json!(checkpoint.form().name()))?;
    let entered = report.entered.as_ref().map(|key| [key]);
    object.add("weights_at", &json!(entered))?;
    object.add("prefix_stripped", &json!(report.stripped))?;
    print_report(&mut object, report)?;
    object.add_all(
        "shared",
        checkpoint.shared().iter().map(|names| json!(names)),
    )?;
    let weights = checkpoint.in_file_order().zip(findings);
    object.add_pairs(
        "weights",
        weights.map(|pair| (pair.0.name(), described(&pair, args.stats).into())),
    )?;
    let all_tensors = super::all(checkpoint).zip(findings);
    object.add_all(
        "all_tensors",
        all_tensors.map(|pair| {
            let mut described = described(&pair, args.stats);
            described.insert("path".into(), path(&pair.0.path()));
            described.into()
        }),
    )?;
    writeln!(out, "\n}}")
}

/// What the report tells; of what a file does not have, nothing.
fn print_report(object: &mut Object<'_, impl Write>, report: &Report) -> io::Result<()> {
    let refused = |refused: &Refused| {
        json!({
            "name": refused.name,
            "path": path(&refused.path),
            "kind": refused.fault.name(),
            "message": refused.reason,
        })
    };
    let values = report.values.iter();
    object.add_all(
        "values",
        values.map(|valued| json!({"path": path(&valued.path), "value": scalar(&valued.value)})),
    )?;
    let opaque = report.opaque.iter();
    object.add_some(
        "opaque",
        opaque.map(|opaque| json!({"path": path(&opaque.path), "class": opaque.class})),
    )?;
    let unsupported = report.refused.iter();
    object.add_some(
        "unsupported",
        unsupported.map(|refused| path(&refused.path)),
    )?;
    let all_refused = report.refused.iter().chain(&report.refused_beside);
    object.add_some("refused", all_refused.map(refused))?;
    let left = report.left.iter();
    object.add_some(
        "left",
        left.map(|left| json!({"name": left.name, "tensors": left.tensors})),
    )?;
    let renamed = report.renamed.iter();
    object.add_some(
        "renamed",
        renamed.map(|renamed| json!({"rule": renamed.rule, "names": renamed.names})),
    )?;
    object.add_some("notes", report.notes.iter().map(|note| json!(note)))?;
    object.add_some("shards", report.shards.iter().map(|shard| json!(shard)))?;
    object.add_some("locations", report.locations.iter().map(|at| json!(at)))?;
    if !report.metadata.is_empty() {
        object.add("metadata", &json!(report.metadata))?;
    }
    if let Some(protocol) = report.pickle_protocol {
        object.add("pickle_protocol", &json!(protocol))?;
    }
    if let Some(writer) = &report.written_by {
        object.add("written_by", &json!(writer))?;
    }
    if let Some(location) = report.locations.iter().find(|at| *at != "cpu") {
        object.add("location", &json!(location))?;
    }
    if report.npu {
        object.add("npu", &json!(true))?;
    }
    if let Some(model) = &report.model {
        object.add("whole_model", &json!(true))?;
        object.add("classes", &json!(model.classes))?;
        object.add("modules", &json!(model.modules))?;
        object.add("training", &json!(model.training))?;
    }
    Ok(())
}

/// An object that is being printed.
struct Object<'o, W> {
    out: &'o mut W,
    is_empty: bool,
}

impl<W: Write> Object<'_, W> {
    fn key(&mut self, key: &str) -> io::Result<()> {
        let before = if self.is_empty { "{" } else { "," };
        self.is_empty = false;
        write!(self.out, "{before}\n  {}: ", json!(key))
    }

    fn add(&mut self, key: &str, value: &Value) -> io::Result<()> {
        self.key(key)?;
        write!(self.out, "{value}")
    }

    /// An array, one item a line.
    fn add_all(&mut self, key: &str, items: impl Iterator<Item = Value>) -> io::Result<()> {
        self.key(key)?;
        let mut before = "[\n    ";
        let mut after = "[]";
        for item in items {
            write!(self.out, "{before}{item}")?;
            (before, after) = (",\n    ", "\n  ]");
        }
        self.out.write_all(after.as_bytes())
    }

    /// An array, unless it is empty.
    fn add_some(&mut self, key: &str, items: impl Iterator<Item = Value>) -> io::Result<()> {
        let mut items = items.peekable();
        match items.peek() {
            Some(_) => self.add_all(key, items),
            None => Ok(()),
        }
    }

    /// An object, one pair a line.
    fn add_pairs<'k>(
        &mut self,
        key: &str,
        pairs: impl Iterator<Item = (&'k str, Value)>,
    ) -> io::Result<()> {
        self.key(key)?;
        let mut before = "{\n    ";
        let mut after = "{}";
        for (key, value) in pairs {
            write!(self.out, "{before}{}: {value}", json!(key))?;
            (before, after) = (",\n    ", "\n  }");
        }
        self.out.write_all(after.as_bytes())
    }
}

fn described(
    (tensor, found): &(Tensor<'_>, &Findings),
    has_statistics: bool,
) -> Map<String, Value> {
    let mut described = Map::new();
    let mut add = |key: &str, value: Value| described.insert(key.to_owned(), value);
    add("dtype", tensor.dtype().name().into());
    add("shape", json!(tensor.shape()));
    add("nbytes", tensor.nbytes().into());
    if let Some(sha256) = &found.sha256 {
        add("sha256", json!(sha256));
    }
    if has_statistics {
        add("stats", statistics(found.statistics.as_ref(), tensor.len()));
    }
    if tensor.origin() != Origin::Tensor {
        add("numpy", true.into());
    }
    if tensor.origin() == Origin::NumpyScalar {
        add("scalar", true.into());
    }
    if let Some(quantisation) = tensor.quantisation() {
        let scheme = quantisation.scheme();
        add(
            "quant",
            match quantisation {
                Quantisation::PerTensor { scale, zero_point } => {
                    json!({"scheme": scheme, "scale": float(*scale), "zero_point": zero_point})
                }
                Quantisation::PerChannel {
                    axis,
                    scales,
                    zero_points,
                    has_float_zero_points,
                } => {
                    let zero_points = zero_points.iter().map(|&zero| {
                        let is_whole = !has_float_zero_points && zero.fract() == 0.0;
                        let digits = format!("{zero:.0}").parse().ok().filter(|_| is_whole);
                        digits.map_or_else(|| float(zero), Value::Number)
                    });
                    let scales = scales.iter().copied().map(float);
                    json!({
                        "scheme": scheme,
                        "axis": axis,
                        "scales": scales.collect::<Vec<_>>(),
                        "zero_points": zero_points.collect::<Vec<_>>(),
                    })
                }
                _ => json!({"scheme": scheme}),
            },
        );
    }
    described
}

/// What is true of no number where there is none is `null`.
pub(crate) fn statistics(statistics: Option<&Statistics>, len: usize) -> Value {
    statistics.map_or(Value::Null, |found| {
        let of_finite = |number| (found.nan + found.infinite < len).then(|| float(number));
        json!({
            "min": of_finite(found.min),
            "max": of_finite(found.max),
            "mean": of_finite(found.mean),
            "std": of_finite(found.std),
            "nan": found.nan,
            "infinite": found.infinite,
            "zero": found.zero,
        })
    })
}

fn path(path: &[Key]) -> Value {
    path.iter()
        .map(|key| match key {
            Key::Text(text) => json!(text),
            Key::Index(index) => json!(index),
        })
        .collect()
}

fn scalar(value: &Scalar) -> Value {
    match value {
        Scalar::Bool(value) => json!(value),
        Scalar::Int(value) => json!(value),
        Scalar::Large(digits) => match digits.parse::<Number>() {
            Ok(number) => number.into(),
            Err(_) => json!(digits),
        },
        Scalar::Float(value) => float(*value),
        Scalar::Text(text) => json!(text),
        _ => Value::Null,
    }
}

/// A float; JSON has no others than finite numbers, so those are named.
pub(crate) fn float(number: f64) -> Value {
    if number.is_finite() {
        json!(number)
    } else if number.is_nan() {
        json!("NaN")
    } else if number > 0.0 {
        json!("Infinity")
    } else {
        json!("-Infinity")
    }
}

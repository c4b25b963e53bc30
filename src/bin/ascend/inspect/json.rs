//! A checkpoint as JSON, in the spelling of other readers' test files.

use std::path::Path;

use ascend_rt::weights::{
    Checkpoint, Key, Origin, Quantisation, Refused, Report, Scalar, Statistics, Tensor,
};
use serde_json::{Map, Number, Value, json};

use super::Findings;

pub(super) fn told(
    file: &Path,
    checkpoint: &Checkpoint,
    findings: &[Findings],
    has_statistics: bool,
) -> Value {
    let report = checkpoint.report();
    let described = |(tensor, found): (Tensor<'_>, &Findings)| {
        let mut described = described(&tensor, found);
        if has_statistics {
            described.insert("stats".into(), statistics(found.statistics.as_ref()));
        }
        described
    };
    let weights: Map<String, Value> = checkpoint
        .in_file_order()
        .zip(findings)
        .map(|pair| (pair.0.name().to_owned(), described(pair).into()))
        .collect();
    let all_tensors: Vec<Value> = super::all(checkpoint)
        .zip(findings)
        .map(|pair| {
            let path = path(&pair.0.path());
            let mut described = described(pair);
            described.insert("path".into(), path);
            described.into()
        })
        .collect();
    let mut told = json!({
        "file": file.file_name().unwrap_or(file.as_os_str()).to_string_lossy(),
        "outcome": "ok",
        "form": checkpoint.form().name(),
        "weights": weights,
        "weights_at": report.entered.as_ref().map(|key| [key]),
        "prefix_stripped": report.stripped,
        "all_tensors": all_tensors,
        "shared": checkpoint.shared(),
    });
    if let Value::Object(told) = &mut told {
        add_report(told, report);
    }
    told
}

/// What the report tells; of what a file does not have, nothing.
fn add_report(told: &mut Map<String, Value>, report: &Report) {
    let mut add = |key: &str, value: Value| {
        let is_nothing = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(pairs) => pairs.is_empty(),
            _ => false,
        };
        if !is_nothing {
            told.insert(key.to_owned(), value);
        }
    };
    let values = report.values.iter();
    let values: Vec<Value> = values
        .map(|valued| json!({"path": path(&valued.path), "value": scalar(&valued.value)}))
        .collect();
    let opaque = report.opaque.iter();
    let opaque: Vec<Value> = opaque
        .map(|opaque| json!({"path": path(&opaque.path), "class": opaque.class}))
        .collect();
    let refused = |refused: &Refused| {
        json!({
            "name": refused.name,
            "path": path(&refused.path),
            "kind": refused.fault.name(),
            "message": refused.reason,
        })
    };
    let refused: Vec<Value> = report
        .refused
        .iter()
        .chain(&report.refused_beside)
        .map(refused)
        .collect();
    let unsupported = report.refused.iter();
    let unsupported: Vec<Value> = unsupported.map(|refused| path(&refused.path)).collect();
    let left = report.left.iter();
    let left: Vec<Value> = left
        .map(|left| json!({"name": left.name, "tensors": left.tensors}))
        .collect();
    let renamed = report.renamed.iter();
    let renamed: Vec<Value> = renamed
        .map(|renamed| json!({"rule": renamed.rule, "names": renamed.names}))
        .collect();
    add("metadata", json!(report.metadata));
    add("opaque", json!(opaque));
    add("unsupported", json!(unsupported));
    add("refused", json!(refused));
    add("left", json!(left));
    add("renamed", json!(renamed));
    add("notes", json!(report.notes));
    add("shards", json!(report.shards));
    add("pickle_protocol", json!(report.pickle_protocol));
    add("written_by", json!(report.written_by));
    add("locations", json!(report.locations));
    let location = report.locations.iter().find(|at| *at != "cpu");
    add("location", json!(location));
    if report.npu {
        add("npu", json!(true));
    }
    if let Some(model) = &report.model {
        add("whole_model", json!(true));
        add("classes", json!(model.classes));
        add("modules", json!(model.modules));
        add("training", json!(model.training));
    }
    told.insert("values".to_owned(), json!(values));
}

fn described(tensor: &Tensor<'_>, found: &Findings) -> Map<String, Value> {
    let mut described = Map::new();
    let mut add = |key: &str, value: Value| described.insert(key.to_owned(), value);
    add("dtype", tensor.dtype().name().into());
    add("shape", json!(tensor.shape()));
    add("nbytes", tensor.nbytes().into());
    if let Some(sha256) = &found.sha256 {
        add("sha256", json!(sha256));
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

fn statistics(statistics: Option<&Statistics>) -> Value {
    statistics.map_or(Value::Null, |found| {
        json!({
            "min": float(found.min),
            "max": float(found.max),
            "mean": float(found.mean),
            "std": float(found.std),
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
fn float(number: f64) -> Value {
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

//! The shared fixtures: files of every form with the facts that are known of them.
//!
//! They lie beside a full checkout; without them the tests that need them say so and pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ascend_rt::ErrorKind;
use ascend_rt::weights::{
    Checkpoint, Fault, Form, Key, Mode, OpenOptions, Origin, Quantisation, Scalar, Tensor,
};
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) fn fixtures(folder: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/fixtures")
        .join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no {}", folder.display());
    None
}

/// A fixture file and what is known of it.
struct Case {
    path: PathBuf,
    name: String,
    facts: Value,
}

fn cases(folder: &Path) -> Vec<Case> {
    const FACTS: &str = ".expected.json";
    let mut cases = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(stem) = path.to_str().unwrap().strip_suffix(FACTS) {
                // NaN and infinity are no JSON; they occur only among values that are not compared
                let text = fs::read_to_string(&path)
                    .unwrap()
                    .replace("Infinity", "0")
                    .replace("NaN", "0");
                let facts = serde_json::from_str(&text).unwrap();
                let name = Path::new(stem)
                    .file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                cases.push(Case {
                    path: stem.into(),
                    name,
                    facts,
                });
            }
        }
    }
    cases.sort_by(|a, b| a.path.cmp(&b.path));
    cases
}

#[derive(Debug, PartialEq)]
struct Facts {
    dtype: String,
    shape: Vec<u64>,
    sha256: String,
}

/// Expected tensors by name; names of nested objects are joined by dots, as the reader does.
fn expected(facts: &Value) -> BTreeMap<String, Facts> {
    let described = |tensor: &Value| Facts {
        dtype: tensor["dtype"].as_str().unwrap().to_owned(),
        shape: tensor["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|len| len.as_u64().unwrap())
            .collect(),
        sha256: tensor["sha256"].as_str().unwrap_or_default().to_owned(),
    };
    if let Some(weights) = facts["weights"].as_object() {
        return weights
            .iter()
            .map(|(name, tensor)| (name.clone(), described(tensor)))
            .collect();
    }
    BTreeMap::new()
}

fn given(tensor: Tensor<'_>) -> (String, Facts) {
    let bytes = tensor.bytes();
    assert_eq!(*bytes, *tensor.shared_bytes(), "{tensor:?}");
    assert_eq!(bytes.len(), tensor.nbytes(), "{tensor:?}");
    let sha256 = format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(&bytes)));
    let shape = tensor.shape().iter().map(|&len| len as u64).collect();
    (
        tensor.name().to_owned(),
        Facts {
            dtype: tensor.dtype().to_string(),
            shape,
            sha256,
        },
    )
}

/// Opens as the program does: whole models too, once the file turns out to hold one.
pub(crate) fn open(path: &Path) -> ascend_rt::Result<Checkpoint> {
    Checkpoint::open(path).or_else(|error| match error.fault() {
        Some(Fault::UnknownGlobal) => OpenOptions::new().mode(Mode::Model).open(path),
        _ => Err(error),
    })
}

fn path_json(path: &[Key]) -> Value {
    path.iter()
        .map(|key| match key {
            Key::Text(text) => json!(text),
            Key::Index(index) => json!(index),
        })
        .collect()
}

/// Everything that is known of a checkpoint, for comparison with the facts.
fn told(checkpoint: &Checkpoint) -> Value {
    let report = checkpoint.report();
    let described = |tensor: Tensor<'_>| {
        let (_, facts) = given(tensor);
        let mut described = json!({
            "path": path_json(&tensor.path()),
            "dtype": facts.dtype,
            "shape": facts.shape,
            "nbytes": tensor.nbytes(),
            "sha256": facts.sha256,
        });
        if tensor.origin() != Origin::Tensor {
            described["numpy"] = true.into();
        }
        if tensor.origin() == Origin::NumpyScalar {
            described["scalar"] = true.into();
        }
        match tensor.quantisation() {
            None => {}
            Some(Quantisation::PerTensor { scale, zero_point }) => {
                described["quant"] = json!({"scale": scale, "zero_point": zero_point});
            }
            Some(Quantisation::PerChannel {
                axis,
                scales,
                zero_points,
                ..
            }) => {
                described["quant"] =
                    json!({"axis": axis, "scales": scales, "zero_points": zero_points});
            }
            Some(other) => panic!("{other:?}"),
        }
        if let Some(quantisation) = tensor.quantisation() {
            described["quant"]["scheme"] = quantisation.scheme().into();
        }
        described
    };
    let value = |value: &Scalar| match value {
        Scalar::Bool(value) => json!(value),
        Scalar::Int(value) => json!(value),
        // beyond 64 bits serde_json keeps no digits
        Scalar::Large(digits) => json!(digits.parse::<f64>().unwrap()),
        // the facts are read with infinity as zero
        Scalar::Float(value) if !value.is_finite() => json!(0),
        Scalar::Float(value) => json!(value),
        Scalar::Text(text) => json!(text),
        _ => Value::Null,
    };
    let tensors = checkpoint.in_file_order().chain(checkpoint.beside());
    let location = report.locations.iter().find(|at| *at != "cpu");
    json!({
        "form": checkpoint.form().name(),
        "all_tensors": tensors.map(described).collect::<Vec<_>>(),
        "values": report.values.iter().map(|valued| json!({
            "path": path_json(&valued.path), "value": value(&valued.value),
        })).collect::<Vec<_>>(),
        "opaque": report.opaque.iter().map(|opaque| json!({
            "path": path_json(&opaque.path), "class": opaque.class,
        })).collect::<Vec<_>>(),
        "unsupported": report.refused.iter().map(|refused| path_json(&refused.path)).collect::<Vec<_>>(),
        "weights_at": report.entered.as_ref().map(|key| vec![key.clone()]),
        "prefix_stripped": report.stripped,
        "metadata": report.metadata,
        "whole_model": report.model.is_some(),
        "classes": report.model.as_ref().map(|model| model.classes.clone()),
        "npu": report.npu,
        "location": location,
        "shared": checkpoint.shared(),
        "pickle_protocol": report.pickle_protocol,
    })
}

/// The same, but for what the order of keys decides and for sparse tensors, which are refused.
fn sorted(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    let list = list.filter(|item| item.get("sparse").is_none());
    let mut sorted: Vec<String> = list.map(Value::to_string).collect();
    sorted.sort();
    sorted
}

/// Numbers are compared as numbers: 1 and 1.0 are one.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(pairs) => pairs.iter().map(|(k, v)| (k.clone(), normal(v))).collect(),
        other => other.clone(),
    }
}

#[test]
fn valid_checkpoints() {
    let Some(folder) = fixtures("checkpoints/valid") else {
        return;
    };
    let (mut read, mut tensors, mut wrong) = (0, 0, Vec::new());
    for case in cases(&folder) {
        let name = &case.name;
        let is_folder = case.facts["form"] == "torch-dcp";
        let path = if is_folder {
            case.path.parent().unwrap()
        } else {
            &case.path
        };
        let opened = open(path);
        if case.facts["outcome"] == "error" {
            let error = opened.expect_err(name);
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}");
            let kind = error.fault().map(Fault::name);
            assert_eq!(kind, case.facts["kind"].as_str(), "{name}: {error}");
            continue;
        }
        let checkpoint = match opened {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let told = told(&checkpoint);
        let given: BTreeMap<String, Facts> = checkpoint.tensors().map(given).collect();
        if case.facts["weights"].is_object() && given != expected(&case.facts) {
            wrong.push(format!(
                "{name}: {given:?} is not {:?}",
                expected(&case.facts)
            ));
        }
        for (key, fact) in case.facts.as_object().unwrap() {
            let here = &told[key];
            let same = match key.as_str() {
                "all_tensors" | "values" | "opaque" | "unsupported" => {
                    sorted(&normal(here)) == sorted(&normal(fact))
                }
                // the facts name some of the groups and of the classes
                "shared" | "classes" => {
                    let here = here.as_array().unwrap();
                    fact.as_array()
                        .unwrap()
                        .iter()
                        .all(|one| here.contains(one))
                }
                _ if here.is_null() && told.get(key).is_none() => true,
                _ => here == fact,
            };
            if !same {
                wrong.push(format!("{name}: {key} is {here}\n  in place of {fact}"));
            }
        }
        read += 1;
        tensors += given.len();
    }
    println!("valid: {read} files with {tensors} tensors read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read >= 128, "{read} files");
}

#[test]
fn hostile_checkpoints() {
    let Some(folder) = fixtures("checkpoints/hostile") else {
        return;
    };
    let (mut refused, mut harmless, mut wrong) = (0, 0, Vec::new());
    let mut slowest = (Duration::ZERO, String::new());
    for case in cases(&folder) {
        let name = case.path.strip_prefix(&folder).unwrap().to_str().unwrap();
        for mode in [Mode::Weights, Mode::Model] {
            let start = Instant::now();
            let result = OpenOptions::new().mode(mode).open(&case.path);
            let result = result.map(|checkpoint| {
                let tensors = checkpoint.tensors().map(given);
                tensors.collect::<BTreeMap<String, Facts>>()
            });
            let took = start.elapsed();
            slowest = slowest.max((took, name.to_owned()));
            match (case.facts["outcome"].as_str().unwrap(), result) {
                ("error", Ok(_)) => wrong.push(format!("{name}: opened, {}", case.facts["why"])),
                ("ok", Err(error)) => wrong.push(format!("{name}: {error}")),
                (_, Ok(given)) => {
                    if case.facts["weights"].is_object() && given != expected(&case.facts) {
                        wrong.push(format!("{name}: {given:?}"));
                    }
                    harmless += 1;
                }
                (_, Err(error)) => {
                    let kind = error.fault().map(Fault::name);
                    let is_free = case.facts["outcome"] == "either";
                    if !is_free
                        && case.facts["kind"].is_string()
                        && kind != case.facts["kind"].as_str()
                    {
                        let fact = &case.facts["kind"];
                        wrong.push(format!("{name}: {kind:?} in place of {fact}: {error}"));
                    }
                    let attack = case.facts["why"].as_str();
                    if let Some(attack) = attack.and_then(|why| why.strip_prefix("REDUCE of ")) {
                        let message = error.to_string();
                        let names = message.contains(&format!(": the file names {attack},"));
                        let places = message.contains("archive/data.pkl: byte ");
                        assert!(names && places, "{name}: {message}");
                    }
                    refused += 1;
                }
            }
        }
    }
    println!("the longest took {:?}: {}", slowest.0, slowest.1);
    println!("hostile: {refused} refused, {harmless} harmless");
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        println!(
            "peak memory of all tests so far: {}",
            peak.unwrap_or_default()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn resnet_in_three_containers() {
    let Some(folder) = fixtures("resnet") else {
        return;
    };
    let open = |name: &str| Checkpoint::open(folder.join(name)).unwrap();
    let tensors = |checkpoint: &Checkpoint| checkpoint.tensors().map(given).collect::<Vec<_>>();
    let [zip, wrapped, plain] = [
        "resnet18_w12.pth",
        "resnet18_w12.pth.tar",
        "resnet18_w12.safetensors",
    ]
    .map(open);
    assert_eq!(
        (zip.form(), plain.form()),
        (Form::TorchZip, Form::Safetensors)
    );
    println!("{}", wrapped.report());
    assert_eq!(wrapped.report().entered.as_deref(), Some("state_dict"));
    assert_eq!(wrapped.report().stripped.as_deref(), Some("module."));
    assert_eq!(zip.len(), 122);
    assert_eq!(tensors(&zip), tensors(&wrapped));
    assert_eq!(tensors(&zip), tensors(&plain));
    let first = zip.in_file_order().next().unwrap();
    assert_eq!(
        (first.name(), first.shape()),
        ("conv1.weight", &[12, 3, 7, 7][..])
    );
    assert!(
        matches!(first.bytes(), std::borrow::Cow::Borrowed(_)),
        "mapped, not copied"
    );
}

#[test]
fn chooses_keys_and_strips_on_request() {
    let Some(folder) = fixtures("checkpoints/valid") else {
        return;
    };
    let path = folder.join("zip_lightning_like.t215.ckpt");
    let stripped = OpenOptions::new().strip("model.").open(&path).unwrap();
    assert_eq!(
        stripped.in_file_order().next().unwrap().name(),
        "conv1.weight"
    );
    let error = OpenOptions::new().strip("net.").open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let error = OpenOptions::new().at("ema").open(&path).unwrap_err();
    assert!(error.to_string().contains("state_dict"), "{error}");
}

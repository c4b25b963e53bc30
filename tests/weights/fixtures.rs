//! The shared fixtures: files of every form with the facts that are known of them.
//!
//! They lie beside a full checkout; without them the tests that need them say so and pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, Form, OpenOptions, Tensor};
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn fixtures(folder: &str) -> Option<PathBuf> {
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
    let part = |part: &Value| {
        part.as_str()
            .map_or_else(|| part.to_string(), str::to_owned)
    };
    let all = facts["all_tensors"].as_array().unwrap().iter();
    all.map(|tensor| {
        let path: Vec<String> = tensor["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(part)
            .collect();
        (path.join("."), described(tensor))
    })
    .collect()
}

fn given(tensor: Tensor<'_>) -> (String, Facts) {
    let bytes = tensor.bytes();
    assert_eq!(*bytes, *tensor.shared_bytes(), "{tensor:?}");
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

/// Part of the message with which a valid file is refused, `None` if it is read.
fn refusal(case: &Case) -> Option<&'static str> {
    match case.facts["form"].as_str().unwrap() {
        "torch-legacy" => Some("legacy stream"),
        "torch-tar" => Some("tar form"),
        "torchscript" => Some("TorchScript"),
        "torch-zip-sharded" | "safetensors-sharded" => Some("several files"),
        "torch-export-pt2" => Some(".pt2"),
        "torch-dcp" => Some("torch.distributed.checkpoint"),
        "torch-zip" if case.facts["whole_model"] == true => Some("whole model"),
        "torch-zip" if case.name.starts_with("npu_v") => Some("torch_npu"),
        "torch-zip" if case.name.starts_with("zip_quantized") => Some("quantised"),
        "safetensors" | "torch-zip" => None,
        form => panic!("{}: form {form}", case.name),
    }
}

/// Tensors that are refused in a file whose other tensors are given.
fn refused_within(name: &str) -> &'static [&'static str] {
    match name.split('.').next().unwrap() {
        "npu_mixed_views" => &["npu_t", "npu_cl", "npu_half", "npu_i64"],
        "zip_sparse" => &["coo", "csr"],
        "zip_meta_tensor" => &["m"],
        _ => &[],
    }
}

#[test]
fn valid_checkpoints() {
    let Some(folder) = fixtures("checkpoints/valid") else {
        return;
    };
    let (mut read, mut tensors, mut refused) = (0, 0, 0);
    for case in cases(&folder) {
        let name = &case.name;
        let is_folder = case.facts["form"] == "torch-dcp";
        let path = if is_folder {
            case.path.parent().unwrap()
        } else {
            &case.path
        };
        let opened = Checkpoint::open(path);
        if let Some(words) = refusal(&case) {
            let error = opened.expect_err(name);
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{name}: {error}");
            assert!(error.to_string().contains(words), "{name}: {error}");
            refused += 1;
            continue;
        }
        let checkpoint = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = checkpoint.report();
        let mut expected = expected(&case.facts);
        for name in refused_within(name) {
            expected.remove(*name);
            let error = checkpoint.tensor(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        }
        assert_eq!(
            report.refused.len(),
            refused_within(name).len(),
            "{name}: {report}"
        );
        let given: BTreeMap<String, Facts> = checkpoint.tensors().map(given).collect();
        assert_eq!(given, expected, "{name}");
        assert_eq!(checkpoint.len(), expected.len(), "{name}");
        if let Some(at) = case.facts["weights_at"].as_array() {
            assert_eq!(report.entered.as_deref(), at[0].as_str(), "{name}");
        }
        if let Some(prefix) = case.facts.get("prefix_stripped") {
            assert_eq!(report.stripped.as_deref(), prefix.as_str(), "{name}");
        }
        read += 1;
        tensors += given.len();
    }
    println!("valid: {read} files with {tensors} tensors read, {refused} refused by name");
    assert_eq!((read, tensors, refused), (72, 2035, 58));
}

/// Hostile files that are in order for this reader; all others must be refused.
const HARMLESS: &[&str] = &[
    "pickle_cyclic_dict.pth",
    "pickle_memo_huge_index.pth",
    "pickle_trailing_bytes.pth",
    "pickle_unknown_rebuild.pth",
    "st_name_256KB.safetensors",
    "st_names_20000.safetensors",
    "st_shape_rank_100000.safetensors",
    "st_unknown_field.safetensors",
    "storage_key_not_string.pth",
    "storage_location_odd.pth",
    "tensor_zero_times_huge.pth",
    "zip_crc_wrong.pth",
    "zip_entry_in_directory.pth",
    "zip_local_size_differs.pth",
    "zip_multi_disk.pth",
    "zip_storage_alignment_lies.pth",
    "zip_traversal_names.pth",
    "zip_version_future.pth",
];

#[test]
fn hostile_checkpoints() {
    let Some(folder) = fixtures("checkpoints/hostile") else {
        return;
    };
    let (mut refused, mut harmless) = (0, Vec::<&str>::new());
    for case in cases(&folder) {
        let name = case
            .path
            .strip_prefix(&folder)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let start = Instant::now();
        let result = Checkpoint::open(&case.path).map(|checkpoint| {
            checkpoint
                .tensors()
                .map(given)
                .collect::<BTreeMap<String, Facts>>()
        });
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "{name}: {took:?}");
        match (case.facts["outcome"].as_str().unwrap(), result) {
            ("error", Ok(_)) => panic!("{name}: opened, {}", case.facts["why"]),
            ("ok", Err(error)) => panic!("{name}: {error}"),
            (_, Ok(given)) => {
                if case.facts["weights"].is_object() {
                    assert_eq!(given, expected(&case.facts), "{name}");
                }
                harmless.push(name.leak());
            }
            (_, Err(error)) => {
                if let Some(attack) = case.facts["why"]
                    .as_str()
                    .and_then(|why| why.strip_prefix("REDUCE of "))
                {
                    let message = error.to_string();
                    assert!(
                        message.contains(&format!(": the file names {attack},")),
                        "{name}: {message}"
                    );
                    assert!(
                        message.contains("archive/data.pkl: byte "),
                        "{name}: {message}"
                    );
                }
                refused += 1;
            }
        }
    }
    println!("hostile: {refused} refused, {} harmless", harmless.len());
    assert_eq!((refused, harmless.as_slice()), (217, HARMLESS));
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

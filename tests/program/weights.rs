//! `ascend inspect`, `ascend diff`, and `ascend convert` among forms of weights.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{WEIGHTS, ascend, fails, path, succeeds, text};

pub(super) fn floats<'a>(name: &'a str, numbers: &[f32]) -> NewTensor<'a> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    NewTensor::new(name, DataType::F32, [numbers.len()], bytes)
}

/// A folder with a checkpoint of these tensors.
pub(super) fn saved(name: &str, tensors: Vec<NewTensor<'_>>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    SaveOptions::new().save(tensors, &path).unwrap();
    (folder, path)
}

fn json_of(output: &[u8]) -> Value {
    serde_json::from_slice(output).unwrap()
}

#[test]
fn inspect_tells_what_is_in_a_checkpoint() {
    let odd = [f32::NAN, f32::INFINITY, 1.0, 3.0];
    let (_folder, file) = saved(
        "net.pth",
        vec![
            floats("module.conv.weight", &odd),
            floats("module.conv.bias", &[0.5]),
            floats("module.\u{1b}[31m", &[0.0]),
        ],
    );
    let told = json_of(succeeds(&["inspect", path(&file), "--json"]).as_bytes());
    assert_eq!(told["form"], "torch-zip");
    assert_eq!(told["prefix_stripped"], "module.");
    let weight = &told["weights"]["conv.weight"];
    assert_eq!(*weight, json!({"dtype": "F32", "shape": [4], "nbytes": 16}));
    let told =
        json_of(succeeds(&["inspect", path(&file), "--json", "--hash", "--stats"]).as_bytes());
    let bias = &told["weights"]["conv.bias"];
    let sha256 = "d99e58435243d9fef9c88273b8d553b4fba4d0baf8009d29eae74fa99e0d9f57";
    assert_eq!(bias["sha256"], sha256);
    let stats = &told["weights"]["conv.weight"]["stats"];
    assert_eq!((&stats["nan"], &stats["infinite"]), (&json!(1), &json!(1)));
    assert_eq!((&stats["min"], &stats["mean"]), (&json!(1.0), &json!(2.0)));

    let (_none, none) = saved("net.pth", vec![floats("w", &[f32::NAN]), floats("x", &[])]);
    let told = json_of(succeeds(&["inspect", path(&none), "--json", "--stats"]).as_bytes());
    assert!(told["weights"]["w"]["stats"]["min"].is_null(), "{told}");
    assert!(!succeeds(&["inspect", path(&none), "--stats"]).contains("mean"));
    let told = succeeds(&["inspect", path(&file), "--stats", "--hash"]);
    for part in [
        "torch-zip",
        "3 of 6 elements",
        "stripped \"module.\"",
        "1 NaN, 1 infinite",
    ] {
        assert!(told.contains(part), "{part:?} is missing in: {told}");
    }
    assert!(
        !told.contains('\u{1b}'),
        "a name must not reach the terminal as it is"
    );
    let tree = succeeds(&["inspect", path(&file), "--tree"]);
    let indented = tree.contains("conv  (2 tensors, 20 B)\n  weight  F32");
    assert!(indented, "{tree}");
}

#[test]
fn inspect_tells_errors_as_json_too() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("net.pth");
    let whole = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS)).unwrap();
    fs::write(&damaged, &whole[..whole.len() - 1]).unwrap();
    for (file, kind, code) in [
        (path(&damaged), "out_of_bounds", 7),
        ("missing.pth", "io", 9),
        ("README.md", "unknown_form", 7),
        (path(folder.path()), "unknown_form", 7),
    ] {
        let output = ascend(&["inspect", file, "--json"]);
        let told = json_of(&output.stdout);
        assert_eq!(told["error"]["kind"], kind, "{told}");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.starts_with(file), "{message}");
        assert!(text(&output.stderr).contains(message));
        assert_eq!(output.status.code(), Some(code));
        let output = ascend(&["inspect", file]);
        assert!(output.stdout.is_empty());
        assert_eq!(output.status.code(), Some(code));
    }
    let (_folder, plain) = saved("net.pth", vec![floats("w", &[1.0])]);
    let output = ascend(&["inspect", path(&plain), "--at", "ema", "--json"]);
    assert_eq!(output.status.code(), Some(6), "{}", text(&output.stderr));
    assert!(json_of(&output.stdout)["error"]["kind"].is_string());
    fails(&["inspect", WEIGHTS, "--rename", "a"], 6, &["OLD=NEW"]);
    fails(&["inspect"], 2, &["FILE"]);
}

#[test]
fn diff_answers_by_its_exit_code() {
    let (folder, a) = saved("a.pth", vec![floats("w", &[1.0, 2.0]), floats("x", &[0.0])]);
    let b = folder.path().join("b.safetensors");
    let save = |tensors: Vec<NewTensor<'_>>| {
        let options = SaveOptions::new().overwrite(true);
        options.save(tensors, &b).unwrap();
    };
    let differ = |more: &[&str]| {
        let output = ascend(&[&["diff", path(&a), path(&b)], more].concat());
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        (output.status.code().unwrap(), text(&output.stdout))
    };
    save(vec![floats("x", &[0.0]), floats("w", &[1.0, 2.0])]);
    assert_eq!(differ(&[]), (0, "2 tensors are the same\n".to_owned()));

    save(vec![floats("w", &[1.0, 2.25]), floats("y", &[0.0])]);
    let (code, told) = differ(&[]);
    assert_eq!(code, 1);
    for part in [
        "w: 1 of 2 elements differ, by up to 2.5e-1",
        "a.pth: x",
        "b.safetensors: y",
        "0 tensors are the same, 1 differ, 1 and 1 are in one file only",
    ] {
        assert!(told.contains(part), "{part:?} is missing in: {told}");
    }
    let (code, told) = differ(&["--json"]);
    let told = json_of(told.as_bytes());
    assert_eq!((code, &told["same"]), (1, &json!(false)));
    assert_eq!(told["max_difference"], 0.25);
    assert_eq!(
        (&told["only_in_a"], &told["only_in_b"]),
        (&json!(["x"]), &json!(["y"]))
    );

    save(vec![floats("w", &[1.0, 2.25]), floats("x", &[0.0])]);
    assert_eq!(differ(&["--tolerance", "0.25"]).0, 0);
    assert_eq!(differ(&["--tolerance", "0.2"]).0, 1);
    save(vec![floats("w", &[1.0, f32::NAN]), floats("x", &[0.0])]);
    assert_eq!(
        differ(&["--tolerance", "1000"]).0,
        1,
        "NaN is far from all numbers"
    );
    let wide = [1.0f64, 2.0].map(f64::to_le_bytes).concat();
    let wide = NewTensor::new("w", DataType::F64, [2], wide);
    save(vec![wide, floats("x", &[0.0])]);
    let (code, told) = differ(&[]);
    assert!(
        code == 1 && told.contains("w: F32 and F64, 0 of 2"),
        "{told}"
    );
    save(vec![floats("w", &[1.0]), floats("x", &[0.0])]);
    assert!(differ(&[]).1.contains("w: [2] and [1]"));

    fails(&["diff", path(&a), "missing.pth"], 9, &["missing.pth"]);
    fails(&["diff", path(&a), "README.md"], 7, &["README.md"]);
    fails(&["diff", path(&a)], 2, &["<B>"]);
}

#[test]
fn diff_tells_what_is_the_same_as_numbers_only() {
    let numbers = |numbers: &[f32]| saved("net.pth", vec![floats("w", numbers)]);
    let differ = |a: &Path, b: &Path, more: &[&str]| {
        let output = ascend(&[&["diff", path(a), path(b)], more].concat());
        (output.status.code().unwrap(), text(&output.stdout))
    };
    let (_a, a) = numbers(&[0.0, f32::NAN, 1.0]);
    let (_b, b) = numbers(&[-0.0, -f32::NAN, 1.0]);
    let (code, told) = differ(&a, &b, &[]);
    assert!(code == 0 && told.contains("1 of them as numbers"), "{told}");
    let told = json_of(differ(&a, &b, &["--json"]).1.as_bytes());
    assert_eq!(told["equal_as_numbers"], json!(["w"]));
    assert_eq!(told["same"], true);

    let (_c, c) = numbers(&[0.0, f32::INFINITY, 1.0]);
    let (code, told) = differ(&a, &c, &[]);
    assert!(code == 1 && told.contains("some without bound"), "{told}");
    let told = json_of(differ(&a, &c, &["--json"]).1.as_bytes());
    assert_eq!(told["max_difference"], "Infinity");
    assert_eq!(told["different"][0]["max_difference"], "Infinity");
    fails(
        &["diff", path(&a), path(&b), "--tolerance", "nan"],
        2,
        &["0 or more"],
    );
}

/// No double tells these integers apart.
#[test]
fn diff_compares_large_integers_exactly() {
    let signed = |number: i64| {
        let bytes = number.to_le_bytes().to_vec();
        saved(
            "net.pth",
            vec![NewTensor::new("w", DataType::I64, [1], bytes)],
        )
    };
    let unsigned = |number: u64| {
        let bytes = number.to_le_bytes().to_vec();
        saved(
            "net.pth",
            vec![NewTensor::new("w", DataType::U64, [1], bytes)],
        )
    };
    for ((_a, a), (_b, b)) in [
        (signed((1 << 62) + 1), signed((1 << 62) + 3)),
        (signed(i64::MIN), signed(i64::MIN + 2)),
        (unsigned(u64::MAX), unsigned(u64::MAX - 2)),
    ] {
        let output = ascend(&["diff", path(&a), path(&b)]);
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            told.contains("1 of 1 elements differ, by up to 2e0"),
            "{told}"
        );
        succeeds(&["diff", path(&a), path(&b), "--tolerance", "2"]);
    }
}

#[test]
fn weights_are_converted_among_forms() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let convert = |from: &str, to: &str, more: &[&str]| {
        succeeds(&[&["convert", from, path(&at(to))], more].concat())
    };
    let mut from = WEIGHTS.to_owned();
    for name in [
        "a.pth",
        "b.safetensors",
        "c.bin",
        "d.pt",
        "e.ckpt",
        "f.pth.tar",
    ] {
        let told = convert(&from, name, &[]);
        assert!(told.contains("320 tensors"), "{told}");
        let file = at(name);
        succeeds(&["diff", WEIGHTS, path(&file)]);
        from = path(&file).to_owned();
    }
    let told = convert(WEIGHTS, "model.safetensors", &["--max-shard-size", "1MB"]);
    assert!(
        told.contains("wrote") && told.contains("index.json"),
        "{told}"
    );
    let index = at("model.safetensors.index.json");
    succeeds(&["diff", WEIGHTS, path(&index)]);
    let told = convert(
        path(&index),
        "wide.pth",
        &["--dtype", "f32", "--prefix", "=net."],
    );
    assert!(told.contains("converted 267 tensors"), "{told}");
    let wide = Checkpoint::open(at("wide.pth")).unwrap();
    assert_eq!(wide.tensor("net.fc.bias").unwrap().dtype(), DataType::F32);
    // f16 to f32 and back loses nothing
    let back = ["--dtype", "f16", "--prefix", "net."];
    convert(path(&at("wide.pth")), "back.safetensors", &back);
    succeeds(&["diff", WEIGHTS, path(&at("back.safetensors"))]);
    let rules = ["--suffix", ".bias=.beta", "--rename", "fc.*=head.*"];
    convert(WEIGHTS, "renamed.pth", &rules);
    let renamed = Checkpoint::open(at("renamed.pth")).unwrap();
    assert!(renamed.get("head.beta").is_some());
}

#[test]
fn weights_that_cannot_be_converted_leave_no_file() {
    let (folder, file) = saved(
        "net.pth",
        vec![
            NewTensor::new("z", DataType::C128, [1], vec![0; 16]),
            floats("w", &[1e30]),
        ],
    );
    let to = folder.path().join("to.safetensors");
    let refused = |more: &[&str], code: i32, parts: &[&str]| {
        fails(&[&["convert", path(&file)], more].concat(), code, parts);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "a failed conversion leaves no file");
    };
    refused(&[path(&to)], 8, &["\"z\" holds C128", "save it as .pth"]);
    refused(&[path(&file)], 9, &["exists already"]);
    refused(&["/nonexistent/net.pth"], 9, &["/nonexistent/net.pth"]);
    refused(
        &[path(&to), "--dtype", "i8"],
        2,
        &["f16, bf16, f32 and f64"],
    );
    refused(&[path(&to), "--max-shard-size", "5XB"], 2, &["5GB"]);
    refused(&[path(&to), "--max-shard-size", "0"], 2, &["5GB"]);
    refused(
        &[path(&to), "--batch", "1"],
        6,
        &["which have no shapes of inputs"],
    );
    refused(
        &["net.om", "--max-shard-size", "5GB"],
        6,
        &["no file of weights"],
    );
    refused(&["net.xyz"], 6, &[".onnx or .om", ".safetensors"]);
    let output = ascend(&[
        "convert",
        path(&file),
        path(&file),
        "--dtype",
        "f16",
        "--overwrite",
    ]);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("\"w\" holds numbers too large"));
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

fn sorted(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    let mut sorted: Vec<String> = items.map(|item| normal(item).to_string()).collect();
    sorted.sort();
    sorted
}

/// Whether what is told under a key is the fact.
fn is_told(key: &str, told: &Value, fact: &Value) -> bool {
    match key {
        // about the making of the file
        "file" | "made_with" | "note" | "verified_by" | "policy" | "why" | "torchvision" => true,
        // sparse tensors are refused by name
        "all_tensors" => {
            let dense = fact.as_array().unwrap().iter();
            let dense = dense.filter(|item| item.get("sparse").is_none()).cloned();
            sorted(told) == sorted(&dense.collect())
        }
        "values" | "opaque" | "unsupported" => sorted(told) == sorted(fact),
        // the facts name some of them
        "shared" | "classes" => {
            let told = told.as_array().unwrap();
            fact.as_array()
                .unwrap()
                .iter()
                .all(|one| told.contains(one))
        }
        // of files that are no state dict, the facts have all tensors only
        "weights" => fact.is_null() || normal(told) == normal(fact),
        _ => normal(told) == normal(fact),
    }
}

/// What the program says of each shared fixture, key by key, against what is known of it.
#[test]
fn inspect_tells_the_facts_of_the_fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/checkpoints");
    if !root.is_dir() {
        println!("skipped: no {}", root.display());
        return;
    }
    let (mut folders, mut count, mut wrong) = (vec![root.clone()], 0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let facts = entry.unwrap().path();
            if facts.is_dir() {
                folders.push(facts);
                continue;
            }
            let Some(file) = path(&facts).strip_suffix(".expected.json") else {
                continue;
            };
            let known = fs::read_to_string(&facts).unwrap();
            // Python's spelling of what JSON lacks
            let known = known.replace(": Infinity", ": \"Infinity\"");
            let known: Value = serde_json::from_str(&known).unwrap();
            let output = ascend(&["inspect", file, "--json", "--hash"]);
            let message = text(&output.stderr);
            assert!(!message.contains("panicked"), "{file}: {message}");
            let told = json_of(&output.stdout);
            count += 1;
            let error = &told["error"]["kind"];
            assert_eq!(error.is_null(), output.status.success(), "{file}");
            if known["outcome"] == "either" {
                continue;
            }
            if known["outcome"] == "error" || !error.is_null() {
                let kind = &known["kind"];
                if error.is_null() || known["outcome"] == "ok" || !kind.is_null() && error != kind {
                    wrong.push(format!("{file}: {error} in place of {kind}: {message}"));
                }
                continue;
            }
            for (key, fact) in known.as_object().unwrap() {
                if !is_told(key, &told[key], fact) {
                    let here = &told[key];
                    wrong.push(format!("{file}: {key} is {here}\n  in place of {fact}"));
                }
            }
        }
    }
    // a whole model is taken unless that is forbidden
    let model = root.join("valid/zip_whole_module.t215.pth");
    let forbidden = ["inspect", path(&model), "--mode", "weights"];
    fails(
        &forbidden,
        8,
        &["a whole model, of class models.resnet_tiny.TinyResNet"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 360, "{count} files");
}

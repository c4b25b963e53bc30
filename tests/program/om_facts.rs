//! `ascend inspect` of each shared `.om`, key by key, against what is known of it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{ascend, path};

/// Whether all that is known is told, and what not.
fn compare(at: &str, told: &Value, fact: &Value, wrong: &mut Vec<String>) {
    match (told, fact) {
        (Value::Object(told), Value::Object(facts)) => {
            for (key, fact) in facts {
                let told = told.get(key).unwrap_or(&Value::Null);
                compare(&format!("{at}.{key}"), told, fact, wrong);
            }
        }
        (Value::Array(told), Value::Array(facts)) if told.len() == facts.len() => {
            for (index, (told, fact)) in told.iter().zip(facts).enumerate() {
                compare(&format!("{at}[{index}]"), told, fact, wrong);
            }
        }
        _ if told == fact => {}
        // The reader of the facts did not find these: models after the first are compressed twice.
        _ if at.ends_with("const_first") && !at.contains("models[0]") && *fact == json!([]) => {
            assert_eq!(told[0]["weight_size"], 16, "{at}");
        }
        _ => wrong.push(format!("{at} is {told} in place of {fact}")),
    }
}

/// Counts are told whole: no type of operator, layout or task beside those that are known.
const WHOLE: [&str; 3] = ["op_types", "output_formats", "types"];

fn compare_whole(at: &str, told: &Value, fact: &Value, wrong: &mut Vec<String>) {
    let Value::Object(facts) = fact else {
        for (index, fact) in fact.as_array().into_iter().flatten().enumerate() {
            compare_whole(&format!("{at}[{index}]"), &told[index], fact, wrong);
        }
        return;
    };
    for (key, fact) in facts {
        if WHOLE.contains(&key.as_str()) && told[key] != *fact {
            wrong.push(format!("{at}.{key} is {} in place of {fact}", told[key]));
        }
        compare_whole(&format!("{at}.{key}"), &told[key], fact, wrong);
    }
}

/// What the program says of each shared fixture, key by key, against what is known of it.
#[test]
fn the_facts_of_the_om_fixtures_are_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/om");
    if !root.is_dir() {
        println!("skipped: no {}", root.display());
        return;
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(&root).unwrap() {
        let facts = entry.unwrap().path();
        let Some(file) = path(&facts).strip_suffix(".expected.json") else {
            continue;
        };
        let facts: Value = serde_json::from_slice(&fs::read(&facts).unwrap()).unwrap();
        let output = ascend(&["inspect", file, "--json", "--device", "mock"]);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        compare(name, &told, &facts, &mut wrong);
        compare_whole(name, &told, &facts, &mut wrong);
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 14, "{count} files");
}

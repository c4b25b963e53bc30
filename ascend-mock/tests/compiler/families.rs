//! Small networks of every family that people run on NPUs (`tools/families.py`), held against what ONNX
//! Runtime makes of the same inputs.

use std::path::PathBuf;

use super::*;

/// Differences of outputs are counted in units of the largest element.
const TOLERANCE: f64 = 1e-4;

/// The families that the CPU device refuses, and the words it does so with.
const REFUSED: &[(&str, &str)] = &[];

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/data/families"
    ))
}

fn arrays(name: &str, kind: &str) -> Vec<Tensor> {
    let read = |place| npy::read(&folder().join(format!("{name}.{kind}{place}.npy")));
    (0..).map_while(read).collect()
}

#[test]
fn every_family_computes_what_onnx_runtime_does_or_is_refused_by_name() {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("the folder is readable").file_name())
        .filter_map(|name| Some(name.to_str()?.strip_suffix(".onnx")?.to_owned()))
        .collect();
    names.sort();
    let faults: Vec<_> = names.iter().filter_map(|name| fault(name)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(names.len() >= 27, "{names:?}");
}

fn fault(name: &str) -> Option<String> {
    let file = std::fs::read(folder().join(format!("{name}.onnx"))).expect("the file is readable");
    let model = Model::read(&file.into()).expect("the file is sound");
    let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
    let (file, _) = match (compiled(&model), refused) {
        (Ok(_), Some(_)) => return Some(format!("{name}: it should have been refused")),
        (Ok(done), None) => done,
        (Err(error), Some((_, words))) if error.to_string().contains(words) => return None,
        (Err(error), _) => return Some(format!("{name}: {error}")),
    };
    let outputs = load(&file).and_then(|program| program.run(arrays(name, "in")));
    let outputs = match outputs {
        Ok(outputs) => outputs,
        Err(error) => return Some(format!("{name}: {error}")),
    };
    let expected = arrays(name, "out");
    assert!(
        !expected.is_empty() && outputs.len() == expected.len(),
        "{name}"
    );
    for (place, (found, expected)) in outputs.iter().zip(&expected).enumerate() {
        let scale = numbers(expected)
            .into_iter()
            .fold(0.0, |scale: f64, value| scale.max(value.abs()));
        if let Some(difference) = difference(found, expected, 0.0, TOLERANCE * scale) {
            return Some(format!("{name}: output {place}: {difference}"));
        }
    }
    None
}

//! ONNX's own tests of single operators, from a folder made by the `onnx` package.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Refused,
}

/// The folder holds a folder for each test, with `model.onnx` and `test_data_set_*/{input,output}_*.pb`.
#[test]
#[ignore = "set ONNX_NODE_TESTS to a folder of ONNX's node tests"]
fn every_node_test_passes_or_is_refused() {
    let folder = std::env::var_os("ONNX_NODE_TESTS").expect("ONNX_NODE_TESTS is set");
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let mut tests: Vec<_> = entries
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    tests.sort();
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    for test in tests {
        match run(&test) {
            Ok(outcome) => *counts.entry(outcome).or_insert(0) += 1,
            Err(difference) => wrong.push(format!("{}: {difference}", test.display())),
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn run(test: &Path) -> Result<Outcome, String> {
    let Ok(mut model) = Model::read(&read(&test.join("model.onnx"))) else {
        return Ok(Outcome::Refused);
    };
    // The newest versions of most operators only know more types.
    for set in model
        .opset_import
        .iter_mut()
        .filter(|set| set.domain.is_empty())
    {
        set.version = set.version.clamp(7, 21);
    }
    let Ok((file, summary)) = compiled(&model) else {
        return Ok(Outcome::Refused);
    };
    let program = load(&file).map_err(|error| error.to_string())?;
    for set in 0.. {
        let folder = test.join(format!("test_data_set_{set}"));
        if !folder.is_dir() {
            break;
        }
        let tensors = |kind: &str, count: usize| -> Vec<_> {
            (0..count)
                .map(|index| tensor(&folder.join(format!("{kind}_{index}.pb"))))
                .collect()
        };
        let outputs = program
            .run(tensors("input", summary.inputs.len()))
            .map_err(|error| error.to_string())?;
        for (found, expected) in outputs.iter().zip(tensors("output", summary.outputs.len())) {
            difference(found, &expected, 1e-3, 1e-5).map_or(Ok(()), Err)?;
        }
    }
    Ok(Outcome::Passed)
}

fn read(path: &PathBuf) -> Bytes {
    std::fs::read(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .into()
}

/// Reads a file that holds one tensor, as the only constant of a model that is put around it.
fn tensor(path: &PathBuf) -> Tensor {
    let field = |key: u8, content: &[u8]| {
        let mut field = vec![key];
        let mut rest = content.len();
        while rest > 0x7f {
            field.push(u8::try_from(rest & 0x7f).expect("seven bits") | 0x80);
            rest >>= 7;
        }
        field.push(u8::try_from(rest).expect("seven bits"));
        field.extend_from_slice(content);
        field
    };
    let graph = [field(0x0a, &[]), field(0x2a, &read(path))].concat();
    let file = [vec![0x08, 8], field(0x3a, &graph)].concat();
    let model =
        Model::read(&file.into()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let tensor = &model.graph().expect("a graph").initializer[0];
    Tensor {
        dtype: tensor.dtype().expect("a type"),
        dims: tensor
            .dims
            .iter()
            .map(|&dim| usize::try_from(dim).expect("an extent"))
            .collect(),
        bytes: tensor.bytes().expect("data").to_vec(),
    }
}

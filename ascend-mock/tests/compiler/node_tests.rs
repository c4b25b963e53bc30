//! ONNX's own tests of single operators, from a folder made by the `onnx` package.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use ascend_graph::onnx::Tensor as Constant;
use ascend_mock::Engine;

use super::*;

/// Between these lines of a page the table of operators stands.
const FRAME: [&str; 2] = ["<!-- operators -->\n", "<!-- end of operators -->\n"];

/// Between these lines stands what another engine than `rten` does.
const OTHER_FRAME: [&str; 2] = ["<!-- onnxruntime -->\n", "<!-- end of onnxruntime -->\n"];

/// What became of a test.
enum Outcome {
    Passed,
    /// It passes with all inputs but the first as constants.
    PassedWithConstants,
    /// An input or output has an element type that no device takes at a model's edge.
    OtherTypes,
    Refused(String),
}

/// What became of the tests of one operator.
#[derive(Default)]
struct Row {
    passed: usize,
    with_constants: usize,
    other_types: usize,
    refused: usize,
    /// The first and the last opset of tests that passed.
    opsets: Option<(i64, i64)>,
    /// Why, and how often.
    reasons: BTreeMap<String, usize>,
}

/// The folder, made by `tools/node_tests.py`, holds a folder for each test, with `model.onnx` and
/// `test_data_set_*/{input,output}_*.pb`. The table goes into the page that `OPERATORS_MD` names.
#[test]
#[ignore = "set ONNX_NODE_TESTS to a folder of ONNX's node tests"]
fn every_node_test_passes_or_is_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("ONNX_NODE_TESTS").expect("ONNX_NODE_TESTS is set");
    let entries = std::fs::read_dir(root.join(folder)).expect("the folder is readable");
    let mut tests: Vec<_> = entries
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    tests.sort();
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut wrong = Vec::new();
    for test in tests {
        let (op, opset, outcome) = run(&test);
        let row = rows.entry(op).or_default();
        if matches!(outcome, Ok(Outcome::Passed | Outcome::PassedWithConstants)) {
            let (first, last) = row.opsets.unwrap_or((opset, opset));
            row.opsets = Some((first.min(opset), last.max(opset)));
        }
        match outcome {
            Ok(Outcome::Passed) => row.passed += 1,
            Ok(Outcome::PassedWithConstants) => row.with_constants += 1,
            Ok(Outcome::OtherTypes) => row.other_types += 1,
            Ok(Outcome::Refused(reason)) => {
                row.refused += 1;
                *row.reasons.entry(reason).or_default() += 1;
            }
            Err(difference) => wrong.push(format!("{}: {difference}", test.display())),
        }
    }
    let (frame, text) = match common::engine() {
        Engine::Rten => (FRAME, table(&rows)),
        Engine::OnnxRuntime(_) => (OTHER_FRAME, sentences(&rows)),
    };
    println!("{text}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    if let Some(page) = std::env::var_os("OPERATORS_MD") {
        let page = root.join(page);
        let whole = std::fs::read_to_string(&page).expect("the page is readable");
        let [begin, end] = frame;
        let (head, rest) = whole.split_once(begin).expect("the part begins");
        let (_, tail) = rest.split_once(end).expect("the part ends");
        std::fs::write(&page, [head, begin, &text, end, tail].concat())
            .expect("the page is written");
    }
}

fn counts(rows: &BTreeMap<String, Row>) -> String {
    let sum = |count: fn(&Row) -> usize| rows.values().map(count).sum::<usize>();
    let (passed, refused) = (sum(|row| row.passed), sum(|row| row.refused));
    let (with_constants, other_types) = (sum(|row| row.with_constants), sum(|row| row.other_types));
    format!(
        "{passed} tests passed as they are, {with_constants} more with all inputs but the first as constants; \
         {refused} were refused, and {other_types} are about element types that the device does not take. No \
         value was wrong.\n"
    )
}

/// The counts, and the operators of which no test passed.
fn sentences(rows: &BTreeMap<String, Row>) -> String {
    let is_refused = |row: &Row| row.passed + row.with_constants == 0 && row.refused > 0;
    let refused = rows.iter().filter(|(_, row)| is_refused(row));
    let refused: Vec<_> = refused.map(|(op, _)| format!("`{op}`")).collect();
    let counts = counts(rows);
    format!("{counts}\nRefused in all tests: {}.\n", refused.join(", "))
}

fn table(rows: &BTreeMap<String, Row>) -> String {
    let counts = counts(rows);
    let mut text = format!(
        "{counts}\n\
         | operator | result | opsets | passed | with constants | refused | other types | why it is refused |\n\
         |---|---|---|---|---|---|---|---|\n"
    );
    for (op, row) in rows {
        let result = match (row.passed + row.with_constants, row.refused) {
            (0, 0) => "other types only",
            (0, _) => "refused",
            (_, 0) => "runs",
            _ => "partly",
        };
        let mut reasons: Vec<_> = row.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let reasons: Vec<_> = reasons
            .iter()
            .take(3)
            .map(|(reason, _)| reason.as_str())
            .collect();
        let Row {
            passed,
            with_constants,
            refused,
            other_types,
            ..
        } = row;
        let reasons = reasons.join("; ");
        let opsets = match row.opsets {
            Some((first, last)) if first < last => format!("{first} to {last}"),
            Some((only, _)) => only.to_string(),
            None => String::new(),
        };
        writeln!(
            text,
            "| {op} | {result} | {opsets} | {passed} | {with_constants} | {refused} | {other_types} | {reasons} |"
        )
        .expect("a string takes all");
    }
    text
}

/// Gives the operator that is tested, the opset, and what became of the test.
fn run(test: &Path) -> (String, i64, Result<Outcome, String>) {
    let file = read(&test.join("model.onnx"));
    let mut model = match Model::read(&file) {
        Ok(model) => model,
        Err(error) => {
            return (
                "(unreadable)".to_owned(),
                0,
                Ok(Outcome::Refused(error.to_string())),
            );
        }
    };
    let nodes = &model.graph().expect("a graph").node;
    let is_expanded = test.to_string_lossy().contains("_expanded");
    let op = match nodes.as_slice() {
        [.., node] if nodes.len() == 1 && !is_expanded => match node.domain.as_str() {
            "" => node.op_type.clone(),
            domain => format!("{domain}::{}", node.op_type),
        },
        _ => "(several, or one written out)".to_owned(),
    };
    let opset = model.opset().unwrap_or_default();
    let newest = match common::engine() {
        // The newest versions of most operators only know more types.
        Engine::Rten => 21,
        Engine::OnnxRuntime(_) => i64::MAX,
    };
    for set in model
        .opset_import
        .iter_mut()
        .filter(|set| set.domain.is_empty())
    {
        set.version = set.version.clamp(7, newest);
    }
    let outcome = match compiled(&model) {
        Ok((file, summary)) => compare(test, &file, &summary).map(|()| Outcome::Passed),
        Err(error) => match with_constants(&model, test).map(|model| compiled(&model)) {
            Some(Ok((file, summary))) => {
                compare(test, &file, &summary).map(|()| Outcome::PassedWithConstants)
            }
            // Of the two refusals, the one of what models look like tells more.
            Some(Err(error)) => Ok(refused(&error)),
            None => Ok(refused(&error)),
        },
    };
    (op, opset, outcome)
}

/// Makes all inputs but the first constants, as they are in models that people have: the tests feed
/// weights, axes and sizes.
fn with_constants(model: &Model, test: &Path) -> Option<Model> {
    let mut model = model.clone();
    let graph = model.graph.as_mut()?;
    if graph.input.len() < 2 || test.join("test_data_set_1").is_dir() {
        return None;
    }
    for (index, input) in graph.input.drain(1..).enumerate() {
        let given = test.join(format!("test_data_set_0/input_{}.pb", index + 1));
        input.info().ok()?;
        let mut constant = stored(&given);
        constant.name = input.name;
        graph.initializer.push(constant);
    }
    Some(model)
}

/// Takes the names out of a refusal, so that equal ones are equal.
fn refused(error: &CompileError) -> Outcome {
    let text = error.to_string();
    if text.contains("which the CPU device cannot take or give")
        || text.contains("is a sequence, map or optional")
        || text.contains("unknown element type")
    {
        return Outcome::OtherTypes;
    }
    let reason = if let [first, ..] = error.refusals() {
        first.reason.split(';').next().unwrap_or_default()
    } else {
        // Behind the words of what cannot be done and the node that fails.
        let text = text
            .split("; if ONNX Runtime takes")
            .next()
            .unwrap_or_default();
        let text = text
            .rsplit_once(" failed: ")
            .map_or(text, |(_, reason)| reason);
        text.split(". Inputs were").next().unwrap_or_default()
    };
    let reason = if reason.ends_with("operator not supported or not enabled") {
        "the engine lacks it"
    } else {
        reason
    };
    Outcome::Refused(reason.replace(['|', '\n'], " "))
}

fn compare(test: &Path, file: &Bytes, summary: &Summary) -> Result<(), String> {
    let program = load(file).map_err(|error| error.to_string())?;
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
            let largest = numbers(&expected).into_iter().filter(|x| x.is_finite());
            let largest = largest.fold(0.0, |largest: f64, x| largest.max(x.abs()));
            let relative = match expected.dtype {
                // Three steps.
                DataType::F16 | DataType::BF16 => 3.0 * f64::from(half::f16::EPSILON),
                _ => 1e-3,
            };
            let absolute = 1e-6_f64.mul_add(largest, 1e-5);
            difference(found, &expected, relative, absolute).map_or(Ok(()), Err)?;
        }
    }
    Ok(())
}

fn read(path: &PathBuf) -> Bytes {
    std::fs::read(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .into()
}

/// Reads a file that holds one tensor, as the only constant of a model that is put around it.
fn stored(path: &PathBuf) -> Constant {
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
    model.graph().expect("a graph").initializer[0].clone()
}

fn tensor(path: &PathBuf) -> Tensor {
    let tensor = stored(path);
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

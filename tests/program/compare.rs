//! `ascend compare`: models, arrays and dumps against each other.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::onnx::{Builder, Model};
use ascend_rt::{DataType, Tensor};
use serde_json::Value;
use tempfile::TempDir;

use super::{ascend, fails, path, succeeds, text};

const NET: &str = "tests/data/families/resnet.onnx";
const INPUT: &str = "tests/data/families/resnet.in0.npy";

pub(super) fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

pub(super) fn tensor(values: &[f32]) -> Tensor<'static> {
    Tensor {
        dtype: DataType::F32,
        shape: vec![values.len()].into(),
        bytes: floats(values).into(),
    }
}

/// `y = relu(factor * x + shift)` of four elements; its nodes are `scale`, `/shift` and `clamp`.
pub(super) fn small(factor: f32) -> Model {
    let mut graph = Builder::new("small", 13);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    let by = graph.initializer("by", DataType::F32, &[1], floats(&[factor]).into());
    let to = graph.initializer("to", DataType::F32, &[1], floats(&[-1.0]).into());
    let scaled = graph.node("Mul", "scale", &[&x, &by], []);
    let shifted = graph.node("Add", "/shift", &[&scaled, &to], []);
    graph.node_to("Relu", "clamp", &[&shifted], &["y"], []);
    graph.output("y", DataType::F32, &[4.into()]);
    graph.build().unwrap()
}

/// A folder with `small` as net.onnx and its input x.npy.
pub(super) fn folder() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (net, input) = (folder.path().join("net.onnx"), folder.path().join("x.npy"));
    write(&small(2.0), &net);
    tensor(&[1.0, 2.0, -3.0, 0.25]).write_npy(&input).unwrap();
    (folder, net, input)
}

pub(super) fn write(model: &Model, place: &Path) {
    fs::write(place, model.to_rope().to_bytes()).unwrap();
}

/// The report as JSON, with the exit code.
pub(super) fn report(arguments: &[&str]) -> (i32, Value) {
    let output = ascend(&[&["compare"], arguments, &["--json", "-"]].concat());
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    (output.status.code().unwrap(), report)
}

#[test]
fn a_model_agrees_with_what_was_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    succeeds(&["convert", NET, path(&om)]);
    let (code, found) = report(&[NET, path(&om), "--input", INPUT]);
    assert_eq!((code, &found["same"]), (0, &true.into()), "{found:#}");
    // every node of this network has its operator in the dump
    assert_eq!(
        found["agree"],
        found["values"].as_array().unwrap().len(),
        "{found:#}"
    );
    assert!(found["agree"].as_u64().unwrap() > 10, "{found:#}");
    assert!(
        found["b"]["about"]
            .as_str()
            .unwrap()
            .contains("dumped tensors"),
        "{}",
        found["b"]
    );
    let said = succeeds(&[
        "compare",
        NET,
        path(&om),
        "--input",
        INPUT,
        "--outputs-only",
    ]);
    assert!(said.contains("A and B agree"), "{said}");
    assert!(
        said.contains("an .om, which gives its outputs only"),
        "{said}"
    );
    let golden = folder.path().join("golden");
    succeeds(&[
        "run",
        path(&om),
        "--input",
        INPUT,
        "--output",
        path(&golden),
    ]);
    let (code, found) = report(&[NET, path(&golden), "--input", INPUT]);
    assert_eq!((code, &found["same"]), (0, &true.into()));
    // without B's input the numbers are others, and it is told that they may be
    let said = text(&ascend(&["compare", NET, path(&golden)]).stdout);
    assert!(
        said.contains("the inputs are generated, while one side is files"),
        "{said}"
    );
    assert!(said.contains("DIFFERS"), "{said}");
}

#[test]
fn a_changed_node_is_named_with_what_it_reads() {
    let (folder, net, input) = folder();
    let other = folder.path().join("other.onnx");
    write(&small(2.5), &other);
    let arguments = ["compare", path(&net), path(&other), "--input", path(&input)];
    let output = ascend(&arguments);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in [
        "first bad: scale (Mul): the relative L2 error is 2.500e-1",
        "it reads inputs and constants only, so the difference arises in this node",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    let (_, found) = report(&arguments[1..]);
    assert_eq!(found["first_bad"]["node"], "scale");
    let figures = &found["values"][0]["figures"];
    // |2.5 x - 2 x| of x = 1, 2, -3, 0.25
    assert_eq!(
        (&figures["max_absolute"], &figures["max_relative"]),
        (&1.5.into(), &0.25.into())
    );
    assert_eq!(found["values"][2]["reads"], serde_json::json!([1]));
    // what is tolerated of the outputs decides
    for (tolerance, code) in [
        (&["--max-abs", "1.0"][..], 0),
        (&["--max-abs", "0.9"], 1),
        (&["--rtol", "0.6"], 0),
        (&["--atol", "0.1"], 1),
        (&["--cosine", "0.9", "--relative-l2", "0.9"], 0),
    ] {
        let (found, _) = report(&[&arguments[1..], tolerance].concat());
        assert_eq!(found, code, "{tolerance:?}");
    }
}

/// The error is in the `.om`, and what tells it is the dump of its operators.
#[test]
fn a_changed_node_of_an_om_is_named() {
    let (folder, net, input) = folder();
    let at = |name: &str| folder.path().join(name);
    let (other, om) = (at("other.onnx"), at("other.om"));
    let mut model = small(2.0);
    let to = &mut model.graph.as_mut().unwrap().initializer[1];
    to.raw_data = floats(&[-0.5]).into();
    write(&model, &other);
    succeeds(&["convert", path(&other), path(&om)]);
    let (code, found) = report(&[path(&net), path(&om), "--input", path(&input)]);
    assert_eq!(
        (code, &found["first_bad"]["node"]),
        (1, &"/shift".into()),
        "{found:#}"
    );
    assert_eq!(found["first_bad"]["cause"], "node");
    // so does the other way round, and an .om against an .om
    let whole = at("net.om");
    succeeds(&["convert", path(&net), path(&whole)]);
    let (code, found) = report(&[path(&whole), path(&om), "--input", path(&input)]);
    assert_eq!(
        (code, &found["first_bad"]["node"]),
        (1, &"/shift".into()),
        "{found:#}"
    );
}

#[test]
fn single_nodes_are_compared_where_they_are_named() {
    let (folder, net, input) = folder();
    let other = folder.path().join("other.onnx");
    write(&small(2.5), &other);
    let both = [path(&net), path(&other), "--input", path(&input)];
    let of = |more: &[&str]| {
        let (_, found) = report(&[&both[..], more].concat());
        let values = found["values"].as_array().unwrap().iter();
        values
            .map(|value| value["node"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&["--node", "Add"]), ["/shift", "clamp"]);
    assert_eq!(of(&["--limit", "1"]), ["scale", "clamp"]);
    assert_eq!(of(&["--outputs-only"]), ["clamp"]);
    let said = text(&ascend(&[&["compare"], &both[..], &["--node", "Add"]].concat()).stdout);
    assert!(
        said.contains("the difference may come from before"),
        "{said}"
    );
    let given = [&["compare"], &both[..], &["--node", "Conv"]].concat();
    fails(
        &given,
        6,
        &["no node that both sides have is called Conv", "scale"],
    );
}

#[test]
pub(super) fn reports_have_the_columns_of_other_tools_and_a_page() {
    let (folder, net, input) = folder();
    let other = folder.path().join("other.onnx");
    write(&small(2.5), &other);
    let at = |name: &str| folder.path().join(name);
    let (csv, html) = (at("out.csv"), at("out.html"));
    let output = ascend(&[
        "compare",
        path(&net),
        path(&other),
        "--input",
        path(&input),
        "--csv",
        path(&csv),
        "--html",
        path(&html),
    ]);
    assert_eq!(output.status.code(), Some(1));
    let table = fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].starts_with("OpType,NPUDump,DataType,Address,GroundTruth,"),
        "{table}"
    );
    assert!(
        lines[1].starts_with("Mul,scale,float32,NaN,scale,float32,scale:output:0,[4],NO,"),
        "{table}"
    );
    assert!(lines[3].ends_with(",YES,YES,YES"), "{table}");
    let page = fs::read_to_string(&html).unwrap();
    assert!(
        page.contains("\"first_bad\"") && !page.contains("http://www.example"),
        "{page}"
    );
}

#[test]
fn wrong_calls_say_what_is_wrong() {
    let (folder, net, input) = folder();
    let at = |name: &str| folder.path().join(name);
    let (damaged, lonely, place) = (at("damaged.onnx"), at("other"), at("nowhere/report.json"));
    let whole = fs::read(&net).unwrap();
    fs::write(&damaged, &whole[..whole.len() / 2]).unwrap();
    fs::create_dir(&lonely).unwrap();
    let (net, input) = (path(&net), path(&input));
    fails(&["compare", net], 6, &["there is no B", "--precision f16"]);
    fails(&["compare", net, "missing.onnx"], 9, &["missing.onnx"]);
    fails(&["compare", net, path(&damaged)], 7, &["damaged.onnx"]);
    fails(
        &["compare", net, path(&lonely)],
        6,
        &["holds no .npy, .npz or dump files", "ascend run"],
    );
    tensor(&[1.0]).write_npy(lonely.join("a.npy")).unwrap();
    tensor(&[1.0]).write_npy(lonely.join("b.npy")).unwrap();
    fails(
        &["compare", net, path(&lonely)],
        6,
        &["no value in common", "scale", "a, b"],
    );
    fails(
        &["compare", net, net, "--json", path(&place)],
        9,
        &["nowhere", "make the folder first"],
    );
    fails(
        &["compare", path(&lonely), path(&lonely), "--input", input],
        6,
        &["take no inputs"],
    );
    let wrong = at("wrong.npy");
    tensor(&[1.0, 2.0]).write_npy(&wrong).unwrap();
    fails(
        &["compare", net, net, "--input", path(&wrong)],
        6,
        &["net.onnx", "[4]", "[2]"],
    );
}

#[test]
fn names_do_not_act_on_the_terminal() {
    let (folder, _, input) = folder();
    let net = folder.path().join("odd.onnx");
    let mut model = small(2.0);
    model.graph.as_mut().unwrap().node[0].name = "\u{1b}[31mred\n".to_owned();
    write(&model, &net);
    let said = succeeds(&[
        "compare",
        path(&net),
        path(&net),
        "--input",
        path(&input),
        "--all",
    ]);
    assert!(
        !said.contains('\u{1b}') && said.contains("[31mred"),
        "{said}"
    );
}

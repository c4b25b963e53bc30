//! `ascend inspect` of ONNX, and its pages.

use std::fs;

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, External, Graph, Model, Node, Tensor};
use serde_json::{Value, json};

use super::inspect::{network, onnx, told, written};
use super::{WEIGHTS, fails, path, succeeds};

/// Names that a page must not take for markup.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)><script>alert(1)</script>";

#[test]
fn onnx_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = onnx(&folder, "sum");
    // The extension does not matter.
    let other = folder.path().join("net.bin");
    fs::copy(&file, &other).unwrap();
    for file in [&file, &other] {
        let told = told(&[path(file), "--ops"]);
        assert_eq!(
            (&told["form"], &told["opset"]),
            (&json!("onnx"), &json!(11))
        );
        assert_eq!(told["op_types"], json!({"Add": 1, "Softmax": 1}));
        let input = json!([{"name": "x", "dtype": "float32", "shape": ["batch", 8]}]);
        assert_eq!(told["inputs"], input);
        assert_eq!(told["initializers"], json!({"count": 1, "nbytes": 32}));
        let ops = &told["ops"][0]["ops"];
        let names: Vec<_> = ops
            .as_array()
            .unwrap()
            .iter()
            .map(|op| &op["name"])
            .collect();
        assert_eq!(names, ["x", "sum", "softmax", "y"]);
        assert_eq!(ops[1]["inputs"][1]["constant"], true);
    }
    let lines = succeeds(&["inspect", path(&file), "--ops"]);
    for part in [
        "ONNX, format version",
        "ai.onnx 11",
        "x: float32[batch, 8]",
        "1 constant, 32 B",
        "Softmax",
    ] {
        assert!(lines.contains(part), "{part:?} is missing in: {lines}");
    }
    fails(
        &["inspect", path(&file), "--atc-json"],
        6,
        &["convert it first"],
    );
    fails(
        &["inspect", path(&file), "--tree"],
        6,
        &["is a model", "--weights"],
    );
    fails(
        &["inspect", WEIGHTS, "--ops"],
        6,
        &["is a checkpoint", "--ops"],
    );
}

#[test]
fn constants_inside_of_nodes_are_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = network("sum").build().unwrap();
    let inner = Graph {
        initializer: vec![Tensor::new(
            "inner",
            DataType::F32,
            vec![2],
            vec![0; 8].into(),
        )],
        ..Graph::default()
    };
    model.graph.as_mut().unwrap().node.push(Node {
        op_type: "If".into(),
        attribute: vec![Attribute::graph("then_branch", inner)],
        ..Node::default()
    });
    let file = written(&folder, "net.onnx", model.to_rope().to_bytes());
    let told = told(&[path(&file), "--weights"]);
    assert_eq!(told["initializers"], json!({"count": 2, "nbytes": 40}));
    assert_eq!(told["weights"][1]["name"], "inner");
}

#[test]
fn external_data_is_told_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let external = |location: &str| {
        let mut model = network("sum").build().unwrap();
        let graph = model.graph.as_mut().unwrap();
        let place = External {
            location: location.to_owned(),
            offset: 4,
            length: Some(32),
        };
        graph.initializer[0] = Tensor::to_external(&graph.initializer[0], &place);
        written(&folder, "net.onnx", Model::to_rope(&model).to_bytes())
    };
    let file = external("net.data");
    let lines = succeeds(&["inspect", path(&file), "--weights"]);
    assert!(
        lines.contains("the file is missing") && lines.contains("copy what is missing there"),
        "{lines}"
    );
    let numbers: Vec<u8> = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0_f32]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect();
    written(&folder, "net.data", numbers);
    let told_ = told(&[path(&file), "--weights", "--stats"]);
    assert_eq!(told_["external_data"][0]["found"], true);
    assert_eq!(told_["weights"][0]["stats"]["mean"], 2.0);
    // Nothing outside of the folder is opened.
    let file = external("../../etc/passwd");
    let told = told(&[path(&file), "--weights", "--stats"]);
    assert_eq!(told["external_data"][0]["found"], false);
    let why = told["weights"][0]["missing"].as_str().unwrap();
    assert!(why.contains("leads out of that folder"), "{why}");
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("link.data")).unwrap();
    let told = self::told(&[path(&external("link.data")), "--weights", "--stats"]);
    assert_eq!(told["external_data"][0]["found"], false);
}

#[test]
fn a_page_is_written_whole_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = onnx(&folder, HOSTILE);
    let page = folder.path().join("page.html");
    let arguments = ["inspect", path(&file), "--html", path(&page)];
    let told = succeeds(&arguments);
    assert!(told.contains("wrote"), "{told}");
    let html = fs::read_to_string(&page).unwrap();
    assert_eq!(html.matches("<script").count(), 3, "names are no markup");
    assert_eq!(html.matches("</script>").count(), 3);
    assert!(!html.contains("<img") && !html.contains("http:") && !html.contains("https:"));
    assert!(html.contains("\\u003c/script\\u003e"));
    let data = html
        .split("<script type=\"application/json\"")
        .nth(1)
        .unwrap();
    let data = data
        .split_once('>')
        .unwrap()
        .1
        .split("</script>")
        .next()
        .unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["graphs"][0]["nodes"][1]["n"], HOSTILE);
    // An .om has the same graph.
    let om = folder.path().join("net.om");
    succeeds(&["convert", path(&file), path(&om)]);
    fails(
        &["inspect", path(&om), "--html", path(&page)],
        9,
        &["exists already", "--overwrite"],
    );
    assert_eq!(fs::read_to_string(&page).unwrap(), html);
    succeeds(&["inspect", path(&om), "--html", path(&page), "--overwrite"]);
    assert_ne!(fs::read_to_string(&page).unwrap(), html);
    fails(
        &["inspect", path(&om), "--html", "/nonexistent/page.html"],
        9,
        &["/nonexistent/page.html"],
    );
    fails(
        &["inspect", WEIGHTS, "--html", path(&page)],
        6,
        &["is a checkpoint"],
    );
    fails(&["inspect", path(&om), "--overwrite"], 2, &["--html"]);
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 3, "nothing unfinished is left");
}

/// Neither a name in a model nor one of a file reaches a terminal as it is.
#[test]
fn names_in_models_are_escaped_for_terminals() {
    let folder = tempfile::tempdir().unwrap();
    let file = onnx(&folder, "a\u{1b}[31m\u{202e}");
    for more in [&["--ops"][..], &["--weights"]] {
        let told = succeeds(&[&["inspect", path(&file)], more].concat());
        assert!(!told.contains(['\u{1b}', '\u{202e}']), "{told:?}");
    }
}

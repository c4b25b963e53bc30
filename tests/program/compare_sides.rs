//! `ascend compare`: what is the same on both sides, and what one of them lacks.

use std::fs;
use std::path::Path;

use ascend_graph::onnx::{Attribute, Builder, Dim, Node, ValueInfo};
use ascend_rt::{DataType, Tensor};

use super::compare::{floats, folder, report, small, tensor, write};
use super::compare_dumps::dump;
use super::{ascend, fails, path, succeeds, text};

fn golden(folder: &Path, name: &str, values: &[f32]) {
    fs::create_dir_all(folder).unwrap();
    tensor(values).write_npy(folder.join(name)).unwrap();
}

#[test]
fn arrays_called_after_nodes_are_no_outputs() {
    let (folder, net, input) = folder();
    let files = folder.path().join("golden");
    golden(&files, "scale.npy", &[2.0, 4.0, -6.0, 0.5]);
    let arguments = [path(&net), path(&files), "--input", path(&input)];
    let (code, found) = report(&arguments);
    let value = &found["values"][0];
    assert_eq!(
        (&value["node"], &value["matched"]),
        (&"scale".into(), &"by the node's name".into())
    );
    // the node agrees, but the output was not compared
    assert_eq!((code, &found["agree"]), (1, &1.into()), "{found:#}");
    assert_eq!(found["a"]["outputs_without_partner"][0], "y");
    golden(&files, "y.npy", &[1.0, 3.0, 0.0, 0.0]);
    let (code, found) = report(&arguments);
    assert_eq!((code, &found["agree"]), (0, &2.into()), "{found:#}");
}

#[test]
fn dumps_without_outputs_are_told() {
    let (folder, net, input) = folder();
    let dumps = folder.path().join("dump");
    fs::create_dir(&dumps).unwrap();
    let scale = |values: &[f32]| dump(&dumps, "Mul.scale.1.0.10", "scale", "scale", values);
    scale(&[2.0, 4.0, -6.0, 0.5]);
    dump(
        &dumps,
        "Cast.other.2.0.20",
        "other",
        "other",
        &[0.0, 0.0, 0.0, 0.0],
    );
    let arguments = [path(&net), path(&dumps), "--input", path(&input)];
    let (code, found) = report(&arguments);
    // the operator that nothing matches is not taken for the output
    assert_eq!(found["values"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(code, 0, "{found:#}");
    let notes = found["notes"].to_string();
    assert!(notes.contains("no output of the model"), "{notes}");
    scale(&[2.0, 4.0, -6.0, 9.0]);
    assert_eq!(report(&arguments).0, 1);
}

#[test]
fn dumps_of_two_runs_are_refused() {
    let (folder, net, input) = folder();
    let dumps = folder.path().join("dump");
    for run in ["20260101000000/0/net/1/0", "20260101000000/0/net/1/1"] {
        let run = dumps.join(run);
        fs::create_dir_all(&run).unwrap();
        let values = [2.0, 4.0, -6.0, 0.5];
        dump(&run, "Mul.scale.1.0.10", "scale", "scale", &values);
    }
    let one = dumps.join("20260101000000/0/net/1/0");
    let compared = ["compare", path(&net), "--input", path(&input)];
    let both = [&compared[..], &[path(&dumps)]].concat();
    fails(
        &both,
        6,
        &["has 2 runs", "give the folder of one", path(&one)],
    );
    succeeds(&[&compared[..], &[path(&one)]].concat());
}

#[test]
fn folders_agree_if_both_have_all() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    for (place, name) in [(&a, "p.npy"), (&a, "q.npy"), (&b, "p.npy")] {
        golden(place, name, &[1.0]);
    }
    let output = ascend(&["compare", path(&a), path(&b)]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("only A gives q") && said.contains("do not agree"),
        "{said}"
    );
    golden(&b, "q.npy", &[1.0]);
    assert_eq!(report(&[path(&a), path(&b)]).0, 0);
}

/// Outputs that are a constant, an initializer, and the input.
#[test]
fn outputs_that_no_node_computes_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (net, om, input) = (at("net.onnx"), at("net.om"), at("x.npy"));
    tensor(&[1.0, 2.0, -3.0, 0.25]).write_npy(&input).unwrap();
    let mut model = small(2.0);
    let graph = model.graph.as_mut().unwrap();
    graph.node.push(Node {
        op_type: "Constant".to_owned(),
        output: vec!["fixed".to_owned()],
        attribute: vec![Attribute::float("value_float", 7.0)],
        ..Node::default()
    });
    for (name, len) in [("by", 1), ("x", 4)] {
        let dims = [Dim::from(len)];
        let output = ValueInfo::tensor(name, DataType::F32, Some(&dims));
        graph.output.push(output);
    }
    let fixed = ValueInfo::tensor("fixed", DataType::F32, Some(&[]));
    graph.output.push(fixed);
    write(&model, &net);
    succeeds(&["convert", path(&net), path(&om)]);
    let arguments = [path(&net), path(&om), "--input", path(&input)];
    let (code, found) = report(&arguments);
    assert_eq!(code, 0, "{found:#}");
    let values = found["values"].as_array().unwrap().iter();
    let outputs = values.filter(|value| value["is_output"] == true);
    let names: Vec<_> = outputs.map(|value| value["tensor"].clone()).collect();
    assert_eq!(names, ["y", "by", "x", "fixed"], "{found:#}");
    // and they count
    let graph = model.graph.as_mut().unwrap();
    graph.initializer[0].raw_data = floats(&[3.0]).into();
    write(&model, &net);
    let (code, found) = report(&arguments);
    let differs = |name: &str| {
        let mut values = found["values"].as_array().unwrap().iter();
        values.any(|value| value["tensor"] == name && value["verdict"] == "differs")
    };
    assert!(code == 1 && differs("by") && !differs("x"), "{found:#}");
}

#[test]
fn whole_numbers_obey_what_is_tolerated() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a.npz", "b.npz"].map(|name| folder.path().join(name));
    for (place, last) in [(&a, (1_i64 << 53) + 1), (&b, 1 << 53)] {
        let bytes: Vec<u8> = [1, 2, last]
            .iter()
            .flat_map(|one| one.to_ne_bytes())
            .collect();
        let long = Tensor {
            dtype: DataType::I64,
            shape: vec![3].into(),
            bytes: bytes.into(),
        };
        Tensor::write_npz(place, &[("y", long)]).unwrap();
    }
    for (tolerance, code) in [
        (&[][..], 1),
        (&["--atol", "0"], 1),
        (&["--atol", "1"], 0),
        (&["--max-abs", "0.5"], 1),
        (&["--max-abs", "1"], 0),
        (&["--cosine", "0.9"], 0),
    ] {
        let (found, told) = report(&[&[path(&a), path(&b)], tolerance].concat());
        assert_eq!(found, code, "{tolerance:?}: {told:#}");
    }
}

/// Relu makes zeros of all, so the factor does not matter.
#[test]
fn outputs_that_agree_behind_nodes_that_differ_are_told() {
    let (folder, net, input) = folder();
    let other = folder.path().join("other.onnx");
    write(&small(2.5), &other);
    tensor(&[-1.0, -2.0, -3.0, -4.0]).write_npy(&input).unwrap();
    let said = succeeds(&["compare", path(&net), path(&other), "--input", path(&input)]);
    let last = said.lines().last().unwrap();
    assert_eq!(
        last,
        "the outputs agree (exit code 0), though 2 values between them differ"
    );
}

/// `atc` and others may give outputs in another order: names count before places.
#[test]
fn outputs_are_found_by_their_names_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (net, om, input) = (at("net.onnx"), at("net.om"), at("x.npy"));
    tensor(&[1.0, 2.0, -3.0, 0.25]).write_npy(&input).unwrap();
    let model = |order: [&str; 3], names: [&str; 3]| {
        let mut graph = Builder::new("three", 13);
        let x = graph.input("x", DataType::F32, &[4.into()]);
        for (operator, name) in [("Neg", names[0]), ("Abs", names[1]), ("Relu", names[2])] {
            graph.node_to(operator, &format!("node of {name}"), &[&x], &[name], []);
        }
        for name in order {
            graph.output(name, DataType::F32, &[4.into()]);
        }
        graph.build().unwrap()
    };
    let compared = |outputs: [&str; 3], names: [&str; 3]| {
        write(&model(outputs, names), &om);
        let plain = at("other.onnx");
        fs::rename(&om, &plain).unwrap();
        succeeds(&["convert", path(&plain), path(&om)]);
        let arguments = [path(&net), path(&om), "--input", path(&input)];
        report(&[&arguments[..], &["--outputs-only"]].concat())
    };
    let names = ["z", "a", "m"];
    write(&model(names, names), &net);
    let (code, found) = compared(["m", "z", "a"], names);
    let values = found["values"].as_array().unwrap();
    assert_eq!((code, values.len()), (0, 3), "{found:#}");
    for value in values {
        assert_eq!(value["matched"], "by the tensor's name");
        assert_eq!(
            (&value["name_a"], &value["verdict"]),
            (&value["name_b"], &"agrees".into())
        );
    }
    fs::remove_file(&om).unwrap();
    // names of which none is known leave the places
    let (code, found) = compared(["p", "q", "r"], ["p", "q", "r"]);
    assert_eq!(code, 0, "{found:#}");
    assert_eq!(
        found["values"][1]["matched"],
        "by the place among the outputs"
    );
}

/// Differences of large numbers are rounding as far as most numbers are large: one of them excuses no
/// others.
#[test]
fn an_outlier_does_not_excuse_the_others() {
    const LEN: usize = 65_536;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (net, other, input) = (at("net.onnx"), at("other.onnx"), at("x.npy"));
    let with_outlier = |value: f32| {
        let mut values = vec![value; LEN];
        values[0] = 10_000.0;
        values
    };
    tensor(&with_outlier(1.001)).write_npy(&input).unwrap();
    let model = |to: f32| {
        let mut graph = Builder::new("outlier", 13);
        let shape = [i64::try_from(LEN).unwrap().into()];
        let x = graph.input("x", DataType::F32, &shape);
        let one = graph.initializer("one", DataType::F32, &[1], floats(&[1.0]).into());
        let to = floats(&with_outlier(to)).into();
        let to = graph.initializer("to", DataType::F32, &[LEN], to);
        let read = graph.node("Mul", "read", &[&x, &one], []);
        let small = graph.node("Sub", "small", &[&read, &to], []);
        graph.node_to("Neg", "last", &[&small], &["y"], []);
        graph.output("y", DataType::F32, &shape);
        graph.build().unwrap()
    };
    write(&model(1.0), &net);
    let first_bad = |to: f32| {
        write(&model(to), &other);
        let (code, found) = report(&[path(&net), path(&other), "--input", path(&input)]);
        assert_eq!(code, 1, "{found:#}");
        found["first_bad"]["node"].as_str().unwrap().to_owned()
    };
    // half of what is left, and 50 times the rounding of what most numbers are
    assert_eq!(first_bad(1.0005), "small");
    // within two units of the root mean square of 39, so that only the output is held to more
    assert_eq!(first_bad(1.000_004), "last");
}

/// Values that are constants once the shapes are known, several of them the same one.
#[test]
fn every_value_of_a_detector_is_compared() {
    let [net, input] = ["onnx", "in0.npy"].map(|end| format!("tests/data/families/ssd.{end}"));
    let (code, found) = report(&[&net, &net, "--input", &input]);
    let values = found["values"].as_array().unwrap().iter();
    let left: Vec<_> = values
        .filter(|value| value["verdict"] == "not compared")
        .map(|value| format!("{}: {}", value["node"], value["reason"]))
        .collect();
    assert_eq!((code, &found["not_compared"]), (0, &0.into()), "{left:#?}");
    let notes = found["notes"].to_string();
    assert!(
        notes.contains("nodes in the bodies of If, Loop or Scan"),
        "{notes}"
    );
}

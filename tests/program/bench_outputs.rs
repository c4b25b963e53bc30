//! What `ascend run`, `bench` and `msame` write, and archives of inputs.

use std::fs;

use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::Tensor;
use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
use serde_json::Value;

use super::bench::{Made, array, names, row};
use super::{fails, path, succeeds};

#[test]
fn outputs_have_every_form() {
    let made = Made::new();
    let (om, out) = (made.two(), made.at("out"));
    let [a, b] = ["a", "b"].map(|name| made.at(&format!("{name}.npy")));
    array(&[2, 4], [row(3), row(4)].concat())
        .write_npy(&a)
        .unwrap();
    array(&[2, 4], [row(1), row(1)].concat())
        .write_npy(&b)
        .unwrap();
    let inputs = format!("{},{}", path(&a), path(&b));
    let run = |more: &[&str]| {
        let _ = fs::remove_dir_all(&out);
        succeeds(
            &[
                &["run", path(&om), "--input", &inputs, "--output", path(&out)][..],
                more,
            ]
            .concat(),
        );
        names(&out)
    };
    assert_eq!(run(&[]), ["difference.npy", "sum.npy"]);
    assert_eq!(run(&["--outfmt", "TXT"]), ["difference.txt", "sum.txt"]);
    let text = fs::read_to_string(out.join("sum.txt")).unwrap();
    assert_eq!(
        text,
        "4.000000 4.000000 4.000000 4.000000 \n5.000000 5.000000 5.000000 5.000000 \n"
    );
    assert_eq!(
        run(&["--outfmt", "bin", "--naming", "number"]),
        ["a_0.bin", "a_1.bin"]
    );
    assert_eq!(run(&["--outfmt", "npz"]), ["a.npz"]);
    let arrays = Tensor::read_npz(out.join("a.npz")).unwrap();
    assert_eq!(
        (arrays[0].0.as_str(), arrays[1].0.as_str()),
        ("sum", "difference")
    );
    assert_eq!(run(&["--outfmt", "safetensors"]), ["a.safetensors"]);
    let tensors = Checkpoint::open(out.join("a.safetensors")).unwrap();
    assert_eq!(
        tensors.tensor("difference").unwrap().to_f32().unwrap(),
        [2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 3.0]
    );
    assert_eq!(run(&["--outfmt", "json"]), ["a.json"]);
    let told: Value = serde_json::from_slice(&fs::read(out.join("a.json")).unwrap()).unwrap();
    assert_eq!(
        told["outputs"][0]["data"],
        serde_json::json!([4, 4, 4, 4, 5, 5, 5, 5])
    );
    let _ = fs::remove_dir_all(&out);
    succeeds(&[
        "msame",
        "--model",
        path(&om),
        "--input",
        &inputs,
        "--output",
        path(&out),
        "--outfmt",
        "TXT",
        "--loop",
        "2",
    ]);
    let dated = names(&out);
    assert!(
        dated.len() == 1 && dated[0].len() == "2026_01_31-23_59_58".len(),
        "{dated:?}"
    );
    let folder = out.join(&dated[0]);
    assert_eq!(names(&folder), ["a_output_0.txt", "a_output_1.txt"]);
    assert_eq!(
        fs::read_to_string(folder.join("a_output_0.txt")).unwrap(),
        "4 4 4 4 \n\n5 5 5 5 "
    );
}

#[test]
fn an_output_does_not_replace_its_input() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    fs::create_dir(&out).unwrap();
    let input = out.join("y.npy");
    array(&[1, 4], row(3)).write_npy(&input).unwrap();
    let line = ["run", path(&om), "--input", path(&input), "--output"];
    let into = |folder| [&line[..], &[folder]].concat();
    fails(&into(path(&out)), 6, &["y.npy would replace the input"]);
    assert_eq!(Tensor::read_npy(&input).unwrap().bytes[..], row(3)[..]);
    succeeds(&into(path(&made.at("other"))));
}

#[test]
fn no_output_replaces_another() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    // Files of one name in two folders, and one that is called as the second would be.
    for (file, number) in [("a/x.bin", 1), ("b/x.bin", 2), ("b/x_2.bin", 3)] {
        let file = made.at(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, row(number)).unwrap();
    }
    let list = made.at("list.txt");
    let files = ["a/x.bin", "b/x.bin", "b/x_2.bin"].map(|file| made.at(file));
    let [one, two, three] = files.each_ref().map(|file| path(file));
    fs::write(&list, [one, two, three].join("\n")).unwrap();
    let input = format!("@{}", path(&list));
    for (naming, outputs) in [
        ("name", ["x_y", "x_2_y", "x_2_2_y"]),
        ("number", ["x_0", "x_2_0", "x_2_2_0"]),
        ("msame", ["x_output_0", "x_2_output_0", "x_2_2_output_0"]),
    ] {
        let _ = fs::remove_dir_all(&out);
        let to = ["--output", path(&out), "--outfmt", "bin", "--naming"];
        let line = ["run", path(&om), "--input", &input];
        succeeds(&[&line[..], &to, &[naming]].concat());
        assert_eq!(names(&out).len(), 3, "{naming}");
        for (output, number) in outputs.iter().zip([1, 2, 3]) {
            let bytes = fs::read(out.join(format!("{output}.bin"))).unwrap();
            assert_eq!(bytes, row(2 * number), "{naming}: {output}");
        }
    }
}

#[test]
fn names_that_run_together_are_refused() {
    let made = Made::new();
    let mut graph = Builder::new("two", 13);
    let dims = [1, 4].map(Dim::from);
    let x = graph.input("x", ascend_rt::DataType::F32, &dims);
    for name in ["y", "b_y"] {
        graph.node_to("Add", name, &[&x, &x], &[name], []);
        graph.output(name, ascend_rt::DataType::F32, &dims);
    }
    let (om, out) = (made.converted(graph, &[]), made.at("out"));
    let [a, ab] = ["a.bin", "a_b.bin"].map(|name| made.at(name));
    for file in [&a, &ab] {
        fs::write(file, row(1)).unwrap();
    }
    let pattern = made.at("a*.bin");
    let line = ["run", path(&om), "--input", path(&pattern), "--output"];
    let into_out = [&line[..], &[path(&out)]].concat();
    let parts = ["y of a_b", "b_y of a ", "a_b_y", "--naming number"];
    fails(&into_out, 6, &parts);
    assert!(!out.exists());
    succeeds(&[&into_out[..], &["--naming", "number"]].concat());
    assert_eq!(names(&out).len(), 4);
    // One of them alone is no harm.
    succeeds(&[
        "run",
        path(&om),
        "--input",
        path(&ab),
        "--output",
        path(&made.at("one")),
    ]);
}

#[test]
fn names_of_a_model_are_no_words_to_the_terminal() {
    let made = Made::new();
    let mut graph = Builder::new("odd", 13);
    let dims = [1, 4].map(Dim::from);
    let x = graph.input("x\u{1b}[2J", ascend_rt::DataType::F32, &dims);
    graph.node_to("Add", "add", &[&x, &x], &["y\u{1b}[31m"], []);
    graph.output("y\u{1b}[31m", ascend_rt::DataType::F32, &dims);
    let (om, out) = (made.converted(graph, &[]), made.at("out"));
    let said = succeeds(&["run", path(&om), "--output", path(&out), "--debug"]);
    assert!(
        !said.contains('\u{1b}') && said.contains("x\\u{1b}[2J"),
        "{said}"
    );
    assert_eq!(names(&out), ["y_[31m.npy"]);
}

#[test]
fn archives_hold_all_inputs() {
    let made = Made::new();
    let (om, out) = (made.two(), made.at("out"));
    let [npz, positions, safetensors] =
        ["x.npz", "y.npz", "z.safetensors"].map(|name| made.at(name));
    let [a, b] = [5, 2].map(|number| array(&[2, 4], row(number).repeat(2)));
    Tensor::write_npz(&npz, &[("b", b.clone()), ("a", a.clone())]).unwrap();
    Tensor::write_npz(&positions, &[("arr_0", a.clone()), ("arr_1", b.clone())]).unwrap();
    let stored = [("a", &a), ("b", &b)].map(|(name, tensor)| {
        let dtype = DataType::F32;
        NewTensor::new(name, dtype, [2, 4], tensor.bytes.to_vec())
    });
    SaveOptions::new().save(stored, &safetensors).unwrap();
    for file in [&npz, &positions, &safetensors] {
        succeeds(&[
            "bench",
            path(&om),
            "-i",
            path(file),
            "-o",
            path(&out),
            "-od",
            "d",
        ]);
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert_eq!(
            fs::read(out.join("d").join(format!("{stem}_1.bin"))).unwrap(),
            row(3).repeat(2)
        );
    }
    Tensor::write_npz(&npz, &[("a", a.clone()), ("c", b)]).unwrap();
    fails(
        &["bench", path(&om), "-i", path(&npz)],
        6,
        &["has no array b", "a, c"],
    );
    let content = fs::read(&npz).unwrap();
    fs::write(&npz, &content[..content.len() / 2]).unwrap();
    fails(&["bench", path(&om), "-i", path(&npz)], 7, &["x.npz"]);
}

#[test]
fn pure_inference_needs_no_files() {
    let made = Made::new();
    let (om, out) = (made.double(Some(2), &[]), made.at("out"));
    succeeds(&[
        "bench",
        "--model",
        path(&om),
        "--output",
        path(&out),
        "--loop",
        "5",
        "--pure_data_type",
        "random",
    ]);
    let listed = names(&out);
    let folder = listed.iter().find(|name| out.join(name).is_dir()).unwrap();
    assert!(
        listed.contains(&format!("{folder}_summary.json")),
        "{listed:?}"
    );
    assert_eq!(names(&out.join(folder)), ["pure_infer_data_0.bin"]);
    let bytes = fs::read(out.join(folder).join("pure_infer_data_0.bin")).unwrap();
    assert!(bytes.iter().any(|byte| *byte != 0) && bytes.len() == 32);
    let summary = fs::read(out.join(format!("{folder}_summary.json"))).unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(
        summary["npu_compute_time_list"].as_array().unwrap().len(),
        5
    );
    fails(&["bench", path(&om), "--loop", "0"], 2, &["--loop"]);
    fails(&["bench"], 2, &["MODEL"]);
}

//! `ascend compare --precision`: what a network loses that is rounded after every node.

use std::fs;

use ascend_graph::onnx::{Builder, Model};
use ascend_rt::DataType;

use super::compare::{floats, folder, tensor, write};
use super::compare_dumps::dump;
use super::{ascend, fails, path, succeeds, text};

/// x * 300 * 300 is beyond float16 where it is not kept, and small again behind it.
fn large() -> Model {
    let mut graph = Builder::new("large", 13);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    let by = graph.initializer("by", DataType::F32, &[1], floats(&[300.0]).into());
    let first = graph.node("Mul", "first", &[&x, &by], []);
    let second = graph.node("Mul", "layer.1/second", &[&first, &by], []);
    graph.node_to("Div", "back", &[&second, &by], &["y"], []);
    graph.output("y", DataType::F32, &[4.into()]);
    graph.build().unwrap()
}

#[test]
fn what_float16_loses_is_told_and_mended() {
    let (folder, _, input) = folder();
    let (net, advice) = (
        folder.path().join("large.onnx"),
        folder.path().join("advice"),
    );
    write(&large(), &net);
    let arguments = [
        "compare",
        path(&net),
        "--precision",
        "f16",
        "--input",
        path(&input),
    ];
    let output = ascend(&[&arguments[..], &["--advice", path(&advice)]].concat());
    let said = text(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{said}{}",
        text(&output.stderr)
    );
    for part in [
        "first bad: layer.1/second (Mul)",
        "3 of 4 elements of A exceed 65504, the most that float16 holds; in B 3 are infinite",
        "what it reads is still finite, so the overflow arises in this node",
        "it reads first (Mul)",
        "layer.1/second (Mul): gives numbers beyond 65504",
        "back (Div): reads numbers that the type cannot hold",
        "with these nodes in float32, and all others rounded, the outputs agree",
        "y: relative L2 not finite before",
        "--keep-dtype",
        "--op-precision-mode",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    // what reads it has to be kept too, or it would be infinite there
    let keep = fs::read_to_string(advice.join("keep_dtype.cfg")).unwrap();
    assert_eq!(keep, "layer.1/second\nback\n");
    let modes = fs::read_to_string(advice.join("op_precision_mode.ini")).unwrap();
    assert!(
        modes.starts_with("[ByNodeName]\nlayer.1/second=high_precision\n"),
        "{modes}"
    );
    // the files are what `convert` hands to the compiler
    let keep = advice.join("keep_dtype.cfg");
    let plan = succeeds(&[
        "convert",
        path(&net),
        "net.om",
        "--soc",
        "Ascend310P3",
        "--dry-run",
        "--keep-dtype",
        path(&keep),
        "--toolkit",
        "/nonexistent",
    ]);
    assert!(plan.contains("--keep_dtype="), "{plan}");
    let part = ["--node", "first", "--advice", path(&advice)];
    fails(
        &[&arguments[..], &part].concat(),
        6,
        &["--advice needs what all nodes lose", "--node"],
    );
    let brain = [
        "compare",
        path(&net),
        "--precision",
        "bf16",
        "--input",
        path(&input),
    ];
    assert!(succeeds(&brain).contains("A and B agree"));
    fails(
        &["compare", path(&net), "--precision", "f32"],
        6,
        &["there is no B"],
    );
}

/// A node without a name cannot stand in the files, and bfloat16 has its own mode.
#[test]
fn nameless_nodes_and_bfloat16_are_told() {
    let (folder, _, input) = folder();
    let (net, advice) = (
        folder.path().join("large.onnx"),
        folder.path().join("advice"),
    );
    let mut model = large();
    model.graph.as_mut().unwrap().node[1].name.clear();
    write(&model, &net);
    let told = |precision: &str, more: &[&str]| {
        let arguments = ["compare", path(&net), "--input", path(&input)];
        let arguments = [&arguments[..], &["--precision", precision], more].concat();
        let advice = ["--advice", path(&advice), "--overwrite"];
        text(&ascend(&[&arguments[..], &advice].concat()).stdout)
    };
    let said = told("f16", &[]);
    assert!(
        said.contains("have no name, which the files need: 1") && said.contains("node.name ="),
        "{said}"
    );
    // numbers that bfloat16 has not
    tensor(&[1.1, 2.3, -3.7, 0.3]).write_npy(&input).unwrap();
    let said = told("bf16", &["--relative-l2", "1e-9"]);
    assert!(
        said.contains("--precision_mode=allow_mix_precision_bf16"),
        "{said}"
    );
}

/// A dump has infinities behind the node that makes them, and not all nodes are in it.
#[test]
fn nodes_that_pass_infinities_on_are_not_blamed() {
    let (folder, _, input) = folder();
    let at = |name: &str| folder.path().join(name);
    let (net, dumps) = (at("large.onnx"), at("dump"));
    write(&large(), &net);
    fs::create_dir(&dumps).unwrap();
    let advised = |advice: &str| {
        let arguments = ["compare", path(&net), path(&dumps), "--input", path(&input)];
        let folder = at(advice);
        let advice = ["--precision", "f16", "--advice", path(&folder)];
        let said = text(&ascend(&[&arguments[..], &advice].concat()).stdout);
        (said, fs::read_to_string(folder.join("keep_dtype.cfg")).ok())
    };
    let all = [
        f32::INFINITY,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::INFINITY,
    ];
    dump(&dumps, "Div.back.3.0.30", "back", "back", &all);
    // what it reads was not dumped, and its own numbers are small
    let (said, kept) = advised("none");
    assert_eq!(kept, None, "{said}");
    assert!(said.contains("no single node stands out"), "{said}");
    let second = "layer.1/second";
    dump(&dumps, "Mul.layer_1_second.2.0.20", second, second, &all);
    dump(
        &dumps,
        "Mul.first.1.0.10",
        "first",
        "first",
        &[300.0, 600.0, -900.0, 75.0],
    );
    let (said, kept) = advised("one");
    assert_eq!(kept.as_deref(), Some("layer.1/second\n"), "{said}");
    assert!(said.contains("3 of 4 elements of A exceed 65504"), "{said}");
}

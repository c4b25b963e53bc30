//! Models that do not convert.

use std::fs;

use ascend_graph::onnx::{Model, Node, OperatorSet};

use super::super::doctor_tree::Tree;
use super::super::stand_in::Place;
use super::Complaint;
use super::errors::network;
use super::said::Said;

/// The shipped network, changed.
pub(super) fn changed(complaint: &Complaint, change: impl FnOnce(&mut Model)) {
    network(complaint);
    let onnx = complaint.at("net.onnx");
    let mut model = Model::read(&fs::read(&onnx).unwrap().into()).unwrap();
    change(&mut model);
    fs::write(onnx, model.to_rope().to_bytes()).unwrap();
}

fn add(model: &mut Model, op_type: &str, domain: &str, name: &str) {
    let node = Node {
        name: name.into(),
        op_type: op_type.into(),
        domain: domain.into(),
        input: vec!["input".into()],
        output: vec![format!("{name}_0")],
        ..Node::default()
    };
    model.graph.as_mut().unwrap().node.push(node);
}

#[test]
fn no_parser_for_an_operator_of_its_own() {
    let mut complaint = Complaint::of(21);
    changed(&complaint, |model| {
        add(model, "FlashAttentionTik", "", "down_blocks.0.attn");
        add(model, "NPUGeGlu", "npu", "down_blocks.0.ff");
        model.opset_import.push(OperatorSet {
            domain: "npu".into(),
            version: 1,
        });
    });
    let check = "ascend check net.onnx --soc Ascend310P3 --input-shape input:1,3,64,64";
    let told = complaint.says(
        check,
        12,
        &[
            "error E16002 (operator-unknown)",
            "at: down_blocks.0.attn (FlashAttentionTik)",
            "error E16002 (npu-misspelt)",
            "--fix",
        ],
    );
    told.leave_out(&["advice", "warning"]);
    complaint.says(
        "ascend explain E19010",
        0,
        &["no parser is registered", "replace the operator"],
    );
    complaint.matches_the_page();
}

#[test]
fn several_versions_of_operators() {
    let mut complaint = Complaint::of(22);
    changed(&complaint, |model| {
        add(model, "NPURoiAlign", "npu", "pool");
        model.opset_import.push(OperatorSet {
            domain: "npu".into(),
            version: 1,
        });
    });
    let check = "ascend check net.onnx --soc Ascend310 --cann 6.3 --input-shape input:1,3,64,64";
    let told = complaint.says(check, 12, &["error E16005 (several-domains)", "fix: "]);
    told.leave_out(&["advice", "warning", "error E16002", "error E19999"]);
    complaint.says(
        "ascend explain E16005",
        0,
        &["export with one operator set"],
    );
    complaint.matches_the_page();
}

#[test]
fn hours_of_compiling_and_then_a_failure() {
    let mut complaint = Complaint::of(23);
    let place = Place::new();
    let line = "ascend convert net.onnx net.om --soc Ascend310P3";
    let mut said = Said::of(line, &place.convert("compile", &[]), place.folder.path());
    said.leave_out(&["note"]);
    complaint.shows(
        said,
        10,
        &[
            "E20001",
            "usual cause:",
            "what to do:",
            "nodes: relu",
            "the log is net.atc.log",
        ],
    );
    let tree = Tree::host();
    tree.write(
        "/proc/meminfo",
        "MemTotal: 12288000 kB\nMemAvailable: 1048576 kB\n",
    );
    complaint.machine(&tree);
    complaint.doctor_says(
        13,
        &[
            "memory: ",
            "export TE_PARALLEL_COMPILER=1 MAX_COMPILE_CORE_NUMBER=1",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_shape_that_does_not_fit() {
    let mut complaint = Complaint::of(24);
    network(&complaint);
    let check = "ascend check net.onnx --soc Ascend310B4 --input-shape images:1,3,640,640";
    let told = complaint.says(
        check,
        12,
        &["error E10016 (input-shape-name): --input_shape names `images`, which is no input of the model", "fix: the inputs are `input`"],
    );
    told.leave_out(&["advice"]);
    let check = "ascend check net.onnx --soc Ascend310B4 --input-shape input:1,3,64";
    let told = complaint.says(
        check,
        12,
        &[
            "error E10049 (input-shape-rank)",
            "gives it 3 dims, the model has 4",
            "fix: write one number for each dim",
        ],
    );
    told.leave_out(&["advice"]);
    complaint.matches_the_page();
}

#[test]
fn a_chip_without_dynamic_shapes() {
    let mut complaint = Complaint::of(25);
    network(&complaint);
    let told = complaint.says(
        "ascend check net.onnx --soc Ascend310",
        12,
        &[
            "Dynamic shape is not supported on this chip",
            "fix: fix the dims: --input-shape \"input:1,3,64,64\"; or give gears",
        ],
    );
    told.leave_out(&["advice"]);
    let gears = "--input-shape input:-1,3,64,64 --dynamic-batch-size 1,4";
    let told = complaint.says(
        &format!("ascend check net.onnx --soc Ascend310 {gears}"),
        0,
        &["convertible: 0 errors"],
    );
    told.leave_out(&["advice"]);
    let convert = format!("ascend convert net.onnx gears.om {gears}");
    let told = complaint.says(&convert, 0, &["tried the gears 1,4"]);
    told.keep(&["gears"]);
    let two = "ascend run gears.om --input two.npy --output out --device mock";
    super::results::zeros(&complaint, "two.npy", 2);
    complaint.says(
        two,
        6,
        &[
            "in the gears batch sizes 1, 4",
            "[2, 3, 64, 64]",
            "`ascend run --pad`",
        ],
    );
    complaint.says(&format!("{two} --pad"), 0, &["wrote out/output.npy"]);
    complaint.matches_the_page();
}

//! Results that differ, and speed.

use ascend_rt::{DataType, Tensor};

use super::super::stand_in::Place;
use super::Complaint;
use super::errors::network;
use super::said::Said;

/// Pictures of nothing, `[batch, 3, 64, 64]`.
pub(super) fn zeros(complaint: &Complaint, name: &str, batch: usize) {
    let tensor = Tensor {
        dtype: DataType::F32,
        shape: vec![batch, 3, 64, 64].into(),
        bytes: vec![0; batch * 3 * 64 * 64 * 4].into(),
    };
    tensor.write_npy(complaint.at(name)).unwrap();
}

#[test]
fn half_precision_destroys_a_model() {
    let mut complaint = Complaint::of(26);
    let place = Place::new();
    let line = "ascend convert net.onnx net.om --soc Ascend310P3";
    let said = Said::of(line, &place.convert("success", &[]), place.folder.path());
    complaint.shows(said, 0, &["float16"]).keep(&["note: "]);
    complaint.matches_the_page();
}

#[test]
fn an_om_gives_other_results_than_onnx() {
    let complaint = Complaint::of(27);
    complaint.matches_the_page();
}

#[test]
fn an_npu_slower_than_the_processor() {
    let mut complaint = Complaint::of(28);
    network(&complaint);
    let told = complaint.says(
        "ascend bench net.om --loop 20 --device mock",
        0,
        &[
            "warm-up: 1 runs before the clock started",
            "the model alone, on the device",
            "throughput, compute:",
            "throughput, end to end:",
        ],
    );
    told.keep(&[
        "times in ms",
        "mean       p50",
        "reading and joining",
        "copies",
        "the model alone",
        "staging",
        "all of these",
        "warm-up",
        "throughput, ",
    ]);
    complaint.matches_the_page();
}

#[test]
fn a_model_is_built_anew_for_each_shape() {
    let mut complaint = Complaint::of(29);
    network(&complaint);
    let convert = "ascend convert net.onnx range.om --input-shape input:1~8,3,64,64";
    let told = complaint.says(convert, 0, &["compiled 175 nodes"]);
    told.keep(&["compiled"]);
    for batch in [1, 5] {
        zeros(&complaint, &format!("{batch}.npy"), batch);
        let run =
            format!("ascend run range.om --input {batch}.npy --output out{batch} --device mock");
        complaint.says(&run, 0, &["wrote out"]);
    }
    let sweep = "ascend bench range.om --dymShape_range input:1-2-8,3,64,64 --loop 2 --device mock";
    let told = complaint.says(sweep, 0, &["run_count:3 success_count:3"]);
    told.keep(&["run_count"]);
    let count = "success_count:3";
    told.text = told.text.split_inclusive(count).next().unwrap().to_owned() + " …\n";
    complaint.matches_the_page();
}

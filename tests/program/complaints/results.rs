//! Results that differ, and speed.

use ascend_graph::onnx::{Attribute, Builder, Dim};
use ascend_rt::{DataType, Tensor};

use super::super::stand_in::Place;
use super::Complaint;
use super::conversion::changed;
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
    norm(&complaint);
    let told = complaint.says(
        "ascend compare norm.onnx --precision f16 --advice advice",
        1,
        &[
            "norm/mean (ReduceMean): gives numbers beyond 65504",
            "with these nodes in float32, and all others rounded, the outputs agree",
            "ascend convert norm.onnx OUT.om --soc SOC --keep-dtype advice/keep_dtype.cfg",
        ],
    );
    told.keep(&[
        "advice: wrote",
        "gives numbers",
        "reads numbers",
        "tried: ",
        "convert",
        "atc itself",
        "more exact",
        "--op-precision-mode",
    ]);
    complaint.says("cat advice/keep_dtype.cfg", 0, &["norm/square\n"]);
    complaint.matches_the_page();
}

/// A norm whose squares leave the range of float16.
fn norm(complaint: &Complaint) {
    let mut graph = Builder::new("norm", 13);
    let dims = [1, 64].map(Dim::Fixed);
    let x = graph.input("x", DataType::F32, &dims);
    let data = 2000_f32.to_le_bytes().to_vec();
    let scale = graph.initializer("scale", DataType::F32, &[1], data.into());
    let large = graph.node("Mul", "embed", &[&x, &scale], []);
    let square = graph.node("Mul", "norm/square", &[&large, &large], []);
    let axes = [Attribute::ints("axes", [1])];
    let mean = graph.node("ReduceMean", "norm/mean", &[&square], axes);
    let root = graph.node("Sqrt", "norm/root", &[&mean], []);
    graph.node_to("Div", "norm/divide", &[&large, &root], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let onnx = graph.build().unwrap().to_rope().to_bytes();
    complaint.write("norm.onnx", onnx);
}

/// The signs of a convolution's weights are turned, in the middle of the network.
#[test]
fn an_om_gives_other_results_than_onnx() {
    let mut complaint = Complaint::of(27);
    changed(&complaint, |model| {
        let graph = model.graph.as_mut().unwrap();
        let mut constants = graph.initializer.iter_mut();
        let weight = constants.find(|tensor| tensor.name == "layer3.1.conv2.weight");
        let weight = weight.unwrap();
        let numbers = weight.raw_data.as_chunks::<4>().0.iter();
        let turned = numbers.flat_map(|number| (-f32::from_le_bytes(*number)).to_le_bytes());
        weight.raw_data = turned.collect::<Vec<_>>().into();
    });
    complaint.makes("mv net.onnx wrong.onnx; rm net.om");
    complaint.makes("ascend convert wrong.onnx wrong.om --input-shape input:1,3,64,64");
    network(&complaint);
    random(&complaint, "picture.npy");
    let compare = "ascend compare net.onnx wrong.om --input picture.npy --device mock";
    let told = complaint.says(compare, 1, &["first bad: "]);
    told.keep(&["first bad", "it reads", "  only", "values between"]);
    let compare = "ascend compare net.onnx wrong.onnx --input picture.npy";
    let told = complaint.says(
        compare,
        1,
        &[
            "first bad: layer3.1.conv2",
            "the difference arises in this node",
        ],
    );
    told.keep(&["first bad", "it reads", "the difference arises"]);
    complaint.matches_the_page();
}

/// A picture of `[1, 3, 64, 64]` with something in it.
fn random(complaint: &Complaint, name: &str) {
    let numbers = (0..3 * 64 * 64_u32)
        .map(|place| f32::from(u16::try_from(place * 7919 % 1009).unwrap()) / 1009.0);
    let tensor = Tensor {
        dtype: DataType::F32,
        shape: vec![1, 3, 64, 64].into(),
        bytes: numbers
            .flat_map(f32::to_le_bytes)
            .collect::<Vec<_>>()
            .into(),
    };
    tensor.write_npy(complaint.at(name)).unwrap();
}

#[test]
fn an_npu_slower_than_the_processor() {
    let mut complaint = Complaint::of(28);
    network(&complaint);
    let told = complaint.says(
        "ascend bench net.om --loop 20 --device mock",
        0,
        &[
            "warm-up: 1 run before the clock started",
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
    let told = complaint.says(
        "ascend profile net.om --loop 5 --device mock",
        0,
        &[
            "first run  later runs",
            "later runs are the mean of 5 after the warm-up",
        ],
    );
    told.keep(&["first run  later", "upload ", "execute ", "later runs are"]);
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

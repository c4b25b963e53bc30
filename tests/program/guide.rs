//! Pages of the guide whose command lines are run as they stand.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::{DataType, Tensor};
use tempfile::TempDir;

use super::book::{blocks, root};
use super::shell::shell;
use super::text;

/// A page, and a folder to run it in.
struct Page {
    file: PathBuf,
    folder: TempDir,
}

impl Page {
    fn of(name: &str) -> Self {
        Self {
            file: root().join("docs/guide").join(name),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the first block of a language as a file.
    fn has(&self, language: &str, name: &str) {
        let found = blocks(&self.file);
        let found = found.into_iter().find(|block| block.language == language);
        fs::write(self.at(name), found.unwrap().text).unwrap();
    }

    /// Runs its scripts one after the other: what they said.
    #[track_caller]
    fn runs(&self) -> String {
        let scripts = blocks(&self.file).into_iter();
        let mut said = String::new();
        for script in scripts.filter(|block| block.language == "sh") {
            let output = shell(&script.text)
                .current_dir(&self.folder)
                .output()
                .unwrap();
            let errors = text(&output.stderr);
            assert!(output.status.success(), "{}: {errors}", script.place());
            said += &text(&output.stdout);
        }
        said
    }
}

fn zeros(place: &Path, dtype: DataType, shape: &[usize]) {
    let elements: usize = shape.iter().product();
    let width = if dtype == DataType::U8 { 1 } else { 4 };
    let tensor = Tensor {
        dtype,
        shape: shape.into(),
        bytes: vec![0; elements * width].into(),
    };
    tensor.write_npy(place).unwrap();
}

/// A network for pictures, `x` of any batch.
fn network(place: &Path) {
    let mut graph = Builder::new("net", 11);
    let dims = [
        "batch".into(),
        Dim::Fixed(3),
        Dim::Fixed(224),
        Dim::Fixed(224),
    ];
    let x = graph.input("x", DataType::F32, &dims);
    graph.node_to("GlobalAveragePool", "pool", &[&x], &["y"], []);
    let dims = ["batch".into(), Dim::Fixed(3), Dim::Fixed(1), Dim::Fixed(1)];
    graph.output("y", DataType::F32, &dims);
    fs::write(place, graph.build().unwrap().to_rope().to_bytes()).unwrap();
}

/// The first page that anyone tries does what it says.
#[test]
fn the_first_steps_lead_somewhere() {
    let page = Page::of("first-steps.md");
    let example = root().join("examples/resnet50");
    for file in [
        "resnet50_slim.safetensors",
        "labels.txt",
        "pictures/house.jpg",
    ] {
        let from = example.join(file);
        fs::copy(&from, page.at(from.file_name().unwrap().to_str().unwrap())).unwrap();
    }
    let told = page.runs();
    for part in [
        "Ascend-CPU",
        "took the tensors for a ResNet-50",
        "house",
        "end to end",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn gears_and_preprocessing_are_made_and_run() {
    let page = Page::of("gears.md");
    network(&page.at("net.onnx"));
    page.has("text", "aipp.cfg");
    zeros(&page.at("image.npy"), DataType::F32, &[3, 3, 224, 224]);
    zeros(&page.at("bytes.npy"), DataType::U8, &[1, 224, 224, 3]);
    let told = page.runs();
    for part in [
        "convertible: 0 errors",
        "tried the gears 1,4,8",
        "batch sizes 1, 4, 8",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // of the bytes: (0 - 124) * 0.0171, in half precision
    let made = Tensor::read_npy(page.at("pixels/y.npy")).unwrap();
    let made = made.to_array::<f32>().unwrap();
    assert!((made[[0, 0, 0, 0]] + 2.12).abs() < 0.01, "{made}");
}

#[test]
fn what_costs_time_is_measured() {
    let page = Page::of("performance.md");
    network(&page.at("net.onnx"));
    let made = shell("ascend convert net.onnx net.om --input-shape x:1,3,224,224")
        .current_dir(&page.folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    fs::create_dir(page.at("prep")).unwrap();
    for name in ["a.npy", "b.npy"] {
        zeros(
            &page.at("prep").join(name),
            DataType::F32,
            &[1, 3, 224, 224],
        );
    }
    let told = page.runs();
    assert!(
        told.matches("throughput, end to end").count() == 3,
        "{told}"
    );
    assert!(page.at("report.html").is_file() && page.at("report.json").is_file());
    page.has("toml", "device.toml");
    let bench = "ASCEND_MOCK_CONFIG=device.toml ascend bench net.om --loop 3 --device mock:3";
    let timed = shell(bench).current_dir(&page.folder).output().unwrap();
    assert!(
        text(&timed.stdout).contains("3 runs of net.om"),
        "{}",
        text(&timed.stderr)
    );
}

#[test]
fn a_configuration_of_the_device_is_one() {
    let page = Page::of("testing.md");
    network(&page.at("net.onnx"));
    let made = "ascend convert net.onnx net.om --input-shape x:1,3,224,224";
    let made = shell(made).current_dir(&page.folder).output().unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    page.has("toml", "device.toml");
    assert!(page.runs().contains("200 runs of net.om"));
    // on the other device one of a hundred fails
    let other = "ASCEND_MOCK_CONFIG=device.toml ascend bench net.om --loop 200 --device mock:1";
    let failed = shell(other).current_dir(&page.folder).output().unwrap();
    assert!(
        text(&failed.stderr).contains("507015"),
        "{}",
        text(&failed.stderr)
    );
}

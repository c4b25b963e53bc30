//! A job of `ascend classify` to be tested.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::DataType;
use serde_json::Value;

use super::{command, path, succeeds, text};

/// A folder with a model that is quick, and pictures.
pub(super) struct Job {
    folder: tempfile::TempDir,
}

impl Job {
    /// With so many pictures, every seventh of them damaged.
    pub(super) fn new(count: usize) -> Self {
        let job = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        job.model(true);
        fs::create_dir(job.at("in")).unwrap();
        for number in 0..count {
            job.picture(format!("{number:04}.png"), number);
        }
        job
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A model that gives `[1, 3]`, or `[1, 3, 1, 1]` if it is not flat.
    pub(super) fn model(&self, is_flat: bool) {
        let (onnx, om) = (self.at("net.onnx"), self.at("net.om"));
        model(&onnx, is_flat);
        succeeds(&["convert", path(&onnx), path(&om), "--overwrite"]);
    }

    pub(super) fn picture(&self, name: impl AsRef<OsStr>, number: usize) {
        let mut content = picture(number);
        if number % 7 == 3 {
            content.truncate(content.len() / 2);
        }
        fs::write(self.folder.path().join("in").join(name.as_ref()), content).unwrap();
    }

    /// The program in the folder, on the CPU device of this configuration.
    pub(super) fn command(&self, config: &str, arguments: &[&str]) -> Command {
        let mut command = command(config);
        command
            .current_dir(self.folder.path())
            .args(["classify", "net.om"]);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a script in the folder, which finds the program.
    pub(super) fn shell(&self, script: &str) -> Output {
        let program = self.command("", &[]);
        let folder = Path::new(program.get_program()).parent().unwrap();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-e", "-c", script])
            .current_dir(self.folder.path());
        shell.env(
            "PATH",
            format!("{}:{}", path(folder), std::env::var("PATH").unwrap()),
        );
        for (name, value) in program.get_envs() {
            shell.env(name, value.unwrap());
        }
        shell.output().unwrap()
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.command("", arguments).output().unwrap()
    }

    #[track_caller]
    pub(super) fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stderr)
    }

    #[track_caller]
    pub(super) fn fails(&self, arguments: &[&str], code: i32, parts: &[&str]) {
        let output = self.run(arguments);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(!message.contains("panicked"), "{message}");
        for part in parts {
            assert!(message.contains(part), "{part:?} is missing in: {message}");
        }
    }

    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    pub(super) fn records(&self, name: &str) -> Vec<Value> {
        let content = text(&self.read(name));
        content
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Waits until the file has grown to so many bytes.
    pub(super) fn await_len(&self, name: &str, len: u64) {
        let start = Instant::now();
        while fs::metadata(self.at(name)).map_or(0, |about| about.len()) < len {
            assert!(
                start.elapsed() < Duration::from_mins(2),
                "{name} does not grow"
            );
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A classifier of three classes: the means of the channels.
fn model(place: &Path, is_flat: bool) {
    let mut graph = Builder::new("mean", 13);
    let x = graph.input("input", DataType::F32, &[1, 3, 16, 16].map(Dim::from));
    let dims = [1, 3, 1, 1].map(Dim::from);
    if is_flat {
        let mean = graph.node("GlobalAveragePool", "mean", &[&x], []);
        graph.node_to("Flatten", "flat", &[&mean], &["output"], []);
        graph.output("output", DataType::F32, &dims[..2]);
    } else {
        graph.node_to("GlobalAveragePool", "mean", &[&x], &["output"], []);
        graph.output("output", DataType::F32, &dims);
    }
    fs::write(place, graph.build().unwrap().to_rope().to_bytes()).unwrap();
}

/// A PNG of one colour.
fn picture(number: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 20, 20);
    encoder.set_color(png::ColorType::Rgb);
    let colour = [7, 31, 101].map(|step| u8::try_from(number * step % 256).unwrap());
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&colour.repeat(400))
        .unwrap();
    file
}

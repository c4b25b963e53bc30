//! The examples in `--help`: each is run, in a folder with the files that it names.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim};
use tempfile::TempDir;

use super::profile_results::SUMMARY;
use super::stand_in::Place;
use super::{WEIGHTS, path, succeeds, text};

/// What examples answer by their exit code, other than that all is well.
const ANSWERS: [(&str, &[i32]); 5] = [
    // whatever the machine is like on which this runs
    ("ascend doctor", &[0, 13, 14, 15]),
    ("ascend diff weights.pth weights.safetensors", &[0]),
    ("ascend diff", &[1]),
    ("ascend check net.onnx --soc Ascend310P3", &[0]),
    // its gears want a switch that the file has
    ("ascend check", &[0, 11]),
];

/// The answer of a command that wants a chip or its software, where there is none.
const NO_CANN: i32 = 3;

/// A line of `--help`.
#[derive(Debug)]
struct Shown {
    title: String,
    line: String,
}

/// The commands by their names, as `ascend --help` and those within have them.
fn commands(before: &[String]) -> Vec<Vec<String>> {
    let words: Vec<&str> = before.iter().map(String::as_str).collect();
    let help = succeeds(&[&words[..], &["--help"]].concat());
    let mut lines = help.lines();
    if !lines.by_ref().any(|line| line == "Commands:") {
        return vec![before.to_owned()];
    }
    let names = lines.take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty() && *name != "help");
    let inner = names.flat_map(|name| commands(&[before, &[name.to_owned()]].concat()));
    let own = before.is_empty().then(Vec::new);
    own.into_iter().chain(inner).collect()
}

fn examples(of: &[String]) -> Vec<Shown> {
    let words: Vec<&str> = of.iter().map(String::as_str).collect();
    let help = succeeds(&[&words[..], &["--help"]].concat());
    let mut shown: Vec<Shown> = Vec::new();
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    for line in lines.map_while(|line| line.strip_prefix("  ")) {
        match (line.strip_prefix("# "), shown.last_mut()) {
            (Some(title), _) => shown.push(Shown {
                title: title.to_owned(),
                line: String::new(),
            }),
            (None, Some(last)) => {
                last.line.push_str(line);
                last.line.push('\n');
            }
            (None, None) => panic!("no title before {line}"),
        }
    }
    shown
}

/// A folder with all files that examples name, which is copied for each.
fn files() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in [
        "images",
        "photos",
        "image",
        "home/.zfunc",
        "home/.config/fish/completions",
        "home/.local/share/bash-completion/completions",
        "home/ascend/log/debug/plog",
        "ascend-cpu/lib64",
        "ascend-cpu/include",
        "ascend-cpu/share",
        "cpu/lib64",
    ] {
        fs::create_dir_all(at(name)).unwrap();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("examples/resnet50/pictures");
    for (from, to) in [
        (pictures.join("house.jpg"), "photo.jpg"),
        (pictures.join("fish.jpg"), "photos/fish.jpg"),
        (pictures.join("mug.jpg"), "photos/mug.jpg"),
        (root.join("examples/resnet50/labels.txt"), "labels.txt"),
        (root.join(WEIGHTS), "weights.safetensors"),
    ] {
        fs::copy(from, at(to)).unwrap();
    }
    for library in ["ascend-cpu/lib64", "cpu/lib64"] {
        fs::write(at(library).join("libascendcl.so"), "").unwrap();
    }
    let said = "aclmdlExecute failed, error code is 507011\n";
    fs::write(at("run.log"), said).unwrap();
    fs::write(at("home/ascend/log/debug/plog/plog-7.log"), said).unwrap();
    fs::write(at("service.env"), "HOME=/root\nPATH=/usr/bin:/bin\n").unwrap();
    let profile = at("PROF_000001_20250102030405678_X/mindstudio_profiler_output");
    fs::create_dir_all(&profile).unwrap();
    fs::write(profile.join("op_summary_20250102.csv"), SUMMARY).unwrap();
    models(folder.path());
    compared(folder.path());
    folder
}

/// A small network with its inputs, and weights.
fn models(folder: &Path) {
    let at = |name: &str| folder.join(name);
    let convert = |from: &str, to: &str, more: &[&str]| {
        let (from, to) = (at(from), at(to));
        succeeds(&[&["convert", path(&from), path(&to)], more].concat());
    };
    let weights = "weights.safetensors";
    convert(weights, "weights.pth", &[]);
    convert(weights, "trained.pth", &["--dtype", "bf16"]);
    convert(weights, "net.om", &["--image-size", "64", "--batch", "1"]);
    fs::copy(at("net.om"), at("other.om")).unwrap();
    let mut graph = Builder::new("net", 11);
    let dims = [Dim::Unknown, 3.into(), 64.into(), 64.into()];
    graph.input("input", DataType::F32, &dims);
    graph.node_to("Relu", "relu", &["input"], &["output"], []);
    graph.output("output", DataType::F32, &dims);
    let onnx = graph.build().unwrap().to_rope().to_bytes();
    fs::write(at("net.onnx"), onnx).unwrap();
    let tensor = ascend_rt::Tensor {
        dtype: DataType::F32,
        shape: vec![1, 3, 64, 64].into(),
        bytes: vec![0; 3 * 64 * 64 * 4].into(),
    };
    fs::write(at("image.bin"), &tensor.bytes).unwrap();
    for name in ["image.npy", "images/a.npy", "images/b.npy"] {
        tensor.write_npy(at(name)).unwrap();
    }
}

/// What a network is held against.
fn compared(folder: &Path) {
    let at = |name: &str| folder.join(name);
    let (net, om, input) = (at("net.onnx"), at("compiled.om"), at("image.npy"));
    let shape = "input:1,3,64,64";
    succeeds(&["convert", path(&net), path(&om), "--input-shape", shape]);
    fs::copy(&net, at("simplified.onnx")).unwrap();
    // the picture is all zeros, and so is what Relu makes of it
    fs::create_dir(at("golden")).unwrap();
    fs::copy(&input, at("golden/output.npy")).unwrap();
    let results = at("results");
    let arguments = ["bench", path(&om), "--input", path(&input), "--dump"];
    succeeds(&[&arguments[..], &["--output", path(&results)]].concat());
    fs::rename(results.join("dump"), at("dump")).unwrap();
    fs::remove_dir_all(results).unwrap();
}

/// A copy of the files for one example, so that none finds what another made.
fn copied(files: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let status = Command::new("cp")
        .args(["-R", "--", path(&files.path().join("."))])
        .arg(copy.path())
        .status();
    assert!(status.unwrap().success());
    copy
}

/// Runs a line in a shell that finds this program under its name.
fn run(line: &str, folder: &Path, place: &Place) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_ascend")).parent().unwrap();
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        program.display(),
        place.at("bin").display()
    );
    let mut shell = Command::new("/bin/sh");
    shell.args(["-ec", line]).current_dir(folder).env_clear();
    for variable in ["LD_LIBRARY_PATH", "ASCEND_HOME_PATH"] {
        shell.env(variable, "/nonexistent");
    }
    shell.env("PATH", path).env("HOME", folder.join("home"));
    // pages for man are shown as in a pipe
    shell.env("MANPAGER", "cat").env("TMPDIR", place.at("temp"));
    shell.env("ASCEND_TOOLKIT_HOME", place.at("latest"));
    shell.output().unwrap()
}

#[test]
fn every_example_runs() {
    let (files, place) = (files(), Place::new());
    let has_man = Command::new("man").arg("--version").output().is_ok();
    let (mut count, mut marked) = (0, 0);
    for command in commands(&[]) {
        let examples = examples(&command);
        assert!(!examples.is_empty(), "{command:?} has no examples");
        for Shown { title, line } in examples {
            let line = line.trim_end();
            if line.contains("&& man ") && !has_man {
                println!("skipped: there is no man for {line}");
                continue;
            }
            let folder = copied(&files);
            let (line, expected): (_, &[i32]) = if title.ends_with("(wants CANN)") {
                marked += 1;
                (format!("{line} --dry-run"), &[0])
            } else if title.ends_with("(wants an NPU)") {
                marked += 1;
                (line.to_owned(), &[NO_CANN])
            } else {
                let mut known = ANSWERS.iter();
                let answer = known.find(|(begin, _)| line.starts_with(begin));
                (line.to_owned(), answer.map_or(&[0], |(_, codes)| codes))
            };
            let output = run(&line, folder.path(), &place);
            let code = output.status.code().unwrap_or(-1);
            assert!(
                expected.contains(&code),
                "{line}\nended with {code}: {}{}",
                text(&output.stdout),
                text(&output.stderr)
            );
            count += 1;
        }
    }
    assert!(
        count > 30 && marked >= 3,
        "{count} examples, {marked} marked"
    );
}

#[test]
fn the_short_help_leaves_them_out() {
    for command in [&["bench"][..], &["mock", "env"], &[]] {
        let help = succeeds(&[command, &["-h"]].concat());
        assert!(!help.contains("Examples:"), "{help}");
    }
    for command in ["explain", "compare", "profile"] {
        let help = succeeds(&[command, "-h"]);
        assert!(!help.contains("Examples:"), "{help}");
    }
    for command in ["explain", "compare"] {
        let help = succeeds(&[command, "--help"]);
        let (codes, examples) = (help.find("Exit codes:"), help.find("Examples:"));
        assert!(codes.is_some() && codes < examples, "{help}");
    }
}

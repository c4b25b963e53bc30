//! A made-up toolkit with a stand-in for `atc`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim};
use tempfile::TempDir;

use super::{path, succeeds, text};

/// A folder with a toolkit, an ONNX file and what the stand-in gives out for it.
pub(super) struct Place {
    pub(super) folder: TempDir,
}

impl Place {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        for folder in ["latest/bin", "latest/opp", "temp", "noted", "bin"] {
            fs::create_dir_all(place.at(folder)).unwrap();
        }
        place.program("latest/bin/atc", include_str!("stand_in.sh"));
        // all that it asks python3 for is there
        place.program(
            "bin/python3",
            "#!/bin/sh\n[ \"$PYTHON_LACKS\" ] && echo \"$PYTHON_LACKS\"\n exit 0\n",
        );
        let script = "export ASCEND_OPP_PATH=${BASH_SOURCE%/*}/latest/opp\n\
                      export FROM_THE_SCRIPT='two words'\necho noise\n";
        fs::write(place.at("set_env.sh"), script).unwrap();
        let info = format!("latest/{}-linux", std::env::consts::ARCH);
        fs::create_dir_all(place.at(&format!("{info}/devlib"))).unwrap();
        let version = "package_name=toolkit\nversion=8.0.RC1\n";
        fs::write(
            place.at(&format!("{info}/ascend_toolkit_install.info")),
            version,
        )
        .unwrap();
        let mut graph = Builder::new("net", 11);
        let dims = [1, 3, 8, 8].map(Dim::Fixed);
        graph.input("input", DataType::F32, &dims);
        graph.node_to("Relu", "relu", &["input"], &["output"], []);
        graph.output("output", DataType::F32, &dims);
        let onnx = graph.build().unwrap().to_rope().to_bytes();
        fs::write(place.at("net.onnx"), onnx).unwrap();
        succeeds(&[
            "convert",
            path(&place.at("net.onnx")),
            path(&place.at("noted/model.om")),
        ]);
        place
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        fs::write(self.at(name), script).unwrap();
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn noted(&self, name: &str) -> String {
        fs::read_to_string(self.at("noted").join(name)).unwrap_or_default()
    }

    /// `ascend convert net.onnx net.om` for a chip, with the stand-in's scenario.
    pub(super) fn command(&self, scenario: &str, more: &[&str]) -> Command {
        self.command_from("net.onnx", "net.om", scenario, more)
    }

    /// The same for other files.
    pub(super) fn command_from(
        &self,
        source: &str,
        destination: &str,
        scenario: &str,
        more: &[&str],
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ascend"));
        let path = format!("{}:/usr/bin:/bin", self.at("bin").display());
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", path)
            .env("TMPDIR", self.at("temp"))
            .env("XDG_CACHE_HOME", self.at("cache"))
            .env("STAND_IN", self.at("noted"))
            .env("SCENARIO", scenario)
            .args(["convert", source, destination, "--overwrite"])
            .args(more);
        for (option, value) in [("--soc", "Ascend310P3"), ("--toolkit", "latest")] {
            if !more.iter().any(|word| word.starts_with(option)) {
                command.args([option, value]);
            }
        }
        command
    }

    pub(super) fn convert(&self, scenario: &str, more: &[&str]) -> Output {
        self.command(scenario, more).output().unwrap()
    }

    #[track_caller]
    pub(super) fn converts(&self, scenario: &str, more: &[&str]) -> String {
        let output = self.convert(scenario, more);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(self.temporary(), 0, "nothing temporary is left");
        text(&output.stdout)
    }

    #[track_caller]
    pub(super) fn fails(&self, scenario: &str, more: &[&str], code: i32, parts: &[&str]) {
        let output = self.convert(scenario, more);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{scenario}: {message}");
        for part in parts {
            assert!(
                message.contains(part),
                "{scenario}: no {part:?} in {message}"
            );
        }
        let error = message
            .lines()
            .filter(|line| line.starts_with("error:"))
            .count();
        assert!(error == 1 && !message.contains("panicked"), "{message}");
        assert!(!self.at("net.om").exists(), "{scenario} leaves no model");
        assert_eq!(self.temporary(), 0, "{scenario}: nothing temporary is left");
    }

    pub(super) fn temporary(&self) -> usize {
        fs::read_dir(self.at("temp")).unwrap().count()
    }

    /// The processes of the stand-in that still run.
    pub(super) fn alive(&self) -> Vec<String> {
        let noted = self.noted("processes");
        let is_alive = |process: &&str| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            let is_ours = ["(sleep)", "(sh)", "(atc)"]
                .iter()
                .any(|name| stat.contains(name));
            is_ours && !stat.contains(") Z ")
        };
        noted.lines().filter(is_alive).map(str::to_owned).collect()
    }

    pub(super) fn waits(until: impl Fn() -> bool) {
        let start = Instant::now();
        while !until() {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "it takes too long"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

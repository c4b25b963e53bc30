//! A tree of files that stands for a machine.

use std::env::consts::ARCH;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use super::language::are_chinese;
use super::{command, path, text};

pub(super) const LATEST: &str = "/usr/local/Ascend/ascend-toolkit/latest";
pub(super) const DRIVER: &str = "/usr/local/Ascend/driver";
const DRIVER_VERSION: &str = "Version=24.1.rc3\nascendhal_version=7.35.23\n\
    Innerversion=V100R001C19SPC001B124\n\
    compatible_version=[V100R001C13],[V100R001C15],[V100R001C17],[V100R001C18],[V100R001C19]\n\
    compatible_version_fw=[7.0.0,7.5.99]\npackage_version=24.1.rc3\n";
const FIRMWARE_VERSION: &str = "Version=7.5.0.1.129\nfirmware_version=1.0\npackage_version=24.1.rc3\n\
    compatible_version_drv=[23.0.0,23.0.0.],[24.0,24.0.],[24.1,24.1.]\n";
const LIBRARIES: [&str; 6] = [
    "libge_compiler.so",
    "libfmk_onnx_parser.so",
    "libgraph.so",
    "libnnopbase.so",
    "libopapi.so",
    "libhccl.so",
];
const MODULES: [&str; 13] = [
    "numpy",
    "decorator",
    "sympy",
    "cffi",
    "attr",
    "psutil",
    "scipy",
    "google/protobuf",
    "absl",
    "cloudpickle",
    "tornado",
    "yaml",
    "pathlib2",
];

pub(super) struct Tree {
    folder: TempDir,
    environment: Vec<(String, String)>,
    user: Option<&'static str>,
}

/// What the program said.
pub(super) struct Answer {
    pub(super) code: i32,
    pub(super) json: Value,
}

impl Tree {
    /// Nothing at all.
    pub(super) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
            user: None,
        }
    }

    /// A host on which all is well: two NPUs, the driver, CANN 8.0.RC3, Python, and `set_env.sh` applied.
    pub(super) fn host() -> Self {
        let mut tree = Self::empty();
        tree.chips(2);
        tree.nodes(2);
        tree.driver();
        tree.write("/usr/local/Ascend/firmware/version.info", FIRMWARE_VERSION);
        tree.write("/etc/group", "root:x:0:\nHwHiAiUser:x:1000:\n");
        tree.write(
            "/etc/passwd",
            "root:x:0:0::/root:/bin/sh\nada:x:54321:54321::/home/ada:/bin/sh\n",
        );
        tree.toolkit("8.0.RC3", "V100R001C19SPC001B155");
        tree.link(LATEST, "8.0.RC3");
        tree.python();
        tree.set_env("8.0.RC3");
        tree
    }

    pub(super) fn at(&self, place: &str) -> PathBuf {
        self.folder.path().join(place.trim_start_matches('/'))
    }

    fn make_room(&self, place: &str) -> PathBuf {
        let place = self.at(place);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    }

    pub(super) fn write(&self, place: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.make_room(place), bytes).unwrap();
    }

    pub(super) fn link(&self, place: &str, target: &str) {
        symlink(target, self.make_room(place)).unwrap();
    }

    pub(super) fn remove(&self, place: &str) {
        let place = self.at(place);
        if fs::symlink_metadata(&place).unwrap().is_dir() {
            fs::remove_dir_all(place).unwrap();
        } else {
            fs::remove_file(place).unwrap();
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn clear_environment(&mut self) {
        self.environment.clear();
        self.set("HOME", "/root");
    }

    pub(super) fn user(&mut self, name: &'static str) {
        self.user = Some(name);
    }

    pub(super) fn chips(&self, count: u32) {
        for id in 0..count {
            let folder = format!("/sys/bus/pci/devices/0000:c{id}:00.0");
            self.write(&format!("{folder}/vendor"), "0x19e5\n");
            self.write(&format!("{folder}/device"), "0xd802\n");
            self.write(&format!("{folder}/class"), "0x120000\n");
        }
    }

    pub(super) fn nodes(&self, count: u32) {
        let devices = (0..count).map(|id| format!("davinci{id}"));
        let managers = ["davinci_manager", "devmm_svm", "hisi_hdc"].map(str::to_owned);
        for name in devices.chain(managers) {
            self.write(&format!("/dev/{name}"), "");
            self.mode(&format!("/dev/{name}"), 0o660);
        }
    }

    pub(super) fn mode(&self, place: &str, mode: u32) {
        fs::set_permissions(self.at(place), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The number of the group that the files here get.
    pub(super) fn group(&self) -> u32 {
        fs::metadata(self.at("/dev/davinci0")).unwrap().gid()
    }

    pub(super) fn driver(&self) {
        self.write(&format!("{DRIVER}/version.info"), DRIVER_VERSION);
        self.library(
            &format!("{DRIVER}/lib64/driver/libascend_hal.so"),
            ARCH,
            &["libc.so.6"],
        );
    }

    /// A toolkit beside the others.
    pub(super) fn toolkit(&self, version: &str, inner: &str) {
        self.toolkit_for(version, inner, ARCH);
    }

    pub(super) fn toolkit_for(&self, version: &str, inner: &str, architecture: &str) {
        let folder = format!("/usr/local/Ascend/ascend-toolkit/{version}");
        let info = format!(
            "package_name=Ascend-cann-toolkit\nversion={version}\ninnerversion={inner}\n\
             compatible_version=[V100R001C13,V100R001C19],[V100R001C30]\narch={architecture}\nos=linux\n"
        );
        self.write(
            &format!("{folder}/{architecture}-linux/ascend_toolkit_install.info"),
            info,
        );
        self.write(
            &format!("{folder}/opp/version.info"),
            format!("version_dir={version}\n"),
        );
        self.write(&format!("{folder}/bin/atc"), "");
        self.write("/usr/local/Ascend/ascend-toolkit/set_env.sh", "");
        for library in LIBRARIES {
            self.library(&format!("{folder}/lib64/{library}"), architecture, &[]);
        }
        self.library(
            &format!("{folder}/lib64/libascendcl.so"),
            architecture,
            &["libgraph.so", "libascend_hal.so", "libc.so.6"],
        );
        self.library(
            &format!("{folder}/devlib/libascendcl.so"),
            architecture,
            &[],
        );
    }

    pub(super) fn python(&self) {
        self.write("/usr/bin/python3.10", "");
        self.link("/usr/bin/python3", "python3.10");
        for module in MODULES {
            self.write(
                &format!("/usr/lib/python3/dist-packages/{module}/__init__.py"),
                "",
            );
        }
    }

    /// As the script of a toolkit would.
    pub(super) fn set_env(&mut self, version: &str) {
        let folder = format!("/usr/local/Ascend/ascend-toolkit/{version}");
        self.set("HOME", "/root");
        self.set("PATH", "/usr/local/bin:/usr/bin");
        self.set("ASCEND_TOOLKIT_HOME", &folder);
        self.set("ASCEND_OPP_PATH", &format!("{folder}/opp"));
        self.set(
            "LD_LIBRARY_PATH",
            &format!("{folder}/lib64:{DRIVER}/lib64/driver"),
        );
    }

    /// A library for a processor that needs others.
    pub(super) fn library(&self, place: &str, architecture: &str, needed: &[&str]) {
        self.write(place, elf(architecture, needed));
    }

    /// Its root and its environment, as `machine` and `environ` in a folder.
    pub(super) fn stands_in(&self, folder: &Path) {
        symlink(self.folder.path(), folder.join("machine")).unwrap();
        self.write_environment(&folder.join("environ"));
    }

    fn write_environment(&self, place: &Path) {
        let lines = self
            .environment
            .iter()
            .map(|(name, value)| format!("{name}={value}\0"));
        fs::write(place, lines.collect::<String>()).unwrap();
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        let environment = self.folder.path().with_extension("env");
        self.write_environment(&environment);
        let mut command = command("");
        command.args(["doctor", "--root", path(self.folder.path())]);
        if !self.environment.is_empty() {
            command.args(["--env", path(&environment)]);
        }
        command.args(self.user.map(|user| ["--user", user]).iter().flatten());
        let output = command.args(arguments).output().unwrap();
        fs::remove_file(environment).unwrap();
        output
    }

    #[track_caller]
    pub(super) fn answer(&self) -> Answer {
        let output = self.run(&["--json"]);
        let errors = text(&output.stderr);
        assert!(errors.is_empty(), "{errors}");
        let answer = Answer {
            code: output.status.code().unwrap(),
            json: serde_json::from_slice(&output.stdout).unwrap(),
        };
        self.answers_in_chinese(&answer);
        answer
    }

    /// Whatever is found, Chinese tells the same.
    #[track_caller]
    fn answers_in_chinese(&self, english: &Answer) {
        let output = self.run(&["--json", "--lang", "zh"]);
        assert_eq!(output.status.code(), Some(english.code));
        let chinese: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = chinese["findings"].as_array().unwrap();
        assert_eq!(findings.len(), english.findings().len());
        for (one, other) in findings.iter().zip(english.findings()) {
            are_chinese(one, &["what", "why"]);
            for key in ["check", "level", "where", "command", "is_assumed"] {
                assert_eq!(one[key], other[key]);
            }
        }
    }
}

impl Answer {
    pub(super) fn findings(&self) -> &[Value] {
        self.json["findings"].as_array().unwrap()
    }

    pub(super) fn has(&self, check: &str) -> bool {
        self.findings()
            .iter()
            .any(|finding| finding["check"] == check)
    }

    /// Asserts that a check tells this, with this command, and gives the finding.
    #[track_caller]
    pub(super) fn tells(&self, level: &str, check: &str, what: &str, command: &str) -> &Value {
        let mut findings = self.findings().iter();
        let finding = findings.find(|finding| {
            let is_told = finding["what"].as_str().unwrap().contains(what);
            finding["check"] == check && is_told
        });
        let Some(finding) = finding else {
            panic!("no {check} tells {what:?}: {:#}", self.json);
        };
        let how = finding["command"].as_str().unwrap_or_default();
        assert_eq!(finding["level"], level, "{finding:#}");
        assert!(how.contains(command), "{command:?} is not in {how:?}");
        if level != "ok" {
            assert!(!finding["why"].as_str().unwrap().is_empty(), "{finding:#}");
        }
        finding
    }

    /// Asserts that no other check has anything to say that is worse than a note.
    #[track_caller]
    pub(super) fn only(&self, checks: &[&str]) {
        for finding in self.findings() {
            let is_good = finding["level"] == "ok" || finding["level"] == "note";
            let is_known = checks.iter().any(|check| finding["check"] == *check);
            assert!(is_good || is_known, "{finding:#}");
        }
    }
}

/// The least that the linker takes for a library: one segment that is loaded, and the dynamic section.
fn elf(architecture: &str, needed: &[&str]) -> Vec<u8> {
    let machine: u16 = if architecture == "aarch64" { 183 } else { 62 };
    let (dynamic, entries) = (64 + 2 * 56, needed.len() + 2);
    let start = dynamic + entries * 16;
    let (mut strings, mut section) = (vec![0], Vec::new());
    for name in needed {
        section.extend([1, strings.len()]);
        strings.extend(name.bytes());
        strings.push(0);
    }
    section.extend([5, start, 0, 0]);
    let mut file = b"\x7fELF\x02\x01\x01".to_vec();
    file.resize(16, 0);
    file.extend([3, 0]);
    file.extend(machine.to_le_bytes());
    file.extend([1, 0, 0, 0]);
    let put = |file: &mut Vec<u8>, numbers: &[usize]| {
        for number in numbers {
            file.extend(u64::try_from(*number).unwrap().to_le_bytes());
        }
    };
    put(&mut file, &[0, 64, 0]);
    file.extend([0, 0, 0, 0, 64, 0, 56, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    let len = start + strings.len();
    for (kind, offset, size) in [(1_u8, 0, len), (2, dynamic, entries * 16)] {
        file.extend([kind, 0, 0, 0, 4, 0, 0, 0]);
        put(&mut file, &[offset, offset, offset, size, size, 8]);
    }
    put(&mut file, &section);
    file.extend(strings);
    file
}

//! `ascend doctor` on trees whose files are made to mislead it: commands stay ones that can be pasted.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::doctor_tree::{DRIVER, LATEST, Tree};
use super::{command, path};

#[test]
fn versions_and_groups_bring_no_commands() {
    let mut tree = Tree::host();
    tree.remove("/usr/local/Ascend/ascend-toolkit");
    tree.toolkit("8.0;touch${IFS}x", "V100R001C19");
    tree.write(
        "/etc/group",
        format!("g;touch y:x:{}:\nHwHiAiUser:x:4242:\n", tree.group()),
    );
    let driver = "Version=24.1.rc3\ncompatible_version_fw=[7.0.0,7.5;touch z]\n";
    tree.write(&format!("{DRIVER}/version.info"), driver);
    tree.write(
        "/usr/local/Ascend/firmware/version.info",
        "Version=7.7.0.1.231\n",
    );
    tree.user("ada");
    let answer = tree.answer();
    answer.tells("fault", "nodes-rights", "ada may not use", "usermod -aG ");
    answer.tells(
        "warning",
        "toolkit-version",
        "cannot be told",
        "_<version>_",
    );
    answer.tells("fault", "pair-firmware", "7.7.0.1.231", "<up to version>");
    let list = format!(
        "compatible_version_fw={}[7.0,7.5]\n",
        "[7.0],".repeat(50_000)
    );
    tree.write(
        &format!("{DRIVER}/version.info"),
        format!("Version=24.1.rc3\n{list}"),
    );
    let long = tree.answer();
    let finding = long.tells("fault", "pair-firmware", "7.7.0.1.231", "<up to 7.5>");
    assert!(finding["what"].as_str().unwrap().len() < 400);
    for finding in answer.findings() {
        let check = finding["check"].as_str().unwrap();
        if !["toolkit", "pair", "nodes"]
            .iter()
            .any(|part| check.starts_with(part))
        {
            continue;
        }
        let command = finding["command"].as_str().unwrap_or_default();
        let unquoted: String = command.split('\'').step_by(2).collect();
        assert!(!unquoted.contains("touch"), "{finding:#}");
    }
}

#[test]
fn many_folders_are_looked_at_in_part() {
    let tree = Tree::host();
    for number in 0..500 {
        let name = format!("/usr/local/Ascend/ascend-toolkit/0.{number:03}/lib64/libascendcl.so");
        tree.write(&name, "");
    }
    let answer = tree.answer();
    // those that sort last: the sound one among them
    answer.tells("ok", "toolkit", "CANN 8.0.RC3, with atc", "");
    answer.tells("note", "toolkit-several", "64 toolkits: 8.0.RC3 in", "");
}

#[test]
fn other_engines_are_no_npus() {
    let tree = Tree::empty();
    let folder = "/sys/bus/pci/devices/0000:75:00.0";
    tree.write(&format!("{folder}/vendor"), "0x19e5\n");
    tree.write(&format!("{folder}/class"), "0x120000\n");
    let long = format!("0xd802{}", "9".repeat(900 << 10));
    for device in ["0xa250\n", &long] {
        tree.write(&format!("{folder}/device"), device);
        let answer = tree.answer();
        answer.tells("note", "npu-absent", "there is no NPU", "");
        assert_eq!(answer.code, 15);
    }
    tree.write(&format!("{folder}/device"), "0xd9ff\n");
    let answer = tree.answer();
    let what = "1 NPU of an unknown family (19e5:d9ff)";
    let finding = answer.tells("ok", "chip", what, "");
    assert_eq!(finding["is_assumed"], true);
    // it may be no NPU, so that nobody can say for sure that its driver is missing
    let finding = answer.tells("fault", "driver-missing", "driver is not installed", "");
    assert_eq!(finding["is_assumed"], true);
    tree.write(&format!("{folder}/device"), "0xd802\n");
    let answer = tree.answer();
    let finding = answer.tells("fault", "driver-missing", "driver is not installed", "");
    assert_eq!(finding["is_assumed"], false);
}

#[test]
fn names_of_processes_and_nodes_are_short() {
    let tree = Tree::host();
    tree.write("/proc/12/comm", "n".repeat(100_000));
    tree.link("/proc/12/fd/5", "/dev/davinci1");
    tree.link("/proc/13/fd/5", "/dev/davinci+1");
    tree.write("/dev/davinci+5", "");
    let answer = tree.answer();
    let name = format!("1 process on davinci1: 12 ({})", "n".repeat(16));
    answer.tells("note", "processes", &name, "");
    answer.tells("ok", "nodes", "2 device nodes", "");
    assert!(!answer.json.to_string().contains("davinci+1"));
}

#[test]
fn a_stale_link_beside_a_sound_toolkit() {
    let mut tree = Tree::host();
    let link = "/usr/local/Ascend/nnrt/latest";
    tree.link(link, "7.0.0");
    let remove = format!("sudo rm {link}");
    let answer = tree.answer();
    answer.tells("warning", "toolkit-link", "leads to 7.0.0", &remove);
    assert_eq!(answer.code, 13);
    tree.set("PYTHONPATH", &format!("/opt:{link}/python"));
    let answer = tree.answer();
    answer.tells("fault", "toolkit-link", "leads to 7.0.0", &remove);
    assert_eq!(answer.code, 14);
    tree.remove(link);
    assert!(!tree.answer().has("toolkit-link"), "{LATEST} is sound");
}

/// What is said of Python on this machine, with a Python that is this script.
fn python_here(script: &str, is_given: bool) -> Value {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    for folder in ["bin", "cann/bin", "home"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    fs::write(at("cann/bin/atc"), "").unwrap();
    fs::write(at("bin/python3"), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(at("bin/python3"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(at("lib/python3.10")).unwrap();
    let variables = [
        ("PATH", at("bin")),
        ("HOME", at("home")),
        ("ASCEND_TOOLKIT_HOME", at("cann")),
    ];
    let mut command = command("");
    command.args(["doctor", "--json"]);
    command.envs(variables.iter().cloned());
    if is_given {
        let lines = variables.map(|(name, value)| format!("{name}={}\n", path(&value)));
        fs::write(at("environ"), lines.concat()).unwrap();
        command.arg("--env").arg(at("environ"));
    }
    let output = command.output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let is_of_python = |finding: &&Value| {
        let check = finding["check"].as_str().unwrap();
        check == "python" || check == "python-packages"
    };
    let finding = findings.iter().find(is_of_python);
    finding.unwrap_or_else(|| panic!("{json:#}"))["check"].clone()
}

#[test]
fn only_a_python_that_answers_is_believed() {
    assert_eq!(python_here("exit 0", false), "python");
    assert_eq!(python_here("echo pathlib2", false), "python-packages");
    assert_eq!(python_here("exit 1", false), "python-packages");
    // the Python of another environment is not asked
    assert_eq!(python_here("exit 0", true), "python-packages");
}

//! `ascend doctor` on trees of files, one for each complaint: the finding, and the command that it gives.

use std::env::consts::ARCH;
use std::fs;
use std::process::Command;

use super::doctor_tree::{DRIVER, LATEST, Tree};
use super::{command, fails, path, text};

#[test]
fn a_machine_on_which_all_is_well() {
    let answer = Tree::host().answer();
    answer.only(&[]);
    assert_eq!((answer.code, &answer.json["verdict"]), (0, &"ready".into()));
    answer.tells("ok", "chip", "2 NPUs of Ascend910B (19e5:d802)", "");
    answer.tells("ok", "nodes", "2 device nodes", "");
    answer.tells("ok", "driver", "driver 24.1.rc3", "");
    answer.tells("ok", "firmware", "7.5.0.1.129", "");
    answer.tells("ok", "toolkit", "CANN 8.0.RC3, with atc", "");
    answer.tells("ok", "pair-driver", "24.1.rc3 fits CANN 8.0.RC3", "");
    answer.tells(
        "ok",
        "pair-firmware",
        "7.5.0.1.129 fits driver 24.1.rc3",
        "",
    );
    answer.tells("ok", "set-env", "CANN 8.0.RC3", "");
    let library =
        "ascend loads /usr/local/Ascend/ascend-toolkit/8.0.RC3/lib64/libascendcl.so; and so do";
    answer.tells("ok", "library", library, "");
    answer.tells("ok", "python", "Python 3.10", "");
    answer.tells("ok", "processes", "no process", "");
}

#[test]
fn an_empty_folder_has_no_npu() {
    let tree = Tree::empty();
    let answer = tree.answer();
    answer.only(&[]);
    assert_eq!(
        (answer.code, &answer.json["verdict"]),
        (15, &"no_npu".into())
    );
    answer.tells(
        "note",
        "npu-absent",
        "the CPU device can be used",
        "ascend info --device mock",
    );
    let told = text(&tree.run(&[]).stdout);
    assert!(
        told.contains("note     npu-absent: there is no NPU"),
        "{told}"
    );
    assert!(
        told.ends_with("use the CPU device (--device mock)\n"),
        "{told}"
    );
    tree.write("/.dockerenv", "");
    let answer = tree.answer();
    let absent = answer.tells("note", "npu-absent", "no NPU", "ascend info");
    assert!(absent["why"].as_str().unwrap().contains("Docker container"));
    assert_eq!(
        (answer.code, &answer.json["container"]),
        (15, &"Docker".into())
    );
}

#[test]
fn this_machine_is_examined_politely() {
    let output = command("").arg("doctor").output().unwrap();
    let told = text(&output.stdout);
    assert!(matches!(output.status.code(), Some(0 | 13..=15)), "{told}");
    assert!(
        told.contains(" faults, ") || told.contains(" fault, "),
        "{told}"
    );
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn no_driver() {
    let tree = Tree::host();
    for gone in [DRIVER, "/dev", "/usr/local/Ascend/firmware"] {
        tree.remove(gone);
    }
    let answer = tree.answer();
    let command = format!(
        "sudo ./Ascend-hdk-910b-npu-driver_<version>_linux-{}.run --full",
        ARCH.replace('_', "-")
    );
    answer.tells(
        "fault",
        "driver-missing",
        "driver is not installed",
        &command,
    );
    let needed = answer.tells(
        "fault",
        "library-needed",
        "needs libascend_hal.so",
        &command,
    );
    assert!(
        needed["why"]
            .as_str()
            .unwrap()
            .contains("comes with the driver")
    );
    answer.only(&["driver-missing", "library-needed"]);
    assert_eq!(answer.code, 14);
}

/// A board has one node for two of the others.
#[test]
fn toolkit_missing() {
    let mut tree = Tree::host();
    tree.remove("/usr/local/Ascend/ascend-toolkit");
    tree.clear_environment();
    let answer = tree.answer();
    let command = format!("./Ascend-cann-toolkit_<version>_linux-{ARCH}.run --install");
    answer.tells("fault", "toolkit-missing", "no CANN is installed", &command);
    answer.only(&["toolkit-missing"]);
    tree.set("ASCEND_HOME_PATH", LATEST);
    let answer = tree.answer();
    answer.tells(
        "fault",
        "variable-place",
        "ASCEND_HOME_PATH names",
        "unset ASCEND_HOME_PATH",
    );
}

#[test]
fn set_env_not_applied() {
    let mut tree = Tree::host();
    tree.clear_environment();
    let answer = tree.answer();
    let command = "source /usr/local/Ascend/ascend-toolkit/set_env.sh";
    let finding = answer.tells(
        "warning",
        "set-env",
        "set_env.sh of CANN 8.0.RC3 is not applied",
        command,
    );
    let why = finding["why"].as_str().unwrap();
    for part in [
        "ASCEND_OPP_PATH (/usr/local/Ascend/ascend-toolkit/latest/opp)",
        "LD_LIBRARY_PATH (/usr/local/Ascend/ascend-toolkit/latest/lib64 and",
        "PYTHONPATH (",
    ] {
        assert!(why.contains(part), "{part} is not in {why}");
    }
    // the library is found, and not what it needs of the toolkit and of the driver
    answer.tells("fault", "library-needed", "needs libgraph.so", command);
    let export = format!(
        "export LD_LIBRARY_PATH={DRIVER}/lib64/driver${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
    );
    answer.tells("fault", "library-needed", "libascend_hal.so", &export);
    tree.write("/etc/ld.so.conf", format!("{DRIVER}/lib64/driver\n"));
    let answer = tree.answer();
    answer.only(&["set-env", "library-needed"]);
    // operators are found by one variable alone
    tree.set_env("8.0.RC3");
    tree.set("ASCEND_OPP_PATH", "/none");
    let answer = tree.answer();
    answer.tells(
        "fault",
        "variable-place",
        "ASCEND_OPP_PATH names /none",
        command,
    );
}

#[test]
fn an_unknown_environment_is_told() {
    let mut tree = Tree::host();
    tree.clear_environment();
    let output = command("")
        .args(["doctor", "--json", "--root", path(&tree.at("/"))])
        .output()
        .unwrap();
    let told = text(&output.stdout);
    assert!(
        told.contains("set-env-unknown") && told.contains("--env /proc/<PID>/environ"),
        "{told}"
    );
    let lines = tree.at("/lines");
    fs::write(&lines, "no variable\nHOME=/root\n").unwrap();
    let root = tree.at("/");
    let with = |env: &str| ["doctor", "--root", path(&root), "--env", env].map(str::to_owned);
    let refused = with(path(&lines));
    fails(
        &refused.each_ref().map(String::as_str),
        7,
        &["lines is no environment", "no variable"],
    );
    let refused = with("/nonexistent/environ");
    fails(
        &refused.each_ref().map(String::as_str),
        9,
        &["/nonexistent/environ"],
    );
    fails(
        &["doctor", "--root", "/nonexistent"],
        9,
        &["/nonexistent", "stands for /"],
    );
}

#[test]
fn an_environment_comes_out_of_a_pipe_too() {
    let tree = Tree::host();
    let shell = |script: &str| {
        let program = env!("CARGO_BIN_EXE_ascend");
        let script = format!(
            "{program} doctor --root {} {script}",
            tree.at("/").display()
        );
        let mut shell = Command::new("bash");
        let output = shell.args(["-c", &script]).env("LC_ALL", "C").output();
        output.unwrap()
    };
    // its program may be slow, and need not have begun
    let piped = shell("--env <(sleep 0.3; echo ASCEND_OPP_PATH=/none)");
    let told = text(&piped.stdout);
    assert!(told.contains("ASCEND_OPP_PATH names /none,"), "{told}");
    let pipe = tree.at("/pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let root = tree.at("/");
    let refuses = |env: &str, words: &str| {
        fails(
            &["doctor", "--root", path(&root), "--env", env],
            9,
            &[env, words],
        );
    };
    refuses(path(&pipe), "nothing came out of in 10 seconds; give");
    refuses("/dev/zero", "is a device or socket");
    refuses("/proc", "is a folder");
    // a file that would be waited for, to those who may read it
    if fs::File::open("/proc/kmsg").is_ok() {
        refuses("/proc/kmsg", "has no end that is known");
    }
    let huge = tree.at("/huge");
    let file = fs::File::create(&huge).unwrap();
    file.set_len(1 << 40).unwrap();
    refuses(path(&huge), "more than 4 MiB");
}

#[test]
fn nnal_has_a_script_of_its_own() {
    let mut tree = Tree::host();
    tree.write("/usr/local/Ascend/nnal/atb/set_env.sh", "");
    let answer = tree.answer();
    let command = "source /usr/local/Ascend/nnal/atb/set_env.sh";
    answer.tells("note", "nnal-environment", "its own set_env.sh", command);
    tree.set("ATB_HOME_PATH", "/usr/local/Ascend/nnal/atb/latest");
    assert!(!tree.answer().has("nnal-environment"));
}

#[test]
fn devices_that_are_not_there_are_asked_for() {
    let mut tree = Tree::host();
    for (value, what) in [
        ("0,2", "names 2, and the 2 devices are counted from 0"),
        ("1,0", "is not in order"),
        ("all", "is no list of numbers"),
    ] {
        tree.set("ASCEND_RT_VISIBLE_DEVICES", value);
        let answer = tree.answer();
        answer.tells(
            "fault",
            "visible-devices",
            what,
            "export ASCEND_RT_VISIBLE_DEVICES=0,1",
        );
        answer.only(&["visible-devices"]);
    }
    tree.set("ASCEND_RT_VISIBLE_DEVICES", "1");
    assert_eq!(tree.answer().code, 0);
}

//! `ascend doctor` on what is installed: versions, pairs, libraries, Python, and damaged files.

use std::env::consts::ARCH;
use std::fs;

use super::doctor_tree::{DRIVER, LATEST, Tree};

const TOOLKITS: &str = "/usr/local/Ascend/ascend-toolkit";

fn other() -> &'static str {
    if ARCH == "aarch64" {
        "x86_64"
    } else {
        "aarch64"
    }
}

#[test]
fn an_older_toolkit_is_first() {
    let mut tree = Tree::host();
    tree.toolkit("7.0.0", "V100R001C15SPC001B100");
    tree.set_env("7.0.0");
    let answer = tree.answer();
    let what = "programs get CANN 7.0.0, although CANN 8.0.RC3 is installed";
    let command = format!("source {TOOLKITS}/set_env.sh");
    answer.tells("warning", "toolkit-older-first", what, &command);
    answer.tells("note", "toolkit-several", "2 toolkits: 7.0.0 in", "");
    answer.tells("ok", "set-env", "CANN 7.0.0", "");
    answer.only(&["toolkit-older-first"]);
    assert_eq!(answer.code, 13);
    tree.set_env("8.0.RC3");
    let answer = tree.answer();
    assert!(!answer.has("toolkit-older-first"));
    assert_eq!(answer.code, 0);
}

#[test]
fn a_stub_is_first() {
    let mut tree = Tree::host();
    let libraries = format!("{TOOLKITS}/8.0.RC3");
    tree.set(
        "LD_LIBRARY_PATH",
        &format!("{libraries}/devlib:{libraries}/lib64:{DRIVER}/lib64/driver"),
    );
    let answer = tree.answer();
    let command = format!("export LD_LIBRARY_PATH={libraries}/lib64:{DRIVER}/lib64/driver");
    let what = format!("the stub {libraries}/devlib/libascendcl.so");
    answer.tells("fault", "library-stub", &what, &command);
    let loads = format!(
        "ascend loads {libraries}/lib64/libascendcl.so; programs that are linked to it load"
    );
    answer.tells("ok", "library", &loads, "");
    answer.only(&["library-stub"]);
    assert_eq!(answer.code, 14);
    tree.set(
        "LD_LIBRARY_PATH",
        &format!("{libraries}/lib64:{DRIVER}/lib64/driver"),
    );
    tree.write("/etc/ld.so.conf", format!("{libraries}/devlib\n"));
    assert!(
        !tree.answer().has("library-stub"),
        "it is behind the library"
    );
    tree.set("LD_LIBRARY_PATH", &format!("{DRIVER}/lib64/driver"));
    let answer = tree.answer();
    answer.tells("fault", "library-stub", &what, "sudo sed -i");
}

#[test]
fn a_driver_too_old_for_cann() {
    let tree = Tree::host();
    let version = |version: &str, inner: &str| {
        let text =
            format!("Version={version}\nInnerversion={inner}B220\ncompatible_version=[{inner}]\n");
        tree.write(&format!("{DRIVER}/version.info"), text);
    };
    // no list names the other
    version("23.0.rc1", "V100R001C10");
    let answer = tree.answer();
    let command = format!(
        "Ascend-hdk-910b-npu-driver_24.1.rc3_linux-{}.run --upgrade",
        ARCH.replace('_', "-")
    );
    let what = "driver 23.0.rc1 is too old for CANN 8.0.RC3";
    answer.tells("fault", "pair-driver", what, &command);
    answer.only(&["pair-driver"]);
    // older than its own, and named by the toolkit
    version("23.0.3", "V100R001C15");
    tree.answer()
        .tells("ok", "pair-driver", "driver 23.0.3 fits", "");
    // the table alone
    tree.write(&format!("{DRIVER}/version.info"), "Version=24.1.rc1\n");
    let answer = tree.answer();
    answer.tells(
        "warning",
        "pair-driver",
        "24.1.rc1 is older than 24.1.RC3",
        &command,
    );
    tree.write(&format!("{DRIVER}/version.info"), "Version=25.0.rc1.1\n");
    tree.answer()
        .tells("ok", "pair-driver", "25.0.rc1.1 fits", "");
    // too new: nobody names the other
    version("26.0.rc1", "V100R001C40");
    let command = "Ascend-cann-toolkit_9.0.0_linux";
    tree.answer()
        .tells("warning", "pair-driver", "do not name each other", command);
}

#[test]
fn the_oldest_driver_of_a_release_is_in_the_table() {
    let mut tree = Tree::host();
    tree.toolkit("8.5.0", "V100R001C25SPC001B100");
    tree.set_env("8.5.0");
    let answer = tree.answer();
    let what = "driver 24.1.rc3 is too old for CANN 8.5.0";
    let finding = answer.tells("fault", "pair-driver", what, "npu-driver_25.5.0_linux");
    assert!(
        finding["why"]
            .as_str()
            .unwrap()
            .contains("from 25.0.RC1 on")
    );
    assert_eq!(finding["is_assumed"], false);
}

#[test]
fn a_firmware_that_the_driver_does_not_list() {
    let tree = Tree::host();
    tree.write(
        "/usr/local/Ascend/firmware/version.info",
        "Version=7.7.0.1.231\n",
    );
    let answer = tree.answer();
    let what = "firmware 7.7.0.1.231 is none that driver 24.1.rc3 lists: [7.0.0,7.5.99]";
    let command = "npu-firmware_<up to 7.5.99>.run --full";
    let finding = answer.tells("fault", "pair-firmware", what, command);
    assert_eq!(finding["is_assumed"], true);
    answer.only(&["pair-firmware"]);
    tree.remove("/usr/local/Ascend/firmware");
    tree.answer().tells(
        "note",
        "firmware-missing",
        "no trace",
        "npu-smi info -t board -i 0",
    );
}

#[test]
fn a_sibling_is_missing() {
    let tree = Tree::host();
    let libraries = format!("{TOOLKITS}/8.0.RC3/lib64");
    tree.remove(&format!("{libraries}/libgraph.so"));
    tree.remove(&format!("{libraries}/libhccl.so"));
    let answer = tree.answer();
    let command = format!("Ascend-cann-toolkit_<version>_linux-{ARCH}.run --install");
    answer.tells(
        "fault",
        "library-needed",
        "libascendcl.so needs libgraph.so",
        &command,
    );
    answer.tells(
        "warning",
        "toolkit-libraries",
        "CANN 8.0.RC3 lacks libgraph.so and libhccl.so",
        "_8.0.RC3_",
    );
    tree.library(
        &format!("{TOOLKITS}/8.0.RC3/lib64/plugin/opskernel/libgraph.so"),
        ARCH,
        &[],
    );
    let answer = tree.answer();
    let command = format!(
        "export LD_LIBRARY_PATH={libraries}/plugin/opskernel${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
    );
    answer.tells("fault", "library-needed", "libgraph.so", &command);
    tree.remove(&format!("{libraries}/libascendcl.so"));
    tree.answer().tells(
        "fault",
        "library-missing",
        "no folder has libascendcl.so",
        "--install",
    );
}

#[test]
fn a_library_for_another_processor() {
    let mut tree = Tree::host();
    let library = format!("{TOOLKITS}/8.0.RC3/lib64/libascendcl.so");
    tree.library(&library, other(), &[]);
    let answer = tree.answer();
    let what = format!("{library} is for {}, and this machine is {ARCH}", other());
    let command = format!("_linux-{ARCH}.run --install");
    answer.tells("fault", "library-architecture", &what, &command);
    answer.only(&["library-architecture"]);
    // the whole toolkit
    tree.remove(TOOLKITS);
    tree.toolkit_for("8.0.RC3", "V100R001C19", other());
    tree.set_env("8.0.RC3");
    let answer = tree.answer();
    answer.tells(
        "fault",
        "toolkit-architecture",
        &format!("CANN 8.0.RC3 is for {}", other()),
        &command,
    );
    // it is right in a tree of that processor
    tree.library("/bin/sh", other(), &[]);
    let answer = tree.answer();
    assert!(!answer.has("toolkit-architecture"));
    assert_eq!(answer.json["architecture"], other());
}

#[test]
fn python_packages_are_missing() {
    let mut tree = Tree::host();
    tree.remove("/usr/lib/python3/dist-packages/decorator");
    tree.remove("/usr/lib/python3/dist-packages/numpy");
    tree.remove("/usr/lib/python3/dist-packages/google");
    let answer = tree.answer();
    let command = "python3 -m pip install 'numpy<2' decorator protobuf";
    answer.tells(
        "warning",
        "python-packages",
        "lacks numpy, decorator and protobuf",
        command,
    );
    answer.only(&["python-packages"]);
    // where a user has them
    tree.set("HOME", "/home/ada");
    tree.write(
        "/home/ada/.local/lib/python3.10/site-packages/decorator.py",
        "",
    );
    tree.write("/opt/packages/google/protobuf/__init__.py", "");
    tree.write("/opt/packages/numpy/__init__.py", "");
    tree.set("PYTHONPATH", "/opt/packages");
    tree.answer().tells("ok", "python", "has the packages", "");
    tree.remove("/usr/bin/python3");
    tree.write("/usr/bin/python3.13", "");
    tree.link("/usr/bin/python3", "python3.13");
    let answer = tree.answer();
    answer.tells(
        "warning",
        "python-version",
        "python3 is 3.13",
        "conda create -n cann python=3.11",
    );
    tree.remove("/usr/bin/python3");
    let answer = tree.answer();
    answer.tells(
        "warning",
        "python-missing",
        "no python3 in PATH",
        "apt-get install python3",
    );
    tree.write("/etc/os-release", "NAME=\"openEuler\"\nID=\"openEuler\"\n");
    let answer = tree.answer();
    let command = "sudo dnf install python3 python3-pip";
    answer.tells("warning", "python-missing", "no python3", command);
    // without atc nobody asks for Python
    tree.remove(&format!("{TOOLKITS}/8.0.RC3/bin/atc"));
    assert!(!tree.answer().has("python-missing"));
}

#[test]
fn a_link_leads_nowhere() {
    let mut tree = Tree::host();
    tree.remove(LATEST);
    tree.link(LATEST, "7.0.0");
    let answer = tree.answer();
    let what = format!("the link {LATEST} leads to 7.0.0, which is not there");
    let command = format!("sudo ln -sfn 8.0.RC3 {LATEST}");
    answer.tells("warning", "toolkit-link", &what, &command);
    answer.only(&["toolkit-link"]);
    tree.set("ASCEND_HOME_PATH", LATEST);
    let answer = tree.answer();
    answer.tells("fault", "toolkit-link", &what, &command);
    answer.only(&["toolkit-link", "variable-place"]);
    tree.set_env("8.0.RC3");
    tree.set("ASCEND_HOME_PATH", &format!("{TOOLKITS}/8.0.RC3"));
    let library = format!("{TOOLKITS}/8.0.RC3/lib64/libascendcl.so");
    tree.remove(&library);
    tree.link(&library, "libascendcl.so.1");
    assert!(tree.answer().has("library-missing"));
    tree.remove(TOOLKITS);
    tree.link(LATEST, "/usr/local/Ascend/ascend-toolkit/latest");
    tree.clear_environment();
    let answer = tree.answer();
    answer.tells(
        "fault",
        "toolkit-link",
        "leads to",
        "./Ascend-cann-toolkit_<version>",
    );
    answer.tells("fault", "toolkit-missing", "no CANN", "--install");
}

#[test]
fn version_files_are_damaged() {
    let info = format!("{TOOLKITS}/8.0.RC3/{ARCH}-linux/ascend_toolkit_install.info");
    let parts = format!("{TOOLKITS}/8.0.RC3/opp/version.info");
    let driver = format!("{DRIVER}/version.info");
    let broken: [(&[u8], &str); 4] = [
        (b"\x00\xff\xfe version=1", "is no text"),
        (&vec![b'v'; 3 << 20], "has more than 1024 KiB"),
        (b"nothing of use\n", "names no version"),
        (b"Version=\n", "names no version"),
    ];
    for (bytes, why) in broken {
        let tree = Tree::host();
        tree.write(&driver, bytes);
        let answer = tree.answer();
        let what = format!("the driver's version cannot be told: {driver} {why}");
        answer.tells("warning", "driver-version", &what, "npu-driver_<version>");
        answer.only(&["driver-version"]);
        assert!(!answer.has("pair-driver"));
    }
    let tree = Tree::host();
    tree.write(&info, [0; 100]);
    let answer = tree.answer();
    answer.tells(
        "warning",
        "toolkit-version",
        "version files of CANN 8.0.RC3 are damaged",
        "_8.0.RC3_",
    );
    tree.write(&parts, "version = \n");
    let answer = tree.answer();
    answer.tells(
        "warning",
        "toolkit-version",
        "cannot be told: ",
        "_<version>_",
    );
    fs::remove_file(tree.at(&info)).unwrap();
    fs::create_dir(tree.at(&info)).unwrap();
    tree.answer()
        .tells("warning", "toolkit-version", "is no file", "--install");
    tree.remove(&driver);
    tree.answer()
        .tells("warning", "driver-version", "is not there", "npu-driver");
}

#[test]
fn a_library_is_damaged() {
    let tree = Tree::host();
    let library = format!("{TOOLKITS}/8.0.RC3/lib64/libascendcl.so");
    for (bytes, why) in [(&b"a text"[..], "is no library"), (b"", "is no library")] {
        tree.write(&library, bytes);
        let answer = tree.answer();
        answer.tells(
            "fault",
            "library-damaged",
            &format!("{library} {why}"),
            "--install",
        );
        answer.only(&["library-damaged"]);
    }
}

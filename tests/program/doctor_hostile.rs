//! `ascend doctor` on trees and environments that are made to harm whoever examines them.

use std::env::consts::ARCH;
use std::fs;
use std::process::Command;

use super::doctor_tree::{DRIVER, Tree};
use super::{command, path, text};

const TOOLKITS: &str = "/usr/local/Ascend/ascend-toolkit";

#[test]
fn a_bundle_stays_where_it_belongs() {
    let mut tree = Tree::host();
    let place = tempfile::tempdir().unwrap();
    let (folder, archive) = (place.path().join("a/b/c"), place.path().join("bundle.tar"));
    tree.write("/evil/version.cfg", "version=6.6.6\n");
    tree.set("ASCEND_TOOLKIT_HOME", "/../../../evil");
    fs::create_dir(place.path().join("a")).unwrap();
    fs::create_dir(place.path().join("a/b")).unwrap();
    for target in [&folder, &archive] {
        tree.run(&["--bundle", path(target)]);
    }
    let written = fs::read_to_string(folder.join("files/evil/version.cfg")).unwrap();
    assert_eq!(written, "version=6.6.6\n");
    for outside in ["evil", "a/evil", "a/b/evil", "a/b/c/evil"] {
        assert!(!place.path().join(outside).exists(), "{outside}");
    }
    let contents = fs::read_to_string(folder.join("CONTENTS.txt")).unwrap();
    assert!(!contents.contains(".."), "{contents}");
    let members = Command::new("tar").arg("-tf").arg(archive).output();
    let Ok(members) = members else {
        println!("skipped: there is no tar");
        return;
    };
    let members = text(&members.stdout);
    assert!(
        members.contains("files/evil/version.cfg") && !members.contains(".."),
        "{members}"
    );
}

#[test]
fn a_text_that_many_links_lead_to_is_told_once() {
    let tree = Tree::host();
    tree.write("/opt/long", "/home/ada/lib 10.1.2.3\n".repeat(1000));
    for number in 0..400 {
        tree.link(
            &format!("/etc/ld.so.conf.d/{number:03}.conf"),
            "../../opt/long",
        );
    }
    for number in 0..5000 {
        tree.write(&format!("/dev/davinci{number}"), "");
    }
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("bundle");
    tree.run(&["--bundle", path(&folder)]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let contents = read("CONTENTS.txt");
    assert_eq!(contents.matches("files/opt/long").count(), 1, "{contents}");
    assert!(!contents.contains("ld.so.conf.d"), "{contents}");
    assert_eq!(
        read("files/opt/long"),
        "/home/user-1/lib ip-1\n".repeat(1000)
    );
    assert_eq!(read("folders.txt").lines().count(), 4096);
}

#[test]
fn no_link_leads_to_the_files_of_the_kernel() {
    let tree = Tree::host();
    tree.write("/proc/kmsg", "version=6.6.6\n");
    tree.link("/opt/kmsg", "/proc/kmsg");
    tree.remove(&format!("{TOOLKITS}/8.0.RC3/lib64/libgraph.so"));
    tree.link(
        &format!("{TOOLKITS}/8.0.RC3/lib64/libgraph.so"),
        "/proc/kmsg",
    );
    tree.answer().tells(
        "fault",
        "library-damaged",
        "libgraph.so leads to /proc/kmsg, a file of the kernel",
        "",
    );
}

#[test]
fn secrets_are_told_nowhere() {
    let mut tree = Tree::host();
    tree.set("ASCEND_AUTH", "s3cr3t");
    tree.write(
        &format!("{TOOLKITS}/set_env.sh"),
        "export ASCEND_TOKEN=s3cr3t\nexport ASCEND_OPP_PATH=/opp\n",
    );
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("bundle");
    tree.run(&["--bundle", path(&folder)]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(
        read(&format!("files{TOOLKITS}/set_env.sh")),
        "export ASCEND_TOKEN=(cut)\nexport ASCEND_OPP_PATH=/opp\n"
    );
    let environment = read("environment.txt");
    assert!(!environment.contains("s3cr3t"), "{environment}");
    // on this machine the script is asked what it sets
    let output = command("")
        .arg("doctor")
        .env(
            "ASCEND_TOOLKIT_HOME",
            tree.at(&format!("{TOOLKITS}/8.0.RC3")),
        )
        .env_remove("ASCEND_OPP_PATH")
        .output()
        .unwrap();
    let told = text(&output.stdout);
    assert!(
        told.contains("it would set ASCEND_OPP_PATH (/opp)") && !told.contains("s3cr3t"),
        "{told}"
    );
}

#[test]
fn a_secret_of_several_lines_is_told_nowhere() {
    let tree = Tree::host();
    tree.write(
        &format!("{TOOLKITS}/set_env.sh"),
        "export ASCEND_KEY=\"-----BEGIN\ns3cr3t\n-----END\"\nexport ASCEND_OPP_PATH=/opp\n",
    );
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("bundle");
    tree.run(&["--bundle", path(&folder)]);
    assert_eq!(
        fs::read_to_string(folder.join(format!("files{TOOLKITS}/set_env.sh"))).unwrap(),
        "export ASCEND_KEY=(cut)\n(cut)\n(cut)\nexport ASCEND_OPP_PATH=/opp\n"
    );
}

#[test]
fn names_behind_escapes_are_replaced_too() {
    let mut tree = Tree::host();
    tree.write("/etc/hostname", "npu07\n");
    tree.set("ASCEND_OPP_PATH", "/none\n10.1.2.3\tNPU07\nada/x");
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("bundle");
    tree.run(&["--bundle", path(&folder)]);
    for name in ["report.txt", "report.json"] {
        let report = fs::read_to_string(folder.join(name)).unwrap();
        assert!(
            report.contains(r"/none\nip-1\thost-1\nuser-1/x"),
            "{report}"
        );
        for private in ["10.1.2.3", "NPU07", "nada/"] {
            assert!(!report.contains(private), "{private}: {report}");
        }
    }
}

#[test]
fn an_exported_function_belongs_to_an_environment() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("env");
    fs::write(
        &file,
        "HOME=/root\nBASH_FUNC_go%%=() {  local a=1;\n echo $a\n}\nASCEND_OPP_PATH=/none\n",
    )
    .unwrap();
    let run = || {
        let mut command = command("");
        command.args(["doctor", "--json", "--env", path(&file), "--root"]);
        command.arg(place.path()).output().unwrap()
    };
    let told = run();
    assert!(told.stderr.is_empty(), "{}", text(&told.stderr));
    assert!(
        text(&told.stdout).contains("ASCEND_OPP_PATH names /none,"),
        "{}",
        text(&told.stdout)
    );
    fs::write(&file, "  no variable\nHOME=/root\n").unwrap();
    let told = run();
    assert_eq!(told.status.code(), Some(7), "{}", text(&told.stderr));
}

#[test]
fn a_command_has_nothing_that_a_shell_or_sed_would_act_on() {
    let mut tree = Tree::host();
    tree.set("LD_LIBRARY_PATH", &format!("{DRIVER}/lib64/driver"));
    let folder = "/opt/it's#d;e id/devlib";
    tree.library(&format!("{folder}/libascendcl.so"), ARCH, &[]);
    tree.write("/etc/ld.so.conf", format!("{folder}\n"));
    let answer = tree.answer();
    // '#' begins a comment there
    assert!(!answer.has("library-stub"));
    let folder = "/opt/it's;e id/devlib";
    tree.library(&format!("{folder}/libascendcl.so"), ARCH, &[]);
    tree.write("/etc/ld.so.conf", format!("{folder}\n"));
    let answer = tree.answer();
    let stub = answer.tells("fault", "library-stub", folder, "");
    assert!(stub["command"].is_null(), "{stub}");
}

#[test]
fn a_stub_is_added_behind_the_library() {
    let mut tree = Tree::empty();
    tree.toolkit("8.0.RC3", "V100R001C19SPC001B155");
    tree.python();
    tree.set_env("8.0.RC3");
    let devlib = format!("{TOOLKITS}/8.0.RC3/{ARCH}-linux/devlib");
    tree.library(&format!("{devlib}/libascend_hal.so"), ARCH, &[]);
    let answer = tree.answer();
    let command = format!("export LD_LIBRARY_PATH=${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}{devlib}");
    answer.tells("note", "library-needed", "libascend_hal.so", &command);
    let before = format!("{TOOLKITS}/8.0.RC3/lib64");
    tree.set("LD_LIBRARY_PATH", &format!("{before}:{devlib}"));
    let answer = tree.answer();
    assert!(!answer.has("library-needed") && !answer.has("library-stub"));
}
